package service

import (
	"fmt"
	"strings"
	"testing"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// looks replaces the scopes that somebody's newest live channel watches.
func (p *person) looks(at ...workroom.Scope) []wire.Head {
	p.t.Helper()
	out, err := p.Watch(p.t.Context(), wire.Watch{Conn: p.conn, Scopes: at})
	if err != nil {
		p.t.Fatal(err)
	}
	return out.Heads
}

// F-02: who looks at a room gets what is written there itself, each command a frame that begins where the one before ended; the heads that
// come back are read after the set is in force. What is too large, and what is written elsewhere, comes as a hint.
func TestF02_RowsOfWatchedScopes(t *testing.T) {
	s, c := start(t, Config{Now: inSlice})
	anna, ben, eve := join(t, c, "anna"), join(t, c, "ben"), join(t, c, "eve")
	w, x := hire(anna, ben, "k1", "r1"), hire(anna, ben, "k2", "r2")
	frames, _ := ben.listen(t.Context())
	_, _ = eve.listen(t.Context())
	if _, err := eve.Watch(t.Context(), wire.Watch{Conn: ben.conn, Scopes: []workroom.Scope{"r:r1"}}); code(err) != workroom.NoAccess {
		t.Fatal("somebody else's connection:", err)
	}
	if heads := eve.looks("r:r1", "k:k1", "nonsense"); len(heads) != 0 {
		t.Fatalf("a stranger is given heads: %+v", heads)
	}
	own := workroom.AccountScope(ben.id)
	heads := ben.looks("r:r1", "d:k1:2001-09-03", own)
	if len(heads) != 2 || heads[0].Scope != own || heads[1].Scope != "r:r1" || heads[1].Gen != 1 {
		t.Fatalf("%+v", heads)
	}
	at := map[workroom.Scope]wire.Head{heads[0].Scope: heads[0], heads[1].Scope: heads[1], "d:k1:2001-09-03": {Gen: 1}}
	next := func() wire.Event {
		t.Helper()
		e := <-frames
		if r := e.Rows; r != nil {
			if r.Gen != at[r.Scope].Gen || r.Prev != at[r.Scope].Seq || r.Seq != r.Prev+1 || r.Tag == "" || len(r.Things) == 0 {
				t.Fatalf("after %+v comes %+v", at[r.Scope], r)
			}
			at[r.Scope] = wire.Head{Gen: r.Gen, Seq: r.Seq, Tag: r.Tag, Msgs: r.Msgs}
		}
		return e
	}
	for i := range 5 {
		sent := anna.does(fmt.Sprintf("m%d", i), say(w.r, fmt.Sprintf("text %d", i))).Things[0]
		if r := next().Rows; r == nil || r.Scope != "r:r1" || r.Things[0].ID != sent.ID || r.Seq != sent.Seq || r.Msgs != int64(i)+1 || bodyOf[workroom.Message](t, r.Things[0]).Text != fmt.Sprintf("text %d", i) {
			t.Fatalf("%+v", r)
		}
	}
	p, err := ben.Pull(t.Context(), wire.Pull{Scope: "r:r1", Epoch: s.store.Epoch, Gen: 1, After: at["r:r1"].Seq, Tag: at["r:r1"].Tag})
	if err != nil || p.Reset != "" || len(p.Things) != 0 {
		t.Fatalf("the tag of a frame is not the cursor's: %+v, %v", p, err)
	}
	anna.does("elsewhere", say(x.r, "text"))
	if h := next().Hint; h == nil || len(h.Heads) != 1 || h.Heads[0].Scope != "r:r2" {
		t.Fatalf("%+v", h)
	}
	ben.does("marker", workroom.SetMarker{Room: "r1", N: 1, Who: ben.id})
	if r := next().Rows; r == nil || r.Scope != own || r.Things[0].Kind != workroom.KindMarker {
		t.Fatalf("%+v", r)
	}
	long := anna.does("long", say(w.r, strings.Repeat("long ", 1900))).Things[0]
	if h := next().Hint; h == nil || h.Heads[0].Scope != "r:r1" || h.Heads[0].Seq != long.Seq {
		t.Fatalf("%+v", h)
	}
	// A diary week is below its contract: its rows come, and a hint for the contract, which is not watched.
	ben.does("slice", slice(ben.id, "slice1"))
	if r := next().Rows; r == nil || r.Scope != "d:k1:2001-09-03" || r.Seq != 1 {
		t.Fatalf("%+v", r)
	}
	if h := next().Hint; h == nil || h.Heads[0].Scope != "k:k1" {
		t.Fatalf("%+v", h)
	}
	// Looking elsewhere ends the rows.
	ben.looks("r:r2")
	anna.does("unwatched", say(w.r, "text"))
	if h := next().Hint; h == nil || h.Heads[0].Scope != "r:r1" {
		t.Fatalf("%+v", h)
	}
	for name, in := range map[string]wire.Watch{
		"no such connection": {Conn: "nowhere", Scopes: []workroom.Scope{"r:r1"}},
		"too many":           {Conn: ben.conn, Scopes: make([]workroom.Scope, wire.MaxWatch+1)},
	} {
		if _, err := ben.Watch(t.Context(), in); code(err) != map[string]workroom.Code{"no such connection": workroom.NoAccess, "too many": workroom.BadInput}[name] {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// I10: a frame goes to those who had the right in the transaction that wrote it, with the gen of then, and hides what was born before they
// came. The watched set of a connection gives no right.
func TestI10_FramesFollowTheRight(t *testing.T) {
	s, c := start(t, Config{})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	w := hire(anna, ben, "k1", "r1")
	old := anna.does("m1", say(w.r, "before")).Things[0]
	frames, _ := ben.listen(t.Context())
	ben.looks("r:r1")
	grant := workroom.Ref{Scope: workroom.AccountScope(ben.id), Kind: workroom.KindGrant, ID: "r:r1"}
	act(t, s, anna.id, workroom.Change{Ref: grant})
	if h := (<-frames).Hint; h == nil || h.Heads[0].Scope != workroom.AccountScope(ben.id) {
		t.Fatalf("%+v", h)
	}
	anna.does("m2", say(w.r, "meanwhile"))
	if heads := s.beacon(t.Context(), ben.id, []workroom.Scope{"r:r1", workroom.AccountScope(ben.id)}); len(heads) != 1 {
		t.Fatalf("a beacon tells of what is not open: %+v", heads)
	}
	act(t, s, anna.id, workroom.Change{Ref: grant, Thing: &workroom.Grant{Gen: 2, Role: workroom.Freelancer, FromBorn: old.Seq + 2}})
	if h := (<-frames).Hint; h == nil || h.Heads[0].Scope != workroom.AccountScope(ben.id) {
		t.Fatalf("%+v", h)
	}
	act(t, s, anna.id, workroom.Change{Ref: message("r1", "m1"), Thing: &workroom.Message{Author: anna.id, Text: "before, changed"}})
	if r := (<-frames).Rows; r == nil || r.Gen != 2 || len(r.Things) != 0 {
		t.Fatalf("what was written before he came: %+v", r)
	}
	anna.does("m3", say(w.r, "after"))
	if r := (<-frames).Rows; r == nil || r.Gen != 2 || len(r.Things) != 1 || r.Things[0].ID != "m3" {
		t.Fatalf("%+v", r)
	}
}
