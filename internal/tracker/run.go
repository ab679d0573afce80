package tracker

import "time"

// Run says by which clock one run of the program recorded its time: enough for a later run of the same system, whose ticks go on from this
// one's, to put that time right.
type Run struct {
	Boot    string        `json:"boot"`    // as its slices name it
	Base    time.Time     `json:"base"`    // its look at the wall clock
	Elapsed time.Duration `json:"elapsed"` // the ticks at that moment
}

// Run is this run's clock, to be kept for a later one while it has not learnt the service's time.
func (c *Clock) Run(boot string) Run { return Run{boot, c.base, c.at.Elapsed} }

// Learnt reports whether this run has compared its clock with the service's.
func (c *Clock) Learnt() bool { return c.learnt }

// Shift is how far what a run recorded lies too early (or, negative, too late), in whole seconds, as Learn would have answered in that run:
// told is the service's time at the ticks elapsed. It is 0 where the difference is not noticeable, and where the ticks are not that run's.
func (r Run) Shift(told time.Time, elapsed time.Duration) time.Duration {
	if elapsed < r.Elapsed {
		return 0
	}
	shift := told.Sub(r.Base.Add(elapsed - r.Elapsed)).Round(time.Second)
	if shift.Abs() <= noticeable {
		return 0
	}
	return shift
}
