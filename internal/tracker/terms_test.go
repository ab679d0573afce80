package tracker

import (
	"slices"
	"testing"
	"time"

	"trestle/internal/workroom"
)

// W-27: what the client changes counts from the next start. Another memo, a short lock and the 24 hours are none; a start is one, and so is
// another contract.
func TestW27_TermsCountFromTheNextStart(t *testing.T) {
	full := terms()
	full.Shots, full.RequireActivity, full.IdleMinutes = workroom.ShotsFull, true, 3
	for name, c := range map[string]struct {
		then func(*desk)
		want workroom.Terms
	}{
		"nothing":      {func(*desk) {}, terms()},
		"another memo": {func(d *desk) { d.says(Switch{Work{x, "", "two"}}) }, terms()},
		"a short lock": {func(d *desk) { d.says(Lock{}).until("10:06:00").must(Unlock{}) }, terms()},
		"a long idle, gone on with": {func(d *desk) {
			d.until("10:30:00").types(1).take()
			refused(t, d.step(Answer{Question: d.asked[0].ID, Choice: Discard, Continue: true}), workroom.ActivityNeeded)
			d.must(Start{Work: Work{x, "api", "one"}})
		}, full},
		"a stop and a start": {func(d *desk) { d.says(Stop{}); d.must(Start{Work: Work{x, "api", "one"}}) }, full},
		"another contract, and back": {func(d *desk) {
			d.says(Switch{Work{y, "", "two"}}).until("10:06:00").says(Switch{Work{x, "api", "three"}})
		}, full},
	} {
		t.Run(name, func(t *testing.T) {
			d := sit(t, "10:00:00")
			d.must(Start{Work: Work{x, "", "one"}})
			d.until("10:05:00").take()
			d.learn(x, full)
			c.then(d)
			s := d.m.Snapshot()
			if want := time.Duration(c.want.IdleMinutes) * time.Minute; s.State != Tracking || s.Shots != c.want.Shots || s.Idle != want {
				t.Errorf("%s with pictures %s, idle after %s; want %s, %s", s.State, s.Shots, s.Idle, c.want.Shots, want)
			}
		})
	}
	t.Run("a start without an activity", func(t *testing.T) {
		d := sit(t, "10:00:00")
		d.learn(x, full)
		refused(t, d.step(Start{Work: Work{x, "", "one"}}), workroom.ActivityNeeded)
	})
	t.Run("24 hours", func(t *testing.T) {
		d := sit(t, "10:00:00")
		d.blind = true
		d.must(Start{Work: Work{x, "", "one"}})
		d.until("10:05:00")
		d.learn(x, full)
		d.untilTime(d.now.Add(25 * time.Hour))
		if s := d.m.Snapshot(); s.State != Tracking || s.Shots != workroom.ShotsNone || len(d.order) != 2 {
			t.Errorf("%s with pictures %s, %d slices", s.State, s.Shots, len(d.order))
		}
	})
}

// W-24: a week may have another limit than the terms say; the weeks after have that of the terms.
func TestW24_TheLimitOfThisWeek(t *testing.T) {
	d := limited(t, "10:00:00", 36000, 600)
	week := workroom.WeekOf(d.now)
	l := terms()
	l.Unlimited, l.Limit = false, 900
	learn := func(limits map[workroom.Week]int64) {
		d.step(TermsLearnt{Contract{ID: x, Active: true, Terms: l, Limits: limits, Activities: map[workroom.ActivityID]bool{"api": true}}})
	}
	learn(map[workroom.Week]int64{week: 1200})
	d.blind = true
	d.start("one").until("10:10:00").state(Stopped)
	d.slicesAre("10:00:00–10:10:00 limit")
	learn(map[workroom.Week]int64{week: workroom.NoLimit})
	d.start("two").until("11:10:00")
	learn(map[workroom.Week]int64{week: 1200}) // lowered to what is in by now: what is saved stays
	d.until("11:10:30").state(Stopped)
	d.now = week.Next().Start()
	d.must(LimitLearnt{Contract: x, Week: week.Next(), Seconds: 0})
	d.must(Start{Work: Work{x, "api", "three"}})
	d.untilTime(d.now.Add(time.Hour))
	if last := d.slices[d.order[len(d.order)-1]].Slice; last.Seconds() != 900 || last.Close != workroom.CloseLimit {
		t.Errorf("the week after: %d s, %s", last.Seconds(), last.Close)
	}
}

// W-35: a pause of the contract stops the tracker and says so; nothing starts until it goes on.
func TestW35_APauseStopsTheTracker(t *testing.T) {
	d := sit(t, "10:00:00").start("one").until("10:05:00")
	d.step(TermsLearnt{Contract{ID: x, Paused: true, Terms: terms()}})
	d.state(Stopped).slicesAre("10:00:00–10:05:00 contract_ended")
	if n := d.notices(); !slices.Equal(n, []NoticeKind{ContractIsPaused}) {
		t.Errorf("notices %v", n)
	}
	refused(t, d.step(Start{Work: Work{x, "", "two"}}), workroom.ContractEnded)
	d.learn(x, terms())
	d.start("three").state(Tracking)
}
