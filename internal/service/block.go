package service

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
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

// blocked notes, in the transaction of a block or its end, what is to be done in scopes that it does not hold: the open offers between the two
// are taken back, and the rooms they have to themselves are closed or opened.
func (w *writer) blocked(b *store.Batch, x *item) error {
	c, ok := x.does.(workroom.SetBlock)
	if !ok {
		return nil
	}
	args, err := json.Marshal(twoPeople{c.Who, c.Other})
	if err != nil {
		return fmt.Errorf("note a block: %w", err)
	}
	once := string(x.caller.Account) + " " + x.cmd.ID // another account may have a command of the same id
	if err := b.Job(jobPart, jobPart+" "+once, string(args), w.s.now()); err != nil || !c.On {
		return err
	}
	return b.Job(jobWithdraw, jobWithdraw+" "+once, string(args), w.s.now())
}

// withdraw takes back the open offers of each of two people that name the other's e-mail address or that the other asked about (P-24). Done
// again it finds none. Unblocked meanwhile they stay as they are.
func (s *Service) withdraw(ctx context.Context, args string) error {
	var p twoPeople
	if err := json.Unmarshal([]byte(args), &p); err != nil {
		return fmt.Errorf("withdraw offers: %w", err)
	}
	for _, x := range []twoPeople{p, {p.Other, p.By}} {
		var offers []store.Offer
		err := s.store.Read(ctx, func(tx store.Tx) error {
			other, ok, err := tx.Account(ctx, x.Other)
			if err != nil || !ok {
				return err
			}
			all, err := tx.Offers(ctx, x.By)
			offers = slices.DeleteFunc(all, func(o store.Offer) bool { return o.Contract.Asker != x.Other && !meantFor(o, other.Email) })
			return err
		})
		if err != nil {
			return err
		}
		end := workroom.OfferWithdrawn
		if x.By != p.By {
			end = workroom.OfferDeclined
		}
		for _, o := range offers { // each in a transaction
			if err := s.endOffer(ctx, o.ID, o.Contract.Room, end, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// meantFor reports whether an offer's link is meant for one address and was not used.
func meantFor(o store.Offer, email string) bool {
	for _, inv := range o.Invitations {
		if inv.Used == "" && strings.EqualFold(inv.Email, email) {
			return true
		}
	}
	return false
}
