package timesheet

import (
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"
)

// MaxGrid is how many days a grid has at most: a week of some zones touches eight.
const MaxGrid = 8

// Grid is a timesheet as the week shows it: activities down, days across. Its cells are whole seconds, so that rows and columns add up.
type Grid struct {
	Days []Day
	Rows []GridRow
	Sum  []int64 // by day
	All  int64
}

// GridRow is the time of one activity on one contract.
type GridRow struct {
	Freelancer, Contract, Activity string
	Seconds                        []int64 // by day
	Total                          int64
	Money
}

// GridOf lays a result grouped by freelancer, contract, activity and day out. name answers what the first three keys are called.
func GridOf(from, to Day, r Result, name func(keys []string) (freelancer, contract, activity string)) Grid {
	g := Grid{Sum: make([]int64, to-from+1)}
	for d := from; d <= to; d++ {
		g.Days = append(g.Days, d)
	}
	at := map[string]int{}
	for _, row := range r.Rows {
		d, err := ParseDay(row.Keys[3])
		if err != nil || d < from || d > to {
			continue
		}
		key := strings.Join(row.Keys[:3], "\x00") + "\x00" + row.Currency
		i, ok := at[key]
		if !ok {
			i = len(g.Rows)
			at[key] = i
			x := GridRow{Seconds: make([]int64, len(g.Days)), Money: Money{Currency: row.Currency}}
			x.Freelancer, x.Contract, x.Activity = name(row.Keys[:3])
			g.Rows = append(g.Rows, x)
		}
		x := &g.Rows[i]
		x.Seconds[d-from] += row.Seconds
		x.Total += row.Seconds
		x.Amount += row.Amount
		g.Sum[d-from] += row.Seconds
		g.All += row.Seconds
	}
	slices.SortStableFunc(g.Rows, func(a, b GridRow) int {
		return strings.Compare(strings.ToLower(a.Freelancer+"\x00"+a.Contract+"\x00"+a.Activity), strings.ToLower(b.Freelancer+"\x00"+b.Contract+"\x00"+b.Activity))
	})
	return g
}

// withAdjustments heads what time and adjustments come to.
const withAdjustments = "With adjustments"

// money is what the rows come to.
func (g Grid) money() []Money {
	var out []Money
	for _, r := range g.Rows {
		out = append(out, r.Money)
	}
	return out
}

// WriteGrid writes a grid as CSV by RFC 4180, as WriteCSV does: times as hh:mm:ss, and the seconds of each row. Below stand the adjustments, if
// there are any, and what the bill comes to with them.
func WriteGrid(w io.Writer, mark bool, g Grid, adjusted ...Adjustment) error {
	if mark {
		if _, err := io.WriteString(w, bom); err != nil {
			return err
		}
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	head := []string{"Freelancer", "Contract", "Activity"}
	for _, d := range g.Days {
		head = append(head, d.String())
	}
	lines := [][]string{append(head, "Total", "Seconds", "Amount", "Currency")}
	for _, r := range g.Rows {
		line := []string{Guard(r.Freelancer), Guard(r.Contract), Guard(r.Activity)}
		for _, n := range r.Seconds {
			line = append(line, Clock(n))
		}
		lines = append(lines, append(line, Clock(r.Total), strconv.FormatInt(r.Total, 10), Minor(r.Amount, r.Currency), r.Currency))
	}
	line := []string{"All", "", ""}
	for _, n := range g.Sum {
		line = append(line, Clock(n))
	}
	lines = append(lines, append(line, Clock(g.All), strconv.FormatInt(g.All, 10), "", ""))
	if len(adjusted) > 0 {
		empty := make([]string, len(g.Days)+2)
		for _, a := range adjusted {
			lines = append(lines, append(append([]string{Guard(a.Contract.FreelancerName), Guard(a.Contract.Title), a.about()}, empty...), Minor(a.Amount, a.Currency), a.Currency))
		}
		for _, m := range Bill(g.money(), adjusted) {
			lines = append(lines, append(append([]string{withAdjustments, "", ""}, empty...), Minor(m.Amount, m.Currency), m.Currency))
		}
	}
	for _, l := range lines {
		if err := out.Write(l); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
