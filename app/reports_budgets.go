package app

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"trestle/internal/timesheet"
	"trestle/internal/workroom"
)

// Budgets is each hourly contract's limit and use, and the list of activity codes.
func (x *Reports) Budgets() (out BudgetsView, err error) {
	defer guard(&err)
	s, err := x.c.here()
	if err != nil {
		return out, err
	}
	src, err := s.timeSource("")
	if err != nil {
		return out, err
	}
	week := timesheet.DayOf(src.now, time.UTC).Monday()
	all := timesheet.Query{From: week - 3650, To: week + 6, Group: []timesheet.Key{timesheet.ByContract}}
	now, over, codes := all, all, all
	now.From = week
	over.From, over.Kinds = week, []timesheet.Class{timesheet.Over}
	codes.Group = []timesheet.Key{timesheet.ByActivity}
	got, err := src.run(all, now, over, codes)
	if err != nil {
		return out, err
	}
	sums := make([]map[string]timesheet.Row, len(got))
	for i, g := range got {
		sums[i] = map[string]timesheet.Row{}
		for _, r := range g.Rows {
			was := sums[i][r.Keys[0]]
			r.Seconds += was.Seconds
			sums[i][r.Keys[0]] = r
		}
	}
	adjusted, err := src.adjusted(all)
	if err != nil {
		return out, err
	}
	beside := map[workroom.ContractID]int64{}
	for _, a := range adjusted {
		beside[a.Contract.ID] += a.Amount
	}
	out.Budgets = []BudgetRow{}
	for _, k := range src.contracts {
		c, id := src.raw[k.ID], string(k.ID)
		if c.Started == 0 {
			continue
		}
		terms := src.history[k.ID].At(src.now)
		row := BudgetRow{Contract: id, Title: c.Title, Other: c.FreelancerName, Side: s.side(c), Status: string(c.Status), Rate: terms.Rate, Currency: terms.Currency,
			Week: sums[1][id].Seconds, Amount: sums[1][id].Amount, Over: sums[2][id].Seconds, Total: sums[0][id].Seconds, Spent: sums[0][id].Amount + beside[k.ID], Require: terms.RequireActivity}
		if row.Side == "freelancer" {
			row.Other = c.ClientName
		}
		if !terms.Unlimited {
			row.Limit = terms.Limit
		}
		for _, a := range k.Activities {
			if a.Archived == 0 {
				row.Codes++
			}
		}
		out.Budgets = append(out.Budgets, row)
	}
	slices.SortStableFunc(out.Budgets, func(a, b BudgetRow) int {
		return cmp.Or(cmp.Compare(statusOrder(a.Status), statusOrder(b.Status)), strings.Compare(strings.ToLower(a.Title), strings.ToLower(b.Title)))
	})
	list, err := src.own()
	if err != nil {
		return out, err
	}
	out.Codes = []CodeRow{}
	for _, c := range list {
		c.row.Seconds = sums[3][c.row.ID].Seconds
		out.Codes = append(out.Codes, c.row)
	}
	out.Manage = slices.ContainsFunc(src.contracts, func(k *timesheet.Contract) bool { return k.Client == s.me() })
	return out, nil
}

func statusOrder(status string) int {
	if status == string(workroom.Active) {
		return 0
	}
	return 1
}
