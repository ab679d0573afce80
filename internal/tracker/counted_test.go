package tracker

import (
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"

	"trestle/internal/workroom"
)

// T-06: whatever is switched and stopped at whatever fraction of a second, each key typed while something was tracked stands in a report, once,
// and none of another time. Edges are floored to seconds: once the keys of the second in which time ended were in no report where that second
// began a minute.
func TestT06_EveryKeyIsReportedOnce(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "seed"), 4))
		d := sit(t, "10:08:50")
		typed := map[workroom.ContractID]int{}
		for range 1 + rnd.IntN(60) {
			step := time.Duration(rnd.IntN(900)) * time.Millisecond
			if rnd.IntN(3) == 0 { // to the next full minute, or just behind it
				step = d.now.Truncate(time.Minute).Add(time.Minute).Sub(d.now) + time.Duration(rnd.IntN(5)*240)*time.Millisecond
			}
			d.untilTime(d.now.Add(step))
			s := d.m.Snapshot()
			if s.State == Tracking {
				n := rnd.IntN(9)
				if d.now.Unix() == s.Since.Unix() {
					n = 0 // a slice without a whole second may be dropped, its keys with it
				}
				d.types(n)
				typed[s.Work.Contract] += n
			}
			k := []workroom.ContractID{x, y}[rnd.IntN(2)]
			switch rnd.IntN(7) {
			case 0, 1:
				d.says(Start{Work: Work{k, "", "one"}})
			case 2:
				if s.State == Tracking {
					d.says(Switch{Work{k, "", []string{"one", "two"}[rnd.IntN(2)]}})
				}
			case 3:
				d.says(Stop{})
			case 4:
				d.says(Lock{})
				d.must(Unlock{})
			case 5:
				d.says(Report{})
			}
		}
		d.says(Stop{})
		type place struct {
			k  workroom.ContractID
			at int64
		}
		newest := map[place]int{}
		for _, rep := range d.reports {
			for _, in := range rep.Inputs {
				for _, m := range in.Minutes {
					if m.Keys == nil {
						continue
					}
					p := place{rep.Slice.Contract, m.At}
					if int(*m.Keys) < newest[p] {
						r.Fatalf("minute %d of %s shrinks from %d to %d keys", m.At, p.k, newest[p], *m.Keys)
					}
					newest[p] = int(*m.Keys)
				}
			}
		}
		said := map[workroom.ContractID]int{}
		for p, n := range newest {
			said[p.k] += n
		}
		for _, k := range []workroom.ContractID{x, y} {
			if said[k] != typed[k] {
				r.Fatalf("%s: %d keys typed, %d reported: %v", k, typed[k], said[k], newest)
			}
		}
	})
}

// T-06, T-07: keys of the very second in which somebody went idle, where it begins a minute that a report has told of already, stand in the segment
// once: with the minute before, which the slice still touches.
func TestT06_TheSecondBeforeIdleCountsOnce(t *testing.T) {
	d := sit(t, "10:00:00").start("one").until("10:02:30").types(2)
	d.untilTime(at(t, "2026-11-20 10:04:00").Add(300 * time.Millisecond)).types(3)
	d.until("10:15:00").slicesAre("10:00:00–10:04:00 idle")
	var inputs []*workroom.CellInput
	told := 0
	for _, r := range d.reports {
		for i := range r.Inputs {
			inputs = append(inputs, &r.Inputs[i])
			for _, m := range r.Inputs[i].Minutes {
				if m.Keys != nil && m.At == at(t, "2026-11-20 10:04:00").Unix()/60 {
					told = int(*m.Keys)
				}
			}
		}
	}
	if told != 3 {
		t.Errorf("before it was known that nobody is there %d keys of that minute were told", told)
	}
	s := d.reports[len(d.reports)-1].Slice
	piece := workroom.Piece{Interval: workroom.Interval{From: s.Start, To: s.End}, How: workroom.Tracked, Memo: s.Memo}
	segments := workroom.Segments([]workroom.Piece{piece}, inputs, nil)
	if len(segments) != 1 || segments[0].Keys != 5 || segments[0].Active != 2 || segments[0].Touched != 4 {
		t.Errorf("%+v", segments[0])
	}
}
