package tracker

import (
	"testing"
	"time"
)

// T-03: a later run finds the error of an earlier one's clock, whatever was done to the wall clock between the two.
func TestT03_RunShift(t *testing.T) {
	base, ticks := at(t, "2026-11-20 11:00:00"), 2*time.Hour
	c := NewClock(base, Ticks{Awake: time.Hour, Elapsed: ticks})
	r := c.Run("one")
	if r.Boot != "one" || c.Learnt() {
		t.Fatalf("%+v", r)
	}
	for name, x := range map[string]struct {
		told    time.Time
		elapsed time.Duration
		want    time.Duration
	}{
		"an hour fast":                {base.Add(10*time.Minute - time.Hour), ticks + 10*time.Minute, -time.Hour},
		"a day late, told much later": {base.Add(30*time.Hour + 24*time.Hour), ticks + 30*time.Hour, 24 * time.Hour},
		"to whole seconds":            {base.Add(time.Minute + 5*time.Second + 400*time.Millisecond), ticks + time.Minute, 5 * time.Second},
		"right":                       {base.Add(time.Minute), ticks + time.Minute, 0},
		"hardly wrong":                {base.Add(time.Minute + 2400*time.Millisecond), ticks + time.Minute, 0},
		"ticks of another system":     {base.Add(time.Hour), ticks - time.Second, 0},
	} {
		if got := r.Shift(x.told, x.elapsed); got != x.want {
			t.Errorf("%s: %s", name, got)
		}
	}
	// A run that compared itself answers the same, and says so.
	if shift := c.Learn(-time.Hour); shift != r.Shift(base.Add(-time.Hour), ticks) || !c.Learnt() {
		t.Errorf("shift %s, learnt %t", shift, c.Learnt())
	}
}
