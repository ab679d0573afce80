package replica

import (
	"errors"
	"testing"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// I3, I6: an own row that was acked in a history the service lost without a word comes by a pull under the same number and otherwise, because
// another copy of this profile had offered it again: that is a fork, and what this copy had acked is offered again.
func TestI3_OwnRowOfALostHistory(t *testing.T) {
	r := joined(t)
	id := acked(t, r, 9, "mine")
	own := message(t, id, 9, me, "mine")
	own.At++
	c, err := r.Cursor(ctx, roomScope)
	must(t, err)
	p := Page{Scope: roomScope, Epoch: "e1", Gen: c.Gen, After: c.Seq, Page: wire.Page{Things: []wire.Thing{own}, Seq: 9, Tag: "t9"}}
	if err := r.Apply(ctx, p); !errors.Is(err, ErrFork) {
		t.Errorf("the same number, otherwise: %v", err)
	}
	p.Things[0].At--
	must(t, r.Apply(ctx, p))
}

// I3: what was kept as an archive has no numbers any more: let in again by a service that went back to an older state, its state replaces
// what is here, though that was numbered higher.
func TestI3_ArchiveOfALostHistory(t *testing.T) {
	r := fresh(t)
	k := workroom.ContractScope("k1")
	contract := func(title string, q int64) wire.Thing {
		return thing(t, k, "k1", q, &workroom.Contract{Title: title, Status: workroom.Active, Client: "you", Freelancer: me, Room: room})
	}
	must(t, r.Apply(ctx, Epoch{"e1"}))
	must(t, r.Apply(ctx, Opened{"e1", []wire.Opened{
		{Scope: mine, Gen: 1, Seq: 1, Hot: []wire.Thing{thing(t, mine, string(k), 1, &workroom.Grant{Gen: 1, Role: workroom.Freelancer, Retain: true})}},
		{Scope: k, Gen: 1, Seq: 5, Hot: []wire.Thing{contract("Lost", 5)}},
	}}))
	must(t, r.Apply(ctx, Gone{[]workroom.Scope{k}}))
	must(t, r.Apply(ctx, Opened{"e1", []wire.Opened{{Scope: k, Gen: 1, Seq: 2, Hot: []wire.Thing{contract("Kept", 2)}}}}))
	list, err := r.Contracts(ctx)
	must(t, err)
	if len(list) != 1 || list[0].Archive || list[0].Thing.(*workroom.Contract).Title != "Kept" {
		t.Errorf("let in again: %+v", list)
	}
}
