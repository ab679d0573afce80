package service

import (
	"context"
	"fmt"
	"testing"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

func block(by, other *person, on bool) workroom.SetBlock {
	return workroom.SetBlock{Who: by.id, Other: other.id, Name: "N", On: on}
}

// P-23: nobody is blocked with whom one has an active contract, whichever side; a contract that is only offered, or over, keeps nobody from it,
// and it is the service that says so, for stores of any age.
func TestP23_NotWithAnActiveContract(t *testing.T) {
	s, c := start(t, Config{Now: inSlice})
	anna, ben, cleo := gather(t, c)
	for _, x := range [][2]*person{{anna, ben}, {ben, anna}} {
		if r := x[0].send(x[0].command("b-"+string(x[0].id), block(x[0], x[1], true)))[0]; r.Code != workroom.ActiveContract || r.Text == "" || r.Retry != workroom.RetryNever {
			t.Errorf("%+v", r)
		}
	}
	ben.does("b2", block(ben, cleo, true)) // they have none
	if r := cleo.send(cleo.command("b3", block(cleo, anna, true)))[0]; r.Code != workroom.ActiveContract {
		t.Errorf("cleo: %+v", r)
	}
	k := workroom.Ref{Scope: "k:k1", Kind: workroom.KindContract, ID: "k1"}
	o, err := anna.Open(t.Context(), wire.Open{Scopes: []workroom.Scope{"k:k1"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range o.Scopes[0].Hot {
		if x.Kind == workroom.KindContract {
			n := bodyOf[workroom.Contract](t, x)
			n.Status = workroom.Ended
			if err := s.Act(t.Context(), anna.id, []workroom.Change{{Ref: k, Thing: &n}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	anna.does("b4", block(anna, ben, true))
}

// P-24: nothing passes between the two, either way; others of the same rooms are not touched; the other side learns no name and no more than
// that it cannot be delivered. Unblocked, all is as before.
func TestP24_NothingPassesEitherWay(t *testing.T) {
	s, c := start(t, Config{Now: inSlice})
	anna, ben, cleo := gather(t, c)
	anna.does("a1", add("g1", ben, "r1", true))
	anna.does("a2", add("g1", cleo, "r2", true))
	id := workroom.DirectID(ben.id, cleo.id)
	direct := func(by, other *person) workroom.CreateDirect {
		return workroom.CreateDirect{Room: id, Who: by.id, Name: "N", Other: other.id, OtherName: "O", Via: "g1"}
	}
	ben.does("d", direct(ben, cleo))
	cleo.does("m", say(id, "hello"))
	r := ben.does("block", block(ben, cleo, true))
	for _, x := range r.Things {
		if x.Scope == workroom.AccountScope(cleo.id) {
			t.Errorf("ben was shown %+v", x)
		}
	}
	cleo.does("own-room", workroom.CreateRoom{Room: "g2", Who: cleo.id, Name: "N", As: "C"})
	for i, x := range []struct {
		who *person
		cmd workroom.Command
	}{
		{cleo, say(id, "still?")}, {ben, say(id, "no")}, {cleo, workroom.AddMember{Room: "g2", Who: ben.id, Name: "B", Via: "g1"}},
	} {
		if r := x.who.send(x.who.command("no-"+string(rune('a'+i)), x.cmd))[0]; r.Code != workroom.Undeliverable || r.Text != "This cannot be delivered." {
			t.Errorf("%s: %+v", x.cmd.Op(), r)
		}
	}
	cleo.does("mine", workroom.DeleteMessage{Room: id, Message: "m"}) // one's own words can be taken away all the same (M-27)
	cleo.does("in-the-group", say("g1", "this is for all"))
	if got := ben.saw("g1", "in-the-group"); len(got) != 1 {
		t.Errorf("in the group ben sees %v", got)
	}
	ben.does("unblock", block(ben, cleo, false))
	cleo.does("again", say(id, "hello again"))
	cleo.does("added", workroom.AddMember{Room: "g2", Who: ben.id, Name: "B", Via: "g1"})
	checkScope(t, s, workroom.AccountScope(ben.id))
	checkScope(t, s, workroom.AccountScope(cleo.id))
}

// P-24: nor does anything pass in another room that the two have to themselves, such as that of a contract which is over. With somebody else in
// it words go to all again, and fold.
func TestP24_RoomsOfTheTwoAlone(t *testing.T) {
	s, c := start(t, Config{Now: inSlice})
	anna, ben, cleo := gather(t, c)
	for _, p := range []*person{anna, ben} {
		p.does("before-"+string(p.id), say("r1", "while we worked"))
	}
	anna.does("end", workroom.EndContract{Contract: "k1", Week: workroom.WeekOf(inSlice()).String(), Reason: workroom.EndDone})
	ben.does("block", block(ben, anna, true))
	if err := s.work(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, p := range []*person{anna, ben} {
		if r := p.send(p.command("after-"+string(p.id), say("r1", "still?")))[0]; r.Code != workroom.Undeliverable {
			t.Errorf("%s in the room of the contract: %+v", p.id, r)
		}
	}
	anna.does("others", say("r2", "not touched"))
	ben.does("unblock", block(ben, anna, false))
	if err := s.work(t.Context()); err != nil {
		t.Fatal(err)
	}
	anna.does("again", say("r1", "hello again"))
	ben.does("block2", block(ben, anna, true))
	if err := s.work(t.Context()); err != nil {
		t.Fatal(err)
	}
	anna.does("third", workroom.AddMember{Room: "r1", Who: cleo.id, Name: "C", Via: "r2"})
	anna.does("to-all", say("r1", "this is for all"))
	checkScope(t, s, "r:r1")
	checkScope(t, s, workroom.AccountScope(ben.id))
}

// P-24: that is so at once, and not when the service next looks after itself.
func TestP24_TheRoomIsClosedAtOnce(t *testing.T) {
	s, c := start(t, Config{Now: inSlice})
	anna, ben, _ := gather(t, c)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	defer func() { stop(); <-ended }()
	anna.does("end", workroom.EndContract{Contract: "k1", Week: workroom.WeekOf(inSlice()).String(), Reason: workroom.EndDone})
	ben.does("block", block(ben, anna, true))
	for i := range 3000 {
		if r := anna.send(anna.command(fmt.Sprint("m", i), say("r1", "still?")))[0]; r.Code == workroom.Undeliverable {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Error("what is said still arrives")
}

// P-24: open offers between the two are taken back, whoever made them; those for others and those that were answered stay.
func TestP24_OpenOffersAreWithdrawn(t *testing.T) {
	s, c := start(t, Config{Now: inSlice})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	offers := func(by *person, id, email string) {
		x := offer(by, id, "r-"+id, "secret "+id)
		x.Email = email
		by.does(id, x)
	}
	offers(anna, "to-ben", "BEN@example.com")
	offers(anna, "to-all", "")
	offers(anna, "to-cleo", "cleo@example.com")
	offers(ben, "to-anna", "anna@example.com")
	anna.does("block", block(anna, ben, true))
	if err := s.work(t.Context()); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]struct {
		by     *person
		status workroom.Status
	}{"to-ben": {anna, workroom.Refused}, "to-all": {anna, workroom.Offered}, "to-cleo": {anna, workroom.Offered}, "to-anna": {ben, workroom.Refused}} {
		o, err := want.by.Look(t.Context(), "secret "+id)
		if err != nil || o.Status != want.status {
			t.Errorf("%s is %+v, %v", id, o, err)
		}
		checkScope(t, s, workroom.ContractScope(workroom.ContractID(id)))
	}
	if r := ben.send(ben.command("accept", workroom.AcceptContract{Contract: "to-all", Room: "r-to-all", Who: ben.id, Name: "B", Secret: "secret to-all"}))[0]; r.Code != workroom.Undeliverable {
		t.Errorf("the one for whoever has the link: %+v", r)
	}
}
