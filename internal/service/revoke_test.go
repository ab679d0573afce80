package service

import (
	"testing"

	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// I10: after a right is taken away nothing is given any more, by any way of reading, and a new grant has a new gen and shows of dated
// things only what was born since.
func TestI10_NothingLeaksAfterTheEnd(t *testing.T) {
	s, c := start(t, Config{})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	w := hire(anna, ben, "k1", "r1")
	before := anna.does("m1", say(w.r, "before")).Things[0]
	own := ben.command("b0", say(w.r, "mine, from before"))
	if r := ben.send(own)[0]; r.Status != wire.OK || len(r.Things) != 1 {
		t.Fatalf("a message: %+v", r)
	}
	frames, _ := ben.listen(t.Context())
	grant := workroom.Ref{Scope: workroom.AccountScope(ben.id), Kind: workroom.KindGrant, ID: "r:r1"}
	change := func(x workroom.Change) {
		t.Helper()
		err := s.store.Write(t.Context(), func(tx store.Tx) error {
			b := store.NewBatch(t.Context(), tx)
			if err := b.Lock(x.Ref.Scope, "r:r1"); err != nil {
				return err
			}
			if _, _, err := b.Write(anna.id, s.now(), "", []workroom.Change{x}); err != nil {
				return err
			}
			_, err := b.Flush()
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	change(workroom.Change{Ref: grant})
	after := anna.does("m2", say(w.r, "after")).Things[0]
	ctx := t.Context()
	read := func() []error {
		_, e1 := ben.Pull(ctx, wire.Pull{Scope: "r:r1", Epoch: s.store.Epoch, Gen: 1})
		_, e2 := ben.Range(ctx, wire.Range{Scope: "r:r1"})
		_, e3 := ben.Things(ctx, wire.ThingsOf{Scope: "r:r1", Kind: workroom.KindMessage, IDs: []string{"m1"}})
		return []error{e1, e2, e3}
	}
	for i, err := range read() {
		if code(err) != workroom.NoAccess {
			t.Errorf("way %d: %v", i, err)
		}
	}
	if r := ben.send(ben.command("b1", say(w.r, "still here?")))[0]; r.Code != workroom.NoAccess || len(r.Things) != 0 {
		t.Errorf("writing: %+v", r)
	}
	if r := ben.send(ben.command("accept-k1", workroom.AcceptContract{Contract: w.k, Room: w.r, Who: ben.id, Name: "Freelancer", Secret: "secret k1"}))[0]; r.Status != wire.OK {
		t.Errorf("a command known from before: %+v", r)
	} else {
		for _, x := range r.Things {
			if x.Scope == "r:r1" {
				t.Errorf("its answer shows a row of the room: %+v", x)
			}
		}
	}
	h, err := ben.Heads(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range h.Scopes {
		if x.Scope == "r:r1" {
			t.Error("the heads still name the room")
		}
	}
	change(workroom.Change{Ref: grant, Thing: &workroom.Grant{Gen: 2, Role: workroom.Freelancer, FromBorn: after.Born + 1}})
	if p, err := ben.Pull(ctx, wire.Pull{Scope: "r:r1", Epoch: s.store.Epoch, Gen: 1}); err != nil || p.Reset != wire.ResetGen {
		t.Fatalf("an old gen: %+v, %v", p, err)
	}
	if p, err := ben.Pull(ctx, wire.Pull{Scope: "r:r1", Epoch: s.store.Epoch, Gen: 1, After: before.Seq, Tag: "another"}); err != nil || p.Reset != wire.ResetFork {
		t.Fatalf("I15: an old gen in another history: %+v, %v", p, err)
	}
	if r := ben.send(own)[0]; r.Status != wire.OK || len(r.Things) != 0 {
		t.Errorf("the same message once more, from before the new grant: %+v", r)
	}
	last := anna.does("m3", say(w.r, "new")).Things[0]
	open, err := ben.Open(ctx, wire.Open{Scopes: []workroom.Scope{"r:r1"}, Tail: 50})
	if err != nil || len(open.Scopes[0].Tail) != 1 || open.Scopes[0].Tail[0].ID != "m3" || open.Scopes[0].More {
		t.Fatalf("open: %+v, %v", open, err)
	}
	p, err := ben.Pull(ctx, wire.Pull{Scope: "r:r1", Epoch: s.store.Epoch, Gen: 2})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range p.Things {
		if x.Kind.Dated() && x.Born <= after.Born {
			t.Errorf("a pull shows %s", x.ID)
		}
	}
	if o, err := ben.Things(ctx, wire.ThingsOf{Scope: "r:r1", Kind: workroom.KindMessage, IDs: []string{"m1", "m2", "m3"}}); err != nil || len(o.Things) != 1 {
		t.Errorf("by id: %+v, %v", o, err)
	}
	if g, err := ben.Range(ctx, wire.Range{Scope: "r:r1"}); err != nil || len(g.Things) != 1 {
		t.Errorf("range: %+v, %v", g, err)
	}
	if _, err := ben.Range(ctx, wire.Range{Scope: "r:r1", Around: "m1"}); code(err) != workroom.NoAccess {
		t.Errorf("around: %v", err)
	}
	awaitHint(t, frames, "r:r1", last.Seq)
	if p, err := ben.Pull(ctx, wire.Pull{Scope: "r:r1", Epoch: "another", Gen: 2}); err != nil || p.Reset != wire.ResetEpoch {
		t.Fatalf("another epoch: %+v, %v", p, err)
	}
	checkScope(t, s, grant.Scope)
}

// I6 I15: a pull that asks about accepted commands is given a page only if there are records of all of them; a command without one was accepted
// in another history. It says nothing of other people's commands.
func TestI6_PullProvesWhatWasAccepted(t *testing.T) {
	s, c := start(t, Config{})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	w := hire(anna, ben, "k1", "r1")
	m1 := anna.does("m1", say(w.r, "one")).Things[0]
	ben.does("m2", say(w.r, "two"))
	pull := func(acked ...string) wire.Reset {
		t.Helper()
		p, err := anna.Pull(t.Context(), wire.Pull{Scope: m1.Scope, Epoch: s.store.Epoch, Gen: 1, Acked: acked})
		if err != nil {
			t.Fatal(err)
		}
		return p.Reset
	}
	for _, x := range []struct {
		acked []string
		want  wire.Reset
	}{{nil, ""}, {[]string{"m1"}, ""}, {[]string{"m1", "m1"}, ""}, {[]string{"m1", "lost"}, wire.ResetFork}, {[]string{"m2"}, wire.ResetFork}} {
		if got := pull(x.acked...); got != x.want {
			t.Errorf("asked about %v: %q, want %q", x.acked, got, x.want)
		}
	}
	for _, bad := range [][]string{make([]string, wire.MaxAcked+1), {"a'b"}} {
		for i := range bad {
			if bad[i] == "" {
				bad[i] = "m1"
			}
		}
		if _, err := anna.Pull(t.Context(), wire.Pull{Scope: m1.Scope, Epoch: s.store.Epoch, Gen: 1, Acked: bad}); err == nil {
			t.Errorf("asked about %d commands, %q: no error", len(bad), bad[0])
		}
	}
}
