package replica

import (
	"testing"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

func TestUnread_MarkerFormula(t *testing.T) {
	r := joined(t)
	page(t, r, roomScope, message(t, "a", 3, "you", "a"), message(t, "b", 4, "you", "b"), message(t, "c", 5, "you", "c"))
	is := func(want int64) {
		t.Helper()
		if n, err := r.Unread(ctx, room); err != nil || n != want {
			t.Errorf("unread %d %v, want %d", n, err, want)
		}
	}
	mark := func(n, e, h int64) {
		t.Helper()
		_, err := r.Enqueue(ctx, workroom.SetMarker{Room: room, Who: me, N: n, E: e, Head: h}, EnqueueOpts{})
		must(t, err)
	}
	is(3)
	mark(2, 1, 3)
	is(1)
	id := say(t, r, "mine")
	is(1)
	answer(t, r, wire.Result{ID: id, Status: wire.OK, Things: []wire.Thing{message(t, id, 6, me, "mine")}})
	is(0) // own newest message came after the marker
	mark(1, 2, 4)
	is(2) // marked unread: it holds although my message came later than n, which is not unread itself
	page(t, r, roomScope, message(t, id, 6, me, "mine"), message(t, "d", 7, "you", "d"))
	is(3)
	if rows, _ := r.Rows(ctx); len(rows) != 1 {
		t.Errorf("%d markers queued", len(rows))
	}
}

// P-24: what somebody wrote whom I blocked is folded and no badge tells of it, in no room; once the block ends it counts as any other.
func TestP24_BadgeWithoutTheBlocked(t *testing.T) {
	r := joined(t)
	page(t, r, roomScope, message(t, "a", 3, "you", "a"), message(t, "b", 4, "them", "b"), message(t, "c", 5, "you", "c"))
	is := func(want, to int64) {
		t.Helper()
		x, err := r.Reading(ctx, room)
		must(t, err)
		all, err := r.UnreadAll(ctx)
		must(t, err)
		if x.Unread != want || x.To != to || all[room] != want {
			t.Errorf("unread %+v, in the list %d, want %d above %d", x, all[room], want, to)
		}
	}
	is(3, 0)
	block := func(on bool) {
		t.Helper()
		_, err := r.Enqueue(ctx, workroom.SetBlock{Who: me, Other: "you", Name: "You", On: on}, EnqueueOpts{})
		must(t, err)
	}
	block(true)
	is(1, 0)
	_, err := r.Enqueue(ctx, workroom.SetMarker{Room: room, Who: me, N: 2, E: 1, Head: 3}, EnqueueOpts{})
	must(t, err)
	is(0, 2)
	block(false)
	is(1, 2)
}

// M-34: who was away does not have to read what was answered in their name; the search finds it as theirs.
func TestM34_OwnAnswersAreRead(t *testing.T) {
	r := joined(t)
	auto := func(id string, born int64, author workroom.AccountID) wire.Thing {
		x := thing(t, roomScope, id, born, &workroom.Message{Author: author, Text: "in Lapland", Auto: true})
		x.By = ""
		return x
	}
	page(t, r, roomScope, message(t, "a", 3, "you", "are you there?"), auto("b", 4, me), auto("c", 5, "you"))
	if n, err := r.Unread(ctx, room); err != nil || n != 2 {
		t.Errorf("unread %d %v, want 2", n, err)
	}
	settled(t, r)
	hits(t, r, "from:me lapland", "b")
	_, err := r.Enqueue(ctx, workroom.SetMarker{Room: room, Who: me, N: 1, E: 1, Head: 3}, EnqueueOpts{})
	must(t, err)
	if n, err := r.Unread(ctx, room); err != nil || n != 1 {
		t.Errorf("unread %d %v, want 1", n, err)
	}
}
