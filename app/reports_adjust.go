package app

import (
	"slices"

	"trestle/internal/markup"
	"trestle/internal/timesheet"
	"trestle/internal/workroom"
)

// adjusted are the lines beside the bills of the weeks that a query is about (T-16, W-38).
func (x *timeSource) adjusted(q timesheet.Query) ([]timesheet.Adjustment, error) {
	r, err := timesheet.NewReport(q, x.codes)
	if err != nil {
		return nil, err
	}
	rows, err := x.s.replica.Everywhere(x.s.ctx, "d:", workroom.KindAdjustment)
	if err != nil {
		return nil, err
	}
	var list []timesheet.Adjustment
	for _, row := range rows {
		a, ok := row.Thing.(*workroom.Adjustment)
		if !ok {
			continue
		}
		w, err := workroom.ParseWeek(a.Week)
		if err != nil || x.only != nil && w != *x.only {
			continue
		}
		monday, err := timesheet.ParseDay(a.Week)
		i := slices.IndexFunc(x.contracts, func(k *timesheet.Contract) bool { return string(k.ID) == row.Scope.Owner() })
		if err != nil || i < 0 {
			continue
		}
		list = append(list, timesheet.Adjustment{Contract: x.contracts[i], ID: row.ID, Week: monday, Kind: a.Kind, Seconds: a.Seconds,
			Money: timesheet.Money{Amount: a.Amount, Currency: a.Currency}, Text: markup.Clean(a.Text)})
	}
	return r.Adjusted(list), nil
}

func adjustedViews(list []timesheet.Adjustment) []TimeAdjusted {
	out := make([]TimeAdjusted, 0, len(list))
	for _, a := range list {
		out = append(out, TimeAdjusted{ID: a.ID, Contract: string(a.Contract.ID), Title: a.Contract.Title, Freelancer: a.Contract.FreelancerName, Week: a.Week.String(),
			Kind: string(a.Kind), Seconds: a.Seconds, Amount: a.Amount, Currency: a.Currency, Text: a.Text})
	}
	return out
}
