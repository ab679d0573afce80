package service

import (
	"testing"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// U-08: the receipts of a room are there for its members before anybody has given one: an empty scope, from which they go on by a pull. To
// anybody else, and for a room that is none, they are not.
func TestU08_ReceiptsBeforeTheFirst(t *testing.T) {
	s, c := start(t, Config{Now: inSlice})
	anna, ben, odd := join(t, c, "anna"), join(t, c, "ben"), join(t, c, "odd")
	hire(anna, ben, "k1", "r1")
	rc := workroom.ReceiptScope("r1")
	ctx := t.Context()
	o, err := ben.Open(ctx, wire.Open{Scopes: []workroom.Scope{rc}})
	must(t, err)
	if x := o.Scopes[0]; x.Gone || x.Gen != 1 || x.Seq != 0 || len(x.Hot)+len(x.Tail) != 0 || x.More {
		t.Errorf("opened: %+v", x)
	}
	p, err := ben.Pull(ctx, wire.Pull{Scope: rc, Epoch: s.store.Epoch, Gen: 1})
	if err != nil || p.Reset != "" || p.Seq != 0 || p.More || len(p.Things) != 0 || p.Digest != wire.Digest(0).String() {
		t.Errorf("pulled: %+v, %v", p, err)
	}
	if p, err := ben.Pull(ctx, wire.Pull{Scope: rc, Epoch: s.store.Epoch, Gen: 1, After: 3, Tag: "x"}); err != nil || p.Reset != wire.ResetFork {
		t.Errorf("I15: from a number that never was: %+v, %v", p, err)
	}
	if d, err := ben.Digest(ctx, wire.DigestIn{Scope: rc}); err != nil || d.AsOf != 0 {
		t.Errorf("digest: %+v, %v", d, err)
	}
	for _, who := range []*person{odd, ben} {
		at := rc
		if who == ben {
			at = workroom.ReceiptScope("nowhere")
		}
		if _, err := who.Pull(ctx, wire.Pull{Scope: at, Epoch: s.store.Epoch, Gen: 1}); code(err) != workroom.NoAccess {
			t.Errorf("%s pulls %s: %v", who.id, at, err)
		}
		if o, err := who.Open(ctx, wire.Open{Scopes: []workroom.Scope{at}}); err != nil || !o.Scopes[0].Gone {
			t.Errorf("%s opens %s: %+v, %v", who.id, at, o, err)
		}
	}
	anna.does("m1", say("r1", "text"))
	anna.does("read", workroom.SetReceipt{Room: "r1", Who: anna.id, N: 1})
	p, err = ben.Pull(ctx, wire.Pull{Scope: rc, Epoch: s.store.Epoch, Gen: 1})
	if err != nil || p.Reset != "" || p.Seq != 1 || len(p.Things) != 1 {
		t.Errorf("after the first: %+v, %v", p, err)
	}
}
