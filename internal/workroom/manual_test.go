package workroom

import (
	"strings"
	"testing"
	"time"
)

// byHand is a table whose contract allows manual time, with half an hour tracked from 14:00 on.
func byHand(t testing.TB) *table {
	x := active(t)
	n := *x.rows[Ref{ContractScope(kon), KindContract, string(kon)}].(*Contract)
	n.Terms.Manual = true
	x.rows[Ref{ContractScope(kon), KindContract, string(kon)}] = &n
	s := sliceOf(1, work, work.Add(30*time.Minute), "map")
	s.Close = CloseStop
	if r := x.do(t, free, "c", work.Add(time.Hour), ReportSlice{Week: thisWeek, Slice: s}); r != nil {
		t.Fatal(r)
	}
	return x
}

func entry(from, to time.Time) AddTime {
	return AddTime{Contract: kon, Week: thisWeek, Who: free, Entries: []ManualEntry{{ID: "m1", From: from.Unix(), To: to.Unix(), Activity: "map", Memo: "by hand"}}}
}

// T-14: manual time is refused where the contract, the week, the clock or other time forbids it.
func TestT14_ManualTime(t *testing.T) {
	after := work.Add(40 * time.Minute)
	for name, c := range map[string]struct {
		who    AccountID
		at     time.Time
		change func(*AddTime, *Contract)
		want   Code
	}{
		"as it should be":        {free, work.Add(2 * time.Hour), nil, ""},
		"just before the freeze": {free, WeekOf(work).FreezeAt().Add(-time.Second), nil, ""},
		"at the freeze":          {free, WeekOf(work).FreezeAt(), nil, WeekFrozen},
		"in the future":          {free, after.Add(10 * time.Minute).Add(-time.Second), nil, InFuture},
		"by the client":          {cli, work.Add(2 * time.Hour), func(c *AddTime, _ *Contract) { c.Who = cli }, FreelancerOnly},
		"in another's name":      {cli, work.Add(2 * time.Hour), nil, NoAccess},
		"by a stranger":          {odd, work.Add(2 * time.Hour), func(c *AddTime, _ *Contract) { c.Who = odd }, NoAccess},
		"not allowed":            {free, work.Add(2 * time.Hour), func(_ *AddTime, n *Contract) { n.Terms.Manual = false }, ManualOff},
		"ended since":            {free, work.Add(2 * time.Hour), func(_ *AddTime, n *Contract) { n.Status, n.Ended = Ended, after.Add(time.Hour).UnixMicro() }, ""},
		"ended before":           {free, work.Add(2 * time.Hour), func(_ *AddTime, n *Contract) { n.Status, n.Ended = Ended, after.UnixMicro() }, BadInput},
		"ended, at the freeze":   {free, WeekOf(work).FreezeAt(), func(_ *AddTime, n *Contract) { n.Status, n.Ended = Ended, after.Add(time.Hour).UnixMicro() }, WeekFrozen},
		"paused":                 {free, work.Add(2 * time.Hour), func(_ *AddTime, n *Contract) { n.Status = Paused }, ""},
		"an id of a late rest":   {free, work.Add(2 * time.Hour), func(c *AddTime, _ *Contract) { c.Entries[0].ID = LateID("s1") }, BadInput},
		"half a minute":          {free, work.Add(2 * time.Hour), func(c *AddTime, _ *Contract) { c.Entries[0].From += 30 }, BadInput},
		"backwards":              {free, work.Add(2 * time.Hour), func(c *AddTime, _ *Contract) { c.Entries[0].To = c.Entries[0].From }, BadInput},
		"without a memo":         {free, work.Add(2 * time.Hour), func(c *AddTime, _ *Contract) { c.Entries[0].Memo = " " }, MemoEmpty},
		"an unknown activity":    {free, work.Add(2 * time.Hour), func(c *AddTime, _ *Contract) { c.Entries[0].Activity = "other" }, ActivityGone},
		"without an activity":    {free, work.Add(2 * time.Hour), func(c *AddTime, _ *Contract) { c.Entries[0].Activity = "" }, ""},
		"without one it needs": {free, work.Add(2 * time.Hour), func(c *AddTime, n *Contract) {
			c.Entries[0].Activity, n.Terms.RequireActivity = "", true
		}, ActivityNeeded},
		"over tracked time": {free, work.Add(2 * time.Hour), func(c *AddTime, _ *Contract) { c.Entries[0].From = work.Add(29 * time.Minute).Unix() }, Overlap},
		"before the contract": {free, work.Add(2 * time.Hour), func(c *AddTime, _ *Contract) {
			c.Entries[0].From, c.Entries[0].To = noon.Unix(), noon.Unix()+600
		}, BadInput},
		"twice the same minutes": {free, work.Add(2 * time.Hour), func(c *AddTime, _ *Contract) {
			again := c.Entries[0]
			again.ID = "m2"
			c.Entries = append(c.Entries, again)
		}, Overlap},
		"another week": {free, work.Add(2 * time.Hour), func(c *AddTime, _ *Contract) { c.Week = "2026-11-09" }, BadInput},
	} {
		x := byHand(t)
		cmd := entry(after, after.Add(10*time.Minute))
		if c.change != nil {
			ref := Ref{ContractScope(kon), KindContract, string(kon)}
			n := *x.rows[ref].(*Contract)
			c.change(&cmd, &n)
			x.rows[ref] = &n
		}
		r := x.do(t, c.who, "a", c.at, cmd)
		wantCode(t, name, r, c.want)
		if r != nil && strings.Contains(r.Text, "start") && c.want != BadInput {
			t.Errorf("%s: nothing is started by hand, but it says %q", name, r.Text)
		}
		s, kept := x.rows[Ref{DiaryScope(kon, thisWeek), KindSlice, "m1"}].(*Slice)
		if kept != (c.want == "") || kept && (s.Kind != Manual || s.Seconds() != 600 || s.Freelancer != free) {
			t.Errorf("%s: kept %+v", name, s)
		}
	}
}

// T-14: deleted time is not written in again, and the same command twice changes nothing.
func TestT14_DeletedTimeStaysDeleted(t *testing.T) {
	x := byHand(t)
	now := work.Add(2 * time.Hour)
	at := work.Add(40 * time.Minute)
	wantCode(t, "cut", x.do(t, free, "cut", now, CutTime{Contract: kon, Week: thisWeek, From: at.Unix(), To: at.Unix() + 600}), "")
	wantCode(t, "over a cut", x.do(t, free, "a", now, entry(at, at.Add(20*time.Minute))), Overlap)
	wantCode(t, "after it", x.do(t, free, "b", now, entry(at.Add(10*time.Minute), at.Add(20*time.Minute))), "")
	wantCode(t, "again", x.do(t, free, "b2", now, entry(at.Add(10*time.Minute), at.Add(20*time.Minute))), "")
	wantCode(t, "its id for another time", x.do(t, free, "b3", now, entry(at.Add(30*time.Minute), at.Add(40*time.Minute))), NoAccess)
}

// T-14: what is in the way is named, and the gaps are whole minutes.
func TestT14_ClashesAndGaps(t *testing.T) {
	a, b := slice("a", "x", 130, 300), slice("b", "y", 610, 700)
	d := &Diary{Slices: []*Slice{b, a}, Marks: []*TimeMark{{What: MarkCut, Contract: "x", Spans: []MarkSpan{{From: 900, To: 1200}}}}}
	clashes := d.Clashes(0, 1000)
	if len(clashes) != 3 || clashes[0].Interval != (Interval{130, 300}) || clashes[1].Contract != "y" || !clashes[2].Deleted || clashes[2].To != 1000 {
		t.Errorf("%+v", clashes)
	}
	want := []Interval{{0, 120}, {300, 600}, {720, 900}, {1200, 1260}}
	got := d.Gaps(0, 1290)
	if len(got) != len(want) {
		t.Fatalf("%v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("gap %v, want %v", got[i], want[i])
		}
	}
}

// T-21: a report cannot bring manual time past the terms.
func TestT14_ReportsBringNoManualTime(t *testing.T) {
	x := active(t)
	wantCode(t, "by a report", tell(t, x, 1, work.Add(time.Hour), func(s *Slice) { s.Kind = Manual }), BadInput)
}

// T-14: what another program measured to the second is taken to the second; by hand it is whole minutes.
func TestT14_ImportedToTheSecond(t *testing.T) {
	for _, imported := range []bool{false, true} {
		x := byHand(t)
		c := entry(work.Add(31*time.Minute+7*time.Second), work.Add(35*time.Minute+48*time.Second))
		c.Imported = imported
		r := x.do(t, free, "i", work.Add(2*time.Hour), c)
		if !imported {
			if r == nil || r.Code != BadInput {
				t.Errorf("seconds written in by hand: %v", r)
			}
			continue
		}
		s, ok := x.rows[Ref{DiaryScope(kon, thisWeek), KindSlice, "m1"}].(*Slice)
		if r != nil || !ok || s.End-s.Start != 4*60+41 || s.Kind != Manual {
			t.Errorf("imported: %v, %+v", r, s)
		}
	}
}
