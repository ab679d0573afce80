package replica

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"trestle/internal/outbox"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// An acked command counts as proven once a pull shows that the cursor and the command are of one history: its row came under its number, or
// the service, asked by the pull itself, has its record. Until then a loss that nothing tells of (an older database in place, under the same
// epoch) might have taken it, and with a cursor from before it nothing else would show that: somebody else's change to the same thing hides
// that the own one is missing, and a scope opened anew names no numbers.

// provable is how old a command may be to be asked about. The service forgets records after 180 days, and accepts what it once made without one
// then: a record that is missing says nothing of a loss.
const provable = 90 * 24 * time.Hour

// maxProof is how many commands a pull asks about; more than that wait for the next.
const maxProof = wire.MaxAcked

// Unproven lists acked commands of a scope, the newest first, of which the service has not yet shown that it has them.
func (r *Replica) Unproven(ctx context.Context, name workroom.Scope) ([]string, error) {
	var out []string
	err := r.read(ctx, func(l *link) error {
		rows, err := l.Query(`SELECT u.id FROM unproven u JOIN scope s ON s.sc=u.sc WHERE s.name=? ORDER BY u.seq DESC,u.id LIMIT ?`, string(name), maxProof)
		if err != nil {
			return fmt.Errorf("read what is unproven: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			var id string
			if err := rows.Scan(&id); err != nil {
				return fmt.Errorf("read what is unproven: %w", err)
			}
			out = append(out, id)
		}
		return rows.Err()
	})
	return out, err
}

// unprovenOf counts, by scope, what is unproven; there is little.
func unprovenOf(l *link) (map[int64]int, error) {
	rows, err := l.Query(`SELECT sc,COUNT(*) FROM unproven GROUP BY sc`)
	if err != nil {
		return nil, fmt.Errorf("count what is unproven: %w", err)
	}
	defer rows.Close()
	out := map[int64]int{}
	for rows.Next() {
		var sc int64
		var n int
		if err := rows.Scan(&sc, &n); err != nil {
			return nil, fmt.Errorf("count what is unproven: %w", err)
		}
		out[sc] = n
	}
	return out, rows.Err()
}

// pulledBefore lists the scopes into which a pull brought what a command wrote before its answer came: nothing is left to prove there.
func (t *tx) pulledBefore(things []wire.Thing) (map[workroom.Scope]bool, error) {
	out := map[workroom.Scope]bool{}
	for i := range things {
		x := &things[i]
		s, err := t.scope(x.Scope)
		if err != nil {
			return nil, err
		}
		if s.state != Whole || x.Seq > s.seq {
			continue
		}
		same, err := t.holds(s, x)
		if err != nil {
			return nil, err
		}
		out[x.Scope] = out[x.Scope] || same
	}
	return out, nil
}

// holds reports whether a thing is here just as it is, under its number.
func (t *tx) holds(s *scopeRow, x *wire.Thing) (bool, error) {
	var one int
	ok, err := t.scan(`SELECT 1 FROM base WHERE sc=? AND kind=? AND id=? AND seq=? AND gone=? AND born=? AND at=? AND body IS ?`,
		[]any{s.sc, string(x.Kind), x.ID, x.Seq, x.Gone, x.Born, x.At, bodyOf(x)}, &one)
	if err != nil {
		return false, fmt.Errorf("look for %s: %w", x.Kind, err)
	}
	return ok, nil
}

// doubtful notes an acked command as unproven. One that wrote nothing, or whose rows were changed since, is asked after in the first scope it
// names.
func (t *tx) doubtful(row *outbox.Row, things []wire.Thing, proven map[workroom.Scope]bool) error {
	if row.At < t.r.o.Now().Add(-provable).UnixMicro() {
		return nil
	}
	seqs := map[workroom.Scope]int64{}
	for i := range things {
		seqs[things[i].Scope] = max(seqs[things[i].Scope], things[i].Seq)
	}
	if c, err := outbox.Decode(*row); err == nil && len(seqs) == 0 && len(c.Scopes()) > 0 {
		seqs[c.Scopes()[0]] = 0
	}
	for name, seq := range seqs {
		if proven[name] {
			continue
		}
		s, err := t.scope(name)
		if err != nil {
			return err
		}
		if _, err := t.Exec(`INSERT INTO unproven(sc,id,seq) SELECT ?1,?2,?3 WHERE EXISTS (SELECT 1 FROM sent WHERE id=?2)
			ON CONFLICT(sc,id) DO UPDATE SET seq=excluded.seq`, s.sc, row.ID, seq); err != nil {
			return fmt.Errorf("note what is unproven: %w", err)
		}
	}
	return nil
}

// proveRow says that a row of a scope came under a number this copy got by an own ack.
func (t *tx) proveRow(s *scopeRow, seq int64) error {
	if _, err := t.Exec(`DELETE FROM unproven WHERE id IN (SELECT id FROM unproven WHERE sc=? AND seq=?)`, s.sc, seq); err != nil {
		return fmt.Errorf("note what is proven: %w", err)
	}
	return nil
}

// prove says that the service was asked about commands and has them all; what it gave is true up to seq, and to the end of the scope unless
// more follows.
func (t *tx) prove(s *scopeRow, ids []string, seq int64, more bool) error {
	if len(ids) == 0 {
		return nil
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return fmt.Errorf("note what is proven: %w", err)
	}
	if _, err := t.Exec(`DELETE FROM unproven WHERE id IN (SELECT id FROM unproven WHERE sc=? AND (seq<=? OR ?) AND id IN (SELECT value FROM json_each(?)))`,
		s.sc, seq, !more, string(list)); err != nil {
		return fmt.Errorf("note what is proven: %w", err)
	}
	return nil
}
