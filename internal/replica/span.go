package replica

import (
	"context"
	"fmt"
	"math"

	"trestle/internal/workroom"
)

// Spans are the stretches of dated things that are here (sync.md §11), as intervals of born numbers:
//
//	loading  being asked for: changes in it are kept, nothing of it is shown
//	have     whole: inside it nothing live is missing (I13)
//	stale    was whole before the scope was reset: shown until asked anew
//
// The newest one reaches to the end of time, so that whatever comes next is inside.

// Span is a stretch of born numbers, both ends included.
type Span struct{ Lo, Hi int64 }

// part is a stretch as a window reads it: from lo on, below hi.
type part struct{ lo, hi int64 }

// shown lists what of a scope may stand in a timeline, newest first, and the lower end of what is whole and up to date. Where nothing is
// held, what waits here is shown all the same.
func (s *scopeRow) shown(l *link) ([]part, int64, error) {
	rows, err := l.Query(`SELECT lo,hi,state FROM span WHERE sc=? AND state<>'loading' ORDER BY state='have' DESC, hi DESC`, s.sc)
	if err != nil {
		return nil, 0, fmt.Errorf("read spans: %w", err)
	}
	defer rows.Close()
	out := []part{}
	whole := int64(-1)
	for rows.Next() {
		var lo, hi int64
		var state string
		if err := rows.Scan(&lo, &hi, &state); err != nil {
			return nil, 0, fmt.Errorf("read spans: %w", err)
		}
		if state == "have" && whole < 0 {
			whole = lo
		} else if state == "have" || whole >= 0 && lo >= whole {
			continue
		}
		out = append(out, part{lo, after1(hi)})
	}
	if err := rows.Err(); err != nil {
		return nil, 0, fmt.Errorf("read spans: %w", err)
	}
	switch {
	case whole >= 0:
		return out, whole, nil
	case len(out) == 0:
		return []part{{0, math.MaxInt64}}, 0, nil
	}
	return append([]part{{newBorn, math.MaxInt64}}, out...), newBorn, nil // all of it is stale; what waits stands last
}

func after1(n int64) int64 {
	if n == math.MaxInt64 {
		return n
	}
	return n + 1
}

// oldest is the lower end of the newest whole span of a scope: what is here without a gap up to now.
func oldest(l *link, sc int64) (int64, bool, error) {
	var lo int64
	ok, err := l.scan(`SELECT lo FROM span WHERE sc=? AND state='have' ORDER BY hi DESC LIMIT 1`, []any{sc}, &lo)
	if err != nil {
		err = fmt.Errorf("read span: %w", err)
	}
	return lo, ok, err
}

// Spans lists the stretches of a scope that are whole and up to date, oldest first.
func (r *Replica) Spans(ctx context.Context, scope workroom.Scope) ([]Span, error) {
	var out []Span
	err := r.read(ctx, func(l *link) error {
		s, err := findScope(l, scope)
		if err != nil || s == nil {
			return err
		}
		rows, err := l.Query(`SELECT lo,hi FROM span WHERE sc=? AND state='have' ORDER BY lo`, s.sc)
		if err != nil {
			return fmt.Errorf("read spans: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			var x Span
			if err := rows.Scan(&x.Lo, &x.Hi); err != nil {
				return fmt.Errorf("read spans: %w", err)
			}
			out = append(out, x)
		}
		return rows.Err()
	})
	return out, err
}
