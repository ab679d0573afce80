package workroom

import (
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"
)

func at(t testing.TB, s string) int64 {
	t.Helper()
	v, err := time.Parse("2006-01-02 15:04:05", s)
	if err != nil {
		t.Fatal(err)
	}
	return v.Unix()
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// T-15: a week runs from Monday to Monday in UTC and is found by any of its days.
func TestT15_WeekIsFoundByAnyOfItsDays(t *testing.T) {
	for day, monday := range map[string]string{
		"2026-11-16": "2026-11-16", // Monday
		"2026-11-21": "2026-11-16", // Saturday
		"2026-11-22": "2026-11-16", // Sunday
		"2026-11-23": "2026-11-23",
		"2027-01-01": "2026-12-28",
		"1969-12-31": "1969-12-29",
		"2024-02-29": "2024-02-26",
	} {
		w, err := ParseWeek(day)
		if err != nil || w.String() != monday {
			t.Errorf("ParseWeek(%s) = %v, %v; want %s", day, w, err, monday)
		}
		if w.Start().Weekday() != time.Monday || w.End().Sub(w.Start()) != 7*24*time.Hour || w.Next().Previous() != w {
			t.Errorf("%s: week %s to %s", day, w.Start(), w.End())
		}
	}
	for _, bad := range []string{"", "2026-02-30", "21.11.2026", "2026-11-21T00:00:00Z", "2026-W47"} {
		if w, err := ParseWeek(bad); err == nil {
			t.Errorf("ParseWeek(%q) = %s, want a refusal", bad, w)
		}
	}
}

// T-16: the four states of a week and their edges.
func TestT16_WeekStates(t *testing.T) {
	w, _ := ParseWeek("2026-11-16")
	for _, c := range []struct {
		now  string
		want WeekState
	}{
		{"2026-11-16 00:00:00", WeekOpen},
		{"2026-11-22 23:59:59", WeekOpen},
		{"2026-11-23 00:00:00", WeekAdjust},
		{"2026-11-23 11:59:59", WeekAdjust},
		{"2026-11-23 12:00:00", WeekReview},
		{"2026-11-27 23:59:59", WeekReview},
		{"2026-11-28 00:00:00", WeekClosed},
	} {
		if got := w.State(time.Unix(at(t, c.now), 0), 0); got != c.want {
			t.Errorf("%s: %s, want %s", c.now, got, c.want)
		}
	}
	thursday := 4 * 24 * time.Hour
	if got := w.State(time.Unix(at(t, "2026-11-27 00:00:00"), 0), thursday); got != WeekClosed {
		t.Errorf("review until Thursday: %s on Friday", got)
	}
	// Frozen by instant: on Monday 13:00Z Sunday's last minute stands still, Monday's first does not.
	now := time.Unix(at(t, "2026-11-23 13:00:00"), 0)
	if !Frozen(time.Unix(at(t, "2026-11-22 23:59:59"), 0), now) || Frozen(time.Unix(at(t, "2026-11-23 00:00:00"), 0), now) {
		t.Error("freeze does not follow the instant")
	}
}

// Example 16, T-04: in Nepal, at +5:45, cells lie on :05 and :15.
func TestExample16_Nepal(t *testing.T) {
	c := CellOf(time.Unix(at(t, "2026-11-21 06:20:00"), 0))
	if got := c.Label(zone(t, "Asia/Kathmandu")); got != "12:05–12:15" {
		t.Errorf("label %s, want 12:05–12:15", got)
	}
}

// Example 4, T-04: the hour that a zone repeats shows its offset, others do not.
func TestExample04_RepeatedHourShowsItsOffset(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	for instant, want := range map[string]string{
		"2026-10-24 23:50:00": "01:50",
		"2026-10-25 00:50:00": "02:50 +02:00",
		"2026-10-25 01:10:00": "02:10 +01:00",
		"2026-10-25 02:00:00": "03:00",
	} {
		if got := ClockLabel(time.Unix(at(t, instant), 0), berlin); got != want {
			t.Errorf("%s: %s, want %s", instant, got, want)
		}
	}
}

func TestCellsAndWeeksHoldTheirInstants(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		u := rapid.Int64Range(-4e9, 2e10).Draw(r, "unix")
		now := time.Unix(u, 0)
		c, w := CellOf(now), WeekOf(now)
		if now.Before(c.Start()) || !now.Before(c.End()) || now.Before(w.Start()) || !now.Before(w.End()) {
			r.Fatalf("%s: cell %s–%s, week %s", now, c.Start(), c.End(), w)
		}
	})
}
