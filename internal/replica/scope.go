package replica

import (
	"context"
	"fmt"
	"strings"

	"trestle/internal/workroom"
)

// Hold says how far a scope is here.
type Hold string

// Holds.
const (
	Named Hold = ""      // mentioned by a command, a row or an edge; nothing may be concluded from what is missing
	Whole Hold = "open"  // pulled up to its cursor
	Stale Hold = "stale" // of an earlier epoch of the service; still shown, to be opened anew
	Taken Hold = "gone"  // no longer open to the account; nothing of it is kept
	// Archived is no longer open to the account, and kept to read because its grant said so: evidence of a contract.
	Archived Hold = "archive"
)

// Cursor is how far one scope is held: changes up to Seq, in generation Gen.
type Cursor struct {
	Scope workroom.Scope
	Gen   int64
	Seq   int64
	Tag   string
	Msgs  int64 // number of the newest message known to exist
	Hold  Hold
	Ahead int64 // highest seq an own ack brought above the cursor, 0 for none
	// Unproven is how many acked commands a pull is still to ask about (Unproven).
	Unproven int
}

type scopeRow struct {
	sc       int64
	name     workroom.Scope
	gen, seq int64
	tag      string
	from     int64
	msgs     int64
	state    Hold
	retain   bool // may stay as an archive
}

const scopeColumns = `sc,name,gen,seq,tag,from_born,msgs,state,retain`

func (s *scopeRow) dest() []any {
	return []any{&s.sc, &s.name, &s.gen, &s.seq, &s.tag, &s.from, &s.msgs, &s.state, &s.retain}
}

func findScope(l *link, name workroom.Scope) (*scopeRow, error) {
	var s scopeRow
	ok, err := l.scan(`SELECT `+scopeColumns+` FROM scope WHERE name=?`, []any{string(name)}, s.dest()...)
	if err != nil {
		return nil, fmt.Errorf("read scope: %w", err)
	}
	if !ok {
		return nil, nil
	}
	return &s, nil
}

// scope is the row of a scope, made when it is first named.
func (t *tx) scope(name workroom.Scope) (*scopeRow, error) {
	if s := t.scopes[name]; s != nil {
		return s, nil
	}
	s, err := findScope(t.link, name)
	if err != nil {
		return nil, err
	}
	if s == nil {
		res, err := t.Exec(`INSERT INTO scope(name) VALUES(?)`, string(name))
		if err != nil {
			return nil, fmt.Errorf("name scope: %w", err)
		}
		s = &scopeRow{name: name}
		if s.sc, err = res.LastInsertId(); err != nil {
			return nil, fmt.Errorf("name scope: %w", err)
		}
	}
	t.scopes[name] = s
	return s, nil
}

func (t *tx) saveScope(s *scopeRow) error {
	_, err := t.Exec(`UPDATE scope SET gen=?,seq=?,tag=?,from_born=?,msgs=?,state=?,retain=? WHERE sc=?`,
		s.gen, s.seq, s.tag, s.from, s.msgs, string(s.state), s.retain, s.sc)
	if err != nil {
		return fmt.Errorf("move cursor: %w", err)
	}
	return nil
}

// scopesLike lists scopes whose name begins with prefix.
func scopesLike(l *link, prefix string) ([]*scopeRow, error) {
	rows, err := l.Query(`SELECT `+scopeColumns+` FROM scope WHERE name>=? AND name<? ORDER BY name`, prefix, after(prefix))
	if err != nil {
		return nil, fmt.Errorf("list scopes: %w", err)
	}
	defer rows.Close()
	var out []*scopeRow
	for rows.Next() {
		var s scopeRow
		if err := rows.Scan(s.dest()...); err != nil {
			return nil, fmt.Errorf("list scopes: %w", err)
		}
		out = append(out, &s)
	}
	return out, rows.Err()
}

// after is the smallest text greater than every text that begins with prefix.
func after(prefix string) string {
	if prefix == "" {
		return "\xff"
	}
	return prefix[:len(prefix)-1] + string(prefix[len(prefix)-1]+1)
}

// Cursors lists every scope this copy knows of.
func (r *Replica) Cursors(ctx context.Context) ([]Cursor, error) {
	var out []Cursor
	err := r.read(ctx, func(l *link) error {
		list, err := scopesLike(l, "")
		if err != nil {
			return err
		}
		ahead, err := aheadOf(l)
		if err != nil {
			return err
		}
		unproven, err := unprovenOf(l)
		for _, s := range list {
			c := s.cursor()
			c.Ahead, c.Unproven = ahead[s.sc], unproven[s.sc]
			out = append(out, c)
		}
		return err
	})
	return out, err
}

// Cursor is how far one scope is held; its Hold is Named if nothing is known of it.
func (r *Replica) Cursor(ctx context.Context, name workroom.Scope) (Cursor, error) {
	c := Cursor{Scope: name}
	err := r.read(ctx, func(l *link) error {
		s, err := findScope(l, name)
		if err != nil || s == nil {
			return err
		}
		c = s.cursor()
		ahead, err := aheadOf(l)
		if err != nil {
			return err
		}
		unproven, err := unprovenOf(l)
		c.Ahead, c.Unproven = ahead[s.sc], unproven[s.sc]
		return err
	})
	return c, err
}

// aheadOf reads, by scope, the highest seq of own rows ahead of the cursor; there are few.
func aheadOf(l *link) (map[int64]int64, error) {
	rows, err := l.Query(`SELECT sc,MAX(seq) FROM ahead GROUP BY sc`)
	if err != nil {
		return nil, fmt.Errorf("read own rows ahead: %w", err)
	}
	defer rows.Close()
	out := map[int64]int64{}
	for rows.Next() {
		var sc, seq int64
		if err := rows.Scan(&sc, &seq); err != nil {
			return nil, fmt.Errorf("read own rows ahead: %w", err)
		}
		out[sc] = seq
	}
	return out, rows.Err()
}

func (s *scopeRow) cursor() Cursor {
	return Cursor{Scope: s.name, Gen: s.gen, Seq: s.seq, Tag: s.tag, Msgs: s.msgs, Hold: s.state}
}

// WeeksBehind lists the diary scopes whose week thing, in the held contracts, carries a higher seq than this copy has of them, and those with
// acked commands that a pull is still to ask about.
func (r *Replica) WeeksBehind(ctx context.Context) ([]workroom.Scope, error) {
	var out []workroom.Scope
	err := r.read(ctx, func(l *link) error {
		list, err := scopesLike(l, "k:")
		if err != nil {
			return err
		}
		unproven, err := unprovenOf(l)
		if err != nil {
			return err
		}
		held := map[workroom.Scope]*scopeRow{}
		diaries, err := scopesLike(l, "d:")
		if err != nil {
			return err
		}
		for _, d := range diaries {
			held[d.name] = d
		}
		for _, k := range list {
			if k.state != Whole || strings.Count(string(k.name), ":") != 1 {
				continue
			}
			rows, err := baseRows(l, k, workroom.KindWeek)
			if err != nil {
				return err
			}
			for _, row := range rows {
				w, ok := row.Thing.(*workroom.WeekMark)
				if !ok {
					continue
				}
				s := workroom.DiaryScope(workroom.ContractID(k.name.Owner()), row.ID)
				d := held[s]
				if d != nil && d.state == Taken {
					continue // asked for and not there; opening the contract anew asks again
				}
				if s.Valid() && (d == nil || d.state != Whole || d.seq < w.Seq || unproven[d.sc] > 0) {
					out = append(out, s)
				}
			}
		}
		return nil
	})
	return out, err
}
