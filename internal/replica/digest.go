package replica

import (
	"context"
	"fmt"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Digest is the digest of a whole scope at its cursor (wire.Digest: living things only). ok is false where it cannot be compared with the
// service's: a part of the history is not here or not open to the account, or an own acked row lies ahead of the cursor, so that the
// versions it replaced are not here.
func (r *Replica) Digest(ctx context.Context, scope workroom.Scope) (sum wire.Digest, seq int64, ok bool, err error) {
	err = r.read(ctx, func(l *link) error {
		s, err := findScope(l, scope)
		if err != nil || s == nil || s.state != Whole || s.from > 0 {
			return err
		}
		if lo, have, err := oldest(l, s.sc); err != nil || !have || lo > 0 {
			return err
		}
		seq = s.seq
		sum, ok, err = digest(l, s, `1`)
		return err
	})
	return sum, seq, ok, err
}

// DigestSpan is the digest of a part of a scope, asked as in wire.DigestIn: with hi 0 of the undated things, else of the dated ones with
// lo ≤ born ≤ hi, which must lie in what is whole here.
func (r *Replica) DigestSpan(ctx context.Context, scope workroom.Scope, lo, hi int64) (sum wire.Digest, seq int64, ok bool, err error) {
	err = r.read(ctx, func(l *link) error {
		s, err := findScope(l, scope)
		if err != nil || s == nil || s.state != Whole {
			return err
		}
		seq = s.seq
		if hi == 0 {
			sum, ok, err = digest(l, s, `kind NOT IN ('message','file')`)
			return err
		}
		var one int
		if in, err := l.scan(`SELECT 1 FROM span WHERE sc=? AND state='have' AND lo<=? AND hi>=?`, []any{s.sc, max(lo, s.from), hi}, &one); err != nil || !in {
			return err
		}
		sum, ok, err = digest(l, s, `kind IN ('message','file') AND born>=? AND born<=?`, lo, hi)
		return err
	})
	return sum, seq, ok, err
}

// digest sums the shares of the living rows of a scope that meet a condition; false if one of them, dead or alive, is ahead of the cursor.
func digest(l *link, s *scopeRow, where string, args ...any) (wire.Digest, bool, error) {
	rows, err := l.Query(`SELECT kind,id,seq,gone FROM base WHERE sc=? AND `+where, append([]any{s.sc}, args...)...)
	if err != nil {
		return 0, false, fmt.Errorf("sum up %s: %w", s.name, err)
	}
	defer rows.Close()
	var sum wire.Digest
	for rows.Next() {
		var kind workroom.Kind
		var id string
		var seq int64
		var gone bool
		if err := rows.Scan(&kind, &id, &seq, &gone); err != nil {
			return 0, false, fmt.Errorf("sum up %s: %w", s.name, err)
		}
		if seq > s.seq {
			return 0, false, nil
		}
		if !gone {
			sum += wire.ShareOf(kind, id, seq)
		}
	}
	return sum, true, rows.Err()
}
