package timesheet

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"trestle/internal/workroom"
)

// Sheet is a file of time of another program, or of this one, as it is read before anything is decided about it.
type Sheet struct {
	Layout  string  // toggl, clockify, solidtime or trestle
	Letters string  // the encoding, where it was guessed
	Orders  []Order // that fit every date; two if nobody can tell by the file alone
	Left    []string
	Rows    []SheetRow // in order of the file
	of      map[field]int
}

// SheetRow is a line of a Sheet.
type SheetRow struct {
	Line                                int // of the file, from 1
	Who, Email, Client, Project, Task   string
	Memo                                string
	Bad                                 string // why the line cannot be read
	startDate, startTime, endDate, stop string
	duration                            string
	Notes                               []string
}

type field int

const (
	fieldWho field = iota
	fieldEmail
	fieldClient
	fieldProject
	fieldTask
	fieldMemo
	fieldStartDate
	fieldStartTime
	fieldEndDate
	fieldEndTime
	fieldDuration
	fieldStart
	fieldEnd
)

// columns are the names of columns as they are written in these programs' own exports, in small letters: Toggl Track's detailed report of
// before and after 2023 and its form for imports, Clockify's detailed report, solidtime's, and ours.
var columns = map[string]field{
	"user": fieldWho, "member": fieldWho, "freelancer": fieldWho, "email": fieldEmail, "client": fieldClient, "project": fieldProject, "contract": fieldProject,
	"task": fieldTask, "activity": fieldTask, "description": fieldMemo, "memo": fieldMemo, "start date": fieldStartDate, "start time": fieldStartTime, "end date": fieldEndDate,
	"end time": fieldEndTime, "stop date": fieldEndDate, "stop time": fieldEndTime, "duration": fieldDuration, "duration (h)": fieldDuration,
	"start (utc)": fieldStart, "end (utc)": fieldEnd, "start": fieldStart, "end": fieldEnd,
}

// derived are columns that are reckoned from the others, so that nothing is lost without them.
var derived = []string{"date", "seconds", "duration (decimal)"}

// ReadSheet reads an export of Toggl Track, Clockify, solidtime or Trestle. An *ImportError says what else the file is. A line that cannot
// be read stays in the sheet, with the reason.
func ReadSheet(b []byte) (*Sheet, error) {
	t, err := readTable(b)
	if err != nil {
		return nil, err
	}
	s := &Sheet{Letters: t.letters, of: map[field]int{}}
	names := map[string]bool{}
	for i, h := range t.head {
		name := strings.ToLower(strings.Join(strings.Fields(h), " "))
		names[name] = true
		f, known := columns[name]
		if _, twice := s.of[f]; known && !twice {
			s.of[f] = i
			continue
		}
		if used := slices.ContainsFunc(t.rows, func(r tableRow) bool { return i < len(r.cells) && strings.TrimSpace(r.cells[i]) != "" }); used && !slices.Contains(derived, name) && strings.TrimSpace(h) != "" {
			s.Left = append(s.Left, strings.TrimSpace(h))
		}
	}
	if s.Layout = s.layout(names); s.Layout == "" {
		return nil, unreadable("This is no export of Toggl Track, Clockify, solidtime or Trestle: the first line has no columns for the start of the time, and for its end or its duration.")
	}
	kind := slices.IndexFunc(t.head, func(h string) bool { return strings.EqualFold(strings.TrimSpace(h), "type") })
	for _, row := range t.rows {
		if s.Layout == "trestle" && kind >= 0 && kind < len(row.cells) && strings.TrimSpace(row.cells[kind]) == adjustmentType {
			continue // a line beside the bill, and no time
		}
		s.Rows = append(s.Rows, s.row(row, len(t.head)))
	}
	s.Orders = s.orders()
	return s, nil
}

func (s *Sheet) has(list ...field) bool {
	for _, f := range list {
		if _, ok := s.of[f]; !ok {
			return false
		}
	}
	return true
}

// layout names whose file this is; "" if it says not when the time was.
func (s *Sheet) layout(names map[string]bool) string {
	switch {
	case s.has(fieldStart) && s.has(fieldEnd) && names["start (utc)"]:
		return "trestle"
	case s.has(fieldStart) && (s.has(fieldEnd) || s.has(fieldDuration)):
		return "solidtime"
	case !s.has(fieldStartDate, fieldStartTime) || !s.has(fieldEndTime) && !s.has(fieldDuration):
		return ""
	case names["duration (h)"] || names["duration (decimal)"]:
		return "clockify"
	}
	return "toggl"
}

func (s *Sheet) row(r tableRow, width int) SheetRow {
	out := SheetRow{Line: r.line, Bad: r.bad}
	if out.Bad == "" && len(r.cells) != width {
		out.Bad = fmt.Sprintf("This line has %d cells, and the first line has %d.", len(r.cells), width)
	}
	cell := func(f field) string {
		if i, ok := s.of[f]; ok && i < len(r.cells) {
			return strings.TrimSpace(unguard(r.cells[i]))
		}
		return ""
	}
	out.Who, out.Email, out.Client, out.Project, out.Task = cell(fieldWho), cell(fieldEmail), cell(fieldClient), cell(fieldProject), cell(fieldTask)
	memo := cell(fieldMemo)
	if strings.ContainsAny(memo, "\n\r\t") {
		out.Notes = append(out.Notes, "Its line breaks became spaces.")
	}
	out.Memo = workroom.OneLine(memo)
	out.startDate, out.startTime, out.endDate, out.stop, out.duration = cell(fieldStartDate), cell(fieldStartTime), cell(fieldEndDate), cell(fieldEndTime), cell(fieldDuration)
	if s.has(fieldStart) {
		out.startTime, out.stop = cell(fieldStart), cell(fieldEnd)
	}
	return out
}

// unguard takes off the apostrophe that our own exports, and other careful ones, put before what a spreadsheet would reckon.
func unguard(c string) string {
	if len(c) > 1 && c[0] == '\'' && Guard(c[1:]) != c[1:] {
		return c[1:]
	}
	return c
}

// orders are those in which all dates of the file are dates.
func (s *Sheet) orders() []Order {
	if s.has(fieldStart) {
		return []Order{YearFirst}
	}
	fits := map[Order]int{}
	years, all := 0, 0
	for _, r := range s.Rows {
		if r.Bad != "" {
			continue
		}
		for _, d := range []string{r.startDate, r.endDate} {
			if d == "" {
				continue
			}
			all++
			if _, _, _, ok := readDate(d, YearFirst); ok {
				years++
			}
			for _, o := range []Order{DayFirst, MonthFirst} {
				if _, _, _, ok := readDate(d, o); ok {
					fits[o]++
				}
			}
		}
	}
	switch {
	case years == all:
		return []Order{YearFirst}
	case fits[DayFirst] == fits[MonthFirst]:
		return []Order{DayFirst, MonthFirst}
	case fits[DayFirst] > fits[MonthFirst]:
		return []Order{DayFirst}
	}
	return []Order{MonthFirst}
}

// Span is when the time of a row was, in Unix seconds, read in a zone and an order of dates. why is a sentence where there is none.
func (s *Sheet) Span(r SheetRow, order Order, zone *time.Location) (in workroom.Interval, note, why string) {
	if r.Bad != "" {
		return in, "", r.Bad
	}
	duration, known := readDuration(r.duration)
	var starts, ends []int64
	if s.has(fieldStart) {
		starts, why = stamp(r.startTime, zone)
		if why == "" && r.stop != "" {
			ends, why = stamp(r.stop, zone)
		}
	} else {
		starts, why = localMoments(r.startDate, r.startTime, order, zone)
		if why == "" && r.stop != "" {
			date := r.endDate
			if date == "" {
				date = r.startDate
			}
			ends, why = localMoments(date, r.stop, order, zone)
		}
	}
	switch {
	case why != "":
		return in, "", why
	case len(ends) == 0 && !known:
		return in, "", "This line says neither an end nor a duration."
	}
	in.From, in.To, note = span(starts, ends, duration, known)
	if in.To <= in.From {
		return in, "", "The end does not lie after the start."
	}
	return in, note, ""
}

func localMoments(date, clock string, order Order, zone *time.Location) ([]int64, string) {
	y, m, d, ok := readDate(date, order)
	if !ok {
		return nil, fmt.Sprintf("“%s” is no date.", short(date))
	}
	sec, ok := readClock(clock)
	if !ok {
		return nil, fmt.Sprintf("“%s” is no time of day.", short(clock))
	}
	out := moments(y, m, d, sec, zone)
	if len(out) == 0 {
		return nil, fmt.Sprintf("No clock showed %s on that day in %s: it is in the hour that was skipped. Is the time zone right?", Clock(int64(sec)), zone)
	}
	return out, ""
}

// stamp reads a whole moment: with its offset, or in the zone.
func stamp(s string, zone *time.Location) ([]int64, string) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return []int64{t.Unix()}, ""
	}
	if date, clock, ok := strings.Cut(strings.Replace(s, "T", " ", 1), " "); ok {
		return localMoments(date, clock, YearFirst, zone)
	}
	return nil, fmt.Sprintf("“%s” is no moment.", short(s))
}

// short keeps a strange cell from filling a screen.
func short(s string) string {
	if list := []rune(s); len(list) > 40 {
		return string(list[:40]) + "…"
	}
	return s
}

// Sample is a date of the file that two orders read differently; "" if there is none.
func (s *Sheet) Sample() string {
	for _, r := range s.Rows {
		y, m, d, ok := readDate(r.startDate, DayFirst)
		if y2, m2, d2, ok2 := readDate(r.startDate, MonthFirst); ok && ok2 && (y != y2 || m != m2 || d != d2) {
			return r.startDate
		}
	}
	return ""
}
