package app

import (
	"strings"
	"testing"
)

// N-08: a notification service that comes after the program shows what is unread of what came meanwhile, and nothing that was read. Once it
// leaves, Settings says so; the next one is used as the first was.
func TestN08_TheNotifierComesLateAndLeaves(t *testing.T) {
	t.Parallel()
	h, mara, esme, room := twoInRoom(t)
	other := sharedRoom(t, mara, esme)
	bus := sessionBus(t)
	second := h.deskOnBus(esme, bus)
	board := second.session.notices
	why := func() string {
		v, err := (&Notices{second}).Rules()
		if err != nil {
			t.Fatal(err)
		}
		return v.Why
	}
	eventually(t, "it is known that there is none", func() bool { return strings.Contains(why(), "no notification service") })
	if err := (&Notices{second}).Test(); AsFailure(err).Code != "no_notifier" {
		t.Errorf("a notice to look at: %v", err)
	}

	waits := func(room string) bool {
		board.mu.Lock()
		defer board.mu.Unlock()
		_, ok := board.unshown[room]
		return ok
	}
	write(t, mara, room, "before anybody could show it")
	write(t, mara, other, "read in the window")
	eventually(t, "both wait", func() bool { return waits(room) && waits(other) })
	eventually(t, "the other device has it", func() bool { return strings.Contains(told(t, esme, other), "read in the window") })
	if err := (&Rooms{esme}).Read(ReadIn{Room: other, Num: newest(t, esme, other)}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "what was read waits no more", func() bool { return !waits(other) })
	n := notifierOn(t, bus)
	if got := <-n.calls; !strings.Contains(got.body, "before anybody") {
		t.Errorf("%+v", got)
	}
	if why() != "" {
		t.Errorf("it is still said: %s", why())
	}

	if err := n.conn.Close(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it is said that it left", func() bool { return why() != "" })
	write(t, mara, other, "between two of them")
	eventually(t, "it waits", func() bool { return waits(other) })
	n = notifierOn(t, bus)
	if got := <-n.calls; !strings.Contains(got.body, "between two") || len(n.calls) != 0 {
		t.Errorf("%+v, and %d more", got, len(n.calls))
	}
}
