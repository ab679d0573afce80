package service

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"trestle/internal/service/store"
	"trestle/internal/workroom"
)

// jobWithdraw takes back the open offers between two people of whom one blocked the other.
const jobWithdraw = "withdraw offers"

// twoPeople are two accounts, as a job's arguments.
type twoPeople struct {
	By    workroom.AccountID `json:"by"`
	Other workroom.AccountID `json:"other"`
}

// mayBlock refuses to block somebody with whom one has an active contract (P-23).
func (w *writer) mayBlock(b *store.Batch, x *item) (*workroom.Refusal, error) {
	c, ok := x.does.(workroom.SetBlock)
	if !ok || !c.On {
		return nil, nil
	}
	roots, err := b.Between(c.Who, c.Other)
	if err != nil {
		return nil, err
	}
	view := b.View(roots)
	for _, k := range roots {
		n, known := workroom.Get[*workroom.Contract](view, workroom.Ref{Scope: k, Kind: workroom.KindContract, ID: k.Owner()})
		if known == workroom.Held && n.Status.Runs() {
			return workroom.Refuse(workroom.ActiveContract), nil
		}
	}
	return nil, view.Err
}

// blocked notes, in the transaction of a block, that the open offers between the two are to be taken back: they lie in scopes that it does not
// hold.
func (w *writer) blocked(b *store.Batch, x *item) error {
	c, ok := x.does.(workroom.SetBlock)
	if !ok || !c.On {
		return nil
	}
	args, err := json.Marshal(twoPeople{c.Who, c.Other})
	if err != nil {
		return fmt.Errorf("note a block: %w", err)
	}
	return b.Job(jobWithdraw, jobWithdraw+" "+x.cmd.ID, string(args), w.s.now())
}

// withdraw takes back the open offers of each of two people that name the other's e-mail address (P-24). Done again it finds none. Unblocked
// meanwhile they stay as they are.
func (s *Service) withdraw(ctx context.Context, args string) error {
	var p twoPeople
	if err := json.Unmarshal([]byte(args), &p); err != nil {
		return fmt.Errorf("withdraw offers: %w", err)
	}
	for _, x := range []twoPeople{p, {p.Other, p.By}} {
		var changes []workroom.Change
		err := s.store.Read(ctx, func(tx store.Tx) error {
			other, ok, err := tx.Account(ctx, x.Other)
			if err != nil || !ok {
				return err
			}
			offers, err := tx.Offers(ctx, x.By)
			if err != nil {
				return err
			}
			for _, o := range offers {
				for id, inv := range o.Invitations {
					if inv.Used != "" || !strings.EqualFold(inv.Email, other.Email) {
						continue
					}
					n, used := *o.Contract, *inv
					n.Status, used.Used = workroom.Refused, x.By
					changes = append(changes,
						workroom.Change{Ref: workroom.Ref{Scope: workroom.ContractScope(o.ID), Kind: workroom.KindContract, ID: string(o.ID)}, Thing: &n},
						workroom.Change{Ref: workroom.Ref{Scope: workroom.ClientScope(o.ID), Kind: workroom.KindInvitation, ID: id}, Thing: &used})
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		for len(changes) > 0 { // an offer a transaction
			if err := s.Act(ctx, x.By, changes[:2]); err != nil {
				return err
			}
			changes = changes[2:]
		}
	}
	return nil
}
