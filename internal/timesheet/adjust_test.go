package timesheet

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"trestle/internal/workroom"
)

// beside are two lines beside the bill of the week of 2026-11-16: late time approved, and a dispute settled by giving something back.
func beside(c *Contract) []Adjustment {
	monday, err := ParseDay("2026-11-16")
	if err != nil {
		panic(err)
	}
	return []Adjustment{
		{Contract: c, ID: "a", Week: monday, Kind: workroom.AdjustLate, Seconds: 300, Money: Money{278, "EUR"}},
		{Contract: c, ID: "b", Week: monday, Kind: workroom.AdjustDispute, Money: Money{-1000, "EUR"}, Text: "=the, break"},
	}
}

// T-16, W-38: an adjustment belongs to the report of the day its week ends on, whole, whoever is asked for; and to none of a part of the time.
func TestT16_ReportsThatHoldAnAdjustment(t *testing.T) {
	c := hourly("k")
	day := func(s string) Day {
		d, err := ParseDay(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for name, x := range map[string]struct {
		q    Query
		want int
	}{
		"its week":                    {Query{From: day("2026-11-16"), To: day("2026-11-22")}, 2},
		"the day its week ends":       {Query{From: day("2026-11-22"), To: day("2026-11-22")}, 2},
		"the days before that":        {Query{From: day("2026-11-16"), To: day("2026-11-21")}, 0},
		"the week after":              {Query{From: day("2026-11-23"), To: day("2026-11-29")}, 0},
		"of this contract":            {Query{From: day("2026-11-01"), To: day("2026-11-30"), Contracts: []workroom.ContractID{"k"}}, 2},
		"of another contract":         {Query{From: day("2026-11-01"), To: day("2026-11-30"), Contracts: []workroom.ContractID{"x"}}, 0},
		"of another freelancer":       {Query{From: day("2026-11-01"), To: day("2026-11-30"), Freelancers: []workroom.AccountID{"jonas"}}, 0},
		"of another client":           {Query{From: day("2026-11-01"), To: day("2026-11-30"), Clients: []workroom.AccountID{"jonas"}}, 0},
		"of one activity":             {Query{From: day("2026-11-01"), To: day("2026-11-30"), Activities: []workroom.ActivityID{"api"}}, 0},
		"of one kind of time":         {Query{From: day("2026-11-01"), To: day("2026-11-30"), Kinds: []Class{Manual}}, 0},
		"grouped by what it has none": {Query{From: day("2026-11-01"), To: day("2026-11-30"), Group: []Key{ByActivity, ByMemo}}, 2},
	} {
		r, err := NewReport(x.q, CodesOf([]*Contract{c}))
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Adjusted(beside(c)); len(got) != x.want {
			t.Errorf("%s: %d adjustments, want %d", name, len(got), x.want)
		}
	}
	if got := Bill([]Money{{5000, "EUR"}, {7, "USD"}}, beside(c)); !slices.Equal(got, []Money{{4278, "EUR"}, {7, "USD"}}) {
		t.Errorf("the bill is %v", got)
	}
	if got := Bill(nil, nil); len(got) != 0 {
		t.Errorf("the bill of nothing is %v", got)
	}
}

// the amounts of every file that says what is billed add up to the bill, its seconds to the time, and what other programs take in holds
// time alone.
func TestA15_FilesAddUpToTheBill(t *testing.T) {
	c, records := sample(t)
	adjusted := beside(c)
	var seconds, amount int64
	for _, r := range records {
		seconds, amount = seconds+r.Seconds(), amount+r.Amount
	}
	want := Minor(amount+278-1000, "EUR")
	for _, l := range Layouts {
		var b bytes.Buffer
		if err := WriteCSV(&b, l, time.UTC, false, slices.Values(records), adjusted...); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&b).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if l.Name != "trestle" {
			if len(rows) != len(records)+1 {
				t.Errorf("%s has %d rows of %d stretches of time", l.Name, len(rows)-1, len(records))
			}
			continue
		}
		golden(t, "adjusted.csv", b.Bytes())
		var time, money int64
		for _, row := range rows[1:] {
			n, err := strconv.ParseInt(row[slices.Index(l.Header, "Seconds")], 10, 64)
			if err != nil || len(row) != len(l.Header) {
				t.Fatalf("%v %v", row, err)
			}
			time, money = time+n, money+minorOf(t, row[slices.Index(l.Header, "Amount")])
		}
		if time != seconds || Minor(money, "EUR") != want {
			t.Errorf("the lines add up to %d s and %s, want %d s and %s", time, Minor(money, "EUR"), seconds, want)
		}
		if last := rows[len(rows)-1]; last[slices.Index(l.Header, "Memo")] != "'=the, break" {
			t.Errorf("what it is for is %q", last)
		}
		var again bytes.Buffer
		if err := WriteCSV(&again, l, zone(t, "UTC"), true, slices.Values(records), adjusted...); err != nil {
			t.Fatal(err)
		}
		if s := readAll(t, again.Bytes()); len(s.Rows) != len(records) { // T-14: an adjustment is no time that can be taken in
			t.Errorf("%d rows are read back of %d", len(s.Rows), len(records))
		}
	}

	from := records[0].Day.Monday()
	var sums []Summed
	r, err := NewReport(Query{From: from, To: from + 6, Group: []Key{ByFreelancer, ByContract, ByActivity, ByDay}}, CodesOf([]*Contract{c}))
	if err != nil {
		t.Fatal(err)
	}
	var entries []Entry
	for _, x := range records {
		entries = append(entries, x.Entry)
	}
	r.Add(c, Sum(entries))
	g := GridOf(from, from+6, r.Result(), func(k []string) (string, string, string) { return "Esme", "Otter", k[2] })
	var b bytes.Buffer
	if err := WriteGrid(&b, false, g, adjusted...); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if last := rows[len(rows)-1]; last[0] != "With adjustments" || last[len(last)-2] != want || last[len(last)-1] != "EUR" || !strings.Contains(rows[len(rows)-2][2], "Settled dispute, week of 2026-11-16") {
		t.Errorf("the grid ends with %q, want %s", last, want)
	}

	b.Reset()
	sums = append(sums, Summed{Freelancer: "Esme", Contract: "Otter", Activity: "API", Money: Money{amount, "EUR"}})
	if err := WriteXLSX(&b, time.UTC, nil, sums, slices.Values(records), adjusted...); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(f)
	if err != nil || !bytes.Contains(body, []byte("<v>-10.00</v>")) || !bytes.Contains(body, []byte("Late time approved, week of 2026-11-16")) {
		t.Errorf("the summary is %v\n%s", err, body)
	}
	b.Reset()
	p := Paper{Title: "Timesheet", Made: time.Unix(0, 0), Location: time.UTC, Sums: sums, Money: []Money{{amount, "EUR"}}, Adjusted: adjusted}
	if err := WritePDF(&b, p, slices.Values(records)); err != nil || !bytes.HasPrefix(b.Bytes(), []byte("%PDF-")) {
		t.Error(err)
	}
}

// minorOf reads an amount with two digits back.
func minorOf(t *testing.T, s string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(strings.Replace(s, ".", "", 1), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
