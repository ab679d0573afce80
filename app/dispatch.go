package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"sort"
	"time"
)

// CallLimit is how long a call of a bound method may take before the caller is
// told CodeTimeout. The method itself runs on: what takes longer answers a job's
// id at once and reports by event.
const CallLimit = 8 * time.Second

// Dispatcher calls the exported methods of a list of structs by name, with JSON
// in and JSON out. The same list is bound to the window, so the browser, the
// socket and the command line reach exactly what the window reaches.
type Dispatcher struct {
	methods map[string]method
	limit   time.Duration
}

// method is one callable: at most one struct as argument, at most one value
// before the error.
type method struct {
	call  reflect.Value
	in    reflect.Type // nil: no argument
	value bool         // a value comes before the error
}

var errorType = reflect.TypeFor[error]()

// NewDispatcher reads the exported methods of bound, a list of pointers to
// structs, one a screen. A method that takes anything but zero or one struct, or
// whose last result is not an error, is refused: the window would call it
// differently from the socket.
func NewDispatcher(bound []any) (*Dispatcher, error) {
	d := &Dispatcher{methods: map[string]method{}, limit: CallLimit}
	for _, b := range bound {
		v := reflect.ValueOf(b)
		if v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != reflect.Struct {
			return nil, fmt.Errorf("bind %T: not a pointer to a struct", b)
		}
		screen := v.Elem().Type().Name()
		for i := range v.NumMethod() {
			name := screen + "." + v.Type().Method(i).Name
			m, err := shapeOf(v.Method(i))
			if err != nil {
				return nil, fmt.Errorf("bind %s: %w", name, err)
			}
			if _, twice := d.methods[name]; twice {
				return nil, fmt.Errorf("bind %s: bound twice", name)
			}
			d.methods[name] = m
		}
	}
	return d, nil
}

// shapeOf checks the signature of one bound method.
func shapeOf(fn reflect.Value) (method, error) {
	t := fn.Type()
	m := method{call: fn}
	switch {
	case t.IsVariadic():
		return m, errors.New("takes any number of arguments")
	case t.NumIn() > 1:
		return m, errors.New("takes more than one argument")
	case t.NumIn() == 1 && t.In(0).Kind() != reflect.Struct:
		return m, fmt.Errorf("its argument is a %s, not a struct", t.In(0))
	case t.NumOut() == 0 || t.NumOut() > 2 || t.Out(t.NumOut()-1) != errorType:
		return m, errors.New("does not answer an error, or a value and an error")
	}
	if t.NumIn() == 1 {
		m.in = t.In(0)
	}
	m.value = t.NumOut() == 2
	return m, nil
}

// Names lists every callable method as "Rooms.Send", sorted.
func (d *Dispatcher) Names() []string {
	names := make([]string, 0, len(d.methods))
	for n := range d.methods {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

// Call runs one bound method, named "Rooms.Send". Empty, null and {} all mean
// the zero argument. The error, if any, is always a *Failure. After CallLimit,
// or when ctx ends, the caller gets CodeTimeout while the method runs on:
// a write carries an id made by its caller and may be repeated.
func (d *Dispatcher) Call(ctx context.Context, name string, raw json.RawMessage) (json.RawMessage, error) {
	m, ok := d.methods[name]
	if !ok {
		return nil, Fail(CodeNoMethod, "This copy of Trestle cannot do that.")
	}
	var args []reflect.Value
	if m.in != nil {
		in := reflect.New(m.in)
		if raw = bytes.TrimSpace(raw); len(raw) > 0 {
			if err := json.Unmarshal(raw, in.Interface()); err != nil {
				return nil, badInput(err)
			}
		}
		args = []reflect.Value{in.Elem()}
	}

	ctx, cancel := context.WithTimeout(ctx, d.limit)
	defer cancel()
	type answer struct {
		value json.RawMessage
		err   *Failure
	}
	done := make(chan answer, 1)
	go func() {
		v, err := m.run(args)
		done <- answer{v, err}
	}()
	select {
	case a := <-done:
		if a.err != nil {
			return nil, a.err
		}
		return a.value, nil
	case <-ctx.Done():
		return nil, AsFailure(context.DeadlineExceeded)
	}
}

// run calls the method, catches what guard did not, and marshals the value.
func (m method) run(args []reflect.Value) (value json.RawMessage, failure *Failure) {
	defer func() {
		if cause := recover(); cause != nil {
			value, failure = nil, panicked(cause)
		}
	}()
	out := m.call.Call(args)
	if err, _ := out[len(out)-1].Interface().(error); err != nil {
		return nil, AsFailure(err)
	}
	if !m.value {
		return json.RawMessage("null"), nil
	}
	value, err := json.Marshal(out[0].Interface())
	if err != nil {
		return nil, incident("answer does not marshal", err)
	}
	return value, nil
}

// badInput names the field that does not fit, and no part of its value.
func badInput(err error) *Failure {
	f := Fail(CodeBadInput, "The argument of this call is not what it takes.")
	var te *json.UnmarshalTypeError
	if errors.As(err, &te) {
		f.Field = te.Field
	}
	return f
}
