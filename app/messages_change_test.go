package app

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"trestle/internal/markup"
	"trestle/internal/workroom"
)

// twoInRoom are two desktops that share a contract's room.
func twoInRoom(t *testing.T) (h *house, client, freelancer *Core, room string) {
	t.Helper()
	h, client, freelancer, offer, link := offered(t)
	if a, err := (&Contracts{freelancer}).Accept(InviteIn{Link: link, Rev: offer.Rev}); err != nil || a.Status != "active" {
		t.Fatalf("%+v %v", a, err)
	}
	arrived(t, freelancer)
	arrived(t, client)
	l, err := (&Rooms{client}).List()
	if err != nil || len(l.Rooms) != 1 {
		t.Fatalf("%+v %v", l, err)
	}
	return h, client, freelancer, l.Rooms[0].ID
}

// told is a room as its page shows it, one line a message.
func told(t *testing.T, c *Core, room string) string {
	t.Helper()
	w, err := (&Rooms{c}).Newest(RoomIn{room})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, m := range w.Messages {
		var line strings.Builder
		line.WriteString(m.Name + ": " + m.Text)
		if m.Reply != nil {
			fmt.Fprintf(&line, " (%s %s %s)", m.Reply.State, m.Reply.Name, m.Reply.Text)
		}
		if m.Edited != 0 {
			line.WriteString(" edited")
		}
		if m.Deleted != 0 {
			line.WriteString("deleted")
		}
		for _, r := range m.Reactions {
			fmt.Fprintf(&line, " %s%d %s", r.Emoji, r.Count, strings.Join(r.Names, "+"))
		}
		if m.State != "sent" {
			line.WriteString(" " + m.State)
		}
		out = append(out, line.String())
	}
	return strings.Join(out, "\n")
}

func same(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\n%s\nwant\n%s", what, got, want)
	}
}

// TestM26_WhatTheOtherSideSees: an edit, an answer, a reaction and a deletion, made offline and seen by the other side when the way is back.
func TestM26_WhatTheOtherSideSees(t *testing.T) {
	t.Parallel()
	h, c, f, room := twoInRoom(t)
	ask := write(t, c, room, "Which sizes?")
	arrived(t, c)
	arrived(t, f)
	h.stop()
	wrong := write(t, f, room, "four")
	if _, err := (&Rooms{f}).Send(SendIn{ID: newID(), Room: room, Text: "see above", Files: []string{}, Reply: ask}); err != nil {
		t.Fatal(err)
	}
	if err := (&Rooms{f}).React(ReactIn{Room: room, Message: ask, Emoji: "👍", On: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := (&Rooms{c}).Reword(RewordIn{Room: room, Message: ask, Text: "Which **sizes** and colours?"}); err != nil {
		t.Fatal(err)
	}
	if row, err := (&Rooms{f}).Reword(RewordIn{Room: room, Message: wrong, Text: "three"}); err != nil || row.Text != "three" {
		t.Errorf("%+v %v", row, err)
	}
	if got := told(t, c, room); got != "Mara: Which **sizes** and colours? edited" {
		t.Errorf("offline the author sees\n%s", got)
	}
	h.again()
	arrived(t, f)
	arrived(t, c)
	arrived(t, f)
	for _, d := range []*Core{c, f} {
		got := told(t, d, room)
		got = strings.Replace(got, "three edited", "three", 1) // if an attempt was under way when it was edited
		same(t, "both see", got, "Mara: Which **sizes** and colours? edited 👍1 Esme\nEsme: three\nEsme: see above (here Mara Which sizes and colours?)")
	}
	w, err := (&Rooms{f}).Wordings(MessageIn{room, ask})
	if err != nil || len(w.Wordings) != 1 || w.Wordings[0].Text != "Which sizes?" || w.Wordings[0].At == 0 {
		t.Errorf("%+v %v", w, err)
	}
	if err := (&Rooms{c}).Delete(MessageIn{room, ask}); err != nil {
		t.Fatal(err)
	}
	arrived(t, c)
	arrived(t, f)
	got := strings.Replace(told(t, f, room), "three edited", "three", 1)
	same(t, "after it was deleted", got, "Mara: deleted\nEsme: three\nEsme: see above (deleted Mara )")
	if w, err := (&Rooms{f}).Wordings(MessageIn{room, ask}); err != nil || len(w.Wordings) != 0 {
		t.Errorf("what was deleted still says %+v %v", w, err)
	}
	if err := (&Rooms{f}).React(ReactIn{Room: room, Message: ask, Emoji: "👍", On: true}); AsFailure(err).Code != string(workroom.Gone) {
		t.Errorf("reacting to it: %v", err)
	}
	if _, err := (&Rooms{c}).Reword(RewordIn{Room: room, Message: wrong, Text: "mine"}); AsFailure(err).Code != string(workroom.AuthorOnly) {
		t.Errorf("editing another's: %v", err)
	}
}

// TestM26_WhatWasNeverSentSaysOnlyTheLast: a message that waits is edited in place and deleted without a trace.
func TestM26_WhatWasNeverSentSaysOnlyTheLast(t *testing.T) {
	t.Parallel()
	h, c, room := deskInRoom(t)
	h.stop()
	// Nobody can be reached, so nothing that is tried leaves this computer; only while an attempt is under way nobody may know.
	eventually(t, "one was edited in its place", func() bool {
		id := write(t, c, room, "one")
		if _, err := (&Rooms{c}).Reword(RewordIn{Room: room, Message: id, Text: "two"}); err != nil {
			t.Fatal(err)
		}
		got := told(t, c, room)
		return strings.HasSuffix(got, "Esme: two waiting")
	})
	eventually(t, "one was deleted without a trace", func() bool {
		before := strings.Count(told(t, c, room), "\n")
		if err := (&Rooms{c}).Delete(MessageIn{room, write(t, c, room, "nobody will know")}); err != nil {
			t.Fatal(err)
		}
		return strings.Count(told(t, c, room), "\n") == before
	})
	h.again()
	arrived(t, c)
	if got := told(t, c, room); strings.Contains(got, "nobody") || !strings.Contains(got, "two") || strings.Contains(got, "one") {
		t.Errorf("it shows\n%s", got)
	}
}

// TestM27_TooLateIsSaid: a deletion that waited offline past its time is refused, the message stands again as it was, and the drawer says why;
// what was written after it goes on.
func TestM27_TooLateIsSaid(t *testing.T) {
	t.Parallel()
	h, c, room := deskInRoom(t)
	id := write(t, c, room, "evidence")
	arrived(t, c)
	h.stop()
	if err := (&Rooms{c}).Delete(MessageIn{room, id}); err != nil {
		t.Fatal(err)
	}
	write(t, c, room, "after it")
	eventually(t, "it waits", func() bool { return told(t, c, room) == "Esme: deleted\nEsme: after it waiting" }) // an attempt may be under way
	h.now = func() time.Time { return time.Now().Add(workroom.DeleteWithin + time.Minute) }
	h.again()
	eventually(t, "it is refused", func() bool { return len(notSentOf(t, c).Rows) == 1 })
	arrived(t, c)
	row := notSentOf(t, c).Rows[0]
	if row.What != "deletion" || row.Code != string(workroom.TooLate) || row.Reason == "" || !row.Discard || row.Behind != 0 {
		t.Errorf("%+v", row)
	}
	same(t, "afterwards", told(t, c, room), "Esme: evidence\nEsme: after it")
}

// TestM29_UnreadAgain: a message and what follows it are unread again, and a visit begins there.
func TestM29_UnreadAgain(t *testing.T) {
	t.Parallel()
	_, c, f, room := twoInRoom(t)
	for i := range 5 {
		write(t, c, room, fmt.Sprint("line ", i))
	}
	arrived(t, c)
	arrived(t, f)
	w, err := (&Rooms{f}).Newest(RoomIn{room})
	if err != nil || len(w.Messages) != 5 {
		t.Fatalf("%+v %v", w, err)
	}
	if err := (&Rooms{f}).Read(ReadIn{Room: room, Num: w.Messages[4].Num}); err != nil {
		t.Fatal(err)
	}
	if v, err := (&Rooms{f}).Open(OpenIn{Room: room}); err != nil || v.Unread != 0 || v.FirstNew != "" {
		t.Fatalf("%d unread, from %q, %v", v.Unread, v.FirstNew, err)
	}
	if err := (&Rooms{f}).MarkUnread(MessageIn{room, w.Messages[3].ID}); err != nil {
		t.Fatal(err)
	}
	if v, err := (&Rooms{f}).Open(OpenIn{Room: room}); err != nil || v.Unread != 2 || v.FirstNew != w.Messages[3].ID {
		t.Errorf("%d unread, from %q, want %q, %v", v.Unread, v.FirstNew, w.Messages[3].ID, err)
	}
	if err := (&Rooms{f}).Read(ReadIn{Room: room, Num: w.Messages[4].Num}); err != nil {
		t.Fatal(err)
	}
	if v, err := (&Rooms{f}).Open(OpenIn{Room: room}); err != nil || v.Unread != 0 {
		t.Errorf("%d unread, %v", v.Unread, err)
	}
}

// TestM29_APartOfWhatIsUnreadIsRead: what stands above the part that was read stays unread, also where words of my own are among it.
func TestM29_APartOfWhatIsUnreadIsRead(t *testing.T) {
	t.Parallel()
	_, c, f, room := twoInRoom(t)
	say := func(by *Core, text string) {
		write(t, by, room, text)
		arrived(t, by)
	}
	for _, text := range []string{"one", "two", "three"} {
		say(c, text)
	}
	say(f, "mine")
	say(c, "four")
	arrived(t, f)
	w, err := (&Rooms{f}).Newest(RoomIn{room})
	if err != nil || len(w.Messages) != 5 {
		t.Fatalf("%+v %v", w, err)
	}
	if err := (&Rooms{f}).MarkUnread(MessageIn{room, w.Messages[0].ID}); err != nil {
		t.Fatal(err)
	}
	if err := (&Rooms{f}).Read(ReadIn{Room: room, Num: w.Messages[1].Num}); err != nil {
		t.Fatal(err)
	}
	if v, err := (&Rooms{f}).Open(OpenIn{Room: room}); err != nil || v.Unread != 2 || v.FirstNew != w.Messages[2].ID {
		t.Errorf("%d unread, from %q, want 2 from %q, %v", v.Unread, v.FirstNew, w.Messages[2].ID, err)
	}
}

// TestM28_EveryEmojiOfThePanelCanBeAReaction: nothing is offered that the rule would refuse.
func TestM28_EveryEmojiOfThePanelCanBeAReaction(t *testing.T) {
	t.Parallel()
	v, err := (&Rooms{}).Emoji()
	if err != nil || len(v.Emoji) != len(markup.AllEmoji()) || len(v.Emoji) < 1500 {
		t.Errorf("%d of %d emoji are offered, %v", len(v.Emoji), len(markup.AllEmoji()), err)
		for _, e := range markup.AllEmoji() {
			if !workroom.IsEmoji(e.Text) {
				t.Errorf("%s %q is not taken", e.Text, e.Text)
			}
		}
	}
}
