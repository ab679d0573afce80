package app

import (
	"context"
	"maps"
	"slices"
	"testing"
	"time"

	"trestle/internal/workroom"
)

// slicesOf are the slices a desktop has of a contract.
func slicesOf(t *testing.T, c *Core, contract string) []*workroom.Slice {
	t.Helper()
	rows, err := c.session.replica.Everywhere(context.Background(), "d:"+contract+":", workroom.KindSlice)
	if err != nil {
		t.Fatal(err)
	}
	var out []*workroom.Slice
	for _, r := range rows {
		if s, ok := r.Thing.(*workroom.Slice); ok {
			out = append(out, s)
		}
	}
	return out
}

// TestT03_AWrongClockIsPutRightBeforeAnythingIsSent: time tracked offline by a clock that runs an hour fast, or an hour late, reaches the
// service at the hour it really was, to the second as long as it was and once, marked; what is tracked from then on is right at once.
func TestT03_AWrongClockIsPutRightBeforeAnythingIsSent(t *testing.T) {
	t.Parallel()
	for name, off := range map[string]time.Duration{"fast": -time.Hour, "late": time.Hour} {
		t.Run(name, func(t *testing.T) { t.Parallel(); wrongClock(t, off) })
	}
}

// wrongClock is the story of a computer whose clock is behind the service's by off.
func wrongClock(t *testing.T, off time.Duration) {
	h := openHouse(t)
	h.stop()
	h.now = func() time.Time { return time.Now().Add(-2 * time.Hour) } // so that the contract is older than the time
	h.again()
	c := h.desk("Esme")
	id := own(t, c, "none")
	arrived(t, c)
	h.stop()
	dirs := c.dirs
	c.Close() // this run compared its clock already; the next one knows of no comparison
	h.now = func() time.Time { return time.Now().Add(off) }
	c = openDesk(t, dirs)
	started(t, c, id, "", "Draw the otters")
	tracked(t, c, 2)
	if _, err := (&Tracker{c}).Stop(); err != nil {
		t.Fatal(err)
	}
	before := slicesOf(t, c, id)
	if len(before) != 1 || len(before[0].Flags) != 0 {
		t.Fatalf("%+v", before)
	}
	h.again()
	arrived(t, c)
	after := slicesOf(t, c, id)
	if len(after) != 1 {
		t.Fatalf("%+v", after)
	}
	s := after[0]
	if moved := s.Start - before[0].Start - int64(off/time.Second); moved < -2 || moved > 2 || s.Seconds() != before[0].Seconds() || !slices.Contains(s.Flags, workroom.FlagClockCorrected) {
		t.Errorf("moved to %d s from where it was, %+v", moved, s)
	}
	if v := notSentOf(t, c); len(v.Rows)+len(v.Groups) != 0 {
		t.Errorf("refused: %+v", v)
	}
	started(t, c, id, "", "And more")
	tracked(t, c, 2)
	if _, err := (&Tracker{c}).Stop(); err != nil {
		t.Fatal(err)
	}
	for _, s := range slicesOf(t, c, id) {
		if d := time.Now().Add(off).Unix() - s.End; d < -3 || d > 60 {
			t.Errorf("a slice ends %d s before the service's present", d)
		}
	}
	arrived(t, c)
	w := h.witness("Esme")
	here, there := map[string]workroom.Interval{}, map[string]workroom.Interval{}
	for _, x := range slicesOf(t, c, id) {
		here[x.ID] = workroom.Interval{From: x.Start, To: x.End}
	}
	for _, x := range slicesOf(t, w, id) {
		there[x.ID] = workroom.Interval{From: x.Start, To: x.End}
	}
	if len(here) != 2 || !maps.Equal(here, there) {
		t.Errorf("here %v, at the service %v", here, there)
	}
}
