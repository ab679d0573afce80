package app

import (
	"cmp"
	"context"
	"slices"
	"time"

	"trestle/internal/tracker"
	"trestle/internal/workroom"
)

// span is a chosen stretch of time, in Unix seconds. whole says that it was chosen by its segments.
type span struct {
	workroom.Interval
	whole bool
}

// chosen are the stretches that a page chose: by segments, or by two moments. Neighbours are joined.
func chosen(cells []int64, from, to int64) ([]span, error) {
	if len(cells) > 7*144 {
		return nil, workroom.Bad("cells", "Choose at most a week of segments at once.")
	}
	if len(cells) == 0 {
		in := workroom.Interval{From: from / 1000, To: to / 1000}
		if in.From <= 0 || in.To <= in.From || in.Seconds() > 7*86400 {
			return nil, workroom.Bad("cells", "Choose one or more segments.")
		}
		return []span{{in, false}}, nil
	}
	sorted := slices.Compact(slices.Sorted(slices.Values(cells)))
	var out []span
	for _, c := range sorted {
		in := workroom.Interval{From: c * workroom.CellSeconds, To: (c + 1) * workroom.CellSeconds}
		if c <= 0 || c > 1<<33 {
			return nil, workroom.Bad("cells", "There is no such segment.")
		}
		if n := len(out); n > 0 && out[n-1].To == in.From {
			out[n-1].To = in.To
		} else {
			out = append(out, span{in, true})
		}
	}
	return out, nil
}

// editing opens the diary around what was chosen. What is being tracked is reported first if it is among it, so that the service knows what
// the edit is about.
func (d *Diary) editing(contract string, cells []int64, from, to int64) (*Session, *book, []span, error) {
	s, err := d.c.here()
	if err != nil {
		return nil, nil, nil, err
	}
	c, _, err := s.contract(contract)
	if err != nil {
		return nil, nil, nil, err
	}
	list, err := chosen(cells, from, to)
	if err != nil {
		return nil, nil, nil, err
	}
	if k := s.track; k != nil {
		if open := k.running(); open != nil && string(open.Contract) == contract && list[len(list)-1].To > open.Start {
			if err := k.do(context.Background(), func() { _ = k.step(tracker.Report{}) }); err != nil {
				return nil, nil, nil, err
			}
		}
	}
	b, err := s.bookAround(workroom.ContractID(contract), c, list[0].From, list[len(list)-1].To)
	return s, b, list, err
}

// bookAround is the book of the weeks that a stretch of time lies in, with the one before, from which slices reach over.
func (s *Session) bookAround(id workroom.ContractID, c *workroom.Contract, from, to int64) (*book, error) {
	weeks := []workroom.Week{workroom.WeekOf(time.Unix(from, 0)).Previous()}
	for w := workroom.WeekOf(time.Unix(from, 0)); w.Start().Unix() < to; w = w.Next() {
		weeks = append(weeks, w)
	}
	return s.book(id, c, s.clockNow(), time.Local, weeks...)
}

// clockNow is the moment on the tracker's clock, which the service's has put right, else the computer's.
func (s *Session) clockNow() time.Time {
	if s.track != nil {
		return s.track.present()
	}
	return time.Now()
}

// edits gathers marks by kind, value, contract and week, and writes them down.
type edits struct {
	s    *Session
	b    *book
	list map[editKey][]workroom.MarkSpan
	keys []editKey
}

type editKey struct {
	contract workroom.ContractID
	week     string
	what     workroom.MarkWhat
	value    string
}

func (s *Session) edits(b *book) *edits {
	return &edits{s: s, b: b, list: map[editKey][]workroom.MarkSpan{}}
}

// find is a slice of the book, or of another contract of its freelancer.
func (b *book) find(id string) *workroom.Slice {
	for _, list := range [][]*workroom.Slice{b.slices, b.others} {
		for _, x := range list {
			if x.ID == id {
				return x
			}
		}
	}
	return nil
}

func (e *edits) add(slice string, from, to int64, what workroom.MarkWhat, value string) error {
	x := e.b.find(slice)
	if x == nil {
		return workroom.Refuse(workroom.Gone)
	}
	k := editKey{x.Contract, workroom.WeekOf(time.Unix(x.Start, 0)).String(), what, value}
	if e.list[k] == nil {
		e.keys = append(e.keys, k)
	}
	e.list[k] = append(e.list[k], workroom.MarkSpan{Slice: slice, From: from, To: to})
	return nil
}

// write checks all of it before it writes any, so that an edit happens whole or not at all.
func (e *edits) write() error {
	for _, k := range e.keys {
		h := e.b.past()
		if k.contract != e.b.id {
			other, _, err := e.s.contract(string(k.contract))
			if err != nil {
				return err
			}
			if h, err = e.s.history(context.Background(), k.contract, other); err != nil {
				return err
			}
		}
		for _, x := range e.list[k] {
			if r := workroom.MayMark(h, e.s.me(), k.what, x.From, e.b.now); r != nil {
				return r
			}
		}
	}
	for _, k := range e.keys {
		for part := range slices.Chunk(e.list[k], workroom.MaxSpans) {
			cmd := workroom.MarkTime{Contract: k.contract, Week: k.week, What: k.what, Value: k.value, Spans: part}
			if _, err := e.s.enqueue(cmd, enqueueOpts{At: e.b.now}); err != nil {
				return err
			}
		}
	}
	return nil
}

// timeWithin are the pieces of a list that lie in what was chosen, cut to it.
func timeWithin(pieces []workroom.Piece, list []span) []workroom.Piece {
	var out []workroom.Piece
	for _, p := range pieces {
		for _, in := range list {
			part := p
			part.From, part.To = max(p.From, in.From), min(p.To, in.To)
			if part.From < part.To {
				out = append(out, part)
			}
		}
	}
	return out
}

// doneOf sums up what was changed.
func doneOf(pieces []workroom.Piece) TimeDone {
	out := TimeDone{Undo: []TimePart{}}
	cells := map[workroom.Cell]bool{}
	for _, p := range pieces {
		out.Seconds += p.Seconds()
		for c := workroom.CellOf(time.Unix(p.From, 0)); c.Start().Unix() < p.To; c++ {
			cells[c] = true
		}
	}
	out.Segments = int64(len(cells))
	return out
}

// Edit gives time another memo or activity (T-02, T-17, A-07).
func (d *Diary) Edit(in EditTimeIn) (out TimeDone, err error) {
	defer guard(&err)
	out.Undo = []TimePart{}
	if !in.SetMemo && !in.SetActivity {
		return out, workroom.Bad("memo", "Nothing was changed.")
	}
	s, b, list, err := d.editing(in.Contract, in.Cells, in.From, in.To)
	if err != nil {
		return out, err
	}
	memo := trimMemo(in.Memo)
	if in.SetMemo {
		if r := workroom.CheckMemo(memo); r != nil {
			return out, r
		}
	}
	pieces := timeWithin(b.pieces(), list)
	if in.Bare {
		pieces = slices.DeleteFunc(pieces, func(p workroom.Piece) bool { return p.Activity != "" })
	}
	if len(pieces) == 0 {
		return out, workroom.Bad("cells", "There is no time of this contract here.")
	}
	out = doneOf(pieces)
	e := s.edits(b)
	for _, p := range pieces {
		to := p.To
		if p.Slice == b.open && b.open != "" { // what is tracked in the rest of the segment is meant, too
			for _, x := range list {
				if x.whole && x.From < p.To && p.To <= x.To {
					to = x.To
				}
			}
		}
		for _, x := range []struct {
			set        bool
			name       string
			what       workroom.MarkWhat
			value, was string
		}{{in.SetMemo, "memo", workroom.MarkMemo, memo, p.Memo}, {in.SetActivity, "activity", workroom.MarkCode, in.Activity, string(p.Activity)}} {
			if !x.set || x.value == x.was && to == p.To {
				continue
			}
			if err := e.add(p.Slice, p.From, to, x.what, x.value); err != nil {
				return TimeDone{Undo: []TimePart{}}, err
			}
			out.Undo = append(out.Undo, TimePart{Slice: p.Slice, From: p.From * 1000, To: to * 1000, What: x.name, Value: x.was})
		}
	}
	if err := e.write(); err != nil {
		return TimeDone{Undo: []TimePart{}}, err
	}
	s.timeChanged(in.Contract)
	return out, nil
}

// Restore takes an edit or a swap back.
func (d *Diary) Restore(in RestoreIn) (out TimeDone, err error) {
	defer guard(&err)
	out.Undo = []TimePart{}
	if len(in.Parts) == 0 || len(in.Parts) > 7*144*4 {
		return out, workroom.Bad("parts", "There is nothing to take back.")
	}
	first, last := in.Parts[0].From, in.Parts[0].To
	for _, p := range in.Parts {
		first, last = min(first, p.From), max(last, p.To)
	}
	s, b, _, err := d.editing(in.Contract, nil, first, last)
	if err != nil {
		return out, err
	}
	e := s.edits(b)
	for _, p := range in.Parts {
		what, ok := map[string]workroom.MarkWhat{"memo": workroom.MarkMemo, "activity": workroom.MarkCode, "owner": workroom.MarkOwner}[p.What]
		if !ok {
			return out, workroom.Bad("what", "This cannot be taken back.")
		}
		if err := e.add(p.Slice, p.From/1000, p.To/1000, what, p.Value); err != nil {
			return out, err
		}
		out.Seconds += (p.To - p.From) / 1000
	}
	if err := e.write(); err != nil {
		return TimeDone{Undo: []TimePart{}}, err
	}
	s.timeChanged(in.Contract)
	return out, nil
}

// CutSays says what deleting time would take.
func (d *Diary) CutSays(in CutIn) (out CutView, err error) {
	defer guard(&err)
	_, b, list, err := d.editing(in.Contract, in.Cells, in.From, in.To)
	if err != nil {
		return out, err
	}
	return b.cutSays(list)
}

func (b *book) cutSays(list []span) (out CutView, err error) {
	for _, x := range list {
		if r := workroom.MayMark(b.past(), b.me, workroom.MarkCut, x.From, b.now); r != nil {
			return out, r
		}
		for _, shot := range b.shots {
			if x.From <= shot.At && shot.At < x.To {
				out.Shots++
			}
		}
	}
	done := doneOf(timeWithin(b.pieces(), list))
	out.Seconds, out.Segments = done.Seconds, done.Segments
	out.Label = workroom.ClockLabel(time.Unix(list[0].From, 0), b.zone) + "–" + workroom.ClockLabel(time.Unix(list[len(list)-1].To, 0), b.zone)
	return out, nil
}

// Cut deletes the contract's time and the screenshots in it (T-08). What was deleted cannot be brought back; that it was, stays.
func (d *Diary) Cut(in CutIn) (out TimeDone, err error) {
	defer guard(&err)
	out.Undo = []TimePart{}
	s, b, list, err := d.editing(in.Contract, in.Cells, in.From, in.To)
	if err != nil {
		return out, err
	}
	if _, err := b.cutSays(list); err != nil {
		return out, err
	}
	out = doneOf(timeWithin(b.pieces(), list))
	for _, x := range list {
		for from := x.From; from < x.To; {
			w := workroom.WeekOf(time.Unix(from, 0))
			to := min(x.To, w.End().Unix(), from+86400)
			if _, err := s.enqueue(workroom.CutTime{Contract: b.id, Week: w.String(), From: from, To: to}, enqueueOpts{At: b.now}); err != nil {
				return TimeDone{Undo: []TimePart{}}, err
			}
			from = to
		}
		if s.track != nil {
			s.track.dropCut(b.id, x.Interval)
		}
	}
	s.timeChanged(in.Contract)
	return out, nil
}

// Swap gives the contract the time in some segments that was tracked on it too and that something else owns (T-13).
func (d *Diary) Swap(in CutIn) (out TimeDone, err error) {
	defer guard(&err)
	out.Undo = []TimePart{}
	s, b, list, err := d.editing(in.Contract, in.Cells, in.From, in.To)
	if err != nil {
		return out, err
	}
	hidden := timeWithin(b.compute().shadows, list)
	if len(hidden) == 0 {
		return out, workroom.Bad("cells", "Nothing else has time of this contract here.")
	}
	out = doneOf(hidden)
	e := s.edits(b)
	for _, p := range hidden {
		if err := e.add(p.Slice, p.From, p.To, workroom.MarkOwner, ""); err != nil {
			return TimeDone{Undo: []TimePart{}}, err
		}
		for _, o := range b.compute().all {
			if from, to := max(p.From, o.From), min(p.To, o.To); from < to {
				out.Undo = append(out.Undo, TimePart{Slice: o.Slice, From: from * 1000, To: to * 1000, What: "owner"})
			}
		}
	}
	if err := e.write(); err != nil {
		return TimeDone{Undo: []TimePart{}}, err
	}
	s.timeChanged(in.Contract)
	return out, nil
}

// timeChanged tells the tracker, which counts what is left of the limit, and the screens.
func (s *Session) timeChanged(contract string) {
	if s.track != nil {
		s.track.relearn()
	}
	s.core.changed(string(workroom.ContractScope(workroom.ContractID(contract))))
}

// History is the log of a day: who changed which time, newest first.
func (d *Diary) History(in DayIn) (out TimeLog, err error) {
	defer guard(&err)
	out.Rows = []TimeLogRow{}
	b, day, err := d.open(in)
	if err != nil {
		return out, err
	}
	from, err := time.ParseInLocation(time.DateOnly, day, b.zone)
	if err != nil {
		return out, Fail(CodeBadInput, "The day is written as YYYY-MM-DD.")
	}
	return b.log(from, from.AddDate(0, 0, 1)), nil
}

var markNames = map[workroom.MarkWhat]string{workroom.MarkMemo: "memo", workroom.MarkCode: "activity", workroom.MarkCut: "cut", workroom.MarkOwner: "owner"}

// log lists the marks that touch a stretch of time.
func (b *book) log(from, to time.Time) TimeLog {
	out := TimeLog{Rows: append([]TimeLogRow{}, b.expiryRows(from, to)...)}
	for _, m := range b.marks {
		row := TimeLogRow{At: m.At / 1000, Who: b.name(m.By), What: markNames[m.What], Seconds: m.Seconds, Value: m.Value, Waiting: slices.Contains(b.editing, m)}
		touches := false
		for _, s := range m.Spans {
			touches = touches || s.From < to.Unix() && from.Unix() < s.To
			if row.From == 0 || s.From*1000 < row.From {
				row.From = s.From * 1000
			}
			row.To = max(row.To, s.To*1000)
			if m.What != workroom.MarkCut {
				row.Seconds += s.To - s.From
			}
		}
		if m.What == workroom.MarkCode {
			row.Value = b.code(workroom.ActivityID(m.Value))
		}
		if touches {
			out.Rows = append(out.Rows, row)
		}
	}
	slices.SortFunc(out.Rows, func(x, y TimeLogRow) int { return cmp.Compare(y.At, x.At) })
	return out
}
