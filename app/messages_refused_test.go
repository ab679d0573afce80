package app

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"trestle/internal/workroom"
)

// archived closes the room of the stopped service, or opens it again.
func archived(h *house, room string, on bool) {
	h.alter(`UPDATE head SET seq=seq+1 WHERE scope='r:`+room+`'`,
		fmt.Sprintf(`UPDATE thing SET rev=rev+1, seq=(SELECT seq FROM head WHERE head.scope=thing.scope), body=json_set(body,'$.archived',json('%t')) WHERE kind='room' AND scope='r:%s'`, on, room))
}

// messageOf is one message as the room shows it.
func messageOf(t *testing.T, c *Core, room, id string) MessageRow {
	t.Helper()
	w, err := (&Rooms{c}).Newest(RoomIn{room})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range w.Messages {
		if m.ID == id {
			return m
		}
	}
	t.Fatalf("%s is not among %+v", id, w.Messages)
	return MessageRow{}
}

// TestM26_ARefusedEditStandsAtItsMessage: the room was archived before the edit arrived. The message says again what it said and carries what
// was refused, until that is sent again or thrown away; and when the room is open again, nothing speaks of it as closed.
func TestM26_ARefusedEditStandsAtItsMessage(t *testing.T) {
	t.Parallel()
	h, c, room := deskInRoom(t)
	id := write(t, c, room, "four sizes")
	arrived(t, c)
	h.stop()
	if _, err := (&Rooms{c}).Reword(RewordIn{Room: room, Message: id, Text: "three **sizes**"}); err != nil {
		t.Fatal(err)
	}
	write(t, c, room, "and one more")
	if m := messageOf(t, c, room, id); m.Unsaved != nil || !m.Changing || m.Text != "three **sizes**" {
		t.Errorf("before it is refused: %+v", m)
	}
	archived(h, room, true)
	h.again()
	eventually(t, "it is refused and the room is closed", func() bool {
		_, r, err := c.session.room(room)
		m := messageOf(t, c, room, id)
		return err == nil && r.Archived && m.Unsaved != nil && !m.Unsaved.Retry
	})
	m := messageOf(t, c, room, id)
	if u := m.Unsaved; m.Text != "four sizes" || m.Changing || u.What != "edit" || u.Text != "three **sizes**" || u.Code != string(workroom.RoomArchived) ||
		u.Reason != workroom.Refuse(workroom.RoomArchived).Text {
		t.Errorf("refused: %+v %+v", m, u)
	}
	if s, err := (&Shell{c}).Status(); err != nil || s.NotSent != 2 || s.Waiting != 0 {
		t.Errorf("%+v %v", s, err)
	}

	h.stop()
	archived(h, room, false)
	h.again()
	eventually(t, "the room is open", func() bool { m := messageOf(t, c, room, id); return m.Unsaved != nil && m.Unsaved.Retry })
	const open = "This room was archived when this was to be sent. It is open again."
	if u := messageOf(t, c, room, id).Unsaved; u.Reason != open {
		t.Errorf("the edit: %+v", u)
	}
	for _, g := range notSentOf(t, c).Groups {
		for _, row := range append(g.Rows, UnsentRow{Reason: g.Reason}) {
			if row.Reason != open {
				t.Errorf("in the drawer: %+v", row)
			}
		}
	}
	w, err := (&Rooms{c}).Newest(RoomIn{room})
	if last := w.Messages[len(w.Messages)-1]; err != nil || last.State != "failed" || last.Reason != open || !last.Retry {
		t.Errorf("the message: %+v %v", last, err)
	}
	if err := (&Outbox{c}).Retry(IDIn{messageOf(t, c, room, id).Unsaved.ID}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the edit is there", func() bool {
		m := messageOf(t, c, room, id)
		return m.Unsaved == nil && !m.Changing && m.Text == "three **sizes**" && m.Edited != 0
	})
}

// TestM27_ARefusedDeletionStandsAtItsMessage: what came back says why it is there again, the newest change alone; thrown away, it says nothing.
func TestM27_ARefusedDeletionStandsAtItsMessage(t *testing.T) {
	t.Parallel()
	c, _, room := sad(t)
	l, err := (&Rooms{c}).Newest(RoomIn{room})
	if err != nil {
		t.Fatal(err)
	}
	if len(l.Messages) != 0 {
		t.Fatalf("%+v", l.Messages)
	}
	const id = "019a0000-0000-7000-8000-0000000000aa"
	for _, cmd := range []workroom.Command{
		workroom.EditMessage{Room: workroom.RoomID(room), Message: id, Text: "other words"},
		workroom.DeleteMessage{Room: workroom.RoomID(room), Message: id},
	} {
		if _, err := c.session.enqueue(cmd, enqueueOpts{}); err != nil {
			t.Fatal(err)
		}
	}
	for _, row := range notSentOf(t, c).Waiting {
		refuse(t, c, workroom.TooLate, row.ID)
	}
	beside, err := c.session.besides(workroom.RoomID(room))
	u := beside.unsaved[id]
	if err != nil || u == nil || u.What != "deletion" || u.Text != "" || u.Retry || !strings.Contains(u.Reason, "15 minutes") {
		t.Fatalf("%+v %v", u, err)
	}
	if err := (&Outbox{c}).Discard(IDIn{u.ID}); err != nil {
		t.Fatal(err)
	}
	if beside, err = c.session.besides(workroom.RoomID(room)); err != nil || beside.unsaved[id] == nil || beside.unsaved[id].Text != "other words" {
		t.Errorf("%+v %v", beside.unsaved[id], err)
	}
}

// TestD06_TheCountersAndTheDrawerAgree: what waits behind something that was refused, or asked about, is neither being sent nor forgotten, and
// nothing is counted that the drawer does not show.
func TestD06_TheCountersAndTheDrawerAgree(t *testing.T) {
	t.Parallel()
	c, _, room := sad(t)
	first := write(t, c, room, "too long")
	write(t, c, room, "behind it")
	write(t, c, room, "and behind that")
	check := func(what string, waiting, held, refused int64) {
		t.Helper()
		var s Sync
		var err error
		eventually(t, what, func() bool { // what an attempt holds goes back when it ends: there is nobody to connect to
			s, err = (&Shell{c}).Status()
			return err != nil || s.Waiting == waiting && s.Held == held && s.NotSent == refused
		})
		if err != nil {
			t.Fatal(err)
		}
		v := notSentOf(t, c)
		n := len(v.Rows)
		for _, g := range v.Groups {
			n += len(g.Rows)
		}
		if int64(n) != s.NotSent || int64(len(v.Waiting)) != s.Waiting+s.Held {
			t.Errorf("%s: the drawer shows %d and %d", what, n, len(v.Waiting))
		}
	}
	check("before", 3, 0, 0)
	refuse(t, c, workroom.TooLarge, first)
	check("refused", 0, 2, 1)
	if _, err := c.session.enqueue(workroom.SetMarker{Room: workroom.RoomID(room), Who: c.session.me(), N: 1, E: 5, Head: 1}, enqueueOpts{}); err != nil {
		t.Fatal(err)
	}
	if s, err := (&Shell{c}).Status(); err != nil || s.Waiting != 0 {
		t.Errorf("a marker: %+v %v", s, err)
	}
	if err := (&Outbox{c}).Discard(IDIn{first}); err != nil {
		t.Fatal(err)
	}
	if s, err := (&Shell{c}).Status(); err != nil || s.Waiting != 2 || s.Held != 0 || s.NotSent != 0 {
		t.Errorf("thrown away: %+v %v", s, err)
	}
}

// TestP25_AMessageSaysWhyItWaits: one that the service put off, with its words; one that only waits says nothing.
func TestP25_AMessageSaysWhyItWaits(t *testing.T) {
	t.Parallel()
	c, _, room := sad(t)
	slow, other := write(t, c, room, "too many"), write(t, c, room, "and another")
	if err := c.session.replica.Defer(t.Context(), time.Now().Add(time.Minute), workroom.Rate, "Too fast. It goes on in 40 s.", slow); err != nil {
		t.Fatal(err)
	}
	if m := messageOf(t, c, room, slow); m.State != "waiting" || m.Reason != "Too fast. It goes on in 40 s." || m.Retry {
		t.Errorf("%+v", m)
	}
	eventually(t, "the other waits, for no reason of its own", func() bool { // between attempts: there is nobody to connect to
		m := messageOf(t, c, room, other)
		return m.State == "waiting" && m.Reason == ""
	})
}
