package app

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"trestle/internal/replica"
	"trestle/internal/timesheet"
	"trestle/internal/workroom"
)

// terms are what a tally depends on beside the diary.
func tallyTerms(t workroom.Terms) string {
	return fmt.Sprintf("%d %d %t %t", t.Rate, t.Limit, t.Unlimited, t.Segments)
}

// tallies hands over the time of some days by contract and week. What was added up before is taken from where it is kept; the rest is added
// up and kept.
func (x *timeSource) tallies(from, to timesheet.Day, wants func(*timesheet.Contract) bool, each func(*timesheet.Contract, timesheet.Tally)) error {
	ctx := x.s.ctx
	of, order, err := x.weeks(from, to)
	if err != nil || len(order) == 0 {
		return err
	}
	kept, _, err := x.s.replica.Tallies(ctx, x.zone.String(), order[0].String(), order[len(order)-1].String())
	if err != nil {
		return err
	}
	known := make(map[workroom.Scope]replica.Tally, len(kept))
	for _, k := range kept {
		known[k.Diary] = k
	}
	for _, w := range order {
		var missing []*timesheet.Contract
		for _, k := range of[w] {
			if !wants(k) {
				continue
			}
			t, ok := known[workroom.DiaryScope(k.ID, w.String())]
			if ok && t.Terms == tallyTerms(x.history[k.ID].Of(w)) && !x.live[w] {
				if lines, err := timesheet.DecodeTally(t.Body); err == nil {
					each(k, lines)
					continue
				}
			}
			missing = append(missing, k)
		}
		if len(missing) == 0 {
			continue
		}
		_, stamp, err := x.s.replica.Tallies(ctx, "", "", "")
		if err != nil {
			return err
		}
		var made []replica.Tally
		err = x.entries(w, missing, func(k, _ *timesheet.Contract, _ *book, list []timesheet.Entry) {
			lines := timesheet.Sum(list)
			each(k, lines)
			made = append(made, replica.Tally{Diary: workroom.DiaryScope(k.ID, w.String()), Zone: x.zone.String(), Terms: tallyTerms(x.history[k.ID].Of(w)), Body: lines.Encode()})
		})
		if err != nil {
			return err
		}
		if !x.live[w] {
			if err := x.s.replica.KeepTallies(ctx, stamp, made); err != nil && !errors.Is(err, replica.ErrDiskFull) {
				slog.Error("keep tallies", "error", traceOf(err)) // the report stands without
			}
		}
	}
	return nil
}

// entries hands over the time of contracts in one week, piece by piece, and each contract a second time under the terms of that week.
func (x *timeSource) entries(w workroom.Week, list []*timesheet.Contract, each func(k, then *timesheet.Contract, b *book, list []timesheet.Entry)) error {
	held := x.s.diaries(x.rows, []workroom.Week{w.Previous(), w})
	for _, k := range list {
		b, err := held.book(x.s.ctx, k.ID, x.raw[k.ID], x.now, x.zone)
		if err != nil {
			return err
		}
		was := *k
		was.Terms = x.history[k.ID].Of(w)
		if seal := b.seals[w.String()]; seal != nil { // a closed week stays as it was sealed
			was.Terms.Rate, was.Terms.Limit, was.Terms.Unlimited, was.Terms.Segments = seal.Rate, max(seal.Limit, 0), seal.Limit == workroom.NoLimit, seal.Segments
			was.Terms.Lowered = 0
		}
		each(k, &was, b, timesheet.Entries(&was, b.diary(), w, x.zone))
	}
	return nil
}

// records hands over what an export says, in order of time within each week.
func (x *timeSource) records(q timesheet.Query) (func(yield func(timesheet.Record) bool), *error, error) {
	r, err := timesheet.NewReport(q, x.codes)
	if err != nil {
		return nil, nil, err
	}
	of, order, err := x.weeks(q.From, q.To)
	if err != nil {
		return nil, nil, err
	}
	var failed error
	return func(yield func(timesheet.Record) bool) {
		for _, w := range order {
			var list []timesheet.Record
			wanted := slices.DeleteFunc(of[w], func(k *timesheet.Contract) bool { return !r.Wants(k) })
			failed = x.entries(w, wanted, func(_, then *timesheet.Contract, b *book, entries []timesheet.Entry) {
				for _, rec := range timesheet.Records(then, entries, b.inputs) {
					if r.Takes(timesheet.Lines([]timesheet.Entry{rec.Entry})[0]) {
						list = append(list, rec)
					}
				}
			})
			if failed != nil {
				return
			}
			timesheet.InOrder(list)
			for _, rec := range list {
				if !yield(rec) {
					return
				}
			}
		}
	}, &failed, nil
}

// run answers queries together, so that the time is read once. Lines with memos are read only where a query asks for them.
func (x *timeSource) run(list ...timesheet.Query) ([]timesheet.Result, error) {
	var reports []*timesheet.Report
	from, to, memos := list[0].From, list[0].To, false
	for _, q := range list {
		r, err := timesheet.NewReport(q, x.codes)
		if err != nil {
			return nil, err
		}
		reports = append(reports, r)
		from, to, memos = min(from, q.From), max(to, q.To), memos || slices.Contains(q.Group, timesheet.ByMemo)
	}
	wants := func(k *timesheet.Contract) bool {
		return slices.ContainsFunc(reports, func(r *timesheet.Report) bool { return r.Wants(k) })
	}
	add := func(k *timesheet.Contract, t timesheet.Tally) {
		for _, r := range reports {
			r.Add(k, t)
		}
	}
	var err error
	if memos {
		err = x.lines(from, to, wants, add)
	} else {
		err = x.tallies(from, to, wants, add)
	}
	var out []timesheet.Result
	for _, r := range reports {
		out = append(out, r.Result())
	}
	return out, err
}

func (x *timeSource) lines(from, to timesheet.Day, wants func(*timesheet.Contract) bool, each func(*timesheet.Contract, timesheet.Tally)) error {
	of, order, err := x.weeks(from, to)
	if err != nil {
		return err
	}
	for _, w := range order {
		wanted := slices.DeleteFunc(of[w], func(k *timesheet.Contract) bool { return !wants(k) })
		err := x.entries(w, wanted, func(k, _ *timesheet.Contract, _ *book, list []timesheet.Entry) { each(k, timesheet.Lines(list)) })
		if err != nil {
			return err
		}
	}
	return nil
}
