package store

import (
	"context"
	"fmt"

	"trestle/internal/workroom"
)

// Freelances are the contracts on which an account works, in order of id. Who works on a contract never changes once it was accepted.
func (b *Batch) Freelances(who workroom.AccountID) ([]workroom.ContractID, error) {
	return b.tx.Freelances(b.ctx, who)
}

// Freelances are the contracts on which an account works, in order of id.
func (tx Tx) Freelances(ctx context.Context, who workroom.AccountID) ([]workroom.ContractID, error) {
	rows, err := tx.QueryContext(ctx, `SELECT t.id, t.body FROM access AS a JOIN thing AS t ON t.scope = a.root AND t.kind = ?
		WHERE a.account = ? AND NOT a.gone AND a.root >= 'k:' AND a.root < 'k;' AND NOT t.gone ORDER BY t.id`, workroom.KindContract, who)
	if err != nil {
		return nil, fmt.Errorf("read a freelancer's contracts: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var out []workroom.ContractID
	for rows.Next() {
		var id workroom.ContractID
		var body string
		if err := rows.Scan(&id, &body); err != nil {
			return nil, fmt.Errorf("read a freelancer's contracts: %w", err)
		}
		t, err := workroom.Decode(workroom.KindContract, []byte(body))
		if err != nil {
			return nil, fmt.Errorf("read a freelancer's contracts: %w", err)
		}
		if t.(*workroom.Contract).Freelancer == who {
			out = append(out, id)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read a freelancer's contracts: %w", err)
	}
	return out, nil
}
