package app

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"sort"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write frontend/src/bridge/api.ts anew")

// apiFile is the TypeScript that the screens call the bound methods by. Wails would write one function a method for its window alone; the
// browser face needs the names as data, so Trestle writes its own, one for both.
var apiFile = filepath.Join("..", "frontend", "src", "bridge", "api.ts")

// TestAPI compares the committed TypeScript with what the bound methods and their structs say now.
func TestAPI(t *testing.T) {
	t.Parallel()
	want, err := apiText(screens(nil))
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(apiFile, want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(apiFile)
	if err != nil {
		t.Fatal(err)
	}
	if line := firstDifference(string(got), string(want)); line != "" {
		t.Errorf("frontend/src/bridge/api.ts is not what the Go code says (make bindings writes it): %s", line)
	}
}

// eventPayloads is what events carry that no method takes or answers.
var eventPayloads = []any{TransferView{}, ImportFile{}, StagedPut{}, DroppedView{}, WordsOut{}}

// firstDifference names the first line where two texts part; "" when they do not.
func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range max(len(g), len(w)) {
		a, b := "its end", "its end"
		if i < len(g) {
			a = fmt.Sprintf("%q", g[i])
		}
		if i < len(w) {
			b = fmt.Sprintf("%q", w[i])
		}
		if a != b {
			return fmt.Sprintf("line %d is %s, want %s", i+1, a, b)
		}
	}
	return ""
}

// apiText writes one interface for each struct that the methods of bound take or answer, in the order they stand in the Go files, and one
// that names every method.
func apiText(bound []any) ([]byte, error) {
	a := &api{used: map[string]reflect.Type{}}
	for _, payload := range eventPayloads {
		a.ts(reflect.TypeOf(payload))
	}
	var calls []string
	for _, b := range bound {
		v := reflect.TypeOf(b)
		for m := range v.Methods() {
			in, out := "void", "void"
			if m.Type.NumIn() > 1 {
				in = a.ts(m.Type.In(1))
			}
			if o := m.Type.Out(0); o != errorType {
				out = a.ts(o)
			}
			calls = append(calls, fmt.Sprintf("  '%s.%s': { in: %s; out: %s };\n", v.Elem().Name(), m.Name, in, out))
		}
	}
	written, err := structsOfThisFolder()
	if err != nil {
		return nil, err
	}
	done := map[string]bool{}
	var out bytes.Buffer
	out.WriteString("// Generated from the bound methods of the Go package app and their structs. Do not edit.\n\n")
	for _, s := range written {
		t, ok := a.used[s.name]
		if !ok {
			continue
		}
		done[s.name] = true
		fmt.Fprintf(&out, "/** %s */\nexport interface %s {\n", s.doc, s.name)
		for f := range t.Fields() {
			name, rest, _ := strings.Cut(f.Tag.Get("json"), ",")
			if strings.Contains(rest, "omitempty") {
				name += "?"
			}
			fmt.Fprintf(&out, "  %s: %s;", name, a.ts(f.Type))
			if note := s.fields[f.Name]; note != "" {
				fmt.Fprintf(&out, " // %s", note)
			}
			out.WriteByte('\n')
		}
		out.WriteString("}\n\n")
	}
	for name := range a.used {
		if !done[name] {
			return nil, fmt.Errorf("struct %s is taken or answered, but is not declared in the package app", name)
		}
	}
	fmt.Fprintf(&out, "/** Calls names every bound method with what it takes and answers. */\nexport interface Calls {\n%s}\n\n", strings.Join(calls, ""))
	out.WriteString("/** CallName is the name of a bound method. */\nexport type CallName = keyof Calls;\n")
	return out.Bytes(), nil
}

// api collects the structs that were named.
type api struct{ used map[string]reflect.Type }

// ts names a Go type in TypeScript.
func (a *api) ts(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Bool:
		return "boolean"
	case reflect.String:
		return "string"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Float64:
		return "number"
	case reflect.Pointer:
		return a.ts(t.Elem()) + " | null"
	case reflect.Slice, reflect.Array:
		if t.Elem().Kind() == reflect.Pointer {
			return "(" + a.ts(t.Elem()) + ")[]"
		}
		return a.ts(t.Elem()) + "[]"
	case reflect.Map:
		return "Record<string, " + a.ts(t.Elem()) + ">"
	case reflect.Struct:
		if a.used[t.Name()] == nil {
			a.used[t.Name()] = t
			for f := range t.Fields() {
				a.ts(f.Type)
			}
		}
		return t.Name()
	}
	return "unknown" // TestEveryBoundTypeCanBeReadByAPage refuses it
}

// written is a struct as its Go file says it: its comment and those of its fields, each on one line.
type written struct {
	name, doc string
	fields    map[string]string
}

// structsOfThisFolder reads the structs of the package in reading order: what is shown, what is taken, then the rest.
func structsOfThisFolder() ([]written, error) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		return nil, fmt.Errorf("list the Go files: %w", err)
	}
	rank := func(name string) int {
		switch {
		case name == "view.go":
			return 0
		case strings.HasPrefix(name, "view_"):
			return 1
		case name == "input.go":
			return 2
		}
		return 3
	}
	sort.SliceStable(files, func(i, j int) bool { return rank(files[i]) < rank(files[j]) })
	var out []written
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		for _, d := range parsed.Decls {
			decl, ok := d.(*ast.GenDecl)
			if !ok || decl.Tok != token.TYPE {
				continue
			}
			for _, spec := range decl.Specs {
				s := spec.(*ast.TypeSpec)
				if st, ok := s.Type.(*ast.StructType); ok {
					out = append(out, written{s.Name.Name, joined(decl.Doc), notes(st)})
				}
			}
		}
	}
	return out, nil
}

// notes answers the comment at the end of each field's line, or else the one above it.
func notes(s *ast.StructType) map[string]string {
	out := map[string]string{}
	for _, f := range s.Fields.List {
		note := joined(f.Comment)
		if note == "" {
			note = joined(f.Doc)
		}
		for _, n := range f.Names {
			out[n.Name] = note
		}
	}
	return out
}

func joined(c *ast.CommentGroup) string { return strings.Join(strings.Fields(c.Text()), " ") }

// crew and its hand show what the real list does not use yet.
type crew struct{}

// crewOut is a crew.
// It has hands.
type crewOut struct {
	// above
	Lead  *crewHand           `json:"lead"`
	Hands []*crewHand         `json:"hands"` // beside
	By    map[string]crewHand `json:"by,omitempty"`
}

type crewHand struct {
	Fingers int `json:"fingers"`
}

func (*crew) Gather(crewHand) (out crewOut, err error) { return out, nil }

func TestAPIOfEveryShape(t *testing.T) {
	a := &api{used: map[string]reflect.Type{}}
	for field, want := range map[string]string{"Lead": "crewHand | null", "Hands": "(crewHand | null)[]", "By": "Record<string, crewHand>"} {
		f, _ := reflect.TypeFor[crewOut]().FieldByName(field)
		if got := a.ts(f.Type); got != want {
			t.Errorf("%s is %s, want %s", field, got, want)
		}
	}
	if _, err := apiText([]any{&crew{}}); err == nil {
		t.Error("a struct of a test was written")
	}
}
