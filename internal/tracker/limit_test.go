package tracker

import (
	"slices"
	"testing"
	"time"

	"trestle/internal/workroom"
)

func limited(t *testing.T, clock string, limit, used int64) *desk {
	d := sit(t, clock)
	l := terms()
	l.Unlimited, l.Limit = false, limit
	d.learn(x, l)
	d.must(LimitLearnt{Contract: x, Week: workroom.WeekOf(d.now), Seconds: used})
	return d
}

// Example 9, T-15: 300 s are left of the limit at 10:00. Tracking stops at 10:05:00.
func TestExample09_TrackerStopsAtTheLimit(t *testing.T) {
	d := limited(t, "10:00:00", 36000, 35700).start("one").until("10:10:00").state(Stopped)
	d.slicesAre("10:00:00–10:05:00 limit")
	if n := d.notices(); !slices.Equal(n, []NoticeKind{LimitIsReached}) {
		t.Errorf("notices %v", n)
	}
	refused(t, d.step(Start{Work: Work{x, "api", "more"}}), LimitReached)
	d.must(Start{Work: Work{x, "api", "more"}, Unbilled: true})
	d.state(Tracking).until("10:12:00").says(Stop{})
	d.slicesAre("10:00:00–10:05:00 limit", "10:10:00–10:12:00 stop")
}

// T-15: warnings an hour and ten minutes before; going on unbilled does not stop.
func TestT15_WarningsAndUnbilled(t *testing.T) {
	d := limited(t, "10:00:00", 36000, 36000-2*3600).start("one")
	d.blind = true
	d.until("10:59:00")
	if len(d.notes) > 0 {
		t.Errorf("too early: %v", d.notices())
	}
	d.until("11:00:00").until("11:50:00")
	d.must(Unbilled{})
	d.until("12:10:00").state(Tracking).says(Stop{})
	if n := d.notices(); !slices.Equal(n, []NoticeKind{LimitInAnHour, LimitInTen, BeyondLimit}) {
		t.Errorf("notices %v", n)
	}
	if at := d.notes[2].Since; !at.Equal(d.now.Add(-10 * time.Minute)) {
		t.Errorf("limit at %s", at)
	}
	d.slicesAre("10:00:00–12:10:00 stop")
}

// T-15: a switch within the contract does not begin the limit anew, and another contract has its own.
func TestT15_SwitchingKeepsTheLimit(t *testing.T) {
	d := limited(t, "10:00:00", 36000, 35400).start("one").until("10:04:00").says(Switch{Work{x, "ui", "two"}})
	d.until("10:10:00").state(Stopped)
	d.slicesAre("10:00:00–10:04:00 switch", "10:04:00–10:10:00 limit")
	d.must(Start{Work: Work{y, "", "three"}})
	d.until("10:15:00").state(Tracking)
	refused(t, d.step(Switch{Work{x, "api", "back"}}), LimitReached)
	d.state(Tracking)
}

// T-15: raising the limit counts at once, for the whole week.
func TestT15_RaisedLimit(t *testing.T) {
	d := limited(t, "10:00:00", 36000, 35700).start("one").until("10:03:00").types(1)
	more := terms()
	more.Unlimited, more.Limit = false, 36600
	d.learn(x, more)
	d.until("10:10:00").types(1).until("10:14:00").state(Tracking).until("10:15:00").state(Stopped)
	d.slicesAre("10:00:00–10:15:00 limit")
}

// T-13, T-15: learning that another machine used the week up stops now and throws nothing away.
func TestT15_UsedUpElsewhere(t *testing.T) {
	d := limited(t, "10:00:00", 36000, 0).start("one").until("10:05:00")
	d.must(LimitLearnt{Contract: x, Week: workroom.WeekOf(d.now), Seconds: 36000})
	d.state(Stopped).slicesAre("10:00:00–10:05:00 limit")
}

// T-15: a new week begins anew, in the middle of a slice.
func TestT15_NewWeek(t *testing.T) {
	d := limited(t, "10:00:00", 36000, 0)
	d.now = at(t, "2026-11-22 23:50:00")
	d.must(LimitLearnt{Contract: x, Week: workroom.WeekOf(d.now), Seconds: 34000})
	d.start("one")
	d.blind = true
	d.untilTime(at(t, "2026-11-23 10:00:00")).state(Stopped)
	s := d.slices["id1"].Slice
	if s.Close != workroom.CloseLimit || s.End != at(t, "2026-11-23 10:00:00").Unix() {
		t.Errorf("slice %+v", s)
	}
}

// T-15: a switch that is refused decides nothing: what goes on stops at its limit as before. One that is taken goes on unbilled as it says.
func TestT15_ARefusedSwitchIsNoChoice(t *testing.T) {
	l := terms()
	l.Unlimited, l.Limit = false, 600
	d := sit(t, "10:00:00")
	d.learn(x, l)
	d.learn(y, l)
	d.must(LimitLearnt{Contract: y, Week: workroom.WeekOf(d.now), Seconds: 600})
	d.start("one").types(1)
	if err := d.step(Start{Work: Work{y, "", ""}, Unbilled: true}); err == nil || d.m.Snapshot().Unbilled {
		t.Errorf("without a memo: %v, unbilled %t", err, d.m.Snapshot().Unbilled)
	}
	if err := d.step(Start{Work: Work{y, "", "two"}}); err == nil {
		t.Error("the other one's limit is reached")
	}
	d.until("10:05:00").types(1).must(Start{Work: Work{y, "", "two"}, Unbilled: true})
	if s := d.m.Snapshot(); s.Work.Contract != y || !s.Unbilled {
		t.Errorf("%+v", s)
	}
	d.until("10:08:00").types(1).says(Stop{}).slicesAre("10:00:00–10:05:00 switch", "10:05:00–10:08:00 stop")
}
