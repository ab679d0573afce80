package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/uptrace/bun"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// digest is a thing's share of its scope's digest (wire.Digest), which is kept as a BIGINT of the same bits. A tombstone has none.
func (t *thing) digest() int64 {
	if t.Gone {
		return 0
	}
	return int64(wire.ShareOf(t.Kind, t.ID, t.Seq))
}

// living is what meta says once head.digest is over living things; the first slice counted tombstones too.
const living = "living"

// redigest recomputes the digests of a database of the first slice, once.
func (tx Tx) redigest(ctx context.Context) error {
	var is string
	err := tx.QueryRowContext(ctx, "SELECT v FROM meta WHERE k = ?", "digest").Scan(&is)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("read how digests are made: %w", err)
	}
	if is == living {
		return nil
	}
	sums, err := tx.sums(ctx)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "UPDATE head SET digest = 0"); err != nil {
		return fmt.Errorf("clear digests: %w", err)
	}
	for s, d := range sums {
		if _, err := tx.ExecContext(ctx, "UPDATE head SET digest = ? WHERE scope = ?", int64(d), s); err != nil {
			return fmt.Errorf("write a digest: %w", err)
		}
	}
	_, err = tx.fixed(ctx, "digest", living)
	return err
}

// sums are the digests of all scopes, from their things.
func (tx Tx) sums(ctx context.Context) (map[workroom.Scope]wire.Digest, error) {
	rows, err := tx.QueryContext(ctx, "SELECT scope, kind, id, seq FROM thing WHERE NOT gone")
	if err != nil {
		return nil, fmt.Errorf("sum digests: %w", err)
	}
	defer func() { _ = rows.Close() }()
	out := map[workroom.Scope]wire.Digest{}
	for rows.Next() {
		var t thing
		if err := rows.Scan(&t.Scope, &t.Kind, &t.ID, &t.Seq); err != nil {
			return nil, fmt.Errorf("sum digests: %w", err)
		}
		out[t.Scope] += wire.ShareOf(t.Kind, t.ID, t.Seq)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("sum digests: %w", err)
	}
	return out, nil
}

// Digest sums a part of a scope: its undated things if Hi is 0, else the dated ones born from Lo to Hi that the account may see. ok is false
// without access.
func (tx Tx) Digest(ctx context.Context, who workroom.AccountID, in wire.DigestIn) (*wire.DigestOut, bool, error) {
	a, ok, err := tx.Access(ctx, who, in.Scope.Root())
	if err != nil || !ok {
		return nil, false, err
	}
	h, err := tx.headOf(ctx, in.Scope)
	if err != nil || h == nil {
		return nil, false, err
	}
	if h.Seq < in.Min {
		return nil, false, ErrBehind
	}
	where, args := "kind NOT IN (?)", []any{in.Scope, bun.List(dated)}
	if in.Hi != 0 {
		where = "kind IN (?) AND born >= ? AND born <= ?"
		args = append(args, max(in.Lo, a.FromBorn), in.Hi)
	}
	rows, err := tx.QueryContext(ctx, "SELECT kind, id, seq FROM thing WHERE scope = ? AND "+where+" AND NOT gone", args...)
	if err != nil {
		return nil, false, fmt.Errorf("sum a part: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var sum wire.Digest
	for rows.Next() {
		var t thing
		if err := rows.Scan(&t.Kind, &t.ID, &t.Seq); err != nil {
			return nil, false, fmt.Errorf("sum a part: %w", err)
		}
		sum += wire.ShareOf(t.Kind, t.ID, t.Seq)
	}
	if err := rows.Err(); err != nil {
		return nil, false, fmt.Errorf("sum a part: %w", err)
	}
	return &wire.DigestOut{AsOf: h.Seq, Digest: sum.String()}, true, nil
}

// whole is the digest of a scope at this moment, or "" if the account is not shown all of what it is over.
func (tx Tx) whole(ctx context.Context, h *head, a Access) (string, error) {
	if a.FromBorn > 1 {
		var hidden int
		err := tx.QueryRowContext(ctx, "SELECT count(*) FROM (SELECT 1 FROM thing WHERE scope = ? AND kind IN (?) AND born < ? AND NOT gone LIMIT 1) AS x",
			h.Scope, bun.List(dated), a.FromBorn).Scan(&hidden)
		if err != nil {
			return "", fmt.Errorf("look for hidden things: %w", err)
		}
		if hidden > 0 {
			return "", nil
		}
	}
	return wire.Digest(uint64(h.Digest)).String(), nil
}
