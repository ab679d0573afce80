package app

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"trestle/internal/courier"
	"trestle/internal/outbox"
	"trestle/internal/workroom"
)

// This file changes what two sides agreed on, and shows what became of it. The service alone makes such a change true, so nothing of it is
// shown as done before.

// history is what became of a contract since its start, by which its time is judged.
func (s *Session) history(ctx context.Context, id workroom.ContractID, c *workroom.Contract) (*workroom.History, error) {
	rows, err := s.replica.All(ctx, workroom.ContractScope(id), workroom.KindTurn)
	if err != nil {
		return nil, err
	}
	var turns []*workroom.Turn
	for _, r := range rows {
		if t, ok := r.Thing.(*workroom.Turn); ok {
			turns = append(turns, t)
		}
	}
	return workroom.HistoryOf(c, turns), nil
}

// ChangeTerms changes terms of a contract that runs (W-23 to W-25, W-27, T-16). Only the client may.
func (x *Contracts) ChangeTerms(in ChangeTermsIn) (out ContractView, err error) {
	defer guard(&err)
	s, err := x.c.here()
	if err != nil {
		return out, err
	}
	c, _, err := s.contract(in.Contract)
	if err != nil {
		return out, err
	}
	now := s.clockNow()
	cmd, err := termsCommand(in, now)
	if err != nil {
		return out, err
	}
	if r := workroom.MayTurn(c, s.me(), workroom.TurnTerms); r != nil {
		return out, r
	}
	h, err := s.history(context.Background(), cmd.Contract, c)
	if err != nil {
		return out, err
	}
	if r := cmd.Fits(h, now); r != nil {
		return out, r
	}
	if err := s.agree(cmd, in.Contract); err != nil {
		return out, err
	}
	return x.Get(IDIn{in.Contract})
}

// termsCommand reads which terms are to become what.
func termsCommand(in ChangeTermsIn, now time.Time) (workroom.ChangeTerms, error) {
	cmd := workroom.ChangeTerms{Contract: workroom.ContractID(in.Contract), Week: workroom.WeekOf(now).String()}
	t := in.Terms
	for _, what := range in.Set {
		switch what {
		case "rate":
			cmd.Rate = &t.Rate
		case "limit":
			cmd.Limit = new(cmp.Or(t.Limit, workroom.NoLimit))
		case "manual":
			cmd.Manual = &t.Manual
		case "activity":
			cmd.RequireActivity = &t.RequireActivity
		case "shots":
			cmd.Shots = new(workroom.ShotPolicy(t.Shots))
		case "idle":
			cmd.IdleMinutes = new(int(t.IdleMinutes))
		case "keep":
			cmd.KeepDays = new(int(t.KeepDays))
		case "review":
			cmd.ReviewDays = new(int(t.ReviewDays))
		default:
			return cmd, workroom.Bad("set", "There is no such term.")
		}
	}
	if r := cmd.Check(); r != nil {
		return cmd, r
	}
	return cmd, nil
}

// AskRate asks the freelancer to agree to a lower rate (W-23). Only the client may. Nothing changes until the freelancer agreed.
func (x *Contracts) AskRate(in AskRateIn) (out ContractView, err error) {
	defer guard(&err)
	return x.lower(workroom.LowerRate{Contract: workroom.ContractID(in.Contract), Act: workroom.RateAsk, Rate: in.Rate})
}

// AnswerRate answers what AskRate asked: the freelancer agrees, so that it counts from next Monday 00:00 UTC on, or declines; the client
// withdraws.
func (x *Contracts) AnswerRate(in AnswerRateIn) (out ContractView, err error) {
	defer guard(&err)
	s, err := x.c.here()
	if err != nil {
		return out, err
	}
	c, _, err := s.contract(in.Contract)
	if err != nil {
		return out, err
	}
	cmd := workroom.LowerRate{Contract: workroom.ContractID(in.Contract), Act: workroom.RateDecline, Asked: in.Mark}
	switch {
	case in.Agree:
		cmd.Act = workroom.RateAgree
	case c.Client == s.me():
		cmd.Act = workroom.RateWithdraw
	}
	return x.lower(cmd)
}

func (x *Contracts) lower(cmd workroom.LowerRate) (out ContractView, err error) {
	s, err := x.c.here()
	if err != nil {
		return out, err
	}
	c, _, err := s.contract(string(cmd.Contract))
	if err != nil {
		return out, err
	}
	if r := cmd.Check(); r != nil {
		return out, r
	}
	if r := workroom.MayLower(c, s.me(), cmd.Act); r != nil {
		return out, r
	}
	if err := s.agree(cmd, string(cmd.Contract)); err != nil {
		return out, err
	}
	return x.Get(IDIn{string(cmd.Contract)})
}

// Pause pauses a contract: the tracker stops, and nothing is recorded on it until it goes on (W-35). Only the client may.
func (x *Contracts) Pause(in IDIn) (out ContractView, err error) {
	defer guard(&err)
	return x.stand(in.ID, true)
}

// Resume lets a paused contract go on. Only the client may.
func (x *Contracts) Resume(in IDIn) (out ContractView, err error) {
	defer guard(&err)
	return x.stand(in.ID, false)
}

func (x *Contracts) stand(id string, paused bool) (out ContractView, err error) {
	what := workroom.TurnResumed
	if paused {
		what = workroom.TurnPaused
	}
	return x.turn(id, what, func(now time.Time) workroom.Command {
		return workroom.PauseContract{Contract: workroom.ContractID(id), Week: workroom.WeekOf(now).String(), On: paused}
	})
}

// End ends a contract with a reason. Either side may (W-35).
func (x *Contracts) End(in EndIn) (out ContractView, err error) {
	defer guard(&err)
	return x.turn(in.Contract, workroom.TurnEnded, func(now time.Time) workroom.Command {
		return workroom.EndContract{Contract: workroom.ContractID(in.Contract), Week: workroom.WeekOf(now).String(), Reason: workroom.EndReason(in.Reason), Text: in.Text}
	})
}

func (x *Contracts) turn(id string, what workroom.TurnWhat, command func(time.Time) workroom.Command) (out ContractView, err error) {
	s, err := x.c.here()
	if err != nil {
		return out, err
	}
	c, _, err := s.contract(id)
	if err != nil {
		return out, err
	}
	cmd := command(s.clockNow())
	if r := cmd.Check(); r != nil {
		return out, r
	}
	if r := workroom.MayTurn(c, s.me(), what); r != nil {
		return out, r
	}
	if err := s.agree(cmd, id); err != nil {
		return out, err
	}
	return x.Get(IDIn{id})
}

// agreeWait is how long a call waits for what the service says to something that only it can make true.
const agreeWait = 4 * time.Second

// agree gives the service something that only it can make true, about a contract. It waits a moment for the answer where there is a way to
// it; what comes later is shown as waiting until then.
func (s *Session) agree(cmd workroom.Command, contract string) error {
	id, err := s.enqueue(cmd, enqueueOpts{About: contract})
	if err != nil {
		return err
	}
	s.core.changed(string(workroom.ContractScope(workroom.ContractID(contract))))
	for end := time.Now().Add(agreeWait); time.Now().Before(end) && s.courier.Status().Phase == courier.Online; time.Sleep(20 * time.Millisecond) {
		items, err := s.replica.About(context.Background(), contract)
		if err != nil {
			return err
		}
		waits := false
		for _, i := range items {
			if i.ID != id {
				continue
			}
			if i.Verdict != outbox.None {
				// The person is told right here, so it need not stand under Not sent as well.
				_ = s.replica.Discard(context.Background(), id)
				return &workroom.Refusal{Code: i.Code, Text: s.reasonOf(i)}
			}
			waits = true
		}
		if !waits {
			s.timeChanged(contract)
			return nil
		}
	}
	return nil
}

// addTurns fills in what became of a contract and what may be done about it.
func (s *Session) addTurns(out *ContractView, b *book) error {
	out.TermsMay = b.termsMay()
	out.Pending, out.Turns = []TurnRow{}, []TurnRow{}
	items, err := s.replica.About(context.Background(), string(b.id))
	if err != nil {
		return err
	}
	for _, i := range items {
		if i.Verdict == outbox.None {
			out.Pending = append(out.Pending, b.waitingRows(i.ID, i.At, i.Command)...)
		}
	}
	for _, t := range slices.Backward(b.past().Turns()) {
		rows := b.turnRows(t)
		out.Turns = append(out.Turns, rows...)
		for _, r := range rows {
			if r.What == "rate" && r.From > b.now.UnixMilli() && !slices.ContainsFunc(out.Pending, func(o TurnRow) bool { return o.What == "rate" && !o.Waiting }) {
				out.Pending = append(out.Pending, r)
			}
		}
	}
	out.Pending = append(out.Pending, b.notYet()...)
	if stops := b.past().Stops(); len(stops) > 0 && b.contract.Status != workroom.Active {
		out.Since = stops[len(stops)-1].From * 1000
	}
	return nil
}

// notYet are the lower rate that is asked for, and the limit of the weeks to come where this week keeps more of what was in it already.
func (b *book) notYet() (out []TurnRow) {
	if t := b.past().RateAsked(); t != nil {
		row := b.turnRows(t)[0]
		row.What, row.Was, row.Needs = "rate", strconv.FormatInt(b.contract.Terms.Rate, 10), "them"
		if t.By != b.me || b.contract.Client == b.contract.Freelancer {
			row.Needs = "me"
		}
		row.From = workroom.RateFrom(b.now.UnixMicro()).UnixMilli()
		out = append(out, row)
	}
	w, agreed := workroom.WeekOf(b.now), termsView(b.contract.Terms).Limit
	if now := termsView(b.past().Of(w)).Limit; now != agreed {
		for _, t := range slices.Backward(b.past().Turns()) {
			for _, r := range b.turnRows(t) {
				if r.What == "limit" {
					r.Was, r.From = strconv.FormatInt(now, 10), w.End().UnixMilli()
					return append(out, r)
				}
			}
		}
	}
	return out
}

// termsMay says what this side may do to the contract.
func (b *book) termsMay() TermsMay {
	var out TermsMay
	may := func(what workroom.TurnWhat) bool {
		r := workroom.MayTurn(b.contract, b.me, what)
		if r != nil && out.Why == "" {
			out.Why = r.Text
		}
		return r == nil
	}
	terms := may(workroom.TurnTerms)
	out.Rate, out.Limit, out.Manual, out.Activity = terms, terms, terms, terms
	out.Shots, out.Idle, out.Keep, out.Review = terms, terms, terms, terms
	out.Pause = terms && b.contract.Status == workroom.Active
	out.Resume = terms && b.contract.Status == workroom.Paused
	out.End = may(workroom.TurnEnded)
	out.Agree = b.past().RateAsked() != nil && workroom.MayLower(b.contract, b.me, workroom.RateAgree) == nil
	return out
}

// turnRows are what one turn changed.
func (b *book) turnRows(t *workroom.Turn) []TurnRow {
	row := TurnRow{ID: strconv.FormatInt(t.At, 10), At: t.At / 1000, By: b.name(t.By), Mine: t.By == b.me, What: string(t.What), From: t.At / 1000, Reason: string(t.Reason), Text: t.Text,
		Week: t.Week, Seconds: t.Seconds, Amount: t.Amount}
	switch t.What {
	case workroom.TurnRateAsked, workroom.TurnRateDeclined, workroom.TurnRateWithdrawn:
		row.Now, row.Mark, row.Amount = strconv.FormatInt(t.Amount, 10), t.At, 0
	}
	if t.What != workroom.TurnTerms || t.Was == nil || t.Terms == nil {
		return []TurnRow{row}
	}
	return b.termRows(row, *t.Was, *t.Terms)
}

// waitingRows are what something changes that waits for the service.
func (b *book) waitingRows(id string, at int64, cmd workroom.Command) []TurnRow {
	row := TurnRow{ID: id, At: at / 1000, By: b.name(b.me), Mine: true, From: at / 1000, Waiting: true}
	switch c := cmd.(type) {
	case workroom.PauseContract:
		row.What = string(workroom.TurnResumed)
		if c.On {
			row.What = string(workroom.TurnPaused)
		}
	case workroom.EndContract:
		row.What, row.Reason, row.Text = string(workroom.TurnEnded), string(c.Reason), c.Text
	case workroom.LowerRate:
		row.What, row.Now, row.Mark = lowerWords[c.Act], strconv.FormatInt(c.Rate, 10), c.Asked
		if t := b.past().RateAsked(); c.Act != workroom.RateAsk && t != nil {
			row.Now = strconv.FormatInt(t.Amount, 10)
		}
	case workroom.ChangeTerms:
		return b.termRows(row, b.contract.Terms, c.On(b.contract.Terms))
	default:
		return nil
	}
	return []TurnRow{row}
}

// lowerWords name what waits for the service about a lower rate.
var lowerWords = map[workroom.RateAct]string{workroom.RateAsk: "rate_asked", workroom.RateAgree: "rate_agreed", workroom.RateDecline: "rate_declined",
	workroom.RateWithdraw: "rate_withdrawn"}

// termRows are the terms in which two agreements differ, a row each.
func (b *book) termRows(row TurnRow, was, now workroom.Terms) []TurnRow {
	var out []TurnRow
	x, y := termsView(was), termsView(now)
	monday, week := workroom.RateFrom(row.At*1000).UnixMilli(), workroom.WeekOf(time.UnixMilli(row.At)).Start().UnixMilli()
	number := func(n int64) string { return strconv.FormatInt(n, 10) }
	for _, c := range []struct {
		what, was, now string
		from           int64
	}{
		{"rate", number(x.Rate), number(y.Rate), monday},
		{"limit", number(x.Limit), number(y.Limit), week},
		{"manual", strconv.FormatBool(x.Manual), strconv.FormatBool(y.Manual), row.At},
		{"activity", strconv.FormatBool(x.RequireActivity), strconv.FormatBool(y.RequireActivity), 0},
		{"shots", x.Shots, y.Shots, 0},
		{"idle", number(x.IdleMinutes), number(y.IdleMinutes), 0},
		{"keep", number(x.KeepDays), number(y.KeepDays), row.At},
		{"review", number(x.ReviewDays), number(y.ReviewDays), row.At},
	} {
		if c.was != c.now {
			r := row
			r.ID, r.What, r.Was, r.Now, r.From = row.ID+"."+c.what, c.what, c.was, c.now, c.from
			out = append(out, r)
		}
	}
	return out
}

// changesSince are the terms that changed since the last start on a contract, the newest of each: what the freelancer sees before the next.
func (s *Session) changesSince(b *book) []TurnRow {
	out := []TurnRow{}
	since := s.lastStart(b)
	seen := map[string]int{}
	for _, t := range b.past().Turns() {
		if t.What != workroom.TurnTerms || t.At/1e6 < since {
			continue
		}
		for _, r := range b.turnRows(t) {
			if i, ok := seen[r.What]; ok {
				r.Was = out[i].Was
				out[i] = r
				continue
			}
			seen[r.What] = len(out)
			out = append(out, r)
		}
	}
	return slices.DeleteFunc(out, func(r TurnRow) bool { return r.Was == r.Now })
}

// lastStart is when tracking on a contract began last, in Unix seconds: another memo or activity is no start. Before the first it is when the
// contract began.
func (s *Session) lastStart(b *book) int64 {
	list := slices.Clone(b.slices)
	if len(list) == 0 && len(b.past().Turns()) > 0 { // longer ago than the present weeks
		weeks, err := s.replica.Weeks(context.Background(), b.id)
		if err != nil {
			return 0
		}
		for _, w := range slices.Backward(weeks) {
			rows, err := s.replica.All(context.Background(), workroom.DiaryScope(b.id, w.ID), workroom.KindSlice)
			if err != nil {
				return 0
			}
			for _, r := range rows {
				if x, ok := r.Thing.(*workroom.Slice); ok {
					list = append(list, x)
				}
			}
			if len(list) > 0 {
				break
			}
		}
	}
	list = slices.DeleteFunc(list, func(x *workroom.Slice) bool { return x.Kind != workroom.Tracked })
	if len(list) == 0 {
		return b.contract.Started / 1e6
	}
	slices.SortFunc(list, func(x, y *workroom.Slice) int { return cmp.Compare(y.Start, x.Start) })
	start := list[0].Start
	for _, x := range list[1:] {
		if x.Close != workroom.CloseSwitch || x.End != start {
			break
		}
		start = x.Start
	}
	return start
}
