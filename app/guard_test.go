package app

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"sort"
	"strings"
	"testing"
)

// unguarded reads the Go files of this folder and answers each exported method
// of the named types whose first statement is not `defer guard(&err)` with err
// its named last result.
func unguarded(t *testing.T, screens map[string]bool) (faults []string, seen int) {
	t.Helper()
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	set := token.NewFileSet()
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") {
			continue
		}
		parsed, err := parser.ParseFile(set, f.Name(), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range parsed.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv == nil || !fn.Name.IsExported() || !screens[receiver(fn)] {
				continue
			}
			seen++
			if !guards(fn) {
				faults = append(faults, fmt.Sprintf("%s.%s (%s)", receiver(fn), fn.Name.Name, set.Position(fn.Pos())))
			}
		}
	}
	sort.Strings(faults)
	return faults, seen
}

// receiver answers the name of a method's type.
func receiver(fn *ast.FuncDecl) string {
	e := fn.Recv.List[0].Type
	if star, ok := e.(*ast.StarExpr); ok {
		e = star.X
	}
	if id, ok := e.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}

// guards reports whether a method begins as every bound method must.
func guards(fn *ast.FuncDecl) bool {
	out := fn.Type.Results
	if out == nil || len(out.List) == 0 || fn.Body == nil || len(fn.Body.List) == 0 {
		return false
	}
	last := out.List[len(out.List)-1]
	if len(last.Names) != 1 || last.Names[0].Name != "err" {
		return false
	}
	d, ok := fn.Body.List[0].(*ast.DeferStmt)
	if !ok || len(d.Call.Args) != 1 {
		return false
	}
	name, ok := d.Call.Fun.(*ast.Ident)
	ref, ok2 := d.Call.Args[0].(*ast.UnaryExpr)
	if !ok || !ok2 || name.Name != "guard" || ref.Op != token.AND {
		return false
	}
	arg, ok := ref.X.(*ast.Ident)
	return ok && arg.Name == "err"
}

// screensOf names the types of a list of bound structs.
func screensOf(bound []any) map[string]bool {
	out := map[string]bool{}
	for _, b := range bound {
		out[reflect.TypeOf(b).Elem().Name()] = true
	}
	return out
}

func TestUnguardedMethodsAreFound(t *testing.T) {
	t.Parallel()
	faults, seen := unguarded(t, screensOf([]any{&Probe{}}))
	if len(faults) != 1 || !strings.HasPrefix(faults[0], "Probe.Unguarded") || seen != 9 {
		t.Errorf("%d methods, faults %q", seen, faults)
	}
}
