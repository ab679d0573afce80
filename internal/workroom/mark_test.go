package workroom

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// diaryOf reads the diary of a table's contract in the week of the tests and the one before.
func diaryOf(x *table) *Diary {
	return ReadDiary(x, DiaryScope(kon, "2026-11-09"), DiaryScope(kon, thisWeek))
}

// tracked is a table with an active contract on which an hour and a half was tracked in two slices.
func tracked(t testing.TB) *table {
	x := active(t)
	for i, s := range []Slice{sliceOf(1, work, work.Add(time.Hour), "map"), sliceOf(1, work.Add(time.Hour), work.Add(90*time.Minute), "map")} {
		s.ID, s.Close = []string{"s1", "s2"}[i], CloseStop
		if r := x.do(t, free, "c"+s.ID, work.Add(2*time.Hour), ReportSlice{Week: thisWeek, Slice: s}); r != nil {
			t.Fatal(r)
		}
	}
	return x
}

// mark is an edit of the first slice's first ten minutes.
func mark(what MarkWhat, value string) MarkTime {
	return MarkTime{Contract: kon, Week: thisWeek, What: what, Value: value, Spans: []MarkSpan{{"s1", work.Unix(), work.Unix() + 600}}}
}

// T-02, A-07, A-09, T-13, T-16: who may change what of stored time, and until when.
func TestT17_WhoMayMark(t *testing.T) {
	w := WeekOf(work)
	open, review, closed := work.Add(3*time.Hour), w.FreezeAt(), w.End().Add(DefaultReview)
	cut := CutTime{Contract: kon, Week: thisWeek, From: work.Unix(), To: work.Unix() + 600}
	for name, c := range map[string]struct {
		who  AccountID
		at   time.Time
		does Command
		want Code
	}{
		"memo by the freelancer":                  {free, open, mark(MarkMemo, "better words"), ""},
		"memo in the last second":                 {free, review.Add(-time.Second), mark(MarkMemo, "better words"), ""},
		"memo at the freeze":                      {free, review, mark(MarkMemo, "better words"), WeekFrozen},
		"memo by the client":                      {cli, open, mark(MarkMemo, "better words"), FreelancerOnly},
		"memo by the client in review":            {cli, review, mark(MarkMemo, "better words"), FreelancerOnly},
		"memo by a stranger":                      {odd, open, mark(MarkMemo, "better words"), NoAccess},
		"a blank memo":                            {free, open, mark(MarkMemo, "  "), MemoEmpty},
		"a memo too long":                         {free, open, mark(MarkMemo, strings.Repeat("x", 256)), BadInput},
		"activity by the freelancer":              {free, open, mark(MarkCode, "review"), ""},
		"activity by the freelancer, frozen":      {free, review, mark(MarkCode, "review"), WeekFrozen},
		"activity by the client":                  {cli, open, mark(MarkCode, "review"), ""},
		"activity by the client in review":        {cli, review, mark(MarkCode, "review"), ""},
		"activity by the client, a second before": {cli, closed.Add(-time.Second), mark(MarkCode, "review"), ""},
		"activity by the client, closed":          {cli, closed, mark(MarkCode, "review"), WeekOver},
		"activity by a stranger":                  {odd, open, mark(MarkCode, "review"), NoAccess},
		"no activity":                             {cli, open, mark(MarkCode, ""), ""},
		"an activity nobody has":                  {cli, open, mark(MarkCode, "other"), ActivityGone},
		"owner by the freelancer":                 {free, open, mark(MarkOwner, ""), ""},
		"owner at the freeze":                     {free, review, mark(MarkOwner, ""), WeekFrozen},
		"owner by the client":                     {cli, open, mark(MarkOwner, ""), FreelancerOnly},
		"owner with a value":                      {free, open, mark(MarkOwner, "x"), BadInput},
		"a cut as a mark":                         {free, open, mark(MarkCut, ""), BadInput},
		"cut by the freelancer":                   {free, open, cut, ""},
		"cut at the freeze":                       {free, review, cut, WeekFrozen},
		"cut by the client":                       {cli, open, cut, FreelancerOnly},
		"cut by a stranger":                       {odd, open, cut, NoAccess},
		"cut of what is to come":                  {free, open, CutTime{Contract: kon, Week: thisWeek, From: open.Unix(), To: open.Add(time.Hour).Unix()}, InFuture},
		"cut over the week's end":                 {free, open, CutTime{Contract: kon, Week: thisWeek, From: w.End().Unix() - 60, To: w.End().Unix() + 60}, BadInput},
		"cut of more than a day":                  {free, open, CutTime{Contract: kon, Week: thisWeek, From: work.Unix() - 2*86400, To: work.Unix()}, BadInput},
		"a slice that is not there": {free, open, MarkTime{Contract: kon, Week: thisWeek, What: MarkMemo, Value: "x",
			Spans: []MarkSpan{{"s9", work.Unix(), work.Unix() + 600}}}, Gone},
		"outside its slice": {free, open, MarkTime{Contract: kon, Week: thisWeek, What: MarkMemo, Value: "x",
			Spans: []MarkSpan{{"s1", work.Unix() - 600, work.Unix()}}}, BadInput},
	} {
		x := tracked(t)
		wantCode(t, name, x.do(t, c.who, "m", c.at, c.does), c.want)
		_, kept := x.rows[Ref{DiaryScope(kon, thisWeek), KindMark, "m"}].(*TimeMark)
		if kept != (c.want == "") {
			t.Errorf("%s: mark kept: %v", name, kept)
		}
	}
	x := tracked(t)
	wantCode(t, "archive", x.do(t, cli, "a", open, SetActivity{Contract: kon, ID: "review", Code: "Review", Archived: true}), "")
	wantCode(t, "an archived activity", x.do(t, cli, "m", open, mark(MarkCode, "review")), ActivityGone)
}

// §2: code and memo are independent, last wins per instant in the order of the service, whatever its clock says meanwhile.
func TestT17_LastWinsPerInstant(t *testing.T) {
	x := tracked(t)
	later := work.Add(3 * time.Hour)
	span := func(from, to int64) []MarkSpan { return []MarkSpan{{"s1", work.Unix() + from, work.Unix() + to}} }
	for i, m := range []MarkTime{
		{What: MarkMemo, Value: "first", Spans: span(0, 1200)},
		{What: MarkCode, Value: "review", Spans: span(600, 1800)},
		{What: MarkMemo, Value: "second", Spans: span(900, 1500)},
	} {
		m.Contract, m.Week = kon, thisWeek
		at := later.Add(-time.Duration(i) * time.Minute) // a clock that goes backwards
		wantCode(t, m.Value, x.do(t, free, string(rune('x'+i)), at, m), "")
	}
	var got []string
	for _, p := range diaryOf(x).Pieces() {
		if p.Slice == "s1" {
			got = append(got, time.Duration(p.From-work.Unix()).String()+" "+string(p.Activity)+" "+p.Memo)
		}
	}
	want := []string{"0s map first", "600ns review first", "900ns review second", "1.5µs review first work", "1.8µs map first work"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// Example 5's end, A-08: the client re-codes a segment of two parts: both become the other activity, their memos stay.
func TestExample05_ClientRecodes(t *testing.T) {
	x := active(t)
	ten := work
	for i, s := range []Slice{sliceOf(1, ten, ten.Add(200*time.Second), "map"), sliceOf(1, ten.Add(200*time.Second), ten.Add(10*time.Minute), "review")} {
		s.ID, s.Close, s.Memo = []string{"a", "b"}[i], CloseSwitch, []string{"API", "UI"}[i]
		wantCode(t, s.ID, x.do(t, free, "c"+s.ID, ten.Add(time.Hour), ReportSlice{Week: thisWeek, Slice: s}), "")
	}
	wantCode(t, "code", x.do(t, cli, "q", ten, SetActivity{Contract: kon, ID: "qa", Code: "QA"}), "")
	wantCode(t, "re-code", x.do(t, cli, "m", WeekOf(ten).FreezeAt().Add(time.Hour), MarkTime{Contract: kon, Week: thisWeek, What: MarkCode, Value: "qa",
		Spans: []MarkSpan{{"a", ten.Unix(), ten.Unix() + 200}, {"b", ten.Unix() + 200, ten.Unix() + 600}}}), "")
	segs := Segments(diaryOf(x).Pieces(), nil, nil)
	if len(segs) != 1 || segs[0].Seconds != 600 || segs[0].Label != (Label{Activity: "qa", Memo: "UI", More: 1}) {
		t.Fatalf("%+v", segs)
	}
	for _, p := range segs[0].Pieces {
		if p.Activity != "qa" || p.Memo != map[string]string{"a": "API", "b": "UI"}[p.Slice] {
			t.Errorf("%+v", p)
		}
	}
}

// Example 14, T-08: deleting a screenshot takes the contract's whole segment, also what arrives in it later, and leaves who, when and how
// much. No picture of the segment comes back.
func TestExample14_DeleteTakesWhatComesLater(t *testing.T) {
	x := tracked(t)
	cell := work.Unix() / 600
	shot := AddShot{Week: thisWeek, Who: free, Shot: Shot{Slice: "s1", Contract: kon, Device: "d", Cell: cell, At: work.Unix() + 90, Seed: []byte{0xff, 0xd8, 0xff}}}
	wantCode(t, "shot", x.do(t, free, "p", work.Add(2*time.Hour), shot), "")
	when := work.Add(3 * time.Hour)
	wantCode(t, "cut", x.do(t, free, "cut", when, CutTime{Contract: kon, Week: thisWeek, From: cell * 600, To: cell*600 + 600}), "")
	ref := Ref{DiaryScope(kon, thisWeek), KindShot, CellID("d", cell)}
	m := x.rows[Ref{ref.Scope, KindMark, "cut"}].(*TimeMark)
	if m.Seconds != 600 || m.By != free || m.At != when.UnixMicro() || x.rows[ref] != nil {
		t.Errorf("%+v, shot %v", m, x.rows[ref])
	}
	wantCode(t, "a second shot", x.do(t, free, "p2", when, shot), "")
	other := sliceOf(1, work, work.Add(10*time.Minute), "map")
	other.ID, other.Device, other.Close = "late-device", "e", CloseStop
	wantCode(t, "another device's time", x.do(t, free, "c9", when, ReportSlice{Week: thisWeek, Slice: other}), "")
	if x.rows[ref] != nil {
		t.Error("a picture came back into a deleted segment")
	}
	var left int64
	for _, p := range diaryOf(x).Pieces() {
		left += p.Seconds()
		if p.From < cell*600+600 {
			t.Errorf("deleted time is there: %+v", p)
		}
	}
	if left != 80*60 {
		t.Errorf("%d s are left, want 4800", left)
	}
}

// A slice over Sunday midnight is deleted with its picture from the week in which the segment lies.
func TestT08_CutOverTheWeeksEdge(t *testing.T) {
	x := active(t)
	midnight := WeekOf(work).End()
	s := sliceOf(1, midnight.Add(-10*time.Minute), midnight.Add(20*time.Minute), "map")
	s.Close = CloseStop
	now := midnight.Add(time.Hour)
	wantCode(t, "slice", x.do(t, free, "c", now, ReportSlice{Week: thisWeek, Slice: s}), "")
	shot := Shot{Slice: "s1", Contract: kon, Device: "d", Cell: midnight.Unix() / 600, At: midnight.Unix() + 5, Reason: ShotFailed}
	wantCode(t, "shot", x.do(t, free, "p", now, AddShot{Week: thisWeek, Who: free, Shot: shot}), "")
	next := WeekOf(midnight).String()
	wantCode(t, "cut", x.do(t, free, "cut", now, CutTime{Contract: kon, Week: next, From: midnight.Unix(), To: midnight.Unix() + 600}), "")
	d := ReadDiary(x, DiaryScope(kon, thisWeek), DiaryScope(kon, next))
	var left int64
	for _, p := range d.Pieces() {
		left += p.Seconds()
	}
	if m := x.rows[Ref{DiaryScope(kon, next), KindMark, "cut"}].(*TimeMark); m.Seconds != 600 || left != 1200 {
		t.Errorf("took %d s, %d are left", m.Seconds, left)
	}
	if x.rows[Ref{DiaryScope(kon, thisWeek), KindShot, CellID("d", shot.Cell)}] != nil {
		t.Error("the picture is still there")
	}
	wantCode(t, "the shot again", x.do(t, free, "p2", now, AddShot{Week: thisWeek, Who: free, Shot: shot}), "")
	if x.rows[Ref{DiaryScope(kon, thisWeek), KindShot, CellID("d", shot.Cell)}] != nil {
		t.Error("the picture came back")
	}
}

// T-13: a swap counts like an edit of the set; what came late takes nothing by it.
func TestT13_SwapOfLateTimeTakesNothing(t *testing.T) {
	early := slice("a", "x", 0, 600)
	late := slice("b", "y", 0, 600)
	late.Flags, late.LateTo = []string{FlagLate}, 300
	swap := []Mark{{What: MarkOwner, Slices: []string{"b"}, Interval: Interval{0, 600}}}
	owned := Claim([]*Slice{early, late}, swap)
	if secondsOf(owned[late.Key()]) != 300 || owned[late.Key()][0] != (Interval{300, 600}) || secondsOf(owned[early.Key()]) != 300 {
		t.Errorf("%v", owned)
	}
}

// T-13: of two swaps the later one holds.
func TestT13_TheLastSwapHolds(t *testing.T) {
	a, b := slice("a", "x", 0, 600), slice("b", "y", 0, 600)
	swap := func(id string, at int64) *TimeMark {
		return &TimeMark{What: MarkOwner, Spans: []MarkSpan{{id, 0, 600}}, At: at}
	}
	for _, marks := range [][]*TimeMark{{swap("b", 1), swap("a", 2)}, {swap("a", 2), swap("b", 1)}} {
		if owned := Claim([]*Slice{a, b}, Edits(marks)); secondsOf(owned[a.Key()]) != 600 || secondsOf(owned[b.Key()]) != 0 {
			t.Errorf("%v", owned)
		}
	}
}

// Example 11, A-10: an activity archived at noon keeps the time that was recorded under it without knowing; what lies after noon is flagged.
func TestExample11_Archive(t *testing.T) {
	x := active(t)
	wednesday := noon.AddDate(0, 0, 7)
	wantCode(t, "archive", x.do(t, cli, "a", wednesday, SetActivity{Contract: kon, ID: "review", Code: "Review", Archived: true}), "")
	s := sliceOf(1, wednesday.Add(-10*time.Minute), wednesday.Add(30*time.Minute), "review")
	s.Close = CloseStop
	wantCode(t, "offline time", x.do(t, free, "c", wednesday.Add(26*time.Hour), ReportSlice{Week: "2026-11-23", Slice: s}), "")
	var all, flagged int64
	for _, p := range ReadDiary(x, DiaryScope(kon, "2026-11-23")).Pieces() {
		if p.Activity != "review" || !p.Billable() {
			t.Errorf("%+v", p)
		}
		all += p.Seconds()
		if p.Retired {
			flagged += p.Seconds()
		}
	}
	if all != 40*60 || flagged != 30*60 {
		t.Errorf("%d s, of them %d flagged", all, flagged)
	}
}

// §8: what was recorded after the contract's end while offline is unbilled from that second on; what lies before is billed.
func TestW35_OnlyWhatLiesAfterTheEndIsUnbilled(t *testing.T) {
	x := active(t)
	ref := Ref{ContractScope(kon), KindContract, string(kon)}
	n := *x.rows[ref].(*Contract)
	n.Status, n.Ended = Ended, work.Add(10*time.Minute).UnixMicro()
	x.rows[ref] = &n
	wantCode(t, "offline time", tell(t, x, 1, work.Add(time.Hour), func(s *Slice) { s.End = s.Start + 1800; s.Close = CloseStop }), "")
	pieces := diaryOf(x).Pieces()
	if len(pieces) != 2 || pieces[0].Seconds() != 600 || pieces[0].AfterEnd || pieces[1].Seconds() != 1200 || !pieces[1].AfterEnd {
		t.Errorf("%+v", pieces)
	}
}

// §8: time freezes instant by instant: of a slice over Sunday midnight that comes on Monday afternoon only Sunday's part is late.
func TestT16_TimeFreezesPerInstant(t *testing.T) {
	x := active(t)
	end := WeekOf(work).End()
	s := sliceOf(1, end.Add(-time.Hour), end.Add(2*time.Hour), "map")
	wantCode(t, "on Monday afternoon", x.do(t, free, "c", end.Add(13*time.Hour), ReportSlice{Week: thisWeek, Slice: s}), "")
	s.Rev, s.End, s.Close = 2, end.Add(3*time.Hour).Unix(), CloseStop
	wantCode(t, "the rest of it", x.do(t, free, "c", end.Add(14*time.Hour), ReportSlice{Week: thisWeek, Slice: s}), "")
	pieces := diaryOf(x).Pieces()
	if len(pieces) != 2 || !pieces[0].Late || pieces[0].Seconds() != 3600 || pieces[1].Late || pieces[1].Seconds() != 3*3600 {
		t.Errorf("%+v", pieces)
	}
}
