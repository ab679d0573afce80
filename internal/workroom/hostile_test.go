package workroom

import (
	"slices"
	"strings"
	"testing"
	"time"
)

const thisWeek = "2026-11-16"

var (
	work  = noon.Add(2 * time.Hour)
	first = Ref{DiaryScope(kon, thisWeek), KindSlice, "s1"}
)

// tell reports a slice that a function changed from one of ten minutes.
func tell(t *testing.T, x *table, rev int64, at time.Time, change func(*Slice)) *Refusal {
	t.Helper()
	s := sliceOf(rev, work, work.Add(10*time.Minute), "map")
	if change != nil {
		change(&s)
	}
	return x.do(t, free, "c", at, ReportSlice{Week: WeekOf(time.Unix(s.Start, 0)).String(), Slice: s})
}

// T-21: what a slice is stands from its first report on; only its end grows.
func TestT21_ASliceIsNotRewritten(t *testing.T) {
	later := work.Add(20 * time.Minute)
	for what, c := range map[string]struct {
		change func(*Slice)
		want   Code
	}{
		"its start moved back":      {func(s *Slice) { s.Start -= 3600 }, BadInput},
		"its start moved forward":   {func(s *Slice) { s.Start += 60 }, BadInput},
		"another activity":          {func(s *Slice) { s.Activity = "review" }, BadInput},
		"another memo":              {func(s *Slice) { s.Memo = "something else" }, BadInput},
		"another kind":              {func(s *Slice) { s.Kind = KeptIdle }, BadInput},
		"another device":            {func(s *Slice) { s.Device = "e" }, NoAccess},
		"another boot":              {func(s *Slice) { s.Boot = "c" }, NoAccess},
		"another number":            {func(s *Slice) { s.Seq++ }, NoAccess},
		"shorter while it goes on":  {func(s *Slice) { s.End -= 60 }, BadInput},
		"shorter as idle closes it": {func(s *Slice) { s.End, s.Close = s.End-60, CloseIdle }, ""},
		"longer":                    {func(s *Slice) { s.End += 600 }, ""},
	} {
		x := active(t)
		wantCode(t, "first", tell(t, x, 1, later, nil), "")
		wantCode(t, what, tell(t, x, 2, later, c.change), c.want)
	}
	x := active(t)
	wantCode(t, "closed", tell(t, x, 2, later, func(s *Slice) { s.Close = CloseStop }), "")
	wantCode(t, "a replay", tell(t, x, 2, later, func(s *Slice) { s.Close = CloseStop }), "")
	wantCode(t, "a later end of it", tell(t, x, 3, later, func(s *Slice) { s.End += 300; s.Close = CloseStop }), "")
	wantCode(t, "opened again", tell(t, x, 4, later, func(s *Slice) { s.End += 300 }), "")
	if s := x.rows[first].(*Slice); s.Rev != 2 || s.Seconds() != 600 || s.Close != CloseStop {
		t.Errorf("a closed slice became %+v", s)
	}
}

func TestT21_NoTimeBeforeTheContract(t *testing.T) {
	x := active(t)
	began := noon.Add(time.Hour) // accept
	start := func(at time.Time) func(*Slice) {
		return func(s *Slice) { s.ID, s.Start, s.End = "s"+at.Format("150405"), at.Unix(), at.Unix()+60 }
	}
	wantCode(t, "weeks before", tell(t, x, 1, work, start(began.AddDate(0, 0, -26))), BadInput)
	wantCode(t, "six minutes before", tell(t, x, 1, work, start(began.Add(-6*time.Minute))), BadInput)
	wantCode(t, "clocks differ a little", tell(t, x, 1, work, start(began.Add(-4*time.Minute))), "")
	own := goodOffer()
	own.Contract, own.Room, own.Self, own.Invitation = "own", "own-room", true, ""
	wantCode(t, "a contract for oneself", x.do(t, cli, "own", work, own), "")
	s := sliceOf(1, work.Add(-time.Hour), work, "map")
	s.Contract, s.Freelancer = "own", cli
	wantCode(t, "before one's own", x.do(t, cli, "c", work, ReportSlice{Week: thisWeek, Slice: s}), BadInput)
}

// tracker.md §8: what arrives after the freeze is kept and not billed, and what was known before stays billed.
func TestT22_AfterTheFreeze(t *testing.T) {
	frozen := WeekOf(work).FreezeAt()
	late := func(r Thing) bool { s, _ := r.(*Slice); return s != nil && slices.Contains(s.Flags, FlagLate) }
	x := active(t)
	wantCode(t, "at the freeze", tell(t, x, 1, frozen, nil), "")
	wantCode(t, "more of it", tell(t, x, 2, frozen.Add(time.Hour), func(s *Slice) { s.End += 60; s.Close = CloseStop }), "")
	if s := x.rows[first].(*Slice); !late(s) || s.Seconds() != 660 {
		t.Errorf("late time is kept as %+v", s)
	}

	x = active(t)
	wantCode(t, "a second before", tell(t, x, 1, frozen.Add(-time.Second), nil), "")
	wantCode(t, "the same again", tell(t, x, 2, frozen, nil), "")
	if len(x.rows[first].(*Slice).Flags) != 0 || x.rows[Ref{first.Scope, KindSlice, LateID("s1")}] != nil {
		t.Error("time known before the freeze became late")
	}
	for rev, n := range []int64{300, 600} {
		wantCode(t, "it grew unseen", tell(t, x, int64(3+rev), frozen, func(s *Slice) { s.End += n }), "")
		head, rest := x.rows[first].(*Slice), x.rows[Ref{first.Scope, KindSlice, LateID("s1")}].(*Slice)
		if late(head) || head.Seconds() != 600 || !late(rest) || rest.Start != head.End || rest.Seconds() != n {
			t.Errorf("known %+v, late %+v", head, rest)
		}
	}
	wantCode(t, "idle since before", tell(t, x, 5, frozen, func(s *Slice) { s.End -= 60; s.Close = CloseIdle }), "")
	if head := x.rows[first].(*Slice); x.rows[Ref{first.Scope, KindSlice, LateID("s1")}] != nil || head.Seconds() != 540 || head.End != work.Unix()+600 {
		t.Errorf("the late rest stayed beside %+v", head)
	}

	x = active(t)
	sunday := func(s *Slice) { s.Start, s.End = WeekOf(work).End().Unix()-3600, WeekOf(work).End().Unix()+3600 }
	wantCode(t, "over midnight", tell(t, x, 1, WeekOf(work).End().Add(time.Hour), sunday), "")
	wantCode(t, "still going on", tell(t, x, 2, frozen.Add(time.Hour), func(s *Slice) { sunday(s); s.End = frozen.Unix() + 3600 }), "")
	if s := x.rows[first].(*Slice); late(s) || s.End != frozen.Unix()+3600 {
		t.Errorf("growth in the next week is %+v", s)
	}
}

func TestT21_FlagsAreTheRules(t *testing.T) {
	x := active(t)
	wantCode(t, "flags", tell(t, x, 1, work.Add(time.Hour), func(s *Slice) { s.Flags = []string{FlagLate, FlagClockCorrected, FlagAfterEnd, FlagCodeInactive} }), "")
	if s := x.rows[first].(*Slice); !slices.Equal(s.Flags, []string{FlagClockCorrected}) {
		t.Errorf("flags are %v", s.Flags)
	}
	for what, change := range map[string]func(*Slice){
		"an invented flag":  func(s *Slice) { s.Flags = []string{"approved"} },
		"too many":          func(s *Slice) { s.Flags = slices.Repeat([]string{FlagLate}, 9) },
		"an invented close": func(s *Slice) { s.Close = "because" },
		"a late rest's id":  func(s *Slice) { s.ID = LateID("s1") },
	} {
		wantCode(t, what, tell(t, active(t), 1, work.Add(time.Hour), change), BadInput)
	}
}

func TestT07_AShotIsChecked(t *testing.T) {
	now := work.Add(time.Hour)
	closed := func(t *testing.T) *table {
		x := active(t)
		wantCode(t, "slice", tell(t, x, 1, now, func(s *Slice) { s.Close = CloseStop }), "")
		return x
	}
	put := func(t *testing.T, x *table, change func(*Shot)) *Refusal {
		s := Shot{Slice: "s1", Contract: kon, Device: "d", At: work.Unix() + 60, File: "pic", W: 640, H: 480, Displays: 1}
		if change != nil {
			change(&s)
		}
		s.Cell = s.At / 600
		return x.do(t, free, "c", now, AddShot{Week: thisWeek, Who: free, Shot: s})
	}
	for what, c := range map[string]struct {
		change func(*Shot)
		want   Code
	}{
		"as it should be":       {nil, ""},
		"an invented reason":    {func(s *Shot) { s.File, s.Reason = "", "holiday" }, BadInput},
		"a deletion":            {func(s *Shot) { s.File, s.Reason = "", ShotDeleted }, BadInput},
		"a reason with a file":  {func(s *Shot) { s.Reason = ShotDenied }, BadInput},
		"both kinds of picture": {func(s *Shot) { s.Seed = blurred }, BadInput},
		"a seed that is none":   {func(s *Shot) { s.File, s.Seed = "", []byte("<svg>") }, BadInput},
		"a width below zero":    {func(s *Shot) { s.W = -1 }, BadInput},
		"too high":              {func(s *Shot) { s.H = 20_001 }, BadInput},
		"65 displays":           {func(s *Shot) { s.Displays = 65 }, BadInput},
		"a minute early":        {func(s *Shot) { s.At = work.Unix() - 60 }, ""},
		"more than that":        {func(s *Shot) { s.At = work.Unix() - 61 }, BadInput},
		"a minute late":         {func(s *Shot) { s.At = work.Unix() + 660 }, ""},
		"later":                 {func(s *Shot) { s.At = work.Unix() + 661 }, BadInput},
		"in another week":       {func(s *Shot) { s.At -= 14 * 86400 }, BadInput},
		"of another device":     {func(s *Shot) { s.Device = "e" }, NoAccess},
	} {
		wantCode(t, what, put(t, closed(t), c.change), c.want)
	}
	x := active(t)
	wantCode(t, "an open slice", tell(t, x, 1, now, nil), "")
	wantCode(t, "beyond what was reported of it", put(t, x, func(s *Shot) { s.At = now.Unix() - 60 }), "")
	wantCode(t, "in the future", put(t, x, func(s *Shot) { s.At = now.Unix() + 3600 }), BadInput)

	x = closed(t)
	wantCode(t, "a blurred one", put(t, x, func(s *Shot) { s.File, s.Seed = "", blurred }), "")
	wantCode(t, "the next slice", tell(t, x, 1, now, func(s *Slice) { s.ID, s.Seq = "s2", 2 }), "")
	wantCode(t, "its picture of the same cell", put(t, x, func(s *Shot) { s.Slice = "s2" }), "")
	if s := x.rows[Ref{first.Scope, KindShot, CellID("d", work.Unix()/600)}].(*Shot); s.Slice != "s1" || len(s.Seed) == 0 {
		t.Errorf("the first picture was replaced by %+v", s)
	}
}

// M-22: nobody writes over what somebody else said.
func TestM22_AMessageIsItsAuthors(t *testing.T) {
	x := active(t)
	file := FileRef{ID: "f", Name: "a.txt", Size: 3, Type: "text/plain"}
	wantCode(t, "mine", x.do(t, cli, "m", noon, SendMessage{Room: raum, Text: "hello", Files: []FileRef{file}}), "")
	wantCode(t, "over it", x.do(t, free, "m", noon, SendMessage{Room: raum, Text: "no"}), NoAccess)
	wantCode(t, "its file", x.do(t, free, "n", noon, SendMessage{Room: raum, Files: []FileRef{file}}), NoAccess)
	if m := x.rows[Ref{RoomScope(raum), KindMessage, "m"}].(*Message); m.Author != cli || m.Text != "hello" {
		t.Errorf("the message is %+v", m)
	}
	for what, f := range map[string]FileRef{
		"a text with a size in pixels": {ID: "g", Name: "a.txt", Size: 3, Type: "text/plain", W: 5, H: 5},
		"half a size":                  {ID: "g", Name: "a.png", Size: 3, Type: "image/png", W: 5},
		"a type with a line break":     {ID: "g", Name: "a.txt", Size: 3, Type: "text/plain\n"},
		"a long type":                  {ID: "g", Name: "a.txt", Size: 3, Type: strings.Repeat("x", 128)},
	} {
		wantCode(t, what, x.do(t, cli, "o", noon, SendMessage{Room: raum, Files: []FileRef{f}}), BadInput)
	}
}
