package service

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// I10 P-22: blocking somebody by their id tells nothing of them: the name in one's own list is the one that one's own copy has.
func TestI10_ABlockTellsNoName(t *testing.T) {
	_, c := start(t, Config{Now: inSlice})
	anna, mallory := join(t, c, "annabel-the-unknown"), join(t, c, "mallory")
	r := mallory.does("b", workroom.SetBlock{Who: mallory.id, Other: anna.id, Name: "somebody", On: true})
	for _, x := range r.Things {
		if strings.Contains(string(x.Body), "annabel") || x.Scope != workroom.AccountScope(mallory.id) {
			t.Errorf("a stranger was told %s %s", x.Scope, x.Body)
		}
	}
}

// P-01: an out-of-office text with contact details reaches nobody before a contract, neither as an answer nor as what others may know of a person.
func TestP01_AnAbsenceTellsNoContactDetails(t *testing.T) {
	s, c := start(t, Config{Now: inSlice})
	anna, ben, cleo := gather(t, c)
	anna.does("add-ben", add("g1", ben, "r1", true))
	anna.does("add-cleo", add("g1", cleo, "r2", true))
	cleo.does("away", leaves(cleo.id, "Write to cleo.private@gmail.com", inSlice().Add(-time.Hour)))
	text := func(by *person) string {
		out, err := by.People(t.Context(), []string{string(cleo.id)})
		if err != nil || len(out.People) != 1 || out.People[0].Away == nil {
			t.Fatalf("%+v %v", out, err)
		}
		return out.People[0].Away.Text
	}
	if got := text(ben); got != "" {
		t.Errorf("somebody without a contract reads %q", got)
	}
	if got := text(anna); got == "" {
		t.Error("the client of a contract reads nothing")
	}
	must(t, s.SetContactMode(t.Context(), workroom.ContactOff))
	if text(ben) == "" {
		t.Error("with the rule off nothing is read")
	}
}

// M-34 P-24 U-14: no automatic answer passes between two of whom one blocked the other, nor from somebody who is suspended.
func TestM34_NoAnswerWhereNothingPasses(t *testing.T) {
	s, c := start(t, Config{Now: inSlice})
	anna, ben, cleo := gather(t, c)
	anna.does("add-ben", add("g1", ben, "r1", true))
	anna.does("add-cleo", add("g1", cleo, "r2", true))
	for _, p := range []*person{ben, cleo} {
		p.does("away-"+string(p.id), leaves(p.id, "Away.", inSlice().Add(-time.Hour)))
	}
	cleo.does("block", block(cleo, ben, true))
	must(t, s.Suspend(t.Context(), SuspendIn{Email: "cleo@example.com", Text: "No."}))
	ben.does("m1", say("g1", "<@"+string(cleo.id)+"> hello"))
	anna.does("m2", say("g1", "<@"+string(cleo.id)+"> hello"))
	if got := anna.answers("g1"); len(got) != 0 {
		t.Errorf("answers %q", got)
	}
	must(t, s.Suspend(t.Context(), SuspendIn{Email: "cleo@example.com", Off: true}))
	ben.does("m3", say("g1", "<@"+string(cleo.id)+"> hello"))
	if got := anna.answers("g1"); len(got) != 0 {
		t.Errorf("between two who blocked each other: %q", got)
	}
	anna.does("m4", say("g1", "<@"+string(cleo.id)+"> hello"))
	if got := anna.answers("g1"); len(got) != 1 {
		t.Errorf("to others: %q", got)
	}
}

// P-20 P-25: reports are limited by the day, as new rooms are; one too many waits and says so.
func TestP20_ReportsADay(t *testing.T) {
	now := inSlice()
	_, c := start(t, Config{Now: func() time.Time { return now }})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	hire(anna, ben, "k1", "r1")
	report := func(i int) wire.Result {
		return anna.send(anna.command(fmt.Sprint("rep", i), workroom.MakeReport{Who: anna.id, Person: ben.id, Name: "B", Room: "r1", Reason: workroom.Scam}))[0]
	}
	for i := range maxReports {
		if r := report(i); r.Status != wire.OK {
			t.Fatalf("%d: %+v", i, r)
		}
	}
	if r := report(maxReports); r.Status != wire.Later || r.Code != workroom.Rate || !strings.Contains(r.Text, "reports") {
		t.Errorf("one more: %+v", r)
	}
	now = now.Add(25 * time.Hour)
	if r := report(maxReports + 1); r.Status != wire.OK {
		t.Errorf("a day later: %+v", r)
	}
}

// U-14: nobody is told that somebody writes who cannot send.
func TestU14_TheSuspendedDoNotWrite(t *testing.T) {
	s, c := start(t, Config{Now: inSlice})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	hire(anna, ben, "k1", "r1")
	must(t, s.Suspend(t.Context(), SuspendIn{Email: "ben@example.com", Text: "No."}))
	if err := ben.Typing(t.Context(), "r1"); code(err) != workroom.AccountClosed {
		t.Errorf("%v", err)
	}
}

// I10: what a client makes up about itself, in fields that are the service's to write, is not believed; commands that are no commands are
// refused with a code.
func TestI10_ForgedFieldsSayNothing(t *testing.T) {
	_, c := start(t, Config{Now: inSlice})
	anna, ben, _ := gather(t, c)
	forged := func(id string, op workroom.Op, lane, args string) wire.Result {
		return anna.send(wire.Command{ID: id, N: 1000, Lane: lane, Op: op, V: workroom.Ops[op].V, Args: []byte(args)})[0]
	}
	if r := forged("auto", "AnswerAway", "r:r1", `{"room":"r1","text":"x"}`); r.Status != wire.Rejected || r.Code != workroom.BadInput {
		t.Errorf("an answer of the service's: %+v", r)
	}
	r := forged("m", workroom.OpSendMessage, "r:g1", `{"room":"g1","text":"x","auto":true,"removed":true,"author":"`+string(ben.id)+`","edited":5,"at":1,"reactions":[{"emoji":"x"}]}`)
	if r.Status != wire.OK {
		t.Fatalf("%+v", r)
	}
	for _, x := range r.Things {
		if m := bodyOf[workroom.Message](t, x); m.Auto || m.Removed || m.Author != anna.id || m.Edited != 0 || m.At == 1 || len(m.Reactions) != 0 {
			t.Errorf("a message says %s", x.Body)
		}
	}
	r = forged("a", workroom.OpAddMember, "r:g1", `{"room":"g1","who":"`+string(ben.id)+`","name":"Forged","via":"r1","role":"owner","business":true,"from_born":0,"gen":99}`)
	if r.Status != wire.OK {
		t.Fatalf("%+v", r)
	}
	for _, x := range r.Things {
		if m := bodyOf[workroom.Member](t, x); m.Role != workroom.Writer || m.Business || m.Name != "ben" {
			t.Errorf("a member is %s", x.Body)
		}
	}
	anna.does("after", say("g1", "after"))
	if got := ben.saw("g1", "m", "after"); len(got) != 1 {
		t.Errorf("with a forged beginning they saw %v", got)
	}
	r = forged("g", workroom.OpCreateRoom, "r:g9", `{"room":"g9","who":"`+string(anna.id)+`","name":"N","as":"Forged","kind":"contract","contract":"k1","by":"`+string(ben.id)+`","shut":true}`)
	for _, x := range r.Things {
		if x.Kind == workroom.KindRoom {
			if m := bodyOf[workroom.Room](t, x); m.Kind != workroom.GroupRoom || m.Contract != "" || m.By != anna.id || m.Shut {
				t.Errorf("a room is %s", x.Body)
			}
		}
		if x.Kind == workroom.KindMember {
			if m := bodyOf[workroom.Member](t, x); m.Name != "anna" {
				t.Errorf("a member is %s", x.Body)
			}
		}
	}
	r = forged("mode", workroom.OpSendMessage, "r:g1", `{"room":"g1","text":"x","contact":"because"}`)
	if r.Status != wire.Rejected || r.Code != workroom.BadInput {
		t.Errorf("a reason that is none: %+v", r)
	}
}
