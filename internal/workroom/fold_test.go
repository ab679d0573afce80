package workroom

import "testing"

// TestT21_JoinedReportLosesNoMinute: a report that replaces a waiting one keeps the minutes only the older one had (T-21).
func TestT21_JoinedReportLosesNoMinute(t *testing.T) {
	older := ReportSlice{Slice: Slice{ID: "s", Rev: 1, End: 10}, Input: []CellInput{
		{Device: "d", Cell: 1, Minutes: []Minute{{At: 10, Keys: new(uint16(5))}, {At: 11, Keys: new(uint16(9))}}},
		{Device: "d", Cell: 2, Minutes: []Minute{{At: 20, Keys: new(uint16(1))}}},
	}}
	newer := ReportSlice{Slice: Slice{ID: "s", Rev: 2, End: 20}, Input: []CellInput{
		{Device: "d", Cell: 1, Minutes: []Minute{{At: 11, Keys: new(uint16(7)), Moved: 3}, {At: 12, Keys: new(uint16(2))}}},
		{Device: "d", Cell: 3, Minutes: []Minute{{At: 30, Keys: new(uint16(4))}}},
	}}
	got := newer.Joined(older).(ReportSlice)
	if got.Slice.Rev != 2 || got.Slice.End != 20 || len(got.Input) != 3 {
		t.Fatalf("joined: rev %d end %d, %d cells", got.Slice.Rev, got.Slice.End, len(got.Input))
	}
	want := map[int64]uint16{10: 5, 11: 9, 12: 2, 20: 1, 30: 4}
	for _, c := range got.Input {
		for _, m := range c.Minutes {
			if *m.Keys != want[m.At] {
				t.Errorf("minute %d: %d keys, want %d", m.At, *m.Keys, want[m.At])
			}
			delete(want, m.At)
		}
	}
	if len(want) != 0 {
		t.Errorf("minutes lost: %v", want)
	}
	if back := older.Joined(newer).(ReportSlice); back.Slice.Rev != 2 {
		t.Errorf("an old report won with rev %d", back.Slice.Rev)
	}
}

// TestI14_JoinedMarkerNeverGoesBack: of two waiting markers the later one stays, whatever the order of the calls.
func TestI14_JoinedMarkerNeverGoesBack(t *testing.T) {
	five, three, unread := SetMarker{Room: "r", N: 5, E: 1}, SetMarker{Room: "r", N: 3, E: 1}, SetMarker{Room: "r", N: 1, E: 2}
	for _, c := range []struct{ older, newer, want SetMarker }{
		{five, three, five}, {three, five, five}, {five, unread, unread}, {unread, five, unread},
	} {
		if got := c.newer.Joined(c.older); got != Command(c.want) {
			t.Errorf("%+v after %+v: %+v", c.newer, c.older, got)
		}
	}
}
