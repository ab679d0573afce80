package app

import (
	"strings"
	"testing"
	"time"

	"trestle/internal/workroom"
)

func at(t *testing.T, s string) int64 {
	t.Helper()
	v, err := time.Parse("2006-01-02 15:04:05", s)
	if err != nil {
		t.Fatal(err)
	}
	return v.Unix()
}

// aBook is a contract with two activities at 52.00 an hour and the given limit in seconds (0 = none).
func aBook(t *testing.T, now string, limit int64) *book {
	t.Helper()
	return &book{
		id: "k", now: time.Unix(at(t, now), 0), zone: time.UTC, waiting: map[string]bool{},
		contract: &workroom.Contract{Title: "Otter", Status: workroom.Active, Client: "c", Freelancer: "f",
			Terms: workroom.Terms{Rate: 5200, Currency: "EUR", Limit: limit, Unlimited: limit == 0, Shots: workroom.ShotsFull, IdleMinutes: 10}},
		activities: map[workroom.ActivityID]*workroom.Activity{"map": {Code: "Map screen", Made: 1}, "review": {Code: "Review", Made: 2}},
	}
}

func (b *book) track(t *testing.T, id, from, to string, act workroom.ActivityID, memo string) {
	t.Helper()
	b.slices = append(b.slices, &workroom.Slice{ID: id, Rev: 1, Freelancer: "f", Contract: "k", Device: "d", Boot: "b", Seq: int64(len(b.slices) + 1),
		Start: at(t, from), End: at(t, to), Activity: act, Memo: memo, Kind: workroom.Tracked, Close: workroom.CloseStop})
}

func dayOf(t *testing.T, b *book, day string) DayView {
	t.Helper()
	v, err := b.day(day)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestA07_HeadersOverTheCells(t *testing.T) {
	t.Parallel()
	b := aBook(t, "2026-11-21 12:00:00", 0)
	b.track(t, "1", "2026-11-21 09:00:00", "2026-11-21 09:30:00", "map", "markers")
	b.track(t, "2", "2026-11-21 09:30:00", "2026-11-21 09:35:00", "review", "pull request")
	b.track(t, "3", "2026-11-21 09:35:00", "2026-11-21 09:37:00", "", "mail")
	b.track(t, "4", "2026-11-21 09:50:00", "2026-11-21 10:00:00", "", "mail")
	v := dayOf(t, b, "2026-11-21")
	if len(v.Hours) != 1 || v.Hours[0].Label != "09:00" || len(v.Hours[0].Cells) != 6 {
		t.Fatalf("hours are %+v", v.Hours)
	}
	var got []string
	for _, r := range v.Hours[0].Runs {
		got = append(got, strings.TrimSpace(strings.Repeat(".", int(r.From))+strings.Repeat("#", int(r.Span))+" "+r.Activity+": "+r.Memo))
	}
	want := "### Map screen: markers|...# Review: pull request|.....# No activity: mail"
	if strings.Join(got, "|") != want {
		t.Errorf("runs are\n%s\nwant\n%s", strings.Join(got, "|"), want)
	}
	c := v.Hours[0].Cells[3]
	if c.Seconds != 420 || c.Code != "Review" || c.More != 1 || v.Hours[0].Runs[1].More != 1 { // T-05: "+n" if several
		t.Errorf("the shared cell is %+v", c)
	}
	if e := v.Hours[0].Cells[4]; e.Seconds != 0 || e.Label != "09:40" || e.Boxes != "uuuuuuuuuu" {
		t.Errorf("the empty cell is %+v", e)
	}
}

func TestT05_TheMeterAndItsNumber(t *testing.T) {
	t.Parallel()
	n := func(v uint16) *uint16 { return &v }
	b := aBook(t, "2026-11-21 12:00:00", 0)
	b.track(t, "1", "2026-11-21 10:02:30", "2026-11-21 10:07:10", "map", "markers") // tracker.md §4: touches minutes 2-7
	first := at(t, "2026-11-21 10:00:00") / 60
	in := &workroom.CellInput{Device: "d", Cell: first / 10}
	for m := first; m < first+10; m++ {
		keys := uint16(0)
		if k := m - first; k == 2 || k == 3 || k == 6 || k == 9 { // 9 lies outside the time
			keys = 5
		}
		in.Minutes = append(in.Minutes, workroom.Minute{At: m, Keys: n(keys), Clicks: n(0), Scroll: n(0), Moved: 60})
	}
	b.inputs = append(b.inputs, in)
	c := dayOf(t, b, "2026-11-21").Hours[0].Cells[0]
	if c.Boxes != "uuaaiiaiuu" || c.Active != 3 || c.Touched != 6 || c.Keys != 15 || !c.Counted {
		t.Errorf("the meter is %s, %d of %d, %d keys", c.Boxes, c.Active, c.Touched, c.Keys)
	}
	if w := b.week(workroom.WeekOf(b.now)); w.Activity != 50 {
		t.Errorf("activity of the week is %d %%", w.Activity)
	}
	in.Minutes = nil // T-06: what was not measurable is blank, not zero
	c = dayOf(t, b, "2026-11-21").Hours[0].Cells[0]
	if c.Boxes != "uuppppppuu" || c.Counted || b.week(workroom.WeekOf(b.now)).Activity != -1 {
		t.Errorf("without counts the meter is %s, counted %v", c.Boxes, c.Counted)
	}
}

func TestT04_DaysOfTheViewersZone(t *testing.T) {
	t.Parallel()
	b := aBook(t, "2026-11-23 12:00:00", 0)
	b.track(t, "1", "2026-11-22 23:55:00", "2026-11-23 00:07:00", "map", "late") // example 1
	if a, z := dayOf(t, b, "2026-11-22"), dayOf(t, b, "2026-11-23"); a.Seconds != 300 || z.Seconds != 420 {
		t.Errorf("in UTC the two days have %d and %d seconds", a.Seconds, z.Seconds)
	}
	for zone, want := range map[string]struct{ day, label string }{
		"America/Los_Angeles": {"2026-11-22", "15:50"},
		"Asia/Kathmandu":      {"2026-11-23", "05:35"}, // cells at :05 and :15 are shown as they are
	} {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		b.zone = loc
		v := dayOf(t, b, want.day)
		found := false
		for _, h := range v.Hours {
			for _, c := range h.Cells {
				found = found || c.Label == want.label && c.Seconds == 300
			}
		}
		if v.Seconds != 720 || !found {
			t.Errorf("%s: %s has %d seconds, cell %s found: %v", zone, want.day, v.Seconds, want.label, found)
		}
	}
	b.zone = time.UTC
	one, two := b.week(workroom.WeekOf(time.Unix(at(t, "2026-11-22 12:00:00"), 0))), b.week(workroom.WeekOf(b.now))
	if one.Seconds != 300 || two.Seconds != 420 {
		t.Errorf("the weeks have %d and %d seconds", one.Seconds, two.Seconds)
	}
}

func TestT15_OverTheLimitIsShownAndUnbilled(t *testing.T) {
	t.Parallel()
	b := aBook(t, "2026-11-21 12:00:00", 36_000)
	b.track(t, "1", "2026-11-17 08:00:00", "2026-11-17 17:55:00", "map", "markers") // 35,700 s
	b.track(t, "2", "2026-11-18 10:00:00", "2026-11-18 10:10:00", "map", "markers")
	w := b.week(workroom.WeekOf(b.now))
	if w.Seconds != 36_300 || w.Over != 300 || w.Amount != 52_000 {
		t.Errorf("the week is %d s, %d over, amount %d", w.Seconds, w.Over, w.Amount)
	}
	c := dayOf(t, b, "2026-11-18").Hours[0].Cells[0]
	if c.Seconds != 600 || len(c.Flags) != 1 || c.Flags[0] != "over_limit" {
		t.Errorf("the cell is %+v", c)
	}
}

func TestT14_KindsAndShots(t *testing.T) {
	t.Parallel()
	b := aBook(t, "2026-11-21 12:00:00", 0)
	b.track(t, "1", "2026-11-21 09:00:00", "2026-11-21 09:10:00", "map", "by hand")
	b.slices[0].Kind = workroom.Manual
	b.track(t, "2", "2026-11-21 09:10:00", "2026-11-21 09:20:00", "map", "a call")
	b.slices[1].Kind = workroom.KeptIdle
	b.track(t, "3", "2026-11-21 09:20:00", "2026-11-21 09:30:00", "map", "markers")
	b.waiting["3"] = true
	b.shots = []*workroom.Shot{
		{Slice: "3", Contract: "k", Device: "d", Cell: at(t, "2026-11-21 09:20:00") / 600, At: at(t, "2026-11-21 09:24:00"), Reason: workroom.ShotLocked},
	}
	cells := dayOf(t, b, "2026-11-21").Hours[0].Cells
	if cells[0].Kind != "manual" || cells[1].Kind != "kept_idle" || cells[2].Kind != "tracked" {
		t.Errorf("kinds are %s, %s, %s", cells[0].Kind, cells[1].Kind, cells[2].Kind)
	}
	if s := cells[2].Shot; s == nil || s.Reason != "locked" || s.File != "" { // T-07
		t.Errorf("the reason for no picture is %+v", s)
	}
	if !cells[2].Waiting || cells[0].Waiting {
		t.Error("what waits for the service is not told apart")
	}
	b.shots[0].Reason, b.shots[0].File = workroom.ShotDeleted, ""
	if v := dayOf(t, b, "2026-11-21"); v.Seconds != 1200 { // T-08: the segment goes with its picture
		t.Errorf("after deleting the picture the day has %d seconds", v.Seconds)
	}
}

func TestT10_KeptIdleTimeIsNotCalledTracked(t *testing.T) {
	t.Parallel()
	b := aBook(t, "2026-11-21 12:00:00", 0)
	b.track(t, "1", "2026-11-21 09:00:00", "2026-11-21 09:04:00", "map", "markers")
	b.track(t, "2", "2026-11-21 09:04:00", "2026-11-21 09:13:00", "map", "markers")
	b.slices[1].Kind = workroom.KeptIdle
	b.track(t, "3", "2026-11-21 09:13:00", "2026-11-21 09:15:00", "map", "by hand")
	b.slices[2].Kind = workroom.Manual
	v := dayOf(t, b, "2026-11-21")
	for i, want := range []CellView{{Seconds: 600, Kept: 360}, {Seconds: 300, Kept: 180, Manual: 120}} {
		c := v.Hours[0].Cells[i]
		if c.Kind != "tracked" || c.Seconds != want.Seconds || c.Kept != want.Kept || c.Manual != want.Manual {
			t.Errorf("cell %d is %s, %d s, %d kept, %d manual", i, c.Kind, c.Seconds, c.Kept, c.Manual)
		}
	}
	if w := v.Week; w.Seconds != 900 || w.Tracked != 240 || w.Kept != 540 || w.Manual != 120 {
		t.Errorf("the week is %d s: %d tracked, %d kept, %d manual", w.Seconds, w.Tracked, w.Kept, w.Manual)
	}
}

func TestW17_AWeekByActivity(t *testing.T) {
	t.Parallel()
	b := aBook(t, "2026-11-21 12:00:00", 0)
	b.track(t, "1", "2026-11-16 09:00:00", "2026-11-16 10:00:00", "review", "first")
	b.track(t, "2", "2026-11-17 09:00:00", "2026-11-17 12:00:00", "map", "second")
	b.track(t, "3", "2026-11-17 13:00:00", "2026-11-17 13:30:00", "", "third")
	w := b.week(workroom.WeekOf(b.now))
	var rows []string
	var sum int64
	for _, r := range w.Rows {
		rows = append(rows, r.Code)
		sum += r.Seconds
	}
	if strings.Join(rows, ",") != "Map screen,Review,No activity" || sum != w.Seconds || w.Seconds != 16_200 {
		t.Errorf("rows %v sum to %d of %d", rows, sum, w.Seconds)
	}
	if w.Rows[0].Colour != 1 || w.Rows[1].Colour != 2 || w.Rows[2].Colour != 0 {
		t.Errorf("colours are %d, %d, %d", w.Rows[0].Colour, w.Rows[1].Colour, w.Rows[2].Colour)
	}
	if w.Week != "2026-11-16" || len(w.Days) != 7 || w.State != "open" || !w.Steps[0].Now {
		t.Errorf("the week is %s, %d days, %s", w.Week, len(w.Days), w.State)
	}
	if _, err := b.day("yesterday"); AsFailure(err).Code != CodeBadInput {
		t.Errorf("a day that is none was taken: %v", err)
	}
}
