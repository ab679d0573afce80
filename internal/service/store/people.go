package store

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"trestle/internal/workroom"
)

// Mates are those who share a room with an account now, as far as neither of the two blocked the other; without oneself. Where some are
// named only these are looked at.
func (tx Tx) Mates(ctx context.Context, who workroom.AccountID, of ...workroom.AccountID) (map[workroom.AccountID]bool, error) {
	q := `SELECT DISTINCT b.account FROM access a JOIN access b ON b.root = a.root
		WHERE a.account = ? AND NOT a.gone AND a.root >= 'r:' AND a.root < 'r;' AND NOT b.gone AND b.account <> a.account`
	args := []any{who}
	if len(of) > 0 {
		q += " AND b.account IN (?)"
		args = append(args, bun.List(of))
	}
	out := map[workroom.AccountID]bool{}
	rows, err := tx.QueryContext(ctx, q, args...)
	if err != nil {
		return nil, fmt.Errorf("read who shares a room: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id workroom.AccountID
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("read who shares a room: %w", err)
		}
		out[id] = true
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read who shares a room: %w", err)
	}
	return out, tx.unblocked(ctx, who, out)
}

// unblocked takes those out between whom and an account a block stands. Both have it in their own scopes; one is enough to look at.
func (tx Tx) unblocked(ctx context.Context, who workroom.AccountID, from map[workroom.AccountID]bool) error {
	if len(from) == 0 {
		return nil
	}
	things, err := tx.things(ctx, "scope = ? AND kind = ? AND NOT gone", workroom.AccountScope(who), workroom.KindBlock)
	if err != nil {
		return err
	}
	for _, t := range things {
		x, err := workroom.Decode(t.Kind, t.Body)
		if err != nil {
			return err
		}
		if b, ok := x.(*workroom.Block); ok && (b.Mine != 0 || b.Theirs != 0) {
			delete(from, workroom.AccountID(t.ID))
		}
	}
	return nil
}

// Own reads the living things of some kinds from the own scopes of accounts.
func (tx Tx) Own(ctx context.Context, accounts []workroom.AccountID, kinds ...workroom.Kind) (map[workroom.AccountID][]workroom.Thing, error) {
	out := map[workroom.AccountID][]workroom.Thing{}
	if len(accounts) == 0 {
		return out, nil
	}
	scopes := make([]workroom.Scope, len(accounts))
	for i, a := range accounts {
		scopes[i] = workroom.AccountScope(a)
	}
	things, err := tx.things(ctx, "scope IN (?) AND kind IN (?) AND NOT gone", bun.List(scopes), bun.List(kinds))
	if err != nil {
		return nil, err
	}
	for _, t := range things {
		x, err := workroom.Decode(t.Kind, t.Body)
		if err != nil {
			return nil, err
		}
		who := workroom.AccountID(t.Scope.Owner())
		out[who] = append(out[who], x)
	}
	return out, nil
}
