package tracker

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"trestle/internal/workroom"
)

// T-03, T-11, T-12: whatever happens in whatever order, slices of one device never overlap, lie in the past, hold no second of lock or
// sleep, and every report is one the service accepts.
func TestT03_AnyOrderOfEvents(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		// A seed, because rapid's own numbers crowd around zero and few of them would add up to a day's work.
		rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "seed"), 1))
		one := func(of ...time.Duration) time.Duration { return of[rnd.IntN(len(of))] }
		d := sit(t, "10:00:00")
		l := terms()
		l.Unlimited, l.Limit, l.Shots, l.IdleMinutes = false, 20000, workroom.ShotsBlurred, 3+rnd.IntN(10)
		d.learn(x, l)
		var dark []workroom.Interval // locked or asleep
		var since int64
		locked, asleep := false, false
		edge := func(lock, sleep bool) {
			if was := locked || asleep; !was && (lock || sleep) {
				since = d.now.Unix()
			} else if was && !lock && !sleep {
				dark = append(dark, workroom.Interval{From: since, To: d.now.Unix()})
			}
			locked, asleep = lock, sleep
		}
		work := func() Work {
			return Work{[]workroom.ContractID{x, x, y}[rnd.IntN(3)],
				[]workroom.ActivityID{"", "api", "ui", "ui", "old"}[rnd.IntN(5)],
				[]string{"one", "two", "three", "four", " "}[rnd.IntN(5)]}
		}
		for range 1 + rnd.IntN(120) {
			step := one(0, 300*time.Millisecond, time.Second, 9*time.Second, 15*time.Second, 40*time.Second, 3*time.Minute, 9*time.Minute, time.Hour) +
				time.Duration(rnd.IntN(20_000))*time.Millisecond
			if asleep { // nothing runs
				d.now = d.now.Add(step)
			} else {
				d.untilTime(d.now.Add(step))
			}
			event := rnd.IntN(18)
			if rnd.IntN(3) > 0 { // rarely dark for long
				switch {
				case asleep:
					event = 7
				case locked:
					event = 6
				}
			}
			switch event {
			case 0, 1, 12, 13:
				if !locked && !asleep {
					_ = d.step(Start{Work: work(), Unbilled: rnd.IntN(2) == 0})
				}
			case 2, 14:
				if !locked && !asleep {
					d.take()
					_ = d.step(Switch{work()})
				}
			case 3:
				d.says(Stop{})
			case 4, 5, 15, 16, 17:
				if !asleep {
					d.types(rnd.IntN(500)).take()
				}
			case 6:
				if !asleep {
					edge(!locked, asleep)
					if locked {
						d.says(Lock{})
					} else {
						d.must(Unlock{})
					}
				}
			case 7:
				edge(locked, !asleep)
				if asleep {
					d.says(Sleeping{})
				} else {
					d.must(Woke{})
				}
			case 8:
				if qs := d.m.Snapshot().Questions; len(qs) > 0 {
					_ = d.step(Answer{Question: qs[rnd.IntN(len(qs))].ID,
						Choice: []Choice{Discard, Keep, Assign}[rnd.IntN(3)], Work: work()})
				}
			case 9:
				d.must(Reading{rnd.IntN(4) == 0})
			case 10:
				d.must(LimitLearnt{Contract: x, Week: workroom.WeekOf(d.now), Seconds: rnd.Int64N(21000)})
			case 11: // the machine sleeps without a word, for a minute or more
				before := d.now.Unix()
				d.now = d.now.Add(maxLate + time.Duration(1+rnd.IntN(3600))*time.Second)
				d.take()
				d.must(Deadline{})
				dark = append(dark, workroom.Interval{From: before + 1, To: d.now.Unix()})
			}
		}
		d.says(Quit{})
		edge(false, false)

		var tracked []workroom.Interval
		for id, save := range d.slices {
			s := save.Slice
			if s.Close == "" || s.Start > s.End || s.End > d.now.Unix() {
				r.Fatalf("%s: %+v at %d", id, s, d.now.Unix())
			}
			if s.Kind != workroom.Tracked || s.Start == s.End {
				continue
			}
			for _, n := range dark {
				if s.Start < n.To && n.From < s.End {
					r.Fatalf("%d–%d is tracked over %d–%d of lock or sleep", s.Start, s.End, n.From, n.To)
				}
			}
			tracked = append(tracked, workroom.Interval{From: s.Start, To: s.End})
		}
		slices.SortFunc(tracked, func(a, b workroom.Interval) int { return int(a.From - b.From) })
		for i := 1; i < len(tracked); i++ {
			if tracked[i].From < tracked[i-1].To {
				r.Fatalf("slices overlap: %v", tracked)
			}
		}
		rev := map[string]int64{}
		for _, rep := range d.reports {
			s := rep.Slice
			if s.Rev != rev[s.ID]+1 {
				r.Fatalf("%s reported with rev %d after %d", s.ID, s.Rev, rev[s.ID])
			}
			rev[s.ID] = s.Rev
			c := workroom.ReportSlice{Week: workroom.WeekOf(time.Unix(s.Start, 0)).String(), Slice: s, Input: rep.Inputs}
			if no := c.Check(); no != nil {
				r.Fatalf("the service would refuse %+v: %s", c, no.Text)
			}
		}
		last := map[int64]TakeShot{} // a cell has another one only if the first was dropped
		for _, shot := range d.shots {
			last[shot.Cell] = shot
		}
		for cell, shot := range last {
			kept, known := d.kept[cell]
			s := d.slices[shot.Slice].Slice
			if covered := ShotCovered(shot.At, s.Start, s.End); !known || kept != covered || shot.At/600 != cell {
				r.Fatalf("shot %+v of slice %d–%d: kept %t (%t)", shot, s.Start, s.End, kept, known)
			}
		}
	})
}
