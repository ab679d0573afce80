package app

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// This file answers an offer, or asks about it first: by the link of its invitation, which needs the service to be read, or from its room by
// who is in it. The service alone makes any of it true, so nothing is shown as done before.

// secretOf finds the secret in an invitation link.
func (s *Session) secretOf(link string) (string, error) {
	link = strings.TrimSpace(link)
	_, secret, ok := strings.Cut(link, "/invite#")
	if !ok || len(secret) < 16 || len(secret) > 128 {
		return "", &workroom.Refusal{Code: workroom.BadInput, Field: "link", Text: "This is not an invitation link. It looks like https://work.example.com/invite#…"}
	}
	return secret, nil
}

// look asks the service about the secret of a link. One service may have several addresses, so only when it does not know the secret does
// the address in the link say why.
func (s *Session) look(link string) (string, *wire.Offer, error) {
	secret, err := s.secretOf(link)
	if err != nil {
		return "", nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 6*time.Second)
	defer cancel()
	o, err := s.client.Look(ctx, secret)
	var no *wire.Error
	if errors.As(err, &no) && no.Retry == workroom.RetryAuth {
		s.courier.Kick() // it meets the same answer, and everybody here is asked to sign in again
	}
	if errors.As(err, &no) && no.Code == workroom.NoAccess {
		base, _, _ := strings.Cut(strings.TrimSpace(link), "/invite#")
		if u, e := url.Parse(base); e == nil && u.Host != "" && base != s.st.Address && base != s.st.Public {
			return "", nil, &workroom.Refusal{Code: workroom.BadInput, Field: "link", Text: "This invitation belongs to " + u.Host + ", and you are signed in elsewhere. Sign in there first."}
		}
		return "", nil, &workroom.Refusal{Code: workroom.NoAccess, Field: "link", Text: "The service knows no such invitation. Ask for the whole link again."}
	}
	return secret, o, err
}

// offerOf reads an offer by its link, or from this computer's copy by its contract. Without a link there is no secret, and none is needed.
func (s *Session) offerOf(in InviteIn) (string, *wire.Offer, error) {
	if in.Contract == "" {
		return s.look(in.Link)
	}
	c, row, err := s.contract(in.Contract)
	if err != nil {
		return "", nil, err
	}
	k := workroom.ContractScope(workroom.ContractID(in.Contract))
	o := &wire.Offer{Contract: workroom.ContractID(in.Contract), Room: c.Room, Title: c.Title, About: c.About, Client: c.ClientName, Terms: c.Terms,
		Expires: s.expires(in.Contract, c), Status: c.Status, Over: c.Over, Rev: row.Rev}
	codes, err := s.replica.All(context.Background(), k, workroom.KindActivity)
	if err != nil {
		return "", nil, err
	}
	for _, x := range codes {
		if a, ok := x.Thing.(*workroom.Activity); ok && a.Archived == 0 {
			o.Activities = append(o.Activities, a.Code)
		}
	}
	return "", o, nil
}

// expires is until when an offer may be answered, Unix µs, 0 where this computer cannot tell: offers of the first versions say it in their
// invitation alone, which only the client's own computers hold.
func (s *Session) expires(contract string, c *workroom.Contract) int64 {
	if c.Expires != 0 {
		return c.Expires
	}
	rows, err := s.replica.All(context.Background(), workroom.ClientScope(workroom.ContractID(contract)), workroom.KindInvitation)
	if err != nil {
		return 0
	}
	for _, x := range rows {
		if inv, ok := x.Thing.(*workroom.Invitation); ok {
			return inv.Expires
		}
	}
	return 0
}

// Look shows an offer before it is answered. By its link it needs the service.
func (x *Contracts) Look(in InviteIn) (out OfferView, err error) {
	defer guard(&err)
	s, err := x.c.here()
	if err != nil {
		return out, err
	}
	_, o, err := s.offerOf(in)
	if err != nil {
		return out, err
	}
	waiting, err := s.waitsView(string(o.Contract))
	if err != nil {
		return out, err
	}
	out = OfferView{
		Contract: string(o.Contract), Title: o.Title, About: o.About, Client: o.Client, Terms: termsView(o.Terms), Activities: []string{},
		Email: o.Email, Expires: o.Expires / 1000, Status: offerState(o.Status, o.Expires), Over: string(o.Over), Service: s.st.Name, Rev: o.Rev, Waiting: waiting,
	}
	out.Activities = append(out.Activities, o.Activities...)
	if c, _, err := s.contract(string(o.Contract)); err == nil {
		out.Mine = c.Client == s.me()
		if _, _, err := s.room(string(o.Room)); err == nil {
			out.Room = string(o.Room)
		}
	}
	return out, nil
}

// offerState is the status of a contract, or expired of an offer that can not be answered any more (µs, 0: not known).
func offerState(status workroom.Status, expires int64) string {
	if status == workroom.Offered && expires != 0 && expires < time.Now().UnixMicro() {
		return "expired"
	}
	return string(status)
}

// offerBar is the offer as its room shows it to the two it is between, nil where there is none, or it was accepted.
func (s *Session) offerBar(contract string) *OfferBar {
	c, row, err := s.contract(contract)
	me := s.me()
	if err != nil || c.Status != workroom.Offered && c.Status != workroom.Refused || c.Client != me && c.Asker != me {
		return nil
	}
	expires := s.expires(contract, c)
	out := &OfferBar{Contract: contract, Status: offerState(c.Status, expires), Over: string(c.Over), Mine: c.Client == me, Client: c.ClientName, Asker: c.AskerName,
		Terms: termsView(c.Terms), Expires: expires / 1000, Rev: row.Rev}
	if c.Status == workroom.Refused && out.Over == "" {
		out.Over = string(workroom.OfferDeclined)
	}
	if out.Mine && out.Status == string(workroom.Offered) && c.Asker == "" {
		inv := s.invites()[contract]
		out.Link, out.InviteFor = inv.Link, inv.Email
	}
	out.Waiting, _ = s.waitsView(contract) // what cannot be read now is read again before anything is answered
	return out
}

// offerOver reports whether a room is that of an offer which came to its end without a contract: nothing more is written in it. Programs of the
// first versions left it open.
func (s *Session) offerOver(room *workroom.Room) bool {
	if room.Kind != workroom.InterviewRoom {
		return false
	}
	c, _, err := s.contract(string(room.Contract))
	return err == nil && c.Status == workroom.Refused
}

// Accept starts an offered contract. The answer is the service's when it came in time, else the row says "waiting".
func (x *Contracts) Accept(in InviteIn) (out ContractRow, err error) {
	defer guard(&err)
	return x.answer(in, workroom.OpAcceptContract)
}

// Decline refuses an offered contract; one's own is withdrawn by it.
func (x *Contracts) Decline(in InviteIn) (out ContractRow, err error) {
	defer guard(&err)
	return x.answer(in, workroom.OpDeclineContract)
}

// Ask comes into the room of an offer, to ask about it before answering (M-02). It needs the link, and the service; the row says "waiting" where
// that did not take it in time, else "offered".
func (x *Contracts) Ask(in InviteIn) (out ContractRow, err error) {
	defer guard(&err)
	return x.answer(in, workroom.OpAskOffer)
}

func (x *Contracts) answer(in InviteIn, op workroom.Op) (ContractRow, error) {
	s, err := x.c.here()
	if err != nil {
		return ContractRow{}, err
	}
	secret, o, err := s.offerOf(in)
	if err != nil {
		return ContractRow{}, err
	}
	row := ContractRow{ID: string(o.Contract), Title: o.Title, Status: "waiting", Side: "freelancer", Other: o.Client, Room: string(o.Room)}
	id, err := s.giveAnswer(op, o, secret, in.Rev)
	if err != nil {
		return row, err
	}
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		waits, refusal, err := s.waitsAbout(o.Contract, id)
		switch {
		case err != nil:
			return row, err
		case refusal != nil:
			return row, refusal
		case waits:
			continue
		case op == workroom.OpDeclineContract:
			row.Status = string(workroom.Refused)
			return row, nil
		}
		c, _, err := s.contract(string(o.Contract))
		if _, _, noRoom := s.room(string(o.Room)); err != nil || op == workroom.OpAskOffer && noRoom != nil {
			continue // what it opened is on its way
		}
		now := time.Now()
		b, err := s.book(o.Contract, c, now, time.Local, lately(now)...)
		if err != nil {
			return row, err
		}
		return s.contractRow(b), nil
	}
	return row, nil
}
