package workroom

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Box is one of the ten boxes of a segment's meter, one a minute.
type Box string

// The three looks of a box.
const (
	BoxUntracked Box = "untracked" // no tracked second in this minute
	BoxInactive  Box = "inactive"  // tracked, without a key, click or scroll
	BoxActive    Box = "active"
)

// Segment is one ten-minute diary cell of one contract. It is never stored: it is what the pieces in the cell add up to.
type Segment struct {
	Freelancer AccountID
	Contract   ContractID
	Cell       Cell
	Pieces     []Piece // cut to the cell, in order of time
	Label      Label

	Seconds  int64 // of all kinds, 0–600
	Kept     int64 // of these: idle time the freelancer kept
	Manual   int64 // written in by hand
	Over     int64 // beyond the weekly limit
	Late     int64 // arrived after the freeze
	AfterEnd int64 // recorded after the contract's end

	// Minutes touched by tracking, and those of them with a key, click or scroll. The activity level is Active / Touched.
	Touched, Active int
	Boxes           [10]Box
	// Counts of all devices over the minutes touched. They mean nothing, not zero, where Measured is false: no record, or a system that
	// tells no counts.
	Keys, Clicks, Scrolls int
	Measured              bool
	// Expired is since when the counts are gone, in Unix seconds, 0 while they are kept or where none were taken. The counts of a segment go
	// together: where those of one device are gone, what another still has is not the whole, so Measured is false and nothing is told of it.
	Expired int64

	Shots []*Shot // of this contract in this cell, in order of time
}

// Label heads a segment: activity and memo of what took the most time, and how many others there were.
type Label struct {
	Activity ActivityID
	Memo     string
	More     int
}

// Percent is the activity level as a whole number, 0 to 100, and false where no minute was tracked or nothing was measured.
func (s *Segment) Percent() (int, bool) {
	if s.Touched == 0 || !s.Measured {
		return 0, false
	}
	return (200*s.Active + s.Touched) / (2 * s.Touched), true
}

// Protected reports whether the segment carries the protection badge: all of it tracked, with a memo, at least one active minute,
// within the limit and in time. No money is promised by it.
func (s *Segment) Protected() bool { return s.Active > 0 && s.proper() }

// Unsaid reports whether nobody can say any more if the segment was protected: all but its counts says so, and they are gone.
func (s *Segment) Unsaid() bool { return s.Expired != 0 && s.proper() }

// proper is the protection badge but for the active minute.
func (s *Segment) proper() bool {
	for _, p := range s.Pieces {
		if p.How != Tracked || strings.TrimSpace(p.Memo) == "" || !p.Billable() {
			return false
		}
	}
	return s.Seconds > 0
}

// Segments groups pieces into segments, in order of time, then contract. inputs and shots may hold more than the pieces need; an input
// record has no contract and counts for whichever pieces its minutes touch.
func Segments(pieces []Piece, inputs []*CellInput, shots []*Shot) []*Segment {
	type key struct {
		freelancer AccountID
		contract   ContractID
		cell       Cell
	}
	found := map[key]*Segment{}
	var out []*Segment
	for _, p := range pieces {
		for c, part := range cellsOf(p.Interval) {
			k := key{p.Freelancer, p.Contract, c}
			s := found[k]
			if s == nil {
				s = &Segment{Freelancer: p.Freelancer, Contract: p.Contract, Cell: c}
				found[k] = s
				out = append(out, s)
			}
			p.Interval = part
			s.Pieces = append(s.Pieces, p)
		}
	}
	slices.SortFunc(out, func(a, b *Segment) int {
		return cmp.Or(cmp.Compare(a.Cell, b.Cell), cmp.Compare(a.Contract, b.Contract), cmp.Compare(a.Freelancer, b.Freelancer))
	})
	minutes, gone := mergeMinutes(inputs), map[Cell]int64{}
	for _, in := range inputs {
		gone[Cell(in.Cell)] = max(gone[Cell(in.Cell)], in.Until)
	}
	taken := map[key][]*Shot{}
	for _, shot := range shots {
		k := key{contract: shot.Contract, cell: Cell(shot.Cell)}
		taken[k] = append(taken[k], shot)
	}
	for _, s := range out {
		s.sum()
		if slices.ContainsFunc(s.Pieces, func(p Piece) bool { return p.How == Tracked }) {
			s.Expired = gone[s.Cell]
		}
		s.measure(minutes)
		s.Shots = append(s.Shots, taken[key{contract: s.Contract, cell: s.Cell}]...)
		slices.SortFunc(s.Shots, func(a, b *Shot) int { return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Device, b.Device)) })
	}
	return out
}

// sum adds up the seconds and finds the label: the pair of activity and memo with most seconds, of equals the earliest.
func (s *Segment) sum() {
	slices.SortFunc(s.Pieces, func(a, b Piece) int { return cmp.Compare(a.From, b.From) })
	var labels []Label
	took := map[Label]int64{}
	for _, p := range s.Pieces {
		n := p.Seconds()
		s.Seconds += n
		for _, part := range []struct {
			in  bool
			sum *int64
		}{{p.How == KeptIdle, &s.Kept}, {p.How == Manual, &s.Manual}, {p.Over, &s.Over}, {p.Late, &s.Late}, {p.AfterEnd, &s.AfterEnd}} {
			if part.in {
				*part.sum += n
			}
		}
		l := Label{Activity: p.Activity, Memo: p.Memo}
		if took[l] == 0 {
			labels = append(labels, l)
		}
		took[l] += n
	}
	for _, l := range labels {
		if took[l] > took[s.Label] {
			s.Label = l
		}
	}
	s.Label.More = len(labels) - 1
}

// measure fills the boxes and counts. Kept idle time touches its minutes but is never active; manual time has no activity at all.
func (s *Segment) measure(minutes map[int64]minuteSum) {
	first := int64(s.Cell) * 10
	for i := range s.Boxes {
		at := first + int64(i)
		s.Boxes[i] = BoxUntracked
		var touched, tracked bool
		for _, p := range s.Pieces {
			if _, ok := p.meet(Interval{at * 60, at*60 + 60}); ok {
				touched = touched || p.How != Manual
				tracked = tracked || p.How == Tracked
			}
		}
		if !touched {
			continue
		}
		s.Touched++
		s.Boxes[i] = BoxInactive
		m := minutes[at]
		if !tracked || !m.measured || s.Expired != 0 {
			continue
		}
		s.Measured = true
		s.Keys, s.Clicks, s.Scrolls = s.Keys+m.keys, s.Clicks+m.clicks, s.Scrolls+m.scrolls
		if m.keys+m.clicks+m.scrolls > 0 {
			s.Active++
			s.Boxes[i] = BoxActive
		}
	}
}

// minuteSum is one minute over all devices: counts are added, so it is active if it was on any.
type minuteSum struct {
	keys, clicks, scrolls int
	measured              bool
}

// mergeMinutes adds up devices. Of several records of one device the larger count holds, because reports only grow.
func mergeMinutes(inputs []*CellInput) map[int64]minuteSum {
	type key struct {
		device string
		at     int64
	}
	each := map[key]minuteSum{}
	for _, in := range inputs {
		for _, m := range in.Minutes {
			one := each[key{in.Device, m.At}]
			one.measured = one.measured || m.Measured()
			for _, part := range []struct {
				n    *uint16
				into *int
			}{{m.Keys, &one.keys}, {m.Clicks, &one.clicks}, {m.Scroll, &one.scrolls}} {
				if part.n != nil {
					*part.into = max(*part.into, int(*part.n))
				}
			}
			each[key{in.Device, m.At}] = one
		}
	}
	out := make(map[int64]minuteSum, len(each))
	for k, one := range each {
		sum := out[k.at]
		sum.keys, sum.clicks, sum.scrolls = sum.keys+one.keys, sum.clicks+one.clicks, sum.scrolls+one.scrolls
		sum.measured = sum.measured || one.measured
		out[k.at] = sum
	}
	return out
}

// Sum is what some pieces add up to, in seconds.
type Sum struct {
	Seconds  int64
	Billable int64
	Manual   int64
}

func (s *Sum) add(p Piece) {
	s.Seconds += p.Seconds()
	if p.Billable() {
		s.Billable += p.Seconds()
	}
	if p.How == Manual {
		s.Manual += p.Seconds()
	}
}

// Grid is a week's time by activity and day. A day is a day of the viewer's zone, so a week, which runs from Monday to Monday in UTC, may
// show eight of them.
type Grid struct {
	Days  []string // YYYY-MM-DD
	Rows  []GridRow
	Total []Sum // one a day, over all rows
	Week  Sum
}

// GridRow is one activity's line. An empty Activity is "No activity".
type GridRow struct {
	Activity ActivityID
	Days     []Sum
	Week     Sum
}

// WeekGrid adds up what of the pieces lies in week, by activity and by day in loc. Rows stand in order of activity id.
func WeekGrid(pieces []Piece, week Week, loc *time.Location) Grid {
	var g Grid
	var edges []int64 // of days, within the week
	for t := week.Start(); t.Before(week.End()); t = nextDay(t, loc) {
		day := t.In(loc).Format(time.DateOnly)
		g.Days = append(g.Days, day)
		edges = append(edges, t.Unix())
	}
	edges = append(edges, week.End().Unix())
	g.Total = make([]Sum, len(g.Days))
	rows := map[ActivityID]*GridRow{}
	for _, p := range pieces {
		whole := p.Interval
		for i := range g.Days {
			part, ok := whole.meet(Interval{edges[i], edges[i+1]})
			if !ok {
				continue
			}
			p.Interval = part
			r := rows[p.Activity]
			if r == nil {
				r = &GridRow{Activity: p.Activity, Days: make([]Sum, len(g.Days))}
				rows[p.Activity] = r
			}
			for _, sum := range []*Sum{&r.Days[i], &r.Week, &g.Total[i], &g.Week} {
				sum.add(p)
			}
		}
	}
	for _, r := range rows {
		g.Rows = append(g.Rows, *r)
	}
	slices.SortFunc(g.Rows, func(a, b GridRow) int { return cmp.Compare(a.Activity, b.Activity) })
	return g
}

// nextDay is the first instant after t that belongs to another day in loc. It is found by instants, because a zone may skip midnight or
// have a day of 23 or 25 hours.
func nextDay(t time.Time, loc *time.Location) time.Time {
	y, m, d := t.In(loc).Date()
	next := time.Date(y, m, d+1, 0, 0, 0, 0, loc)
	if !next.After(t) { // midnight is skipped there
		next = t.Add(time.Hour)
	}
	return next.UTC()
}

// SecondsByDay adds up pieces by day in loc, over any range; days without time are absent.
func SecondsByDay(pieces []Piece, loc *time.Location) map[string]int64 {
	out := map[string]int64{}
	for _, p := range pieces {
		for t := time.Unix(p.From, 0); t.Unix() < p.To; {
			next := nextDay(t, loc)
			to := min(next.Unix(), p.To)
			out[t.In(loc).Format(time.DateOnly)] += to - t.Unix()
			t = time.Unix(to, 0)
		}
	}
	return out
}
