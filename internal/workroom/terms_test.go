package workroom

import (
	"testing"
	"time"
)

// the contract and its history as a table has them.
func contractOf(x *table) *Contract {
	return x.rows[Ref{ContractScope(kon), KindContract, string(kon)}].(*Contract)
}
func historyOf(x *table) *History { return ReadHistory(x, kon) }

func change(at time.Time, set func(*ChangeTerms)) ChangeTerms {
	c := ChangeTerms{Contract: kon, Week: WeekOf(at).String()}
	set(&c)
	return c
}

// hours is a limit of so many.
func hours(n float64) func(*ChangeTerms) {
	return func(c *ChangeTerms) { c.Limit = new(int64(n * 3600)) }
}

// worked reports a closed slice of a length on the contract of a table, as soon as it ended.
func worked(t testing.TB, x *table, id string, from time.Time, d time.Duration) {
	t.Helper()
	s := sliceOf(1, from, from.Add(d), "map")
	s.ID, s.Close = id, CloseStop
	wantCode(t.(*testing.T), "report "+id, x.do(t, free, "c"+id, from.Add(d), ReportSlice{Week: WeekOf(from).String(), Slice: s}), "")
}

// W-23 to W-25, W-27, T-16: who may change which terms, and to what.
func TestW27_WhoMayChangeTerms(t *testing.T) {
	for name, c := range map[string]struct {
		who    AccountID
		set    func(*ChangeTerms)
		status Status
		want   Code
	}{
		"the limit":                     {cli, hours(20), Active, ""},
		"while paused":                  {cli, hours(20), Paused, ""},
		"the limit by the freelancer":   {free, hours(60), Active, ClientOnly},
		"the limit by a stranger":       {odd, hours(60), Active, NoAccess},
		"after the end":                 {cli, hours(20), Ended, NotRunning},
		"no limit":                      {cli, func(c *ChangeTerms) { c.Limit = new(NoLimit) }, Active, ""},
		"a limit of nothing":            {cli, func(c *ChangeTerms) { c.Limit = new(int64(0)) }, Active, BadInput},
		"a limit below nothing":         {cli, func(c *ChangeTerms) { c.Limit = new(int64(-2)) }, Active, BadInput},
		"a limit beyond the week":       {cli, hours(169), Active, BadInput},
		"a higher rate":                 {cli, func(c *ChangeTerms) { c.Rate = new(int64(6000)) }, Active, ""},
		"a lower rate":                  {cli, func(c *ChangeTerms) { c.Rate = new(int64(5199)) }, Active, RateCut},
		"a rate of nothing":             {cli, func(c *ChangeTerms) { c.Rate = new(int64(0)) }, Active, BadInput},
		"a rate by the freelancer":      {free, func(c *ChangeTerms) { c.Rate = new(int64(9000)) }, Active, ClientOnly},
		"manual time":                   {cli, func(c *ChangeTerms) { c.Manual = new(true) }, Active, ""},
		"manual time by the freelancer": {free, func(c *ChangeTerms) { c.Manual = new(true) }, Active, ClientOnly},
		"activity required":             {cli, func(c *ChangeTerms) { c.RequireActivity = new(true) }, Active, ""},
		"no pictures":                   {cli, func(c *ChangeTerms) { c.Shots = new(ShotsNone) }, Active, ""},
		"pictures by the freelancer":    {free, func(c *ChangeTerms) { c.Shots = new(ShotsNone) }, Active, ClientOnly},
		"pictures of some other kind":   {cli, func(c *ChangeTerms) { c.Shots = new(ShotPolicy("video")) }, Active, BadInput},
		"idle after 3 minutes":          {cli, func(c *ChangeTerms) { c.IdleMinutes = new(3) }, Active, ""},
		"idle after 2 minutes":          {cli, func(c *ChangeTerms) { c.IdleMinutes = new(2) }, Active, BadInput},
		"idle after 31 minutes":         {cli, func(c *ChangeTerms) { c.IdleMinutes = new(31) }, Active, BadInput},
		"pictures for a week":           {cli, func(c *ChangeTerms) { c.KeepDays = new(7) }, Active, ""},
		"pictures for a day":            {cli, func(c *ChangeTerms) { c.KeepDays = new(1) }, Active, BadInput},
		"pictures for ever":             {cli, func(c *ChangeTerms) { c.KeepDays = new(100_000) }, Active, BadInput},
		"a review of a day":             {cli, func(c *ChangeTerms) { c.ReviewDays = new(1) }, Active, ""},
		"a review of a month":           {cli, func(c *ChangeTerms) { c.ReviewDays = new(30) }, Active, BadInput},
		"a review before the week ends": {cli, func(c *ChangeTerms) { c.ReviewDays = new(-1) }, Active, BadInput},
		"nothing":                       {cli, func(*ChangeTerms) {}, Active, BadInput},
		"a limit for another week":      {cli, func(c *ChangeTerms) { c.Week = "2026-11-02"; hours(20)(c) }, Active, Expired},
		"a limit given last week":       {cli, func(c *ChangeTerms) { c.Week = "2026-11-09"; hours(20)(c) }, Active, ""},
		"no pictures, given long ago":   {cli, func(c *ChangeTerms) { c.Week = "2026-09-07"; c.Shots = new(ShotsNone) }, Active, ""},
		"a contract that is not there":  {cli, func(c *ChangeTerms) { c.Contract = "other"; hours(20)(c) }, Active, NoAccess},
	} {
		x := active(t)
		n := *contractOf(x)
		n.Status = c.status
		x.rows[Ref{ContractScope(kon), KindContract, string(kon)}] = &n
		before := n.Terms
		wantCode(t, name, x.do(t, c.who, "t", work, change(work, c.set)), c.want)
		if turns := historyOf(x).Turns(); len(turns) != truth(c.want == "") || contractOf(x).Terms == before && c.want == "" {
			t.Errorf("%s: %d turns, terms %+v", name, len(turns), contractOf(x).Terms)
		}
	}
	x := offered(t)
	wantCode(t, "of an offer", x.do(t, cli, "t", work, change(work, hours(20))), NoAccess)
	x = active(t)
	for range 2 {
		wantCode(t, "the same again", x.do(t, cli, "t", work, change(work, hours(20))), "")
	}
	wantCode(t, "in other words", x.do(t, cli, "u", work, change(work, func(c *ChangeTerms) { hours(20)(c); c.KeepDays, c.ReviewDays = new(90), new(5) })), "")
	if n := len(historyOf(x).Turns()); n != 1 {
		t.Errorf("saying the same made %d turns", n)
	}
}

// W-24: raising counts for the whole week, lowering takes nothing away that is within the limit at that moment; other weeks stay as they were.
func TestW24_LimitByWeek(t *testing.T) {
	x := active(t)
	monday := WeekOf(work).Next().Start()
	worked(t, x, "before", work, 5*time.Hour)
	worked(t, x, "s1", monday.Add(9*time.Hour), 8*time.Hour)
	h := func() *History { return historyOf(x) }
	limits := func(what string, want ...float64) {
		t.Helper()
		for i, hours := range want {
			w := Week{WeekOf(work).n + int64(i)}
			if got := h().Limit(w); got != int64(hours*3600) && (hours >= 0 || got != NoLimit) {
				t.Errorf("%s: week %s has %d s, want %g h", what, w, got, hours)
			}
		}
	}
	at := monday.Add(18 * time.Hour)
	wantCode(t, "lowered", x.do(t, cli, "t1", at, change(at, hours(6))), "")
	limits("lowered below what is in", 40, 8, 6)
	worked(t, x, "s2", monday.Add(20*time.Hour), time.Hour)
	at = at.Add(4 * time.Hour)
	wantCode(t, "something else", x.do(t, cli, "t2", at, change(at, func(c *ChangeTerms) { c.Manual = new(true) })), "")
	limits("something else changed", 40, 8, 6)
	wantCode(t, "raised a little", x.do(t, cli, "t3", at, change(at, hours(7))), "")
	limits("raised, yet below what is in", 40, 8, 7)
	wantCode(t, "raised", x.do(t, cli, "t4", at, change(at, hours(10))), "")
	limits("raised", 40, 10, 10)
	d := ReadDiary(x, DiaryScope(kon, thisWeek), DiaryScope(kon, monday.Format(time.DateOnly)))
	if got := BillableSeconds(WalkLimit(d.Pieces(), WeekOf(monday), h().Limit(WeekOf(monday)))); got != 9*3600 {
		t.Errorf("raising counts for the whole week: %d s are billed", got)
	}
	wantCode(t, "none", x.do(t, cli, "t5", at, change(at, func(c *ChangeTerms) { c.Limit = new(NoLimit) })), "")
	limits("no limit", 40, -1, -1)
	wantCode(t, "one again", x.do(t, cli, "t6", at, change(at, hours(2))), "")
	limits("one again, after none", 40, 9, 2)
	sunday := monday.AddDate(0, 0, 7).Add(-time.Microsecond)
	wantCode(t, "in the last moment", x.do(t, cli, "t7", sunday, change(sunday, hours(12))), "")
	limits("in the last moment", 40, 12, 12)
	next := sunday.Add(time.Microsecond)
	late := change(sunday, hours(30)) // given on Sunday, here on Monday
	wantCode(t, "a moment later", x.do(t, cli, "t8", next, late), "")
	limits("a moment later", 40, 12, 30)
}

// W-23: a raise counts from next Monday 00:00 UTC; until then it can be taken back, but never below what is paid now.
func TestW23_RaiseFromMonday(t *testing.T) {
	x := active(t)
	rate := func(to int64) func(*ChangeTerms) { return func(c *ChangeTerms) { c.Rate = new(to) } }
	this, next := WeekOf(work), WeekOf(work).Next()
	wantCode(t, "raised", x.do(t, cli, "t1", work, change(work, rate(6000))), "")
	h := historyOf(x)
	if h.Of(this).Rate != 5200 || h.Of(next).Rate != 6000 || h.At(next.Start().Add(-time.Second)).Rate != 5200 || h.At(next.Start()).Rate != 6000 {
		t.Errorf("rates %d then %d", h.Of(this).Rate, h.Of(next).Rate)
	}
	wantCode(t, "a slip of the hand", x.do(t, cli, "t2", work.Add(time.Hour), change(work, rate(5600))), "")
	wantCode(t, "below what is paid", x.do(t, cli, "t3", work.Add(time.Hour), change(work, rate(5100))), RateCut)
	if h := historyOf(x); h.Of(this).Rate != 5200 || h.Of(next).Rate != 5600 {
		t.Errorf("rates %d then %d", h.Of(this).Rate, h.Of(next).Rate)
	}
	monday := next.Start()
	wantCode(t, "once it counts", x.do(t, cli, "t4", monday, change(monday, rate(5200))), RateCut)
	worked(t, x, "old", work, time.Hour)
	worked(t, x, "new", monday.Add(time.Hour), time.Hour)
	for week, want := range map[string]int64{this.String(): 5200, next.String(): 5600} {
		w, _ := ParseWeek(week)
		wantCode(t, "seal", seal(t, x, cli, w.End().Add(DefaultReview), week), "")
		if s := sealIn(x, week); s.Amount != want || s.Rate != want {
			t.Errorf("%s: %d at %d, want %d", week, s.Amount, s.Rate, want)
		}
	}
}

// T-16: a review is as long as was agreed when its week ended.
func TestT16_ReviewLength(t *testing.T) {
	x := tracked(t)
	w := WeekOf(work)
	sunday, monday := w.End().Add(-time.Hour), w.End().Add(time.Hour)
	wantCode(t, "two days", x.do(t, cli, "t1", sunday, change(sunday, func(c *ChangeTerms) { c.ReviewDays = new(2) })), "")
	wantCode(t, "too late for it", x.do(t, cli, "t2", monday, change(monday, func(c *ChangeTerms) { c.ReviewDays = new(9) })), "")
	over := w.End().Add(48 * time.Hour)
	wantCode(t, "recoded in time", x.do(t, cli, "m1", over.Add(-time.Second), mark(MarkCode, "review")), "")
	wantCode(t, "sealed too early", seal(t, x, free, over.Add(-time.Second), thisWeek), WeekRuns)
	wantCode(t, "recoded too late", x.do(t, cli, "m2", over, mark(MarkCode, "review")), WeekOver)
	wantCode(t, "sealed", seal(t, x, free, over, thisWeek), "")
	if h := historyOf(x); h.Review(w) != 48*time.Hour || h.Review(w.Next()) != 9*24*time.Hour || h.Review(w.Previous()) != DefaultReview {
		t.Errorf("reviews %s, %s, %s", h.Review(w.Previous()), h.Review(w), h.Review(w.Next()))
	}
	if SealDue(historyOf(x), w.Next(), w.Next().End().Add(5*24*time.Hour)) {
		t.Error("the longer review does not count")
	}
}

// W-27: a picture is kept as long as was agreed when it was taken.
func TestW27_HowLongPicturesAreKept(t *testing.T) {
	x := active(t)
	at := work.Add(time.Hour)
	wantCode(t, "shorter", x.do(t, cli, "t1", at, change(at, func(c *ChangeTerms) { c.KeepDays = new(14) })), "")
	h := historyOf(x)
	end := WeekOf(work).End()
	if got := h.KeptUntil(at.Add(-time.Second)); !got.Equal(end.AddDate(0, 0, 90)) {
		t.Errorf("one of before goes %s", got)
	}
	if got := h.KeptUntil(at); !got.Equal(end.AddDate(0, 0, 14)) {
		t.Errorf("one of after goes %s", got)
	}
}

// W-27: a picture is judged by the terms that whoever is tracked began under; what nobody ever agreed to is refused.
func TestW27_PicturesByTheTermsOfTheirTime(t *testing.T) {
	policy := func(p ShotPolicy) func(*ChangeTerms) { return func(c *ChangeTerms) { c.Shots = &p } }
	seed := []byte{0xff, 0xd8, 0xff, 1}
	for name, c := range map[string]struct {
		from, to ShotPolicy
		after    time.Duration // the slice's start, after the change
		full     bool
		want     Code
	}{
		"full, began before":             {ShotsFull, ShotsBlurred, -time.Hour, true, ""},
		"full, began just after":         {ShotsFull, ShotsBlurred, time.Hour, true, ""}, // a memo was changed meanwhile: no start
		"full, began the day after":      {ShotsFull, ShotsBlurred, 25 * time.Hour, true, Moved},
		"blurred, the day after":         {ShotsFull, ShotsBlurred, 25 * time.Hour, false, ""},
		"blurred where there are none":   {ShotsFull, ShotsNone, 25 * time.Hour, false, Moved},
		"full before it was agreed":      {ShotsNone, ShotsFull, -time.Hour, true, Moved},
		"full as soon as it is agreed":   {ShotsNone, ShotsFull, time.Second, true, ""},
		"full where blurred was, before": {ShotsBlurred, ShotsFull, -time.Hour, true, Moved},
	} {
		x := active(t)
		n := *contractOf(x)
		n.Terms.Shots, n.Started = c.from, n.Started-86400e6
		x.rows[Ref{ContractScope(kon), KindContract, string(kon)}] = &n
		wantCode(t, name, x.do(t, cli, "t", work, change(work, policy(c.to))), "")
		from := work.Add(c.after)
		worked(t, x, "s", from, 10*time.Minute)
		s := Shot{Slice: "s", Contract: kon, Device: "d", Cell: from.Unix() / 600, At: from.Unix() + 60, Seed: seed}
		s.Cell = s.At / 600
		if c.full {
			s.Seed, s.File = nil, "pic"
		}
		wantCode(t, name, x.do(t, free, "p", from.Add(time.Hour), AddShot{Week: WeekOf(from).String(), Who: free, Shot: s}), c.want)
	}
}

// W-25: what was written in by hand stays when it is switched off.
func TestW25_ManualTimeStays(t *testing.T) {
	x := byHand(t)
	now := work.Add(2 * time.Hour)
	after := work.Add(40 * time.Minute)
	wantCode(t, "written in", x.do(t, free, "a", now, entry(after, after.Add(10*time.Minute))), "")
	wantCode(t, "off", x.do(t, cli, "t", now, change(now, func(c *ChangeTerms) { c.Manual = new(false) })), "")
	more := entry(after.Add(20*time.Minute), after.Add(30*time.Minute))
	more.Entries[0].ID = "m2"
	wantCode(t, "more", x.do(t, free, "b", now.Add(time.Minute), more), ManualOff)
	if got := contractSeconds(diaryOf(x).Pieces())[kon]; got != 2400 {
		t.Errorf("%d s are left", got)
	}
}

// Turns rise in the order of the service, whatever its clocks say; the history is the same in whatever order it is read.
func TestW29_TurnsRise(t *testing.T) {
	x := active(t)
	for i, n := range []float64{30, 20, 25, 10} {
		at := work.Add(-time.Duration(i) * time.Minute)
		wantCode(t, "change", x.do(t, cli, string(rune('z'-i)), at, change(at, hours(n))), "")
	}
	h := historyOf(x)
	turns := h.Turns()
	back := HistoryOf(contractOf(x), []*Turn{turns[2], turns[0], turns[3], turns[1]})
	for i := range turns {
		if i > 0 && turns[i].At <= turns[i-1].At || back.Turns()[i] != turns[i] || turns[i].By != cli {
			t.Errorf("turn %d: %+v", i, turns[i])
		}
	}
	if got := back.Limit(WeekOf(work)); got != 10*3600 {
		t.Errorf("limit %d", got)
	}
}
