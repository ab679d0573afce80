package service

import (
	"fmt"
	"slices"
	"time"

	"golang.org/x/time/rate"

	"trestle/internal/service/store"
	"trestle/internal/workroom"
)

// What one account may do, beside what each of its devices may (Limits): every command leaves a record of half a year, and what an account
// keeps for itself is read by nobody else who might complain.
const (
	accountRate  = 10 // commands a second of all devices of an account
	accountBurst = 3000
	ownRate      = 1 // commands a second that only change what is an account's own, or what stands between it and another one
	ownBurst     = 600
	maxNotes     = 20 << 20 // bytes of all notepads of an account
	maxUnnamed   = 5000     // uploads of an account that no command has named
)

// setAllowances makes what accounts may do; none is limited where devices are not.
func (s *Service) setAllowances(l Limits) {
	s.paces.set(l)
	s.accounts.set(Limits{Commands: accountRate, Burst: accountBurst})
	s.own.set(Limits{Commands: ownRate, Burst: ownBurst})
	if s.paces.rate == rate.Inf {
		s.accounts.rate, s.own.rate = rate.Inf, rate.Inf
	}
}

// mayBusy puts a command off that changes what is an account's own once more in a short time than anybody does by hand: it goes out by itself.
func (w *writer) mayBusy(x *item, scopes []workroom.Scope) *workroom.Refusal {
	own := workroom.AccountScope(x.caller.Account)
	_, block := x.does.(workroom.SetBlock)
	if !block && slices.ContainsFunc(scopes, func(s workroom.Scope) bool { return s != own }) {
		return nil
	}
	wait := w.s.own.take(string(x.caller.Account), 1, w.s.now())
	if wait == 0 {
		return nil
	}
	return &workroom.Refusal{Code: workroom.Rate, Text: fmt.Sprintf("Too many changes in a short time. This one goes on by itself in %d seconds.", int((wait+time.Second-1)/time.Second))}
}

// mayKeep refuses a longer notepad where all of them hold as much as an account may keep. Those of the same batch are not counted: it is a
// bound and no measure.
func (w *writer) mayKeep(b *store.Batch, x *item, changes []workroom.Change) (*workroom.Refusal, error) {
	for _, c := range changes {
		n, ok := c.Thing.(*workroom.Note)
		if !ok {
			continue
		}
		was, all, err := b.Weight(c.Ref)
		if err != nil {
			return nil, err
		}
		if more := len(n.Text) + len(n.Other); more > was && all-was+more > maxNotes {
			return &workroom.Refusal{Code: workroom.TooLarge, Field: "text",
				Text: fmt.Sprintf("Your notepads hold %d MB together, which is the most. Shorten one of them first.", maxNotes>>20)}, nil
		}
	}
	return nil, nil
}
