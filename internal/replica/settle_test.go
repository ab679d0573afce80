package replica

import (
	"testing"
	"time"

	"trestle/internal/outbox"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

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
