package store

import (
	"context"
	"fmt"

	"trestle/internal/workroom"
)

// Met are those of some accounts with whom another one has or had a contract that started.
//
// The table of rights says it already: a freelancer's right to a contract is written by nothing but its acceptance, and a right that is taken
// away leaves its row. So there is no projection of its own to keep or to make for older data, and the two can never differ.
func (tx Tx) Met(ctx context.Context, who workroom.AccountID, others []workroom.AccountID) (map[workroom.AccountID]bool, error) {
	out := map[workroom.AccountID]bool{}
	if len(others) == 0 {
		return out, nil
	}
	rows, err := tx.ask(ctx, `SELECT DISTINCT o.account FROM access m JOIN access o ON o.root = m.root
		WHERE m.account = ? AND m.root >= 'k:' AND m.root < 'k;' AND o.account IN (?)
		AND (m.role = ? AND o.role = ? OR m.role = ? AND o.role = ?)`,
		who, mapped(others, func(a workroom.AccountID) string { return string(a) }), workroom.Client, workroom.Freelancer, workroom.Freelancer, workroom.Client)
	if err != nil {
		return nil, fmt.Errorf("read who met: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var o workroom.AccountID
		if err := rows.Scan(&o); err != nil {
			return nil, fmt.Errorf("read who met: %w", err)
		}
		out[o] = true
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read who met: %w", err)
	}
	return out, nil
}

// Met is the same with what this transaction wrote.
func (b *Batch) Met(who workroom.AccountID, others []workroom.AccountID) (map[workroom.AccountID]bool, error) {
	out, err := b.tx.Met(b.ctx, who, others)
	if err != nil || len(others) == 0 {
		return out, err
	}
	for r := range b.dirtyAccess { // accepted in this transaction
		a := b.access[r]
		if r.Root.Kind() != "k" || r.Root.Part() != "" || a.Role != workroom.Freelancer && a.Role != workroom.Client {
			continue
		}
		for _, o := range others {
			one, two := r.Account, o
			if one == o {
				two = who
			} else if one != who {
				continue
			}
			if x, _, err := b.Access(two, r.Root); err != nil {
				return nil, err
			} else if a.Role == workroom.Client && x.Role == workroom.Freelancer || a.Role == workroom.Freelancer && x.Role == workroom.Client {
				out[o] = true
			}
		}
	}
	return out, nil
}

// Setting reads what the service's administrator chose; empty if nothing was.
func (b *Batch) Setting(k string) (string, error) { return b.tx.Setting(b.ctx, k) }

// RoomsOf are the rooms that an account may read.
func (tx Tx) RoomsOf(ctx context.Context, who workroom.AccountID) ([]workroom.Scope, error) {
	rows, err := tx.QueryContext(ctx, "SELECT root FROM access WHERE account = ? AND root >= 'r:' AND root < 'r;' AND NOT gone ORDER BY root", who)
	if err != nil {
		return nil, fmt.Errorf("read rooms: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var out []workroom.Scope
	for rows.Next() {
		var s workroom.Scope
		if err := rows.Scan(&s); err != nil {
			return nil, fmt.Errorf("read rooms: %w", err)
		}
		out = append(out, s)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read rooms: %w", err)
	}
	return out, nil
}
