package service

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"testing"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// FuzzCommands sends any bytes as the arguments of any command: each gets a verdict, no rule panics, and no scope is left unsound.
func FuzzCommands(f *testing.F) {
	s, c := start(f, Config{})
	anna, ben := join(f, c, "anna"), join(f, c, "ben")
	hire(anna, ben, "k1", "r1")
	for _, x := range probes {
		if x.command != nil {
			cmd := ben.command("seed", x.command(ben, "seed"))
			f.Add(string(cmd.Op), cmd.V, []byte(cmd.Args), "lane", "after")
		}
	}
	f.Fuzz(func(t *testing.T, op string, v int, args []byte, lane, after string) {
		if !json.Valid(args) {
			args, _ = json.Marshal(string(args))
		}
		id := newID()
		body, err := json.Marshal(wire.Commands{Cmds: []wire.Command{{ID: id, N: 1, Lane: lane, Op: workroom.Op(op), V: v, Args: args}, {ID: after, Op: workroom.Op(op), V: v, Args: args, After: []string{after}}}})
		if err != nil {
			t.Skip()
		}
		for _, who := range []*person{anna, ben} {
			p := *who
			p.t = t
			res := p.raw("POST", "/v1/commands", body)
			b, err := io.ReadAll(res.Body)
			_ = res.Body.Close()
			if err != nil || res.StatusCode >= 500 {
				t.Fatalf("%d %s %v", res.StatusCode, b, err)
			}
			var out wire.CommandsOut
			if res.StatusCode == 200 && (json.Unmarshal(b, &out) != nil || len(out.Results) != 2) {
				t.Fatalf("%s", b)
			}
		}
		if s.faults.Load() > 0 {
			t.Fatal("a rule panicked")
		}
		for _, sc := range []workroom.Scope{"r:r1", "k:k1", workroom.AccountScope(ben.id)} {
			checkScope(t, s, sc)
		}
	})
}

// FuzzAnyBody sends any bytes to the operations that take JSON.
func FuzzAnyBody(f *testing.F) {
	_, c := start(f, Config{})
	anna := join(f, c, "anna")
	f.Add(uint8(0), []byte(`{"email":"a@b","password":"x","device":"d"}`))
	f.Add(uint8(1), []byte(`{"scopes":["r:r1"],"tail":50}`))
	paths := []string{"/v1/sign-in", "/v1/open", "/v1/commands", "/v1/files", "/v1/invitations/look"}
	f.Fuzz(func(t *testing.T, which uint8, body []byte) {
		p := *anna
		p.t = t
		answered(t, p.raw("POST", paths[int(which)%len(paths)], body), "fuzz")
	})
}

// FuzzReading sends any cursor, born number, id and word to what reads: each gets an answer or a typed problem, a cursor that this history
// never gave gets no rows, and nothing of a scope that is not open to the caller comes back.
func FuzzReading(f *testing.F) {
	s, c := start(f, Config{})
	anna, ben, eve := join(f, c, "anna"), join(f, c, "ben"), join(f, c, "eve")
	hire(anna, ben, "k1", "r1")
	for range 5 {
		anna.does(newID(), say("r1", marker))
	}
	p, err := ben.Pull(context.Background(), wire.Pull{Scope: "r:r1", Epoch: s.store.Epoch, Gen: 1})
	if err != nil {
		f.Fatal(err)
	}
	for what := range uint8(6) {
		f.Add(what, "r:r1", int64(3), int64(1), int64(0), p.Tag, "m1")
		f.Add(what, "r:r1", int64(1<<62), int64(-1), int64(1)<<62, "", "\x00")
	}
	f.Add(uint8(0), "r:r1", p.Seq, int64(1), int64(0), p.Tag, "")
	f.Add(uint8(0), "r:r1", p.Seq+1, int64(1), int64(0), p.Tag, "")
	f.Fuzz(func(t *testing.T, what uint8, scope string, a, b, n int64, tag, id string) {
		q := url.Values{"epoch": {s.store.Epoch}, "tag": {tag}, "kind": {id}, "ids": {id + ",m1"}, "around": {id}}
		for k, v := range map[string]int64{"after": a, "gen": b, "limit": n, "before": a, "min": b, "lo": a, "hi": b} {
			q.Set(k, fmt.Sprint(v))
		}
		paths := []string{"/pull", "/range", "/things", "/digest"}
		for _, who := range []*person{ben, eve} {
			x := *who
			x.t = t
			var res *http.Response
			switch i := int(what) % 6; i {
			case 4:
				body, _ := json.Marshal(wire.Watch{Conn: id, Scopes: []workroom.Scope{workroom.Scope(scope)}})
				res = x.raw("POST", "/v1/watch", body)
			case 5:
				body, _ := json.Marshal(map[string]any{"scopes": []string{scope, "r:r1", "r:nowhere"}, "tail": n})
				res = x.raw("POST", "/v1/open", body)
			default:
				res = x.raw("GET", "/v1/scope/"+url.PathEscape(scope)+paths[i]+"?"+q.Encode(), nil)
			}
			text, err := io.ReadAll(res.Body)
			_ = res.Body.Close()
			if err != nil || res.StatusCode >= 500 && res.StatusCode != http.StatusServiceUnavailable {
				t.Fatalf("%d %s %v", res.StatusCode, text, err)
			}
			var problem wire.Problem
			if res.StatusCode >= 400 && (json.Unmarshal(text, &problem) != nil || problem.Code == "" || problem.Retry == "") {
				t.Fatalf("no problem: %d %s", res.StatusCode, text)
			}
			if who == eve && bytes.Contains(text, []byte(marker)) {
				t.Fatalf("a stranger reads %s", text)
			}
			var page wire.Page
			if what%6 == 0 && res.StatusCode == 200 && json.Unmarshal(text, &page) == nil && len(page.Things) > 0 && (a < 0 || a > p.Seq) {
				t.Fatalf("rows for the cursor %d: %s", a, text)
			}
		}
	})
}
