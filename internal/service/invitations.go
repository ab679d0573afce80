package service

import (
	"context"
	_ "embed"
	"net/http"

	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// look shows what an invitation link offers to whoever holds its secret. Once somebody asked about the offer or answered it, it is shown to
// them and to the client alone: a link that got into other hands tells nothing any more.
func (s *Service) look(ctx context.Context, in *wire.Look) (*wire.Offer, error) {
	if in.Secret == "" || len(in.Secret) > 128 {
		return nil, workroom.Refuse(workroom.NoAccess)
	}
	var out *wire.Offer
	used := false
	err := s.store.Read(ctx, func(tx store.Tx) error {
		id, inv, ok, err := tx.FindInvitation(ctx, workroom.InvitationID(in.Secret))
		if err != nil || !ok {
			return err
		}
		k := workroom.ContractScope(id)
		t, rev, ok, err := tx.Living(ctx, workroom.Ref{Scope: k, Kind: workroom.KindContract, ID: string(id)})
		n, is := t.(*workroom.Contract)
		if err != nil || !ok || !is {
			return err
		}
		if who := callerOf(ctx).Account; inv.Used != "" && inv.Used != who && n.Client != who {
			used = true
			return nil
		}
		codes, err := tx.Activities(ctx, k)
		if err != nil {
			return err
		}
		out = &wire.Offer{
			Contract: id, Room: n.Room, Title: n.Title, About: n.About, Client: n.ClientName, Terms: n.Terms, Activities: []string{},
			Email: inv.Email, Expires: inv.Expires, Status: n.Status, Used: inv.Used != "", Over: n.Over, Rev: rev,
		}
		for _, a := range codes {
			out.Activities = append(out.Activities, a.Code)
		}
		return nil
	})
	if err != nil {
		return nil, s.fail(ctx, "look at an invitation", err)
	}
	if used {
		return nil, &workroom.Refusal{Code: workroom.Gone, Text: "Somebody else used this link already. Ask for a link of your own."}
	}
	if out == nil {
		return nil, &workroom.Refusal{Code: workroom.NoAccess, Text: "This invitation is not known here. Check that the whole link was copied."}
	}
	return out, nil
}

//go:embed invite.html
var inviteHTML []byte

// invitePage is what a browser shows for an invitation link. The secret stands behind the # and never reaches the service.
func invitePage(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(inviteHTML) // the reader has gone if this fails
}
