package app

import (
	"slices"
	"testing"
	"time"

	"trestle/internal/courier"
	"trestle/internal/outbox"
	"trestle/internal/tracker"
	"trestle/internal/workroom"
)

// TestT03_NumberAndTimeDisagreeEverywhere: a clock that was four minutes fast was not compared before the first stretch of time went out, as
// when the computer slept over the comparison. The second one, put right, then lies before the first: it is marked as uncertain here, at the
// service and on the other computer, the timeline gives each second to one of them, and nothing is refused.
func TestT03_NumberAndTimeDisagreeEverywhere(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	c := h.desk("Esme")
	id := own(t, c, "none")
	arrived(t, c)
	const fast = 4 * time.Minute
	k := c.session.track
	if err := k.do(t.Context(), func() {
		k.clockMu.Lock()
		defer k.clockMu.Unlock()
		k.clock = tracker.NewClock(time.Now().Add(fast), readClocks())
	}); err != nil {
		t.Fatal(err)
	}
	started(t, c, id, "", "Sent at once")
	tracked(t, c, 2)
	if _, err := (&Tracker{c}).Stop(); err != nil {
		t.Fatal(err)
	}
	arrived(t, c)
	h.stop()
	offset, at, ok := c.session.courier.Offset()
	if !ok {
		t.Fatal("the service's time is not known")
	}
	eventually(t, "it is seen to be offline", func() bool { return c.session.courier.Status().Phase == courier.Offline })
	started(t, c, id, "", "Told later")
	tracked(t, c, 2)
	if _, err := (&Tracker{c}).Stop(); err != nil {
		t.Fatal(err)
	}
	for tried, at := false, time.Now(); !tried; { // nothing of it leaves this computer, so it can still be moved
		if time.Since(at) > time.Minute {
			t.Fatal("it was never tried to be sent")
		}
		c.session.courier.Kick()
		rows, err := c.session.replica.Rows(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		tried = slices.ContainsFunc(rows, func(r outbox.Row) bool { return r.Flying && r.Op == workroom.OpReportSlice })
	}
	eventually(t, "the attempt ends", func() bool { return !k.underWay(t.Context()) })
	if err := k.do(t.Context(), func() { k.compare(offset, at) }); err != nil { // as followClock does with the next minute
		t.Fatal(err)
	}
	h.again()
	arrived(t, c)

	w := h.witness("Esme")
	for name, desk := range map[string]*Core{"here": c, "at the service": w} {
		list := slicesOf(t, desk, id)
		slices.SortFunc(list, func(a, b *workroom.Slice) int { return int(a.Seq - b.Seq) })
		if len(list) < 2 {
			t.Fatalf("%s: %+v", name, list)
		}
		first, second, all := list[0], list[len(list)-1], int64(0)
		for _, s := range list {
			all += s.Seconds()
		}
		if first.Memo != "Sent at once" || len(first.Flags) != 0 {
			t.Errorf("%s, the first: %+v", name, first)
		}
		if second.Start >= first.Start || !slices.Contains(second.Flags, workroom.FlagClockUncertain) || !slices.Contains(second.Flags, workroom.FlagClockCorrected) {
			t.Errorf("%s, the second: %+v", name, second)
		}
		if d := time.Now().Unix() - second.End; d < -3 || d > 120 {
			t.Errorf("%s: the second ended %d s ago", name, d)
		}
		seen := cells(t, desk, id)
		if got := secondsOf(seen); got != all {
			t.Errorf("%s: the diary has %d s of %d", name, got, all)
		}
		told := false
		for _, cell := range seen {
			for _, p := range cell.Pieces {
				marked := slices.Contains(p.Flags, workroom.FlagClockUncertain)
				if marked != (p.Memo == second.Memo) {
					t.Errorf("%s: %q is marked %v", name, p.Memo, marked)
				}
				told = told || marked && slices.Contains(cell.Flags, workroom.FlagClockUncertain)
			}
		}
		if !told {
			t.Errorf("%s: no segment says so", name)
		}
	}
	if v := notSentOf(t, c); len(v.Rows)+len(v.Groups) != 0 {
		t.Errorf("refused: %+v", v)
	}
}
