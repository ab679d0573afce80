package tracker

import (
	"slices"
	"time"

	"trestle/internal/workroom"
)

// Ticks is one look at the system's two clocks that nobody can set, both since an instant of the system's own choosing.
type Ticks struct {
	Awake   time.Duration // stands still while the system sleeps
	Elapsed time.Duration // runs on while it sleeps
}

// noticeable is how far clocks may differ before anything is made of it.
const noticeable = 2 * time.Second

// Clock tells the instants the machine works with. It reads the wall clock once, at its base; from then on an instant is the base plus what
// has elapsed, so that setting the wall clock bends nothing. The service's time corrects it. The app owns one and reads it for every Step.
type Clock struct {
	base    time.Time
	at      Ticks
	last    Ticks
	skew    time.Duration // added to every instant
	learnt  bool
	pending time.Duration // a later skew, for the next slice
}

// NewClock makes a clock from one look at the wall clock and the readings at that moment.
func NewClock(wall time.Time, r Ticks) *Clock {
	return &Clock{base: wall.Round(0).UTC(), at: r, last: r}
}

// Now is the instant at reading r, and whether the system slept for more than a second since the last Now: the app tells the machine of it
// by Slept, unless the system itself did. It tells once, so whoever only wants to know the time asks At.
func (c *Clock) Now(r Ticks) (now time.Time, slept bool) {
	slept = (r.Elapsed-c.last.Elapsed)-(r.Awake-c.last.Awake) > time.Second
	c.last = r
	return c.At(r), slept
}

// At is the instant at reading r, for screens and limits: it takes no notice of sleep.
func (c *Clock) At(r Ticks) time.Time { return c.Unskewed(r).Add(c.skew) }

// Learn takes the service's time minus this clock's time without any skew, measured over the best of a few round trips. The first in a run
// corrects, if it is more than two seconds, also what this run recorded and has not sent: the answer, whole seconds, goes to the machine as
// Skewed and to Corrected. A later one waits for Settle.
func (c *Clock) Learn(skew time.Duration) (shift time.Duration) {
	skew = skew.Round(time.Second)
	if c.learnt {
		c.pending = skew
		return 0
	}
	c.learnt, c.pending = true, skew
	if skew.Abs() > noticeable {
		c.skew = skew
		return skew
	}
	c.pending = 0
	return 0
}

// Unskewed is what Now would say without any correction: what the service's time is compared with.
func (c *Clock) Unskewed(r Ticks) time.Time { return c.base.Add(r.Elapsed - c.at.Elapsed) }

// Settle adopts a skew learnt later. The app calls it while nothing is tracked, so that it touches new slices only.
func (c *Clock) Settle() {
	if c.learnt && (c.pending-c.skew).Abs() > noticeable {
		c.skew = c.pending
	}
}

// Doubted flags a slice that was moved to before the end of one of the same run that was sent already, Unix seconds: their numbers and their
// times disagree about which came first. The timeline decides as for any overlap.
func Doubted(s workroom.Slice, sent int64) workroom.Slice {
	if s.Start < sent && !slices.Contains(s.Flags, workroom.FlagClockUncertain) {
		s.Flags = append(slices.Clone(s.Flags), workroom.FlagClockUncertain)
	}
	return s
}

// Corrected moves a recorded slice and its counts by the shift that Learn or Run.Shift answered, and flags it. What was sent already
// is not moved.
func Corrected(s workroom.Slice, inputs []workroom.CellInput, shift time.Duration) (workroom.Slice, []workroom.CellInput) {
	n := int64(shift / time.Second)
	if n == 0 {
		return s, inputs
	}
	s.Start, s.End = s.Start+n, s.End+n
	if !slices.Contains(s.Flags, workroom.FlagClockCorrected) {
		s.Flags = append(slices.Clone(s.Flags), workroom.FlagClockCorrected)
	}
	// Counts are moved by whole minutes; where the shift is not one, a minute lands where most of it was.
	by := (n + 30) / 60
	if n < 0 {
		by = -((-n + 30) / 60)
	}
	var out []workroom.CellInput
	for _, in := range inputs {
		for _, m := range in.Minutes {
			m.At += by
			cell := m.At / 10
			if k := len(out); k == 0 || out[k-1].Cell != cell || out[k-1].Device != in.Device {
				out = append(out, workroom.CellInput{Device: in.Device, Cell: cell})
			}
			last := &out[len(out)-1]
			last.Minutes = append(last.Minutes, m)
		}
	}
	return s, out
}
