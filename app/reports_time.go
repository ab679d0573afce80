package app

import (
	"cmp"
	"slices"
	"strings"

	"trestle/internal/timesheet"
	"trestle/internal/workroom"
)

// Reports is the Reports screen: who worked how long on what, over all contracts that are here. It reads this computer's copy,
// so it works offline.
type Reports struct{ c *Core }

// chartDays is how many days a chart shows one by one; more are shown by week.
const chartDays = 62

// Time is a report.
func (x *Reports) Time(in TimeReportIn) (out TimeReport, err error) {
	defer guard(&err)
	s, err := x.c.here()
	if err != nil {
		return out, err
	}
	src, err := s.timeSource(in.Zone)
	if err != nil {
		return out, err
	}
	q, err := src.query(in)
	if err != nil {
		return out, err
	}
	chart, week := q, q
	chart.Group = []timesheet.Key{timesheet.ByDay, timesheet.ByActivity}
	out.ChartBy = "day"
	if q.To-q.From >= chartDays {
		chart.Group[0], out.ChartBy = timesheet.ByWeek, "week"
	}
	today := timesheet.DayOf(src.now, src.zone)
	week.Group, week.From, week.To = nil, max(q.From, today.Monday()), min(q.To, today)
	queries := append([]timesheet.Query{q, chart, week}, src.facets(q)...)
	got, err := src.run(queries...)
	if err != nil {
		return out, err
	}
	out.From, out.To, out.Zone, out.ZoneName, out.Group = q.From.String(), q.To.String(), src.zone.String(), zoneName(src.zone, src.now), in.Group
	if out.Group == nil {
		out.Group = []string{}
	}
	out.Rows, out.Chart = sumRows(got[0].Rows), sumRows(got[1].Rows)
	t := got[0].Totals
	out.Seconds, out.Billable, out.Manual, out.Week, out.Money = t.Seconds, t.Billable, t.Manual, got[2].Totals.Seconds, moneyViews(got[0].Money)
	adjusted, err := src.adjusted(q)
	if err != nil {
		return out, err
	}
	out.Adjusted, out.Bill = adjustedViews(adjusted), moneyViews(timesheet.Bill(got[0].Money, adjusted))
	for _, a := range adjusted {
		out.Approved += a.Seconds
	}
	src.name(&out, got[3:])
	out.Empty = emptyBecause(out, q, got[3:])
	for _, b := range s.books(src.now) {
		if s.contractRow(b).Tracking {
			out.Trackers++
		}
	}
	return out, nil
}

func sumRows(list []timesheet.Row) []TimeSum {
	out := make([]TimeSum, 0, len(list))
	for _, r := range list {
		out = append(out, TimeSum{r.Keys, r.Seconds, r.Billable, r.Manual, r.Amount, r.Currency})
	}
	return out
}

func moneyViews(list []timesheet.Money) []MoneyView {
	out := make([]MoneyView, 0, len(list))
	for _, m := range list {
		out = append(out, MoneyView{m.Amount, m.Currency})
	}
	return out
}

// facetKeys are what a report can be filtered by, in the order of facets.
var facetKeys = []timesheet.Key{timesheet.ByClient, timesheet.ByContract, timesheet.ByFreelancer, timesheet.ByActivity, timesheet.ByKind}

// facets ask for each filter what there would be without it.
func (x *timeSource) facets(q timesheet.Query) []timesheet.Query {
	out := make([]timesheet.Query, len(facetKeys))
	for i, k := range facetKeys {
		out[i] = q
		out[i].Group = []timesheet.Key{k}
	}
	out[0].Clients, out[1].Contracts, out[2].Freelancers, out[3].Activities, out[4].Kinds = nil, nil, nil, nil, nil
	return out
}

// name lists what there is to filter by, with names and sums.
func (x *timeSource) name(out *TimeReport, got []timesheet.Result) {
	sums := make([]map[string]int64, len(got))
	for i, g := range got {
		sums[i] = map[string]int64{}
		for _, r := range g.Rows {
			sums[i][r.Keys[0]] += r.Seconds
		}
	}
	out.Clients, out.Contracts, out.People, out.Activities, out.Kinds = []TimeFacet{}, []TimeFacet{}, []TimeFacet{}, []TimeFacet{}, []TimeFacet{}
	seen := map[string]bool{}
	once := func(list *[]TimeFacet, i int, id, name, about string) {
		if key := string(facetKeys[i]) + id; id != "" && !seen[key] {
			seen[key] = true
			*list = append(*list, TimeFacet{ID: id, Name: name, About: about, Seconds: sums[i][id]})
		}
	}
	for _, k := range x.contracts {
		if x.raw[k.ID].Started == 0 {
			continue
		}
		once(&out.Clients, 0, string(k.Client), k.ClientName, "")
		once(&out.Contracts, 1, string(k.ID), k.Title, k.FreelancerName)
		once(&out.People, 2, string(k.Freelancer), k.FreelancerName, "")
	}
	colours := x.colours()
	for _, id := range x.codes.All() {
		a := x.codes.Activity(id)
		out.Activities = append(out.Activities, TimeFacet{ID: string(id), Name: a.Code, About: a.About, Archived: a.Archived != 0, Seconds: sums[3][string(id)], Colour: colours[id]})
	}
	for _, list := range []*[]TimeFacet{&out.Clients, &out.Contracts, &out.People, &out.Activities} {
		slices.SortStableFunc(*list, func(a, b TimeFacet) int {
			return cmp.Or(cmp.Compare(b.Seconds, a.Seconds), strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), strings.Compare(a.ID, b.ID))
		})
	}
	out.Activities = append([]TimeFacet{{Name: noActivity, Seconds: sums[3][""]}}, out.Activities...)
	for c := timesheet.Tracked; c <= timesheet.Late; c++ {
		out.Kinds = append(out.Kinds, TimeFacet{ID: c.String(), Name: c.String(), Seconds: sums[4][c.String()]})
	}
}

// colours are those of the first contract that has the code, so that it keeps its colour everywhere.
func (x *timeSource) colours() map[workroom.ActivityID]int64 {
	out := map[workroom.ActivityID]int64{}
	for _, k := range x.contracts {
		for id, n := range coloursOf(k.Activities) {
			if one := x.codes.One(id); out[one] == 0 || id == one {
				out[one] = n
			}
		}
	}
	return out
}

// emptyBecause names the filters each of which alone holds everything back.
func emptyBecause(out TimeReport, q timesheet.Query, got []timesheet.Result) []string {
	list := []string{}
	if out.Seconds > 0 {
		return list
	}
	for i, f := range []struct {
		name string
		on   bool
	}{{"clients", len(q.Clients) > 0}, {"contracts", len(q.Contracts) > 0}, {"people", len(q.Freelancers) > 0}, {"activities", len(q.Activities) > 0}, {"kinds", len(q.Kinds) > 0}} {
		if f.on && got[i].Totals.Seconds > 0 {
			list = append(list, f.name)
		}
	}
	if len(list) == 0 {
		list = append(list, "dates")
	}
	return list
}
