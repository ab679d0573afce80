package app

import (
	"strings"
	"testing"
	"time"

	"trestle/internal/workroom"
)

// T-04, examples 3, 4 and 16: a day is cut where the zone it is shown in begins and ends it. The day that loses an hour has 23, that which
// gains one has 25, and the hour shown twice says which of the two it is; in Nepal the segments begin at five past.
func TestT04_DaysOfAZone(t *testing.T) {
	t.Parallel()
	for _, one := range []struct {
		name, zone, day string
		from, to        string // UTC
		rows, cells     string
		seconds         int64
	}{
		{"an hour is left out", "Europe/Berlin", "2026-03-29", "2026-03-29 00:50:00", "2026-03-29 01:20:00",
			"01:00 03:00", "01:50 03:00 03:10", 1800},
		{"an hour comes twice", "Europe/Berlin", "2026-10-25", "2026-10-25 00:50:00", "2026-10-25 01:10:00",
			"02:00 +02:00|02:00 +01:00", "02:50 +02:00|02:00 +01:00", 1200},
		{"the day of 25 hours", "Europe/Berlin", "2026-10-25", "2026-10-24 22:00:00", "2026-10-25 23:00:00",
			"", "", 25 * 3600},
		{"the day of 23 hours", "Europe/Berlin", "2026-03-29", "2026-03-28 23:00:00", "2026-03-29 22:00:00",
			"", "", 23 * 3600},
		{"the day after", "Europe/Berlin", "2026-10-26", "2026-10-25 22:50:00", "2026-10-25 23:10:00", "00:00", "00:00", 600},
		{"Nepal", "Asia/Kathmandu", "2026-11-20", "2026-11-20 06:20:00", "2026-11-20 06:30:00", "12:00", "12:05", 600},
	} {
		t.Run(one.name, func(t *testing.T) {
			t.Parallel()
			zone, err := time.LoadLocation(one.zone)
			if err != nil {
				t.Fatal(err)
			}
			b := aBook(t, "2026-11-21 12:00:00", 0)
			b.zone = zone
			b.track(t, "1", one.from, one.to, "map", "markers")
			day := dayOf(t, b, one.day)
			if day.Seconds != one.seconds {
				t.Errorf("%d seconds, want %d", day.Seconds, one.seconds)
			}
			var rows, cells []string
			var sum int64
			for _, h := range day.Hours {
				rows = append(rows, h.Label)
				for _, c := range h.Cells {
					if sum += c.Seconds; c.Seconds > 0 {
						cells = append(cells, c.Label)
					}
				}
			}
			if sum != one.seconds {
				t.Errorf("the rows hold %d seconds, the day %d", sum, one.seconds)
			}
			if one.rows == "" {
				if n := int64(len(day.Hours)); n != one.seconds/3600 {
					t.Errorf("%d rows", n)
				}
				return
			}
			// What is given without offsets has spaces between, what has them bars.
			between := " "
			if strings.Contains(one.cells, "+") {
				between = "|"
			}
			if got := strings.Join(rows, between); got != one.rows {
				t.Errorf("rows %q, want %q", got, one.rows)
			}
			if got := strings.Join(cells, between); got != one.cells {
				t.Errorf("cells %q, want %q", got, one.cells)
			}
		})
	}
}

// A-07, T-17: the client gives time another activity until the review is over, and nobody after; the freelancer only until the freeze.
func TestA07_RecodingInAndAfterTheReview(t *testing.T) {
	t.Parallel()
	// The week of 9 November: fixed on Monday the 16th at 12:00, reviewed until Friday the 20th at 24:00.
	for _, one := range []struct {
		now                string
		client, freelancer bool
	}{
		{"2026-11-11 12:00:00", true, true}, {"2026-11-16 11:59:59", true, true}, {"2026-11-16 12:00:00", true, false},
		{"2026-11-20 23:59:59", true, false}, {"2026-11-21 00:00:00", false, false},
	} {
		for who, want := range map[workroom.AccountID]bool{"c": one.client, "f": one.freelancer} {
			b := aBook(t, one.now, 0)
			b.me = who
			b.track(t, "1", "2026-11-10 09:00:00", "2026-11-10 09:10:00", "map", "markers")
			cell := dayOf(t, b, "2026-11-10").Hours[0].Cells[0]
			if cell.May.Activity != want {
				t.Errorf("%s, %s: %+v", one.now, who, cell.May)
			}
			if !want && cell.May.Why == "" {
				t.Errorf("%s, %s: nothing says why not", one.now, who)
			}
			if cell.May.Memo && who == "c" {
				t.Errorf("%s: the memo is the freelancer's", one.now)
			}
		}
	}
}
