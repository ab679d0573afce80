package app

import (
	"testing"

	"trestle/internal/workroom"
)

// W-17: what stands behind a number of the week: how many segments hold some of it, and how active they were. Segments and minutes that two
// activities share count for both; what was written in by hand has no level.
func TestW17_SegmentsBehindANumber(t *testing.T) {
	t.Parallel()
	n := func(v uint16) *uint16 { return &v }
	b := aBook(t, "2026-11-21 12:00:00", 0)
	b.track(t, "1", "2026-11-21 09:00:00", "2026-11-21 09:23:30", "map", "markers")
	b.track(t, "2", "2026-11-21 09:23:30", "2026-11-21 09:30:00", "review", "pull request")
	b.track(t, "3", "2026-11-20 09:00:00", "2026-11-20 09:10:00", "map", "markers")
	b.track(t, "4", "2026-11-21 11:00:00", "2026-11-21 11:20:00", "", "a call")
	b.slices[3].Kind = workroom.Manual
	first := at(t, "2026-11-21 09:00:00") / 60
	for c := range int64(3) {
		in := &workroom.CellInput{Device: "d", Cell: first/10 + c}
		for m := range int64(10) {
			keys := uint16(0)
			if c == 2 && m >= 2 { // the minutes 22 to 29, of which 23 is shared
				keys = 4
			}
			in.Minutes = append(in.Minutes, workroom.Minute{At: first + c*10 + m, Keys: n(keys), Clicks: n(0), Scroll: n(0)})
		}
		b.inputs = append(b.inputs, in)
	}
	want := map[string]PartTotal{
		"2026-11-20 map":    {Segments: 1, Level: -1},
		"2026-11-21 map":    {Segments: 3, Level: 8}, // 2 of 24 minutes
		"2026-11-21 review": {Segments: 1, Level: 100},
		"2026-11-21 ":       {Segments: 2, Level: -1},
	}
	got := b.week(workroom.WeekOf(b.now)).Parts
	for _, p := range got {
		w := want[p.Day+" "+p.Activity]
		if p.Segments != w.Segments || p.Level != w.Level {
			t.Errorf("%s %q: %d segments, activity %d %%, want %d and %d", p.Day, p.Activity, p.Segments, p.Level, w.Segments, w.Level)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%+v", got)
	}
}

// the time of a week that has no activity gets one at once; what has one keeps it, and it can be taken back.
func TestA07_WhatHasNoActivityGetsOne(t *testing.T) {
	t.Parallel()
	w := atWork(t)
	w.track(w.harbour, 0, 5, "", "mail")
	w.track(w.harbour, 5, 5, "Map", "markers")
	w.track(w.harbour, 20, 3, "", "a call")
	arrived(t, w.esme)
	arrived(t, w.mara)
	review := w.activity(w.harbour, "Review")
	week := workroom.WeekOf(w.base)
	in := EditTimeIn{Contract: w.harbour, From: week.Start().UnixMilli(), To: week.End().UnixMilli(), SetActivity: true, Activity: review, Bare: true}
	sums := func(c *Core) map[string]int64 {
		v, err := (&Diary{c}).Week(DayIn{Contract: w.harbour, Day: week.String(), Zone: "UTC"})
		if err != nil {
			t.Fatal(err)
		}
		if !v.May.Activity {
			t.Error("the week is open, and its activities cannot be changed")
		}
		out := map[string]int64{}
		for _, r := range v.Rows {
			out[r.Code] = r.Seconds
		}
		return out
	}
	if got := sums(w.esme); got[noActivity] != 480 || got["Map"] != 300 {
		t.Fatalf("before: %v", got)
	}
	done, err := (&Diary{w.mara}).Edit(in) // the client labels, too
	if err != nil || done.Seconds != 480 || done.Segments != 2 || len(done.Undo) != 2 {
		t.Fatalf("%+v, %v", done, err)
	}
	arrived(t, w.mara)
	eventually(t, "the freelancer sees it", func() bool {
		got := sums(w.esme)
		return got["Review"] == 480 && got["Map"] == 300 && got[noActivity] == 0
	})
	if _, err := (&Diary{w.mara}).Edit(in); err == nil {
		t.Error("nothing is without an activity any more, and something was changed")
	}
	if _, err := (&Diary{w.mara}).Restore(RestoreIn{Contract: w.harbour, Parts: done.Undo}); err != nil {
		t.Fatal(err)
	}
	if got := sums(w.mara); got[noActivity] != 480 || got["Map"] != 300 {
		t.Errorf("taken back: %v", got)
	}
}
