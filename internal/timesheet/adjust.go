package timesheet

import (
	"cmp"
	"slices"
	"strings"

	"trestle/internal/workroom"
)

// Adjustment is a line beside the bill of a contract's week: late time that the client approved, or what a dispute was settled by. It has no
// activity and no time of its own, because the seconds it is about stand in the week already, so it is never a cell of a report. It stands below
// the totals, and totals with it are the bill.
type Adjustment struct {
	Contract *Contract
	ID       string
	Week     Day // its Monday
	Kind     workroom.AdjustmentKind
	Seconds  int64 // of late time
	Money          // below 0 what the client gets back
	Text     string
}

// Day is the day that an adjustment counts on: the last of its week, wherever the report is read.
func (a Adjustment) Day() Day { return a.Week + 6 }

// What says in two words what an adjustment is.
func (a Adjustment) What() string {
	if a.Kind == workroom.AdjustLate {
		return "Late time approved"
	}
	return "Settled dispute"
}

// Adjusted picks the adjustments that belong to a report, in order of their weeks, then contracts. One whose filters take a part of the time
// only has none: an adjustment is of a whole week.
func (r *Report) Adjusted(list []Adjustment) []Adjustment {
	if len(r.q.Activities)+len(r.q.Kinds) > 0 {
		return nil
	}
	var out []Adjustment
	for _, a := range list {
		if r.Wants(a.Contract) && a.Day() >= r.q.From && a.Day() <= r.q.To {
			out = append(out, a)
		}
	}
	slices.SortFunc(out, func(x, y Adjustment) int {
		return cmp.Or(cmp.Compare(x.Week, y.Week), strings.Compare(string(x.Contract.ID), string(y.Contract.ID)), strings.Compare(x.ID, y.ID))
	})
	return out
}

// Bill adds adjustments to the worth of time, by currency in order of their names.
func Bill(time []Money, list []Adjustment) []Money {
	sum := map[string]int64{}
	for _, m := range time {
		sum[m.Currency] += m.Amount
	}
	for _, a := range list {
		sum[a.Currency] += a.Amount
	}
	out := make([]Money, 0, len(sum))
	for c, n := range sum {
		out = append(out, Money{n, c})
	}
	slices.SortFunc(out, func(a, b Money) int { return strings.Compare(a.Currency, b.Currency) })
	return out
}

// adjustmentType stands in the column of the type of our own CSV; such a line holds no time.
const adjustmentType = "adjustment"

// cells are an adjustment as a line of our own CSV. Its seconds are 0, because they stand in the lines of the time.
func (a Adjustment) cells() []string {
	c := a.Contract
	return []string{a.Day().String(), "", "", Guard(c.FreelancerName), Guard(c.Email), Guard(c.ClientName), Guard(c.Title), "", "", Guard(a.Text), adjustmentType, "Yes",
		"0", Clock(0), Decimal(0), "", "", "", "", "", Minor(a.Amount, a.Currency), a.Currency, map[bool]string{true: "late_approved", false: "dispute_settled"}[a.Kind == workroom.AdjustLate]}
}

// about names an adjustment with its week, for a line among activities.
func (a Adjustment) about() string { return a.What() + ", week of " + a.Week.String() }
