package service

import (
	"testing"
	"time"

	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// U-14, W-33: while its client is suspended nobody is let into an offer and nobody starts its contract, by the link or from its room, and is
// told why; it can be declined. Who has no right to it learns nothing, and once the client is let in again it is an offer as before.
func TestU14_NoContractWithASuspendedClient(t *testing.T) {
	s, c := start(t, Config{Now: inSlice})
	anna, ben, cleo := join(t, c, "anna"), join(t, c, "ben"), join(t, c, "cleo")
	for _, k := range []string{"asked", "link", "no"} {
		anna.does(k, offer(anna, k, "r-"+k, "secret of "+k))
	}
	ben.does("ask", asks(ben, "asked", "r-asked", "secret of asked"))
	ben.does("ask-no", asks(ben, "no", "r-no", "secret of no"))
	accept := func(p *person, k, secret string) workroom.Command {
		return workroom.AcceptContract{Contract: workroom.ContractID(k), Room: workroom.RoomID("r-" + k), Who: p.id, Name: "B", Secret: secret}
	}
	must(t, s.Suspend(t.Context(), SuspendIn{Email: "anna@example.com", Text: "A reason that is hers alone."}))
	for what, cmd := range map[string]workroom.Command{
		"room-accepted": accept(ben, "asked", ""), "link-accepted": accept(ben, "link", "secret of link"), "link-asked": asks(ben, "link", "r-link", "secret of link"),
	} {
		if r := ben.send(ben.command(what, cmd))[0]; r.Status != wire.Rejected || r.Code != workroom.OfferHeld || r.Text != workroom.Refuse(workroom.OfferHeld).Text {
			t.Errorf("%s: %+v", what, r)
		}
	}
	ben.does("ask-again", asks(ben, "asked", "r-asked", "secret of asked"))
	if got := cleo.verdict("stranger", accept(cleo, "asked", "")); got != workroom.NoAccess {
		t.Errorf("somebody without a right to it: %q", got)
	}
	ben.does("decline", workroom.DeclineContract{Contract: "no", Room: "r-no", Who: ben.id})
	must(t, s.Suspend(t.Context(), SuspendIn{Email: "anna@example.com", Off: true}))
	ben.does("accept", accept(ben, "asked", ""))
	cleo.does("ask", asks(cleo, "link", "r-link", "secret of link"))
	if n, closed := anna.offerAt("asked", "r-asked"); n.Status != workroom.Active || closed {
		t.Errorf("%+v %v", n, closed)
	}
}

// U-14: who accepted before their client was suspended has the contract.
func TestU14_AContractOutlivesTheSuspension(t *testing.T) {
	s, c := start(t, Config{Now: inSlice})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	anna.does("k", offer(anna, "k", "r", secret))
	yes := ben.command("yes", workroom.AcceptContract{Contract: "k", Room: "r", Who: ben.id, Name: "B", Secret: secret})
	first := ben.send(yes)[0]
	must(t, s.Suspend(t.Context(), SuspendIn{Email: "anna@example.com", Text: "No."}))
	if again := ben.send(yes)[0]; first.Status != wire.OK || again.Status != wire.OK {
		t.Errorf("%+v, sent again %+v", first, again)
	}
}

// W-33, U-02: who looks at an offer with a token that ended is told to sign in again, not that somebody else used their link; without one they
// are nobody, as before.
func TestW33_LookingWithAnEndedToken(t *testing.T) {
	now := inSlice()
	_, c := start(t, Config{Now: func() time.Time { return now }})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	anna.does("k", offer(anna, "k", "r", secret))
	ben.does("ask", asks(ben, "k", "r", secret))
	if _, err := ben.Look(t.Context(), secret); err != nil {
		t.Fatal(err)
	}
	now = now.AddDate(0, 0, 31)
	if _, err := ben.Look(t.Context(), secret); code(err) != workroom.SignedOut {
		t.Errorf("with an ended token: %v", err)
	}
	if _, err := c.Look(t.Context(), secret); code(err) != workroom.Gone {
		t.Errorf("without a token: %v", err)
	}
}

// W-33: an offer of a program of the first versions says its end in its invitation alone, and nothing was noted for it: it lapses all the same,
// within a day of its end. One that has no end stays open.
func TestW33_OlderOffersLapse(t *testing.T) {
	now := inSlice()
	s, c := start(t, Config{Now: func() time.Time { return now }})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	for _, k := range []string{"old", "endless", "taken", "asked"} {
		anna.does(k, offer(anna, k, "r-"+k, "secret of "+k))
	}
	ben.does("yes", workroom.AcceptContract{Contract: "taken", Room: "r-taken", Who: ben.id, Name: "B", Secret: "secret of taken"})
	for _, k := range []workroom.ContractID{"old", "endless", "asked"} {
		scope, own := workroom.ContractScope(k), workroom.ClientScope(k)
		must(t, s.rewrite(t.Context(), []workroom.Scope{scope, own}, func(_ *store.Batch, view workroom.Rows, out *workroom.Changes) error {
			n, _ := workroom.Get[*workroom.Contract](view, workroom.Ref{Scope: scope, Kind: workroom.KindContract, ID: string(k)})
			older := *n
			older.Expires = 0
			out.Put(scope, string(k), &older)
			if k == "endless" {
				out.Put(own, workroom.InvitationID("secret of endless"), &workroom.Invitation{})
			}
			return nil
		}))
	}
	must(t, s.store.Write(t.Context(), func(tx store.Tx) error {
		_, err := tx.ExecContext(t.Context(), "DELETE FROM jobs WHERE kind = ?", jobLapse)
		return err
	}))
	ben.does("ask", asks(ben, "asked", "r-asked", "secret of asked"))
	now = now.Add(workroom.InvitationLife - time.Minute)
	must(t, s.work(t.Context()))
	if n, closed := anna.offerAt("old", "r-old"); n.Status != workroom.Offered || closed {
		t.Fatalf("before its end: %+v %v", n, closed)
	}
	now = now.Add(24 * time.Hour)
	must(t, s.work(t.Context()))
	for k, want := range map[string]workroom.OfferEnd{"old": workroom.OfferLapsed, "asked": workroom.OfferLapsed, "endless": "", "taken": ""} {
		if n, closed := anna.offerAt(k, "r-"+k); n.Over != want || closed != (want != "") || (n.Status == workroom.Refused) != (want != "") {
			t.Errorf("%s: %s %q, closed %v", k, n.Status, n.Over, closed)
		}
	}
	checkScope(t, s, "k:old")
	checkScope(t, s, "r:r-old")
}
