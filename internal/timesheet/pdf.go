package timesheet

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"

	"trestle/internal/workroom"
)

// Paper is what a printed timesheet says around its lines.
type Paper struct {
	Title    string // "Timesheet"
	Range    string // "26 October to 22 November 2026"
	Zone     string // "Europe/Berlin"
	Made     time.Time
	Grid     *Grid // of a week
	Sums     []Summed
	Totals   Totals
	Money    []Money
	Adjusted []Adjustment
	Location *time.Location
}

// Widths of the columns in mm; together those of A4 across without its margins of 12.
var (
	paperSums    = []float64{58, 68, 72, 25, 25, 25}
	paperRecords = []float64{22, 30, 44, 44, 36, 55, 20, 22}
)

const (
	paperLine = 6.0 // mm
	paperFoot = 196.0
	// memoColumn is the place of the memo among the columns of paperRecords.
	memoColumn = 5
)

// WritePDF writes a timesheet to print: the sums by freelancer and activity, then each stretch of time. Letters are Latin, Greek and Cyrillic;
// others show as boxes. The same input makes the same bytes.
func WritePDF(w io.Writer, p Paper, records func(yield func(Record) bool)) error {
	d := fpdf.New("L", "mm", "A4", "")
	d.SetCreationDate(p.Made)
	d.SetModificationDate(p.Made)
	d.SetCatalogSort(true)
	d.SetTitle(clean(p.Title+", "+p.Range), true)
	d.SetCreator("Trestle", true)
	d.AddUTF8FontFromBytes("go", "", goregular.TTF)
	d.AddUTF8FontFromBytes("go", "B", gobold.TTF)
	d.SetMargins(12, 12, 12)
	d.SetAutoPageBreak(false, 0)
	d.AliasNbPages("{pages}")
	d.SetFooterFunc(func() {
		d.SetY(-10)
		d.SetFont("go", "", 8)
		d.CellFormat(0, 5, fmt.Sprintf("Made with Trestle on %s. Page %d of {pages}", p.Made.In(p.Location).Format("2 January 2006, 15:04"), d.PageNo()), "", 0, "L", false, 0, "")
	})
	d.AddPage()
	d.SetFont("go", "B", 18)
	d.CellFormat(0, 9, clean(p.Title), "", 1, "L", false, 0, "")
	d.SetFont("go", "", 10)
	d.CellFormat(0, paperLine, clean(p.Range)+". Times in "+clean(p.Zone)+".", "", 1, "L", false, 0, "")
	d.Ln(3)

	if p.Grid != nil {
		p.Grid.paper(d)
		d.Ln(5)
	}
	t := paperTable{d, paperSums, []string{"Freelancer", "Contract", "Activity", "Hours", "Manual", "Amount"}, 3}
	t.head()
	for _, x := range p.Sums {
		t.row("", x.Freelancer, x.Contract, x.Activity, Clock(x.Seconds), Clock(x.Manual), Minor(x.Amount, x.Currency)+" "+x.Currency)
	}
	t.row("B", "All", "", "", Clock(p.Totals.Seconds), Clock(p.Totals.Manual), amounts(p.Money))
	if len(p.Adjusted) > 0 {
		for _, a := range p.Adjusted {
			t.row("", a.Contract.FreelancerName, a.Contract.Title, a.about(), "", "", Minor(a.Amount, a.Currency)+" "+a.Currency)
		}
		t.row("B", withAdjustments, "", "", "", "", amounts(Bill(p.Money, p.Adjusted)))
	}
	d.Ln(5)

	t = paperTable{d, paperRecords, []string{"Day", "From and to", "Freelancer", "Contract", "Activity", "Memo", "Hours", "Amount"}, 6}
	t.head()
	for r := range records {
		from := workClock(r.start(p.Location)) + "–" + workClock(r.end(p.Location))
		t.row("", r.Day.String(), from, r.Contract.FreelancerName, r.Contract.Title, r.code(), t.marked(r), Clock(r.Seconds()), r.money(r.Amount)+" "+r.Contract.Terms.Currency)
	}
	return d.Output(w)
}

// amounts writes money of several currencies.
func amounts(list []Money) string {
	var out []string
	for _, m := range list {
		out = append(out, Minor(m.Amount, m.Currency)+" "+m.Currency)
	}
	return strings.Join(out, ", ")
}

// paper writes the grid: the activity, and the contract where there are several, then the days.
func (g Grid) paper(d *fpdf.Fpdf) {
	days := float64(len(g.Days))
	widths, names := []float64{48, 46}, []string{"Activity", "Contract"}
	for _, day := range g.Days {
		widths, names = append(widths, 125/days), append(names, day.date().Format("Mon 2 Jan"))
	}
	t := paperTable{d, append(widths, 22, 32), append(names, "Hours", "Amount"), 2}
	t.head()
	for _, r := range g.Rows {
		t.row("", append(append([]string{r.Activity, r.Contract}, clocks(r.Seconds)...), Clock(r.Total), Minor(r.Amount, r.Currency)+" "+r.Currency)...)
	}
	t.row("B", append(append([]string{"All", ""}, clocks(g.Sum)...), Clock(g.All), "")...)
}

func clocks(list []int64) []string {
	out := make([]string, len(list))
	for i, n := range list {
		if n > 0 {
			out[i] = Clock(n)
		}
	}
	return out
}

func workClock(t time.Time) string { return t.Format(clock) }

// marked is a memo with what is special about the time behind it: how it came to be, and why it is not billed (T-14, T-15). A long memo is cut
// before its marks, never over them.
func (t paperTable) marked(r Record) string {
	var marks []string
	for _, m := range []struct {
		on   bool
		name string
	}{{r.How == workroom.Manual, "manual"}, {r.How == workroom.KeptIdle, "kept idle"}, {r.Over, "over the limit"}, {r.Late, "late"}, {r.AfterEnd, "after the end"}} {
		if m.on {
			marks = append(marks, m.name)
		}
	}
	memo, behind := clean(r.Memo), ""
	if len(marks) > 0 {
		behind = " (" + strings.Join(marks, ", ") + ")"
	}
	return t.fit(memo, t.widths[memoColumn]-t.d.GetStringWidth(behind)) + behind
}

// paperTable writes rows below one another, with its head again on each page.
type paperTable struct {
	d      *fpdf.Fpdf
	widths []float64
	names  []string
	right  int // columns from here on are numbers
}

func (t paperTable) head() {
	t.d.SetFont("go", "B", 8)
	t.d.SetFillColor(236, 236, 240)
	for i, n := range t.names {
		t.d.CellFormat(t.widths[i], paperLine, n, "B", 0, t.align(i), true, 0, "")
	}
	t.d.Ln(-1)
}

func (t paperTable) align(i int) string {
	if i >= t.right {
		return "R"
	}
	return "L"
}

func (t paperTable) row(style string, cells ...string) {
	if t.d.GetY()+paperLine > paperFoot {
		t.d.AddPage()
		t.head()
	}
	t.d.SetFont("go", style, 8)
	for i, c := range cells {
		t.d.CellFormat(t.widths[i], paperLine, t.fit(clean(c), t.widths[i]), "B", 0, t.align(i), false, 0, "")
	}
	t.d.Ln(-1)
}

// fit cuts a text to the width of its cell, with three dots where it was cut.
func (t paperTable) fit(s string, width float64) string {
	if t.d.GetStringWidth(s) <= width-2 {
		return s
	}
	list := []rune(s)
	lo, hi := 0, len(list)
	for lo < hi {
		mid := (lo + hi + 1) / 2
		if t.d.GetStringWidth(string(list[:mid])+"…") <= width-2 {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	return string(list[:lo]) + "…"
}

// clean keeps what can be printed: no controls, no signs that turn the direction, nothing beyond the first plane, which the writer of PDF cannot
// hold.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r > 0xffff:
			return '□'
		case unicode.IsControl(r), r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0xfeff:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}
