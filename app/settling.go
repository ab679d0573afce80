package app

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"trestle/internal/markup"
	"trestle/internal/outbox"
	"trestle/internal/workroom"
)

// This file is about what stands beside the bill of a week: late time that the client approves (T-16), and disputes that both settle (W-38).
// The bill itself never changes.

// settling draws what stands beside the bill of a week.
func (b *book) settling(w workroom.Week) Settling {
	out := Settling{ReviewEnds: w.End().Add(b.past().Review(w)).UnixMilli(), Adjusted: []AdjustmentRow{}}
	for id, x := range b.adjusted {
		if x.Week == w.String() {
			out.Adjusted = append(out.Adjusted, AdjustmentRow{ID: id, Kind: string(x.Kind), At: x.At / 1000, By: b.name(x.By), Mine: x.By == b.me,
				Seconds: x.Seconds, Amount: x.Amount, Text: markup.Clean(x.Text)})
		}
	}
	slices.SortFunc(out.Adjusted, func(x, y AdjustmentRow) int { return cmp.Or(cmp.Compare(x.At, y.At), cmp.Compare(x.ID, y.ID)) })
	for _, in := range b.lateOpen(w) {
		out.LateOpen += in.Seconds()
	}
	out.LateWorth = workroom.LateWorth(b.past().Of(w).Rate, b.beside(w), out.LateOpen)
	out.Approve = out.LateOpen > 0 && workroom.MayApprove(b.contract, b.me) == nil
	var newest *workroom.Dispute
	for id, x := range b.disputes {
		if x.Week != w.String() || newest != nil && (newest.State == workroom.DisputeOpen || x.State != workroom.DisputeOpen && x.At < newest.At) {
			continue
		}
		newest = x
		out.Dispute = b.disputeView(id, x)
	}
	open := newest != nil && newest.State == workroom.DisputeOpen
	out.Begin = !open && b.contract.Client != b.contract.Freelancer && b.contract.Started != 0 && w.Ended(b.now) && len(inWeek(b.pieces(), w)) > 0
	return out
}

// lateOpen is the late time of a week that is not approved, in order.
func (b *book) lateOpen(w workroom.Week) []workroom.Interval {
	var late []workroom.Interval
	for _, in := range inWeek(b.pieces(), w) {
		if in.Late && !in.AfterEnd {
			late = append(late, in.Interval)
		}
	}
	return workroom.Open(late, slices.Collect(maps.Values(b.adjusted)))
}

// beside are the lines beside the bill of a week.
func (b *book) beside(w workroom.Week) (out []*workroom.Adjustment) {
	for _, x := range b.adjusted {
		if x.Week == w.String() {
			out = append(out, x)
		}
	}
	return out
}

func (b *book) disputeView(id string, d *workroom.Dispute) *DisputeView {
	out := &DisputeView{ID: id, Week: d.Week, State: string(d.State), By: b.name(d.By), Mine: d.By == b.me, At: d.At / 1000, Closed: d.Closed / 1000, Texts: []DisputeText{}}
	for _, t := range d.Texts {
		out.Texts = append(out.Texts, DisputeText{By: b.name(t.By), Mine: t.By == b.me, At: t.At / 1000, Text: markup.Clean(t.Text), Folded: b.blocked[t.By]})
	}
	if o := d.Offer; o != nil {
		out.Offer = &DisputeOffer{By: b.name(o.By), Mine: o.By == b.me, At: o.At / 1000, Mark: o.At, Amount: o.Amount, Text: markup.Clean(o.Text), Folded: o.Text != "" && b.blocked[o.By]}
	}
	if d.State == workroom.DisputeOpen {
		out.May = DisputeMay{Write: true, Offer: true, Accept: d.Offer != nil && d.Offer.By != b.me, Withdraw: d.By == b.me}
	}
	return out
}

// weekOf draws a week with what was done beside its bill and waits for the service.
func (s *Session) weekOf(b *book, w workroom.Week) (WeekView, error) {
	out := b.week(w)
	return out, s.addWaiting(&out, b)
}

// addWaiting adds to a week what was done beside its bill and waits for the service.
func (s *Session) addWaiting(out *WeekView, b *book) error {
	items, err := s.replica.About(context.Background(), string(b.id))
	if err != nil {
		return err
	}
	var done []*workroom.Adjustment
	if w, err := workroom.ParseWeek(out.Week); err == nil {
		done = b.beside(w)
	}
	for _, i := range items {
		if i.Verdict != outbox.None {
			continue
		}
		switch c := i.Command.(type) {
		case workroom.ApproveTime:
			// One that was written meanwhile, while its answer is on the way, stands there already.
			if c.Week != out.Week || slices.ContainsFunc(out.Settling.Adjusted, func(r AdjustmentRow) bool { return r.ID == i.ID }) {
				continue
			}
			row := AdjustmentRow{ID: i.ID, Kind: string(workroom.AdjustLate), At: i.At / 1000, By: b.name(b.me), Mine: true, Waiting: true}
			for _, in := range c.Of {
				row.Seconds += in.Seconds()
			}
			row.Amount = workroom.LateWorth(out.Rate, done, row.Seconds)
			done = append(done, &workroom.Adjustment{Kind: workroom.AdjustLate, Seconds: row.Seconds, Amount: row.Amount})
			out.Settling.Adjusted = append(out.Settling.Adjusted, row)
			out.Settling.Approve = false
		case workroom.DisputeWeek:
			if c.Week != out.Week {
				continue
			}
			if c.Act == workroom.DisputeBegin {
				out.Settling.Dispute = &DisputeView{ID: i.ID, Week: c.Week, State: string(workroom.DisputeOpen), By: b.name(b.me), Mine: true, At: i.At / 1000,
					Texts: []DisputeText{{By: b.name(b.me), Mine: true, At: i.At / 1000, Text: markup.Clean(c.Text)}}}
			}
			if d := out.Settling.Dispute; d != nil { // until it is known what became of it nothing more is done to it here
				d.Waiting, d.May = true, DisputeMay{}
			}
			out.Settling.Begin = false
		}
	}
	return nil
}

// settled does something beside the bill of a week and answers the week as it stands then.
func (d *Diary) settled(contract, day, zone string, commands func(*book, workroom.Week) ([]workroom.Command, error)) (out WeekView, err error) {
	b, day, err := d.open(DayIn{Contract: contract, Day: day, Zone: zone})
	if err != nil {
		return out, err
	}
	w, err := workroom.ParseWeek(day)
	if err != nil {
		return out, Fail(CodeBadInput, "The day is written as YYYY-MM-DD.")
	}
	s, err := d.c.here()
	if err != nil {
		return out, err
	}
	list, err := commands(b, w)
	if err != nil {
		return out, err
	}
	for _, cmd := range list {
		if r := cmd.Check(); r != nil {
			return out, r
		}
		if err := s.agree(cmd, contract); err != nil {
			return out, err
		}
	}
	return d.Week(DayIn{Contract: contract, Day: w.String(), Zone: zone})
}

// ApproveLate lets late time of a week count as a line beside its bill (T-16). Only the client may.
func (d *Diary) ApproveLate(in ApproveIn) (out WeekView, err error) {
	defer guard(&err)
	return d.settled(in.Contract, in.Week, in.Zone, func(b *book, w workroom.Week) ([]workroom.Command, error) {
		if r := workroom.MayApprove(b.contract, b.me); r != nil {
			return nil, r
		}
		var of []workroom.Interval
		for _, x := range b.lateOpen(w) {
			if len(in.Cells) == 0 {
				of = append(of, x)
				continue
			}
			for _, n := range in.Cells {
				from, to := max(x.From, n*workroom.CellSeconds), min(x.To, (n+1)*workroom.CellSeconds)
				if from < to {
					of = append(of, workroom.Interval{From: from, To: to})
				}
			}
		}
		if len(of) == 0 {
			return nil, workroom.Bad("cells", "There is no late time here that is not approved.")
		}
		var list []workroom.Command
		for part := range slices.Chunk(of, workroom.MaxSpans) { // in pieces it comes to what it comes to at once
			list = append(list, workroom.ApproveTime{Contract: b.id, Week: w.String(), Of: part})
		}
		return list, nil
	})
}

// Dispute opens a dispute of a week that is over, by either side (W-38).
func (d *Diary) Dispute(in DisputeIn) (out WeekView, err error) {
	defer guard(&err)
	return d.settled(in.Contract, in.Week, in.Zone, func(b *book, w workroom.Week) ([]workroom.Command, error) {
		if !w.Ended(b.now) {
			return nil, workroom.Refuse(workroom.WeekRuns)
		}
		return []workroom.Command{workroom.DisputeWeek{Contract: b.id, Week: w.String(), Act: workroom.DisputeBegin, Text: in.Text}}, nil
	})
}

// DisputeWrite says something in a dispute.
func (d *Diary) DisputeWrite(in DisputeActIn) (out WeekView, err error) {
	defer guard(&err)
	return d.dispute(in, workroom.DisputeWrite)
}

// DisputeOffer offers an amount to settle a dispute by; it takes the place of the offer before.
func (d *Diary) DisputeOffer(in DisputeActIn) (out WeekView, err error) {
	defer guard(&err)
	return d.dispute(in, workroom.DisputePropose)
}

// DisputeAccept accepts the other side's offer: the amount becomes a line beside the bill, and the dispute is settled.
func (d *Diary) DisputeAccept(in DisputeActIn) (out WeekView, err error) {
	defer guard(&err)
	return d.dispute(in, workroom.DisputeAccept)
}

// DisputeWithdraw takes back a dispute that one opened.
func (d *Diary) DisputeWithdraw(in DisputeActIn) (out WeekView, err error) {
	defer guard(&err)
	return d.dispute(in, workroom.DisputeWithdraw)
}

func (d *Diary) dispute(in DisputeActIn, act workroom.DisputeAct) (WeekView, error) {
	return d.settled(in.Contract, in.Week, in.Zone, func(b *book, w workroom.Week) ([]workroom.Command, error) {
		if b.disputes[in.ID] == nil {
			return nil, workroom.Refuse(workroom.Gone)
		}
		cmd := workroom.DisputeWeek{Contract: b.id, Week: w.String(), Act: act, Dispute: in.ID}
		switch act {
		case workroom.DisputeWrite:
			cmd.Text = in.Text
		case workroom.DisputePropose:
			cmd.Text, cmd.Amount = in.Text, in.Amount
		case workroom.DisputeAccept:
			cmd.Offer = in.Mark
		}
		return []workroom.Command{cmd}, nil
	})
}
