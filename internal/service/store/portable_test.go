package store

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"trestle/internal/service/pgtest"
)

// first is what a service of the first released version held: tables of version 2, before tags and before a digest told of living things
// alone.
const first = `{"format":1,"schema":2,"engine":"sqlite","service":"the-service","epoch":"e0e0"}
{"table":"access","columns":[["account","t"],["root","t"],["gen","i"],["role","t"],["from_born","i"],["gone","b"]]}
["anna","r:r1",1,"owner",0,false]
{"end":"access","rows":1}
{"table":"account","columns":[["id","t"],["email","t"],["email_fold","t"],["name","t"],["password","t"],["joined","i"]]}
["anna","Anna@example.com","anna@example.com","Anna \"?\" O'Neil \\ 🙂","x",1700000000000000]
{"end":"account","rows":1}
{"table":"attempt","columns":[["k","t"],["n","i"],["since","i"],["last","i"]]}
{"end":"attempt","rows":0}
{"table":"command","columns":[["account","t"],["id","t"],["device","t"],["n","i"],["op","t"],["hash","t"],["status","t"],["code","t"],["detail","t"],["field","t"],["seqs","t"],["at","i"]]}
["anna","m1","d",1,"SendMessage","h","ok","","","","{\"r:r1\":2}",5]
{"end":"command","rows":1}
{"table":"device","columns":[["id","t"],["account","t"],["name","t"],["incarnation","t"],["pruned_n","i"],["seen","i"]]}
{"end":"device","rows":0}
{"table":"file","columns":[["id","t"],["owner","t"],["scope","t"],["root","t"],["space","t"],["name","t"],["size","i"],["type","t"],["parts","t"],["complete","b"],["named","i"],["at","i"]]}
{"end":"file","rows":0}
{"table":"head","columns":[["scope","t"],["root","t"],["space","t"],["seq","i"],["tag","t"],["floor","i"],["msgs","i"],["digest","i"]]}
["r:r1","r:r1","r-r1",2,"tag",0,1,-9223372036854775808]
{"end":"head","rows":1}
{"table":"invitation","columns":[["id","t"],["scope","t"]]}
{"end":"invitation","rows":0}
{"table":"meta","columns":[["k","t"],["v","t"]]}
["service","the-service"]
["epoch","e0e0"]
{"end":"meta","rows":2}
{"table":"part","columns":[["space","t"],["sha","t"],["size","i"],["at","i"]]}
["r-r1","aaaa",5,1]
["r-r1","bbbb",5,1]
{"end":"part","rows":2}
{"table":"thing","columns":[["scope","t"],["kind","t"],["id","t"],["seq","i"],["born","i"],["rev","i"],["mn","i"],["gone","b"],["actor","t"],["at","i"],["body","t"]]}
["r:r1","room","r1",1,1,1,0,false,"anna",1,"{\"name\":\"One\\u0000\"}"]
["r:r1","message","m1",2,2,1,1,false,"anna",2,{"b64":"eyJ0ZXh0Ijoi/yJ9"}]
{"end":"thing","rows":2}
{"table":"token","columns":[["hash","t"],["account","t"],["device","t"],["made","i"],["used","i"]]}
{"end":"token","rows":0}
{"complete":12,"rows":0}
`

func hasA(_, sha string) bool { return sha == "aaaa" }

// I21, D-16: what an older version saved is read into either engine and brought up to date; a part without bytes is left out; the epoch is new.
func TestI21_ImportOfAnOlderVersion(t *testing.T) {
	for name, home := range map[string]func() string{
		"sqlite":   func() string { return "sqlite:" + filepath.Join(t.TempDir(), "x.db") },
		"postgres": func() string { return pgtest.New(t) },
	} {
		t.Run(name, func(t *testing.T) {
			address := home()
			got, err := Import(t.Context(), address, time.Now(), strings.NewReader(first), hasA)
			if err != nil {
				t.Fatal(err)
			}
			if got.Service != "the-service" || got.Epoch == "e0e0" || got.Rows["part"] != 2 || got.Rows["thing"] != 2 {
				t.Errorf("%+v", got)
			}
			s, err := Open(t.Context(), address, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if s.Service != "the-service" || s.Epoch != got.Epoch {
				t.Error(s.Service, s.Epoch)
			}
			if said, err := s.Verify(t.Context(), "r:r1"); said != "" || err != nil {
				t.Error(said, err)
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
			parts, bodies, names := "", "", ""
			out, err := Export(t.Context(), address, t.TempDir(), io.Discard, func(table string, row map[string]any) error {
				switch table {
				case "part":
					parts += row["sha"].(string)
				case "thing":
					bodies += row["body"].(string)
				case "account":
					names += row["name"].(string)
				}
				return nil
			})
			const bad = "\uFFFD" // what is no text is written as such by both
			if err != nil || out.Schema < 10 || parts != "aaaa" || names != `Anna "?" O'Neil \ 🙂` || !strings.Contains(bodies, `{"name":"One\u0000"}`) || !strings.Contains(bodies, `{"text":"`+bad+`"}`) {
				t.Errorf("%+v %v: %q %q %q", out, err, parts, bodies, names)
			}
			if _, err := Import(t.Context(), address, time.Now(), strings.NewReader(first), hasA); !errors.Is(err, ErrNotEmpty) {
				t.Errorf("written over: %v", err)
			}
		})
	}
}

// D-16: a portable form that ends early, anywhere, or that is of another kind, leaves nothing behind.
func TestD16_ImportOfHalf(t *testing.T) {
	whole := first
	lines := strings.SplitAfter(whole, "\n")
	dir := t.TempDir()
	address := "sqlite:" + filepath.Join(dir, "x.db")
	try := func(what, text string, want error) {
		t.Helper()
		if _, err := Import(t.Context(), address, time.Now(), strings.NewReader(text), hasA); !errors.Is(err, want) {
			t.Errorf("%s: %v", what, err)
		}
		if list, _ := os.ReadDir(dir); len(list) != 0 {
			t.Fatalf("%s: left %v", what, list)
		}
	}
	for i := range lines[:len(lines)-1] {
		try("cut before line", strings.Join(lines[:i], ""), ErrMalformed)
		try("without a line", strings.Join(lines[:i], "")+strings.Join(lines[i+1:], ""), ErrMalformed)
	}
	try("newer", strings.Replace(whole, `"schema":2`, `"schema":99999`, 1), ErrNewer)
	try("another format", strings.Replace(whole, `"format":1`, `"format":7`, 1), ErrMalformed)
	try("another table", strings.Replace(whole, `"table":"meta"`, `"table":"sqlite_master"`, 1), ErrMalformed)
	try("another kind", strings.Replace(whole, `["seq","i"]`, `["seq","t"]`, 1), ErrMalformed)
	try("another value", strings.Replace(whole, `"r1",1,1,1,0`, `"r1","one",1,1,0`, 1), ErrMalformed)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Import(ctx, address, time.Now(), strings.NewReader(whole), hasA); err == nil {
		t.Error("called off")
	}
	if _, err := Export(t.Context(), address, t.TempDir(), io.Discard, nil); !errors.Is(err, ErrNothing) {
		t.Error(err)
	}
	for _, bad := range []string{"", "mysql:x", "x.db"} {
		if _, err := Export(t.Context(), bad, t.TempDir(), io.Discard, nil); !errors.Is(err, ErrAddress) {
			t.Errorf("%q: %v", bad, err)
		}
		if _, err := Import(t.Context(), bad, time.Now(), strings.NewReader(whole), hasA); !errors.Is(err, ErrAddress) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
