package replica

import (
	"context"
	"fmt"
	"math"
	"slices"

	"trestle/internal/workroom"
)

// This file reads a timeline from a place in its middle: around a message that is gone to, on from there towards the newest, and again what
// a screen already shows. Window (read.go) reads it from its end.

// Stretch is a run of dated things on both sides of a born number.
type Stretch struct {
	At     int64 // the place, a born number; what has it stands after it
	Before int   // how many of those before it, the nearest
	After  int   // how many from it on, the nearest
	Until  int64 // the last born number that is wanted; 0: no last one
}

// MaxStretch is the most a stretch holds on each side: as much as a screen keeps, and what came meanwhile.
const MaxStretch = 1200

const onwardsQuery = `SELECT ` + rowColumns + ` FROM visible WHERE sc=? AND kind=? AND gone=0 AND born>=? AND born<? ORDER BY born LIMIT ?`

// Stretch reads dated things around a place, oldest first. More and Older tell of those before it as in a Window, Newer of those after it.
func (r *Replica) Stretch(ctx context.Context, scope workroom.Scope, kind workroom.Kind, want Stretch) (Window, error) {
	var w Window
	err := r.read(ctx, func(l *link) error {
		s, err := findScope(l, scope)
		if err != nil || s == nil {
			return err
		}
		parts, lo, err := s.shown(l)
		if err != nil {
			return err
		}
		w.Older = lo > s.from && lo > 0 && s.state != Archived
		take := func(n int, before bool) ([]Row, bool, error) {
			n = min(n, MaxStretch)
			list, q, ordered := []Row(nil), onwardsQuery, slices.Clone(parts)
			if before {
				q = windowQuery
			} else {
				slices.Reverse(ordered)
			}
			for _, p := range ordered {
				from, to := max(p.lo, want.At), p.hi
				if before {
					from, to = p.lo, min(p.hi, want.At)
				}
				if from >= to || len(list) > n {
					continue
				}
				rows, err := queryRows(l, scope, q, s.sc, string(kind), from, to, n+1-len(list))
				if err != nil {
					return nil, false, err
				}
				list = append(list, rows...)
			}
			return list[:min(n, len(list))], len(list) > n, nil
		}
		older, more, err := take(want.Before, true)
		if err != nil {
			return err
		}
		newer, rest, err := take(want.After, false)
		if err != nil {
			return err
		}
		if want.Until > 0 {
			if i := slices.IndexFunc(newer, func(x Row) bool { return x.Born > want.Until }); i >= 0 {
				newer, rest = newer[:i], true
			}
		}
		slices.Reverse(older)
		w.Rows, w.More, w.Newer = append(older, newer...), more, rest
		if len(w.Rows) > 0 && w.Rows[0].Born < lo {
			w.Stale = lo
		}
		for i := range w.Rows {
			w.Rows[i].Archive = s.state == Archived
		}
		return r.decorate(l, w.Rows)
	})
	return w, err
}

// BornOfNumber is the born number of the first message of a room with this number or a later one, among those that are here; false if all
// here have earlier ones.
func (r *Replica) BornOfNumber(ctx context.Context, scope workroom.Scope, num int64) (int64, bool, error) {
	return r.bornOf(ctx, scope, "mn", num)
}

// BornOfMoment is the born number of the first message of a room that the service took at a moment (Unix µs) or later, among those that are
// here; false if all here are of before.
func (r *Replica) BornOfMoment(ctx context.Context, scope workroom.Scope, at int64) (int64, bool, error) {
	return r.bornOf(ctx, scope, "at", at)
}

func (r *Replica) bornOf(ctx context.Context, scope workroom.Scope, by string, want int64) (born int64, ok bool, err error) {
	err = r.read(ctx, func(l *link) error {
		s, err := findScope(l, scope)
		if err != nil || s == nil {
			return err
		}
		born, ok, err = l.bornOf(s.sc, by, want)
		return err
	})
	return born, ok, err
}

// bornOf looks by halves: numbers and moments rise with born, and born has an index.
func (l *link) bornOf(sc int64, by string, want int64) (born int64, ok bool, err error) {
	q := `SELECT born,` + by + ` FROM base WHERE sc=? AND kind='message' AND gone=0 AND born>=? AND born<? ORDER BY born LIMIT 1`
	for lo, hi := int64(0), int64(math.MaxInt64); lo < hi; {
		mid := lo + (hi-lo)/2
		var at, key int64
		found, err := l.scan(q, []any{sc, mid, hi}, &at, &key)
		switch {
		case err != nil:
			return 0, false, fmt.Errorf("find a place in the timeline: %w", err)
		case !found:
			hi = mid
		case key >= want:
			born, ok, hi = at, true, mid
		default:
			lo = at + 1
		}
	}
	return born, ok, nil
}
