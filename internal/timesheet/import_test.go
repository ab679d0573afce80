package timesheet

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/unicode"

	"trestle/internal/workroom"
)

func readAll(t *testing.T, body []byte) *Sheet {
	t.Helper()
	s, err := ReadSheet(body)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// T-14: the columns of the programs' own exports, as they write them, are read to the second.
func TestT14_RealLayouts(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	for name, c := range map[string]struct {
		body           string
		layout         string
		order          Order
		from, to       string
		project, task  string
		memo, who      string
		notes, refused int
	}{
		"Toggl Track, detailed report": {"User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags,Amount ()\n" +
			"Esme,esme@example.com,Otter,Maps,api,coast,No,2026-11-17,10:00:07,2026-11-17,11:30:00,01:29:53,,\n",
			"toggl", YearFirst, "2026-11-17T09:00:07Z", "2026-11-17T10:30:00Z", "Maps", "api", "coast", "Esme", 0, 0},
		"Toggl Track since 2023": {"Description,Billable,Duration,Member,Email,Project,Tags,Start date,Start time,Stop date,Stop time\r\n" +
			"coast,No,0:05:00,Esme,esme@example.com,Maps,tag,2026-11-17,23:58:00,2026-11-18,00:03:00\r\n",
			"toggl", YearFirst, "2026-11-17T22:58:00Z", "2026-11-17T23:03:00Z", "Maps", "", "coast", "Esme", 0, 0},
		"Toggl Track's form for imports": {"Email,Start date,Start time,Duration\nesme@example.com,2026-11-17,10:00:00,00:40:05\n",
			"toggl", YearFirst, "2026-11-17T09:00:00Z", "2026-11-17T09:40:05Z", "", "", "", "", 0, 0},
		"Clockify, twelve hours": {"\ufeff\"Project\",\"Client\",\"Description\",\"Task\",\"User\",\"Group\",\"Email\",\"Tags\",\"Billable\",\"Start Date\",\"Start Time\",\"End Date\",\"End Time\",\"Duration (h)\",\"Duration (decimal)\",\"Billable Rate (USD)\",\"Billable Amount (USD)\"\n" +
			"\"Maps\",\"Otter\",\"coast, \"\"north\"\"\",\"\",\"Esme\",\"\",\"esme@example.com\",\"\",\"Yes\",\"11/17/2026\",\"12:05:00 AM\",\"11/17/2026\",\"12:10:30 PM\",\"12:05:30\",\"12.09\",\"0.00\",\"0.00\"\n",
			"clockify", MonthFirst, "2026-11-16T23:05:00Z", "2026-11-17T11:10:30Z", "Maps", "", `coast, "north"`, "Esme", 0, 0},
		"Clockify, its activity column": {"Project,Client,Description,Activity,User,Email,Tags,Start Date,Start Time,End Date,End Time,Duration (h),Duration (decimal)\n" +
			"Maps,Otter,coast,ui,Esme,esme@example.com,,17.11.2026,9:05 a.m.,17.11.2026,9:06\u202fam,00:01:00,0.02\n",
			"clockify", YearFirst, "2026-11-17T08:05:00Z", "2026-11-17T08:06:00Z", "Maps", "ui", "coast", "Esme", 0, 0},
		"saved again by a spreadsheet": {"sep=;\r\nProject;Description;User;Start Date;Start Time;End Date;End Time;Duration (h)\r\nMaps;coast;Esme;17/11/2026;10:00;17/11/2026;10:30;00:30:00\r\n;;;;;;;\r\n",
			"clockify", DayFirst, "2026-11-17T09:00:00Z", "2026-11-17T09:30:00Z", "Maps", "", "coast", "Esme", 0, 0},
		"spaces and breaks within": {"User,Project,Description,Start date,Start time,End date,End time,Duration\nEsme,Maps,\"coast  and\u00a0 the\nnorth \",2026-11-17,10:00:00,2026-11-17,10:30:00,00:30:00\n",
			"toggl", YearFirst, "2026-11-17T09:00:00Z", "2026-11-17T09:30:00Z", "Maps", "", "coast and the north", "Esme", 0, 0},
		"solidtime": {"Description,Task,Project,Client,User,Start,End,Duration,Duration (decimal),Billable,Tags\ncoast,,Maps,Otter,Esme,2026-11-17T10:00:00+01:00,2026-11-17 10:30:00,00:30:00,0.5,Yes,\n",
			"solidtime", YearFirst, "2026-11-17T09:00:00Z", "2026-11-17T09:30:00Z", "Maps", "", "coast", "Esme", 0, 0},
		"the hour that comes twice, by its duration": {"User,Project,Description,Start date,Start time,End date,End time,Duration\nEsme,Maps,night,2026-10-25,02:50:00,2026-10-25,02:10:00,00:20:00\n",
			"toggl", YearFirst, "2026-10-25T00:50:00Z", "2026-10-25T01:10:00Z", "Maps", "", "night", "Esme", 0, 0},
		"a duration that does not fit": {"User,Project,Description,Start date,Start time,End date,End time,Duration\nEsme,Maps,x,2026-11-17,10:00:00,2026-11-17,10:30:00,00:31:00\n",
			"toggl", YearFirst, "2026-11-17T09:00:00Z", "2026-11-17T09:30:00Z", "Maps", "", "x", "Esme", 1, 0},
		"the hour that was skipped": {"User,Project,Description,Start date,Start time,End date,End time,Duration\nEsme,Maps,x,2026-03-29,02:30:00,2026-03-29,03:30:00,01:00:00\n",
			"toggl", YearFirst, "", "", "Maps", "", "x", "Esme", 0, 1},
	} {
		s := readAll(t, []byte(c.body))
		if s.Layout != c.layout || !slices.Equal(s.Orders, []Order{c.order}) || len(s.Rows) != 1 {
			t.Errorf("%s: %s, %v, %d rows", name, s.Layout, s.Orders, len(s.Rows))
			continue
		}
		r := s.Rows[0]
		in, note, why := s.Span(r, c.order, berlin)
		if (why != "") != (c.refused == 1) || (note != "") != (c.notes == 1) {
			t.Errorf("%s: note %q, refused %q", name, note, why)
		}
		if c.from != "" && (in.From != at(c.from) || in.To != at(c.to)) {
			t.Errorf("%s: %s to %s", name, time.Unix(in.From, 0).UTC(), time.Unix(in.To, 0).UTC())
		}
		if r.Project != c.project || r.Task != c.task || r.Memo != c.memo || r.Who != c.who {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// T-14: which of day and month comes first is taken from the file if any of its dates tells, and asked if none does.
func TestT14_DayOrMonth(t *testing.T) {
	head := "Project,User,Description,Start Date,Start Time,End Date,End Time,Duration (h)\n"
	line := func(d string) string { return "p,u,d," + d + ",10:00," + d + ",11:00,01:00:00\n" }
	for _, c := range []struct {
		dates  []string
		want   []Order
		sample string
	}{
		{[]string{"02/03/2026", "13/03/2026"}, []Order{DayFirst}, "02/03/2026"},
		{[]string{"02/03/2026", "03/13/2026"}, []Order{MonthFirst}, "02/03/2026"},
		{[]string{"02/03/2026", "04/05/2026"}, []Order{DayFirst, MonthFirst}, "02/03/2026"},
		{[]string{"02-03-2026"}, []Order{DayFirst, MonthFirst}, "02-03-2026"},
		{[]string{"02/03/2026", "03/02/26"}, []Order{DayFirst, MonthFirst}, "02/03/2026"},
		{[]string{"2026/03/02"}, []Order{YearFirst}, ""},
	} {
		var body strings.Builder
		body.WriteString(head)
		for _, d := range c.dates {
			body.WriteString(line(d))
		}
		if s := readAll(t, []byte(body.String())); !slices.Equal(s.Orders, c.want) || s.Sample() != c.sample {
			t.Errorf("%v: %v, %q", c.dates, s.Orders, s.Sample())
		}
	}
}

// T-14: letters of other encodings are read; what is not CSV of time is said, and lines that are none stay, with why.
func TestT14_HostileFiles(t *testing.T) {
	head := "Project,User,Description,Start Date,Start Time,End Date,End Time,Duration (h)\n"
	good := "Café,Esmé,d,2026-11-17,10:00,2026-11-17,11:00,01:00:00\n"
	utf16, err := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(head + good))
	if err != nil {
		t.Fatal(err)
	}
	latin := strings.NewReplacer("é", "\xe9").Replace(head + good)
	for name, body := range map[string][]byte{"UTF-16": utf16, "Windows-1252": []byte(latin), "a mark": []byte(bom + head + good)} {
		s := readAll(t, body)
		if len(s.Rows) != 1 || s.Rows[0].Project != "Café" || s.Rows[0].Who != "Esmé" || (s.Letters != "") != (name == "Windows-1252") {
			t.Errorf("%s: %q, %+v", name, s.Letters, s.Rows)
		}
	}
	for name, body := range map[string]string{
		"nothing": "", "only a mark": bom, "binary": "\x7fELF\x00\x01", "a workbook": "PK\x03\x04", "a PDF": "%PDF-1.7", "another table": "a,b,c\n1,2,3\n", "a page": "<html><body>",
		"a head of quotes": "\"a\n", "too many rows": head + strings.Repeat(good, MaxImportRows+1), "too large": strings.Repeat("x", MaxImport+1), "an open UTF-16": "\xff\xfea",
	} {
		_, err := ReadSheet([]byte(body))
		var bad *ImportError
		if !errors.As(err, &bad) || bad.Text == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	s := readAll(t, []byte(head+good+"a,b\n"+good+"x\"y,u,d,2026-11-17,10:00,2026-11-17,11:00,1:00\n"+good+strings.Repeat("c", 5000)+",u,d,2026-11-17,10:00,2026-11-17,11:00,1:00\n"+"\"open,u,d\n"+good))
	var bad []int
	for _, r := range s.Rows {
		if r.Bad != "" {
			bad = append(bad, r.Line)
		}
	}
	if len(s.Rows) != 7 || !slices.Equal(bad, []int{3, 5, 7, 8}) {
		t.Errorf("%d rows, of which bad %v", len(s.Rows), bad)
	}
	if last := s.Rows[6].Bad; !strings.Contains(last, "lines 8 to ") {
		t.Errorf("an open quotation mark says %q", last)
	}
	s = readAll(t, []byte("Project,User,Description,Tags,Start Date,Start Time,End Date,End Time,Duration (h),Duration (decimal)\np,u,\"two\nlines\",red,2026-11-17,25:00,2026-11-17,11:00,1:00,1.00\n"))
	if !slices.Equal(s.Left, []string{"Tags"}) || s.Rows[0].Memo != "two lines" || len(s.Rows[0].Notes) != 1 {
		t.Errorf("left %v, %+v", s.Left, s.Rows[0])
	}
	if _, _, why := s.Span(s.Rows[0], YearFirst, time.UTC); !strings.Contains(why, "25:00") {
		t.Errorf("a strange time: %q", why)
	}
}

// A-15, T-14: what we write for Toggl Track, Clockify, solidtime and ourselves is read back to the same seconds, memos and codes, in any zone.
func TestA15_OwnExportsComeBack(t *testing.T) {
	_, records := sample(t)
	for _, name := range []string{"Europe/Berlin", "UTC", "Asia/Kathmandu", "America/Los_Angeles"} {
		z := zone(t, name)
		for _, layout := range []string{"trestle", "toggl", "clockify", "solidtime"} {
			l, _ := LayoutOf(layout)
			var b bytes.Buffer
			if err := WriteCSV(&b, l, z, layout == "trestle", slices.Values(records)); err != nil {
				t.Fatal(err)
			}
			s := readAll(t, b.Bytes())
			if s.Layout != layout || len(s.Rows) != len(records) || len(s.Orders) != 1 {
				t.Fatalf("%s in %s: read as %s, %d rows, %v", layout, name, s.Layout, len(s.Rows), s.Orders)
			}
			for i, r := range s.Rows {
				in, note, why := s.Span(r, s.Orders[0], z)
				want := records[i]
				if in != (workroom.Interval{From: want.From, To: want.To}) || note+why != "" || r.Memo != want.Memo || r.Task != want.code() || r.Project != want.Contract.Title {
					t.Errorf("%s in %s, line %d: %v %q %q %+v", layout, name, r.Line, in, note, why, r)
				}
			}
		}
	}
}

// Each currency has its own decimals: 0 for JPY, 3 for KWD, 2 for one nobody knows.
func TestA15_Decimals(t *testing.T) {
	for _, c := range []struct {
		n    int64
		code string
		want string
	}{{5200, "EUR", "52.00"}, {5200, "JPY", "5200"}, {5200, "KWD", "5.200"}, {-5, "USD", "-0.05"}, {0, "KWD", "0.000"}, {7, "ZZZ", "0.07"}, {7, "", "0.07"}} {
		if got := Minor(c.n, c.code); got != c.want {
			t.Errorf("%d %s is written %s", c.n, c.code, got)
		}
	}
}

// No file makes the reader panic, and every line of it is there afterwards.
func FuzzReadSheet(f *testing.F) {
	for _, s := range []string{"Project,User,Description,Start Date,Start Time,End Date,End Time,Duration (h)\np,u,d,17/11/2026,10:00 PM,18/11/2026,1:00,3:00\n", "Start,End\n2026-11-17T10:00:00Z,x\n", "sep=;\n\"", "\xff\xfea\x00"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := ReadSheet(b)
		if err != nil {
			return
		}
		for _, r := range s.Rows {
			for _, o := range append(s.Orders, MonthFirst) {
				in, _, why := s.Span(r, o, time.UTC)
				if why == "" && in.To <= in.From {
					t.Fatal(fmt.Sprint(r, in))
				}
			}
		}
	})
}
