package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Hint is a root scope's new number and the accounts that may know of it.
type Hint struct {
	Head wire.HintHead
	To   []workroom.AccountID
}

// Flush writes everything, a statement a table, and answers whom to tell once the transaction has been committed.
func (b *Batch) Flush() ([]Hint, error) {
	var heads []*head
	for s := range b.dirtyHeads {
		heads = append(heads, b.heads[s])
	}
	slices.SortFunc(heads, func(x, y *head) int { return strings.Compare(string(x.Scope), string(y.Scope)) })
	var rows []*thing
	for r := range b.dirtyRows {
		rows = append(rows, b.rows[r])
	}
	slices.SortFunc(rows, func(x, y *thing) int { return strings.Compare(x.ref().String(), y.ref().String()) })
	var rights []*Access
	for r := range b.dirtyAccess {
		rights = append(rights, b.access[r])
	}
	slices.SortFunc(rights, func(x, y *Access) int {
		return strings.Compare(string(x.Account)+" "+string(x.Root), string(y.Account)+" "+string(y.Root))
	})
	if err := upsert(b.ctx, b.tx, heads, "scope", "seq", "tag", "msgs", "digest"); err != nil {
		return nil, err
	}
	if err := upsert(b.ctx, b.tx, rows, "scope, kind, id", "seq", "rev", "gone", "actor", "at", "body"); err != nil {
		return nil, err
	}
	if err := upsert(b.ctx, b.tx, rights, "account, root", "gen", "role", "from_born", "gone"); err != nil {
		return nil, err
	}
	if len(b.freshRecords) > 0 {
		if _, err := b.tx.NewInsert().Model(&b.freshRecords).Exec(b.ctx); err != nil {
			return nil, fmt.Errorf("write records: %w", err)
		}
	}
	if len(b.invitations) > 0 {
		// The first contract with a secret keeps it.
		if _, err := b.tx.NewInsert().Model(&b.invitations).On("CONFLICT (id) DO NOTHING").Exec(b.ctx); err != nil {
			return nil, fmt.Errorf("write invitations: %w", err)
		}
	}
	for f, born := range b.named {
		if _, err := b.tx.ExecContext(b.ctx, "UPDATE file SET named = ? WHERE owner = ? AND id = ? AND named = 0", born, f.owner, f.id); err != nil {
			return nil, fmt.Errorf("write file: %w", err)
		}
	}
	return b.hints(heads)
}

func upsert[T any](ctx context.Context, tx Tx, rows []*T, pk string, columns ...string) error {
	for part := range slices.Chunk(rows, 200) {
		q := tx.NewInsert().Model(&part).On("CONFLICT (" + pk + ") DO UPDATE")
		for _, c := range columns {
			q = q.Set("? = EXCLUDED.?", bun.Ident(c), bun.Ident(c))
		}
		if _, err := q.Exec(ctx); err != nil {
			return fmt.Errorf("write %T: %w", part, err)
		}
	}
	return nil
}

func (b *Batch) hints(heads []*head) ([]Hint, error) {
	var out []Hint
	for _, h := range heads {
		if h.Scope != h.Root {
			continue
		}
		x := Hint{Head: wire.HintHead{Scope: h.Scope, Seq: h.Seq, Msgs: h.Msgs}}
		rows, err := b.tx.QueryContext(b.ctx, "SELECT account FROM access WHERE root = ? AND NOT gone", h.Scope)
		if err != nil {
			return nil, fmt.Errorf("read whom to tell: %w", err)
		}
		for rows.Next() {
			var a workroom.AccountID
			if err := rows.Scan(&a); err != nil {
				return nil, errors.Join(fmt.Errorf("read whom to tell: %w", err), rows.Close())
			}
			x.To = append(x.To, a)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return nil, fmt.Errorf("read whom to tell: %w", err)
		}
		out = append(out, x)
	}
	return out, nil
}
