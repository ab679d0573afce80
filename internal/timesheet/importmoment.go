package timesheet

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Order is the order of day, month and year in the dates of a file.
type Order string

// The orders. YearFirst says itself, as dates with full stops do; the other two look alike until the twelfth of a month is past.
const (
	YearFirst  Order = "ymd"
	DayFirst   Order = "dmy"
	MonthFirst Order = "mdy"
)

// readDate reads a date as Toggl Track and Clockify write it: 2026-11-22, 2026/11/22, 22.11.2026, 22/11/2026, 22-11-2026, 11/22/2026 or
// 11-22-2026. Which of day and month comes first is order's to say where the year does not stand first and no full stops divide them.
func readDate(s string, order Order) (y, m, d int, ok bool) {
	s = strings.TrimSpace(s)
	i := strings.IndexAny(s, "-/.")
	if i < 0 {
		return 0, 0, 0, false
	}
	sep := s[i : i+1]
	parts := strings.Split(s, sep)
	if len(parts) != 3 {
		return 0, 0, 0, false
	}
	var n [3]int
	for i, p := range parts {
		v, err := strconv.Atoi(p)
		if err != nil || v < 0 || len(p) > 4 || p[0] == '+' {
			return 0, 0, 0, false
		}
		n[i] = v
	}
	switch {
	case len(parts[0]) == 4:
		y, m, d = n[0], n[1], n[2]
	case len(parts[2]) != 4:
		return 0, 0, 0, false
	case sep == "." || order == DayFirst:
		d, m, y = n[0], n[1], n[2]
	case order == MonthFirst:
		m, d, y = n[0], n[1], n[2]
	default:
		return 0, 0, 0, false
	}
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	return y, m, d, y >= 1990 && y < 2200 && t.Day() == d && int(t.Month()) == m
}

// readClock reads a time of day in seconds: 9:05, 09:05:00, 09:05:00 PM, 9:05 a.m.
func readClock(s string) (int, bool) {
	s = strings.ToLower(strings.NewReplacer("\u202f", " ", "\u00a0", " ", ".", "").Replace(s))
	s = strings.TrimSpace(s)
	half := -1
	for i, suffix := range []string{"am", "pm"} {
		if rest, ok := strings.CutSuffix(s, suffix); ok {
			s, half = strings.TrimSpace(rest), i
		}
	}
	parts := strings.Split(s, ":")
	if len(parts) < 2 || len(parts) > 3 {
		return 0, false
	}
	var n [3]int
	for i, p := range parts {
		v, err := strconv.Atoi(p)
		if err != nil || len(p) == 0 || len(p) > 2 || v < 0 || p[0] == '+' {
			return 0, false
		}
		n[i] = v
	}
	switch {
	case n[1] > 59, n[2] > 59, half < 0 && n[0] > 23, half >= 0 && (n[0] < 1 || n[0] > 12):
		return 0, false
	case half >= 0:
		n[0] = n[0]%12 + 12*half
	}
	return n[0]*3600 + n[1]*60 + n[2], true
}

// readDuration reads hours, minutes and seconds, 26:03:00 or 1:17; false for anything else.
func readDuration(s string) (int64, bool) {
	parts := strings.Split(strings.TrimSpace(s), ":")
	if len(parts) < 2 || len(parts) > 3 {
		return 0, false
	}
	var n [3]int64
	for i, p := range parts {
		v, err := strconv.ParseInt(p, 10, 64)
		if err != nil || v < 0 || v > 100_000 || i > 0 && v > 59 {
			return 0, false
		}
		n[i] = v
	}
	return n[0]*3600 + n[1]*60 + n[2], true
}

// moments are the instants at which a clock in the zone shows a local time: one, none in the hour that is skipped in spring, two in the
// hour that comes twice in autumn, the earlier first.
func moments(y, m, d, clock int, zone *time.Location) []int64 {
	naive := time.Date(y, time.Month(m), d, clock/3600, clock/60%60, clock%60, 0, time.UTC).Unix()
	var out []int64
	for _, near := range []int64{naive - 26*3600, naive + 26*3600} {
		_, off := time.Unix(near, 0).In(zone).Zone()
		at := naive - int64(off)
		if _, is := time.Unix(at, 0).In(zone).Zone(); is == off && !slices.Contains(out, at) {
			out = append(out, at)
		}
	}
	slices.Sort(out)
	return out
}

// span brings a start, an end and a duration together: of the moments that a repeated hour allows, those that are as far apart as the
// duration says. An end that is missing is the start and the duration.
func span(starts, ends []int64, duration int64, known bool) (from, to int64, note string) {
	if len(ends) == 0 {
		return starts[0], starts[0] + duration, ""
	}
	for _, s := range starts {
		for _, e := range ends {
			if known && e-s == duration {
				return s, e, ""
			}
		}
	}
	from, to = starts[0], ends[0]
	for _, e := range ends {
		if to <= from {
			to = e
		}
	}
	switch {
	case known && to > from:
		return from, to, fmt.Sprintf("The file says %s; the times say %s, and they are taken.", Clock(duration), Clock(to-from))
	case len(starts)+len(ends) > 2:
		return from, to, "This hour came twice that night; the first of the two is taken."
	}
	return from, to, ""
}
