package store

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"trestle/internal/workroom"
)

// Between are the contracts that both of two accounts may read, as the batch has it by now.
func (b *Batch) Between(who, other workroom.AccountID) ([]workroom.Scope, error) {
	rows, err := b.tx.QueryContext(b.ctx, `SELECT m.root FROM access m JOIN access o ON o.root = m.root
		WHERE m.account = ? AND o.account = ? AND m.root >= 'k:' AND m.root < 'k;' ORDER BY m.root`, who, other)
	if err != nil {
		return nil, fmt.Errorf("read contracts of two: %w", err)
	}
	defer func() { _ = rows.Close() }()
	seen := map[workroom.Scope]bool{}
	for rows.Next() {
		var root workroom.Scope
		if err := rows.Scan(&root); err != nil {
			return nil, fmt.Errorf("read contracts of two: %w", err)
		}
		seen[root] = true
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read contracts of two: %w", err)
	}
	for r := range b.dirtyAccess {
		if r.Root.Kind() == "k" && (r.Account == who || r.Account == other) {
			seen[r.Root] = true
		}
	}
	var out []workroom.Scope
	for root := range seen {
		if root.Part() != "" {
			continue
		}
		_, mine, err := b.Access(who, root)
		if err != nil {
			return nil, err
		}
		_, theirs, err := b.Access(other, root)
		if err != nil {
			return nil, err
		}
		if mine && theirs {
			out = append(out, root)
		}
	}
	return out, nil
}

// Job notes work to be done once the batch is committed, unless there is a job with the same dedupe.
func (b *Batch) Job(kind, dedupe, args string, at time.Time) error {
	return b.tx.AddJob(b.ctx, kind, dedupe, args, at)
}

// Offer is an open offer with its invitations by their ids.
type Offer struct {
	ID          workroom.ContractID
	Contract    *workroom.Contract
	Invitations map[string]*workroom.Invitation
}

// Until is the last moment at which an offer may be answered, Unix µs, 0 where it has no end: those of the first versions say it in their
// invitation alone.
func (o Offer) Until() int64 {
	until := o.Contract.Expires
	for _, inv := range o.Invitations {
		until = max(until, inv.Expires)
	}
	return until
}

// Offers are the open offers of a client.
func (tx Tx) Offers(ctx context.Context, client workroom.AccountID) ([]Offer, error) {
	return tx.offers(ctx, `SELECT root FROM access WHERE account = ? AND NOT gone AND role = ? AND root >= 'k:' AND root < 'k;'`, client, workroom.Client)
}

// OpenOffers are the open offers of everybody.
func (tx Tx) OpenOffers(ctx context.Context) ([]Offer, error) {
	return tx.offers(ctx, `SELECT scope FROM thing WHERE scope >= 'k:' AND scope < 'k;' AND kind = ? AND NOT gone AND body LIKE '%"status":"offered"%'`,
		workroom.KindContract)
}

// offers are the open ones among the contracts whose scopes a question answers.
func (tx Tx) offers(ctx context.Context, question string, args ...any) ([]Offer, error) {
	rows, err := tx.QueryContext(ctx, question, args...)
	if err != nil {
		return nil, fmt.Errorf("read offers: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var roots []workroom.Scope
	for rows.Next() {
		var root workroom.Scope
		if err := rows.Scan(&root); err != nil {
			return nil, fmt.Errorf("read offers: %w", err)
		}
		if root.Part() == "" {
			roots = append(roots, root)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read offers: %w", err)
	}
	var out []Offer
	for _, k := range roots {
		id := workroom.ContractID(k.Owner())
		t, _, ok, err := tx.Living(ctx, workroom.Ref{Scope: k, Kind: workroom.KindContract, ID: string(id)})
		n, is := t.(*workroom.Contract)
		if err != nil {
			return nil, err
		}
		if !ok || !is || n.Status != workroom.Offered {
			continue
		}
		o := Offer{ID: id, Contract: n, Invitations: map[string]*workroom.Invitation{}}
		things, err := tx.things(ctx, "scope = ? AND kind IN (?) AND NOT gone", workroom.ClientScope(id), bun.List([]workroom.Kind{workroom.KindInvitation}))
		if err != nil {
			return nil, err
		}
		for _, x := range things {
			t, err := workroom.Decode(x.Kind, x.Body)
			if inv, ok := t.(*workroom.Invitation); ok && err == nil {
				o.Invitations[x.ID] = inv
			}
		}
		out = append(out, o)
	}
	return out, nil
}
