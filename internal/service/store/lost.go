package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"
)

// span is a stretch of the service's history that a restore lost: from when the backup was made until it was restored. The service answered
// commands in it and does not know them any more; their devices give them back.
type span struct{ from, to time.Time }

const (
	// lostLife is how long after a restore what was given in its span may count as given then: devices keep what they sent for 14 days,
	// and a person has as long again to confirm what is asked of them.
	lostLife = 28 * 24 * time.Hour
	// lostSlack is how far the clock of a device may be from the service's.
	lostSlack = 5 * time.Minute
)

// Lost reports whether what was given at a moment, and is asked now, falls into a span that the service lost not too long ago.
func (s *Store) Lost(at, now time.Time) bool {
	for _, l := range s.lost {
		if !at.Before(l.from.Add(-lostSlack)) && !at.After(l.to.Add(lostSlack)) && !now.After(l.to.Add(lostLife)) {
			return true
		}
	}
	return false
}

// noteLost adds a span to those that stand in meta, and leaves out those that are over.
func noteLost(ctx context.Context, tx bun.Tx, from, to time.Time) error {
	had, err := readLost(ctx, tx)
	if err != nil {
		return err
	}
	var text strings.Builder
	for _, l := range append(had, span{from, to}) {
		if !to.After(l.to.Add(lostLife)) {
			fmt.Fprintf(&text, "%d %d\n", l.from.UnixMicro(), l.to.UnixMicro())
		}
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO meta (k, v) VALUES ('lost', ?) ON CONFLICT (k) DO UPDATE SET v = EXCLUDED.v", text.String()); err != nil {
		return fmt.Errorf("note what is lost: %w", err)
	}
	return nil
}

// readLost reads the spans that restores lost: a line each, both ends in Unix µs.
func readLost(ctx context.Context, tx bun.Tx) ([]span, error) {
	var text string
	err := tx.QueryRowContext(ctx, "SELECT v FROM meta WHERE k = 'lost'").Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read what is lost: %w", err)
	}
	var out []span
	for line := range strings.Lines(text) {
		var from, to int64
		if _, err := fmt.Sscan(line, &from, &to); err != nil {
			return nil, fmt.Errorf("read what is lost: %w", err)
		}
		out = append(out, span{time.UnixMicro(from), time.UnixMicro(to)})
	}
	return out, nil
}
