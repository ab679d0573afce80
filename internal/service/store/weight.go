package store

import (
	"context"
	"fmt"

	"trestle/internal/workroom"
)

// Weight is how many bytes the stored body of a thing has, and those of all living things of its kind in its scope together.
func (b *Batch) Weight(ref workroom.Ref) (this, all int, err error) {
	err = b.tx.QueryRowContext(b.ctx, `SELECT COALESCE(sum(CASE WHEN id = ? THEN octet_length(body) ELSE 0 END), 0), COALESCE(sum(octet_length(body)), 0)
		FROM thing WHERE scope = ? AND kind = ? AND NOT gone`, ref.ID, ref.Scope, ref.Kind).Scan(&this, &all)
	if err != nil {
		return 0, 0, fmt.Errorf("weigh %s: %w", ref.Kind, err)
	}
	return this, all, nil
}

// WeightOf is how many bytes the living things of a scope have that an account wrote last.
func (b *Batch) WeightOf(who workroom.AccountID, s workroom.Scope) (all int, err error) {
	err = b.tx.QueryRowContext(b.ctx, "SELECT COALESCE(sum(octet_length(body)), 0) FROM thing WHERE scope = ? AND actor = ? AND NOT gone", s, who).Scan(&all)
	if err != nil {
		return 0, fmt.Errorf("weigh a scope: %w", err)
	}
	return all, nil
}

// Wrote is how often anything was written into a scope.
func (b *Batch) Wrote(s workroom.Scope) (int64, error) {
	h, err := b.head(s)
	if err != nil || h == nil {
		return 0, err
	}
	return h.Seq, nil
}

// UnnamedOf is how many uploads of an account no command has named yet.
func (tx Tx) UnnamedOf(ctx context.Context, who workroom.AccountID) (n int, err error) {
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM file WHERE owner = ? AND named = 0", who).Scan(&n); err != nil {
		return 0, fmt.Errorf("count uploads: %w", err)
	}
	return n, nil
}
