package service

import (
	"encoding/json"
	"io"
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
