package app

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"

	"trestle/internal/workroom"
)

// colours gives each activity one of the seven chart colours, in order of making, so that it keeps it everywhere.
func (b *book) colours() map[workroom.ActivityID]int64 {
	return coloursOf(b.activities)
}

func coloursOf(activities map[workroom.ActivityID]*workroom.Activity) map[workroom.ActivityID]int64 {
	ids := make([]workroom.ActivityID, 0, len(activities))
	for id := range activities {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(x, y workroom.ActivityID) int {
		if d := activities[x].Made - activities[y].Made; d != 0 {
			return int(max(-1, min(1, d)))
		}
		return strings.Compare(string(x), string(y))
	})
	out := map[workroom.ActivityID]int64{}
	for i, id := range ids {
		out[id] = int64(i%7) + 1
	}
	return out
}

const noActivity = "No activity"

func (b *book) code(id workroom.ActivityID) string {
	if a := b.activities[id]; a != nil {
		return a.Code
	}
	return noActivity
}

// week draws one week: hours by activity and day, what it is worth, and what happens next.
func (b *book) week(w workroom.Week) WeekView {
	pieces := inWeek(b.pieces(), w)
	grid := workroom.WeekGrid(pieces, w, b.zone)
	colours, terms := b.colours(), b.past().Of(w)
	out := WeekView{
		Contract: string(b.id), Week: w.String(), Zone: zoneName(b.zone, b.now), State: string(b.past().State(w, b.now)),
		Days: grid.Days, Rows: []WeekRow{}, Totals: make([]int64, len(grid.Days)), Memos: []MemoTotal{},
		Seconds: grid.Week.Seconds, Rate: terms.Rate, Currency: terms.Currency,
		Manual: grid.Week.Manual, Activity: -1, Steps: b.steps(w),
		Billable: workroom.BilledSeconds(pieces, b.compute().ties, terms),
	}
	out.Settling = b.settling(w)
	out.Amount = workroom.Amount(out.Rate, out.Billable)
	if s := b.seals[w.String()]; s != nil {
		out.Sealed, out.Rate, out.Currency, out.Billable, out.Amount = s.Sum, s.Rate, s.Currency, s.Billable, s.Amount
	}
	if !terms.Unlimited {
		out.Limit = terms.Limit
	}
	for i, t := range grid.Total {
		out.Totals[i] = t.Seconds
	}
	for _, r := range grid.Rows {
		row := WeekRow{Activity: string(r.Activity), Code: b.code(r.Activity), Colour: colours[r.Activity], Seconds: r.Week.Seconds, Days: make([]int64, len(r.Days))}
		for i, d := range r.Days {
			row.Days[i] = d.Seconds
		}
		out.Rows = append(out.Rows, row)
	}
	slices.SortStableFunc(out.Rows, func(x, y WeekRow) int { // most time first, what has no activity last
		if (x.Activity == "") != (y.Activity == "") {
			if x.Activity == "" {
				return 1
			}
			return -1
		}
		return int(y.Seconds - x.Seconds)
	})
	out.Memos = b.memos(pieces)
	for _, p := range pieces {
		for _, part := range []struct {
			in  bool
			sum *int64
		}{{p.How == workroom.KeptIdle, &out.Kept}, {p.Over, &out.Over}, {p.Late, &out.Late}, {p.AfterEnd, &out.AfterEnd}} {
			if part.in {
				*part.sum += p.Seconds()
			}
		}
	}
	out.Tracked = out.Seconds - out.Kept - out.Manual
	active, touched := 0, 0
	segments := workroom.Segments(pieces, b.inputs, nil)
	out.Parts = b.parts(segments)
	out.May = b.may(max(w.Start().Unix(), min(b.now.Unix(), w.End().Unix()-1)))
	for _, s := range segments {
		if s.Measured {
			active, touched = active+s.Active, touched+s.Touched
		}
		if b.unsent(s) {
			out.Waiting++
		}
		if s.Protected() {
			out.Shielded++
		}
		if s.Expired != 0 {
			out.Expired++
		}
	}
	if touched > 0 {
		out.Activity = int64((200*active + touched) / (2 * touched))
	}
	return out
}

// memos adds up what was written beside each activity on each day.
func (b *book) memos(pieces []workroom.Piece) []MemoTotal {
	type key struct{ activity, day, memo string }
	sum := map[key]int64{}
	for _, p := range pieces {
		for day, n := range workroom.SecondsByDay([]workroom.Piece{p}, b.zone) {
			sum[key{string(p.Activity), day, p.Memo}] += n
		}
	}
	out := make([]MemoTotal, 0, len(sum))
	for k, n := range sum {
		out = append(out, MemoTotal{Activity: k.activity, Day: k.day, Memo: k.memo, Seconds: n})
	}
	slices.SortFunc(out, func(x, y MemoTotal) int {
		if c := strings.Compare(x.Day, y.Day); c != 0 {
			return c
		}
		if x.Seconds != y.Seconds {
			return int(y.Seconds - x.Seconds)
		}
		return strings.Compare(x.Memo, y.Memo)
	})
	return out
}

// steps are the four stretches of a week's life.
func (b *book) steps(w workroom.Week) []StepView {
	now := b.past().State(w, b.now)
	ends := []struct {
		state workroom.WeekState
		at    time.Time
	}{
		{workroom.WeekOpen, w.End()}, {workroom.WeekAdjust, w.FreezeAt()}, {workroom.WeekReview, w.End().Add(b.past().Review(w))},
	}
	out := make([]StepView, len(ends))
	for i, e := range ends {
		out[i] = StepView{Name: string(e.state), At: e.at.UnixMilli(), Now: e.state == now}
	}
	return out
}

// day draws one day of the viewer's zone: an hour a row from the first to the last with time in it, six cells each.
func (b *book) day(day string) (DayView, error) {
	from, err := time.ParseInLocation(time.DateOnly, day, b.zone)
	if err != nil {
		return DayView{}, Fail(CodeBadInput, "The day is written as YYYY-MM-DD.")
	}
	to := from.AddDate(0, 0, 1)
	out := DayView{Contract: string(b.id), Day: day, Zone: zoneName(b.zone, b.now), Week: b.week(workroom.WeekOf(from.Add(12 * time.Hour))), Hours: []HourView{}}
	var segments []*workroom.Segment
	for _, s := range workroom.Segments(b.pieces(), b.inputs, b.shots) {
		if start := s.Cell.Start(); !start.Before(from) && start.Before(to) {
			segments = append(segments, s)
			out.Seconds += s.Seconds
		}
	}
	byCell := map[workroom.Cell]*workroom.Segment{}
	shown := b.traces(from, to)
	for _, s := range segments {
		byCell[s.Cell] = s
		shown = append(shown, s.Cell)
	}
	out.May = b.may(max(from.Unix(), min(b.now.Unix(), to.Unix()-1)))
	if len(shown) == 0 {
		return out, nil
	}
	first, last := hourStart(slices.Min(shown).Start(), b.zone), slices.Max(shown).Start()
	for h := first; !h.After(last); h = h.Add(time.Hour) {
		out.Hours = append(out.Hours, b.hour(h, byCell))
	}
	return out, nil
}

// traces are the segments of a stretch of time in which nothing of the contract is left, and something was: it was deleted, or something else
// owns it.
func (b *book) traces(from, to time.Time) []workroom.Cell {
	var out []workroom.Cell
	add := func(x, y int64) {
		for c := workroom.CellOf(time.Unix(max(x, from.Unix()), 0)); c.Start().Unix() < min(y, to.Unix()); c++ {
			if !c.Start().Before(from) {
				out = append(out, c)
			}
		}
	}
	for _, p := range b.compute().shadows {
		add(p.From, p.To)
	}
	for _, m := range b.marks {
		if m.What == workroom.MarkCut && m.Seconds > 0 {
			for _, s := range m.Spans {
				add(s.From, s.To)
			}
		}
	}
	return out
}

func (b *book) hour(h time.Time, byCell map[workroom.Cell]*workroom.Segment) HourView {
	v := HourView{Label: workroom.ClockLabel(h, b.zone), Runs: []RunView{}, Cells: make([]CellView, 0, 6)}
	for i := range 6 {
		// In zones off the ten-minute lines (+5:45) the cell that begins inside this sixth of the hour stands here.
		c := workroom.CellOf(h.Add(time.Duration(i)*10*time.Minute + 9*time.Minute + 59*time.Second))
		v.Cells = append(v.Cells, b.cell(c, byCell[c]))
	}
	for i, c := range v.Cells {
		if c.Seconds == 0 {
			continue
		}
		if n := len(v.Runs); n > 0 {
			r := &v.Runs[n-1]
			if r.From+r.Span == int64(i) && r.Activity == c.Code && r.Memo == c.Memo && r.More == c.More {
				r.Span++
				continue
			}
		}
		v.Runs = append(v.Runs, RunView{From: int64(i), Span: 1, Activity: c.Code, Memo: c.Memo, Colour: c.Colour, More: c.More})
	}
	return v
}

// cell draws one segment; s is nil where nothing was tracked.
func (b *book) cell(c workroom.Cell, s *workroom.Segment) (v CellView) {
	v = CellView{
		Cell: int64(c), Start: c.Start().UnixMilli(), Label: workroom.ClockLabel(c.Start(), b.zone), Until: workroom.ClockLabel(c.End(), b.zone),
		Boxes: strings.Repeat("u", 10), Minutes: []MinuteView{}, Flags: []string{}, Shots: []*ShotView{}, Pieces: []PieceView{}, Cuts: b.cuts(c),
		May: b.may(c.Start().Unix()), Looks: b.looksAt(c),
	}
	shadows, hidden := b.shadowed(c)
	v.Shadowed, v.May.Swap = hidden, v.May.Swap && hidden > 0
	defer func() {
		for _, p := range shadows {
			v.Pieces = append(v.Pieces, b.piece(p, b.owner(p), true))
		}
	}()
	if s == nil {
		return v
	}
	v.Seconds, v.Activity, v.Code, v.Memo, v.More = s.Seconds, string(s.Label.Activity), b.code(s.Label.Activity), s.Label.Memo, int64(s.Label.More)
	v.Colour = b.colours()[s.Label.Activity]
	v.Active, v.Touched, v.Counted = int64(s.Active), int64(s.Touched), s.Measured
	v.Keys, v.Mouse = int64(s.Keys), int64(s.Clicks+s.Scrolls)
	v.Kept, v.Manual, v.Over, v.Late, v.AfterEnd, v.Shielded = s.Kept, s.Manual, s.Over, s.Late, s.AfterEnd, s.Protected()
	v.Gone, v.Unsaid = s.Expired*1000, s.Unsaid()
	v.Kind = string(workroom.Tracked)
	switch s.Seconds {
	case s.Manual:
		v.Kind = string(workroom.Manual)
	case s.Kept:
		v.Kind = string(workroom.KeptIdle)
	}
	v.Boxes = boxes(s)
	if s.Expired == 0 {
		v.Minutes = b.minutes(c)
	}
	v.Waiting = b.unsent(s)
	for _, p := range s.Pieces {
		v.Open = v.Open || p.Slice == b.open && b.open != ""
		one := b.piece(p, "", false)
		v.Pieces = append(v.Pieces, one)
		for _, f := range one.Flags {
			if !slices.Contains(v.Flags, f) {
				v.Flags = append(v.Flags, f)
			}
		}
	}
	for _, x := range s.Shots {
		v.Shots = append(v.Shots, shotView(x))
	}
	if len(s.Shots) > 0 {
		v.Shot = v.Shots[0]
	}
	return v
}

// piece draws a stretch of a segment.
func (b *book) piece(p workroom.Piece, owner string, shadowed bool) PieceView {
	v := PieceView{Slice: p.Slice, From: p.From * 1000, To: p.To * 1000, Activity: string(p.Activity), Code: b.code(p.Activity), Memo: p.Memo, Kind: string(p.How),
		Flags: []string{}, Shadowed: shadowed, Owner: owner}
	for _, f := range []struct {
		in   bool
		name string
	}{{p.Over, "over_limit"}, {p.Late, workroom.FlagLate}, {p.AfterEnd, workroom.FlagAfterEnd}, {p.Retired, workroom.FlagCodeInactive}} {
		if f.in {
			v.Flags = append(v.Flags, f.name)
		}
	}
	v.Flags = append(v.Flags, b.clockFlags(p.Slice)...)
	return v
}

// clockFlags are what a slice says of the clock it was measured by (T-03).
func (b *book) clockFlags(slice string) (out []string) {
	i := slices.IndexFunc(b.slices, func(s *workroom.Slice) bool { return s.ID == slice })
	if i < 0 {
		return nil
	}
	for _, f := range []string{workroom.FlagClockCorrected, workroom.FlagClockUncertain} {
		if slices.Contains(b.slices[i].Flags, f) {
			out = append(out, f)
		}
	}
	return out
}

// boxes writes the ten boxes of the meter: a letter a minute.
func boxes(s *workroom.Segment) string {
	var b strings.Builder
	for _, x := range s.Boxes {
		switch {
		case x == workroom.BoxActive:
			b.WriteByte('a')
		case x == workroom.BoxInactive && !s.Measured:
			b.WriteByte('p')
		case x == workroom.BoxInactive:
			b.WriteByte('i')
		default:
			b.WriteByte('u')
		}
	}
	return b.String()
}

// minutes lists the counts of a cell minute by minute, all devices joined.
func (b *book) minutes(c workroom.Cell) []MinuteView {
	sum := map[int64]*MinuteView{}
	for _, in := range b.inputs {
		if workroom.Cell(in.Cell) != c {
			continue
		}
		for _, m := range in.Minutes {
			v := sum[m.At]
			if v == nil {
				v = &MinuteView{At: m.At, Keys: -1, Clicks: -1, Scrolls: -1}
				sum[m.At] = v
			}
			for _, part := range []struct {
				n    *uint16
				into *int64
			}{{m.Keys, &v.Keys}, {m.Clicks, &v.Clicks}, {m.Scroll, &v.Scrolls}} {
				if part.n != nil {
					*part.into = max(0, *part.into) + int64(*part.n)
				}
			}
		}
	}
	out := make([]MinuteView, 0, len(sum))
	for at := int64(c) * 10; at < int64(c)*10+10; at++ {
		if v := sum[at]; v != nil {
			out = append(out, *v)
		}
	}
	return out
}

func shotView(s *workroom.Shot) *ShotView {
	v := &ShotView{File: string(s.File), At: s.At * 1000, W: int64(s.W), H: int64(s.H), Displays: int64(s.Displays), Reason: string(s.Reason), Gone: s.Until * 1000, Files: []ShotFile{}}
	for _, p := range s.Pictures() {
		v.Files = append(v.Files, ShotFile{File: string(p.File), W: int64(p.W), H: int64(p.H)})
	}
	if len(s.Seed) > 0 {
		v.Seed = base64.StdEncoding.EncodeToString(s.Seed)
	}
	return v
}

func inWeek(pieces []workroom.Piece, w workroom.Week) []workroom.Piece {
	var out []workroom.Piece
	for _, p := range pieces {
		if p.From >= w.Start().Unix() && p.To <= w.End().Unix() {
			out = append(out, p)
		}
	}
	return out
}

// hourStart is the full hour of the viewer's clock at or before t.
func hourStart(t time.Time, zone *time.Location) time.Time {
	l := t.In(zone)
	return t.Add(-time.Duration(l.Minute())*time.Minute - time.Duration(l.Second())*time.Second)
}

// zoneName names a zone with its offset: "Europe/Berlin (UTC+1)".
func zoneName(zone *time.Location, now time.Time) string {
	name, off := now.In(zone).Zone()
	if zone.String() != "Local" {
		name = zone.String()
	}
	if off == 0 {
		return "UTC"
	}
	sign := "+"
	if off < 0 {
		sign, off = "−", -off
	}
	text := fmt.Sprintf("UTC%s%d", sign, off/3600)
	if m := off % 3600 / 60; m != 0 {
		text += fmt.Sprintf(":%02d", m)
	}
	return fmt.Sprintf("%s (%s)", name, text)
}
