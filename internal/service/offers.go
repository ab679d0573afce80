package service

import (
	"trestle/internal/service/store"
	"trestle/internal/workroom"
)

// mayTake refuses to let somebody into an offer, or to start its contract, while its client is suspended (U-14): nobody is bound to who cannot
// answer. Declining goes on. It is asked after the rule, so that only who has a right to the offer learns of it; what was accepted before and
// lost by this service counts.
func (w *writer) mayTake(b *store.Batch, a workroom.Asked, scopes []workroom.Scope, changes []workroom.Change) (*workroom.Refusal, error) {
	for _, c := range changes {
		n, ok := c.Thing.(*workroom.Contract)
		if !ok || n.Client == a.By || n.Status == workroom.Refused || !a.Given.IsZero() {
			continue
		}
		old, known := workroom.Get[*workroom.Contract](b.View(scopes), c.Ref)
		if known != workroom.Held || old.Status != workroom.Offered {
			continue
		}
		client := workroom.AccountScope(n.Client)
		view := b.View([]workroom.Scope{client})
		acc, known := workroom.Get[*workroom.Account](view, workroom.Ref{Scope: client, Kind: workroom.KindAccount, ID: string(n.Client)})
		if known == workroom.Held && acc.Suspended != nil {
			return workroom.Refuse(workroom.OfferHeld), nil
		}
		if view.Err != nil {
			return nil, view.Err
		}
	}
	return nil, nil
}
