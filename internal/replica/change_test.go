package replica

import (
	"strings"
	"testing"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// edited is a message of base after a change that came from the service: it keeps who wrote it, and when.
func edited(t testing.TB, was wire.Thing, seq int64, x *workroom.Message) wire.Thing {
	t.Helper()
	n := was
	n.Seq, n.Rev, n.Body = seq, was.Rev+1, body(t, x)
	return n
}

func enqueue(t testing.TB, r *Replica, c workroom.Command) string {
	t.Helper()
	id, err := r.Enqueue(ctx, c, EnqueueOpts{})
	must(t, err)
	return id
}

// M-26: an edit is on screen and found at once, by its new words alone; refused, it is as if it never was; accepted, nothing flickers. The
// message keeps its number, by which it is read.
func TestM26_EditBeforeTheServiceHasIt(t *testing.T) {
	r := joined(t)
	a := message(t, "a", 3, me, "walnut plan")
	a.Num = 1
	page(t, r, roomScope, a, message(t, "b", 4, "you", "other"))
	settled(t, r)
	hits(t, r, "walnut", "a")

	id := enqueue(t, r, workroom.EditMessage{Room: room, Message: "a", Text: "maple plan"})
	expect(t, r, "maple plan:queued other")
	w, err := r.Window(ctx, roomScope, workroom.KindMessage, 0, 0)
	must(t, err)
	if x := w.Rows[0]; x.Num != 1 || !x.Numbered() || !x.Waits() || x.Command != id {
		t.Errorf("%+v", x)
	}
	hits(t, r, "maple", "a")
	hits(t, r, "walnut", "")

	answer(t, r, wire.Result{ID: id, Status: wire.Rejected, Code: workroom.RoomArchived, Retry: workroom.RetryNever})
	expect(t, r, "walnut plan other")
	hits(t, r, "walnut", "a")
	must(t, r.Discard(ctx, id))

	id = enqueue(t, r, workroom.EditMessage{Room: room, Message: "a", Text: "oak plan"})
	answer(t, r, wire.Result{ID: id, Status: wire.OK, Things: []wire.Thing{edited(t, a, 5, &workroom.Message{Author: me, Text: "oak plan", At: 3, Edited: 5})}})
	expect(t, r, "oak plan other")
	settled(t, r)
	hits(t, r, "oak", "a")
	hits(t, r, "walnut", "")
}

// M-26: of edits that wait the newest goes, under the number of the first; what a person said in between nobody else ever saw.
func TestM26_EditsThatWaitAreOne(t *testing.T) {
	r := joined(t)
	page(t, r, roomScope, message(t, "a", 3, me, "one"))
	first := enqueue(t, r, workroom.EditMessage{Room: room, Message: "a", Text: "two"})
	enqueue(t, r, workroom.React{Room: room, Message: "a", Emoji: "👍", On: true})
	if again := enqueue(t, r, workroom.EditMessage{Room: room, Message: "a", Text: "three"}); again != first {
		t.Errorf("a second row %s beside %s", again, first)
	}
	expect(t, r, "three:queued")
	w, err := r.Window(ctx, roomScope, workroom.KindMessage, 0, 0)
	must(t, err)
	m := w.Rows[0].Thing.(*workroom.Message)
	if len(m.Wordings) != 1 || m.Wordings[0].Text != "one" || len(m.Reactions) != 1 {
		t.Errorf("%+v", m)
	}
}

// M-28: what waits here and what came meanwhile from elsewhere both stand, whichever came first.
func TestM28_AReactionThatWaitsMeetsAnEdit(t *testing.T) {
	r := joined(t)
	a := message(t, "a", 3, "you", "one")
	page(t, r, roomScope, a)
	enqueue(t, r, workroom.React{Room: room, Message: "a", Emoji: "👍", On: true})
	page(t, r, roomScope, edited(t, a, 4, &workroom.Message{Author: "you", Text: "two", At: 3, Edited: 4,
		Reactions: []workroom.Reaction{{Emoji: "👍", By: []workroom.AccountID{"you"}}}}))
	expect(t, r, "two:queued")
	w, err := r.Window(ctx, roomScope, workroom.KindMessage, 0, 0)
	must(t, err)
	m := w.Rows[0].Thing.(*workroom.Message)
	if len(m.Reactions) != 1 || len(m.Reactions[0].By) != 2 {
		t.Errorf("%+v", m.Reactions)
	}
	// It is still its author's for the search, not that of whoever reacted last.
	if f := hits(t, r, "from:me two", ""); len(f.Rows) != 0 {
		t.Error("a reaction made the message mine")
	}
}

// M-27: a deleted message stays in its place without a word, is not found, and takes its file's bytes along; a change that waits on it is
// shown no more.
func TestM27_ADeletedMessageStaysEmpty(t *testing.T) {
	r := joined(t)
	a := message(t, "a", 3, me, "walnut")
	page(t, r, roomScope, a, message(t, "b", 4, "you", "other"))
	settled(t, r)
	enqueue(t, r, workroom.React{Room: room, Message: "b", Emoji: "👍", On: true})
	enqueue(t, r, workroom.DeleteMessage{Room: room, Message: "a"})
	expect(t, r, ":queued other:queued")
	hits(t, r, "walnut", "")
	page(t, r, roomScope, edited(t, message(t, "b", 4, "you", "other"), 5, &workroom.Message{Author: "you", At: 4, Deleted: 5}))
	settled(t, r)
	expect(t, r, ":queued ")
	w, err := r.Window(ctx, roomScope, workroom.KindMessage, 0, 0)
	must(t, err)
	for _, x := range w.Rows {
		if m := x.Thing.(*workroom.Message); m.Deleted == 0 || m.Text != "" || len(m.Reactions) != 0 {
			t.Errorf("%s: %+v", x.ID, m)
		}
	}
	hits(t, r, "other", "")
}

// M-26: an edit of a message that waits itself goes into it, as long as it was never sent.
func TestM26_AnEditOfWhatWaits(t *testing.T) {
	r := joined(t)
	id := say(t, r, "one")
	again, err := r.EditArgs(ctx, id, workroom.SendMessage{Room: room, Text: "two"}, nil)
	must(t, err)
	if again != id {
		t.Errorf("it is %s now", again)
	}
	expect(t, r, "two:queued")
	if rows, _ := r.Rows(ctx); len(rows) != 1 {
		t.Errorf("%d rows wait", len(rows))
	}
	_, err = r.Attempt(ctx, id)
	must(t, err)
	edit := enqueue(t, r, workroom.EditMessage{Room: room, Message: id, Text: "three"})
	if got := texts(t, r); !strings.HasPrefix(got, "three:") {
		t.Errorf("room shows %q", got)
	}
	answer(t, r, wire.Result{ID: id, Status: wire.OK, Things: []wire.Thing{message(t, id, 3, me, "two")}})
	expect(t, r, "three:queued")
	w, err := r.Window(ctx, roomScope, workroom.KindMessage, 0, 0)
	must(t, err)
	if x := w.Rows[0]; !x.Numbered() || x.Command != edit {
		t.Errorf("%+v", x)
	}
}

// S-01: what is found is what is read: marks inside a word do not part it, here and where it waits; what was indexed by an older program with
// its marks is told to the index anew.
func TestFind_WordsWithoutMarks(t *testing.T) {
	r := joined(t)
	page(t, r, roomScope, message(t, "a", 3, "you", "the **wal**nut `plan`, <@you> knows"))
	settled(t, r)
	hits(t, r, "walnut plan", "a")
	hits(t, r, "you", "")
	id := say(t, r, "an _oak_en **box**es")
	hits(t, r, "boxes", id)
	must(t, r.write(ctx, false, func(t *tx) error {
		if _, err := t.Exec(`UPDATE find SET text='the **wal**nut' WHERE id='a'`); err != nil {
			return err
		}
		sql, err := migrationFiles.ReadFile("migrations/0004_words.sql")
		if err != nil {
			return err
		}
		_, err = t.Exec(string(sql))
		return err
	}))
	hits(t, r, "walnut", "")
	settled(t, r)
	hits(t, r, "walnut", "a")
}
