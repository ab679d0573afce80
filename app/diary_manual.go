package app

import (
	"context"
	"time"

	"trestle/internal/workroom"
)

// AddManual writes time in by hand (T-14). Where time of any of one's contracts stands in the way, or where time was deleted, nothing is
// written and the ranges are answered; with Fill the gaps between them are.
func (d *Diary) AddManual(in ManualIn) (out ManualOut, err error) {
	defer guard(&err)
	out = ManualOut{Added: []SpanView{}, Clashes: []SpanView{}}
	s, err := d.c.here()
	if err != nil {
		return out, err
	}
	c, _, err := s.contract(in.Contract)
	if err != nil {
		return out, err
	}
	from, to := in.From/1000, in.To/1000
	now := s.clockNow()
	memo := trimMemo(in.Memo)
	switch {
	case c.Freelancer != s.me():
		return out, workroom.Refuse(workroom.FreelancerOnly)
	case !c.Terms.Manual:
		return out, workroom.Refuse(workroom.ManualOff)
	case in.From%60_000 != 0 || in.To%60_000 != 0:
		return out, workroom.Bad("from", "Time is written in by whole minutes.")
	case from <= 0 || to <= from || to-from > workroom.MaxSlice:
		return out, workroom.Bad("to", "The end lies after the start, by at most 24 hours.")
	case to > now.Unix():
		return out, &workroom.Refusal{Code: workroom.InFuture, Field: "to", Text: "This lies in the future."}
	}
	h, err := s.history(context.Background(), workroom.ContractID(in.Contract), c)
	if err != nil {
		return out, err
	}
	if r := workroom.MayMark(h, s.me(), workroom.MarkCut, from, now); r != nil {
		return out, r
	}
	if r := workroom.CheckMemo(memo); r != nil {
		return out, r
	}
	b, err := s.bookAround(workroom.ContractID(in.Contract), c, from, to)
	if err != nil {
		return out, err
	}
	held := b.diary()
	for _, x := range held.Clashes(from, to) {
		v := SpanView{From: x.From * 1000, To: x.To * 1000, What: b.titles[x.Contract]}
		switch {
		case x.Deleted:
			v.What = "Deleted"
		case x.Contract == b.id:
			v.What = c.Title
		}
		out.Clashes = append(out.Clashes, v)
	}
	gaps := held.Gaps(from, to)
	if len(out.Clashes) > 0 && (!in.Fill || len(gaps) == 0) {
		return out, nil
	}
	for _, gap := range gaps {
		for at := gap.From; at < gap.To; {
			w := workroom.WeekOf(time.Unix(at, 0))
			end := min(gap.To, w.End().Unix())
			cmd := workroom.AddTime{Contract: b.id, Week: w.String(), Who: s.me(), Entries: []workroom.ManualEntry{{
				ID: newID(), From: at, To: end, Activity: workroom.ActivityID(in.Activity), Memo: memo}}}
			if _, err := s.enqueue(cmd, enqueueOpts{At: now}); err != nil {
				return ManualOut{Added: []SpanView{}, Clashes: []SpanView{}}, err
			}
			out.Added = append(out.Added, SpanView{From: at * 1000, To: end * 1000, What: c.Title})
			at = end
		}
	}
	s.timeChanged(in.Contract)
	return out, nil
}

// trimMemo is a memo as the tracker takes it, too: without spaces around it, and with one where there are more.
func trimMemo(s string) string { return workroom.OneLine(s) }
