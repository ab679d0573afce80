package replica

import (
	"slices"
	"testing"
	"time"

	"trestle/internal/outbox"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// M-31, M-32: what was written without a network gets its number after messages of others; these stay unread, however many of one's own
// follow, here and on every other device. What stood above it is read by writing, as ever.
func TestM31_OwnMessagesReadWhatStoodAboveThem(t *testing.T) {
	r := joined(t)
	page(t, r, roomScope, message(t, "a", 3, "you", "here before"))
	var mine []wire.Thing
	var ids []string
	for range 3 {
		ids = append(ids, say(t, r, "on the train"))
	}
	rows, err := r.Attempt(ctx, ids...)
	must(t, err)
	for i, row := range rows {
		c, err := outbox.Decode(row)
		must(t, err)
		changes, no := workroom.Run(c, workroom.Asked{ID: row.ID, By: me, At: time.UnixMicro(6)}, nowhere{})
		if no != nil {
			t.Fatal(no)
		}
		mine = append(mine, thing(t, roomScope, row.ID, 6+int64(i), changes[0].Thing))
	}
	is := func(want Reading, first string) {
		t.Helper()
		x, err := r.Reading(ctx, room)
		must(t, err)
		at, _, err := r.FirstUnread(ctx, room)
		must(t, err)
		if x != want || at != first {
			t.Errorf("%+v from %q, want %+v from %q", x, at, want, first)
		}
	}
	page(t, r, roomScope, append([]wire.Thing{message(t, "b", 4, "you", "meanwhile"), message(t, "c", 5, "you", "and this")}, mine...)...)
	is(Reading{To: 1, Last: 6, Unread: 2}, "b")
	// Written with all of it in sight.
	reply := thing(t, roomScope, "r", 9, &workroom.Message{Author: me, Text: "I see", Above: 6})
	page(t, r, roomScope, reply)
	is(Reading{To: 7, Last: 7}, "")
	// Marked as unread from the second on: what was written before that reads nothing of it, what comes after it all.
	_, err = r.Enqueue(ctx, workroom.SetMarker{Room: room, Who: me, N: 1, E: 1, Head: 7}, EnqueueOpts{})
	must(t, err)
	is(Reading{To: 1, Last: 7, Unread: 2}, "b")
	page(t, r, roomScope, thing(t, roomScope, "l", 10, &workroom.Message{Author: me, Text: "late from another device", Above: 4}))
	is(Reading{To: 1, Last: 8, Unread: 2}, "b")
	page(t, r, roomScope, thing(t, roomScope, "n", 11, &workroom.Message{Author: me, Text: "after it", Above: 8}))
	is(Reading{To: 9, Last: 9}, "")
}

// M-31: a copy that has only the newest of what one wrote counts none of the rest as unread, and of others what it has.
func TestM31_OwnMessagesThatAreNotHere(t *testing.T) {
	r := joined(t)
	mine := thing(t, roomScope, "mine", 90, &workroom.Message{Author: me, Text: "the fortieth from the train", Above: 10})
	mine.Num = 51
	page(t, r, roomScope, mine)
	is := func(want Reading) {
		t.Helper()
		if x, err := r.Reading(ctx, room); err != nil || x != want {
			t.Errorf("%+v %v, want %+v", x, err, want)
		}
	}
	is(Reading{To: 51, Last: 51})
	theirs := message(t, "theirs", 95, "you", "and then")
	theirs.Num = 52
	page(t, r, roomScope, theirs)
	is(Reading{To: 51, Last: 52, Unread: 1})
	_, err := r.Enqueue(ctx, workroom.SetMarker{Room: room, Who: me, N: 20, Head: 20}, EnqueueOpts{}) // read on another device, up to before it
	must(t, err)
	is(Reading{To: 51, Last: 52, Unread: 1})
}

// A program of another maker may say what it likes of what stood above its message: it reads never more than up to itself.
func TestM32_ReadByWriting(t *testing.T) {
	for _, x := range []struct{ num, above, want int64 }{
		{5, 0, 5}, {5, -1, 0}, {5, 3, 3}, {5, 5, 5}, {5, 900, 5}, {5, -9, 0}, {1, -1, 0}, {1, 0, 1},
	} {
		if got := workroom.ReadBy(x.num, x.above); got != x.want {
			t.Errorf("message %d above %d reads up to %d, want %d", x.num, x.above, got, x.want)
		}
	}
}

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

// M-30: one's name is looked for in what is not read, all of it, whatever was deleted since; in what is read it calls nobody.
func TestM30_WhereOneIsNamed(t *testing.T) {
	r := joined(t)
	is := func(want ...string) {
		t.Helper()
		rows, err := r.UnreadNaming(ctx, room)
		must(t, err)
		var got []string
		for _, x := range rows {
			got = append(got, x.ID)
		}
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("named in %q, want %q", got, want)
		}
	}
	named := "<@" + string(me) + ">"
	page(t, r, roomScope, message(t, "a", 3, "you", named), thing(t, roomScope, "b", 4, &workroom.Message{Author: me, Text: "yes", Above: 1}))
	is()
	page(t, r, roomScope, message(t, "c", 5, "you", named), message(t, "d", 6, "you", "so"), message(t, "e", 7, "you", named))
	is("c", "e")
	var gone []wire.Thing
	for i, id := range []string{"x", "y", "z"} {
		deleted := message(t, id, 8+int64(i), "you", "")
		deleted.Gone, deleted.Num, deleted.Body = true, 0, nil
		gone = append(gone, deleted)
	}
	page(t, r, roomScope, gone...)
	is("c", "e")
	_, err := r.Enqueue(ctx, workroom.SetMarker{Room: room, Who: me, N: 4, E: 1, Head: 5}, EnqueueOpts{})
	must(t, err)
	is("e")
}
