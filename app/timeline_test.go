package app

import (
	"fmt"
	"testing"

	"trestle/internal/workroom"
)

// TestM31_ARoomIsReadFromAnyPlace: it opens at the first message that is not read, however far back; a message, a number and a day are gone
// to in one call, what only the service has is fetched for it, and a page reads once more exactly what it shows.
func TestM31_ARoomIsReadFromAnyPlace(t *testing.T) {
	t.Parallel()
	h, other, c, room := twoInRoom(t)
	const n = 330
	write(t, other, room, "line 1")
	arrived(t, other)
	for i := 1; i < n; i++ {
		write(t, c, room, fmt.Sprint("line ", i+1))
	}
	arrived(t, c)
	f := h.witness("Esme") // another device of hers: own messages are never unread
	eventually(t, "the newest are here", func() bool {
		w, err := (&Rooms{f}).Newest(RoomIn{room})
		return err == nil && len(w.Messages) > 0 && w.Last == n
	})
	v, err := (&Rooms{f}).Open(OpenIn{Room: room})
	if err != nil || v.Unread != 0 || len(v.Window.Messages) == n || !v.Window.More || !v.Window.AtEnd {
		t.Fatalf("%d unread of %d here, %v", v.Unread, len(v.Window.Messages), err)
	}
	first := v.Window.Messages[0]
	h.stop()
	if a, err := (&Rooms{f}).Around(AroundIn{Room: room, Num: 7}); err != nil || a.Place != "" || a.Reason == "" || !a.Window.More {
		t.Errorf("without the service: %+v %v", a, err)
	}
	h.again()
	eventually(t, "the way is back", func() bool {
		a, err := (&Rooms{f}).Around(AroundIn{Room: room, Num: first.Num - 1})
		return err == nil && a.Place != ""
	})

	around := func(in AroundIn) AroundView {
		t.Helper()
		in.Room = room
		for {
			a, err := (&Rooms{f}).Around(in)
			if err != nil || a.Reason != "" {
				t.Fatalf("%+v: %v %s", in, err, a.Reason)
			}
			if !a.Window.Loading {
				return a
			}
		}
	}
	text := func(a AroundView) string {
		for _, m := range a.Window.Messages {
			if m.ID == a.Place {
				return m.Text
			}
		}
		return ""
	}
	old := around(AroundIn{Num: 7}) // at the service only until now
	if text(old) != "line 7" || old.Window.AtEnd || old.Window.More || len(old.Window.Messages) != 6+aWindow-shownBefore {
		t.Errorf("number 7: %q among %d, at the end %v, more %v", text(old), len(old.Window.Messages), old.Window.AtEnd, old.Window.More)
	}
	byID := around(AroundIn{Message: first.ID})
	if byID.Place != first.ID || !byID.Window.More {
		t.Errorf("a message: %q", text(byID))
	}
	if a := around(AroundIn{At: first.At}); a.Place == "" || text(a) > text(byID) && len(text(a)) >= len(text(byID)) {
		t.Errorf("its moment: %q, after %q", text(a), text(byID))
	}
	if a := around(AroundIn{At: 1}); text(a) != "line 1" {
		t.Errorf("long ago: %q", text(a))
	}
	if a := around(AroundIn{At: first.At + 1<<40}); text(a) != fmt.Sprint("line ", n) || !a.Window.AtEnd {
		t.Errorf("a day to come: %q", text(a))
	}
	// What she has not read begins where only the service has it: none is named, and the way there is one call.
	m := h.witness("Mara")
	eventually(t, "the newest are here", func() bool {
		w, err := (&Rooms{m}).Newest(RoomIn{room})
		return err == nil && w.Last == n
	})
	if v, err := (&Rooms{m}).Open(OpenIn{Room: room}); err != nil || v.Unread < n-1 || v.FirstNew != "" || !v.Window.AtEnd {
		t.Errorf("%d unread from %q, at the end %v, %v", v.Unread, v.FirstNew, v.Window.AtEnd, err)
	}
	for {
		a, err := (&Rooms{m}).Around(AroundIn{Room: room})
		if err != nil || a.Reason != "" {
			t.Fatal(err, a.Reason)
		}
		if !a.Window.Loading {
			if got := text(a); got != "line 1" {
				t.Errorf("what is not read begins at %q", got)
			}
			break
		}
	}
	if v, err := (&Rooms{m}).Open(OpenIn{Room: room}); err != nil || v.Unread != n-1 || v.FirstNew == "" {
		t.Errorf("then %d unread from %q, %v", v.Unread, v.FirstNew, err)
	}

	if _, err := (&Rooms{f}).Around(AroundIn{Room: room, Message: "nothing"}); AsFailure(err).Code != string(workroom.Gone) {
		t.Errorf("a message that is not: %v", err)
	}

	last := old.Window.Messages[len(old.Window.Messages)-1]
	next, err := (&Rooms{f}).Newer(NewerIn{Room: room, After: last.ID})
	if err != nil || next.Messages[0].Num != last.Num+1 || !next.AtEnd {
		t.Errorf("on from %d: %+v %v", last.Num, next.Messages[0], err)
	}
	v, err = (&Rooms{f}).Open(OpenIn{Room: room, First: old.Window.Messages[2].ID, Last: last.ID})
	if w := v.Window; err != nil || len(w.Messages) != len(old.Window.Messages)-2 || w.AtEnd || !w.More {
		t.Errorf("once more: %d messages, at the end %v, more %v, %v", len(w.Messages), w.AtEnd, w.More, err)
	}
	// All is here now. Unread again is only what somebody else wrote, and the room opens there, however far back.
	if err := (&Rooms{f}).MarkUnread(MessageIn{room, old.Window.Messages[1].ID}); AsFailure(err).Code != "bad_input" {
		t.Errorf("an own message with nothing of others behind it: %v", err)
	}
	if err := (&Rooms{f}).MarkUnread(MessageIn{room, old.Window.Messages[0].ID}); err != nil {
		t.Fatal(err)
	}
	if v, err = (&Rooms{f}).Open(OpenIn{Room: room}); err != nil || v.Unread != 1 || v.FirstNew != v.Window.Messages[0].ID || v.Window.Messages[0].Text != "line 1" {
		t.Errorf("%d unread, opened at %q, %v", v.Unread, v.FirstNew, err)
	}
	if v, err = (&Rooms{f}).Open(OpenIn{Room: room, First: v.FirstNew}); err != nil || !v.Window.AtEnd || len(v.Window.Messages) != n {
		t.Errorf("on to the end: %d, %v", len(v.Window.Messages), err)
	}
}
