package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"trestle/internal/workroom"
)

// Limits of what is kept.
const (
	KeepRecords    = 180 * 24 * time.Hour
	KeepAnswers    = 6 * 365 * 24 * time.Hour // longer than any absence lasts (workroom.SetAway)
	KeepTombstones = 90 * 24 * time.Hour
	KeepTags       = 60 * 24 * time.Hour
	TagsOfScope    = 10_000 // the newest numbers of a scope whose tags are kept
)

const pruneStep = 500 // rows of one transaction

// OpAnswered names the records of automatic answers. It is no command: no device can send it. Such a record says that somebody was answered
// once in an absence, for as long as the absence may last.
const OpAnswered workroom.Op = "AnswerAway"

// PruneRecords removes the records of commands answered before a time, a few in each transaction, and notes for each device the highest
// number it did so for: an unknown command up to that number is an old one (sync.md §9). Records that the service made itself are no
// device's. It answers how many it removed.
func (s *Store) PruneRecords(ctx context.Context, before time.Time) (int, error) {
	all := 0
	for {
		n := 0
		err := s.Write(ctx, func(tx Tx) (err error) {
			n, err = tx.pruneRecords(ctx, before.UnixMicro())
			return err
		})
		if all += n; err != nil || n == 0 {
			return all, err
		}
	}
}

func (tx Tx) pruneRecords(ctx context.Context, before int64) (int, error) {
	if err := tx.s.fail(PointJobs); err != nil {
		return 0, err
	}
	cut := before - 1
	err := tx.QueryRowContext(ctx, "SELECT at FROM command WHERE at < ? AND op <> ? ORDER BY at LIMIT 1 OFFSET ?", before, OpAnswered, pruneStep).Scan(&cut)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("find old records: %w", err)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO device (id, account, name, incarnation, pruned_n, seen)
		SELECT device, account, '', '', max(n), max(at) FROM command WHERE at <= ? AND device <> '' GROUP BY account, device
		ON CONFLICT (account, id) DO UPDATE SET pruned_n = EXCLUDED.pruned_n WHERE device.pruned_n < EXCLUDED.pruned_n`, cut)
	if err != nil {
		return 0, fmt.Errorf("note pruned numbers: %w", err)
	}
	return tx.removed(ctx, "DELETE FROM command WHERE at <= ? AND (op <> ? OR at < ?)", cut, OpAnswered, before-(KeepAnswers-KeepRecords).Microseconds())
}

// removed runs a DELETE and answers how many rows it took.
func (tx Tx) removed(ctx context.Context, q string, args ...any) (int, error) {
	res, err := tx.ExecContext(ctx, q, args...)
	if err != nil {
		return 0, fmt.Errorf("prune: %w", err)
	}
	n, err := res.RowsAffected()
	if err != nil {
		return 0, fmt.Errorf("prune: %w", err)
	}
	return int(n), nil
}

// PruneTags removes tags of before a time, and of each scope those that most numbers have come after. A cursor at such a number is reset.
func (s *Store) PruneTags(ctx context.Context, before time.Time, most int64) (int, error) {
	n := 0
	err := s.Write(ctx, func(tx Tx) error {
		if err := tx.s.fail(PointJobs); err != nil {
			return err
		}
		old, err := tx.removed(ctx, "DELETE FROM tagged WHERE at < ?", before.UnixMicro())
		if err != nil {
			return err
		}
		far, err := tx.removed(ctx, `DELETE FROM tagged WHERE scope IN (SELECT scope FROM head WHERE seq > ?)
			AND seq <= (SELECT h.seq - ? FROM head h WHERE h.scope = tagged.scope)`, most, most)
		n = old + far
		return err
	})
	return n, err
}

// Compact removes the rows of things deleted before a time and raises their scopes' floors: a cursor below the floor may have missed a
// deletion that is not told any more, and is reset. What is left tells every other cursor all it lacks (I17). It answers how many it removed.
func (s *Store) Compact(ctx context.Context, before time.Time) (int, error) {
	at, all := before.UnixMicro(), 0
	for {
		var scopes []workroom.Scope
		err := s.Read(ctx, func(tx Tx) (err error) {
			scopes, err = tx.deleted(ctx, at)
			return err
		})
		if err != nil || len(scopes) == 0 {
			return all, err
		}
		for _, sc := range scopes {
			n := 0
			err := s.Write(ctx, func(tx Tx) (err error) {
				n, err = tx.compact(ctx, sc, at)
				return err
			})
			if all += n; err != nil {
				return all, err
			}
		}
	}
}

// deleted lists some of the scopes that have rows of things deleted before a time.
func (tx Tx) deleted(ctx context.Context, before int64) ([]workroom.Scope, error) {
	rows, err := tx.QueryContext(ctx, "SELECT DISTINCT scope FROM (SELECT scope FROM thing WHERE gone AND at < ? ORDER BY at LIMIT ?) AS x ORDER BY scope", before, pruneStep)
	if err != nil {
		return nil, fmt.Errorf("find tombstones: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var out []workroom.Scope
	for rows.Next() {
		var sc workroom.Scope
		if err := rows.Scan(&sc); err != nil {
			return nil, fmt.Errorf("find tombstones: %w", err)
		}
		out = append(out, sc)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("find tombstones: %w", err)
	}
	return out, nil
}

// compact takes one scope. Raising the floor first holds its head, so that no command writes there meanwhile.
func (tx Tx) compact(ctx context.Context, sc workroom.Scope, before int64) (int, error) {
	if err := tx.s.fail(PointJobs); err != nil {
		return 0, err
	}
	if _, err := tx.ExecContext(ctx, "UPDATE head SET floor = floor WHERE scope = ?", sc); err != nil {
		return 0, fmt.Errorf("hold a head: %w", err)
	}
	_, err := tx.ExecContext(ctx, `UPDATE head SET floor = (SELECT max(t.n) FROM
		(SELECT seq AS n FROM thing WHERE scope = ? AND gone AND at < ? UNION ALL SELECT floor FROM head WHERE scope = ?) AS t) WHERE scope = ?`, sc, before, sc, sc)
	if err != nil {
		return 0, fmt.Errorf("raise a floor: %w", err)
	}
	if err := tx.s.fail(PointCompact); err != nil {
		return 0, err
	}
	return tx.removed(ctx, "DELETE FROM thing WHERE scope = ? AND gone AND at < ?", sc, before)
}

// faults are counted for a day.
const faultWindow = 24 * time.Hour

// Fault counts one more time that the rule of a command broke, and answers how often it has by now, on whichever node.
func (tx Tx) Fault(ctx context.Context, who workroom.AccountID, id string, now time.Time) (int64, error) {
	k := "fault:" + string(who) + "." + id
	if err := tx.AddAttempt(ctx, k, now, faultWindow); err != nil {
		return 0, err
	}
	a, err := tx.Attempts(ctx, k, now, faultWindow)
	return a.N, err
}

// Fault is Tx.Fault in the batch's own transaction.
func (b *Batch) Fault(who workroom.AccountID, id string, now time.Time) (int64, error) {
	return b.tx.Fault(b.ctx, who, id, now)
}

// Made finds what a command created whose record is gone: a living thing or a tombstone under the command's own id that its author wrote
// first. ok is false if there is none.
func (b *Batch) Made(who workroom.AccountID, id string, scopes []workroom.Scope) (bool, error) {
	var refs []workroom.Ref
	for _, sc := range scopes {
		for _, k := range workroom.Kinds() {
			refs = append(refs, workroom.Ref{Scope: sc, Kind: k, ID: id})
		}
	}
	if err := b.Prefetch(refs); err != nil {
		return false, err
	}
	for _, ref := range refs {
		t, err := b.row(ref)
		if err != nil {
			return false, err
		}
		if t == nil {
			continue
		}
		if t.Actor == who {
			return true, nil
		}
		if n, err := workroom.Decode(t.Kind, []byte(t.Body)); err == nil {
			if m, ok := n.(*workroom.Message); ok && m.Author == who {
				return true, nil
			}
		}
	}
	return false, nil
}
