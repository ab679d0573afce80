package proof

import (
	"trestle/internal/replica"
	"trestle/internal/workroom"
)

func init() {
	simActs[workroom.OpLowerRate] = func(d *simDevice, c *simContract) bool {
		return c.client == d.who && c.other(d.who) != nil &&
			d.enqueue(workroom.LowerRate{Contract: c.id, Act: workroom.RateAsk, Rate: 1 + int64(d.w.rng.IntN(900))}, "", replica.EnqueueOpts{}) != ""
	}
	simActs[workroom.OpApproveTime] = func(d *simDevice, c *simContract) bool {
		w, ok := d.lateWeek(c)
		return ok && c.client == d.who && d.enqueue(workroom.ApproveTime{Contract: c.id, Week: w.String(),
			Of: []workroom.Interval{{From: w.Start().Unix(), To: w.Start().Unix() + 60*int64(1+d.w.rng.IntN(10))}}}, "", replica.EnqueueOpts{}) != ""
	}
	simActs[workroom.OpDisputeWeek] = func(d *simDevice, c *simContract) bool {
		w, ok := d.lateWeek(c)
		if !ok || c.other(d.who) == nil {
			return false
		}
		x := workroom.DisputeWeek{Contract: c.id, Week: w.String(), Act: workroom.DisputeBegin, Text: "words of " + d.w.newID("dispute")}
		rows, err := d.rep.All(simCtx, workroom.DiaryScope(c.id, w.String()), workroom.KindDispute)
		d.w.must("read disputes", err)
		for _, r := range rows {
			if t, ok := r.Thing.(*workroom.Dispute); ok && t.State == workroom.DisputeOpen {
				x.Act, x.Dispute = workroom.DisputeWrite, r.ID
			}
		}
		return d.enqueue(x, "", replica.EnqueueOpts{}) != ""
	}
}

// lateWeek is a week of long ago whose time came late, once the device has it; where there is none the service is given one.
func (d *simDevice) lateWeek(c *simContract) (workroom.Week, bool) {
	w := d.w
	week := workroom.WeekOf(w.start.AddDate(0, 0, -84))
	k, diary := workroom.ContractScope(c.id), workroom.DiaryScope(c.id, week.String())
	if _, known := w.truth.Heads[diary]; known || c.freelancer == nil || w.svc == nil {
		return week, known && d.cursors[diary].Hold == replica.Whole
	}
	if _, there := w.truth.Heads[k]; there {
		s := &workroom.Slice{ID: w.newID("s"), Rev: 1, Freelancer: c.freelancer.id, Contract: c.id, Device: "dev-late", Boot: "boot", Start: week.Start().Unix(),
			End: week.Start().Unix() + 600, Memo: "long ago", Kind: workroom.Tracked, Close: workroom.CloseStop, Flags: []string{workroom.FlagLate}, LateTo: week.Start().Unix() + 600}
		w.operate("time of long ago came late", c.freelancer.id, []workroom.Change{
			{Ref: workroom.Ref{Scope: diary, Kind: workroom.KindSlice, ID: s.ID}, Thing: s},
			{Ref: workroom.Ref{Scope: k, Kind: workroom.KindWeek, ID: week.String()}, Thing: &workroom.WeekMark{}},
		})
	}
	return week, false
}
