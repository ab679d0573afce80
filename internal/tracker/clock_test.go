package tracker

import (
	"slices"
	"testing"
	"time"

	"trestle/internal/workroom"
)

// Example 7, T-03: the wall clock is set back by an hour during the slice. Nobody notices.
func TestExample07_WallClockChanges(t *testing.T) {
	wall := at(t, "2026-11-20 10:00:00")
	c := NewClock(wall, Ticks{Awake: time.Hour, Elapsed: 2 * time.Hour})
	now, slept := c.Now(Ticks{Awake: time.Hour + 10*time.Minute, Elapsed: 2*time.Hour + 10*time.Minute})
	if slept || !now.Equal(wall.Add(10*time.Minute)) {
		t.Errorf("now %s, slept %t", now, slept)
	}
	d := sit(t, "10:00:00").start("one").until("10:05:00").types(1)
	d.untilTime(now).says(Stop{}).slicesAre("10:00:00–10:10:00 stop")
}

// T-11: the clock that runs on in sleep gains on the other.
func TestT11_ClockNoticesSleep(t *testing.T) {
	wall := at(t, "2026-11-20 10:00:00")
	c := NewClock(wall, Ticks{})
	if _, slept := c.Now(Ticks{Awake: time.Minute, Elapsed: time.Minute + time.Second}); slept {
		t.Error("a second is no sleep")
	}
	if now := c.At(Ticks{Awake: 2 * time.Minute, Elapsed: 12 * time.Minute}); !now.Equal(wall.Add(12 * time.Minute)) {
		t.Errorf("at a look %s", now)
	}
	now, slept := c.Now(Ticks{Awake: 2 * time.Minute, Elapsed: 12 * time.Minute})
	if !slept || !now.Equal(wall.Add(12*time.Minute)) {
		t.Errorf("now %s, slept %t", now, slept)
	}
	if _, slept := c.Now(Ticks{Awake: 3 * time.Minute, Elapsed: 13 * time.Minute}); slept {
		t.Error("told twice")
	}
}

// Example 7, T-03: the clock runs an hour fast and the boot began offline. The first comparison moves what was recorded.
func TestExample07_FirstSkewCorrects(t *testing.T) {
	c := NewClock(at(t, "2026-11-20 11:00:00"), Ticks{})
	d := sit(t, "11:00:00").start("one").types(5).until("11:05:00").types(1).until("11:10:00").says(Stop{})
	done := d.reports[0] // as it waits in the outbox: 11:00 to 11:10

	d.until("11:20:00").start("two").types(1).until("11:25:00")
	shift := c.Learn(-time.Hour - 300*time.Millisecond)
	if shift != -time.Hour {
		t.Fatalf("shift %s", shift)
	}
	s, in := Corrected(done.Slice, done.Inputs, shift)
	if s.Start != at(t, "2026-11-20 10:00:00").Unix() || s.Seconds() != 600 || s.Flags[0] != workroom.FlagClockCorrected {
		t.Errorf("slice %+v", s)
	}
	if len(in) != 1 || in[0].Cell != s.Start/600 || *in[0].Minutes[0].Keys != 5 {
		t.Errorf("inputs %+v", in)
	}
	// The open slice moves too, and no sleep is suspected.
	now, _ := c.Now(Ticks{Awake: 25 * time.Minute, Elapsed: 25 * time.Minute})
	d.now, d.hands = now, now
	d.must(Skewed{By: shift})
	d.state(Tracking).until("10:26:00").says(Stop{})
	last := d.slices[d.order[1]].Slice
	if last.Start != at(t, "2026-11-20 10:20:00").Unix() || last.Seconds() != 360 || last.Flags[0] != workroom.FlagClockCorrected {
		t.Errorf("open slice %+v", last)
	}
	if len(done.Slice.Flags) > 0 {
		t.Error("the slice handed in was changed")
	}
	if slices.Contains(last.Flags, workroom.FlagClockUncertain) {
		t.Errorf("nothing was sent before it: %v", last.Flags)
	}
}

// T-03: the open slice, too, says that its place is not certain when it was moved to before what its boot had sent.
func TestT03_TheOpenSliceIsUncertain(t *testing.T) {
	d := sit(t, "11:00:00").start("one").types(5).until("11:10:00").says(Stop{}).until("11:20:00").start("two").types(1).until("11:25:00")
	sent := at(t, "2026-11-20 11:10:00").Unix()
	d.now, d.hands = at(t, "2026-11-20 10:25:00"), at(t, "2026-11-20 10:25:00")
	d.must(Skewed{By: -time.Hour, Sent: sent})
	d.until("10:26:00").says(Stop{})
	last := d.slices[d.order[1]].Slice
	if !slices.Contains(last.Flags, workroom.FlagClockUncertain) || !slices.Contains(last.Flags, workroom.FlagClockCorrected) {
		t.Errorf("%+v", last)
	}
}

// T-03: later drift touches new slices only, and small differences nothing.
func TestT03_LaterSkewWaits(t *testing.T) {
	wall := at(t, "2026-11-20 10:00:00")
	c := NewClock(wall, Ticks{})
	if c.Learn(1900*time.Millisecond) != 0 || c.Learn(30*time.Second) != 0 {
		t.Error("shifted")
	}
	if now, _ := c.Now(Ticks{}); !now.Equal(wall) {
		t.Errorf("moved under a slice: %s", now)
	}
	c.Settle()
	if now, _ := c.Now(Ticks{}); !now.Equal(wall.Add(30*time.Second)) || !c.Unskewed(Ticks{}).Equal(wall) {
		t.Errorf("after settling: %s", now)
	}
	c.Learn(31 * time.Second)
	c.Settle()
	if now, _ := c.Now(Ticks{}); !now.Equal(wall.Add(30 * time.Second)) {
		t.Errorf("a second of drift counted: %s", now)
	}
}

// T-03: a new slice never begins before the end of this device's previous one, whatever the clock says.
func TestT03_NeverBeforeThePreviousEnd(t *testing.T) {
	d := sit(t, "10:00:00").start("one").until("10:05:00").types(1).until("10:10:00").says(Stop{})
	d.now = at(t, "2026-11-20 10:09:30")
	d.start("two").until("10:12:00").says(Stop{})
	d.slicesAre("10:00:00–10:10:00 stop", "10:10:00–10:12:00 stop")
}

// T-03: what is moved to before what its boot had sent already says that its place is not certain.
func TestT03_NumberAndTimeDisagree(t *testing.T) {
	s := workroom.Slice{Start: 1000, End: 1600, Flags: []string{workroom.FlagClockCorrected}}
	for sent, want := range map[int64]int{0: 1, 1000: 1, 1001: 2} {
		got := Doubted(Doubted(s, sent), sent)
		if len(got.Flags) != want || len(s.Flags) != 1 {
			t.Errorf("sent until %d: %v", sent, got.Flags)
		}
	}
}
