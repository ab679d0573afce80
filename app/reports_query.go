package app

import (
	"trestle/internal/timesheet"
	"trestle/internal/workroom"
)

// query reads what was asked for.
func (x *timeSource) query(in TimeReportIn) (q timesheet.Query, err error) {
	if q.From, err = timesheet.ParseDay(in.From); err == nil {
		q.To, err = timesheet.ParseDay(in.To)
	}
	switch {
	case err != nil:
		return q, Fail(CodeBadInput, "A day is written as YYYY-MM-DD.")
	case q.To < q.From:
		return q, Fail(CodeBadInput, "The last day lies before the first.")
	case q.To-q.From > 3700:
		return q, Fail(CodeBadInput, "A report holds at most ten years.")
	}
	if in.Week != "" {
		w, err := workroom.ParseWeek(in.Week)
		if err != nil {
			return q, Fail(CodeBadInput, "A week is written as its Monday, YYYY-MM-DD.")
		}
		x.only = &w
	}
	if q.Group, err = timesheet.ParseKeys(in.Group); err != nil || len(q.Group) > 6 {
		return q, Fail(CodeBadInput, "A report is grouped by freelancer, contract, activity, day, week, month, client, kind or memo, each once, six at most.")
	}
	q.Clients, q.Contracts, q.Freelancers, q.Activities = ids[workroom.AccountID](in.Clients), ids[workroom.ContractID](in.Contracts), ids[workroom.AccountID](in.People), ids[workroom.ActivityID](in.Activities)
	for _, k := range in.Kinds {
		c, ok := timesheet.ParseClass(k)
		if !ok {
			return q, Fail(CodeBadInput, "A kind of time is tracked, manual, kept_idle, over_limit or late.")
		}
		q.Kinds = append(q.Kinds, c)
	}
	return q, nil
}

func ids[T ~string](list []string) []T {
	var out []T
	for _, s := range list {
		out = append(out, T(s))
	}
	return out
}
