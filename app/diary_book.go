package app

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// book is everything the diary of one contract is drawn from, read at one moment. What draws it is pure: the same book gives the same screen,
// on either side.
type book struct {
	id         workroom.ContractID
	contract   *workroom.Contract
	history    *workroom.History // by past
	me         workroom.AccountID
	activities map[workroom.ActivityID]*workroom.Activity
	slices     []*workroom.Slice
	marks      []*workroom.TimeMark
	claims     map[workroom.SliceKey]*workroom.Claimed // what the service says of other contracts, for those who cannot see them
	inputs     []*workroom.CellInput
	approved   []workroom.Approval
	shots      []*workroom.Shot
	shotIn     map[string]workroom.Scope // where each shot of the store stands, by id
	looks      []*workroom.Look          // who looked at them
	expiries   map[string]*workroom.Expiry
	seals      map[string]*workroom.Seal       // by week
	adjusted   map[string]*workroom.Adjustment // by id, of the weeks read
	disputes   map[string]*workroom.Dispute    // likewise
	waiting    map[string]bool                 // ids of slices the service does not have yet
	editing    []*workroom.TimeMark            // marks it does not have yet
	blocked    map[workroom.AccountID]bool     // by me, of those who have something to say in a dispute
	open       string                          // id of the slice that grows now
	now        time.Time
	zone       *time.Location

	// Of one's own other contracts, where one is the freelancer: one timeline holds them all.
	others []*workroom.Slice
	swaps  []*workroom.TimeMark
	agreed []workroom.Approval
	titles map[workroom.ContractID]string

	keep  bool // nothing is added any more: what was computed stays
	known *computed
}

// computed is what a book comes down to.
type computed struct {
	pieces  []workroom.Piece // of the contract, the weekly limit walked
	shadows []workroom.Piece // of its slices, what something else owns
	all     []workroom.Piece // of all of one's contracts
	ties    []workroom.Cell
}

// lately are the weeks that say how things stand now: the present one, and the one before, whose slices may reach into it.
func lately(now time.Time) []workroom.Week {
	w := workroom.WeekOf(now)
	return []workroom.Week{w.Previous(), w}
}

// books are the present weeks of all contracts here.
func (s *Session) books(now time.Time) []*book {
	ctx := context.Background()
	rows, err := s.replica.Contracts(ctx)
	if err != nil {
		slog.Error("read contracts", "error", traceOf(err))
		return nil
	}
	held := s.diaries(rows, lately(now))
	var out []*book
	for _, r := range rows {
		if c, ok := r.Thing.(*workroom.Contract); ok {
			b, err := held.book(ctx, workroom.ContractID(r.ID), c, now, time.Local)
			if err != nil {
				slog.Error("read a diary", "error", traceOf(err))
				continue
			}
			out = append(out, b)
		}
	}
	return out
}

// book reads what the diary of a contract is drawn from, of the weeks named or of all. What is being tracked and what is held back is in
// it: one's own screen is ahead of everybody else's.
func (s *Session) book(id workroom.ContractID, c *workroom.Contract, now time.Time, zone *time.Location, weeks ...workroom.Week) (*book, error) {
	ctx := context.Background()
	rows, err := s.replica.Contracts(ctx)
	if err != nil {
		return nil, err
	}
	return s.diaries(rows, weeks).book(ctx, id, c, now, zone)
}

// diaries reads the diaries of contracts, each once however many books need it.
type diaries struct {
	s         *Session
	weeks     []workroom.Week
	contracts map[workroom.ContractID]*workroom.Contract
	read      map[workroom.ContractID]*diaryRows
}

// diaryRows is what one diary holds.
type diaryRows struct {
	diary    *workroom.Diary
	inputs   []*workroom.CellInput
	shotIn   map[string]workroom.Scope
	looks    []*workroom.Look
	expired  map[string]*workroom.Expiry // by week
	seals    map[string]*workroom.Seal
	adjusted map[string]*workroom.Adjustment
	disputes map[string]*workroom.Dispute
	waiting  map[string]bool
	editing  []*workroom.TimeMark
}

func (s *Session) diaries(contracts []replica.Row, weeks []workroom.Week) *diaries {
	d := &diaries{s: s, weeks: weeks, contracts: map[workroom.ContractID]*workroom.Contract{}, read: map[workroom.ContractID]*diaryRows{}}
	for _, r := range contracts {
		if c, ok := r.Thing.(*workroom.Contract); ok {
			d.contracts[workroom.ContractID(r.ID)] = c
		}
	}
	return d
}

// of reads one diary. Counts, pictures and seals are read with it only where they are shown.
func (d *diaries) of(ctx context.Context, id workroom.ContractID, whole bool) (*diaryRows, error) {
	if had := d.read[id]; had != nil && (!whole || had.inputs != nil) {
		return had, nil
	}
	out := &diaryRows{diary: workroom.NewDiary(), shotIn: map[string]workroom.Scope{}, expired: map[string]*workroom.Expiry{}, seals: map[string]*workroom.Seal{},
		adjusted: map[string]*workroom.Adjustment{}, disputes: map[string]*workroom.Dispute{}, waiting: map[string]bool{}}
	kinds := []workroom.Kind{workroom.KindSlice, workroom.KindMark, workroom.KindAdjustment}
	if whole {
		kinds = append(kinds, workroom.KindClaim, workroom.KindInput, workroom.KindShot, workroom.KindLook, workroom.KindExpiry, workroom.KindSeal, workroom.KindDispute)
		out.inputs = []*workroom.CellInput{}
	}
	for _, kind := range kinds {
		rows, err := d.rows(ctx, id, kind)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			out.diary.Add(r.Ref, r.Thing)
			switch t := r.Thing.(type) {
			case *workroom.Slice:
				if r.Waits() {
					out.waiting[t.ID] = true
				}
			case *workroom.TimeMark:
				if r.Waits() {
					out.editing = append(out.editing, t)
				}
			case *workroom.CellInput:
				out.inputs = append(out.inputs, t)
			case *workroom.Shot:
				out.shotIn[r.ID] = r.Scope
			case *workroom.Look:
				out.looks = append(out.looks, t)
			case *workroom.Expiry:
				out.expired[r.ID] = t
			case *workroom.Adjustment:
				out.adjusted[r.ID] = t
			case *workroom.Dispute:
				out.disputes[r.ID] = t
			case *workroom.Seal:
				out.seals[t.Week] = t
			}
		}
	}
	d.read[id] = out
	return out, nil
}

func (d *diaries) rows(ctx context.Context, id workroom.ContractID, kind workroom.Kind) ([]replica.Row, error) {
	if len(d.weeks) == 0 {
		return d.s.replica.Everywhere(ctx, "d:"+string(id)+":", kind)
	}
	var out []replica.Row
	for _, w := range d.weeks {
		rows, err := d.s.replica.All(ctx, workroom.DiaryScope(id, w.String()), kind)
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
	}
	return out, nil
}

func (d *diaries) book(ctx context.Context, id workroom.ContractID, c *workroom.Contract, now time.Time, zone *time.Location) (*book, error) {
	b := &book{id: id, contract: c, me: d.s.me(), activities: map[workroom.ActivityID]*workroom.Activity{}, now: now, zone: zone}
	var err error
	if b.history, err = d.s.history(ctx, id, c); err != nil {
		return nil, err
	}
	acts, err := d.s.replica.All(ctx, workroom.ContractScope(id), workroom.KindActivity)
	if err != nil {
		return nil, err
	}
	for _, r := range acts {
		if a, ok := r.Thing.(*workroom.Activity); ok {
			b.activities[workroom.ActivityID(r.ID)] = a
		}
	}
	rows, err := d.of(ctx, id, true)
	if err != nil {
		return nil, err
	}
	b.slices, b.marks, b.claims, b.shots = slices.Clone(rows.diary.Slices), rows.diary.Marks, rows.diary.Claims, slices.Clone(rows.diary.Shots)
	b.approved = rows.diary.Approved
	b.shotIn, b.looks, b.expiries = rows.shotIn, rows.looks, rows.expired
	b.adjusted, b.disputes = rows.adjusted, rows.disputes
	b.inputs, b.seals, b.waiting, b.editing = slices.Clone(rows.inputs), rows.seals, maps.Clone(rows.waiting), rows.editing
	if len(b.disputes) > 0 {
		between, err := d.s.between()
		if err != nil {
			return nil, err
		}
		b.blocked = between.blocked
	}
	if c.Freelancer == b.me {
		b.titles = map[workroom.ContractID]string{}
		for other, x := range d.contracts {
			if x.Freelancer != b.me || other == id {
				continue
			}
			b.titles[other] = x.Title
			rows, err := d.of(ctx, other, false)
			if err != nil {
				return nil, err
			}
			b.others, b.swaps, b.agreed = append(b.others, rows.diary.Slices...), append(b.swaps, rows.diary.Marks...), append(b.agreed, rows.diary.Approved...)
		}
	}
	if d.s.track != nil {
		d.s.track.addTo(b)
	}
	b.keep = true
	return b, nil
}

// diary is what computes the book's time: for the freelancer all of their contracts, for the client this one and what the service says of
// the rest.
func (b *book) diary() *workroom.Diary {
	d := &workroom.Diary{Slices: b.slices, Marks: b.marks, Claims: b.claims, Shots: b.shots, Approved: b.approved}
	if b.contract.Freelancer == b.me {
		d.Slices = append(slices.Clone(b.slices), b.others...)
		d.Marks = append(slices.Clone(b.marks), b.swaps...)
		d.Approved = append(slices.Clone(b.approved), b.agreed...)
		d.Claims = nil
	}
	return d
}

// compute brings the book's slices down to pieces: overlaps claimed, deleted time cut, the weekly limit walked week by week.
func (b *book) compute() *computed {
	if b.known != nil {
		return b.known
	}
	d := b.diary()
	owned, edits := d.Owned(), d.Edits()
	out := &computed{all: workroom.Pieces(d.Slices, owned, edits)}
	if b.contract.Terms.Segments {
		out.ties = d.Ties(b.id)
	}
	var own []workroom.Piece
	weeks := map[string]workroom.Week{}
	for _, p := range out.all {
		if p.Contract != b.id {
			continue
		}
		own = append(own, p)
		for w := workroom.WeekOf(time.Unix(p.From, 0)); w.Start().Unix() < p.To; w = w.Next() {
			weeks[w.String()] = w
		}
	}
	for name, w := range weeks {
		limit := b.past().Of(w).LimitOf(own, w)
		if s := b.seals[name]; s != nil { // a closed week stays as it was sealed, whatever the terms are now
			limit = s.Limit
		}
		out.pieces = append(out.pieces, workroom.WalkLimit(own, w, limit)...)
	}
	slices.SortFunc(out.pieces, func(x, y workroom.Piece) int { return int(x.From - y.From) })
	shadow := map[workroom.SliceKey][]workroom.Interval{}
	for _, s := range b.slices {
		shadow[s.Key()] = workroom.Without(workroom.Interval{From: s.Start, To: s.End}, owned[s.Key()])
	}
	out.shadows = workroom.Pieces(b.slices, shadow, edits)
	if b.keep {
		b.known = out
	}
	return out
}

// pieces are what the slices come down to.
func (b *book) pieces() []workroom.Piece { return b.compute().pieces }

// past is what became of the contract since its start.
func (b *book) past() *workroom.History {
	if b.history == nil {
		b.history = workroom.HistoryOf(b.contract, nil)
	}
	return b.history
}

// name is what a side of the contract is called.
func (b *book) name(who workroom.AccountID) string {
	switch who {
	case b.contract.Freelancer:
		return b.contract.FreelancerName
	case b.contract.Client:
		return b.contract.ClientName
	}
	return ""
}

// may says what this side may do to the time from an instant (Unix seconds) on.
func (b *book) may(from int64) TimeMay {
	var out TimeMay
	for _, x := range []struct {
		what workroom.MarkWhat
		into *bool
	}{{workroom.MarkMemo, &out.Memo}, {workroom.MarkCode, &out.Activity}, {workroom.MarkCut, &out.Cut}, {workroom.MarkOwner, &out.Swap}} {
		r := workroom.MayMark(b.past(), b.me, x.what, from, b.now)
		*x.into = r == nil
		if r != nil && out.Why == "" && (r.Code == workroom.WeekFrozen || r.Code == workroom.WeekOver) {
			out.Why = r.Text
		}
	}
	out.Manual = out.Cut && b.contract.Terms.Manual && !slices.ContainsFunc(b.past().Stops(), func(x workroom.Interval) bool { return x.From <= from && from < x.To })
	return out
}

// shadowed are the stretches of a segment that were tracked on this contract too and belong to something else.
func (b *book) shadowed(c workroom.Cell) (out []workroom.Piece, seconds int64) {
	for _, p := range b.compute().shadows {
		from, to := max(p.From, c.Start().Unix()), min(p.To, c.End().Unix())
		if from < to {
			p.From, p.To = from, to
			out, seconds = append(out, p), seconds+to-from
		}
	}
	return out, seconds
}

// owner names, for the freelancer, what owns a shadowed stretch.
func (b *book) owner(p workroom.Piece) string {
	if b.contract.Freelancer != b.me {
		return ""
	}
	for _, o := range b.compute().all {
		if o.From < p.To && p.From < o.To {
			if o.Contract == b.id {
				return b.contract.Title
			}
			return b.titles[o.Contract]
		}
	}
	return ""
}

// cuts say what was deleted in a segment.
func (b *book) cuts(c workroom.Cell) []CutMark {
	out := []CutMark{}
	for _, m := range b.marks {
		if m.What != workroom.MarkCut {
			continue
		}
		for _, s := range m.Spans {
			if s.From < c.End().Unix() && c.Start().Unix() < s.To {
				out = append(out, CutMark{By: b.name(m.By), At: m.At / 1000, Seconds: m.Seconds})
			}
		}
	}
	slices.SortFunc(out, func(x, y CutMark) int { return int(x.At - y.At) })
	return out
}

// unsent reports whether the service does not have a segment as it is shown.
func (b *book) unsent(s *workroom.Segment) bool {
	for _, p := range s.Pieces {
		if b.waiting[p.Slice] {
			return true
		}
		for _, m := range b.editing {
			for _, x := range m.Spans {
				if x.Slice == strings.TrimSuffix(p.Slice, "-late") && x.From < p.To && p.From < x.To {
					return true
				}
			}
		}
	}
	return false
}
