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

// I6, L1: an answer to what was asked before the service's history turned out to be another says nothing. It is asked again, a command as well as
// an upload, and what it says then counts.
func TestI6_AnswerFromBeforeAFork(t *testing.T) {
	for name, lose := range map[string]Change{"fork": Fork{roomScope}, "epoch": Epoch{"e2"}} {
		r := joined(t)
		f := workroom.FileRef{ID: "file1", Name: "a.txt", Size: 3, Type: "text/plain"}
		up := Upload{ID: f.ID, Scope: roomScope, Name: f.Name, Size: 3, Type: f.Type, SHA: "ab", Parts: []string{"ab"}}
		id := say(t, r, "mine")
		_, err := r.Enqueue(ctx, workroom.SendMessage{Room: room, Files: []workroom.FileRef{f}}, EnqueueOpts{Uploads: []Upload{up}})
		must(t, err)
		fly := func() {
			for _, id := range []string{"file1", id} {
				_, err := r.Attempt(ctx, id)
				must(t, err)
			}
		}
		fly()
		must(t, r.Apply(ctx, lose))
		epoch, err := r.Epoch(ctx)
		must(t, err)
		for i, want := range []int{3, 1} {
			answerIn(t, r, "", wire.Result{ID: "file1", Status: wire.OK})
			answerIn(t, r, epoch, wire.Result{ID: id, Status: wire.OK, Things: []wire.Thing{message(t, id, 9, me, "mine")}})
			if n, refused, _ := r.Count(ctx); n != want || refused != 0 {
				t.Errorf("%s, answer %d: %d wait, %d are refused; want %d", name, i, n, refused, want)
			}
			fly()
		}
	}
}

// I5, I16: the right to a scope came back and what was wished since is accepted before the scope was opened anew: it is remembered as accepted,
// so that it comes back if the service loses it, and the scope is asked for.
func TestI16_AcceptedBeforeTheScopeIsBack(t *testing.T) {
	r := joined(t)
	early := say(t, r, "before")
	must(t, r.Apply(ctx, Gone{[]workroom.Scope{roomScope}}))
	late, err := r.Retry(ctx, early)
	must(t, err)
	answer(t, r, wire.Result{ID: late, Status: wire.OK, Things: []wire.Thing{message(t, late, 9, me, "before")}})
	if c, _ := r.Cursor(ctx, roomScope); c.Hold != Named {
		t.Errorf("the room is not asked for again: %+v", c)
	}
	must(t, r.Apply(ctx, Epoch{"e2"}))
	if list, _ := r.Waiting(ctx); len(list) != 1 || list[0].ID != late {
		t.Errorf("not offered again: %+v", list)
	}
}

// I8: what is offered again after a loss and refused then does not stand in its room as sent, nor does its number count as read: its text is in
// Not sent, once.
func TestI8_RefusedAfterALossIsNotShownAsSent(t *testing.T) {
	r := joined(t)
	page(t, r, roomScope, message(t, "a", 3, "you", "a"))
	id := acked(t, r, 4, "mine")
	page(t, r, roomScope, message(t, id, 4, me, "mine"))
	must(t, r.Apply(ctx, Epoch{"e2"}))
	expect(t, r, "a mine")
	answerIn(t, r, "e2", wire.Result{ID: id, Status: wire.Rejected, Code: workroom.BadInput})
	must(t, r.Apply(ctx, Opened{"e2", []wire.Opened{tail(t, 1, 9, 9, message(t, "x", 9, "you", "x"))}}))
	expect(t, r, "a x")
	if list, _ := r.NotSent(ctx); len(list) != 1 || list[0].Command.(workroom.SendMessage).Text != "mine" {
		t.Errorf("Not sent: %+v", list)
	}
}

// I3: a tombstone of a lost history says nothing in the one that counts now: what ended there may live here under another number, before what is
// here of the room.
func TestI3_TombstoneOfALostHistory(t *testing.T) {
	r := joined(t)
	page(t, r, roomScope, message(t, "a", 5, "you", "a"))
	gone := message(t, "a", 6, "you", "")
	gone.Born, gone.Gone, gone.Body = 5, true, nil
	page(t, r, roomScope, gone)
	must(t, r.Apply(ctx, Fork{roomScope}))
	must(t, r.Apply(ctx, Opened{"e1", []wire.Opened{tail(t, 1, 5, 5, message(t, "b", 5, "you", "b"))}}))
	held, err := r.Dump(ctx, roomScope)
	must(t, err)
	for _, x := range held {
		if x.ID == "a" {
			t.Errorf("left of the lost history: %+v", x)
		}
	}
	w, _, err := r.BeginHistory(ctx, roomScope)
	must(t, err)
	must(t, r.Apply(ctx, History{Want: w, RangeOut: wire.RangeOut{Things: []wire.Thing{message(t, "a", 4, "you", "a")}, Lo: 4, Hi: 4, AsOf: 5}}))
	expect(t, r, "a b")
}

// I3: a scope opened anew tells what the newest of each thing is. A row under a greater number that the cursor has passed is of a lost history, of
// which the service cannot tell any more.
func TestI3_RowOfAForgottenHistory(t *testing.T) {
	r := joined(t)
	gone := message(t, "b", 6, "you", "")
	gone.Born, gone.Gone, gone.Body = 4, true, nil
	page(t, r, roomScope, message(t, "a", 5, "you", "lost wording"), gone)
	own := acked(t, r, 12, "mine, ahead")
	must(t, r.Apply(ctx, Opened{"e1", []wire.Opened{tail(t, 1, 9, 0, message(t, "a", 3, "you", "a"), message(t, "b", 4, "you", "b"))}}))
	expect(t, r, "a b mine, ahead")
	must(t, r.Apply(ctx, Opened{"e1", []wire.Opened{tail(t, 1, 12, 0, message(t, "a", 3, "you", "a"), message(t, "b", 4, "you", "b"), message(t, own, 12, me, "mine, ahead"))}}))
	expect(t, r, "a b mine, ahead")
}
