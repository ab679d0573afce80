package app

import (
	"context"
	"fmt"

	"trestle/internal/outbox"
	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// This file gives an answer to an offer, one at a time, and says what became of it.

// codeAnswerWaits is the code of an answer to an offer while another one waits.
const codeAnswerWaits = "answer_waits"

// answering is the command that answers an offer, or asks about it.
func (s *Session) answering(op workroom.Op, o *wire.Offer, secret string) workroom.Command {
	switch op {
	case workroom.OpAskOffer:
		return workroom.AskOffer{Contract: o.Contract, Room: o.Room, Who: s.me(), Name: s.st.Person, Secret: secret}
	case workroom.OpAcceptContract:
		return workroom.AcceptContract{Contract: o.Contract, Room: o.Room, Who: s.me(), Name: s.st.Person, Secret: secret}
	}
	return workroom.DeclineContract{Contract: o.Contract, Room: o.Room, Who: s.me(), Secret: secret}
}

// giveAnswer puts an answer into the outbox, for the offer as it was at a revision, and answers its id. Given again while it waits it is the same
// one; another is refused until the first is taken back or there.
func (s *Session) giveAnswer(op workroom.Op, o *wire.Offer, secret string, seen int64) (string, error) {
	s.answerMu.Lock()
	defer s.answerMu.Unlock()
	waits, err := s.answerWaits(string(o.Contract))
	if err != nil {
		return "", err
	}
	cmd := s.answering(op, o, secret)
	switch {
	case waits == nil:
	case waits.Op == op:
		return waits.ID, nil
	case waits.Op != workroom.OpAskOffer:
		return "", Fail(codeAnswerWaits, "Your answer to this offer waits to be sent. Nothing was changed: undo that answer first, or let it go.")
	}
	if seen == 0 { // the command line decides about what the link says now
		seen = o.Rev
	}
	opts := enqueueOpts{About: string(o.Contract)}
	if _, decides := cmd.(workroom.Expecter); decides {
		opts.Seen = []wire.Expect{{Scope: workroom.ContractScope(o.Contract), Kind: workroom.KindContract, ID: string(o.Contract), Rev: seen}}
	}
	if err := s.keepOffer(string(o.Contract), answeredOffer{Title: o.Title, Client: o.Client}); err != nil {
		return "", fmt.Errorf("keep what the offer is called: %w", err)
	}
	id, err := s.enqueue(cmd, opts)
	if err != nil {
		return "", err
	}
	return id, s.answered(o.Contract, id)
}

// answerWaits is the newest answer to an offer that was given here and waits for the service, nil for none.
func (s *Session) answerWaits(contract string) (*replica.Item, error) {
	items, err := s.replica.About(context.Background(), contract)
	if err != nil {
		return nil, err
	}
	var out *replica.Item
	for _, i := range items {
		switch i.Op {
		case workroom.OpAskOffer, workroom.OpAcceptContract, workroom.OpDeclineContract:
			if i.Verdict == outbox.None {
				out = &i
			}
		}
	}
	return out, nil
}

// waitsView is the same as a page shows it.
func (s *Session) waitsView(contract string) (*AnswerWaits, error) {
	i, err := s.answerWaits(contract)
	if err != nil || i == nil {
		return nil, err
	}
	row := s.unsentRow(*i, nil)
	return &AnswerWaits{ID: row.ID, What: row.What, Undo: row.Discard}, nil
}

// answered takes away what was refused of earlier answers to the same offer: the new one, by its id, stands for them.
func (s *Session) answered(contract workroom.ContractID, id string) error {
	items, err := s.replica.About(context.Background(), string(contract))
	if err != nil {
		return err
	}
	for _, i := range items {
		if i.ID == id || i.Verdict == outbox.None || i.Op != workroom.OpAskOffer && i.Op != workroom.OpAcceptContract && i.Op != workroom.OpDeclineContract {
			continue
		}
		if err := s.replica.Discard(context.Background(), i.ID); err != nil {
			return err
		}
	}
	return nil
}

// waitsAbout reports whether something about a contract still waits for the service, or why it was refused. The person is told right away, so a
// refused one need not stand under Not sent as well.
func (s *Session) waitsAbout(contract workroom.ContractID, id string) (waits bool, refusal *workroom.Refusal, err error) {
	items, err := s.replica.About(context.Background(), string(contract))
	if err != nil {
		return false, nil, err
	}
	for _, i := range items {
		if i.ID != id {
			continue
		}
		if i.Verdict != outbox.None {
			_ = s.replica.Discard(context.Background(), id)
			return false, &workroom.Refusal{Code: i.Code, Text: i.Text}, nil
		}
		waits = true
	}
	return waits, nil, nil
}
