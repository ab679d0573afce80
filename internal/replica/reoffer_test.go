package replica

import (
	"fmt"
	"strings"
	"testing"

	"trestle/internal/outbox"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// acked sends a message and has it accepted at seq.
func acked(t testing.TB, r *Replica, seq int64, text string) string {
	t.Helper()
	id := say(t, r, text)
	if _, err := r.Attempt(ctx, id); err != nil {
		t.Fatal(err)
	}
	r.Landed(id)
	answer(t, r, wire.Result{ID: id, Status: wire.OK, Things: []wire.Thing{message(t, id, seq, me, text)}})
	return id
}

// I6, I16: after a restore what was acked goes down the normal road again: what the service still has is answered from its record, the
// rest runs again under its id and is shown as recovered.
func TestI16_RestoreOffersAckedAgain(t *testing.T) {
	r := joined(t)
	kept, lost := acked(t, r, 3, "kept"), acked(t, r, 4, "lost")
	say(t, r, "new")
	must(t, r.Apply(ctx, Epoch{"e2"}))
	expect(t, r, "kept lost new:queued") // the screen stands still
	list, err := r.Waiting(ctx)
	must(t, err)
	if len(list) != 3 || list[0].ID != kept || list[1].ID != lost || !list[0].Recovered || list[2].Recovered || list[1].Attempts == 0 {
		t.Fatalf("offered again: %+v", list)
	}
	must(t, r.Apply(ctx, Opened{"e2", []wire.Opened{tail(t, 1, 3, 0, message(t, kept, 3, me, "kept"))}}))
	expect(t, r, "kept lost:queued new:queued")
	w, _ := r.Window(ctx, roomScope, workroom.KindMessage, 0, 0)
	if w.Rows[0].Recovered || !w.Rows[1].Recovered || w.Rows[2].Recovered {
		t.Errorf("recovered: %v %v %v", w.Rows[0].Recovered, w.Rows[1].Recovered, w.Rows[2].Recovered)
	}
	if err := r.Discard(ctx, lost); err == nil {
		t.Error("a command that may be at the service was discarded")
	}
	must(t, r.Apply(ctx, Results{Epoch: "e2", Results: []wire.Result{
		{ID: kept, Status: wire.OK, Things: []wire.Thing{message(t, kept, 3, me, "kept")}},
		{ID: lost, Status: wire.OK, Things: []wire.Thing{message(t, lost, 4, me, "lost")}}}}))
	expect(t, r, "kept lost new:queued")
	w, _ = r.Window(ctx, roomScope, workroom.KindMessage, 0, 0)
	if w.Rows[0].Recovered || !w.Rows[1].Recovered {
		t.Errorf("after the ack: %v %v", w.Rows[0].Recovered, w.Rows[1].Recovered)
	}
	must(t, r.Apply(ctx, Epoch{"e3"})) // and once more, all of it
	if list, _ := r.Waiting(ctx); len(list) != 3 {
		t.Errorf("%d offered at the next restore", len(list))
	}
}

// I15, I16: a fork inside one epoch offers everything again once, and at the next loss, however soon, again.
func TestI16_ForkOffersAckedAgain(t *testing.T) {
	r := joined(t)
	a, b := acked(t, r, 3, "a"), acked(t, r, 4, "b")
	page(t, r, roomScope, message(t, a, 3, me, "a"), message(t, b, 4, me, "b"))
	must(t, r.Apply(ctx, Fork{roomScope}))
	expect(t, r, "a b")
	if c, _ := r.Cursor(ctx, roomScope); c.Hold != Stale || c.Seq != 0 {
		t.Errorf("I15: the cursor still counts: %+v", c)
	}
	if list, _ := r.Waiting(ctx); len(list) != 2 {
		t.Fatalf("%d offered again", len(list))
	}
	must(t, r.Apply(ctx, Opened{"e1", []wire.Opened{tail(t, 1, 2, 0)}}))
	expect(t, r, "a:queued b:queued")
	answer(t, r, wire.Result{ID: a, Status: wire.OK, Things: []wire.Thing{message(t, a, 3, me, "a")}},
		wire.Result{ID: b, Status: wire.OK, Things: []wire.Thing{message(t, b, 4, me, "b")}})
	expect(t, r, "a b")
	must(t, r.Apply(ctx, Fork{"r:other"}))
	if list, _ := r.Waiting(ctx); len(list) != 0 {
		t.Errorf("offered twice for one loss: %+v", list)
	}
	must(t, r.Apply(ctx, Fork{roomScope}))
	if list, _ := r.Waiting(ctx); len(list) != 2 {
		t.Errorf("a fork of the scope itself offers %d", len(list))
	}
}

// An upload, and what opens a room, go before what needs them, though the edges were dropped when they were acked.
func TestI7_ReofferedParentsGoFirst(t *testing.T) {
	r := fresh(t)
	must(t, r.Apply(ctx, Epoch{"e1"}))
	must(t, r.Apply(ctx, Opened{"e1", []wire.Opened{{Scope: mine, Gen: 1, Seq: 1}}}))
	c := workroom.CreateContract{Contract: "k1", Who: me, Name: "Me", Room: room, Title: "Own work", Self: true,
		Terms: workroom.Terms{Rate: 100, Currency: "EUR", Unlimited: true, Shots: workroom.ShotsNone, IdleMinutes: 10}}
	create, err := r.Enqueue(ctx, c, EnqueueOpts{ID: "k1"})
	must(t, err)
	f := workroom.FileRef{ID: "file1", Name: "a.txt", Size: 3, Type: "text/plain"}
	up := Upload{ID: f.ID, Scope: roomScope, Name: f.Name, Size: 3, Type: f.Type, SHA: "ab", Parts: []string{"ab"}}
	msg, err := r.Enqueue(ctx, workroom.SendMessage{Room: room, Files: []workroom.FileRef{f}}, EnqueueOpts{Uploads: []Upload{up}})
	must(t, err)
	for _, id := range []string{create, "file1", msg} {
		answer(t, r, wire.Result{ID: id, Status: wire.OK})
	}
	later := say(t, r, "later")
	must(t, r.Apply(ctx, Epoch{"e2"}))
	rows, err := r.Rows(ctx)
	must(t, err)
	after := map[string]string{}
	for _, x := range rows {
		after[x.ID] = strings.Join(x.After, ",")
	}
	want := map[string]string{create: "", "file1": create, msg: "file1," + create, later: create}
	if fmt.Sprint(after) != fmt.Sprint(want) {
		t.Errorf("edges %v, want %v", after, want)
	}
	if b := outbox.Next(rows, 1<<62, nil); len(b) != 1 || b[0][0].ID != create {
		t.Errorf("goes first: %+v", b)
	}
	// The bytes are gone here: the message goes alone, and the service decides.
	answerIn(t, r, "e2", wire.Result{ID: create, Status: wire.OK})
	answerIn(t, r, "e2", wire.Result{ID: "file1", Status: wire.Rejected, Code: workroom.Gone})
	rows, _ = r.Rows(ctx)
	if b := outbox.Next(rows, 1<<62, nil); len(b) != 1 || b[0][0].ID != msg {
		t.Errorf("does not go alone: %+v", rows)
	}
	answerIn(t, r, "e2", wire.Result{ID: msg, Status: wire.DepWait})
	if list, _ := r.NotSent(ctx); len(list) != 1 || list[0].Code != workroom.DepFailed {
		t.Errorf("a file that can come from nowhere: %+v", list)
	}
}

// Class W is not sent again by itself: it waits for the person, keeps its id, and holds back only what stands on it.
func TestReoffer_ClassWAsksThePerson(t *testing.T) {
	accept := func(r *Replica) string {
		id, err := r.Enqueue(ctx, workroom.AcceptContract{Contract: "k1", Room: room, Who: me, Name: "Me", Secret: "s"}, EnqueueOpts{About: "k1"})
		must(t, err)
		answer(t, r, wire.Result{ID: id, Status: wire.OK})
		return id
	}
	r := joined(t)
	id := accept(r)
	msg := acked(t, r, 3, "in the contract's room")
	must(t, r.Apply(ctx, Epoch{"e2"}))
	list, err := r.NotSent(ctx)
	must(t, err)
	if len(list) != 1 || list[0].ID != id || list[0].State != outbox.Asking || list[0].Verdict != outbox.Confirm || list[0].Text == "" || list[0].About != "k1" {
		t.Fatalf("asked: %+v", list)
	}
	rows, _ := r.Rows(ctx)
	if b := outbox.Next(rows, 1<<62, nil); len(b) != 0 {
		t.Errorf("goes without being asked: %+v", b)
	}
	again, err := r.Retry(ctx, id)
	must(t, err)
	rows, _ = r.Rows(ctx)
	if b := outbox.Next(rows, 1<<62, nil); again != id || len(b) != 1 || b[0][0].ID != id || !b[0][0].Recovered {
		t.Errorf("confirmed: %s %+v", again, b)
	}
	answerIn(t, r, "e2", wire.Result{ID: id, Status: wire.OK})
	rows, _ = r.Rows(ctx)
	if b := outbox.Next(rows, 1<<62, nil); len(b) != 1 || b[0][0].ID != msg {
		t.Errorf("then: %+v", b)
	}

	r = joined(t) // the copy shows it done once the contract was opened anew: nobody is asked
	accept(r)
	must(t, r.Apply(ctx, Epoch{"e2"}))
	k := workroom.ContractScope("k1")
	must(t, r.Apply(ctx, Opened{"e2", []wire.Opened{{Scope: k, Gen: 1, Seq: 5, Hot: []wire.Thing{
		thing(t, k, "k1", 5, &workroom.Contract{Status: workroom.Active, Client: "you", Freelancer: me, Room: room})}}}}))
	if list, _ := r.NotSent(ctx); len(list) != 0 {
		t.Errorf("asked about what is so: %+v", list)
	}

	r = joined(t) // and the person may let it go
	id = accept(r)
	must(t, r.Apply(ctx, Epoch{"e2"}))
	must(t, r.Discard(ctx, id))
	if n, refused, _ := r.Count(ctx); n+refused != 0 {
		t.Errorf("%d %d left", n, refused)
	}
}

// I6: an answer of a history the service has lost says nothing about the one it has: the command stays on its way.
func TestI6_LateAnswerOfALostHistory(t *testing.T) {
	r := joined(t)
	id := say(t, r, "mine")
	must(t, r.Apply(ctx, Epoch{"e2"}))
	must(t, r.Apply(ctx, Opened{"e2", []wire.Opened{tail(t, 1, 2, 0)}}))
	for _, res := range []wire.Result{{ID: id, Status: wire.OK, Things: []wire.Thing{message(t, id, 3, me, "mine")}}, {ID: id, Status: wire.Rejected, Code: workroom.Gone}} {
		must(t, r.Apply(ctx, Results{Epoch: "e1", Results: []wire.Result{res}}))
		expect(t, r, "mine:queued")
	}
	must(t, r.Apply(ctx, Results{Epoch: "e2", Results: []wire.Result{{ID: id, Status: wire.OK, Things: []wire.Thing{message(t, id, 3, me, "mine")}}}}))
	expect(t, r, "mine")
	// An answer of a history not heard of yet counts, and is not offered again when it is.
	next := say(t, r, "next")
	must(t, r.Apply(ctx, Results{Epoch: "e3", Results: []wire.Result{{ID: next, Status: wire.OK}}}))
	must(t, r.Apply(ctx, Epoch{"e3"}))
	if list, _ := r.Waiting(ctx); len(list) != 1 || list[0].ID != id {
		t.Errorf("offered again: %+v", list)
	}
}
