package replica

import (
	"errors"
	"testing"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// tail is a room's state with some of its newest messages.
func tail(t testing.TB, gen, seq, floor int64, things ...wire.Thing) wire.Opened {
	return wire.Opened{Scope: roomScope, Gen: gen, Seq: seq, Tag: "t", Floor: floor, More: floor > 0, Tail: things, Hot: []wire.Thing{
		thing(t, roomScope, "room", 1, &workroom.Room{Name: "Room"}), thing(t, roomScope, "me", 1, &workroom.Member{Name: "Me"})}}
}

// A reset never blanks a room: what was read stays, marked stale, until history replaces it; what is gone meanwhile goes then (sync.md §10).
func TestReset_StaleSpansStayUntilAskedAnew(t *testing.T) {
	r := joined(t)
	page(t, r, roomScope, message(t, "a", 3, "you", "a"), message(t, "b", 4, "you", "b"), message(t, "c", 5, "you", "c"))
	say(t, r, "mine")
	must(t, r.Apply(ctx, Opened{"e1", []wire.Opened{tail(t, 2, 20, 19, message(t, "x", 19, "you", "x"), message(t, "y", 20, "you", "y"))}}))
	expect(t, r, "a b c x y mine:queued")
	w, err := r.Window(ctx, roomScope, workroom.KindMessage, 0, 0)
	must(t, err)
	if w.Stale != 19 || !w.Older {
		t.Errorf("the window does not say what is stale: %+v", w)
	}
	if w, _ := r.Window(ctx, roomScope, workroom.KindMessage, 0, 2); w.Stale != 0 || !w.More || !w.Older {
		t.Errorf("a window of what is whole: %+v", w)
	}
	if w, _ := r.Window(ctx, roomScope, workroom.KindMessage, 5, 0); len(w.Rows) != 2 || w.Stale != 19 {
		t.Errorf("a window inside the stale: %+v", w)
	}
	if spans, _ := r.Spans(ctx, roomScope); len(spans) != 1 || spans[0].Lo != 19 {
		t.Errorf("I13: stale counts as whole: %v", spans)
	}
	// Between old cursor and floor there is a gap: what is pulled into it must not stand in the timeline.
	odd := message(t, "n", 21, "you", "edited")
	odd.Born = 12
	page(t, r, roomScope, odd)
	expect(t, r, "a b c x y mine:queued")

	w1, more, err := r.BeginHistory(ctx, roomScope)
	must(t, err)
	if !more || w1.Before != 19 {
		t.Fatalf("%+v", w1)
	}
	// b is gone, n was written and edited, of c an older answer comes late.
	must(t, r.Apply(ctx, History{Want: w1, RangeOut: wire.RangeOut{Things: []wire.Thing{message(t, "c", 5, "you", "c"), odd}, Lo: 5, Hi: 18, AsOf: 21, More: true}}))
	expect(t, r, "a b c edited x y mine:queued")
	if w, _ := r.Window(ctx, roomScope, workroom.KindMessage, 0, 0); w.Stale != 5 {
		t.Errorf("stale below %d", w.Stale)
	}
	w2, _, err := r.BeginHistory(ctx, roomScope)
	must(t, err)
	must(t, r.Apply(ctx, History{Want: w2, RangeOut: wire.RangeOut{Things: []wire.Thing{message(t, "a", 3, "you", "a")}, Lo: 3, Hi: 4, AsOf: 21}}))
	expect(t, r, "a c edited x y mine:queued")
	if w, _ := r.Window(ctx, roomScope, workroom.KindMessage, 0, 0); w.Stale != 0 || w.Older {
		t.Errorf("something is left stale: %+v", w)
	}
}

// A device let in again later than before must not keep what was born before (I10), stale or not.
func TestReset_LaterFromBornTakesOlderRows(t *testing.T) {
	r := joined(t)
	page(t, r, roomScope, message(t, "a", 3, "you", "a"), message(t, "b", 4, "you", "b"))
	o := tail(t, 2, 30, 29, message(t, "x", 29, "you", "x"))
	o.FromBorn = 4
	must(t, r.Apply(ctx, Opened{"e1", []wire.Opened{o}}))
	expect(t, r, "b x")
}

// I14: an answer to open that is older than the cursor, in the same generation, does not bring the cursor back.
func TestI14_OlderOpenedChangesNothing(t *testing.T) {
	r := joined(t)
	page(t, r, roomScope, message(t, "a", 3, "you", "a"))
	must(t, r.Apply(ctx, Opened{"e1", []wire.Opened{tail(t, 1, 2, 0)}}))
	expect(t, r, "a")
	if c, _ := r.Cursor(ctx, roomScope); c.Seq != 3 {
		t.Errorf("cursor %d", c.Seq)
	}
}

// I12: a tombstone that came while history was asked for outlives an answer of before it, and a sweep.
func TestI12_TombstoneOutlivesLateHistoryAndSweep(t *testing.T) {
	r := joined(t)
	must(t, r.Apply(ctx, Opened{"e1", []wire.Opened{tail(t, 2, 20, 19, message(t, "x", 19, "you", "x"))}}))
	w, _, err := r.BeginHistory(ctx, roomScope)
	must(t, err)
	gone := message(t, "a", 21, "you", "")
	gone.Born, gone.Gone, gone.Body = 5, true, nil
	page(t, r, roomScope, gone)
	must(t, r.Apply(ctx, History{Want: w, RangeOut: wire.RangeOut{Things: []wire.Thing{message(t, "a", 5, "you", "a")}, Lo: 5, Hi: 18, AsOf: 20}}))
	expect(t, r, "x")
	// and after another re-open, with an ack of long ago
	must(t, r.Apply(ctx, Opened{"e1", []wire.Opened{tail(t, 3, 22, 0, message(t, "x", 19, "you", "x"))}}))
	answer(t, r, wire.Result{ID: "q", Status: wire.OK, Things: []wire.Thing{message(t, "a", 5, "you", "a")}})
	expect(t, r, "x")
}

// I15, I16: a pull that ends without a row the service acked to this device before is of another history: nothing of it is applied.
func TestI15_PageWithoutWhatWasAckedIsAFork(t *testing.T) {
	r := joined(t)
	id := acked(t, r, 4, "mine")
	if c, _ := r.Cursor(ctx, roomScope); c.Ahead != 4 || c.Seq != 2 {
		t.Errorf("cursor %+v", c)
	}
	p := Page{Scope: roomScope, Epoch: "e1", Gen: 1, After: 2, Page: wire.Page{Seq: 9, Things: []wire.Thing{message(t, "x", 5, "you", "x")}}}
	if err := r.Apply(ctx, p); !errors.Is(err, ErrFork) {
		t.Fatalf("applied: %v", err)
	}
	expect(t, r, "mine")
	p.More, p.Page.Seq = true, 5 // in the middle of a pull nothing is known yet
	must(t, r.Apply(ctx, p))
	page(t, r, roomScope, message(t, "y", 7, "you", "y"), func() wire.Thing { x := message(t, id, 8, me, "mine, edited"); x.Born = 4; return x }())
	if c, _ := r.Cursor(ctx, roomScope); c.Ahead != 0 || c.Seq != 8 {
		t.Errorf("cursor %+v", c)
	}
	expect(t, r, "mine, edited x y")
	again := acked(t, r, 9, "again") // and the usual case: a pull brings it
	page(t, r, roomScope, message(t, again, 9, me, "again"))
	expect(t, r, "mine, edited x y again")
}

// A scope opened anew because its digest differs heals a row that is not as the service wrote it, though its number is right.
func TestReopen_HealsADamagedRow(t *testing.T) {
	r := joined(t)
	page(t, r, roomScope, message(t, "a", 3, "you", "a"))
	_, err := r.full.Exec(`UPDATE base SET body='{"author":"you","text":"b","at":3}' WHERE id='a'`)
	must(t, err)
	must(t, r.Apply(ctx, Opened{"e1", []wire.Opened{tail(t, 1, 3, 0, message(t, "a", 3, "you", "a"))}}))
	expect(t, r, "a")
}

func (nowhere) Row(workroom.Ref) (workroom.Thing, workroom.Known) { return nil, workroom.Unheld }

func (nowhere) All(workroom.Scope, workroom.Kind) ([]workroom.Ref, workroom.Known) {
	return nil, workroom.Unheld
}

// I12: what was acked while a room was not held (here after a fork) stays on screen, and once the room was opened anew it lies in a stale
// stretch or is not here at all: its end may be among what the answer leaves out.
func TestI12_AckedWhileNotHeld(t *testing.T) {
	r := joined(t)
	page(t, r, roomScope, message(t, "a", 3, "you", "a"))
	must(t, r.Apply(ctx, Fork{roomScope}))
	acked(t, r, 12, "mine")
	expect(t, r, "a mine")
	must(t, r.Apply(ctx, Opened{"e1", []wire.Opened{tail(t, 1, 20, 19, message(t, "x", 19, "you", "x"))}}))
	expect(t, r, "a mine x")
	if w, _ := r.Window(ctx, roomScope, workroom.KindMessage, 0, 0); w.Stale != 19 {
		t.Errorf("it counts as whole: %+v", w)
	}

	// A room that was never held has no stretch at all.
	const other = "r:other"
	id, err := r.Enqueue(ctx, workroom.SendMessage{Room: "other", Text: "mine"}, EnqueueOpts{})
	must(t, err)
	m := message(t, id, 12, me, "mine")
	m.Scope = other
	answer(t, r, wire.Result{ID: id, Status: wire.OK, Things: []wire.Thing{m}})
	x := message(t, "x", 19, "you", "x")
	x.Scope = other
	must(t, r.Apply(ctx, Opened{"e1", []wire.Opened{{Scope: other, Gen: 1, Seq: 20, Tag: "t", Floor: 19, More: true, Tail: []wire.Thing{x}}}}))
	var n int
	must(t, r.read(ctx, func(l *link) error {
		_, err := l.scan(`SELECT count(*) FROM base WHERE id=?`, []any{id}, &n)
		return err
	}))
	if n != 0 {
		t.Error("a message lies outside all stretches, where nothing tells of its end")
	}
}

func TestEpoch_KeepsScreenAndOutbox(t *testing.T) {
	r := joined(t)
	page(t, r, roomScope, message(t, "a", 3, "you", "a"))
	say(t, r, "mine")
	must(t, r.Apply(ctx, Epoch{"e2"}))
	expect(t, r, "a mine:queued")
	must(t, r.Apply(ctx, Opened{"e2", []wire.Opened{{Scope: roomScope, Gen: 1, Seq: 2, Hot: []wire.Thing{
		thing(t, roomScope, "room", 1, &workroom.Room{Name: "Room"}), thing(t, roomScope, "me", 1, &workroom.Member{Name: "Me"})}}}}))
	expect(t, r, "mine:queued")
}

func TestReopen_SweepsWhatIsNotThere(t *testing.T) {
	r := joined(t)
	id := say(t, r, "ahead")
	answer(t, r, wire.Result{ID: id, Status: wire.OK, Things: []wire.Thing{message(t, id, 9, me, "ahead")}})
	must(t, r.Apply(ctx, Opened{"e1", []wire.Opened{{Scope: roomScope, Gen: 2, Seq: 3, Hot: []wire.Thing{
		thing(t, roomScope, "room", 1, &workroom.Room{Name: "Room"}), thing(t, roomScope, "me", 1, &workroom.Member{Name: "Me"})}}}}))
	if rows, _ := r.All(ctx, roomScope, workroom.KindMember); len(rows) != 1 {
		t.Errorf("members: %+v", rows)
	}
	expect(t, r, "ahead")
}
