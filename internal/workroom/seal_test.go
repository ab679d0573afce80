package workroom

import (
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
