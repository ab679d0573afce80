package proof

import (
	"time"

	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// correct changes time that was reported, writes some in by hand, says where the tracker runs, or closes a week whose review is over.
func (d *simDevice) correct(c *simContract) {
	w := d.w
	s := d.slice[c.id]
	n := w.rng.IntN(5)
	switch {
	case n == 0:
		d.enqueue(workroom.SetLease{Who: d.who.id, Device: d.id, Since: d.clock().UnixMilli()}, "", replica.EnqueueOpts{})
	case n == 1:
		d.closeWeek(c)
	case n == 2:
		from := (d.clock().Unix()/60 - int64(w.rng.IntN(60))) * 60
		d.enqueue(workroom.AddTime{Contract: c.id, Week: workroom.WeekOf(time.Unix(from, 0)).String(), Who: d.who.id,
			Entries: []workroom.ManualEntry{{ID: w.newID("e"), From: from, To: from + 60, Memo: "by hand"}}}, "", replica.EnqueueOpts{})
	case s == nil || s.End <= s.Start:
		d.track(c)
	case n == 3:
		d.enqueue(workroom.MarkTime{Contract: c.id, Week: workroom.WeekOf(time.Unix(s.Start, 0)).String(), What: workroom.MarkMemo, Value: "rather " + w.newID("w"),
			Spans: []workroom.MarkSpan{{Slice: s.ID, From: s.Start, To: s.End}}}, "", replica.EnqueueOpts{})
	default:
		from := s.Start + int64(w.rng.IntN(int(s.End-s.Start)))
		d.enqueue(workroom.CutTime{Contract: c.id, Week: workroom.WeekOf(time.Unix(s.Start, 0)).String(), From: from, To: min(s.End, from+30)}, "", replica.EnqueueOpts{})
	}
}

// closeWeek asks for the seal of a week of long ago, in which there was work.
func (d *simDevice) closeWeek(c *simContract) {
	w := d.w
	week := workroom.WeekOf(w.start.AddDate(0, 0, -70))
	k, diary := workroom.ContractScope(c.id), workroom.DiaryScope(c.id, week.String())
	if _, known := w.truth.Heads[diary]; !known && c.freelancer != nil && w.svc != nil {
		if _, there := w.truth.Heads[k]; !there {
			return
		}
		old := &workroom.Slice{ID: w.newID("s"), Rev: 1, Freelancer: c.freelancer.id, Contract: c.id, Device: "dev-old", Boot: "boot", Start: week.Start().Unix(),
			End: week.Start().Unix() + 600, Memo: "long ago", Kind: workroom.Tracked, Close: workroom.CloseStop}
		w.operate("work of long ago", c.freelancer.id, []workroom.Change{
			{Ref: workroom.Ref{Scope: diary, Kind: workroom.KindSlice, ID: old.ID}, Thing: old},
			{Ref: workroom.Ref{Scope: k, Kind: workroom.KindWeek, ID: week.String()}, Thing: &workroom.WeekMark{}},
		})
	}
	d.enqueue(workroom.CloseWeek{Contract: c.id, Week: week.String()}, "", replica.EnqueueOpts{})
}
