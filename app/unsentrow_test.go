package app

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"trestle/internal/outbox"
	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// TestD06_EveryCommandHasATitle: no command that a person can give stands in the drawer as something unknown, and the pages and the export
// call it the same.
func TestD06_EveryCommandHasATitle(t *testing.T) {
	t.Parallel()
	c, _, _ := sad(t)
	pages, err := os.ReadFile("../frontend/src/text/outbox.ts")
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]bool{"unknown": true, "unreaction": true, "unfavourite": true, "withdraw": true, "hide": true, "unhide": true, "unblock": true, "level": true, "archive": true, "admin": true, "writing": true, "recode": true, "rememo": true, "resume": true} // those of no command of their own
	for op, info := range workroom.Ops {
		i := replica.Item{Row: outbox.Row{ID: newID(), Op: op, V: info.V}}
		switch op {
		case workroom.OpSetMarker, workroom.OpSetReceipt, workroom.OpSetLease, workroom.OpCloseWeek, workroom.OpNoteLooks:
			continue // nobody's business
		case workroom.OpUpload:
			i.Upload = &replica.Upload{Name: "Ridge plan.txt"}
		default:
			if i.Command, err = workroom.DecodeCommand(op, info.V, []byte(`{"on":true,"favourite":true,"presence":true}`)); err != nil {
				t.Fatal(err)
			}
		}
		what := c.session.unsentRow(i, nil).What
		if what == "unknown" || unsentTitles[what] == "" {
			t.Errorf("%s is %q in the drawer", op, what)
		}
		said[what] = true
	}
	for what, title := range unsentTitles {
		if !said[what] {
			t.Errorf("nothing is %q", what)
		}
		if want := fmt.Sprintf("\n  %s: %q,", what, title); !strings.Contains(string(pages), want) {
			t.Errorf("text/outbox.ts does not say%s", want)
		}
	}
}

// TestM23_TheRoomListSaysWhatWasRefused: "Not sent" stands before the text of a message that was refused and is the room's newest, and
// before no other; something refused further up is a mark.
func TestM23_TheRoomListSaysWhatWasRefused(t *testing.T) {
	t.Parallel()
	c, _, room := sad(t)
	list := func() RoomRow {
		l, err := (&Rooms{c}).List()
		if err != nil || len(l.Rooms) != 1 {
			t.Fatalf("%+v %v", l, err)
		}
		return l.Rooms[0]
	}
	if r := list(); r.Failed || r.Unsent {
		t.Errorf("nothing was refused: %+v", r)
	}
	first := write(t, c, room, "the first")
	refuse(t, c, workroom.TooLarge, first)
	if r := list(); !r.Failed || r.Unsent || r.Preview != "the first" || !r.Mine {
		t.Errorf("the newest was refused: %+v", r)
	}
	write(t, c, room, "after it")
	if r := list(); r.Failed || !r.Unsent || r.Preview != "after it" {
		t.Errorf("the newest waits behind one that was refused: %+v", r)
	}
}

// TestM23_ARefusalOfAnEarlierTime: what others wrote after a refused message is the newest line.
func TestM23_ARefusalOfAnEarlierTime(t *testing.T) {
	t.Parallel()
	hers := &replica.Item{Row: outbox.Row{At: 2_000_000}, Command: workroom.SendMessage{Text: "refused *words*"}}
	for _, row := range []struct {
		name           string
		r              refusals
		at             int64
		preview        string
		failed, unsent bool
	}{
		{"nothing", refusals{}, 1000, "sent", false, false},
		{"an edit alone", refusals{n: 1}, 1000, "sent", false, true},
		{"a newer message", refusals{n: 1, newest: hers}, 1000, "refused words", true, false},
		{"a newer message and an edit", refusals{n: 2, newest: hers}, 1000, "refused words", true, true},
		{"an older message", refusals{n: 1, newest: hers}, 3000, "sent", false, true},
	} {
		got := RoomRow{At: row.at, Preview: "sent", By: "Mara"}
		row.r.mark(&got)
		if got.Preview != row.preview || got.Failed != row.failed || got.Unsent != row.unsent || got.Mine != row.failed {
			t.Errorf("%s: %+v", row.name, got)
		}
	}
}

// TestD06_AnAnswerNamesItsOffer: nothing of a contract is here before the service has the answer, and still the drawer can name it.
func TestD06_AnAnswerNamesItsOffer(t *testing.T) {
	t.Parallel()
	_, _, c, offer, link := offered(t)
	id := workroom.ContractID(offer.Contract)
	if err := c.session.keepOffer(offer.Contract, answeredOffer{Title: offer.Title, Client: offer.Client}); err != nil {
		t.Fatal(err)
	}
	for n := range maxOffers { // others push none out that is newer
		if err := c.session.keepOffer(fmt.Sprint(n), answeredOffer{}); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(c.session.offers()); n != maxOffers {
		t.Errorf("%d names are kept", n)
	}
	if err := c.session.keepOffer(offer.Contract, answeredOffer{Title: offer.Title, Client: offer.Client}); err != nil {
		t.Fatal(err)
	}
	i := replica.Item{Row: outbox.Row{ID: newID(), Op: workroom.OpDeclineContract, Code: workroom.Moved, Verdict: outbox.Rejected},
		Command: workroom.DeclineContract{Contract: id, Secret: secretIn(link)}}
	row := c.session.unsentRow(i, nil)
	if row.Where != offer.Title || row.By != offer.Client || row.Link != link {
		t.Errorf("%+v", row)
	}
	// The program's own way keeps it too.
	if _, err := (&Contracts{c}).Accept(InviteIn{Link: link, Rev: offer.Rev + 1}); err == nil {
		t.Error("an offer nobody saw was accepted")
	}
	if got := c.session.offers()[offer.Contract]; got.Title != offer.Title || got.Client != offer.Client {
		t.Errorf("%+v", got)
	}
}
