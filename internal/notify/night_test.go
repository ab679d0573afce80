package notify

import (
	"fmt"
	"testing"
	"time"
)

func at(t *testing.T, text string) time.Time {
	t.Helper()
	x, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// N-04: in the nights in which the clock is set, a pause is as long as ever: the hour that does not exist holds nothing back, and in the one that
// comes twice each has its own end. Lord Howe sets its clock by half an hour.
func TestN04_PausesWhenTheClockIsSet(t *testing.T) {
	const quarter, hour, day = 15 * time.Minute, time.Hour, 24 * time.Hour
	for _, x := range []struct {
		zone       string
		every      time.Duration
		came, ends string
	}{
		{"Europe/Berlin", hour, "2026-03-29T01:50:00+01:00", "2026-03-29T03:00:00+02:00"},
		{"Europe/Berlin", quarter, "2026-03-29T01:50:00+01:00", "2026-03-29T03:00:00+02:00"},
		{"Europe/Berlin", hour, "2026-03-29T03:00:00+02:00", "2026-03-29T04:00:00+02:00"},
		{"Europe/Berlin", hour, "2026-10-25T02:50:00+02:00", "2026-10-25T02:00:00+01:00"},
		{"Europe/Berlin", quarter, "2026-10-25T02:50:00+02:00", "2026-10-25T02:00:00+01:00"},
		{"Europe/Berlin", quarter, "2026-10-25T02:40:00+01:00", "2026-10-25T02:45:00+01:00"},
		{"Europe/Berlin", hour, "2026-10-25T02:50:00+01:00", "2026-10-25T03:00:00+01:00"},
		{"Australia/Lord_Howe", hour, "2026-10-04T01:50:00+10:30", "2026-10-04T02:30:00+11:00"},
		{"Australia/Lord_Howe", quarter, "2026-04-05T01:50:00+11:00", "2026-04-05T01:30:00+10:30"},
		{"Europe/Berlin", day, "2026-03-28T20:00:00+01:00", "2026-03-29T09:00:00+02:00"},
		{"Europe/Berlin", day, "2026-10-24T20:00:00+02:00", "2026-10-25T09:00:00+01:00"},
		{"Asia/Kathmandu", hour, "2026-05-04T12:10:00+05:45", "2026-05-04T13:00:00+05:45"},
	} {
		s := Settings{Every: x.every, Quiet: Hours{Zone: zone(t, x.zone)}}
		if got, want := s.pauseEnd(at(t, x.came).UTC()), at(t, x.ends); !got.Equal(want) {
			t.Errorf("%s, every %s: what came %s is told %s, want %s", x.zone, x.every, x.came, got, x.ends)
		}
	}
}

// N-07: quiet hours go by the clock on the wall also in the nights in which it is set.
func TestN07_QuietHoursWhenTheClockIsSet(t *testing.T) {
	night := Hours{From: 22 * 60, To: 2*60 + 30, Zone: zone(t, "Europe/Berlin")}
	for text, want := range map[string]bool{
		"2026-03-29T01:59:59+01:00": true, "2026-03-29T03:00:00+02:00": false, // half past two does not exist
		"2026-10-25T02:29:00+02:00": true, "2026-10-25T02:31:00+02:00": false, "2026-10-25T02:00:00+01:00": true, "2026-10-25T02:30:00+01:00": false,
		"2026-10-25T21:59:59+01:00": false, "2026-10-25T22:00:00+01:00": true,
	} {
		if got := night.Contain(at(t, text).UTC()); got != want {
			t.Errorf("%s: quiet %v", text, got)
		}
	}
	for text, want := range map[string]bool{"2026-03-29T23:59:59+02:00": true, "2026-03-30T00:00:00+02:00": false, "2026-03-28T23:59:59+01:00": false} {
		if got := (Hours{Rest: []time.Weekday{time.Sunday}, Zone: night.Zone}).Contain(at(t, text).UTC()); got != want {
			t.Errorf("the day of 23 hours, %s: quiet %v", text, got)
		}
	}
}

// N-08: a thousand messages in a second are one notice on the screen: it comes at the first, and when Gap has passed it says the number of all.
func TestN08_AThousandInASecond(t *testing.T) {
	d := NewDesk(Settings{})
	var shown []Notice
	for i := range 1000 {
		d.Add(msg(fmt.Sprint(i+1), "a"))
		shown = append(shown, d.Due(noon.Add(time.Duration(i)*time.Millisecond))...)
	}
	if len(shown) != 1 || shown[0].Count != 1 {
		t.Fatalf("%d notices", len(shown))
	}
	if next, ok := d.Next(); !ok || !next.Equal(noon.Add(Gap)) {
		t.Fatalf("the next is due at %v", next)
	}
	shown = append(shown, d.Due(noon.Add(Gap))...)
	if len(shown) != 2 || shown[1].Key != shown[0].Key || shown[1].Count != 1000 || shown[1].Message != "1" {
		t.Errorf("%+v", shown)
	}
	if _, more := d.Next(); more {
		t.Error("there is more to come")
	}
}
