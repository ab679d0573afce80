package tracker

import (
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"

	"trestle/internal/workroom"
)

// TestLawSumOfSlices: while somebody works, whatever they do, the seconds of all slices are the seconds that passed while it tracked, to the
// second, and the counts of their keys are all there. Nothing of it depends on what the wall clock of the computer says: it is set back and
// forth all the time.
func TestLawSumOfSlices(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "seed"), 2))
		d := sit(t, "10:00:00")
		ticks := Ticks{}
		clock := NewClock(d.now, ticks)
		pass := func(by time.Duration) { // the computer's two clocks run on; what the wall says is not asked
			ticks.Awake, ticks.Elapsed = ticks.Awake+by, ticks.Elapsed+by
			now, slept := clock.Now(ticks)
			if slept {
				r.Fatal("it takes a running computer for one that slept")
			}
			d.untilTime(now)
		}
		var want int64
		var since time.Time // of the stretch that is tracked
		var typed int
		over := func() {
			if !since.IsZero() {
				want += d.now.Unix() - since.Unix()
			}
			since = time.Time{}
		}
		on := func() {
			if d.m.Snapshot().State == Tracking {
				since = d.now
			}
		}
		for range 5 + rnd.IntN(60) {
			pass(time.Duration(rnd.IntN(170_000)) * time.Millisecond)
			if n := rnd.IntN(9); d.m.Snapshot().State == Tracking { // nobody is idle
				d.types(n + 1).take()
				typed += n + 1
			}
			switch rnd.IntN(8) {
			case 0, 1:
				if d.m.Snapshot().State != Tracking {
					over()
					d.must(Start{Work: Work{x, "api", "one"}})
					on()
				}
			case 2, 3, 4:
				if d.m.Snapshot().State == Tracking {
					d.says(Switch{Work{[]workroom.ContractID{x, y}[rnd.IntN(2)], []workroom.ActivityID{"", "api", "ui"}[rnd.IntN(3)], []string{"one", "two"}[rnd.IntN(2)]}})
				}
			case 5:
				over()
				d.says(Stop{})
			case 6: // away from the desk for less than the idle time: the gap is not counted, and it goes on by itself
				over()
				leave, back := Event(Lock{}), Event(Unlock{})
				if rnd.IntN(2) == 0 {
					leave, back = Sleeping{}, Woke{}
				}
				d.says(leave)
				away := time.Duration(rnd.IntN(590)) * time.Second
				ticks.Elapsed += away
				if _, ok := leave.(Lock); ok {
					ticks.Awake += away
				}
				d.now, _ = clock.Now(ticks)
				d.hands = d.now
				d.must(back)
				on()
			case 7:
				d.must(Report{})
			}
		}
		over()
		d.says(Quit{})
		var got int64
		keys := map[int64]int{}
		for _, s := range d.slices {
			if s.Slice.Close == "" {
				r.Fatalf("%+v is open", s.Slice)
			}
			got += s.Slice.Seconds()
		}
		for _, rep := range d.reports {
			for _, in := range rep.Inputs {
				for _, m := range in.Minutes {
					if m.Keys != nil {
						k := m.At*2 + int64(map[workroom.ContractID]int{x: 0, y: 1}[rep.Slice.Contract])
						keys[k] = max(keys[k], int(*m.Keys))
					}
				}
			}
		}
		counted := 0
		for _, n := range keys {
			counted += n
		}
		if got != want {
			r.Fatalf("slices hold %d s, %d passed while it tracked", got, want)
		}
		if counted > typed {
			r.Fatalf("%d keys are counted, %d were typed", counted, typed)
		}
	})
}
