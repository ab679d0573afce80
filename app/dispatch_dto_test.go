package app

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"sort"
	"strings"
	"testing"
	"time"

	"trestle/internal/workroom"
)

var jsName = regexp.MustCompile(`^[a-z][A-Za-z0-9]*$`)

// dtoFaults walks every type that the methods of a list take or answer, and
// names what a page could not read: times, bytes, floats of ours, anything of no
// fixed shape, fields without a JavaScript name, two packages of one name.
func dtoFaults(bound []any) []string {
	w := &dtoWalk{seen: map[reflect.Type]bool{}, packages: map[string]string{}}
	for _, b := range bound {
		v := reflect.TypeOf(b)
		for m := range v.Methods() {
			at := v.Elem().Name() + "." + m.Name
			for j := 1; j < m.Type.NumIn(); j++ {
				w.check(at+" takes", m.Type.In(j))
			}
			for out := range m.Type.Outs() {
				if out != errorType {
					w.check(at+" answers", out)
				}
			}
		}
	}
	sort.Strings(w.faults)
	return w.faults
}

type dtoWalk struct {
	seen     map[reflect.Type]bool
	packages map[string]string // last part of the import path → the path
	faults   []string
}

func (w *dtoWalk) fault(at, format string, args ...any) {
	w.faults = append(w.faults, at+": "+fmt.Sprintf(format, args...))
}

func (w *dtoWalk) check(at string, t reflect.Type) {
	if p := t.PkgPath(); p != "" {
		last := p[strings.LastIndexByte(p, '/')+1:]
		if before, ok := w.packages[last]; ok && before != p {
			w.fault(at, "packages %s and %s have one name", before, p)
		}
		w.packages[last] = p
	}
	if t == reflect.TypeFor[time.Time]() || t == reflect.TypeFor[time.Duration]() {
		w.fault(at, "a %s; say milliseconds as int64", t)
		return
	}
	switch t.Kind() {
	case reflect.Bool, reflect.String, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
	case reflect.Float64:
		if t.PkgPath() == "" && strings.Contains(at, " app.") {
			w.fault(at, "a float: nothing that was divided leaves as a number")
		}
	case reflect.Pointer:
		w.check(at, t.Elem())
	case reflect.Slice, reflect.Array:
		if t.Elem().Kind() == reflect.Uint8 {
			w.fault(at, "bytes; they travel as files")
			return
		}
		w.check(at, t.Elem())
	case reflect.Map:
		if t.Key().Kind() != reflect.String {
			w.fault(at, "a map with keys of %s", t.Key())
		}
		w.check(at, t.Elem())
	case reflect.Struct:
		w.fields(at, t)
	default:
		w.fault(at, "a %s", t)
	}
}

func (w *dtoWalk) fields(at string, t reflect.Type) {
	if w.seen[t] {
		return
	}
	w.seen[t] = true
	names := map[string]bool{}
	for f := range t.Fields() {
		here := fmt.Sprintf("%s %s.%s", at, t, f.Name)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous:
			w.fault(here, "embedded")
		case !f.IsExported():
			w.fault(here, "not exported")
		case !jsName.MatchString(name):
			w.fault(here, "its name in JavaScript is %q", name)
		case names[name]:
			w.fault(here, "a second field %q", name)
		}
		names[name] = true
		w.check(here, f.Type)
	}
}

// nullLists answers the places in a JSON answer where the Go type has a list or
// a map but the value is null.
func nullLists(v reflect.Value, at string) []string {
	var out []string
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			out = nullLists(v.Elem(), at)
		}
	case reflect.Map:
		if v.IsNil() {
			return []string{at}
		}
		for it := v.MapRange(); it.Next(); {
			out = append(out, nullLists(it.Value(), at+"[]")...)
		}
	case reflect.Slice:
		if v.IsNil() {
			return []string{at}
		}
		for i := range v.Len() {
			out = append(out, nullLists(v.Index(i), at+"[]")...)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if !strings.Contains(f.Tag.Get("json"), "omitempty") {
				out = append(out, nullLists(v.Field(i), at+"."+f.Name)...)
			}
		}
	}
	return out
}

// callFaults dispatches every method of a list with {} and null, and names each
// that answers neither a value nor a typed error, or a null for a list.
func callFaults(t *testing.T, bound []any, skip map[string]bool) []string {
	t.Helper()
	d, err := NewDispatcher(bound)
	if err != nil {
		return []string{err.Error()}
	}
	var faults []string
	for _, name := range d.Names() {
		if skip[name] {
			continue
		}
		for _, in := range []string{`{}`, `null`} {
			value, err := d.Call(t.Context(), name, json.RawMessage(in))
			if err != nil {
				if f := AsFailure(err); f.Code == CodeInternal || f.Code == "" || f.Message == "" {
					faults = append(faults, fmt.Sprintf("%s(%s): %v", name, in, err))
				}
				continue
			}
			m := d.methods[name]
			if !m.value {
				continue
			}
			out := reflect.New(m.call.Type().Out(0))
			if err := json.NewDecoder(bytes.NewReader(value)).Decode(out.Interface()); err != nil {
				faults = append(faults, fmt.Sprintf("%s(%s): %v", name, in, err))
				continue
			}
			for _, at := range nullLists(out.Elem(), name) {
				faults = append(faults, at+" is null")
			}
		}
	}
	return faults
}

// faulty breaks every rule once.
type faulty struct{}

type faultyOut struct {
	At      time.Time      `json:"at"`
	For     time.Duration  `json:"for"`
	Bytes   []byte         `json:"bytes"`
	Share   float64        `json:"share"`
	Any     any            `json:"any"`
	Fn      func()         `json:"fn"`
	Ch      chan int       `json:"ch"`
	Keys    map[int]string `json:"keys"`
	Big     uint64         `json:"big"`
	NoTag   string
	Upper   string          `json:"Upper"`
	Twice   string          `json:"twice"`
	Raw     json.RawMessage `json:"raw"`
	hidden  string
	ProbeIn `json:"embedded"`
	Fine    *ProbeOut         `json:"fine"`
	Code    workroom.Code     `json:"code"`
	Lists   map[string][]bool `json:"lists"`
}

func (*faulty) Get() (faultyOut, error) { return faultyOut{hidden: "x"}, nil }

func TestFaultyTypesAreNamed(t *testing.T) {
	faults := strings.Join(dtoFaults([]any{&faulty{}}), "\n")
	for _, field := range []string{"At", "For", "Bytes", "Share", "Any", "Fn", "Ch", "Keys", "Big", "NoTag", "Upper", "Raw", "hidden", "ProbeIn"} {
		if !strings.Contains(faults, "app.faultyOut."+field+": ") {
			t.Errorf("%s was let through", field)
		}
	}
	for _, field := range []string{"Fine", "Code", "Lists", "Twice"} {
		if strings.Contains(faults, "app.faultyOut."+field+":") {
			t.Errorf("%s was refused", field)
		}
	}
	if t.Failed() {
		t.Log(faults)
	}
	if f := dtoFaults([]any{&Probe{}}); len(f) != 1 || !strings.Contains(f[0], "ProbeNumber.N") {
		t.Errorf("faults %q", f)
	}
}

// nulls answers null where a list belongs.
type nulls struct{}

func (*nulls) Get() (ProbeOut, error)    { return ProbeOut{}, nil }
func (*nulls) Plain() (ProbeOut, error)  { return ProbeOut{List: []string{}}, nil }
func (*nulls) Broken() (ProbeOut, error) { return ProbeOut{}, fmt.Errorf("broken") }

func TestNullListsAndUntypedErrorsAreNamed(t *testing.T) {
	heard(t)
	faults := callFaults(t, []any{&nulls{}}, nil)
	all := strings.Join(faults, "\n")
	if len(faults) != 4 || !strings.Contains(all, "nulls.Get.List is null") || !strings.Contains(all, "nulls.Broken") {
		t.Errorf("faults %q", faults)
	}
}
