package replica

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

func TestI11_PurgeOnGone(t *testing.T) {
	var dropped []string
	o := options()
	o.Drop = func(sha string) error { dropped = append(dropped, sha); return nil }
	r := open(t, filepath.Join(folder(t), "c.db"), o)
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

// I11, safety.md §8: with a file's or screenshot's tombstone its bytes go, and the small pictures made of it, wherever they are noted.
func TestI11_BytesGoWithTheTombstone(t *testing.T) {
	var dropped []string
	o := options()
	o.Drop = func(sha string) error { dropped = append(dropped, sha); return nil }
	r := open(t, filepath.Join(folder(t), "c.db"), o)
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
