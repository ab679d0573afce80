package replica

import (
	"context"
	"fmt"

	"trestle/internal/workroom"
)

// Tally is what a report made of a week of a diary in one zone, kept so that it need not be made again. What it says is the reader's; this copy
// only sees to it that it is dropped when the week, or the one before, changes.
type Tally struct {
	Diary workroom.Scope
	Zone  string
	Terms string // what else it was made with; the reader compares
	Body  []byte
}

// Diaries lists the diary weeks that hold anything, in order of contract and week.
func (r *Replica) Diaries(ctx context.Context) ([]workroom.Scope, error) {
	var out []workroom.Scope
	err := r.read(ctx, func(l *link) error {
		rows, err := l.Query(`SELECT name FROM scope s WHERE name>='d:' AND name<'d;' AND (EXISTS (SELECT 1 FROM base b WHERE b.sc=s.sc)
			OR EXISTS (SELECT 1 FROM effect e WHERE e.sc=s.sc)) ORDER BY name`)
		if err != nil {
			return fmt.Errorf("list diaries: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				return fmt.Errorf("list diaries: %w", err)
			}
			out = append(out, workroom.Scope(name))
		}
		return rows.Err()
	})
	return out, err
}

// Tallies reads what was kept for a zone of the weeks from one Monday to another (YYYY-MM-DD, both included), and a stamp that KeepTallies asks
// for.
func (r *Replica) Tallies(ctx context.Context, zone, from, to string) (list []Tally, stamp int64, err error) {
	err = r.read(ctx, func(l *link) error {
		if _, err := l.scan(`SELECT n FROM tallied`, nil, &stamp); err != nil {
			return fmt.Errorf("read tallies: %w", err)
		}
		rows, err := l.Query(`SELECT scope,terms,body FROM tally WHERE week>=? AND week<=? AND zone=?`, from, to, zone)
		if err != nil {
			return fmt.Errorf("read tallies: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			x := Tally{Zone: zone}
			var name string
			if err := rows.Scan(&name, &x.Terms, &x.Body); err != nil {
				return fmt.Errorf("read tallies: %w", err)
			}
			x.Diary = workroom.Scope(name)
			list = append(list, x)
		}
		return rows.Err()
	})
	return list, stamp, err
}

// KeepTallies keeps what was made of diaries read after the stamp was. If any diary changed since, nothing is kept: it is made again next time.
func (r *Replica) KeepTallies(ctx context.Context, stamp int64, list []Tally) error {
	return r.write(ctx, false, func(t *tx) error {
		var now int64
		if _, err := t.scan(`SELECT n FROM tallied`, nil, &now); err != nil || now != stamp {
			return err
		}
		for _, x := range list {
			if _, err := t.Exec(`INSERT INTO tally(week,scope,zone,terms,body) VALUES(?,?,?,?,?)
				ON CONFLICT(week,scope,zone) DO UPDATE SET terms=excluded.terms,body=excluded.body`, x.Diary.Part(), string(x.Diary), x.Zone, x.Terms, x.Body); err != nil {
				return fmt.Errorf("keep a tally: %w", err)
			}
		}
		return nil
	})
}

// dropTallies forgets what was made of the diary weeks that a transaction changed, and of the weeks after them, into which their time may
// reach: for every contract, because the contracts of a freelancer share one timeline.
func (t *tx) dropTallies() error {
	weeks := map[string]bool{}
	for s := range t.changed {
		if s.Kind() != "d" {
			continue
		}
		w, err := workroom.ParseWeek(s.Part())
		if err != nil {
			continue
		}
		weeks[w.String()], weeks[w.Next().String()] = true, true
	}
	if len(weeks) == 0 {
		return nil
	}
	if _, err := t.Exec(`UPDATE tallied SET n=n+1`); err != nil {
		return fmt.Errorf("drop tallies: %w", err)
	}
	for w := range weeks {
		if _, err := t.Exec(`DELETE FROM tally WHERE week=?`, w); err != nil {
			return fmt.Errorf("drop tallies: %w", err)
		}
	}
	return nil
}
