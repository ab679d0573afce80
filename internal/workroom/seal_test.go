package workroom

import (
	"slices"
	"strings"
	"testing"
	"time"
)

var overReview = WeekOf(work).End().Add(DefaultReview)

func seal(t *testing.T, x *table, who AccountID, at time.Time, week string) *Refusal {
	t.Helper()
	return x.do(t, who, "seal-"+week, at, CloseWeek{Contract: kon, Week: week})
}

func sealIn(x *table, week string) *Seal {
	s, _ := x.rows[Ref{DiaryScope(kon, week), KindSeal, week}].(*Seal)
	return s
}

// Issue 5: a closed week is sealed once, by whichever side asks, over the week sealed before; and what comes late leaves it as it is.
func TestT16_ClosedWeekIsSealed(t *testing.T) {
	x := tracked(t)
	wantCode(t, "a stranger", seal(t, x, odd, overReview, thisWeek), NoAccess)
	wantCode(t, "too early", seal(t, x, cli, overReview.Add(-time.Second), thisWeek), WeekRuns)
	wantCode(t, "the client", seal(t, x, cli, overReview, thisWeek), "")
	first := sealIn(x, thisWeek)
	if first == nil || first.N != 1 || first.Prev != "" || first.Seconds != 5400 || first.Billable != 5400 || first.Amount != 7800 || len(first.Rows) != 2 {
		t.Fatalf("%+v", first)
	}
	wantCode(t, "again", seal(t, x, free, overReview.Add(time.Hour), thisWeek), "")
	if sealIn(x, thisWeek).Sum != first.Sum || sealIn(x, thisWeek).At != first.At {
		t.Error("a second seal replaced the first")
	}
	s := sliceOf(1, work.Add(7*24*time.Hour), work.Add(7*24*time.Hour+time.Hour), "map")
	s.ID, s.Close = "next", CloseStop
	wantCode(t, "next week", x.do(t, free, "n", work.Add(7*24*time.Hour+2*time.Hour), ReportSlice{Week: "2026-11-23", Slice: s}), "")
	wantCode(t, "its seal", seal(t, x, free, overReview.Add(7*24*time.Hour), "2026-11-23"), "")
	next := sealIn(x, "2026-11-23")
	if next.N != 2 || next.Prev != first.Sum || next.Seconds != 3600 {
		t.Fatalf("%+v", next)
	}
	late := sliceOf(1, work.Add(4*time.Hour), work.Add(5*time.Hour), "map")
	late.ID, late.Close = "months-offline", CloseStop
	wantCode(t, "late time", x.do(t, free, "l", overReview.Add(30*24*time.Hour), ReportSlice{Week: thisWeek, Slice: late}), "")
	if f := sealIn(x, thisWeek).Faults(diaryOf(x), ""); len(f) != 0 {
		t.Errorf("after late time: %v", f)
	}
	d := ReadDiary(x, DiaryScope(kon, thisWeek), DiaryScope(kon, "2026-11-23"))
	if f := next.Faults(d, first.Sum); len(f) != 0 {
		t.Errorf("the second: %v", f)
	}
}

// Whatever is changed behind a seal is found, and named.
func TestT16_TamperingIsFound(t *testing.T) {
	d := DiaryScope(kon, thisWeek)
	for what, c := range map[string]struct {
		change func(x *table)
		want   string
	}{
		"nothing": {func(*table) {}, ""},
		"a second more": {func(x *table) {
			s := *x.rows[Ref{d, KindSlice, "s2"}].(*Slice)
			s.End++
			x.rows[Ref{d, KindSlice, "s2"}] = &s
		}, "changed: slice s2"},
		"another memo": {func(x *table) {
			s := *x.rows[Ref{d, KindSlice, "s1"}].(*Slice)
			s.Memo = "x"
			x.rows[Ref{d, KindSlice, "s1"}] = &s
		}, "changed: slice s1"},
		"a slice less": {func(x *table) { delete(x.rows, Ref{d, KindSlice, "s1"}) }, "missing: slice s1"},
		"a slice more": {func(x *table) {
			s := *x.rows[Ref{d, KindSlice, "s1"}].(*Slice)
			s.ID = "s3"
			x.rows[Ref{d, KindSlice, "s3"}] = &s
		}, "added: slice s3"},
		"a mark less": {func(x *table) { delete(x.rows, Ref{d, KindMark, "m"}) }, "missing: mark"},
		"a mark more": {func(x *table) {
			m := *x.rows[Ref{d, KindMark, "m"}].(*TimeMark)
			m.At++
			x.rows[Ref{d, KindMark, "m2"}] = &m
		}, "added: mark"},
		"another amount": {func(x *table) { s := *sealIn(x, thisWeek); s.Amount++; x.rows[Ref{d, KindSeal, thisWeek}] = &s }, "adds up"},
		"another sum": {func(x *table) {
			s := *sealIn(x, thisWeek)
			s.Sum = strings.Repeat("0", 64)
			x.rows[Ref{d, KindSeal, thisWeek}] = &s
		}, "sum"},
		"another chain": {func(x *table) {
			s := *sealIn(x, thisWeek)
			s.Prev = "x"
			s.Sum = s.sum()
			x.rows[Ref{d, KindSeal, thisWeek}] = &s
		}, "follow"},
		"a claim": {func(x *table) {
			x.rows[Ref{d, KindClaim, ClaimID("s1")}] = &Claimed{Shadow: []Interval{{work.Unix(), work.Unix() + 60}}}
		}, "adds up"},
		"only when it was told last": {func(x *table) {
			s := *x.rows[Ref{d, KindSlice, "s1"}].(*Slice)
			s.Rev++
			x.rows[Ref{d, KindSlice, "s1"}] = &s
		}, ""},
	} {
		x := tracked(t)
		wantCode(t, "mark", x.do(t, free, "m", work.Add(2*time.Hour), mark(MarkMemo, "better")), "")
		wantCode(t, "seal", seal(t, x, free, overReview, thisWeek), "")
		c.change(x)
		got := strings.Join(sealIn(x, thisWeek).Faults(diaryOf(x), ""), " ")
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", what, got, c.want)
		}
	}
}

// A slice over the week's end grows on in the next one: the sealed part stays, also against a report that takes time back.
func TestT16_SealedTimeStandsStill(t *testing.T) {
	x := active(t)
	end := WeekOf(work).End()
	report := func(rev int64, at, to time.Time, why CloseReason) {
		s := sliceOf(rev, end.Add(-time.Hour), to, "map")
		s.Close = why
		wantCode(t, "report", x.do(t, free, "c", at, ReportSlice{Week: thisWeek, Slice: s}), "")
	}
	report(1, end, end.Add(-10*time.Minute), "")
	report(2, end.Add(2*time.Hour), end.Add(time.Hour), "")
	wantCode(t, "seal", seal(t, x, free, overReview, thisWeek), "")
	if s := sealIn(x, thisWeek); s.Seconds != 3600 {
		t.Fatalf("sealed %d s", s.Seconds)
	}
	report(3, overReview.Add(time.Hour), end.Add(2*time.Hour), "")
	report(4, overReview.Add(2*time.Hour), end.Add(-30*time.Minute), CloseIdle)
	if f := sealIn(x, thisWeek).Faults(diaryOf(x), ""); len(f) != 0 {
		t.Error(f)
	}
	if s := x.rows[first].(*Slice); s.End != end.Add(2*time.Hour).Unix() || s.flagged(FlagLate) {
		t.Errorf("%+v", s)
	}
}

// T-13, T-16: what a slice gives back after the freeze, because its computer was away, falls to nobody: the bill of another contract that had
// the same hour in its shadow stands, sealed or not.
func TestT16_WhatIsGivenBackAfterTheFreezeIsNobodys(t *testing.T) {
	l := begin(nil, t)
	l.now = work.Add(2 * time.Hour)
	report := func(k ContractID, id, device string, rev int64, minutes int64, why CloseReason) {
		t.Helper()
		s := Slice{ID: id, Rev: rev, Freelancer: free, Contract: k, Device: device, Boot: "b", Seq: 1, Start: work.Unix(), End: work.Unix() + minutes*60, Memo: "work", Kind: Tracked, Close: why}
		wantCode(t, id, l.x.do(t, free, l.id(), l.now, ReportSlice{Week: thisWeek, Slice: s}), "")
		l.arbitrate()
	}
	report(other, "a", "d1", 1, 60, "")
	report(kon, "b", "d2", 1, 90, CloseStop)
	w := WeekOf(work)
	for i, at := range []time.Time{w.FreezeAt().Add(time.Hour), overReview.Add(time.Hour)} {
		l.now = at
		if i == 0 {
			wantCode(t, "a longer review there", l.x.do(t, odd, "terms", work.Add(3*time.Hour), ChangeTerms{Contract: other, Week: thisWeek, ReviewDays: new(14)}), "")
		} else {
			wantCode(t, "seal", seal(t, l.x, cli, l.now, thisWeek), "")
		}
		if i == 1 {
			report(other, "a", "d1", 2, 20, CloseIdle)
		}
		if here, there := l.billed(kon, w), l.billed(other, w); here != 1800 || there != []int64{3600, 1200}[i] {
			t.Errorf("%d: %d s are billed here and %d s there", i, here, there)
		}
	}
	if f := sealIn(l.x, thisWeek).Faults(l.diary(kon, w), ""); len(f) > 0 {
		t.Errorf("the sealed week: %v", f)
	}
	var shown int64
	for _, p := range l.diary(other, w).Pieces() {
		shown += p.Seconds()
	}
	if shown != 1200 {
		t.Errorf("%d s are shown of what was given back", shown)
	}
}

// T-16, T-19: where whole segments are billed, time that comes late to another contract does not take a tie that was decided.
func TestT19_LateTimeTakesNoTie(t *testing.T) {
	l := begin(nil, t)
	w := WeekOf(work)
	cell := work.Unix() / CellSeconds * CellSeconds
	report := func(k ContractID, id string, from, to int64) {
		t.Helper()
		s := Slice{ID: id, Rev: 1, Freelancer: free, Contract: k, Device: "d1", Boot: "b", Seq: 1, Start: cell + from, End: cell + to, Memo: "work", Kind: Tracked, Close: CloseStop}
		wantCode(t, id, l.x.do(t, free, l.id(), l.now, ReportSlice{Week: thisWeek, Slice: s}), "")
		l.arbitrate()
	}
	ties := func() bool { return slices.Contains(l.diary(kon, w).Ties(kon), cellAt(cell)) }
	l.now = work.Add(2 * time.Hour)
	report(kon, "a", 300, 600)
	if !ties() {
		t.Fatal("the half segment is not its own")
	}
	l.now = w.FreezeAt().Add(time.Hour)
	report(other, "b", 0, 300)
	if !ties() {
		t.Error("late time of another contract changed the bill")
	}
}

// T-16: two facts of one id, of a week and of the one before that reaches into it, are two: the seal finds both as they are.
func TestT16_TwoSlicesOfOneIdInASeal(t *testing.T) {
	x := active(t)
	end := WeekOf(work).End()
	for i, from := range []time.Time{end.Add(-time.Hour), end.Add(3 * time.Hour)} {
		s := sliceOf(1, from, from.Add(2*time.Hour), "map")
		s.ID, s.Close = "same", CloseStop
		wantCode(t, "report", x.do(t, free, string(rune('a'+i)), end.Add(6*time.Hour), ReportSlice{Week: WeekOf(from).String(), Slice: s}), "")
	}
	next := WeekOf(end)
	wantCode(t, "seal", seal(t, x, cli, next.End().Add(DefaultReview), next.String()), "")
	d := ReadDiary(x, DiaryScope(kon, thisWeek), DiaryScope(kon, next.String()))
	if f := sealIn(x, next.String()).Faults(d, ""); len(f) > 0 || sealIn(x, next.String()).Seconds != 3*3600 {
		t.Errorf("%d s: %v", sealIn(x, next.String()).Seconds, f)
	}
}

// T-21, T-16: of a slice over the week's end whose first part became late, what was known of the next week in time stays in time when the
// computer comes back after that week's freeze as well; what it brings then is late, and nothing is lost.
func TestT21_ALateRestKeepsWhatCameInTime(t *testing.T) {
	x := active(t)
	end := WeekOf(work).End()
	begin, next := end.Add(-time.Hour), WeekOf(end)
	report := func(rev int64, at, to time.Time, why CloseReason) {
		s := sliceOf(rev, begin, to, "map")
		s.Close = why
		wantCode(t, "report", x.do(t, free, "c"+string(rune('0'+rev)), at, ReportSlice{Week: thisWeek, Slice: s}), "")
	}
	sums := func(w Week) (billable, late int64) {
		for _, p := range WalkLimit(ReadDiary(x, DiaryScope(kon, thisWeek), DiaryScope(kon, next.String())).Pieces(), w, NoLimit) {
			if p.Billable() {
				billable += p.Seconds()
			} else {
				late += p.Seconds()
			}
		}
		return billable, late
	}
	want := func(when string, b0, l0, b1, l1 int64) {
		t.Helper()
		if b, l := sums(WeekOf(work)); b != b0 || l != l0 {
			t.Errorf("%s: the week has %d s and %d s late", when, b, l)
		}
		if b, l := sums(next); b != b1 || l != l1 {
			t.Errorf("%s: the next has %d s and %d s late", when, b, l)
		}
	}
	report(1, end, end.Add(-30*time.Minute), "")
	report(2, end.Add(13*time.Hour), end.Add(12*time.Hour), "")
	want("after the freeze", 1800, 1800, 12*3600, 0)
	report(3, end.Add(8*24*time.Hour), end.Add(13*time.Hour), "")
	want("after the next", 1800, 1800, 12*3600, 3600)
	report(4, end.Add(8*24*time.Hour), end.Add(14*time.Hour), "")
	want("and more", 1800, 1800, 12*3600, 2*3600)
	report(5, end.Add(8*24*time.Hour), end.Add(10*time.Hour), CloseIdle)
	want("given back, but for what the closed week reaches into", 1800, 1800, 12*3600, 0)
}

// Example 1, §8: a slice over Sunday midnight is stored whole and counts in each week with what lies in it, by bill, limit, seal and grid; nothing
// of it is counted twice or left out, whatever its length.
func TestExample01_OverSundayMidnight(t *testing.T) {
	x := active(t)
	end := WeekOf(work).End()
	next := WeekOf(end)
	const before, after = 5*3600 + 17, 9*3600 + 1
	s := sliceOf(1, end.Add(-before*time.Second), end.Add(after*time.Second), "map")
	s.Close = CloseStop
	wantCode(t, "report", x.do(t, free, "c", end.Add(after*time.Second), ReportSlice{Week: thisWeek, Slice: s}), "")
	wantCode(t, "this week's seal", seal(t, x, cli, overReview, thisWeek), "")
	wantCode(t, "the next week's seal", seal(t, x, cli, next.End().Add(DefaultReview), next.String()), "")
	for w, want := range map[Week]int64{WeekOf(work): before, next: after} {
		d := ReadDiary(x, DiaryScope(kon, w.Previous().String()), DiaryScope(kon, w.String()))
		grid := WeekGrid(d.Pieces(), w, time.UTC)
		if got := sealIn(x, w.String()); got.Seconds != want || got.Billable != want || grid.Week.Seconds != want {
			t.Errorf("%s: sealed %d s, billed %d, the grid has %d, want %d", w, got.Seconds, got.Billable, grid.Week.Seconds, want)
		}
	}
}

// W-35, T-16: a slice that lies in a pause and its late rest both know of the pause; told again after the seal it is the same fact as before.
func TestW35_APauseIsKnownOnce(t *testing.T) {
	x := active(t)
	wantCode(t, "pause", x.do(t, cli, "p", work, pause(work, true)), "")
	from := work.Add(time.Hour)
	report := func(rev int64, at, to time.Time) {
		s := sliceOf(rev, from, to, "map")
		wantCode(t, "report", x.do(t, free, "c", at, ReportSlice{Week: thisWeek, Slice: s}), "")
	}
	report(1, from.Add(time.Hour), from.Add(time.Hour))
	wantCode(t, "seal", seal(t, x, cli, overReview, thisWeek), "")
	report(2, overReview.Add(time.Hour), from.Add(3*time.Hour))
	report(3, overReview.Add(2*time.Hour), from.Add(3*time.Hour))
	if f := sealIn(x, thisWeek).Faults(diaryOf(x), ""); len(f) > 0 {
		t.Error(f)
	}
	for _, id := range []string{"s1", LateID("s1")} {
		if s := x.rows[Ref{DiaryScope(kon, thisWeek), KindSlice, id}].(*Slice); len(s.Out) > 1 {
			t.Errorf("%s: %v", id, s.Out)
		}
	}
}
