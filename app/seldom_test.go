package app

import (
	"context"
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"trestle/internal/outbox"
	"trestle/internal/replica"
	"trestle/internal/service"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// offered is an offer of one desktop and another desktop that was shown it.
func offered(t *testing.T) (h *house, client, freelancer *Core, offer OfferView, link string) {
	t.Helper()
	h = openHouse(t)
	client, freelancer = h.desk("Mara"), h.desk("Esme")
	made, err := (&Contracts{client}).Create(NewContractIn{ID: newID(), Title: "Harbour Map",
		Terms: TermsView{Rate: 5200, Currency: "EUR", Shots: "none", IdleMinutes: 10}, Activities: []ActivityIn{}})
	if err != nil {
		t.Fatal(err)
	}
	arrived(t, client)
	arrived(t, freelancer)
	link = made.Link
	if offer, err = (&Contracts{freelancer}).Look(InviteIn{Link: link}); err != nil {
		t.Fatal(err)
	}
	return h, client, freelancer, offer, link
}

// secretIn is the secret of an invitation link.
func secretIn(link string) string {
	_, secret, _ := strings.Cut(link, "#")
	return secret
}

// TestW03_AnOfferThatChangedIsLookedAtAgain: an answer that waited and met other terms is not sent again as it was; the way to the offer as
// it stands now is there, and a new answer stands for the refused one.
func TestW03_AnOfferThatChangedIsLookedAtAgain(t *testing.T) {
	t.Parallel()
	_, _, c, offer, link := offered(t)
	id := workroom.ContractID(offer.Contract)
	_, o, err := c.session.look(link)
	if err != nil {
		t.Fatal(err)
	}
	// What was shown to her was an earlier state of the offer.
	old, err := c.session.replica.Enqueue(context.Background(),
		workroom.AcceptContract{Contract: id, Room: o.Room, Who: c.session.me(), Name: "Esme", Secret: secretIn(link)},
		replica.EnqueueOpts{About: offer.Contract, Seen: []wire.Expect{{Scope: workroom.ContractScope(id), Kind: workroom.KindContract, ID: offer.Contract, Rev: offer.Rev + 1}}})
	if err != nil {
		t.Fatal(err)
	}
	c.session.courier.Kick()
	eventually(t, "it is refused", func() bool { return len(notSentOf(t, c).Rows) == 1 })
	row := notSentOf(t, c).Rows[0]
	if row.ID != old || row.What != "accept" || row.Code != "moved" || row.Retry || !row.Discard || row.Link != link || !strings.Contains(row.Reason, "Nothing was answered") {
		t.Fatalf("%+v, link %s", row, link)
	}
	if a, err := (&Contracts{c}).Accept(InviteIn{Link: row.Link, Rev: offer.Rev}); err != nil || a.Status != "active" {
		t.Fatalf("%+v %v", a, err)
	}
	if v := notSentOf(t, c); len(v.Rows) != 0 {
		t.Errorf("the old answer is still there: %s", listed(v.Rows))
	}
}

// TestD06_WhatStandsThereNow: where a thing that is held here changed meanwhile, its present state is said.
func TestD06_WhatStandsThereNow(t *testing.T) {
	t.Parallel()
	title := "Otter Trails"
	for want, r := range map[string]*replica.Row{
		"It is no longer there.":                                  {Gone: true},
		"Otter Trails is active.":                                 {Thing: &workroom.Contract{Title: title, Status: workroom.Active}},
		"Otter Trails was declined.":                              {Thing: &workroom.Contract{Title: title, Status: workroom.Refused}},
		"Otter Trails is offered, with other terms than you saw.": {Thing: &workroom.Contract{Title: title, Status: workroom.Offered}},
		"Review, archived.":                                       {Thing: &workroom.Activity{Code: "Review", Archived: 1}},
	} {
		if got := presentText(r); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestI6_ARestoredServiceAsks: what a service lost in a restore comes back by itself and says so; an answer to an offer is asked about, and
// goes again under its id.
func TestI6_ARestoredServiceAsks(t *testing.T) {
	t.Parallel()
	h, client, c, offer, link := offered(t)
	own(t, c, "none")
	arrived(t, c)
	l, err := (&Rooms{c}).List()
	if err != nil || len(l.Rooms) != 1 {
		t.Fatalf("%+v %v", l, err)
	}
	mine := l.Rooms[0].ID
	backup := t.TempDir() + "/backup"
	h.backUp(backup)
	if a, err := (&Contracts{c}).Accept(InviteIn{Link: link, Rev: offer.Rev}); err != nil || a.Status != "active" {
		t.Fatalf("%+v %v", a, err)
	}
	write(t, c, mine, "after the backup")
	l, err = (&Rooms{c}).List()
	if err != nil || len(l.Rooms) != 2 {
		t.Fatalf("%+v %v", l, err)
	}
	for _, r := range l.Rooms { // a message stands behind the acceptance that opened its room
		if r.ID != mine {
			write(t, c, r.ID, "behind the acceptance")
		}
	}
	arrived(t, c)
	client.Close()
	h.stop()
	h.restore(backup)
	h.again()
	eventually(t, "it is asked about", func() bool {
		v := notSentOf(t, c)
		return len(v.Rows) == 1 && v.Rows[0].State == string(outbox.Asking)
	})
	row := notSentOf(t, c).Rows[0]
	if row.What != "accept" || !row.Retry || !row.Discard || row.Link != "" || row.Behind != 1 {
		t.Errorf("%+v", row)
	}
	eventually(t, "only what stands behind it waits", func() bool {
		return listed(notSentOf(t, c).Waiting) == "message waiting behind the acceptance"
	})
	if s, err := (&Shell{c}).Status(); err != nil || s.NotSent != 1 || s.Held != 1 || s.Waiting != 0 {
		t.Errorf("the question is not counted: %+v %v", s, err)
	} else if list, err := (&Outbox{c}).List(); err != nil || unfinished(s, list.Rows).Code != "needs_confirmation" {
		t.Errorf("the command line does not say what is waited for: %v %v", unfinished(s, list.Rows), err)
	}
	eventually(t, "the message came back", func() bool {
		w, err := (&Rooms{c}).Newest(RoomIn{mine})
		if err != nil {
			t.Fatal(err)
		}
		m := w.Messages[len(w.Messages)-1]
		return m.Text == "after the backup" && m.State == "sent" && m.Again
	})
	if err := (&Outbox{c}).Retry(IDIn{row.ID}); err != nil {
		t.Fatal(err)
	}
	arrived(t, c)
	if v := notSentOf(t, c); len(v.Rows)+len(v.Waiting) != 0 {
		t.Errorf("%s; %s", listed(v.Rows), listed(v.Waiting))
	}
	if _, got, err := c.session.contract(offer.Contract); err != nil {
		t.Errorf("%+v %v", got, err)
	}
}

// TestD06_AClosedRoomTakesNoWordsBack: what was refused by a closed room is kept under Not sent; its box is not shown, so the words are not
// put there.
func TestD06_AClosedRoomTakesNoWordsBack(t *testing.T) {
	t.Parallel()
	h, c, room := deskInRoom(t)
	h.stop()
	write(t, c, room, "too late")
	h.alter(`UPDATE head SET seq=seq+1 WHERE scope='r:`+room+`'`,
		`UPDATE thing SET rev=rev+1, seq=(SELECT seq FROM head WHERE head.scope=thing.scope), body=json_set(body,'$.archived',json('true')) WHERE kind='room' AND scope='r:`+room+`'`)
	h.again()
	eventually(t, "it is refused and the room is closed", func() bool {
		v := notSentOf(t, c)
		_, r, err := c.session.room(room)
		return len(v.Rows) == 1 && err == nil && r.Archived
	})
	if l, err := (&Rooms{c}).List(); err != nil || !l.Rooms[0].Archived || !l.Rooms[0].Failed {
		t.Errorf("the list does not say it: %+v %v", l, err)
	}
	row := notSentOf(t, c).Rows[0]
	if row.Code != "room_archived" || row.Edit || !row.Discard || row.Source != "too late" {
		t.Errorf("%+v", row)
	}
	if _, err := (&Outbox{c}).Edit(IDIn{row.ID}); AsFailure(err).Code != "room_archived" {
		t.Errorf("%v", err)
	}
	if v := notSentOf(t, c); listed(v.Rows) != "message rejected too late" {
		t.Errorf("%s", listed(v.Rows))
	}
}

// alter changes the database of the stopped service.
func (h *house) alter(statements ...string) {
	h.t.Helper()
	db, err := sql.Open("sqlite3", filepath.Join(h.dir, "service.db"))
	if err != nil {
		h.t.Fatal(err)
	}
	for _, q := range statements {
		if _, err := db.Exec(q); err != nil {
			h.t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		h.t.Fatal(err)
	}
}

// backUp saves the service while it runs.
func (h *house) backUp(target string) {
	h.t.Helper()
	if _, err := service.Backup(h.t.Context(), service.Place{Data: h.dir}, Version, target, "", nil); err != nil {
		h.t.Fatal(err)
	}
}

// restore puts a backup in the place of the stopped service.
func (h *house) restore(source string) {
	h.t.Helper()
	h.dir = h.t.TempDir()
	if _, err := service.Restore(h.t.Context(), source, service.Place{Data: h.dir}, nil); err != nil {
		h.t.Fatal(err)
	}
}

// TestD06_ATooOldProgramReadsOn: the service takes nothing from it, which is said apart from being offline; what it wrote is kept.
func TestD06_ATooOldProgramReadsOn(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	c := h.desk("Esme")
	own(t, c, "none")
	arrived(t, c)
	l, err := (&Rooms{c}).List()
	if err != nil {
		t.Fatal(err)
	}
	h.stop()
	h.oldest = "9.0.0"
	h.again()
	write(t, c, l.Rooms[0].ID, "kept")
	eventually(t, "it is told that it is too old", func() bool {
		s, err := (&Shell{c}).Status()
		return err == nil && s.TooOld && s.State == "online" && s.Waiting == 1 && s.NotSent == 0
	})
	// It asks again now and then whether it is taken, with the message.
	eventually(t, "what it wrote waits", func() bool { return listed(notSentOf(t, c).Waiting) == "message queued kept" })
	h.stop()
	h.oldest = ""
	h.again()
	eventually(t, "it goes on when the service takes it again, without a restart", func() bool {
		if s, err := (&Shell{c}).Status(); err != nil || s.State != "online" {
			return false
		}
		s, err := (&Shell{c}).SyncNow()
		return err == nil && !s.TooOld && s.Waiting == 0 && s.NotSent == 0
	})
}

// TestAMessageOfANewerVersionSaysSo: it stands in its place under its author, without words of its own, and nothing else is upset.
func TestAMessageOfANewerVersionSaysSo(t *testing.T) {
	t.Parallel()
	h, c, room := deskInRoom(t)
	write(t, c, room, "newer")
	write(t, c, room, "plain")
	arrived(t, c)
	h.stop()
	h.alter("UPDATE head SET seq=seq+1 WHERE scope='r:"+room+"'",
		`UPDATE thing SET rev=rev+1, seq=(SELECT seq FROM head WHERE head.scope=thing.scope), body='{"text":{"poll":"Which?"}}' WHERE kind='message' AND body LIKE '%newer%'`)
	h.again()
	eventually(t, "it has come", func() bool {
		w, err := (&Rooms{c}).Newest(RoomIn{room})
		return err == nil && len(w.Messages) == 2 && w.Messages[0].State == "unknown"
	})
	w, err := (&Rooms{c}).Newest(RoomIn{room})
	if err != nil {
		t.Fatal(err)
	}
	if m := w.Messages[0]; m.Text != "" || m.HTML != "" || m.Name != "Esme" || m.At == 0 {
		t.Errorf("%+v", m)
	}
	if m := w.Messages[1]; m.Text != "plain" || m.State != "sent" {
		t.Errorf("%+v", m)
	}
}
