package replica

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"trestle/internal/outbox"
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

// I11: what is taken away goes, except evidence of a contract where the grant said so: that stays to be read, and only that.
func TestI11_ArchiveKeepsEvidenceOnly(t *testing.T) {
	for _, retain := range []bool{true, false} {
		r := fresh(t)
		k, d := workroom.ContractScope("k1"), workroom.DiaryScope("k1", "2026-11-16")
		must(t, r.Apply(ctx, Epoch{"e1"}))
		must(t, r.Apply(ctx, Opened{"e1", []wire.Opened{
			{Scope: mine, Gen: 1, Seq: 1, Hot: []wire.Thing{
				thing(t, mine, string(k), 1, &workroom.Grant{Gen: 1, Role: workroom.Freelancer, Retain: retain}),
				thing(t, mine, string(roomScope), 1, &workroom.Grant{Gen: 1, Role: workroom.Freelancer}),
			}},
			{Scope: k, Gen: 1, Seq: 3, Hot: []wire.Thing{thing(t, k, "k1", 2, &workroom.Contract{Title: "Work", Status: workroom.Active, Client: "you", Freelancer: me, Room: room}),
				thing(t, k, "2026-11-16", 3, &workroom.WeekMark{Seq: 1})}},
			{Scope: d, Gen: 1, Seq: 1, Hot: []wire.Thing{thing(t, d, "s", 1, &workroom.Slice{ID: "s", Memo: "work"})}},
			tail(t, 1, 3, 0, message(t, "a", 3, "you", "secret")),
		}}))
		must(t, r.KnowFile(ctx, "shot", d, "aa", 1))
		_, err := r.Enqueue(ctx, workroom.SetActivity{Contract: "k1", ID: "x", Code: "QA"}, EnqueueOpts{})
		if err == nil {
			t.Fatal("a freelancer may not")
		}
		say(t, r, "waiting")
		gone := thing(t, mine, string(k), 4, &workroom.Grant{})
		gone.Gone, gone.Body, gone.Rev = true, nil, 2
		page(t, r, mine, gone) // the tombstone says nothing any more
		must(t, r.Apply(ctx, Gone{[]workroom.Scope{k, roomScope}}))

		list, err := r.Contracts(ctx)
		must(t, err)
		slices, err := r.All(ctx, d, workroom.KindSlice)
		must(t, err)
		_, _, bytes, _ := r.LocalFile(ctx, "shot")
		if !retain {
			if len(list)+len(slices) != 0 || bytes {
				t.Errorf("I11: kept without a right: %v %v", list, slices)
			}
			continue
		}
		if len(list) != 1 || !list[0].Archive || len(slices) != 1 || !slices[0].Archive || !bytes {
			t.Errorf("archive: %+v %+v", list, slices)
		}
		if w, _ := r.Window(ctx, roomScope, workroom.KindMessage, 0, 0); len(w.Rows) != 0 {
			t.Errorf("I11: the room is still there: %+v", w.Rows)
		}
		if _, err := r.Enqueue(ctx, workroom.SetActivity{Contract: "k1", ID: "x", Code: "QA"}, EnqueueOpts{}); err == nil {
			t.Error("wrote into an archive")
		}
		late := thing(t, k, "k1", 9, &workroom.Contract{Title: "Late"})
		answer(t, r, wire.Result{ID: "z", Status: wire.OK, Things: []wire.Thing{late}})
		if list, _ := r.Contracts(ctx); list[0].Thing.(*workroom.Contract).Title != "Work" {
			t.Error("an archive changed")
		}
		// Let in again, the contract lives on; taken for good, nothing is left.
		must(t, r.EraseArchive(ctx, k))
		if list, _ := r.Everywhere(ctx, "", workroom.KindSlice); len(list) != 0 {
			t.Errorf("after erasing: %+v", list)
		}
	}
}

// I18's other side: a digest is of what is alive, whole and not ahead.
func TestDigest_OnlyWhatCanBeCompared(t *testing.T) {
	r := joined(t)
	page(t, r, roomScope, message(t, "a", 3, "you", "a"), message(t, "b", 4, "you", "b"))
	gone := message(t, "b", 5, "you", "")
	gone.Born, gone.Gone, gone.Body = 4, true, nil
	page(t, r, roomScope, gone)
	want := wire.ShareOf("room", "room", 1) + wire.ShareOf("member", "me", 1) + wire.ShareOf("member", "you", 2) + wire.ShareOf("message", "a", 3)
	sum, seq, ok, err := r.Digest(ctx, roomScope)
	if err != nil || !ok || sum != want || seq != 5 {
		t.Errorf("%v %d %v %v, want %v", sum, seq, ok, err, want)
	}
	if sum, _, ok, _ := r.DigestSpan(ctx, roomScope, 3, 4); !ok || sum != wire.ShareOf("message", "a", 3) {
		t.Errorf("span: %v %v", sum, ok)
	}
	if sum, _, ok, _ := r.DigestSpan(ctx, roomScope, 0, 0); !ok || sum != want-wire.ShareOf("message", "a", 3) {
		t.Errorf("undated: %v %v", sum, ok)
	}
	id := say(t, r, "ahead")
	answer(t, r, wire.Result{ID: id, Status: wire.OK, Things: []wire.Thing{message(t, id, 9, me, "ahead")}})
	if _, _, ok, _ := r.Digest(ctx, roomScope); ok {
		t.Error("an own ack ahead of the cursor is counted")
	}
	if _, _, ok, _ := r.DigestSpan(ctx, roomScope, 3, 4); !ok {
		t.Error("a span below it does not care")
	}
	must(t, r.Apply(ctx, Opened{"e1", []wire.Opened{tail(t, 2, 20, 19, message(t, "x", 19, "you", "x"))}}))
	if _, _, ok, _ := r.Digest(ctx, roomScope); ok {
		t.Error("a scope that is not here whole is compared")
	}
	if _, _, ok, _ := r.DigestSpan(ctx, roomScope, 3, 4); ok {
		t.Error("a stale span is compared")
	}
}

// A clone takes a new name and keeps its commands; the file's own device id is the one that counts.
func TestRenew_ClonedFileKeepsItsCommands(t *testing.T) {
	path := t.TempDir() + "/c.db"
	r := open(t, path, options())
	openRoom(t, r)
	id := say(t, r, "mine")
	inc := r.Incarnation()
	if inc == "" {
		t.Fatal("no incarnation")
	}
	must(t, r.Renew(ctx, "dev2", "word"))
	rows, _ := r.Rows(ctx)
	if r.Device() != "dev2" || r.Incarnation() != "word" || len(rows) != 1 || rows[0].ID != id || rows[0].Device != "dev2" {
		t.Errorf("%s %s %+v", r.Device(), r.Incarnation(), rows)
	}
	must(t, r.Close())
	if r = open(t, path, options()); r.Device() != "dev2" || r.Incarnation() != "word" {
		t.Errorf("after a restart: %s %s", r.Device(), r.Incarnation())
	}
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

// A message carries the moment it was written, so that one recovered, or kept offline for long, says so where it stands (sync.md §12, §14).
func TestComposed_TellsWhenItWasWritten(t *testing.T) {
	r := joined(t)
	written := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	id, err := r.Enqueue(ctx, workroom.SendMessage{Room: room, Text: "late"}, EnqueueOpts{At: written})
	must(t, err)
	rows, err := r.Attempt(ctx, id)
	must(t, err)
	c, err := outbox.Decode(rows[0])
	must(t, err)
	for late, want := range map[time.Duration]int64{0: 0, time.Minute: 0, 3 * time.Hour: written.UnixMicro(), -time.Hour: 0} {
		changes, no := workroom.Run(c, workroom.Asked{ID: id, By: me, At: written.Add(late)}, nowhere{})
		if no != nil {
			t.Fatal(no)
		}
		if m := changes[0].Thing.(*workroom.Message); m.Composed != want {
			t.Errorf("%v later: composed %d, want %d", late, m.Composed, want)
		}
	}
}

// nowhere holds nothing.
type nowhere struct{}

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

// I9: a diary week that a restored service does not have yet is no right that ended: what waits for it stays, and when the contract tells
// of the week again it is asked for again.
func TestI9_DiaryWeekLostAndWrittenAgain(t *testing.T) {
	r := joined(t)
	k, d := workroom.ContractScope("c1"), workroom.DiaryScope("c1", "2026-11-16")
	must(t, r.Apply(ctx, Opened{"e1", []wire.Opened{{Scope: k, Gen: 1, Seq: 2, Tag: "t"}, {Scope: d, Gone: true}}}))
	if list, err := r.WeeksBehind(ctx); err != nil || len(list) != 0 {
		t.Fatalf("asked for: %v %v", list, err)
	}
	page(t, r, k, thing(t, k, "2026-11-16", 3, &workroom.WeekMark{Seq: 1}))
	if list, err := r.WeeksBehind(ctx); err != nil || len(list) != 1 || list[0] != d {
		t.Errorf("the week is not asked for again: %v %v", list, err)
	}
	// Waiting things of a week that is missing are not refused; of one whose contract is gone they are.
	must(t, r.write(ctx, true, func(tx *tx) error {
		ok, err := tx.missing(d, touched{})
		if !ok {
			t.Error("a week of a contract that is held counts as taken away")
		}
		return err
	}))
	must(t, r.Apply(ctx, Gone{[]workroom.Scope{k}}))
	must(t, r.write(ctx, true, func(tx *tx) error {
		ok, err := tx.missing(d, touched{})
		if ok {
			t.Error("a week of a contract that is gone counts as missing")
		}
		return err
	}))
}

// I8: what waits for a diary week stands over the week's rows; when the service turns out not to have that week, it stands as something new.
func TestI8_WaitsOverALostWeek(t *testing.T) {
	r := joined(t)
	k, d := workroom.ContractScope("c1"), workroom.DiaryScope("c1", "2026-11-16")
	slice := workroom.Slice{ID: "s1", Rev: 1, Freelancer: me, Contract: "c1", Device: "dev", Boot: "b", Start: 1794909600, End: 1794909660, Memo: "m", Kind: workroom.Tracked}
	must(t, r.Apply(ctx, Opened{"e1", []wire.Opened{
		{Scope: k, Gen: 1, Seq: 2, Tag: "t", Hot: []wire.Thing{thing(t, k, "c1", 1, &workroom.Contract{Status: workroom.Active, Client: me, Freelancer: me, Room: room}),
			thing(t, k, "2026-11-16", 2, &workroom.WeekMark{Seq: 1})}},
		{Scope: d, Gen: 1, Seq: 1, Tag: "t", Hot: []wire.Thing{thing(t, d, "s1", 1, &slice)}},
	}}))
	next := slice
	next.Rev, next.End = 2, slice.End+60
	_, err := r.Enqueue(ctx, workroom.ReportSlice{Week: "2026-11-16", Slice: next}, EnqueueOpts{})
	must(t, err)
	born := func() (n int64) {
		must(t, r.read(ctx, func(l *link) error {
			_, err := l.scan(`SELECT born FROM effect WHERE kind='slice' AND id='s1'`, nil, &n)
			return err
		}))
		return n
	}
	if n := born(); n != 1 {
		t.Fatalf("it stands over nothing: born %d", n)
	}
	must(t, r.Apply(ctx, Opened{"e1", []wire.Opened{{Scope: d, Gone: true}}}))
	if n := born(); n < newBorn {
		t.Errorf("it stands where the lost slice stood: born %d", n)
	}
	checkI8(t, r)
}
