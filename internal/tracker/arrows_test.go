package tracker

import (
	"testing"
	"time"

	"trestle/internal/workroom"
)

// ends learns that a contract is over.
func (d *desk) ends(id workroom.ContractID) *desk {
	d.t.Helper()
	d.must(TermsLearnt{Contract{ID: id, Terms: terms()}})
	return d
}

// other tells that another device began at a time of the day.
func (d *desk) other(clock string) *desk {
	d.t.Helper()
	d.must(LeaseLearnt{Device: "tower", Name: "Tower", Since: at(d.t, "2026-11-20 "+clock).UnixMilli()})
	return d
}

func TestArrow1_StoppedToTracking(t *testing.T) {
	d := sit(t, "10:00:00").state(Stopped).start("one").state(Tracking)
	if s := d.m.Snapshot(); !s.Since.Equal(d.now) || !s.Listening {
		t.Errorf("%+v", s)
	}
}

func TestArrow2_TrackingToAway(t *testing.T) {
	for what, c := range map[string]struct {
		leave func(*desk)
		want  string
	}{
		"lock":        {func(d *desk) { d.until("10:05:00").says(Lock{}) }, "10:00:00–10:05:00 lock"},
		"sleep":       {func(d *desk) { d.until("10:05:00").says(Sleeping{}) }, "10:00:00–10:05:00 suspend"},
		"idle":        {func(d *desk) { d.until("10:10:00") }, ""}, // nothing was typed since the start: the slice is empty
		"idle, later": {func(d *desk) { d.until("10:04:00").types(1).take(); d.until("10:14:00") }, "10:00:00–10:04:00 idle"},
	} {
		d := sit(t, "10:00:00").start("one")
		c.leave(d)
		d.state(Away)
		switch {
		case c.want != "":
			d.slicesAre(c.want)
		case len(d.slices) != 0:
			t.Errorf("%s: %+v", what, d.slices)
		}
	}
	// A sleep that nobody told of is over when it is found, so its person is back at once: away is passed through.
	d := sit(t, "10:00:00").start("one").until("10:05:00")
	d.asleepUntil("10:40:00").must(Slept{})
	d.state(Asking).slicesAre("10:00:00–10:05:00 suspend")
}

func TestArrow3_AwayToAsking(t *testing.T) {
	for what, c := range map[string]struct{ leave, back Event }{
		"lock": {Lock{}, Unlock{}}, "sleep": {Sleeping{}, Woke{}},
	} {
		d := sit(t, "10:00:00").start("one").until("10:05:00").says(c.leave).state(Away)
		d.asleepUntil("10:15:00").must(c.back)
		if d.state(Asking); len(d.asked) != 1 || d.asked[0].To-d.asked[0].From != 600 {
			t.Errorf("%s: %+v", what, d.asked)
		}
	}
	idleDesk(t)
}

func TestArrow4_TrackingToStopped(t *testing.T) {
	for what, c := range map[string]struct {
		end  func(*desk)
		want string
	}{
		"stop":                 {func(d *desk) { d.until("10:05:00").says(Stop{}) }, "10:00:00–10:05:00 stop"},
		"quit":                 {func(d *desk) { d.until("10:05:00").says(Quit{}) }, "10:00:00–10:05:00 quit"},
		"limit":                {func(d *desk) { d.typing("12:00:00") }, "10:00:00–12:00:00 limit"},
		"end of the contract":  {func(d *desk) { d.until("10:05:00").ends(x) }, "10:00:00–10:05:00 contract_ended"},
		"another device began": {func(d *desk) { d.until("10:05:00").other("10:04:30") }, "10:00:00–10:05:00 switch"},
	} {
		d := limited(t, "10:00:00", 7200, 0).start("one")
		c.end(d)
		d.state(Stopped).slicesAre(c.want)
		if !d.wake.IsZero() || d.m.Snapshot().Listening {
			t.Errorf("%s: it still waits or listens", what)
		}
	}
}

// typing lets time pass with a key every three minutes.
func (d *desk) typing(clock string) *desk {
	d.t.Helper()
	for to := at(d.t, d.now.Format("2006-01-02 ")+clock); d.now.Before(to); {
		d.untilTime(minTime(d.now.Add(3*time.Minute), to)).types(1)
	}
	return d
}

func minTime(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func TestArrow5_AwayToTracking(t *testing.T) {
	d := sit(t, "10:00:00").start("one").until("10:05:00").says(Lock{})
	d.asleepUntil("10:14:59").must(Unlock{})
	d.state(Tracking)
	if len(d.asked) != 0 {
		t.Errorf("asked %+v", d.asked)
	}
	d = sit(t, "10:00:00").start("one").until("10:05:00").says(Sleeping{})
	d.asleepUntil("10:06:00").must(Woke{})
	d.state(Tracking).must(Stop{})
	d.slicesAre("10:00:00–10:05:00 suspend")
	d = sit(t, "10:00:00").start("one").until("10:10:00").state(Away)
	d.until("10:20:00").start("two").state(Tracking)
	if len(d.m.Snapshot().Questions) != 1 {
		t.Error("the time away was not asked about")
	}
}

func TestArrow6_AwayToStopped(t *testing.T) {
	for what, end := range map[string]func(*desk){
		"stop":                           func(d *desk) { d.must(Stop{}) },
		"quit":                           func(d *desk) { d.must(Quit{}) },
		"end of the contract":            func(d *desk) { d.ends(x) },
		"another device began":           func(d *desk) { d.other("10:05:30") },
		"back, but the limit is used up": func(d *desk) { d.must(LimitLearnt{x, workroom.WeekOf(d.now), 7200}); d.must(Unlock{}) },
	} {
		d := limited(t, "10:00:00", 7200, 0).start("one").until("10:05:00").says(Lock{}).asleepUntil("10:06:00")
		end(d)
		if d.state(Stopped); len(d.asked) != 0 {
			t.Errorf("%s: asked %+v", what, d.asked)
		}
		d.must(Unlock{})
		d.state(Stopped).slicesAre("10:00:00–10:05:00 lock")
	}
}

func TestArrow7_AskingToTracking(t *testing.T) {
	d := idleDesk(t)
	d.must(Answer{Question: d.asked[0].ID, Choice: Keep, Continue: true})
	d.state(Tracking)
	d = idleDesk(t).start("two").state(Tracking)
	if len(d.m.Snapshot().Questions) != 1 {
		t.Error("a start answered the question")
	}
}

func TestArrow8_AskingToStopped(t *testing.T) {
	for _, c := range []Choice{Discard, Keep, Assign} {
		d := idleDesk(t)
		d.must(Answer{Question: d.asked[0].ID, Choice: c, Work: Work{y, "ui", "elsewhere"}})
		d.state(Stopped)
	}
}

// T-10: a question outlives the program, also one of somebody who was away when it ended; until the freeze of its week it can be answered.
func TestArrow9_StoppedToAsking(t *testing.T) {
	d := idleDesk(t)
	kept := d.m.Snapshot().Questions
	open := Question{ID: "gone", From: at(t, "2026-11-20 11:00:00").Unix(), Why: workroom.CloseLock, Work: Work{x, "api", "one"}}
	frozen := Question{ID: "old", From: at(t, "2026-11-13 11:00:00").Unix(), To: at(t, "2026-11-13 12:00:00").Unix(), Why: workroom.CloseIdle, Work: Work{x, "api", "one"}}
	next := sit(t, "12:00:00")
	next.must(Left{append(kept, open, frozen)})
	next.must(Left{kept}) // told twice
	next.state(Asking)
	qs := next.m.Snapshot().Questions
	if len(qs) != 2 || qs[0].ID != kept[0].ID || qs[1].To-qs[1].From != 3600 {
		t.Fatalf("%+v", qs)
	}
	next.must(Answer{Question: qs[0].ID, Choice: Keep})
	next.state(Asking).must(Answer{Question: qs[1].ID, Choice: Discard})
	next.state(Stopped).slicesAre("10:12:40–10:31:05 idle kept_idle")
	monday := sit(t, "12:00:00")
	monday.now = at(t, "2026-11-23 11:59:59")
	monday.must(Left{kept})
	monday.state(Asking).now = at(t, "2026-11-23 12:00:00")
	refused(t, monday.step(Answer{Question: kept[0].ID, Choice: Keep}), workroom.Expired)
	monday.must(Answer{Question: kept[0].ID, Choice: Discard})
	late := sit(t, "12:00:00")
	late.now = at(t, "2026-11-23 12:00:00")
	late.must(Left{kept})
	late.state(Stopped)
}

func TestArrow10_TrackingToTracking(t *testing.T) {
	d := sit(t, "10:00:00").start("one").until("10:00:50")
	d.must(Report{})
	if n := len(d.reports); n != 1 || d.reports[0].Slice.Seconds() != 50 || d.reports[0].Slice.Close != "" {
		t.Errorf("reported %+v", d.reports)
	}
	d.state(Tracking).says(Switch{Work{y, "ui", "two"}})
	d.state(Tracking).until("10:01:30").says(Stop{})
	d.slicesAre("10:00:00–10:00:50 switch", "10:00:50–10:01:30 stop")
	d = sit(t, "10:00:00")
	d.blind = true // nobody is ever called idle
	d.start("one").untilTime(d.now.Add(25 * time.Hour)).state(Tracking).says(Stop{})
	d.slicesAre("10:00:00–10:00:00 switch", "10:00:00–11:00:00 stop")
}

// T-13: the newest start wins. A start here tells the others; one elsewhere ends only what began before it, also what would go on by itself
// after a lock, and says where it went. Switching is no start.
func TestT13_NewestStartWins(t *testing.T) {
	d := sit(t, "10:00:00")
	leases := func(ev Event) (out []int64) {
		t.Helper()
		effects, err := d.m.Step(d.now, ev)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range effects {
			switch e := e.(type) {
			case Lease:
				out = append(out, e.Since)
			case WakeAt:
				d.wake = e.At
			}
		}
		return out
	}
	began := d.now.UnixMilli()
	if got := leases(Start{Work: Work{x, "api", "one"}}); len(got) != 1 || got[0] != began {
		t.Errorf("a start tells %v", got)
	}
	d.until("10:05:00")
	if got := leases(Switch{Work{x, "ui", "two"}}); len(got) != 0 {
		t.Errorf("a switch tells %v", got)
	}
	d.other("09:59:59").state(Tracking)
	d.must(LeaseLearnt{Device: "laptop", Since: began + 60_000}) // its own
	d.must(LeaseLearnt{Device: "a", Since: began})               // the same second: the greater id
	d.state(Tracking).must(LeaseLearnt{Device: "tower", Name: "Tower", Since: began})
	d.state(Stopped)
	if n := d.notices(); len(n) != 1 || n[0] != TakenOver || d.notes[0].Name != "Tower" || d.m.Snapshot().LostTo != "Tower" {
		t.Errorf("%+v", d.notes)
	}
	d.other("10:06:00").state(Stopped) // nothing is tracked: nothing to say
	if len(d.notes) != 1 {
		t.Errorf("%+v", d.notes)
	}
	if got := leases(Start{Work: Work{x, "api", "three"}}); len(got) != 1 || d.m.Snapshot().LostTo != "" {
		t.Errorf("a new start tells %v", got)
	}
	d.until("10:07:00").says(Lock{}).asleepUntil("10:08:00")
	if got := leases(Unlock{}); len(got) != 1 || got[0] != d.now.UnixMilli() {
		t.Errorf("going on tells %v", got)
	}
}
