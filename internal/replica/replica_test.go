package replica

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"trestle/internal/outbox"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

const (
	me   = workroom.AccountID("me")
	room = workroom.RoomID("room")
)

var (
	ctx       = context.Background()
	roomScope = workroom.RoomScope(room)
	mine      = workroom.AccountScope(me)
)

func options() Options { return Options{Service: "svc", Account: me, Device: "dev"} }

func open(t testing.TB, path string, o Options) *Replica {
	t.Helper()
	r, err := Open(path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

func fresh(t testing.TB) *Replica {
	return open(t, filepath.Join(t.TempDir(), "copy with space #1.db"), options())
}

func body(t testing.TB, x workroom.Thing) json.RawMessage {
	t.Helper()
	b, err := workroom.Encode(x)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func thing(t testing.TB, s workroom.Scope, id string, seq int64, x workroom.Thing) wire.Thing {
	w := wire.Thing{Scope: s, Kind: x.ThingKind(), ID: id, Seq: seq, Born: seq, Rev: 1, By: me, At: seq, Body: body(t, x)}
	if m, ok := x.(*workroom.Message); ok {
		w.By, w.Num = m.Author, seq-2
	}
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// joined is a copy that holds its account and one room with two members; the room stands at seq 2.
func joined(t testing.TB) *Replica {
	r := fresh(t)
	openRoom(t, r)
	return r
}

func openRoom(t testing.TB, r *Replica) {
	t.Helper()
	must(t, r.Apply(ctx, Epoch{"e1"}))
	must(t, r.Apply(ctx, Opened{"e1", []wire.Opened{
		{Scope: mine, Gen: 1, Seq: 1, Hot: []wire.Thing{thing(t, mine, "me", 1, &workroom.Account{Name: "Me"})}},
		{Scope: roomScope, Gen: 1, Seq: 2, Hot: []wire.Thing{
			thing(t, roomScope, "room", 1, &workroom.Room{Name: "Room"}),
			thing(t, roomScope, "me", 1, &workroom.Member{Name: "Me"}),
			thing(t, roomScope, "you", 2, &workroom.Member{Name: "You"}),
		}},
	}}))
}

func say(t testing.TB, r *Replica, text string) string {
	t.Helper()
	id, err := r.Enqueue(ctx, workroom.SendMessage{Room: room, Text: text}, EnqueueOpts{})
	must(t, err)
	return id
}

func message(t testing.TB, id string, seq int64, by workroom.AccountID, text string) wire.Thing {
	return thing(t, roomScope, id, seq, &workroom.Message{Author: by, Text: text, At: seq})
}

func page(t testing.TB, r *Replica, s workroom.Scope, things ...wire.Thing) {
	t.Helper()
	c, err := r.Cursor(ctx, s)
	must(t, err)
	p := Page{Scope: s, Epoch: "e1", Gen: c.Gen, After: c.Seq}
	p.Seq = c.Seq
	for _, x := range things {
		p.Things = append(p.Things, x)
		p.Seq, p.Msgs = max(p.Seq, x.Seq), max(p.Msgs, x.Num)
	}
	must(t, r.Apply(ctx, p))
}

func answer(t testing.TB, r *Replica, results ...wire.Result) {
	t.Helper()
	answerIn(t, r, "e1", results...)
}

func answerIn(t testing.TB, r *Replica, epoch string, results ...wire.Result) {
	t.Helper()
	must(t, r.Apply(ctx, Results{Epoch: epoch, Results: results, Until: time.Now().Add(time.Hour)}))
}

// texts is the room as the screen shows it; a waiting message carries its state.
func texts(t testing.TB, r *Replica) string {
	t.Helper()
	w, err := r.Window(ctx, roomScope, workroom.KindMessage, 0, 0)
	must(t, err)
	var out []string
	for _, x := range w.Rows {
		s := x.Thing.(*workroom.Message).Text
		if x.N != 0 {
			s += ":" + string(x.State)
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

func expect(t testing.TB, r *Replica, want string) {
	t.Helper()
	if got := texts(t, r); got != want {
		t.Errorf("room shows %q, want %q", got, want)
	}
	checkI8(t, r)
}

// checkI8 is I8: effects equal the rules run again from scratch, by order of n.
func checkI8(t testing.TB, r *Replica) {
	t.Helper()
	dump := func() string {
		var b strings.Builder
		must(t, r.read(ctx, func(l *link) error {
			rows, err := l.Query(`SELECT sc,kind,id,n,born,gone,COALESCE(body,'') FROM effect ORDER BY sc,kind,id,n`)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				var sc, n, born, gone int64
				var kind, id, body string
				if err := rows.Scan(&sc, &kind, &id, &n, &born, &gone, &body); err != nil {
					return err
				}
				fmt.Fprintln(&b, sc, kind, id, n, born, gone, body)
			}
			return rows.Err()
		}))
		return b.String()
	}
	before := dump()
	rows, err := r.Rows(ctx)
	must(t, err)
	must(t, r.write(ctx, false, func(t *tx) error {
		for _, row := range rows {
			if _, err := t.clear(row.N); err != nil {
				return err
			}
		}
		byN := map[int64]outbox.Row{}
		var ns []int64
		for _, row := range rows {
			byN[row.N] = row
			ns = append(ns, row.N)
		}
		for len(ns) > 0 {
			k := 0
			for i := range ns {
				if ns[i] < ns[k] {
					k = i
				}
			}
			if _, err := t.rerun(ns[k]); err != nil {
				return err
			}
			ns = append(ns[:k], ns[k+1:]...)
		}
		return nil
	}))
	if after := dump(); after != before {
		t.Errorf("I8: effects are not what the rules say\nstored:\n%srun again:\n%s", before, after)
	}
}

func TestM22_WrittenOfflineIsThereAfterRestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "copy.db")
	r := open(t, path, options())
	openRoom(t, r)
	must(t, r.SaveDraft(ctx, Draft{Room: room, Text: "one"}))
	id, err := r.Enqueue(ctx, workroom.SendMessage{Room: room, Text: "one"}, EnqueueOpts{ClearDraft: room})
	must(t, err)
	say(t, r, "two")
	expect(t, r, "one:queued two:queued")
	_, err = r.Attempt(ctx, id)
	must(t, err)
	expect(t, r, "one:sending two:queued")
	must(t, r.Close())
	r = open(t, path, Options{})
	if r.Account() != me || r.Device() != "dev" || r.Service() != "svc" {
		t.Errorf("the file does not know whose it is: %q %q %q", r.Account(), r.Device(), r.Service())
	}
	expect(t, r, "one:queued two:queued")
	if d, err := r.Draft(ctx, room); err != nil || d.Text != "" {
		t.Errorf("draft after sending: %q %v", d.Text, err)
	}
}

func TestEnqueue_RefusalStoresNothing(t *testing.T) {
	r := joined(t)
	var ref *workroom.Refusal
	if _, err := r.Enqueue(ctx, workroom.SendMessage{Room: room, Text: "  "}, EnqueueOpts{}); !errors.As(err, &ref) || ref.Field != "text" {
		t.Errorf("an empty message: %v", err)
	}
	page(t, r, roomScope, thing(t, roomScope, "room", 3, &workroom.Room{Name: "Room", Archived: true}))
	_, err := r.Enqueue(ctx, workroom.SendMessage{Room: room, Text: "x"}, EnqueueOpts{})
	if !errors.As(err, &ref) || ref.Code != workroom.RoomArchived {
		t.Errorf("an archived room: %v", err)
	}
	if w, f, _ := r.Count(ctx); w+f != 0 {
		t.Errorf("%d rows stored", w+f)
	}
	if _, err := r.Enqueue(ctx, workroom.SendMessage{Room: "unknown", Text: "x"}, EnqueueOpts{}); err != nil {
		t.Errorf("a room that is not here refused: %v", err) // Unheld never refuses
	}
}

func TestAck_NoFlickerNoDouble(t *testing.T) {
	r := joined(t)
	a, b := say(t, r, "one"), say(t, r, "two")
	answer(t, r, wire.Result{ID: a, Status: wire.OK, Things: []wire.Thing{message(t, a, 3, me, "one")}})
	expect(t, r, "one two:queued")
	page(t, r, roomScope, message(t, a, 3, me, "one")) // and again by pull
	expect(t, r, "one two:queued")
	answer(t, r, wire.Result{ID: a, Status: wire.OK}) // and answered again
	answer(t, r, wire.Result{ID: b, Status: wire.OK, Things: []wire.Thing{message(t, b, 4, me, "two")}})
	expect(t, r, "one two")
	if c, _ := r.Cursor(ctx, roomScope); c.Seq != 3 {
		t.Errorf("an ack moved the cursor to %d", c.Seq)
	}
}

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

func TestReject_HoldThenDiscardOrRetry(t *testing.T) {
	r := joined(t)
	a, b := say(t, r, "one"), say(t, r, "two")
	answer(t, r, wire.Result{ID: a, Status: wire.Rejected, Code: workroom.Internal}, wire.Result{ID: b, Status: wire.NotRun})
	expect(t, r, "two:held")
	list, err := r.NotSent(ctx)
	must(t, err)
	if len(list) != 1 || list[0].Code != workroom.Internal || list[0].Text == "" || list[0].Command.(workroom.SendMessage).Text != "one" {
		t.Fatalf("Not sent: %+v", list)
	}
	n, err := r.Retry(ctx, a)
	must(t, err)
	if n == a {
		t.Errorf("a retry kept the id")
	}
	expect(t, r, "one:queued two:queued") // its old place
	answer(t, r, wire.Result{ID: n, Status: wire.Rejected, Code: workroom.Internal})
	n2, err := r.EditArgs(ctx, n, workroom.SendMessage{Room: room, Text: "1"}, nil)
	must(t, err)
	expect(t, r, "1:queued two:queued")
	answer(t, r, wire.Result{ID: n2, Status: wire.Rejected, Code: workroom.Internal})
	must(t, r.Discard(ctx, n2))
	expect(t, r, "two:queued")
}

func TestReject_StepUndoesOnScreen(t *testing.T) {
	r := joined(t)
	fav := func(on bool) string {
		id, err := r.Enqueue(ctx, workroom.SetPref{Room: room, Who: me, Favourite: new(on)}, EnqueueOpts{})
		must(t, err)
		return id
	}
	shows := func() bool {
		row, k, err := r.Thing(ctx, workroom.Ref{Scope: mine, Kind: workroom.KindPref, ID: string(room)})
		must(t, err)
		return k == workroom.Held && row.Thing.(*workroom.Pref).Favourite
	}
	a := fav(true)
	if !shows() {
		t.Fatal("no effect")
	}
	answer(t, r, wire.Result{ID: a, Status: wire.Rejected, Code: workroom.Internal})
	if shows() {
		t.Error("a refused setting is still shown")
	}
	b := fav(true)
	if b == a {
		t.Error("folded into a refused row")
	}
	if _, err := r.Attempt(ctx, b); err != nil {
		t.Fatal(err)
	}
	if c := fav(false); c == b {
		t.Error("folded into an attempted row")
	} else if d := fav(true); d != c || !shows() {
		t.Error("not folded into a waiting row")
	}
	checkI8(t, r)
}

func TestReject_LaneFatal(t *testing.T) {
	r := joined(t)
	a := say(t, r, "one")
	say(t, r, "two")
	answer(t, r, wire.Result{ID: a, Status: wire.Rejected, Code: workroom.RoomArchived})
	list, _ := r.NotSent(ctx)
	if len(list) != 2 || list[1].Command.(workroom.SendMessage).Text != "two" {
		t.Errorf("lane not refused with its text: %+v", list)
	}
	expect(t, r, "")
}

func TestEdge_UploadThenMessage(t *testing.T) {
	r := joined(t)
	f := workroom.FileRef{ID: "file1", Name: "a.txt", Size: 3, Type: "text/plain"}
	up := Upload{ID: f.ID, Scope: roomScope, Name: f.Name, Size: 3, Type: f.Type, SHA: "ab", Parts: []string{"ab"}}
	a, err := r.Enqueue(ctx, workroom.SendMessage{Room: room, Files: []workroom.FileRef{f}}, EnqueueOpts{Uploads: []Upload{up}})
	must(t, err)
	say(t, r, "after")
	rows, _ := r.Rows(ctx)
	if b := outbox.Next(rows, time.Now().UnixMicro(), nil); len(b) != 0 {
		t.Fatalf("a message passed its upload: %+v", b)
	}
	answer(t, r, wire.Result{ID: "file1", Status: wire.Rejected, Code: workroom.Quota, Text: "The file is not there any more."})
	list, _ := r.NotSent(ctx)
	if len(list) != 2 || list[1].Code != workroom.DepFailed || list[1].State != outbox.Refused {
		t.Fatalf("child of a refused upload: %+v", list)
	}
	expect(t, r, "after:held")
	n, err := r.Retry(ctx, "file1")
	must(t, err)
	expect(t, r, ":waiting after:waiting")
	must(t, r.Uploaded(ctx, n))
	expect(t, r, ":queued after:queued")
	rows, _ = r.Rows(ctx)
	b := outbox.Next(rows, time.Now().UnixMicro(), nil)
	if len(b) != 1 || len(b[0]) != 2 || b[0][0].ID == a || len(b[0][0].After) != 0 {
		t.Errorf("after the upload: %+v", b)
	}
	if sha, _, ok, _ := r.LocalFile(ctx, "file1"); !ok || sha != "ab" {
		t.Errorf("own upload not known locally")
	}
}

func TestFold_ReportKeepsEveryMinute(t *testing.T) {
	r := fresh(t)
	week := workroom.WeekOf(time.Unix(600, 0)).String()
	report := func(rev, end, minute int64) string {
		keys := uint16(3)
		id, err := r.Enqueue(ctx, workroom.ReportSlice{Week: week, Slice: workroom.Slice{ID: "s", Rev: rev, Freelancer: me, Contract: "k", Device: "dev", Boot: "b",
			Start: 600, End: end, Memo: "work", Kind: workroom.Tracked},
			Input: []workroom.CellInput{{Device: "dev", Cell: 1, Minutes: []workroom.Minute{{At: minute, Keys: &keys}}}}}, EnqueueOpts{})
		must(t, err)
		return id
	}
	if report(1, 660, 10) != report(2, 720, 11) {
		t.Fatal("not folded")
	}
	row, k, err := r.Thing(ctx, workroom.Ref{Scope: workroom.DiaryScope("k", week), Kind: workroom.KindInput, ID: "dev.1"})
	must(t, err)
	if k != workroom.Held || len(row.Thing.(*workroom.CellInput).Minutes) != 2 {
		t.Errorf("minutes: %v %s", k, row.Body)
	}
	s, _, _ := r.Thing(ctx, workroom.Ref{Scope: workroom.DiaryScope("k", week), Kind: workroom.KindSlice, ID: "s"})
	if s.Thing.(*workroom.Slice).End != 720 {
		t.Errorf("slice: %s", s.Body)
	}
	checkI8(t, r)
}

// A waiting class W command shows nothing as done; its screen finds it by what it is about.
func TestEnqueue_ClassWShowsNoEffect(t *testing.T) {
	r := fresh(t)
	id, err := r.Enqueue(ctx, workroom.AcceptContract{Contract: "k1", Room: "r1", Who: me, Name: "Me", Secret: "s"}, EnqueueOpts{About: "k1"})
	must(t, err)
	if list, _ := r.Contracts(ctx); len(list) != 0 {
		t.Error("shown as done")
	}
	list, _ := r.About(ctx, "k1")
	if len(list) != 1 || list[0].ID != id || list[0].State != outbox.Queued {
		t.Errorf("not found: %+v", list)
	}
}

func TestCreateContract_OfflineThenMessage(t *testing.T) {
	r := fresh(t)
	must(t, r.Apply(ctx, Epoch{"e1"}))
	must(t, r.Apply(ctx, Opened{"e1", []wire.Opened{{Scope: mine, Gen: 1, Seq: 1}}}))
	c := workroom.CreateContract{Contract: "k1", Who: me, Name: "Me", Room: room, Title: "Own work", Self: true,
		Terms: workroom.Terms{Rate: 100, Currency: "EUR", Unlimited: true, Shots: workroom.ShotsNone, IdleMinutes: 10}}
	id, err := r.Enqueue(ctx, c, EnqueueOpts{ID: "k1"})
	must(t, err)
	_, err = r.Enqueue(ctx, workroom.SendMessage{Room: room, Text: "first"}, EnqueueOpts{}) // the edge is found by itself
	must(t, err)
	expect(t, r, "first:waiting")
	if list, _ := r.Contracts(ctx); len(list) != 1 || !list[0].Waits() {
		t.Errorf("contract: %+v", list)
	}
	answer(t, r, wire.Result{ID: id, Status: wire.Rejected, Code: workroom.Internal})
	if list, _ := r.Contracts(ctx); len(list) != 0 {
		t.Errorf("a refused contract is shown")
	}
	n, err := r.Retry(ctx, id)
	must(t, err)
	list, _ := r.Contracts(ctx)
	if len(list) != 1 || list[0].ID != n {
		t.Errorf("retried contract: %+v, want id %s", list, n)
	}
	expect(t, r, "first:waiting")
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

func TestI11_PurgeOnGone(t *testing.T) {
	var dropped []string
	o := options()
	o.Drop = func(sha string) error { dropped = append(dropped, sha); return nil }
	r := open(t, filepath.Join(t.TempDir(), "c.db"), o)
	openRoom(t, r)
	page(t, r, roomScope, message(t, "a", 3, "you", "secret"))
	must(t, r.KnowFile(ctx, "f1", roomScope, "aa", 1))
	must(t, r.KnowFile(ctx, "f2", mine, "bb", 1))
	must(t, r.KnowFile(ctx, "f3", roomScope, "bb", 1))
	acked := say(t, r, "sent before")
	answer(t, r, wire.Result{ID: acked, Status: wire.OK, Things: []wire.Thing{message(t, acked, 4, me, "sent before")}})
	say(t, r, "mine")
	must(t, r.SaveDraft(ctx, Draft{Room: room, Text: "draft"}))
	must(t, r.Apply(ctx, Gone{[]workroom.Scope{roomScope}}))
	must(t, r.read(ctx, func(l *link) error {
		for _, table := range []string{"base", "effect", "span", "draft", "file", "sent"} {
			var n int
			q := `SELECT count(*) FROM ` + table
			switch table {
			case "base", "span":
				q += ` WHERE sc=(SELECT sc FROM scope WHERE name='r:room')`
			case "file":
				q += ` WHERE scope='r:room'`
			}
			if _, err := l.scan(q, nil, &n); err != nil {
				return err
			}
			if n != 0 {
				t.Errorf("I11: %d rows left in %s", n, table)
			}
		}
		return nil
	}))
	if fmt.Sprint(dropped) != "[aa]" {
		t.Errorf("bytes dropped: %v", dropped)
	}
	list, _ := r.NotSent(ctx)
	if len(list) != 2 || list[0].Code != workroom.NoAccess || list[0].Command.(workroom.SendMessage).Text != "mine" ||
		list[1].Command.(workroom.SendMessage).Text != "draft" {
		t.Errorf("the text is not kept: %+v", list)
	}
	answer(t, r, wire.Result{ID: "z", Status: wire.OK, Things: []wire.Thing{message(t, "z", 9, "you", "late")}})
	expect(t, r, "")
	// accepted before the right was taken away, heard of after it
	answer(t, r, wire.Result{ID: list[0].ID, Status: wire.OK, Things: []wire.Thing{message(t, list[0].ID, 8, me, "mine")}})
	var n int
	must(t, r.read(ctx, func(l *link) error { _, err := l.scan(`SELECT count(*) FROM sent`, nil, &n); return err }))
	if n != 0 {
		t.Error("I11: the text of a late answer stays in sent")
	}
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

func TestChanged_TellsScopes(t *testing.T) {
	var told []string
	o := options()
	o.Changed = func(s []workroom.Scope) { told = append(told, fmt.Sprint(s)) }
	r := open(t, filepath.Join(t.TempDir(), "c.db"), o)
	openRoom(t, r)
	told = nil
	say(t, r, "x")
	if fmt.Sprint(told) != "[[outbox r:room]]" {
		t.Errorf("told %v", told)
	}
}

func TestPlans_MergeWithoutSorting(t *testing.T) {
	r := joined(t)
	must(t, r.read(ctx, func(l *link) error {
		for _, q := range []string{windowQuery, onwardsQuery, allQuery, oneQuery} {
			args := []any{1, "message", 0, 9, 200}
			switch q {
			case allQuery:
				args = args[:2]
			case oneQuery:
				args = []any{1, "message", "x"}
			}
			rows, err := l.Query(`EXPLAIN QUERY PLAN `+q, args...)
			if err != nil {
				return err
			}
			var plan strings.Builder
			for rows.Next() {
				var a, b, c int
				var line string
				if err := rows.Scan(&a, &b, &c, &line); err != nil {
					return err
				}
				plan.WriteString(line + "\n")
			}
			rows.Close()
			if strings.Contains(plan.String(), "TEMP B-TREE") || strings.Contains(plan.String(), "SCAN base") || strings.Contains(plan.String(), "SCAN b\n") {
				t.Errorf("%s\n%s", q, plan.String())
			}
			if (q == windowQuery || q == onwardsQuery) && !strings.Contains(plan.String(), "MERGE") {
				t.Errorf("no MERGE in %s\n%s", q, plan.String())
			}
		}
		return nil
	}))
}

func TestOpen_NewerAndForeignUntouched(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.db")
	r := open(t, path, options())
	o := options()
	o.Account = "other"
	if _, err := Open(path, o); !errors.Is(err, ErrForeign) {
		t.Errorf("I22: another account's file: %v", err)
	}
	_, err := r.full.Exec(`INSERT INTO goose_db_version(version_id,is_applied) VALUES(99,1)`)
	must(t, err)
	must(t, r.Close())
	var f *Fault
	if _, err := Open(path, options()); !errors.Is(err, ErrNewer) || !errors.As(err, &f) || f.Text == "" {
		t.Errorf("a newer file: %v", err)
	}
}

// I11, safety.md §8: with a file's or screenshot's tombstone its bytes go, and the small pictures made of it, wherever they are noted.
func TestI11_BytesGoWithTheTombstone(t *testing.T) {
	var dropped []string
	o := options()
	o.Drop = func(sha string) error { dropped = append(dropped, sha); return nil }
	r := open(t, filepath.Join(t.TempDir(), "c.db"), o)
	openRoom(t, r)
	file := thing(t, roomScope, "f1", 3, &workroom.File{FileRef: workroom.FileRef{ID: "f1", Name: "a.png", Size: 3}, Author: "you"})
	page(t, r, roomScope, file)
	d := workroom.DiaryScope("k1", "2026-11-16")
	shot := thing(t, d, "dev.1", 1, &workroom.Shot{File: "s1"})
	must(t, r.Apply(ctx, Opened{"e1", []wire.Opened{{Scope: d, Gen: 1, Seq: 1, Hot: []wire.Thing{shot}}}}))
	for id, sha := range map[string]string{"f1": "aa", "f1@320": "ab", "f2": "bb", "s1": "cc", "s1@64": "cd", "x@1": "dd"} {
		must(t, r.KnowFile(ctx, id, mine, sha, 1))
	}
	file.Seq, file.Gone, file.Body = 4, true, nil
	page(t, r, roomScope, file)
	slices.Sort(dropped)
	if fmt.Sprint(dropped) != "[aa ab]" {
		t.Errorf("a file's bytes: %v", dropped)
	}
	dropped = nil
	shot.Seq, shot.Gone, shot.Body = 2, true, nil
	page(t, r, d, shot)
	slices.Sort(dropped)
	if fmt.Sprint(dropped) != "[cc cd]" {
		t.Errorf("a screenshot's bytes: %v", dropped)
	}
	must(t, r.KnowFile(ctx, "f3", roomScope, "ee", 1))
	must(t, r.KnowFile(ctx, "f3@320", mine, "ef", 1))
	dropped = nil
	must(t, r.Apply(ctx, Gone{[]workroom.Scope{roomScope}}))
	slices.Sort(dropped)
	if fmt.Sprint(dropped) != "[ee ef]" {
		t.Errorf("a room's bytes: %v", dropped)
	}
}
