package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/uptrace/bun"
)

// Flush writes everything, a statement a table, and answers whom to tell once the transaction has been committed.
func (b *Batch) Flush() ([]Hint, error) {
	if err := b.tx.s.fail(PointDecided); err != nil {
		return nil, err
	}
	if err := b.dropEmpty(); err != nil {
		return nil, err
	}
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
	if err := upsert(b.ctx, b.tx, heads, "scope", "space", "seq", "tag", "msgs", "digest"); err != nil {
		return nil, err
	}
	if err := b.tx.s.fail(PointHeads); err != nil {
		return nil, err
	}
	if err := upsert(b.ctx, b.tx, rows, "scope, kind, id", "seq", "rev", "gone", "actor", "at", "body"); err != nil {
		return nil, err
	}
	if err := b.tx.s.fail(PointThings); err != nil {
		return nil, err
	}
	for part := range slices.Chunk(b.tags, 200) {
		if _, err := b.tx.NewInsert().Model(&part).Exec(b.ctx); err != nil {
			return nil, fmt.Errorf("write tags: %w", err)
		}
	}
	if err := upsert(b.ctx, b.tx, rights, "account, root", "gen", "role", "from_born", "gone"); err != nil {
		return nil, err
	}
	if err := b.tx.s.fail(PointRights); err != nil {
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
	if err := b.tx.s.fail(PointRecords); err != nil {
		return nil, err
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
