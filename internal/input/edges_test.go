package input

import (
	"testing"
	"time"
)

// TestT11_ALockAfterOneWhoseEndWasNotTold: a lock that is told in two ways is one edge, but one that comes later is news, even if the end of
// the one before was never told: else time would run on behind it.
func TestT11_ALockAfterOneWhoseEndWasNotTold(t *testing.T) {
	var s edgeState
	for i, step := range []struct {
		kind  EdgeKind
		later time.Duration
		want  bool
	}{
		{Locked, 0, true}, {Locked, time.Second, false}, {Locked, time.Minute, true}, {Sleeping, 0, true}, {Sleeping, 0, false},
		{Woke, 0, true}, {Locked, time.Second, false}, {Unlocked, 0, true}, {Unlocked, 0, false}, {Locked, 0, true},
	} {
		s.since = s.since.Add(-step.later)
		if got := s.fresh(step.kind); got != step.want {
			t.Errorf("%d: %s after %v: %t", i, step.kind, step.later, got)
		}
	}
}
