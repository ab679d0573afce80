package workroom

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func diary(list ...*Slice) []*Segment { return Segments(Pieces(list, Claim(list, nil), nil), nil, nil) }

func cellTimes(segs []*Segment, loc *time.Location) (out []string) {
	for _, s := range segs {
		out = append(out, s.Cell.Start().In(loc).Format("15:04"))
	}
	return out
}

// Example 1, T-15: a slice over the edge of the week counts in both, wherever the viewer is.
func TestExample01_WeekEdge(t *testing.T) {
	s := slice("a", "x", at(t, "2026-11-22 23:55:00"), at(t, "2026-11-23 00:07:00"))
	segs := diary(s)
	if len(segs) != 2 || segs[0].Seconds != 300 || segs[1].Seconds != 420 {
		t.Fatalf("segments %+v", segs)
	}
	if segs[0].Cell.Start().Format("15:04") != "23:50" || WeekOf(segs[0].Cell.Start()).String() != "2026-11-16" ||
		WeekOf(segs[1].Cell.Start()).String() != "2026-11-23" {
		t.Errorf("cells %s and %s", segs[0].Cell.Start(), segs[1].Cell.Start())
	}
	pieces := Pieces([]*Slice{s}, Claim([]*Slice{s}, nil), nil)
	la := zone(t, "America/Los_Angeles")
	if days := SecondsByDay(pieces, la); len(days) != 1 || days["2026-11-22"] != 720 {
		t.Errorf("in Los Angeles %v, want 720 s of Sunday", days)
	}
	for week, want := range map[string]int64{"2026-11-16": 300, "2026-11-23": 420} {
		w, _ := ParseWeek(week)
		if n := BillableSeconds(WalkLimit(pieces, w, NoLimit)); n != want {
			t.Errorf("week %s bills %d s, want %d", week, n, want)
		}
		if g := WeekGrid(pieces, w, la); g.Week.Seconds != want || len(g.Days) != 8 {
			t.Errorf("week %s in Los Angeles: %+v", week, g)
		}
	}
}

// Example 2, A-13: the edge of a month inside one week.
func TestExample02_MonthEdge(t *testing.T) {
	s := slice("a", "x", at(t, "2026-07-31 23:58:00"), at(t, "2026-08-01 00:03:00"))
	pieces := Pieces([]*Slice{s}, Claim([]*Slice{s}, nil), nil)
	if d := SecondsByDay(pieces, time.UTC); d["2026-07-31"] != 120 || d["2026-08-01"] != 180 {
		t.Errorf("days %v", d)
	}
	w, _ := ParseWeek("2026-07-31")
	g := WeekGrid(pieces, w, time.UTC)
	if w.String() != "2026-07-27" || g.Week.Seconds != 300 || g.Total[4].Seconds != 120 || g.Total[5].Seconds != 180 {
		t.Errorf("week %s: %+v", w, g)
	}
}

// Example 3, T-04: summer time begins. Thirty minutes in three cells, and a day of 23 hours.
func TestExample03_ForwardAnHour(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	s := slice("a", "x", at(t, "2026-03-29 00:50:00"), at(t, "2026-03-29 01:20:00"))
	segs := diary(s)
	if got := cellTimes(segs, berlin); len(got) != 3 || got[0] != "01:50" || got[1] != "03:00" || got[2] != "03:10" {
		t.Errorf("cells %v", got)
	}
	pieces := Pieces([]*Slice{s}, Claim([]*Slice{s}, nil), nil)
	if d := SecondsByDay(pieces, berlin); d["2026-03-29"] != 1800 {
		t.Errorf("days %v", d)
	}
	whole := slice("b", "x", at(t, "2026-03-28 20:00:00"), at(t, "2026-03-29 23:00:00"))
	if d := SecondsByDay(Pieces([]*Slice{whole}, Claim([]*Slice{whole}, nil), nil), berlin); d["2026-03-29"] != 23*3600 {
		t.Errorf("the day has %d s, want 23 hours", d["2026-03-29"])
	}
}

// Example 4, T-03: summer time ends. Local clocks run from 02:50 to 02:10; twenty minutes were worked.
func TestExample04_BackAnHour(t *testing.T) {
	s := slice("a", "x", at(t, "2026-10-25 00:50:00"), at(t, "2026-10-25 01:10:00"))
	if s.Seconds() != 1200 || len(diary(s)) != 2 {
		t.Errorf("%d s in %d cells", s.Seconds(), len(diary(s)))
	}
	berlin := zone(t, "Europe/Berlin")
	if d := SecondsByDay(Pieces([]*Slice{s}, Claim([]*Slice{s}, nil), nil), berlin); d["2026-10-25"] != 1200 {
		t.Errorf("days %v", d)
	}
}

// Example 5, A-07 and T-05: two codes in one cell, its label, and the client's re-coding of the segment.
func TestExample05_CodeSwitch(t *testing.T) {
	cell := at(t, "2026-11-20 10:00:00")
	api, ui := slice("a", "x", cell, cell+200), slice("b", "x", cell+200, cell+600)
	api.Activity, api.Memo = "api", "endpoint"
	list := []*Slice{api, ui}
	owned := Claim(list, nil)
	shot := &Shot{Slice: "a", Contract: "x", Cell: cell / CellSeconds, At: cell + 131}
	seg := Segments(Pieces(list, owned, nil), nil, []*Shot{shot})[0]
	if seg.Label != (Label{Activity: "ui", Memo: "work", More: 1}) {
		t.Errorf("label %+v, want ui +1", seg.Label)
	}
	if len(seg.Shots) != 1 || len(seg.Pieces) != 2 || seg.Pieces[0].Seconds() != 200 || seg.Pieces[1].Seconds() != 400 {
		t.Fatalf("segment %+v", seg)
	}
	for _, p := range seg.Pieces {
		if p.From <= shot.At && shot.At < p.To && p.Memo != "endpoint" {
			t.Errorf("the shot shows %q", p.Memo)
		}
	}
	qa := []Mark{{What: MarkCode, Slices: []string{"a", "b"}, Interval: Interval{cell, cell + 600}, Value: "qa"}}
	seg = Segments(Pieces(list, owned, qa), nil, nil)[0]
	for _, p := range seg.Pieces {
		if p.Activity != "qa" {
			t.Errorf("piece %+v is not re-coded", p)
		}
	}
	if seg.Seconds != 600 || seg.Pieces[0].Memo != "endpoint" {
		t.Errorf("segment %+v", seg)
	}
	// Re-coding this cell leaves the next one alone.
	longer := slice("b", "x", cell+200, cell+900)
	longer.Rev = 2
	list = []*Slice{api, longer}
	segs := Segments(Pieces(list, Claim(list, nil), qa), nil, nil)
	if segs[1].Label.Activity != "ui" || segs[0].Label.Activity != "qa" {
		t.Errorf("labels %+v, %+v", segs[0].Label, segs[1].Label)
	}
}

// Example 13, T-10: kept idle time lies in its cells and is never active.
func TestExample13_KeptIdle(t *testing.T) {
	kept := slice("a", "x", at(t, "2026-11-20 10:12:40"), at(t, "2026-11-20 10:31:05"))
	kept.Kind = KeptIdle
	one := uint16(1)
	in := []*CellInput{{Device: "d", Minutes: []Minute{{At: at(t, "2026-11-20 10:31:00") / 60, Keys: &one, Clicks: &one, Scroll: &one}}}}
	list := []*Slice{kept}
	segs := Segments(Pieces(list, Claim(list, nil), nil), in, nil)
	want := []int64{440, 600, 65}
	if len(segs) != 3 {
		t.Fatalf("%d segments", len(segs))
	}
	for i, s := range segs {
		if s.Seconds != want[i] || s.Kept != want[i] || s.Active != 0 || s.Protected() {
			t.Errorf("segment %d: %+v", i, s)
		}
	}
}

func counted(minute int64, keys, clicks, scrolls uint16) Minute {
	return Minute{At: minute, Keys: &keys, Clicks: &clicks, Scroll: &scrolls}
}

// T-06: the level is active minutes of touched ones; movement alone is not activity.
func TestT06_ActivityLevel(t *testing.T) {
	s := slice("a", "x", at(t, "2026-11-20 10:02:30"), at(t, "2026-11-20 10:07:10"))
	first := at(t, "2026-11-20 10:00:00") / 60
	in := []*CellInput{{Device: "d", Minutes: []Minute{
		counted(first+1, 9, 0, 0), // before it began
		counted(first+2, 1, 0, 0), counted(first+3, 0, 1, 0), counted(first+6, 0, 0, 1),
		func() Minute { m := counted(first+4, 0, 0, 0); m.Moved = 40; return m }(),
	}}}
	list := []*Slice{s}
	seg := Segments(Pieces(list, Claim(list, nil), nil), in, nil)[0]
	if p, ok := seg.Percent(); !ok || p != 50 || seg.Touched != 6 || seg.Active != 3 {
		t.Errorf("level %d%% (%t), %d of %d minutes", p, ok, seg.Active, seg.Touched)
	}
	want := [10]Box{BoxUntracked, BoxUntracked, BoxActive, BoxActive, BoxInactive, BoxInactive, BoxActive, BoxInactive, BoxUntracked, BoxUntracked}
	if seg.Boxes != want {
		t.Errorf("boxes %v", seg.Boxes)
	}
	if seg.Keys != 1 || seg.Clicks != 1 || seg.Scrolls != 1 {
		t.Errorf("counts %d %d %d", seg.Keys, seg.Clicks, seg.Scrolls)
	}
	// A second device adds its counts; a record seen twice does not.
	in = append(in, in[0], &CellInput{Device: "e", Minutes: []Minute{counted(first+2, 5, 0, 0), counted(first+5, 1, 0, 0)}})
	seg = Segments(Pieces(list, Claim(list, nil), nil), in, nil)[0]
	if seg.Keys != 7 || seg.Active != 4 {
		t.Errorf("two devices: %d keys, %d active", seg.Keys, seg.Active)
	}
}

// T-06: where the system tells no counts the level is blank, not zero.
func TestT06_NotMeasuredIsNotZero(t *testing.T) {
	s := slice("a", "x", 0, 600)
	list := []*Slice{s}
	in := []*CellInput{{Device: "d", Minutes: []Minute{{At: 0, Moved: 12}}}}
	seg := Segments(Pieces(list, Claim(list, nil), nil), in, nil)[0]
	if _, ok := seg.Percent(); ok || seg.Measured || seg.Protected() {
		t.Errorf("segment %+v", seg)
	}
}

// T-06, T-18, W-27: where counts were taken and are not kept any more a segment says since when. Nothing is measured then, neither by what
// another device still has, and the badge is neither there nor refused. Where nothing was counted all stays as it was.
func TestW27_CountsThatAreGone(t *testing.T) {
	const until = 90 * 86400
	full := &CellInput{Device: "d", Minutes: []Minute{counted(0, 1, 0, 0)}}
	blind := &CellInput{Device: "w", Minutes: []Minute{{At: 1, Moved: 12}}}
	left := func(in *CellInput) *CellInput {
		x, less := Leave(in, time.Unix(until, 0))
		if !less {
			t.Fatal("nothing went")
		}
		return x.(*CellInput)
	}
	gone := left(full)
	for name, tt := range map[string]struct {
		in                          []*CellInput
		spoil                       func(*Slice)
		expired                     int64
		measured, protected, unsaid bool
	}{
		"all there":                     {[]*CellInput{full}, nil, 0, true, true, false},
		"all gone":                      {[]*CellInput{gone}, nil, until, false, false, true},
		"of one device, the other's is": {[]*CellInput{gone, {Device: "e", Minutes: full.Minutes}}, nil, until, false, false, true},
		"beside one that cannot count":  {[]*CellInput{gone, left(blind)}, nil, until, false, false, true},
		"of one that cannot count":      {[]*CellInput{left(blind)}, nil, 0, false, false, false},
		"of another segment":            {[]*CellInput{full, {Device: "d", Cell: 1, Until: until}}, nil, 0, true, true, false},
		"and the memo is blank":         {[]*CellInput{gone}, func(s *Slice) { s.Memo = " " }, until, false, false, false},
		"and it came late":              {[]*CellInput{gone}, func(s *Slice) { s.Flags = []string{FlagLate} }, until, false, false, false},
		"of time entered by hand":       {[]*CellInput{gone}, func(s *Slice) { s.Kind = Manual }, 0, false, false, false},
		"of idle time that was kept":    {[]*CellInput{gone}, func(s *Slice) { s.Kind = KeptIdle }, 0, false, false, false},
	} {
		s := slice("a", "x", 0, 600)
		if tt.spoil != nil {
			tt.spoil(s)
		}
		seg := Segments(Pieces([]*Slice{s}, Claim([]*Slice{s}, nil), nil), tt.in, nil)[0]
		if seg.Expired != tt.expired || seg.Measured != tt.measured || seg.Protected() != tt.protected || seg.Unsaid() != tt.unsaid {
			t.Errorf("%s: since %d, measured %t, protected %t, unsaid %t", name, seg.Expired, seg.Measured, seg.Protected(), seg.Unsaid())
		}
		if _, ok := seg.Percent(); ok != tt.measured || !tt.measured && seg.Keys+seg.Active > 0 {
			t.Errorf("%s: %+v", name, seg)
		}
	}
}

// T-18: every condition of the badge alone takes it away.
func TestT18_ProtectionBadge(t *testing.T) {
	in := []*CellInput{{Device: "d", Minutes: []Minute{counted(0, 1, 0, 0)}}}
	for name, spoil := range map[string]func(*Slice){
		"":                func(*Slice) {},
		"blank memo":      func(s *Slice) { s.Memo = "  " },
		"manual":          func(s *Slice) { s.Kind = Manual },
		"kept idle":       func(s *Slice) { s.Kind = KeptIdle },
		"late":            func(s *Slice) { s.Flags = []string{FlagLate} },
		"after the end":   func(s *Slice) { s.Flags = []string{FlagAfterEnd} },
		"no active count": func(s *Slice) { s.Start = 60 },
	} {
		s := slice("a", "x", 0, 600)
		spoil(s)
		seg := Segments(Pieces([]*Slice{s}, Claim([]*Slice{s}, nil), nil), in, nil)[0]
		if seg.Protected() != (name == "") {
			t.Errorf("%q: protected %t", name, seg.Protected())
		}
	}
	over := []Piece{{Interval: Interval{0, 600}, How: Tracked, Memo: "m", Over: true}}
	if Segments(over, in, nil)[0].Protected() {
		t.Error("over the limit, yet protected")
	}
}

// T-03 and A-13: cells hold at most 600 s over all contracts, and nothing is lost or won on the way to segments, grid and days.
func TestA13_SumsAgree(t *testing.T) {
	zones := []*time.Location{time.UTC, zone(t, "Asia/Kathmandu"), zone(t, "America/Los_Angeles"), zone(t, "Pacific/Chatham")}
	rapid.Check(t, func(r *rapid.T) {
		list := someSlices(r)
		// Lay them over the edge of a week in which Berlin and Los Angeles change their clocks.
		base := at(t, "2026-10-25 22:00:00")
		for _, s := range list {
			s.Start, s.End = s.Start+base, s.End+base
		}
		marks := someMarks(r, list)
		pieces := Pieces(list, Claim(list, marks), marks)
		var want int64
		for _, p := range pieces {
			want += p.Seconds()
		}
		cells := map[Cell]int64{}
		var segs int64
		for _, s := range Segments(pieces, nil, nil) {
			cells[s.Cell] += s.Seconds
			segs += s.Seconds
			if s.Seconds <= 0 || s.Label.More < 0 || s.Touched > 10 {
				r.Fatalf("segment %+v", s)
			}
		}
		for c, n := range cells {
			if n > CellSeconds {
				r.Fatalf("cell %s holds %d s", c.Start(), n)
			}
		}
		loc := rapid.SampledFrom(zones).Draw(r, "zone")
		var days, grid, billable int64
		for _, n := range SecondsByDay(pieces, loc) {
			days += n
		}
		limit := rapid.SampledFrom([]int64{0, 1, 599, 5000, 20000, 1e6}).Draw(r, "limit")
		for _, w := range []Week{WeekOf(time.Unix(base, 0)), WeekOf(time.Unix(base, 0)).Next()} {
			g := WeekGrid(pieces, w, loc)
			grid += g.Week.Seconds
			var rows, byDay int64
			for _, row := range g.Rows {
				rows += row.Week.Seconds
			}
			for _, d := range g.Total {
				byDay += d.Seconds
			}
			if rows != g.Week.Seconds || byDay != g.Week.Seconds {
				r.Fatalf("grid: rows %d, days %d, week %d", rows, byDay, g.Week.Seconds)
			}
			walked := WalkLimit(pieces, w, limit)
			if n := BillableSeconds(walked); n > limit {
				r.Fatalf("%d s billed, limit %d", n, limit)
			}
			for _, p := range walked {
				billable += p.Seconds()
			}
		}
		if segs != want || days != want || grid != want || billable != want {
			r.Fatalf("pieces %d, segments %d, days %d, grid %d, limit walk %d", want, segs, days, grid, billable)
		}
	})
}
