package replica

import (
	"fmt"
	"math"
	"strings"

	"trestle/internal/workroom"
)

// spot is a row's place in the file; an empty id stands for the list of that kind.
type spot struct {
	sc       int64
	kind, id string
}

// newBorn is where the order of things begins that the service has not numbered yet, so that they stand last, in the order of writing.
const newBorn = int64(1) << 61

// view is base ⊕ the effects of waiting commands below a number: what a rule looks at. It records what was read.
type view struct {
	t     *tx
	below int64
	reads map[spot]bool
	tops  map[spot]*topRow // of what was read
	err   error            // of the file, met while a rule was reading
}

func (t *tx) view(below int64) *view {
	return &view{t: t, below: below, reads: map[spot]bool{}, tops: map[spot]*topRow{}}
}

// all is a number above every command's.
const all = int64(math.MaxInt64)

// Row answers one thing. A missing row is absent only where this copy would have it.
func (v *view) Row(ref workroom.Ref) (workroom.Thing, workroom.Known) {
	s, err := v.t.scope(ref.Scope)
	if err != nil {
		v.err = err
		return nil, workroom.Unheld
	}
	at := spot{s.sc, string(ref.Kind), ref.ID}
	top, known := v.tops[at]
	if !known {
		top, err = v.t.top(s.sc, string(ref.Kind), ref.ID, v.below)
		v.reads[at], v.tops[at] = true, top
	}
	switch {
	case err != nil:
		v.err = err
		return nil, workroom.Unheld
	case top == nil && (s.state != Whole || ref.Kind.Dated()):
		return nil, workroom.Unheld
	case top == nil || top.gone:
		return nil, workroom.Absent
	}
	thing, err := workroom.Decode(ref.Kind, []byte(top.body))
	if err != nil {
		return nil, workroom.Unheld // written by a newer program: this one cannot tell
	}
	return thing, workroom.Held
}

// All answers the ids of an undated kind in order. What waits here is listed even where the scope itself is not held.
func (v *view) All(scope workroom.Scope, kind workroom.Kind) ([]workroom.Ref, workroom.Known) {
	s, err := v.t.scope(scope)
	if err != nil {
		v.err = err
		return nil, workroom.Unheld
	}
	v.reads[spot{s.sc, string(kind), ""}] = true
	rows, err := v.t.Query(`SELECT id FROM base b WHERE sc=?1 AND kind=?2 AND gone=0
		AND NOT EXISTS (SELECT 1 FROM effect e WHERE e.sc=b.sc AND e.kind=b.kind AND e.id=b.id AND e.n<?3)
		UNION SELECT id FROM effect t WHERE sc=?1 AND kind=?2 AND n<?3 AND gone=0
		AND NOT EXISTS (SELECT 1 FROM effect e WHERE e.sc=t.sc AND e.kind=t.kind AND e.id=t.id AND e.n>t.n AND e.n<?3)
		ORDER BY id`, s.sc, string(kind), v.below)
	if err != nil {
		v.err = fmt.Errorf("list %s: %w", kind, err)
		return nil, workroom.Unheld
	}
	defer rows.Close()
	var out []workroom.Ref
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			v.err = fmt.Errorf("list %s: %w", kind, err)
			return nil, workroom.Unheld
		}
		out = append(out, workroom.Ref{Scope: scope, Kind: kind, ID: id})
	}
	if v.err = rows.Err(); v.err != nil || s.state != Whole {
		return out, workroom.Unheld
	}
	return out, workroom.Held
}

type topRow struct {
	gone bool
	born int64
	body string
	n    int64
}

// top is what is on top at a place: the effect of the greatest number below, else the service's row; nil if there is neither. Two plain
// searches: in one statement SQLite builds a coroutine for them, at five times the price (M), and an act asks this several times.
func (t *tx) top(sc int64, kind, id string, below int64) (*topRow, error) {
	for _, q := range []string{
		`SELECT gone,born,COALESCE(body,''),n FROM effect WHERE sc=?1 AND kind=?2 AND id=?3 AND n<?4 ORDER BY n DESC LIMIT 1`,
		`SELECT gone,born,COALESCE(body,''),0 FROM base WHERE sc=?1 AND kind=?2 AND id=?3 AND ?4>=0`,
	} {
		var r topRow
		if ok, err := t.scan(q, []any{sc, kind, id, below}, &r.gone, &r.born, &r.body, &r.n); err != nil {
			return nil, fmt.Errorf("look at %s: %w", kind, err)
		} else if ok {
			return &r, nil
		}
	}
	return nil, nil
}

// effect is one row a waiting command writes over the copy.
type effect struct {
	spot
	born int64
	gone bool
	body string
}

// plan turns a rule's changes into the effects of the command at pos, as they stand over what its view showed.
func (t *tx) plan(changes []workroom.Change, v *view, pos int64) ([]effect, error) {
	out := make([]effect, 0, len(changes))
	for _, c := range changes {
		s, err := t.scope(c.Ref.Scope)
		if err != nil {
			return nil, err
		}
		e := effect{spot: spot{s.sc, string(c.Ref.Kind), c.Ref.ID}, born: newBorn + pos, gone: c.Thing == nil}
		top, known := v.tops[e.spot]
		if !known {
			if top, err = t.top(e.sc, e.kind, e.id, v.below); err != nil {
				return nil, err
			}
		}
		if top != nil {
			e.born = top.born
		}
		if c.Thing != nil {
			b, err := workroom.Encode(c.Thing)
			if err != nil {
				return nil, err
			}
			e.body = string(b)
		}
		out = append(out, e)
	}
	return out, nil
}

// store writes the effects and reads of command n.
func (t *tx) store(n int64, by workroom.AccountID, at int64, effects []effect, reads map[spot]bool) error {
	for _, e := range effects {
		var body any
		if !e.gone {
			body = e.body
		}
		if _, err := t.Exec(`INSERT INTO effect(sc,kind,id,n,born,gone,actor,at,body) VALUES(?,?,?,?,?,?,?,?,?)`,
			e.sc, e.kind, e.id, n, e.born, e.gone, string(by), at, body); err != nil {
			return fmt.Errorf("store effect: %w", err)
		}
	}
	if len(reads) == 0 {
		return nil
	}
	args := make([]any, 0, 4*len(reads))
	for s := range reads {
		args = append(args, s.sc, s.kind, s.id, n)
	}
	q := `INSERT INTO effect_read(sc,kind,id,n) VALUES(?,?,?,?)` + strings.Repeat(`,(?,?,?,?)`, len(reads)-1)
	if _, err := t.Exec(q, args...); err != nil {
		return fmt.Errorf("store what was read: %w", err)
	}
	return nil
}

// effects reads what command n writes.
func (t *tx) effects(n int64) ([]effect, error) {
	rows, err := t.Query(`SELECT sc,kind,id,born,gone,COALESCE(body,'') FROM effect WHERE n=?`, n)
	if err != nil {
		return nil, fmt.Errorf("read effects: %w", err)
	}
	defer rows.Close()
	var out []effect
	for rows.Next() {
		var e effect
		if err := rows.Scan(&e.sc, &e.kind, &e.id, &e.born, &e.gone, &e.body); err != nil {
			return nil, fmt.Errorf("read effects: %w", err)
		}
		out = append(out, e)
	}
	return out, rows.Err()
}

// clear deletes the effects and reads of command n and answers the places they stood at.
func (t *tx) clear(n int64) ([]effect, error) {
	old, err := t.effects(n)
	if err != nil {
		return nil, err
	}
	for _, q := range []string{`DELETE FROM effect WHERE n=?`, `DELETE FROM effect_read WHERE n=?`} {
		if _, err := t.Exec(q, n); err != nil {
			return nil, fmt.Errorf("clear effects: %w", err)
		}
	}
	return old, nil
}
