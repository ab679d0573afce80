package replica

import (
	"errors"
	"testing"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// The create arrives by pull before its ack: seen once, and the ack changes nothing.
func TestRebase_OwnCreateByPullBeforeAck(t *testing.T) {
	r := joined(t)
	a := say(t, r, "one")
	say(t, r, "two")
	page(t, r, roomScope, message(t, "x", 3, "you", "hello"), message(t, a, 4, me, "one"))
	expect(t, r, "hello one two:queued")
	answer(t, r, wire.Result{ID: a, Status: wire.OK, Things: []wire.Thing{message(t, a, 4, me, "one")}})
	expect(t, r, "hello one two:queued")
}

// I8: what a command creates came by a pull before its answer, and went again with a service that lost it: it is shown as waiting once more,
// also where its rule never looks at the place it creates.
func TestI8_WhatCameAndWentIsShownAgain(t *testing.T) {
	r := joined(t)
	id, err := r.Enqueue(ctx, workroom.MakeReport{Who: me, Person: "you", Name: "You", Room: room, Reason: workroom.Scam}, EnqueueOpts{})
	must(t, err)
	shown := func() bool {
		x, k, err := r.Thing(ctx, workroom.Ref{Scope: workroom.AccountScope(me), Kind: workroom.KindReport, ID: id})
		must(t, err)
		return k == workroom.Held && x.Thing != nil
	}
	body, err := workroom.Encode(&workroom.Report{Person: "you", Name: "You", Room: room, Reason: workroom.Scam})
	must(t, err)
	c, err := r.Cursor(ctx, workroom.AccountScope(me))
	must(t, err)
	page(t, r, workroom.AccountScope(me), wire.Thing{Scope: workroom.AccountScope(me), Kind: workroom.KindReport, ID: id, Seq: c.Seq + 1, Born: c.Seq + 1, Rev: 1, By: me, Body: body})
	if !shown() {
		t.Fatal("not shown once it came")
	}
	must(t, r.Apply(ctx, Opened{"e1", []wire.Opened{{Scope: workroom.AccountScope(me), Gen: 2, Seq: c.Seq + 2}}}))
	if !shown() {
		t.Error("not shown although it waits")
	}
	checkI8(t, r)
}

// I14 and I3: a page that does not follow the cursor changes nothing.
func TestI14_StalePageRefused(t *testing.T) {
	r := joined(t)
	page(t, r, roomScope, message(t, "a", 3, "you", "a"))
	for _, p := range []Page{
		{Scope: roomScope, Epoch: "e1", Gen: 1, After: 2, Page: wire.Page{Seq: 9}},
		{Scope: roomScope, Epoch: "e0", Gen: 1, After: 3, Page: wire.Page{Seq: 9}},
		{Scope: roomScope, Epoch: "e1", Gen: 2, After: 3, Page: wire.Page{Seq: 9}},
		{Scope: "r:other", Epoch: "e1", Page: wire.Page{Seq: 9}},
	} {
		if err := r.Apply(ctx, p); !errors.Is(err, ErrStale) {
			t.Errorf("%+v: %v", p, err)
		}
	}
	if c, _ := r.Cursor(ctx, roomScope); c.Seq != 3 {
		t.Errorf("cursor %d", c.Seq)
	}
}

// I12: whatever the order, a removed thing does not come back.
func TestI12_NoResurrection(t *testing.T) {
	r := joined(t)
	gone := message(t, "a", 5, "you", "")
	gone.Gone, gone.Body, gone.Born = true, nil, 3
	page(t, r, roomScope, message(t, "a", 3, "you", "a"))
	page(t, r, roomScope, gone)
	answer(t, r, wire.Result{ID: "x", Status: wire.OK, Things: []wire.Thing{message(t, "a", 3, "you", "a")}})
	expect(t, r, "")
}

// I13: older history comes in windows; changes that arrive between question and answer are not lost.
func TestI13_HistoryWindow(t *testing.T) {
	r := fresh(t)
	must(t, r.Apply(ctx, Epoch{"e1"}))
	must(t, r.Apply(ctx, Opened{"e1", []wire.Opened{{Scope: roomScope, Gen: 1, Seq: 10, Msgs: 8, Floor: 9, More: true,
		Tail: []wire.Thing{message(t, "i", 9, "you", "i"), message(t, "j", 10, "you", "j")}}}}))
	edited := message(t, "e", 11, "you", "e!")
	edited.Born = 5
	page(t, r, roomScope, edited) // outside what is here: not stored
	expect(t, r, "i j")
	w, more, err := r.BeginHistory(ctx, roomScope)
	must(t, err)
	if !more || w.Before != 9 || w.Min != 11 {
		t.Fatalf("want %+v %v", w, more)
	}
	gone := message(t, "g", 12, "you", "")
	gone.Born, gone.Gone, gone.Body = 7, true, nil
	page(t, r, roomScope, gone)
	old := message(t, "f", 6, "you", "f")
	stale := message(t, "g", 7, "you", "g")
	edited.Seq = 11
	must(t, r.Apply(ctx, History{Want: w, RangeOut: wire.RangeOut{Things: []wire.Thing{edited, old, stale}, Lo: 5, Hi: 8, AsOf: 11, More: true}}))
	expect(t, r, "e! f i j")
	win, err := r.Window(ctx, roomScope, workroom.KindMessage, 9, 1)
	must(t, err)
	if len(win.Rows) != 1 || !win.Older || !win.More {
		t.Errorf("window %+v", win)
	}
	w, _, err = r.BeginHistory(ctx, roomScope)
	must(t, err)
	must(t, r.Apply(ctx, History{Want: w, RangeOut: wire.RangeOut{Things: []wire.Thing{message(t, "c", 3, "you", "c")}, Lo: 3, Hi: 4, AsOf: 12}}))
	expect(t, r, "c e! f i j")
	if _, more, _ := r.BeginHistory(ctx, roomScope); more {
		t.Error("asks for more than there is")
	}
}
