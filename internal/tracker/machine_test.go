package tracker

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"trestle/internal/workroom"
)

// desk is a machine with an app around it that does as the effects say: it keeps one timer, passes the input that was made, and stores
// what is saved.
type desk struct {
	t     *testing.T
	m     *Machine
	now   time.Time
	wakeN int // deadlines kept
	wake  time.Time

	slices  map[string]Save // newest save of each
	order   []string
	reports []Save
	shots   []TakeShot
	kept    map[int64]bool // what became of each cell's shot
	notes   []Notify
	asked   []Question

	typed Input     // since the last Input
	hands time.Time // last input
	blind bool      // a system that tells nothing of input
}

const (
	x = workroom.ContractID("x")
	y = workroom.ContractID("y")
)

func at(t testing.TB, s string) time.Time {
	t.Helper()
	v, err := time.Parse("2006-01-02 15:04:05", s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func terms() workroom.Terms {
	return workroom.Terms{Rate: 5000, Currency: "EUR", Unlimited: true, Shots: workroom.ShotsNone, IdleMinutes: 10}
}

// sit opens a desk at an instant of Friday 2026-11-20, hh:mm:ss.
func sit(t *testing.T, clock string) *desk {
	n := 0
	d := &desk{t: t, slices: map[string]Save{}, kept: map[int64]bool{}, now: at(t, "2026-11-20 "+clock)}
	d.m = New(Config{
		Freelancer: "f", Device: "laptop", Boot: "boot",
		NewID:  func() string { n++; return fmt.Sprintf("id%d", n) },
		Random: func(n int64) int64 { return n / 2 },
	})
	d.hands = d.now
	for _, id := range []workroom.ContractID{x, y} {
		d.learn(id, terms())
	}
	return d
}

func (d *desk) learn(id workroom.ContractID, terms workroom.Terms) {
	d.step(TermsLearnt{Contract{ID: id, Active: true, Terms: terms, Activities: map[workroom.ActivityID]bool{"api": true, "ui": true, "old": false}}})
}

func (d *desk) step(ev Event) error {
	d.t.Helper()
	effects, err := d.m.Step(d.now, ev)
	for i, e := range effects {
		switch e := e.(type) {
		case Save:
			if _, had := d.slices[e.Slice.ID]; !had {
				d.order = append(d.order, e.Slice.ID)
			}
			d.slices[e.Slice.ID] = e
			if e.Report {
				d.reports = append(d.reports, e)
			}
		case Drop:
			delete(d.slices, e.Slice)
		case Ask:
			d.asked = append(d.asked, e.Question)
		case TakeShot:
			d.shots = append(d.shots, e)
		case KeepShot:
			d.kept[e.Cell] = true
		case DropShot:
			d.kept[e.Cell] = false
		case Notify:
			d.notes = append(d.notes, e)
		case WakeAt:
			d.wake = e.At
			if i != len(effects)-1 {
				d.t.Error("WakeAt is not last")
			}
		}
	}
	return err
}

func (d *desk) must(ev Event) {
	d.t.Helper()
	if err := d.step(ev); err != nil {
		d.t.Fatalf("%T: %v", ev, err)
	}
}

// take passes what was typed, as the app does before each event that may close a slice.
func (d *desk) take() {
	in := d.typed
	in.Countable, in.Presence, in.Ago = !d.blind, !d.blind, d.now.Sub(d.hands)
	d.typed = Input{}
	d.must(in)
}

// until lets time pass, keeping deadlines.
func (d *desk) until(clock string) *desk {
	d.t.Helper()
	return d.untilTime(at(d.t, d.now.Format("2006-01-02 ")+clock))
}

func (d *desk) untilTime(to time.Time) *desk {
	for !d.wake.IsZero() && !d.wake.After(to) {
		if d.wake.After(d.now) {
			d.now = d.wake
		}
		d.wakeN++
		d.take()
		d.must(Deadline{})
	}
	d.now = to
	return d
}

// asleepUntil lets time pass while nothing runs.
func (d *desk) asleepUntil(clock string) *desk {
	d.now = at(d.t, d.now.Format("2006-01-02 ")+clock)
	return d
}

func (d *desk) types(keys int) *desk {
	d.typed.Keys += keys
	d.hands = d.now
	return d
}

// says is an event before which the app passes the input.
func (d *desk) says(ev Event) *desk {
	d.t.Helper()
	d.take()
	d.must(ev)
	return d
}

func (d *desk) start(memo string) *desk {
	d.t.Helper()
	d.hands = d.now
	d.must(Start{Work: Work{x, "api", memo}})
	return d
}

// slicesAre compares everything recorded with lines of "from–to reason kind".
func (d *desk) slicesAre(want ...string) {
	d.t.Helper()
	var got []string
	for _, id := range d.order {
		s, ok := d.slices[id]
		if !ok {
			continue
		}
		clock := func(u int64) string { return time.Unix(u, 0).UTC().Format("15:04:05") }
		line := clock(s.Slice.Start) + "–" + clock(s.Slice.End) + " " + string(s.Slice.Close)
		if s.Slice.Kind != workroom.Tracked {
			line += " " + string(s.Slice.Kind)
		}
		got = append(got, line)
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		d.t.Errorf("slices %q, want %q", got, want)
	}
}

func (d *desk) state(want State) *desk {
	d.t.Helper()
	if got := d.m.Snapshot().State; got != want {
		d.t.Errorf("%s: %s, want %s", d.now.Format(time.TimeOnly), got, want)
	}
	return d
}

func (d *desk) notices() (out []NoticeKind) {
	for _, n := range d.notes {
		out = append(out, n.What)
	}
	return out
}

func refused(t *testing.T, err error, want workroom.Code) {
	t.Helper()
	var r *workroom.Refusal
	if !errors.As(err, &r) || r.Code != want || r.Text == "" {
		t.Errorf("%v, want a refusal with %s", err, want)
	}
}

// stopped → tracking, tracking → stopped.
func TestT01_StartAndStop(t *testing.T) {
	d := sit(t, "10:00:00").state(Stopped).start("  write the parser ").state(Tracking)
	d.until("10:07:08").says(Stop{}).state(Stopped)
	d.slicesAre("10:00:00–10:07:08 stop")
	s := d.slices["id1"].Slice
	if s.Memo != "write the parser" || s.Activity != "api" || s.Contract != x || s.Freelancer != "f" || s.Device != "laptop" || s.Boot != "boot" ||
		s.Seq != 1 || s.Kind != workroom.Tracked {
		t.Errorf("slice %+v", s)
	}
	if !d.wake.IsZero() {
		t.Error("a timer runs while nothing is tracked")
	}
	// Resuming a pause is starting the same again.
	d.until("10:20:00").must(Start{Work: d.m.Snapshot().Work})
	d.until("10:21:00").says(Stop{}).slicesAre("10:00:00–10:07:08 stop", "10:20:00–10:21:00 stop")
}

// What cannot be started is refused with a code, and nothing is tracked.
func TestT02_A06_Refusals(t *testing.T) {
	d := sit(t, "10:00:00")
	need := terms()
	need.RequireActivity = true
	d.learn(y, need)
	d.step(TermsLearnt{Contract{ID: "ended", Terms: need}})
	d.step(TermsLearnt{Contract{ID: "bare", Active: true, Terms: need, Activities: map[workroom.ActivityID]bool{"old": false}}})
	for _, c := range []struct {
		w    Work
		want workroom.Code
	}{
		{Work{"nobody", "", "m"}, workroom.NoAccess},
		{Work{"ended", "", "m"}, workroom.ContractEnded},
		{Work{x, "api", ""}, workroom.MemoEmpty},
		{Work{x, "api", " \t "}, workroom.MemoEmpty},
		{Work{x, "old", "m"}, workroom.ActivityGone},
		{Work{x, "never heard of", "m"}, workroom.ActivityGone},
		{Work{y, "", "m"}, workroom.ActivityNeeded},
	} {
		refused(t, d.step(Start{Work: c.w}), c.want)
		d.state(Stopped)
	}
	d.slicesAre()
	// A required activity blocks nothing while there is none to pick.
	d.must(Start{Work: Work{"bare", "", "m"}})
	d.state(Tracking)
	// A switch that is refused leaves the slice running.
	refused(t, d.step(Switch{Work{y, "", "m"}}), workroom.ActivityNeeded)
	d.state(Tracking)
}

// tracking → tracking: a change of contract, activity or memo closes one slice and opens the next at the same instant.
func TestT03_Switch(t *testing.T) {
	d := sit(t, "10:00:00").start("one")
	d.until("10:03:20").says(Switch{Work{x, "ui", "one"}})
	d.until("10:10:00").says(Switch{Work{x, "ui", "two"}})
	d.until("10:11:00").says(Start{Work: Work{y, "", "three"}})
	d.until("10:11:30").says(Switch{Work{y, "", "three"}}) // nothing changes
	d.until("10:12:00").says(Stop{})
	d.slicesAre("10:00:00–10:03:20 switch", "10:03:20–10:10:00 switch", "10:10:00–10:11:00 switch", "10:11:00–10:12:00 stop")
	for i, id := range d.order {
		if seq := d.slices[id].Slice.Seq; seq != int64(i+1) {
			t.Errorf("slice %d has seq %d", i, seq)
		}
	}
}

// A slice that was started and stopped within one second is dropped.
func TestT03_EmptySlicesAreDropped(t *testing.T) {
	d := sit(t, "10:00:00").start("one")
	d.now = d.now.Add(900 * time.Millisecond)
	d.says(Stop{}).slicesAre()
	if len(d.reports) > 0 {
		t.Errorf("reported %+v", d.reports)
	}
}

// T-12: a heartbeat each 15 s on the quarter minute, a report at each end of a cell and at the close, each with a higher rev.
func TestT12_Heartbeats(t *testing.T) {
	d := sit(t, "10:18:07").start("one")
	if want := at(t, "2026-11-20 10:18:15"); !d.wake.Equal(want) {
		t.Errorf("first heartbeat at %s", d.wake)
	}
	d.until("10:18:29")
	d.slicesAre("10:18:07–10:18:15 ")
	d.hands = at(t, "2026-11-20 10:18:40")
	d.until("10:20:00").until("10:25:00").says(Stop{})
	if len(d.reports) != 2 || d.reports[0].Slice.Rev != 1 || d.reports[1].Slice.Rev != 2 ||
		d.reports[0].Slice.Close != "" || d.reports[0].Slice.End != at(t, "2026-11-20 10:20:00").Unix() {
		t.Errorf("reports %+v", d.reports)
	}
	// No slice is longer than a day.
	d = sit(t, "00:00:00").start("long")
	d.blind = true
	d.untilTime(d.now.Add(24*time.Hour + time.Minute)).says(Stop{})
	if s := d.slices["id1"].Slice; s.Seconds() != workroom.MaxSlice || s.Close != workroom.CloseSwitch {
		t.Errorf("after a day: %+v", s)
	}
	if s := d.slices["id2"].Slice; s.Seconds() != 60 {
		t.Errorf("then: %+v", s)
	}
}

// T-06: counts go to the minute they were made in, minutes without any are recorded as such, and a report carries each minute.
func TestT06_Minutes(t *testing.T) {
	d := sit(t, "10:08:00").start("one")
	d.until("10:08:50").types(3)
	d.until("10:09:30").types(2)
	d.typed.Clicks, d.typed.Scrolls, d.typed.Moves = 1, 1, 5
	d.until("10:10:20").types(7)
	d.until("10:12:00").says(Stop{})
	got := map[int64]workroom.Minute{}
	for _, r := range d.reports {
		for _, in := range r.Inputs {
			for _, m := range in.Minutes {
				if m.At/10 != in.Cell || in.Device != "laptop" {
					t.Errorf("minute %d in cell %d of %s", m.At, in.Cell, in.Device)
				}
				got[m.At] = m
			}
		}
	}
	first := at(t, "2026-11-20 10:08:00").Unix() / 60
	for i, want := range []uint16{3, 2, 7, 0} {
		m, ok := got[first+int64(i)]
		if !ok || m.Keys == nil || *m.Keys != want {
			t.Errorf("minute %d: %+v, want %d keys", i, m, want)
		}
	}
	if m := got[first+1]; *m.Clicks != 1 || *m.Scroll != 1 || m.Moved != 5 || len(got) != 4 {
		t.Errorf("minutes %+v", got)
	}
}

// T-06: where nothing can be counted, counts are blank and nobody is called idle.
func TestT06_BlankCounts(t *testing.T) {
	d := sit(t, "10:00:00").start("one")
	d.blind = true
	d.until("10:40:00").state(Tracking).says(Stop{})
	for _, r := range d.reports {
		for _, in := range r.Inputs {
			for _, m := range in.Minutes {
				if m.Measured() || m.Active() {
					t.Errorf("minute %+v", m)
				}
			}
		}
	}
	d.slicesAre("10:00:00–10:40:00 stop")
}

// T-06: without a counter no Input ever comes, and the minutes are unknown, not empty.
func TestT06_NoCounterIsNotZero(t *testing.T) {
	d := sit(t, "10:00:00").start("one")
	for !d.wake.After(at(t, "2026-11-20 10:12:00")) {
		d.now = d.wake
		d.must(Deadline{})
	}
	d.must(Stop{})
	n := 0
	for _, r := range d.reports {
		for _, in := range r.Inputs {
			for _, m := range in.Minutes {
				n++
				if m.Measured() {
					t.Errorf("minute %+v", m)
				}
			}
		}
	}
	if n < 12 {
		t.Errorf("%d minutes reported", n)
	}
	d.slicesAre("10:00:00–10:12:00 stop")
}

// Quitting stops, and open questions count as discarded.
func TestT12_Quit(t *testing.T) {
	d := sit(t, "10:00:00").start("one").until("10:02:00").says(Quit{}).state(Stopped)
	d.slicesAre("10:00:00–10:02:00 quit")
}

// Example 17, T-12: the power goes at 09:00:44. What the heartbeat of 09:00:30 saved is closed at the next start, and offered.
func TestExample17_PowerLoss(t *testing.T) {
	d := sit(t, "08:50:00").start("one").until("08:55:00").types(4)
	d.until("09:00:44")
	left := d.slices["id1"]
	left.Slice.ID = "of the run before"

	d = sit(t, "09:20:00")
	d.must(Found{left.Slice, left.Inputs})
	d.state(Stopped).slicesAre("08:50:00–09:00:30 crash")
	if len(d.notes) != 1 || d.notes[0].What != Crashed || d.notes[0].Work != (Work{x, "api", "one"}) {
		t.Errorf("notices %+v", d.notes)
	}
	r := d.reports[0]
	if r.Slice.Rev != left.Slice.Rev+1 || len(r.Inputs) == 0 {
		t.Errorf("reported %+v", r)
	}
	// Found again, it stays as it is; the offer is a plain start.
	d.must(Found{r.Slice, nil})
	d.must(Start{Work: d.m.Snapshot().Work})
	d.until("09:21:00").says(Stop{}).slicesAre("08:50:00–09:00:30 crash", "09:20:00–09:21:00 stop")
}

// The end of a contract ends its tracking; changed terms count from the next start.
func TestT03_TermsLearntWhileTracking(t *testing.T) {
	d := sit(t, "10:00:00").start("one").until("10:05:00")
	full := terms()
	full.Shots, full.IdleMinutes = workroom.ShotsFull, 3
	d.learn(x, full)
	if s := d.m.Snapshot(); s.Shots != workroom.ShotsNone || s.Idle != 10*time.Minute {
		t.Errorf("changed under the slice: %+v", s)
	}
	d.must(TermsLearnt{Contract{ID: x, Terms: full}})
	d.state(Stopped).slicesAre("10:00:00–10:05:00 contract_ended")
	if n := d.notices(); len(n) != 1 || n[0] != ContractIsEnded {
		t.Errorf("notices %v", n)
	}
}
