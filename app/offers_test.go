package app

import (
	"context"
	"slices"
	"strings"
	"testing"

	"trestle/internal/workroom"
)

// interview is the room of an offer as one side has it, once it is here.
func interview(t *testing.T, c *Core, room string, ok func(RoomView) bool) (v RoomView) {
	t.Helper()
	eventually(t, "the room says so", func() bool {
		var err error
		v, err = (&Rooms{c}).Open(OpenIn{Room: room})
		return err == nil && ok(v)
	})
	return v
}

func inList(t *testing.T, c *Core, room string) RoomRow {
	t.Helper()
	l, err := (&Rooms{c}).List()
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(l.Rooms, func(r RoomRow) bool { return r.ID == room })
	if i < 0 {
		t.Fatalf("%s is not listed", room)
	}
	return l.Rooms[i]
}

// M-02, M-03, M-17, P-01: who asks about an offer is in its room on each of their computers, both sides talk, and the offer is answered there
// without its link, after a restart too; the same room becomes the contract's. Nothing of it is on the freelancer's tracker before.
func TestM02_AskingOpensTheInterviewRoom(t *testing.T) {
	t.Parallel()
	h, client, free, offer, link := offered(t)
	own, err := (&Contracts{client}).Get(IDIn{offer.Contract})
	if err != nil || own.Invitation != link || own.Row.Other != "" {
		t.Fatalf("%+v %v", own, err)
	}
	room := own.Row.Room
	alone := interview(t, client, room, func(v RoomView) bool { return v.Offer != nil })
	if o := alone.Offer; !o.Mine || o.Asker != "" || o.Link != link || o.Expires == 0 || len(alone.People) != 1 {
		t.Errorf("alone: %+v", o)
	}
	if offer.Room != "" || offer.Mine {
		t.Errorf("before asking: %+v", offer)
	}
	row, err := (&Contracts{free}).Ask(InviteIn{Link: link, Rev: offer.Rev})
	if err != nil || row.Status != "offered" || row.Room != room || row.Side != "freelancer" {
		t.Fatalf("%+v %v", row, err)
	}
	writeIn(t, free, room, "When would it begin?")
	both := interview(t, client, room, func(v RoomView) bool { return v.Offer.Asker != "" && len(v.Window.Messages) == 1 })
	if both.Offer.Asker != "Esme" || both.Offer.Link != "" || len(both.People) != 2 {
		t.Errorf("the client sees %+v", both.Offer)
	}
	for _, c := range []*Core{client, free} {
		if r := inList(t, c, room); r.Kind != "interview" || !r.May.Write || r.Archived {
			t.Errorf("listed as %+v", r)
		}
		if _, err := (&Rooms{c}).Send(SendIn{Room: room, ID: newID(), Text: "Write to me at esme@studio.design"}); AsFailure(err).Code != string(workroom.ContactDetails) {
			t.Errorf("contact details: %v", err)
		}
	}
	if v, err := (&Tracker{free}).State(TrackerIn{}); err != nil || len(v.Contracts) != 0 {
		t.Errorf("the tracker offers %+v %v", v.Contracts, err)
	}
	seen, err := (&Contracts{free}).Look(InviteIn{Link: link})
	if err != nil || seen.Room != room || seen.Mine {
		t.Errorf("looked at again: %+v %v", seen, err)
	}

	second := h.witness("Esme") // another computer, where nobody has the link
	bar := interview(t, second, room, func(v RoomView) bool { return v.Offer != nil && v.Offer.Status == "offered" }).Offer
	if bar.Mine || bar.Client != "Mara" || bar.Terms.Rate != 5200 {
		t.Errorf("on another computer: %+v", bar)
	}
	if o, err := (&Contracts{second}).Look(InviteIn{Contract: offer.Contract}); err != nil || o.Title != offer.Title || o.Status != "offered" || o.Expires == 0 {
		t.Errorf("without the link: %+v %v", o, err)
	}
	row, err = (&Contracts{second}).Accept(InviteIn{Contract: offer.Contract, Rev: bar.Rev})
	if err != nil || row.Status != "active" || row.Room != room {
		t.Fatalf("%+v %v", row, err)
	}
	for _, c := range []*Core{client, free, second} {
		v := interview(t, c, room, func(v RoomView) bool { return v.Kind == "contract" && v.Status == "active" })
		if v.Offer != nil || v.Archived || len(v.Window.Messages) != 1 || len(v.People) != 2 {
			t.Errorf("afterwards: %+v", v)
		}
	}
}

func writeIn(t *testing.T, c *Core, room, text string) {
	t.Helper()
	if _, err := (&Rooms{c}).Send(SendIn{Room: room, ID: newID(), Text: text}); err != nil {
		t.Fatal(err)
	}
}

// M-12, W-33: withdrawn or declined, the room stays to be read on both sides and says how it ended; a program of the first versions, which left
// it open, changes nothing about that.
func TestM12_AnOfferThatIsOverIsToBeRead(t *testing.T) {
	t.Parallel()
	for what, end := range map[string]func(client, free *Core, offer OfferView, link string) error{
		"withdrawn": func(client, _ *Core, offer OfferView, _ string) error {
			row, err := (&Contracts{client}).Decline(InviteIn{Contract: offer.Contract})
			if err == nil && row.Status != "refused" {
				t.Errorf("%+v", row)
			}
			return err
		},
		"declined": func(_, free *Core, offer OfferView, _ string) error {
			_, err := (&Contracts{free}).Decline(InviteIn{Contract: offer.Contract})
			return err
		},
		"older": func(_, free *Core, offer OfferView, link string) error {
			_, err := free.session.enqueue(workroom.DeclineContract{Contract: workroom.ContractID(offer.Contract), Who: free.session.me(), Secret: secretIn(link)}, enqueueOpts{})
			return err
		},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			_, client, free, offer, link := offered(t)
			row, err := (&Contracts{free}).Ask(InviteIn{Link: link})
			if err != nil {
				t.Fatal(err)
			}
			writeIn(t, free, row.Room, "A question")
			arrived(t, free)
			interview(t, client, row.Room, func(v RoomView) bool { return v.Offer != nil && v.Offer.Asker != "" && len(v.Window.Messages) == 1 })
			if err := end(client, free, offer, link); err != nil {
				t.Fatal(err)
			}
			over := map[bool]string{true: "withdrawn", false: "declined"}[what == "withdrawn"]
			for _, c := range []*Core{client, free} {
				v := interview(t, c, row.Room, func(v RoomView) bool {
					return v.Archived && v.Offer != nil && v.Offer.Over == over && len(v.Window.Messages) == 1
				})
				if v.May.Write || inList(t, c, row.Room).May.Write || v.Offer.Status != "refused" {
					t.Errorf("%+v %+v", v.May, v.Offer)
				}
			}
			if _, err := (&Contracts{free}).Accept(InviteIn{Contract: offer.Contract}); AsFailure(err).Code != string(workroom.Moved) {
				t.Errorf("accepted afterwards: %v", err)
			}
		})
	}
}

// M-02: offline nothing is asked by a link, and what was asked while the service was slow is said to wait; a second person is told that the link
// was used.
func TestM02_AskingNeedsTheService(t *testing.T) {
	t.Parallel()
	h, _, free, offer, link := offered(t)
	h.stop()
	if _, err := (&Contracts{free}).Ask(InviteIn{Link: link}); err == nil || strings.Contains(err.Error(), "wrong") {
		t.Errorf("offline: %v", err)
	}
	if items, err := free.session.replica.About(context.Background(), offer.Contract); err != nil || len(items) != 0 {
		t.Errorf("something waits: %v %v", items, err)
	}
	h.again()
	arrived(t, free)
	if _, err := (&Contracts{free}).Ask(InviteIn{Link: link}); err != nil {
		t.Fatal(err)
	}
	other := h.desk("Noor")
	for what, act := range map[string]func(InviteIn) (ContractRow, error){"asks": (&Contracts{other}).Ask, "accepts": (&Contracts{other}).Accept} {
		if _, err := act(InviteIn{Link: link}); AsFailure(err).Code != string(workroom.Gone) || !strings.Contains(err.Error(), "link of your own") {
			t.Errorf("another %s: %v", what, err)
		}
	}
}

// N-02: the client is told that somebody came to ask, and of how an offer ended whoever did not end it.
func TestN02_WordsOfAnOffer(t *testing.T) {
	base := workroom.Contract{Client: "c", ClientName: "Mara", Asker: "f", AskerName: "Esme", FreelancerName: "Esme"}
	for _, x := range []struct {
		status       workroom.Status
		over         workroom.OfferEnd
		client, free string
	}{
		{workroom.Offered, "", "Esme is here to ask about the offer.", ""},
		{workroom.Active, "", "Esme accepted the offer.", "Esme accepted the offer."}, // of the freelancer's own act nobody is told
		{workroom.Refused, workroom.OfferDeclined, "The offer was declined.", ""},
		{workroom.Refused, "", "The offer was declined.", ""},
		{workroom.Refused, workroom.OfferWithdrawn, "", "Mara withdrew the offer."},
		{workroom.Refused, workroom.OfferLapsed, "The offer has lapsed.", "The offer has lapsed."},
	} {
		n := base
		n.Status, n.Over = x.status, x.over
		if got := offerNews(&n, "c"); got != x.client {
			t.Errorf("%s %s: the client is told %q", x.status, x.over, got)
		}
		if got := offerNews(&n, "f"); got != x.free {
			t.Errorf("%s %s: who asked is told %q", x.status, x.over, got)
		}
	}
	n := base
	n.Status, n.Asker = workroom.Offered, ""
	if got := offerNews(&n, "c"); got != "" {
		t.Errorf("nobody came: %q", got)
	}
}

// W-33: an answer that waits is what the offer says: no other is given beside it, the same again is the same one, and it can be taken back
// while it has not left this computer. Then the other is given, and it alone counts.
func TestW33_OneAnswerWaits(t *testing.T) {
	t.Parallel()
	h, client, free, offer, link := offered(t)
	row, err := (&Contracts{free}).Ask(InviteIn{Link: link})
	if err != nil {
		t.Fatal(err)
	}
	arrived(t, free)
	interview(t, client, row.Room, func(v RoomView) bool { return v.Offer != nil && v.Offer.Asker != "" })
	h.stop()
	in := InviteIn{Contract: offer.Contract}
	waits := func(c *Core, what string) *AnswerWaits {
		t.Helper()
		v := interview(t, c, row.Room, func(v RoomView) bool {
			w := v.Offer.Waiting
			return (w == nil) == (what == "") && (w == nil || w.What == what && w.Undo)
		})
		look, err := (&Contracts{c}).Look(in)
		if err != nil || (look.Waiting == nil) != (what == "") || look.Waiting != nil && *look.Waiting != *v.Offer.Waiting {
			t.Errorf("looked at: %+v %v", look.Waiting, err)
		}
		return v.Offer.Waiting
	}
	for _, x := range []struct {
		c          *Core
		what       string
		gives, not func(InviteIn) (ContractRow, error)
	}{
		{free, "accept", (&Contracts{free}).Accept, (&Contracts{free}).Decline},
		{free, "decline", (&Contracts{free}).Decline, (&Contracts{free}).Accept},
		{client, "withdraw", (&Contracts{client}).Decline, (&Contracts{client}).Accept},
	} {
		for range 2 {
			if a, err := x.gives(in); err != nil || a.Status != "waiting" {
				t.Fatalf("%s offline: %+v %v", x.what, a, err)
			}
		}
		w := waits(x.c, x.what)
		if _, err := x.not(in); err == nil || AsFailure(err).Code != codeAnswerWaits {
			t.Errorf("another answer beside %s: %v", x.what, err)
		}
		if items, err := x.c.session.replica.About(t.Context(), offer.Contract); err != nil || len(items) != 1 {
			t.Fatalf("%s: %d wait, %v", x.what, len(items), err)
		}
		if err := (&Outbox{x.c}).Discard(IDIn{w.ID}); err != nil {
			t.Fatal(err)
		}
		waits(x.c, "")
	}
	if a, err := (&Contracts{free}).Accept(in); err != nil || a.Status != "waiting" {
		t.Fatalf("%+v %v", a, err)
	}
	h.again()
	for _, c := range []*Core{client, free} {
		interview(t, c, row.Room, func(v RoomView) bool { return v.Kind == "contract" && v.Status == "active" })
	}
	if v := notSentOf(t, free); len(v.Rows)+len(v.Waiting) != 0 {
		t.Errorf("left over: %+v", v)
	}
}

// U-02: whose token ended is asked to sign in again where they open a link, as everywhere; they are not told that somebody else used it.
func TestU02_ALinkWithAnEndedToken(t *testing.T) {
	t.Parallel()
	h, _, free, _, link := offered(t)
	if _, err := (&Contracts{free}).Ask(InviteIn{Link: link}); err != nil {
		t.Fatal(err)
	}
	arrived(t, free)
	h.stop()
	h.alter("DELETE FROM token")
	h.again()
	eventually(t, "the service is there", func() bool {
		_, err := (&Contracts{free}).Look(InviteIn{Link: link})
		if f := AsFailure(err); f != nil && f.Code == string(workroom.Gone) {
			t.Fatal(f.Message)
		}
		return AsFailure(err) != nil && AsFailure(err).Code == string(workroom.SignedOut)
	})
	eventually(t, "everybody here is asked to sign in", func() bool {
		s, err := (&Shell{free}).Status()
		return err == nil && s.State == "signedOut"
	})
}
