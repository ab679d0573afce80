package timesheet

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"trestle/internal/workroom"
)

func at(s string) int64 {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t.Unix()
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func hourly(id string) *Contract {
	return &Contract{ID: workroom.ContractID(id), Title: "Otter Trails", Client: "mara", ClientName: "Mara Quill", Freelancer: "esme", FreelancerName: "Esme Winter",
		Terms:      workroom.Terms{Rate: 3333, Currency: "EUR", Unlimited: true},
		Activities: map[workroom.ActivityID]*workroom.Activity{"api": {Code: "API", Made: 1}, "ui": {Code: "UI", Made: 2}}}
}

func slice(id string, c *Contract, from, to, activity, memo string) *workroom.Slice {
	return &workroom.Slice{ID: id, Rev: 1, Freelancer: c.Freelancer, Contract: c.ID, Device: "d", Boot: "b", Start: at(from), End: at(to),
		Activity: workroom.ActivityID(activity), Memo: memo, Kind: workroom.Tracked, Close: workroom.CloseStop}
}

func week(s string) workroom.Week {
	w, err := workroom.ParseWeek(s)
	if err != nil {
		panic(err)
	}
	return w
}

func diary(list ...*workroom.Slice) *workroom.Diary { return &workroom.Diary{Slices: list} }

// The worked examples of tracker.md §10 that a report must get right: the same seconds whatever the zone, in the days of the zone.
func TestA14_DaysOfTheZoneNeverChangeTheSum(t *testing.T) {
	c := hourly("k")
	for _, x := range []struct {
		name, zone string
		week       string
		s          *workroom.Slice
		want       map[string]int64
	}{
		{"1: week edge, UTC, week before", "UTC", "2026-11-16", slice("a", c, "2026-11-22T23:55:00Z", "2026-11-23T00:07:00Z", "", "m"), map[string]int64{"2026-11-22": 300}},
		{"1: week edge, UTC, week after", "UTC", "2026-11-23", slice("a", c, "2026-11-22T23:55:00Z", "2026-11-23T00:07:00Z", "", "m"), map[string]int64{"2026-11-23": 420}},
		{"1: week edge, Los Angeles", "America/Los_Angeles", "2026-11-23", slice("a", c, "2026-11-22T23:55:00Z", "2026-11-23T00:07:00Z", "", "m"), map[string]int64{"2026-11-22": 420}},
		{"2: month edge", "UTC", "2026-07-27", slice("a", c, "2026-07-31T23:58:00Z", "2026-08-01T00:03:00Z", "", "m"), map[string]int64{"2026-07-31": 120, "2026-08-01": 180}},
		{"3: a day of 23 hours", "Europe/Berlin", "2026-03-23", slice("a", c, "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", "", "m"), map[string]int64{"2026-03-29": 23 * 3600}},
		{"4: a day of 25 hours", "Europe/Berlin", "2026-10-19", slice("a", c, "2026-10-24T22:00:00Z", "2026-10-25T22:00:00Z", "", "m"), map[string]int64{"2026-10-25": 24 * 3600}},
		{"16: Nepal", "Asia/Kathmandu", "2026-11-16", slice("a", c, "2026-11-17T18:10:00Z", "2026-11-17T18:20:00Z", "", "m"), map[string]int64{"2026-11-17": 300, "2026-11-18": 300}},
		{"midnight is skipped", "America/Santiago", "2026-08-31", slice("a", c, "2026-09-06T03:50:00Z", "2026-09-06T04:10:00Z", "", "m"), map[string]int64{"2026-09-05": 600, "2026-09-06": 600}},
	} {
		got := map[string]int64{}
		for _, e := range Entries(c, diary(x.s), week(x.week), zone(t, x.zone)) {
			got[e.Day.String()] += e.Seconds()
		}
		if fmt.Sprint(got) != fmt.Sprint(x.want) {
			t.Errorf("%s: %v, want %v", x.name, got, x.want)
		}
	}
}

// The amount of a week is rounded once (example 15) and its entries share it out, whatever they are cut into.
func TestT19_EntriesShareOneRoundedAmount(t *testing.T) {
	c := hourly("k")
	list := diary(slice("a", c, "2026-11-17T10:00:00Z", "2026-11-17T11:00:01Z", "api", "x"), slice("b", c, "2026-11-17T23:30:00Z", "2026-11-18T00:30:59Z", "ui", "y"))
	var sum int64
	for _, e := range Entries(c, list, week("2026-11-16"), time.UTC) {
		sum += e.Amount
		if exact := c.Terms.Rate * e.Seconds() / 3600; e.Amount < exact-1 || e.Amount > exact+1 {
			t.Errorf("%d s are %d, about %d is right", e.Seconds(), e.Amount, exact)
		}
	}
	if sum != 6722 { // 33.33/h × 7,260 s
		t.Errorf("the week is %d", sum)
	}
}

func TestT16_OverAndLateAreUnbilled(t *testing.T) {
	c := hourly("k")
	c.Terms.Unlimited, c.Terms.Limit = false, 1800
	late := slice("c", c, "2026-11-18T10:00:00Z", "2026-11-18T10:10:00Z", "api", "z")
	late.Flags, late.Kind = []string{workroom.FlagLate}, workroom.Manual
	list := diary(slice("a", c, "2026-11-17T10:00:00Z", "2026-11-17T10:40:00Z", "api", "x"), late)
	got := map[Class]int64{}
	hand := int64(0)
	for _, l := range Sum(Entries(c, list, week("2026-11-16"), time.UTC)) {
		got[l.Class] += l.Seconds
		if l.Manual {
			hand += l.Seconds
		}
		if !l.Class.Billable() && l.Amount != 0 {
			t.Errorf("%s time costs %d", l.Class, l.Amount)
		}
	}
	if got[Tracked] != 1800 || got[Over] != 600 || got[Late] != 600 || hand != 600 {
		t.Errorf("%v, by hand %d", got, hand)
	}
}

// world is contracts with their entries as a rapid case draws them.
func world(t *rapid.T) ([]*Contract, map[workroom.ContractID][]Entry, *Codes) {
	var list []*Contract
	entries := map[workroom.ContractID][]Entry{}
	z := []*time.Location{time.UTC, time.FixedZone("x", 20700), time.FixedZone("y", -28800)}[rapid.IntRange(0, 2).Draw(t, "zone")]
	monday := at("2026-11-16T00:00:00Z")
	for i := range rapid.IntRange(1, 4).Draw(t, "contracts") {
		c := hourly(fmt.Sprint("k", i))
		c.Freelancer = workroom.AccountID([]string{"esme", "noor"}[rapid.IntRange(0, 1).Draw(t, "freelancer")])
		c.Terms.Currency = []string{"EUR", "USD"}[rapid.IntRange(0, 1).Draw(t, "currency")]
		c.Terms.Rate = rapid.Int64Range(1, 100_000).Draw(t, "rate")
		c.Terms.Segments = rapid.Bool().Draw(t, "segments")
		if rapid.Bool().Draw(t, "limited") {
			c.Terms.Unlimited, c.Terms.Limit = false, rapid.Int64Range(600, 40_000).Draw(t, "limit")
		}
		c.Activities = map[workroom.ActivityID]*workroom.Activity{
			workroom.ActivityID(fmt.Sprint("api", i)): {Code: []string{"API", "api"}[i%2], Made: int64(i)}, workroom.ActivityID(fmt.Sprint("ui", i)): {Code: "UI", Made: int64(i)}}
		list = append(list, c)
		for n := range rapid.IntRange(0, 8).Draw(t, "slices") {
			from := monday + rapid.Int64Range(-7200, 14*86400).Draw(t, "start")
			s := &workroom.Slice{ID: fmt.Sprint(c.ID, n), Rev: 1, Freelancer: c.Freelancer, Contract: c.ID, Device: "d", Start: from, End: from + rapid.Int64Range(1, 20_000).Draw(t, "length"),
				Memo: fmt.Sprint("memo ", n%3), Kind: []workroom.SliceKind{workroom.Tracked, workroom.KeptIdle, workroom.Manual}[rapid.IntRange(0, 2).Draw(t, "kind")]}
			if a := rapid.IntRange(0, 2).Draw(t, "activity"); a > 0 {
				s.Activity = workroom.ActivityID(fmt.Sprint([]string{"", "api", "ui"}[a], i))
			}
			if rapid.IntRange(0, 5).Draw(t, "late") == 0 {
				s.Flags = []string{workroom.FlagLate}
			}
			d := &workroom.Diary{Slices: []*workroom.Slice{s}}
			for w := workroom.WeekOf(time.Unix(s.Start, 0)); w.Start().Unix() < s.End; w = w.Next() {
				entries[c.ID] = append(entries[c.ID], Entries(c, d, w, z)...)
			}
		}
	}
	return list, entries, CodesOf(list)
}

func run(t *rapid.T, q Query, list []*Contract, entries map[workroom.ContractID][]Entry, codes *Codes, tallies bool) Result {
	r, err := NewReport(q, codes)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range list {
		lines := Lines(entries[c.ID])
		if tallies {
			back, err := DecodeTally(Sum(entries[c.ID]).Encode())
			if err != nil {
				t.Fatal(err)
			}
			lines = back
		}
		r.Add(c, lines)
	}
	return r.Result()
}

// Σ R1 = Σ R2 = Σ R3 = Σ of the entries, in seconds and in money, whatever the filters and however it is grouped.
func TestA13_EveryGroupingAddsUpToTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list, entries, codes := world(t)
		q := Query{From: Day(0), To: Day(100_000)}
		if rapid.Bool().Draw(t, "some days") {
			q.From, q.To = DayOf(time.Unix(at("2026-11-17T00:00:00Z"), 0), time.UTC), DayOf(time.Unix(at("2026-11-20T00:00:00Z"), 0), time.UTC)
		}
		if rapid.Bool().Draw(t, "some kinds") {
			q.Kinds = []Class{Tracked, Late}
		}
		if rapid.Bool().Draw(t, "some codes") {
			q.Activities = []workroom.ActivityID{NoActivity, "api1"}
		}
		var want Totals
		money := map[string]int64{}
		r, err := NewReport(q, codes)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range list {
			for _, l := range Lines(entries[c.ID]) {
				if r.Takes(l) {
					want.add(l)
					money[c.Terms.Currency] += l.Amount
				}
			}
		}
		shapes := [][]Key{nil, {ByActivity, ByDay}, {ByFreelancer, ByContract}, {ByFreelancer, ByActivity}, {ByActivity, ByFreelancer, ByWeek},
			{ByFreelancer, ByActivity, ByDay}, {ByMonth, ByKind}, {ByClient}}
		for _, g := range shapes {
			for _, tallies := range []bool{true, false} {
				q.Group = g
				got := run(t, q, list, entries, codes, tallies)
				var sum Totals
				sums := map[string]int64{}
				for _, row := range got.Rows {
					sum.Seconds, sum.Billable, sum.Manual = sum.Seconds+row.Seconds, sum.Billable+row.Billable, sum.Manual+row.Manual
					sums[row.Currency] += row.Amount
				}
				if sum != want || got.Totals != want {
					t.Fatalf("by %v: rows %+v, totals %+v, entries %+v", g, sum, got.Totals, want)
				}
				for _, m := range got.Money {
					if sums[m.Currency] != m.Amount || money[m.Currency] != m.Amount {
						t.Fatalf("by %v: %s is %d in rows, %d in all, %d in entries", g, m.Currency, sums[m.Currency], m.Amount, money[m.Currency])
					}
				}
			}
		}
		// A pivot of R3 has the rows of R2 as sums of its rows and those of R1 as sums of its columns.
		q.Group = []Key{ByFreelancer, ByActivity}
		r3 := run(t, q, list, entries, codes, true)
		for i, by := range q.Group {
			q.Group = []Key{by}
			one := run(t, q, list, entries, codes, true)
			sums := map[string]int64{}
			for _, row := range r3.Rows {
				sums[row.Keys[i]+row.Currency] += row.Seconds
			}
			for _, row := range one.Rows {
				if sums[row.Keys[0]+row.Currency] != row.Seconds {
					t.Fatalf("%s %v: %d alone, %d in the pivot", by, row.Keys, row.Seconds, sums[row.Keys[0]+row.Currency])
				}
			}
		}
	})
}

// A code is one row over all contracts of a client whatever its case, and another client's of the same name is another.
func TestA12_OneCodeOverContracts(t *testing.T) {
	a, b, c := hourly("a"), hourly("b"), hourly("c")
	b.Activities = map[workroom.ActivityID]*workroom.Activity{"b-api": {Code: "api", Made: 9, Archived: 5}}
	c.Client, c.Activities = "other", map[workroom.ActivityID]*workroom.Activity{"c-api": {Code: "API", Made: 9}}
	b.Freelancer = "noor"
	codes := CodesOf([]*Contract{a, b, c})
	r, err := NewReport(Query{To: 100_000, Group: []Key{ByFreelancer}, Activities: []workroom.ActivityID{"b-api"}}, codes)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		c  *Contract
		id workroom.ActivityID
	}{{a, "api"}, {b, "b-api"}, {c, "c-api"}, {a, "ui"}, {a, NoActivity}} {
		r.Add(x.c, Tally{{Day: 1, Activity: x.id, Seconds: 60}})
	}
	if got := r.Result(); len(got.Rows) != 2 || got.Totals.Seconds != 120 || got.Rows[0].Keys[0] != "esme" || got.Rows[1].Keys[0] != "noor" {
		t.Errorf("%+v", got)
	}
	if x := codes.Activity("b-api"); x.Code != "API" || x.Archived != 0 {
		t.Errorf("an archived namesake renamed or archived it: %+v", x)
	}
}

func FuzzDecodeTally(f *testing.F) {
	f.Add(Tally{{Day: 20_000, Activity: "api", Class: Over, Manual: true, Seconds: 1, Amount: 2}, {Day: 20_001}}.Encode())
	f.Fuzz(func(t *testing.T, b []byte) {
		list, err := DecodeTally(b)
		if err != nil {
			return
		}
		again, err := DecodeTally(list.Encode())
		if err != nil || !slices.Equal(list, again) {
			t.Errorf("%v, %v", err, again)
		}
	})
}

// Days are counted alike before and after 1970, and weeks begin on Monday.
func TestA14_Days(t *testing.T) {
	for _, x := range []struct{ day, monday, month string }{
		{"2026-11-22", "2026-11-16", "2026-11-01"}, {"2026-11-23", "2026-11-23", "2026-11-01"}, {"1970-01-01", "1969-12-29", "1970-01-01"}, {"1969-12-28", "1969-12-22", "1969-12-01"},
	} {
		d, err := ParseDay(x.day)
		if err != nil || d.String() != x.day || d.Monday().String() != x.monday || d.Month().String() != x.month {
			t.Errorf("%s: %s, %s, %s, %v", x.day, d, d.Monday(), d.Month(), err)
		}
	}
}
