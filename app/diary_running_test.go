package app

import (
	"context"
	"strings"
	"testing"
	"time"

	"trestle/internal/workroom"
)

// inSegment waits until a segment has at least 20 seconds left.
func inSegment() {
	if left := 600 - time.Now().Unix()%600; left < 20 {
		time.Sleep(time.Duration(left) * time.Second)
	}
}

// T-02, T-17: the segment that is being tracked can be edited, too: it is reported first, and what comes in the rest of it is meant as well.
func TestT17_WhatIsTrackedNowCanBeEdited(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	c := h.desk("Esme")
	id := own(t, c, "none")
	inSegment()
	v := started(t, c, id, "", "markers")
	tracked(t, c, 2)
	if len(slicesOf(t, c, id)) != 0 {
		t.Fatal("it was reported before its time")
	}
	d := &Diary{c}
	cell := v.Since / 600_000
	done, err := d.Edit(EditTimeIn{Contract: id, Cells: []int64{cell}, SetMemo: true, Memo: "coast line", SetActivity: true, Activity: firstActivity(t, c, id)})
	if err != nil || done.Segments != 1 || done.Seconds < 1 {
		t.Fatalf("%+v %v", done, err)
	}
	list := slicesOf(t, c, id)
	if len(list) != 1 || list[0].Close != "" || list[0].Memo != "markers" {
		t.Fatalf("%+v", list)
	}
	tracked(t, c, 4)
	if _, err := (&Tracker{c}).Stop(); err != nil {
		t.Fatal(err)
	}
	arrived(t, c)
	for _, x := range cells(t, c, id) {
		if x.Cell == cell && (x.Memo != "coast line" || x.More != 0 || x.Code != "Map" || x.Waiting) {
			t.Errorf("%+v", x)
		}
	}
	says, err := d.CutSays(CutIn{Contract: id, Cells: []int64{cell}})
	if err != nil || says.Seconds < 3 {
		t.Fatalf("%+v %v", says, err)
	}
}

// T-08: deleting the segment that runs throws a picture away that is still held here, takes what is tracked in the rest of it, and no further
// picture is taken in it.
func TestT08_DeletingWhatRuns(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	c := h.desk("Esme")
	id := own(t, c, "none")
	inSegment()
	v := started(t, c, id, "", "markers")
	tracked(t, c, 2)
	cell := v.Since / 600_000
	k := c.session.track
	one := &heldShot{ID: newID(), Week: workroom.WeekOf(time.Now()).String(), Kept: true, Leaves: time.Now().Add(time.Hour).UnixMilli(),
		Shot: workroom.Shot{Slice: k.running().ID, Contract: workroom.ContractID(id), Device: c.session.replica.Device(), Cell: cell, At: v.Since/1000 + 1, Seed: []byte{0xff, 0xd8, 0xff}}}
	if err := k.do(context.Background(), func() {
		k.shots.mu.Lock()
		k.shots.list[one.ID] = one
		k.shots.mu.Unlock()
		k.shots.write(one)
	}); err != nil {
		t.Fatal(err)
	}
	if done, err := (&Diary{c}).Cut(CutIn{Contract: id, Cells: []int64{cell}}); err != nil || done.Seconds < 1 {
		t.Fatalf("%+v %v", done, err)
	}
	if left := k.shots.waiting(); len(left) != 0 {
		t.Errorf("a picture of deleted time is held: %+v", left)
	}
	if !k.cuts[cutCell{workroom.ContractID(id), workroom.Cell(cell)}] {
		t.Error("another picture would be taken in it")
	}
	tracked(t, c, 4)
	if _, err := (&Tracker{c}).Stop(); err != nil {
		t.Fatal(err)
	}
	arrived(t, c)
	for _, x := range cells(t, c, id) {
		if x.Cell == cell && (x.Seconds != 0 || len(x.Cuts) != 1) {
			t.Errorf("%+v", x)
		}
	}
}

// The verbs of the command line reach the diary: what stands in the way, what was written in, who changed it, and that nothing is sealed yet.
func TestT14_DiaryOnTheCommandLine(t *testing.T) {
	t.Parallel()
	w := atWork(t)
	w.track(w.harbour, 10, 10, "Map", "markers")
	w.all()
	data := w.esme.dirs.Data
	w.esme.Close()
	clock := func(minutes int64) string { return time.UnixMilli(w.at(minutes)).UTC().Format("15:04") }
	day := time.UnixMilli(w.at(0)).UTC().Format(time.DateOnly)
	say := func(want string, args ...string) {
		t.Helper()
		if _, out := verb(t, data, append([]string{"diary"}, args...)...); !strings.Contains(out, want) {
			t.Errorf("%v says %q, want %q", args, out, want)
		}
	}
	at := func(verb string, from, to int64, more ...string) []string {
		return append([]string{verb, "--contract", "Harbour Map", "--day", day, "--from", clock(from), "--to", clock(to)}, more...)
	}
	say("In the way: "+clock(10)+"–"+clock(20)+" Harbour Map", at("add", 0, 30, "--memo", "by hand")...)
	say("Written in: "+clock(20)+"–"+clock(30), at("add", 0, 30, "--memo", "by hand", "--fill")...)
	say("Changed 0:10:00 in 1 segments", at("edit", 10, 20, "--memo", "coast", "--activity", "review")...)
	say("would go, for good", at("delete", 0, 10)...)
	say("Deleted 0:10:00 in 1 segments", at("delete", 0, 10, "--yes")...)
	say("coast", "log", "--contract", "Harbour Map", "--day", day)
	say("Review: coast", "--contract", "Harbour Map", "--week", day)
	say("No week is sealed yet", "verify", "--contract", "Harbour Map")
}
