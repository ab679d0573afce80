package app

import (
	"testing"
	"time"

	"trestle/internal/timesheet"
	"trestle/internal/workroom"
)

// T-14, W-35: an import says of time in a pause, or after the end, what the rules will say; time of before is taken.
func TestT14_ImportLooksAtPauses(t *testing.T) {
	t.Parallel()
	now := workroom.WeekOf(time.Now()).Previous().Start().Add(100 * time.Hour)
	c := &workroom.Contract{Client: "c", Freelancer: "f", Status: workroom.Paused, Started: now.Add(-90 * time.Hour).UnixMicro(), Terms: workroom.Terms{Manual: true, Unlimited: true}}
	p := &plan{s: &Session{st: state{Account: "f"}}, now: now}
	paused := []*workroom.Turn{{What: workroom.TurnPaused, By: "c", At: now.Add(-10 * time.Hour).UnixMicro()}, {What: workroom.TurnResumed, By: "c", At: now.Add(-8 * time.Hour).UnixMicro()},
		{What: workroom.TurnPaused, By: "c", At: now.Add(-2 * time.Hour).UnixMicro()}}
	k := &importable{c: c, terms: workroom.HistoryOf(c, paused)}
	for ago, want := range map[time.Duration]string{20 * time.Hour: "", 9 * time.Hour: "not_allowed", 7 * time.Hour: "", 90 * time.Minute: "not_allowed"} {
		from := now.Add(-ago).Unix()
		reason, text := p.mayNot(k, timesheet.SheetRow{}, workroom.Interval{From: from, To: from + 600}, &planned{})
		if reason != want || (text == "") != (want == "") {
			t.Errorf("%s ago: %q %q", ago, reason, text)
		}
	}
}
