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
	unanswered   = 60       // messages an hour to a person who does not answer, and with whom one had no contract
	maxWeek      = 24 << 20 // bytes that one side writes into a week of a diary: both sides' together go into one answer
	lightWeek    = 2000     // writes of which a week is not weighed, as long as each is light
	lightWrite   = 4 << 10  // bytes
)

// setAllowances makes what accounts may do; none is limited where devices are not.
func (s *Service) setAllowances(l Limits) {
	s.paces.set(l)
	s.accounts.set(Limits{Commands: accountRate, Burst: accountBurst})
	s.own.set(Limits{Commands: ownRate, Burst: ownBurst})
	s.setStrangers()
	if s.paces.rate == rate.Inf {
		s.accounts.rate, s.own.rate, s.strangers.rate = rate.Inf, rate.Inf, rate.Inf
	}
}

func (s *Service) setStrangers() {
	s.strangers.set(Limits{Commands: unanswered / time.Hour.Seconds(), Burst: unanswered})
}

// mayGoOn puts a message off to somebody who did not answer the last ones, of which many were sent within an hour, and with whom its author
// had no contract: it goes out by itself. The database is asked only where that many were sent since this node began.
func (w *writer) mayGoOn(b *store.Batch, x *item) (*workroom.Refusal, error) {
	c, ok := x.does.(workroom.SendMessage)
	if !ok || !c.Room.Direct() {
		return nil, nil
	}
	me, now := x.caller.Account, w.s.now()
	wait := w.s.strangers.take(string(me)+" "+string(c.Room), 1, now)
	if wait == 0 {
		return nil, nil
	}
	alone, err := b.Unanswered(workroom.RoomScope(c.Room), me, unanswered, now.Add(-time.Hour))
	if err != nil || !alone {
		return nil, err
	}
	if stranger, err := unmet(b, me, c.Room); err != nil || !stranger {
		return nil, err
	}
	return &workroom.Refusal{Code: workroom.Rate,
		Text: fmt.Sprintf("%d messages without an answer are possible an hour. This one goes out by itself in %d seconds.", unanswered, int((wait+time.Second-1)/time.Second))}, nil
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
	if r, err := w.mayFill(b, x, changes); r != nil || err != nil {
		return r, err
	}
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

// mayFill refuses more of one side in a week of a work diary than the other can be sent: who may write into it cannot keep the other from
// reading it, nor from writing, because each has room of its own. Nobody fills it by working.
func (w *writer) mayFill(b *store.Batch, x *item, changes []workroom.Change) (*workroom.Refusal, error) {
	more := map[workroom.Scope]int{}
	for _, c := range changes {
		if c.Ref.Scope.Kind() != "d" {
			continue
		}
		switch t := c.Thing.(type) {
		case *workroom.Slice:
			more[c.Ref.Scope] += 600 + 40*len(t.Out)
		case *workroom.CellInput:
			more[c.Ref.Scope] += 100 + 100*len(t.Minutes)
		case *workroom.Shot:
			more[c.Ref.Scope] += 400 + len(t.Seed)*4/3 + 100*len(t.More)
		case *workroom.TimeMark:
			more[c.Ref.Scope] += 300 + 100*len(t.Spans)
		case *workroom.Look:
			more[c.Ref.Scope] += 200 + 40*len(t.Seen)
		}
	}
	for s, n := range more {
		had, err := b.Wrote(s)
		if err != nil {
			return nil, err
		}
		if n < lightWrite && had < lightWeek {
			continue
		}
		all, err := b.WeightOf(x.caller.Account, s)
		if err != nil {
			return nil, err
		}
		if all+n > maxWeek {
			return &workroom.Refusal{Code: workroom.TooMany,
				Text: fmt.Sprintf("Your side of this week holds %d MB, which is more than any week of work. Nothing more can be written into it.", maxWeek>>20)}, nil
		}
	}
	return nil, nil
}
