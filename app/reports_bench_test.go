package app

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"trestle/internal/replica"
	"trestle/internal/timesheet"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// BenchmarkReportOfAMillion reads a report over 1,000,000 slices as the screen does once the weeks were added up: 100 contracts, 100 weeks,
// 100 slices each, with the pivot, the chart and all five filters: which diaries there are, what was kept of their weeks, the sums. Beside it
// stands how many times longer it takes to add all weeks up anew, which happens once.
func BenchmarkReportOfAMillion(b *testing.B) {
	const contracts, weeks, each = 100, 100, 100
	ctx := context.Background()
	first, _ := workroom.ParseWeek("2024-01-01")
	list, tallies := []*timesheet.Contract{}, []replica.Tally{}
	spent := time.Duration(0)
	for k := range contracts {
		c := &timesheet.Contract{ID: workroom.ContractID(fmt.Sprintf("k%03d", k)), Client: "client", Freelancer: workroom.AccountID(fmt.Sprint("f", k%20)),
			Terms: workroom.Terms{Rate: 5200, Currency: "EUR", Unlimited: true}, Activities: map[workroom.ActivityID]*workroom.Activity{}}
		for a := range 8 {
			c.Activities[workroom.ActivityID(fmt.Sprint(k, "-", a))] = &workroom.Activity{Code: fmt.Sprint("Code ", a), Made: int64(a)}
		}
		list = append(list, c)
		w := first
		for range weeks {
			d := &workroom.Diary{}
			for n := range each {
				from := w.Start().Unix() + int64(n)*3600
				d.Slices = append(d.Slices, &workroom.Slice{ID: fmt.Sprint(n), Rev: 1, Freelancer: c.Freelancer, Contract: c.ID, Start: from, End: from + 1800,
					Activity: workroom.ActivityID(fmt.Sprint(k, "-", n%8)), Memo: "m", Kind: workroom.Tracked})
			}
			began := time.Now()
			body := timesheet.Sum(timesheet.Entries(c, d, w, time.UTC)).Encode()
			spent += time.Since(began)
			tallies = append(tallies, replica.Tally{Diary: workroom.DiaryScope(c.ID, w.String()), Zone: "UTC", Terms: "t", Body: body})
			w = w.Next()
		}
	}
	r, err := replica.Open(filepath.Join(b.TempDir(), "replica.db"), replica.Options{Account: "client", Device: "d", Service: "s"})
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	if err := r.Apply(ctx, replica.Epoch{Epoch: "e"}); err != nil {
		b.Fatal(err)
	}
	var opened []wire.Opened
	for _, t := range tallies {
		body, err := workroom.Encode(&workroom.Slice{ID: "s", Rev: 1, Freelancer: "f", Contract: workroom.ContractID(t.Diary.Owner()), Start: 1, End: 2, Memo: "m", Kind: workroom.Tracked})
		if err != nil {
			b.Fatal(err)
		}
		opened = append(opened, wire.Opened{Scope: t.Diary, Gen: 1, Seq: 1, Hot: []wire.Thing{{Scope: t.Diary, Kind: workroom.KindSlice, ID: "s", Seq: 1, Born: 1, Rev: 1, Body: body}}})
	}
	if err := r.Apply(ctx, replica.Opened{Epoch: "e", Scopes: opened}); err != nil {
		b.Fatal(err)
	}
	_, stamp, err := r.Tallies(ctx, "UTC", "", "")
	if err == nil {
		err = r.KeepTallies(ctx, stamp, tallies)
	}
	if err != nil {
		b.Fatal(err)
	}
	codes := timesheet.CodesOf(list)
	by := map[workroom.ContractID]*timesheet.Contract{}
	for _, c := range list {
		by[c.ID] = c
	}
	for b.Loop() {
		diaries, err := r.Diaries(ctx)
		if err != nil || len(diaries) != contracts*weeks {
			b.Fatal(len(diaries), err)
		}
		kept, _, err := r.Tallies(ctx, "UTC", "2024-01-01", "2026-12-31")
		if err != nil || len(kept) != contracts*weeks {
			b.Fatal(len(kept), err)
		}
		var reports []*timesheet.Report
		for _, g := range [][]timesheet.Key{{timesheet.ByFreelancer, timesheet.ByContract, timesheet.ByActivity}, {timesheet.ByWeek, timesheet.ByActivity}, {timesheet.ByClient}, {timesheet.ByContract},
			{timesheet.ByFreelancer}, {timesheet.ByActivity}, {timesheet.ByKind}} {
			x, err := timesheet.NewReport(timesheet.Query{From: 0, To: 40_000, Group: g}, codes)
			if err != nil {
				b.Fatal(err)
			}
			reports = append(reports, x)
		}
		for _, t := range kept {
			lines, err := timesheet.DecodeTally(t.Body)
			if err != nil {
				b.Fatal(err)
			}
			for _, x := range reports {
				x.Add(by[workroom.ContractID(t.Diary.Owner())], lines)
			}
		}
		for _, x := range reports {
			if got := x.Result().Totals.Seconds; got != contracts*weeks*each*1800 {
				b.Fatal(got)
			}
		}
	}
	b.ReportMetric(float64(spent)*float64(b.N)/float64(b.Elapsed()), "times-faster-than-anew")
}
