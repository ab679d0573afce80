package service

import (
	"testing"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// queue is what the administrator finds of the service's own noticing: person and reason of each open entry, with how many messages it keeps.
func (s *Service) queue(t *testing.T) map[string]int {
	t.Helper()
	list, err := s.Reports(t.Context(), ReportsIn{})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]int{}
	for _, r := range list {
		if r.Account != "" || r.By != "" {
			continue
		}
		full, err := s.LookReport(t.Context(), ReportIn{Handle: r.Handle})
		if err != nil {
			t.Fatal(err)
		}
		out[r.About+" "+string(r.Reason)] = len(full.Kept)
	}
	return out
}

// P-25: what asks for contact details before a contract, or for money before one or past its ledger, comes before the administrator; the same
// words between people who may do so do not, nor do innocent ones. Nothing is done to the message.
func TestP25_PatternsComeBeforeTheAdministrator(t *testing.T) {
	const ask, pay, past = "What is your phone number?", "Can you pay me upfront by paypal?", "Pay me outside the platform"
	contacts, money := string(workroom.WantsContact), string(workroom.PaysOutside)
	for _, x := range []struct {
		name string
		mode workroom.ContactMode
		does func(client, esme, bob *person)
		want map[string]int
	}{
		{"asks in a group with a stranger", workroom.ContactAsk, func(_, _, bob *person) { bob.does("m", because("g", ask)) }, map[string]int{"bob " + contacts: 1}},
		{"twice is one entry", workroom.ContactAsk, func(_, _, bob *person) {
			bob.does("m", because("g", ask))
			bob.does("m2", because("g", "Send me your email"))
		}, map[string]int{"bob " + contacts: 2}},
		{"in an edit", workroom.ContactAsk, func(_, _, bob *person) {
			bob.does("m", say("g", "Hello"))
			bob.does("e", workroom.EditMessage{Room: "g", Message: "m", Text: pay})
			bob.does("e2", workroom.EditMessage{Room: "g", Message: "m", Text: pay + " Please!"})
		}, map[string]int{"bob " + money: 1}},
		{"refused words are nobody's business", workroom.ContactAsk, func(_, _, bob *person) { bob.verdict("m", say("g", ask)) }, map[string]int{}},
		{"in the room of the contract", workroom.ContactAsk, func(_, _, bob *person) {
			bob.does("m", say("r2", ask))
			bob.does("m2", say("r2", pay))
		}, map[string]int{}},
		{"by who has contracts with all", workroom.ContactAsk, func(client, _, _ *person) { client.does("m", say("g", ask)) }, map[string]int{}},
		{"past the ledger, with a contract too", workroom.ContactAsk, func(_, _, bob *person) { bob.does("m", say("r2", past)) }, map[string]int{"bob " + money: 1}},
		{"the rule of contacts is off, that of money is not", workroom.ContactOff, func(_, _, bob *person) {
			bob.does("m", say("g", ask))
			bob.does("m2", say("g", pay))
		}, map[string]int{"bob " + money: 1}},
		{"innocent", workroom.ContactAsk, func(_, _, bob *person) { bob.does("m", say("g", "The phone number field needs a mask, 12.50 EUR")) }, map[string]int{}},
	} {
		t.Run(x.name, func(t *testing.T) {
			s, client, esme, bob := three(t)
			must(t, s.SetContactMode(t.Context(), x.mode))
			x.does(client, esme, bob)
			got := s.queue(t)
			if len(got) != len(x.want) {
				t.Errorf("the queue is %v, want %v", got, x.want)
			}
			for k, n := range x.want {
				if got[k] != n {
					t.Errorf("of %s %d are kept, want %d", k, got[k], n)
				}
			}
		})
	}
}

func because(room, text string) workroom.SendMessage {
	return workroom.SendMessage{Room: workroom.RoomID(room), Text: text, Contact: workroom.ContactNone}
}

// P-25: of a room the entry keeps the messages noticed and no other; the administrator can act on it as on a report, and what is dismissed
// keeps no words.
func TestP25_WhatWasNoticedIsDecided(t *testing.T) {
	s, _, esme, bob := three(t)
	esme.does("m0", say("g", "Good morning"))
	bob.does("m1", say("g", "Can you pay me upfront by paypal?"))
	bob.does("m2", say("r2", "Pay me outside the platform"))
	bob.does("m3", say("r2", "Good evening"))
	list, err := s.Reports(t.Context(), ReportsIn{})
	if err != nil || len(list) != 2 {
		t.Fatalf("%+v, %v", list, err)
	}
	for _, r := range list {
		x, err := s.LookReport(t.Context(), ReportIn{Handle: r.Handle})
		if err != nil || len(x.Kept) != 1 || !x.Kept[0].Reported || x.Email != "bob@example.com" {
			t.Fatalf("%+v, %v", x, err)
		}
	}
	must(t, s.DecideReport(t.Context(), ReportIn{Handle: list[0].Handle, Outcome: workroom.Dismissed}))
	if x, err := s.LookReport(t.Context(), ReportIn{Handle: list[0].Handle}); err != nil || len(x.Kept) != 0 || x.Outcome != workroom.Dismissed {
		t.Errorf("dismissed: %+v, %v", x, err)
	}
	must(t, s.DecideReport(t.Context(), ReportIn{Handle: list[1].Handle, Outcome: workroom.Removed}))
	out, err := bob.Things(t.Context(), wire.ThingsOf{Scope: "r:r2", Kind: workroom.KindMessage, IDs: []string{"m2"}})
	if err != nil || len(out.Things) != 1 {
		t.Fatalf("%+v, %v", out, err)
	}
	if m := bodyOf[workroom.Message](t, out.Things[0]); m.Deleted == 0 || !m.Removed {
		t.Errorf("removed: %+v", m)
	}
	if got := s.queue(t); len(got) != 0 {
		t.Errorf("still open: %v", got)
	}
	bob.does("m4", say("g", "Can you pay me upfront by paypal?")) // a new one opens an entry anew
	if got := s.queue(t); len(got) != 1 {
		t.Errorf("again: %v", got)
	}
}
