package service

import (
	"errors"
	"sync"
	"testing"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

func asks(p *person, k, r, secret string) workroom.AskOffer {
	return workroom.AskOffer{Contract: workroom.ContractID(k), Room: workroom.RoomID(r), Who: p.id, Name: "Somebody", Secret: secret}
}

// offerAt is how an offer stands and whether its room is closed, as a person reads them.
func (p *person) offerAt(k, r string) (n workroom.Contract, closed bool) {
	p.t.Helper()
	out, err := p.Open(p.t.Context(), wire.Open{Scopes: []workroom.Scope{workroom.Scope("k:" + k), workroom.Scope("r:" + r)}})
	if err != nil {
		p.t.Fatal(err)
	}
	for _, s := range out.Scopes {
		for _, x := range s.Hot {
			switch x.Kind {
			case workroom.KindContract:
				n = bodyOf[workroom.Contract](p.t, x)
			case workroom.KindRoom:
				closed = bodyOf[workroom.Room](p.t, x).Archived
			}
		}
	}
	return n, closed
}

// M-02, P-01, P-24, U-14: who holds the link asks, reads all of the room and writes; contact details are held back in it, and in whatever other
// room the two share, until the contract has started.
func TestM02_AQuestionBeforeTheAnswer(t *testing.T) {
	s, c := start(t, Config{Now: inSlice})
	anna, ben, eve := join(t, c, "anna"), join(t, c, "ben"), join(t, c, "eve")
	anna.does("k", offer(anna, "k", "r", secret))
	anna.does("first", say("r", "Read this first."))
	if o, err := ben.Look(t.Context(), secret); err != nil || o.Used {
		t.Fatalf("%+v %v", o, err)
	}
	ben.does("ask", asks(ben, "k", "r", secret))
	if got := ben.saw("r", "first"); len(got) != 1 {
		t.Errorf("of the history ben sees %v", got)
	}
	ben.does("q", say("r", "When does it begin?"))
	if got := anna.saw("r", "first", "q"); len(got) != 2 {
		t.Errorf("anna sees %v", got)
	}
	for _, p := range []*person{anna, ben} {
		if got := p.verdict("details-"+string(p.id), say("r", details)); got != workroom.ContactDetails {
			t.Errorf("contact details before the contract: %q", got)
		}
	}
	id := workroom.DirectID(ben.id, anna.id)
	ben.does("direct", workroom.CreateDirect{Room: id, Who: ben.id, Name: "B", Other: anna.id, OtherName: "A", Via: "r"})
	for _, p := range []*person{anna, ben} {
		if got := p.verdict("direct-details-"+string(p.id), say(id, details)); got != workroom.ContactDetails {
			t.Errorf("contact details to somebody who only asked: %q", got)
		}
	}
	// The link tells and opens nothing to another any more, whoever they are.
	for _, p := range []*person{eve, {Client: &wire.Client{Base: c.Base, Version: c.Version}, t: t, id: "nobody"}} {
		if _, err := p.Look(t.Context(), secret); code(err) != workroom.Gone {
			t.Errorf("another looks at it: %v", err)
		}
	}
	for i, cmd := range []workroom.Command{asks(eve, "k", "r", secret), workroom.AcceptContract{Contract: "k", Room: "r", Who: eve.id, Name: "E", Secret: secret},
		workroom.DeclineContract{Contract: "k", Room: "r", Who: eve.id, Secret: secret}} {
		if got := eve.verdict("eve"+string(rune('a'+i)), cmd); got != workroom.Gone {
			t.Errorf("%s by another: %q", cmd.Op(), got)
		}
	}
	for _, p := range []*person{anna, ben} {
		if _, err := p.Look(t.Context(), secret); err != nil {
			t.Errorf("the two look at it: %v", err)
		}
	}
	// Without the link, on any device of theirs, they accept; then the rule is over.
	ben.does("accept", workroom.AcceptContract{Contract: "k", Room: "r", Who: ben.id, Name: "Ben"})
	if n, closed := ben.offerAt("k", "r"); n.Status != workroom.Active || closed {
		t.Errorf("%+v %v", n, closed)
	}
	if got := ben.verdict("now", say("r", details)); got != "" {
		t.Errorf("with a contract: %q", got)
	}
	checkScope(t, s, "k:k")
	checkScope(t, s, "r:r")
	checkScope(t, s, workroom.AccountScope(ben.id))
}

// M-02: of two people with the same link in the same moment one is let in.
func TestM02_TwoWithTheSameLink(t *testing.T) {
	_, c := start(t, Config{Now: inSlice})
	anna := join(t, c, "anna")
	two := []*person{join(t, c, "ben"), join(t, c, "cleo")}
	anna.does("k", offer(anna, "k", "r", secret))
	var wg sync.WaitGroup
	got := make([]wire.Result, 2)
	for i, p := range two {
		cmd := p.command("ask", asks(p, "k", "r", secret))
		wg.Go(func() { got[i] = p.send(cmd)[0] })
	}
	wg.Wait()
	in, out := 0, 1
	if got[0].Status != wire.OK {
		in, out = 1, 0
	}
	if got[in].Status != wire.OK || got[out].Code != workroom.Gone {
		t.Fatalf("%+v %+v", got[0], got[1])
	}
	if r := two[out].verdict("in", say("r", "hello")); r != workroom.NoAccess {
		t.Errorf("who came second writes: %q", r)
	}
	two[in].does("hello", say("r", "hello"))
	// The same again is the same answer: a lost one costs nothing.
	if r := two[in].verdict("ask-2", asks(two[in], "k", "r", secret)); r != "" {
		t.Errorf("asked again: %q", r)
	}
}

// W-33: an offer that nobody answered ends by itself, at its time and not before, and its room with it; so does the room of one that a program
// of an earlier version declined.
func TestW33_AnOfferLapses(t *testing.T) {
	now := inSlice()
	s, c := start(t, Config{Now: func() time.Time { return now }})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	for _, k := range []string{"asked", "alone", "older", "taken"} {
		anna.does(k, offer(anna, k, "r-"+k, "secret "+k))
	}
	ben.does("ask", asks(ben, "asked", "r-asked", "secret asked"))
	ben.does("ask-older", asks(ben, "older", "r-older", "secret older"))
	ben.does("older-no", workroom.DeclineContract{Contract: "older", Who: ben.id, Secret: "secret older"})
	ben.does("yes", workroom.AcceptContract{Contract: "taken", Room: "r-taken", Who: ben.id, Name: "B", Secret: "secret taken"})
	now = now.Add(workroom.InvitationLife - time.Minute)
	must(t, s.work(t.Context()))
	if n, closed := anna.offerAt("asked", "r-asked"); n.Status != workroom.Offered || closed {
		t.Fatalf("a minute before: %+v %v", n, closed)
	}
	now = now.Add(2 * time.Minute)
	must(t, s.work(t.Context()))
	for k, want := range map[string]struct {
		status workroom.Status
		over   workroom.OfferEnd
		closed bool
	}{
		"asked": {workroom.Refused, workroom.OfferLapsed, true}, "alone": {workroom.Refused, workroom.OfferLapsed, true},
		"older": {workroom.Refused, workroom.OfferDeclined, true}, "taken": {workroom.Active, "", false},
	} {
		if n, closed := anna.offerAt(k, "r-"+k); n.Status != want.status || n.Over != want.over || closed != want.closed {
			t.Errorf("%s: %s %q, closed %v", k, n.Status, n.Over, closed)
		}
	}
	for _, p := range []*person{anna, ben} {
		if got := p.verdict("word-"+string(p.id), say("r-asked", "still?")); got != workroom.RoomArchived {
			t.Errorf("written after it lapsed: %q", got)
		}
	}
	if got := ben.verdict("late", workroom.AcceptContract{Contract: "asked", Room: "r-asked", Who: ben.id, Name: "B"}); got != workroom.Expired {
		t.Errorf("accepted after it lapsed: %q", got)
	}
	checkScope(t, s, "k:asked")
	checkScope(t, s, "r:r-asked")
}

// P-24, U-14: a block ends the offers that the other asked about, whichever of the two blocked: the client's own block withdraws them, that of
// who asked declines them. Who is suspended asks about none.
func TestP24_AnOfferAskedAboutIsWithdrawn(t *testing.T) {
	s, c := start(t, Config{Now: inSlice})
	anna, ben, cleo, dora := join(t, c, "anna"), join(t, c, "ben"), join(t, c, "cleo"), join(t, c, "dora")
	for _, k := range []string{"b", "c", "d"} {
		anna.does(k, offer(anna, k, "r-"+k, "secret "+k))
	}
	ben.does("ask", asks(ben, "b", "r-b", "secret b"))
	cleo.does("ask", asks(cleo, "c", "r-c", "secret c"))
	anna.does("block", block(anna, ben, true))
	cleo.does("block", block(cleo, anna, true))
	must(t, s.work(t.Context()))
	for k, want := range map[string]workroom.OfferEnd{"b": workroom.OfferWithdrawn, "c": workroom.OfferDeclined, "d": ""} {
		if n, closed := anna.offerAt(k, "r-"+k); n.Over != want || closed != (want != "") || (n.Status == workroom.Offered) != (want == "") {
			t.Errorf("%s: %+v, closed %v", k, n, closed)
		}
	}
	must(t, s.Suspend(t.Context(), SuspendIn{Email: "dora@example.com", Text: "No."}))
	if r := dora.send(dora.command("ask", asks(dora, "d", "r-d", "secret d")))[0]; r.Status != wire.Later || r.Code != workroom.AccountClosed {
		t.Errorf("suspended: %+v", r)
	}
}

// U-01, W-33: the link of an offer that was withdrawn lets nobody new in.
func TestU01_AWithdrawnLinkLetsNobodyIn(t *testing.T) {
	s, c := start(t, Config{Now: inSlice})
	anna := join(t, c, "anna")
	s.cfg.OpenJoin = false
	anna.does("k", offer(anna, "k", "r", secret))
	anna.does("k2", offer(anna, "k2", "r2", secret+secret))
	up := func(name, secret string) error {
		_, err := c.SignUp(t.Context(), wire.SignUp{Name: name, Email: name + "@example.com", Password: goodPassword, Device: "d-" + name, Invitation: secret})
		return err
	}
	if err := up("ben", secret); err != nil {
		t.Fatalf("an open one: %v", err)
	}
	anna.does("no", workroom.DeclineContract{Contract: "k2", Room: "r2", Who: anna.id})
	var r *workroom.Refusal
	if err := up("cleo", secret+secret); !errors.As(err, &r) && code(err) != workroom.BadInput {
		t.Errorf("a withdrawn one: %v", err)
	}
}
