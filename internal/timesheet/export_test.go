package timesheet

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"trestle/internal/workroom"
)

var update = flag.Bool("update", false, "write the golden files anew")

// sample is a week with everything an export has to say: other letters, formulas, quotes and line breaks in names, time by hand, over the
// limit and late, counts and none.
func sample(t testing.TB) (*Contract, []Record) {
	c := hourly("k")
	c.Email, c.FreelancerName, c.Title = "esme@example.com", "Esmé Winter", `=HYPERLINK("http://x","Otter")`
	c.Terms.Unlimited, c.Terms.Limit = false, 7200
	c.Activities["api"].About = "-1 is \"a\" description"
	hand := slice("b", c, "2026-11-17T12:00:00Z", "2026-11-17T12:30:00Z", "ui", "@SUM(A1)")
	hand.Kind = workroom.Manual
	late := slice("d", c, "2026-11-19T09:00:00Z", "2026-11-19T09:05:00Z", "", "Λάθος, и поздно")
	late.Flags = []string{workroom.FlagLate}
	d := diary(slice("a", c, "2026-11-17T10:00:00Z", "2026-11-17T11:00:07Z", "api", "+1, the first"), hand, slice("c", c, "2026-11-17T22:50:00Z", "2026-11-17T23:30:00Z", "api", "plain"), late)
	k, z := uint16(7), uint16(0)
	inputs := []*workroom.CellInput{{Device: "d", Cell: at("2026-11-17T10:00:00Z") / 600, Minutes: []workroom.Minute{
		{At: at("2026-11-17T10:00:00Z") / 60, Keys: &k, Clicks: &z, Scroll: &z}, {At: at("2026-11-17T10:01:00Z") / 60, Keys: &z, Clicks: &z, Scroll: &z}}}}
	return c, Records(c, Entries(c, d, week("2026-11-16"), zone(t, "Europe/Berlin")), inputs)
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not what is written:\n%s", path, got)
	}
}

// each layout is what is on record, reads back as RFC 4180, and no cell of a text can be a formula.
func TestA15_Layouts(t *testing.T) {
	_, list := sample(t)
	var total int64
	for _, r := range list {
		total += r.Seconds()
	}
	for _, l := range Layouts {
		var b bytes.Buffer
		if err := WriteCSV(&b, l, zone(t, "Europe/Berlin"), l.Name == "trestle", slices.Values(list)); err != nil {
			t.Fatal(err)
		}
		golden(t, l.Name+".csv", b.Bytes())
		text, marked := strings.CutPrefix(b.String(), bom)
		if marked != (l.Name == "trestle") {
			t.Errorf("%s: byte order mark %v", l.Name, marked)
		}
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil || len(rows) != len(list)+1 {
			t.Fatalf("%s: %d rows, %v", l.Name, len(rows), err)
		}
		for _, row := range rows {
			for i, cell := range row {
				if strings.ContainsRune("=+-@\t\r", []rune(cell + " ")[0]) {
					t.Errorf("%s: %s begins a formula: %q", l.Name, rows[0][i], cell)
				}
			}
		}
		if strings.Count(text, "\r\n") != len(rows) {
			t.Errorf("%s: lines end otherwise", l.Name)
		}
	}
	// What the importers of Toggl and Clockify ask for is there (their documents name these columns).
	for name, need := range map[string][]string{
		"toggl":    {"Email", "Start date", "Start time", "Duration", "Description", "Project", "Task", "Billable"},
		"clockify": {"Email", "Start Date", "Start Time", "End Time", "Duration (h)", "Description", "Project", "Task", "Billable"},
	} {
		l, _ := LayoutOf(name)
		for _, n := range need {
			if !slices.Contains(l.Header, n) {
				t.Errorf("%s lacks %q", name, n)
			}
		}
	}
	if total != 3607+1800+2400+300 {
		t.Errorf("the sample is %d s", total)
	}
}

func TestA15_Guard(t *testing.T) {
	for in, want := range map[string]string{"": "", "a=1": "a=1", "=1": "'=1", "+1": "'+1", "-1": "'-1", "@a": "'@a", "\ta": "'\ta", "\ra": "'\ra", "'=1": "'=1", "é": "é", "\n=1": "'\n=1", "＝1": "'＝1", "＋1": "'＋1", "－1": "'－1", "＠a": "'＠a", "a＝": "a＝"} {
		if got := Guard(in); got != want {
			t.Errorf("%q becomes %q", in, got)
		}
	}
}

func TestA15_Figures(t *testing.T) {
	for s, want := range map[int64]string{0: "00:00:00 0.0000", 59: "00:00:59 0.0164", 3600: "01:00:00 1.0000", 360_001: "100:00:01 100.0003"} {
		if got := Clock(s) + " " + Decimal(s); got != want {
			t.Errorf("%d is %s", s, got)
		}
	}
	for s := range int64(100_000) { // the decimal is exact enough to give the seconds back
		var h, f int64
		d := Decimal(s)
		for i, c := range d {
			if c == '.' {
				for _, c := range d[i+1:] {
					f = f*10 + int64(c-'0')
				}
				break
			}
			h = h*10 + int64(c-'0')
		}
		if back := ((h*10_000+f)*3600 + 5000) / 10_000; back != s {
			t.Fatalf("%d becomes %s becomes %d", s, d, back)
		}
	}
}

// A-15, W-27: counts of which a part is not kept any more stay empty, and a flag says that there were some; those of other entries stay.
func TestW27_DeletedCountsAreNoneAndSaySo(t *testing.T) {
	c := hourly("k")
	first := at("2026-11-17T10:00:00Z") / 60
	n := uint16(5)
	input := func(device string, minute int64) *workroom.CellInput {
		return &workroom.CellInput{Device: device, Cell: minute / 10, Minutes: []workroom.Minute{{At: minute, Keys: &n, Clicks: &n, Scroll: &n}}}
	}
	d := diary(slice("a", c, "2026-11-17T10:00:00Z", "2026-11-17T10:30:00Z", "", "gone in part"),
		slice("b", c, "2026-11-17T10:30:00Z", "2026-11-17T10:50:00Z", "", "all there"))
	inputs := []*workroom.CellInput{input("d", first), input("e", first+11), {Device: "d", Cell: first/10 + 1, Until: at("2027-02-21T00:00:00Z")}, input("d", first+31)}
	got := Records(c, Entries(c, d, week("2026-11-16"), time.UTC), inputs)
	if len(got) != 2 || got[0].Counts != (Counts{Expired: true}) || got[1].Counts != (Counts{Keys: 5, Clicks: 5, Scrolls: 5, Active: 1, Measured: true}) {
		t.Fatalf("%+v", got)
	}
	for i, want := range []string{",,,,33.33,16.66,EUR,counts_expired", ",5,5,5,1,33.33,11.12,EUR,"} {
		if row := strings.Join(ours(got[i], time.UTC), ","); !strings.HasSuffix(row, want) {
			t.Errorf("%s\nends not in %s", row, want)
		}
	}
}

// Counts belong to the first entry that touches their minute, and to tracked time alone.
func TestA15_CountsAddUp(t *testing.T) {
	c := hourly("k")
	k := uint16(5)
	var minutes []workroom.Minute
	for m := at("2026-11-17T10:00:00Z") / 60; m < at("2026-11-17T10:10:00Z")/60; m++ {
		minutes = append(minutes, workroom.Minute{At: m, Keys: &k, Clicks: &k, Scroll: &k})
	}
	hand := slice("c", c, "2026-11-17T10:06:00Z", "2026-11-17T10:10:00Z", "api", "z")
	hand.Kind = workroom.Manual
	d := diary(slice("a", c, "2026-11-17T10:00:00Z", "2026-11-17T10:02:30Z", "api", "x"), slice("b", c, "2026-11-17T10:02:30Z", "2026-11-17T10:06:00Z", "ui", "y"), hand)
	got := Records(c, Entries(c, d, week("2026-11-16"), time.UTC), []*workroom.CellInput{{Device: "d", Minutes: minutes}})
	if len(got) != 3 || got[0].Counts.Keys != 15 || got[0].Counts.Active != 3 || got[1].Counts.Keys != 15 || got[2].Counts.Measured {
		t.Errorf("%+v", got)
	}
}

// A workbook is a zip of well-formed XML whose texts are texts and whose figures are numbers.
func TestA15_XLSX(t *testing.T) {
	_, list := sample(t)
	var b bytes.Buffer
	sums := []Summed{{"Esmé & Co <x>", "=1+1", "API", Totals{3607, 3607, 0}, Money{3339, "EUR"}}}
	if err := WriteXLSX(&b, zone(t, "Europe/Berlin"), nil, sums, slices.Values(list)); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		for d := xml.NewDecoder(bytes.NewReader(body)); ; {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("%s: %v\n%s", f.Name, err, body)
			}
		}
		if bytes.Contains(body, []byte("<f>")) {
			t.Errorf("%s holds a formula", f.Name)
		}
		if f.Name == "xl/worksheets/sheet2.xml" && bytes.Count(body, []byte("<row>")) != len(list)+1 {
			t.Errorf("%s", body)
		}
	}
}

// A15: each second of a day stands in a workbook as near to itself as a number can be: LibreOffice cuts off what is short of a second, and told
// every second moment one second early.
func TestA15_XLSXTellsTheSecond(t *testing.T) {
	first := at("2026-11-16T00:00:00Z")
	for i := range int64(86400) {
		var b bytes.Buffer
		s := &sheet{w: bufio.NewWriter(&b)}
		s.moment(time.Unix(first+i, 0).UTC())
		if err := s.w.Flush(); err != nil {
			t.Fatal(err)
		}
		_, v, _ := strings.Cut(b.String(), "<v>")
		v, _, _ = strings.Cut(v, "</v>")
		days, err := strconv.ParseFloat(v, 64)
		if err != nil {
			t.Fatal(err)
		}
		if off := (days-excelEpoch)*86400 - float64(first+i); max(off, -off) > 1e-6 {
			t.Fatalf("second %d is %s, %.1f µs off", i, v, off*1e6)
		}
	}
}

// The same timesheet is the same file, however often it is written.
func TestA15_PDF(t *testing.T) {
	_, list := sample(t)
	for len(list) < 200 { // more than a page
		list = append(list, list...)
	}
	p := Paper{Title: "Timesheet", Range: "16 to 22 November 2026", Zone: "Europe/Berlin", Made: time.Unix(at("2026-11-22T10:00:00Z"), 0), Location: zone(t, "Europe/Berlin"),
		Sums: []Summed{{"Esmé Winter", strings.Repeat("Otter Trails ", 20), "API 🦦", Totals{3607, 3607, 0}, Money{3339, "EUR"}}}, Totals: Totals{3607, 3607, 0}, Money: []Money{{3339, "EUR"}}}
	var first []byte
	for range 2 {
		var b bytes.Buffer
		if err := WritePDF(&b, p, slices.Values(list)); err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = b.Bytes()
		}
		if !bytes.Equal(first, b.Bytes()) || !bytes.HasPrefix(first, []byte("%PDF-")) || b.Len() < 10_000 {
			t.Error("not the same, or no PDF")
		}
	}
}
