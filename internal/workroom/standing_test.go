package workroom

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

func pause(at time.Time, on bool) PauseContract {
	return PauseContract{Contract: kon, Week: WeekOf(at).String(), On: on}
}

func end(at time.Time) EndContract {
	return EndContract{Contract: kon, Week: WeekOf(at).String(), Reason: EndDone}
}

// W-35: the client pauses and resumes, either ends with a reason, and nobody else does any of it.
func TestW35_WhoMayPauseAndEnd(t *testing.T) {
	because := func(r EndReason, text string) EndContract { c := end(work); c.Reason, c.Text = r, text; return c }
	for name, c := range map[string]struct {
		who    AccountID
		status Status
		does   Command
		want   Code
		then   Status
	}{
		"paused":                        {cli, Active, pause(work, true), "", Paused},
		"paused twice":                  {cli, Paused, pause(work, true), "", Paused},
		"resumed":                       {cli, Paused, pause(work, false), "", Active},
		"resumed while it runs":         {cli, Active, pause(work, false), "", Active},
		"paused by the freelancer":      {free, Active, pause(work, true), ClientOnly, Active},
		"resumed by the freelancer":     {free, Paused, pause(work, false), ClientOnly, Paused},
		"paused by a stranger":          {odd, Active, pause(work, true), NoAccess, Active},
		"paused after the end":          {cli, Ended, pause(work, true), NotRunning, Ended},
		"resumed after the end":         {cli, Ended, pause(work, false), NotRunning, Ended},
		"ended by the client":           {cli, Active, end(work), "", Ended},
		"ended by the freelancer":       {free, Active, end(work), "", Ended},
		"ended while paused":            {free, Paused, end(work), "", Ended},
		"ended twice":                   {cli, Ended, end(work), NotRunning, Ended},
		"ended by a stranger":           {odd, Active, end(work), NoAccess, Active},
		"ended without a reason":        {cli, Active, because("", ""), BadInput, Active},
		"ended for a reason of its own": {cli, Active, because("whim", ""), BadInput, Active},
		"for another, without words":    {cli, Active, because(EndOther, " "), BadInput, Active},
		"for another":                   {cli, Active, because(EndOther, "We moved."), "", Ended},
		"in too many words":             {cli, Active, because(EndDone, strings.Repeat("x", 1001)), BadInput, Active},
	} {
		x := active(t)
		n := *contractOf(x)
		n.Status = c.status
		x.rows[Ref{ContractScope(kon), KindContract, string(kon)}] = &n
		wantCode(t, name, x.do(t, c.who, "t", work, c.does), c.want)
		got := contractOf(x)
		if turns := historyOf(x).Turns(); got.Status != c.then || len(turns) != truth(c.status != c.then) || (c.then == Ended && c.want == "") != (got.Ended != 0) {
			t.Errorf("%s: it is %s (ended %d), %d turns", name, got.Status, got.Ended, len(turns))
		}
	}
	x := offered(t)
	wantCode(t, "an offer ends", x.do(t, cli, "t", work, end(work)), NoAccess)
}

// outside are the unbilled stretches of the pieces of a table, in seconds after work.
func outside(x *table) (out [][2]int64, billed int64) {
	for _, p := range diaryOf(x).Pieces() {
		if p.AfterEnd {
			out = append(out, [2]int64{p.From - work.Unix(), p.To - work.Unix()})
		}
	}
	return out, BillableSeconds(diaryOf(x).Pieces())
}

// W-35: what is recorded offline in a pause or after the end is kept, unbilled and said so; what lies around it counts.
func TestW35_SecondsInAPause(t *testing.T) {
	x := active(t)
	at := func(s int64) time.Time { return work.Add(time.Duration(s) * time.Second) }
	for i, n := range []int64{600, 1200, 3000, 3600} { // paused and resumed twice
		wantCode(t, "pause", x.do(t, cli, string(rune('a'+i)), at(n), pause(at(n), i%2 == 0)), "")
	}
	s := sliceOf(1, work, at(4200), "map") // offline all the while
	s.Close = CloseStop
	wantCode(t, "report", x.do(t, free, "r", at(5000), ReportSlice{Week: thisWeek, Slice: s}), "")
	out, billed := outside(x)
	if want := [][2]int64{{600, 1200}, {3000, 3600}}; !reflect.DeepEqual(out, want) || billed != 3000 {
		t.Errorf("unbilled %v, billed %d s", out, billed)
	}
	if got := x.rows[first].(*Slice); !got.flagged(FlagAfterEnd) {
		t.Errorf("%+v", got)
	}
	wantCode(t, "end", x.do(t, free, "e", at(5400), end(at(5400))), "")
	s = sliceOf(1, at(5000), at(6000), "map")
	s.ID, s.Close = "s2", CloseContractEnded
	wantCode(t, "report", x.do(t, free, "r2", at(7000), ReportSlice{Week: thisWeek, Slice: s}), "")
	out, billed = outside(x)
	if want := [][2]int64{{600, 1200}, {3000, 3600}, {5400, 6000}}; !reflect.DeepEqual(out, want) || billed != 3400 {
		t.Errorf("unbilled %v, billed %d s", out, billed)
	}
	wantCode(t, "seal", seal(t, x, cli, overReview, thisWeek), "")
	if got := sealIn(x, thisWeek); got.Seconds != 5200 || got.Billable != 3400 || len(got.Faults(diaryOf(x), "")) != 0 {
		t.Errorf("sealed %d, billed %d: %v", got.Seconds, got.Billable, got.Faults(diaryOf(x), ""))
	}
}

// W-35: a slice that grows through a pause is flagged the same, however often it was reported and whatever came first.
func TestW35_WhateverCameFirst(t *testing.T) {
	at := func(s int64) time.Time { return work.Add(time.Duration(s) * time.Second) }
	report := func(x *table, rev, now, to int64, why CloseReason) {
		t.Helper()
		s := sliceOf(rev, work, at(to), "map")
		s.Close = why
		wantCode(t, "report", x.do(t, free, "r", at(now), ReportSlice{Week: thisWeek, Slice: s}), "")
	}
	stop := func(x *table) { wantCode(t, "pause", x.do(t, cli, "p", at(600), pause(at(600), true)), "") }
	resume := func(x *table) {
		wantCode(t, "resume", x.do(t, cli, "q", at(1200), pause(at(1200), false)), "")
	}
	for name, story := range map[string]func(*table){
		"all at the end": func(x *table) { stop(x); resume(x); report(x, 1, 2000, 1800, CloseStop) },
		"bit by bit": func(x *table) {
			report(x, 1, 590, 580, "")
			stop(x)
			report(x, 2, 900, 900, "")
			resume(x)
			report(x, 3, 2000, 1800, CloseStop)
		},
		"by a clock that runs ahead": func(x *table) {
			report(x, 1, 590, 800, "")
			stop(x)
			resume(x)
			report(x, 2, 2000, 1800, CloseStop)
		},
	} {
		x := active(t)
		story(x)
		if out, billed := outside(x); !reflect.DeepEqual(out, [][2]int64{{600, 1200}}) || billed != 1200 {
			t.Errorf("%s: unbilled %v, billed %d", name, out, billed)
		}
	}
	x := active(t)
	report(x, 1, 590, 800, CloseStop) // and nothing comes of it any more
	stop(x)
	if out, billed := outside(x); !reflect.DeepEqual(out, [][2]int64{{600, 800}}) || billed != 600 {
		t.Errorf("a clock that ran ahead: unbilled %v, billed %d", out, billed)
	}
}

// W-35: nothing is written in by hand of a pause, neither while it goes on nor later; time of before and after it is.
func TestW35_NoManualTimeInAPause(t *testing.T) {
	x := byHand(t)
	at := func(m int) time.Time { return work.Add(time.Duration(m) * time.Minute) }
	wantCode(t, "pause", x.do(t, cli, "p", at(60), pause(at(60), true)), "")
	wantCode(t, "into it, while paused", x.do(t, free, "a", at(70), entry(at(59), at(62))), BadInput)
	before := entry(at(40), at(50))
	before.Entries[0].ID = "m0"
	wantCode(t, "of before, while paused", x.do(t, free, "a2", at(70), before), "")
	wantCode(t, "resume", x.do(t, cli, "q", at(80), pause(at(80), false)), "")
	wantCode(t, "into the pause", x.do(t, free, "b", at(100), entry(at(50), at(61))), BadInput)
	wantCode(t, "beside it", x.do(t, free, "c", at(100), entry(at(80), at(90))), "")
}

// I16: an end whose answer was lost is not asked about again where the rows show it.
func TestW35_AnEndThatStands(t *testing.T) {
	x := active(t)
	if end(work).Settled(Asked{By: cli}, x) {
		t.Error("it counts as ended before it is")
	}
	wantCode(t, "end", x.do(t, cli, "e", work, end(work)), "")
	if !end(work).Settled(Asked{By: cli}, x) || end(work).Settled(Asked{By: free}, x) {
		t.Error("who ended it is not told from who did not")
	}
}

// T-16, W-35: a slice over the end of a week that is sealed meanwhile grows on into a pause of the next one: the sealed part stays, the rest is
// unbilled.
func TestW35_GrowthBehindASealedWeek(t *testing.T) {
	x := active(t)
	week := WeekOf(work).End()
	report := func(rev int64, now, to time.Time, why CloseReason) {
		s := sliceOf(rev, week.Add(-2*time.Hour), to, "map")
		s.Close = why
		wantCode(t, "report", x.do(t, free, "c", now, ReportSlice{Week: thisWeek, Slice: s}), "")
	}
	wantCode(t, "a day of review", x.do(t, cli, "t", work, change(work, func(c *ChangeTerms) { c.ReviewDays = new(1) })), "")
	early := week.Add(-time.Hour)
	wantCode(t, "pause", x.do(t, cli, "p1", early, pause(early, true)), "")
	wantCode(t, "resume", x.do(t, cli, "p2", week.Add(-30*time.Minute), pause(week.Add(-30*time.Minute), false)), "")
	report(1, week, week, "")
	wantCode(t, "pause", x.do(t, cli, "p3", week.Add(time.Hour), pause(week.Add(time.Hour), true)), "")
	over := week.Add(24 * time.Hour)
	wantCode(t, "seal", seal(t, x, free, over, thisWeek), "")
	report(2, over.Add(time.Hour), week.Add(3*time.Hour), CloseStop)
	if s := sealIn(x, thisWeek); s.Seconds != 7200 || s.Billable != 5400 || len(s.Faults(diaryOf(x), "")) != 0 {
		t.Errorf("sealed %d, billed %d: %v", s.Seconds, s.Billable, s.Faults(diaryOf(x), ""))
	}
	var in, out int64
	for _, p := range diaryOf(x).Pieces() {
		if p.AfterEnd {
			out += p.Seconds()
		} else {
			in += p.Seconds()
		}
	}
	if in != 5400+3600 || out != 1800+7200 {
		t.Errorf("%d s count, %d s do not", in, out)
	}
}
