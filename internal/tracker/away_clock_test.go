package tracker

import (
	"testing"
	"time"

	"trestle/internal/workroom"
)

// TestT10_AQuestionIsMovedOnceByItsOwnClock: a question about time away outlives the program; each of its ends is put right by the error of the
// clock it was read from, at the first comparison after, and by no later one.
func TestT10_AQuestionIsMovedOnceByItsOwnClock(t *testing.T) {
	const hour = time.Hour
	for name, c := range map[string]struct {
		from, to   string // "" = killed while away
		mark       string // the run whose clock the question is by, "" = put right already
		start      string // what the new run's clock says
		by         time.Duration
		runs       map[string]time.Duration
		want, till string // "" = none is asked
	}{
		"put right before":                {"10:12", "10:40", "", "12:00", -hour, nil, "10:12", "10:40"},
		"an earlier run that was wrong":   {"11:12", "11:40", "r1", "12:00", -hour, map[string]time.Duration{"r1": -hour}, "10:12", "10:40"},
		"an earlier run, this one right":  {"11:12", "11:40", "r1", "12:00", 0, map[string]time.Duration{"r1": -hour}, "10:12", "10:40"},
		"killed while away, fast":         {"10:12", "", "", "11:30", -hour, nil, "10:12", "10:30"},
		"killed while away, slow":         {"10:12", "", "", "09:30", hour, nil, "10:12", "10:30"},
		"killed while away, both wrong":   {"11:12", "", "r1", "11:30", -hour, map[string]time.Duration{"r1": -hour}, "10:12", "10:30"},
		"killed while away, nothing left": {"10:12", "", "", "10:30", -hour, nil, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			q := Question{ID: "q", From: at(t, "2026-11-20 "+c.from+":00").Unix(), Why: workroom.CloseIdle, Work: Work{x, "api", "one"}, FromRun: c.mark}
			if c.to != "" {
				q.To, q.ToRun = at(t, "2026-11-20 "+c.to+":00").Unix(), c.mark
			}
			d := sit(t, c.start+":00")
			d.must(Left{Questions: []Question{q}})
			d.now = d.now.Add(c.by)
			d.must(Skewed{By: c.by, Runs: c.runs})
			list := d.m.Snapshot().Questions
			if c.want == "" {
				if len(list) != 0 {
					t.Fatalf("%+v", list)
				}
				return
			}
			clock := func(n int64) string { return time.Unix(n, 0).UTC().Format("15:04") }
			if len(list) != 1 || clock(list[0].From) != c.want || clock(list[0].To) != c.till || list[0].FromRun != "" || list[0].ToRun != "" || list[0].TooLong {
				t.Errorf("%+v", list)
			}
		})
	}
}

// TestT10_NothingIsKeptBetweenTwoClocks: before the comparison the end may lie before the beginning; then it can only be discarded.
func TestT10_NothingIsKeptBetweenTwoClocks(t *testing.T) {
	d := sit(t, "09:30:00")
	d.must(Left{Questions: []Question{{ID: "q", From: at(t, "2026-11-20 10:12:00").Unix(), Why: workroom.CloseIdle, Work: Work{x, "api", "one"}}}})
	list := d.m.Snapshot().Questions
	if len(list) != 1 {
		t.Fatalf("%+v", list)
	}
	if _, err := d.m.Step(d.now, Answer{Question: list[0].ID, Choice: Keep}); err == nil {
		t.Error("kept")
	}
	d.must(Answer{Question: list[0].ID, Choice: Discard})
	if len(d.slices) != 0 || len(d.m.Snapshot().Questions) != 0 {
		t.Errorf("%+v", d.slices)
	}
}
