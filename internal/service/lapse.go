package service

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"trestle/internal/service/store"
	"trestle/internal/workroom"
)

// jobLapse ends an offer that nobody answered in time.
const jobLapse = "lapse an offer"

// anOffer is an offer as a job's arguments.
type anOffer struct {
	Contract workroom.ContractID `json:"contract"`
	Room     workroom.RoomID     `json:"room"`
}

// offered notes, in the transaction of an offer or of a question about one, when it is over.
func (w *writer) offered(b *store.Batch, changes []workroom.Change) error {
	for _, c := range changes {
		n, ok := c.Thing.(*workroom.Contract)
		if !ok || n.Status != workroom.Offered || n.Expires == 0 {
			continue
		}
		args, err := json.Marshal(anOffer{workroom.ContractID(c.Ref.ID), n.Room})
		if err != nil {
			return fmt.Errorf("note when an offer is over: %w", err)
		}
		if err := b.Job(jobLapse, jobLapse+" "+c.Ref.ID, string(args), time.UnixMicro(n.Expires+1)); err != nil {
			return err
		}
	}
	return nil
}

// lapse ends an offer that nobody answered within its time, and closes its room (W-33). One that a program of an earlier version declined left
// its room open: that is closed by now, too. Done again it changes nothing.
func (s *Service) lapse(ctx context.Context, args string) error {
	var o anOffer
	if err := json.Unmarshal([]byte(args), &o); err != nil {
		return fmt.Errorf("lapse an offer: %w", err)
	}
	return s.endOffer(ctx, o.Contract, o.Room, workroom.OfferLapsed, func(n *workroom.Contract) bool {
		return n.Status == workroom.Refused || n.Status == workroom.Offered && s.now().UnixMicro() > n.Expires
	})
}

// lapsePast ends every open offer whose time is over and for which no job was noted: programs of the first versions noted none. What has no end
// stays open.
func (s *Service) lapsePast(ctx context.Context) error {
	var offers []store.Offer
	err := s.store.Read(ctx, func(tx store.Tx) (err error) {
		offers, err = tx.OpenOffers(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("lapse offers: %w", err)
	}
	now := s.now().UnixMicro()
	for _, o := range offers { // each in a transaction
		if until := o.Until(); until == 0 || now <= until {
			continue
		}
		if err := s.endOffer(ctx, o.ID, o.Contract.Room, workroom.OfferLapsed, nil); err != nil {
			return fmt.Errorf("lapse offers: %w", err)
		}
	}
	return nil
}

// endOffer ends an offer, unless it was accepted, or when is given and says no by now.
func (s *Service) endOffer(ctx context.Context, id workroom.ContractID, room workroom.RoomID, end workroom.OfferEnd, when func(*workroom.Contract) bool) error {
	k, r := workroom.ContractScope(id), workroom.RoomScope(room)
	return s.rewrite(ctx, []workroom.Scope{k, r}, func(_ *store.Batch, view workroom.Rows, out *workroom.Changes) error {
		n, known := workroom.Get[*workroom.Contract](view, workroom.Ref{Scope: k, Kind: workroom.KindContract, ID: string(id)})
		if known != workroom.Held || n.Status != workroom.Offered && n.Status != workroom.Refused || when != nil && !when(n) {
			return nil
		}
		workroom.EndOffer(view, out, id, n, end)
		return nil
	})
}
