package app

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"trestle/internal/notify"
	"trestle/internal/workroom"
)

// boardOf is the notice board of a copy that was closed, with the test's hand at its clock: what it tells comes by the function.
func boardOf(t *testing.T, dirs Dirs) (*Core, func() []notify.Notice) {
	t.Helper()
	c, err := OpenCore(CoreOptions{Dirs: dirs, Face: "cli"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	n := openNotices(c.session)
	n.begin(t.Context())
	return c, func() []notify.Notice {
		rooms, err := c.session.replica.Rooms(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rooms {
			n.wake(workroom.RoomScope(workroom.RoomID(r.ID)))
		}
		n.desk.Set(n.settings(n.now()))
		n.collect(t.Context())
		return n.desk.Due(n.now())
	}
}

// N-01, N-07: what names a person is told however much was written after it while the computer was off, and the one summary of a room counts
// all and leads to the first.
func TestN01_AMentionFarBackIsTold(t *testing.T) {
	t.Parallel()
	_, mara, esme, room := twoInRoom(t)
	other := sharedRoom(t, mara, esme)
	if err := (&Rooms{esme}).Set(PrefIn{Room: room, Level: new("mentions")}); err != nil {
		t.Fatal(err)
	}
	arrived(t, esme)
	dirs, me := esme.dirs, esme.session.me()
	esme.Close()
	const more = 230 // more than one page of the copy
	write(t, mara, room, "Please look, <@"+string(me)+">")
	for i := range more {
		write(t, mara, room, fmt.Sprintf("chatter %d", i))
		write(t, mara, other, fmt.Sprintf("news %d", i))
	}
	arrived(t, mara)

	c, look := boardOf(t, dirs)
	arrived(t, c)
	told := map[string]notify.Notice{}
	for _, d := range look() {
		told[d.Key] = d
	}
	if d := told[room]; d.Count != 1 || !d.Mention || !strings.Contains(d.Body, "Please look, @") {
		t.Errorf("the mention: %+v", d)
	}
	d := told[other]
	if d.Count != more || d.Mention || !strings.HasSuffix(d.Body, fmt.Sprintf("Mara: news %d", more-1)) {
		t.Errorf("the summary: %+v", d)
	}
	if first, _, err := c.session.replica.FirstUnread(t.Context(), workroom.RoomID(other)); err != nil || d.Message != first {
		t.Errorf("it leads to %s, the first unread is %s (%v)", d.Message, first, err)
	}
}

// N-01: on a computer whose clock is a day ahead, what arrives after the first sign-in is news; what stood there before is none.
func TestN01_AClockThatIsWrong(t *testing.T) {
	t.Parallel()
	h := &house{t: t, dir: t.TempDir(), stop: func() {}, now: func() time.Time { return time.Now().Add(-24 * time.Hour) }}
	h.start("127.0.0.1:0")
	t.Cleanup(func() { h.stop() })
	mara, esme := h.desk("Mara"), h.desk("Esme")
	made, err := (&Contracts{mara}).Create(NewContractIn{ID: newID(), Title: "Harbour Map",
		Terms: TermsView{Rate: 5200, Currency: "EUR", Shots: "none", IdleMinutes: 10}, Activities: []ActivityIn{}})
	if err != nil {
		t.Fatal(err)
	}
	arrived(t, mara)
	offer, err := (&Contracts{esme}).Look(InviteIn{Link: made.Link})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (&Contracts{esme}).Accept(InviteIn{Link: made.Link, Rev: offer.Rev}); err != nil {
		t.Fatal(err)
	}
	arrived(t, esme)
	arrived(t, mara)
	l, err := (&Rooms{mara}).List()
	if err != nil {
		t.Fatal(err)
	}
	room := l.Rooms[0].ID
	write(t, mara, room, "before")
	eventually(t, "it came", func() bool { return strings.Contains(told(t, esme, room), "before") })

	n := openNotices(esme.session) // as on a copy that was empty until now
	n.fresh = time.Now()
	look := func() (out []string) {
		n.wake(workroom.RoomScope(workroom.RoomID(room)))
		n.desk.Set(n.settings(n.now()))
		n.collect(t.Context())
		for _, d := range n.desk.Due(n.now()) {
			out = append(out, d.Body)
		}
		return out
	}
	if got := look(); len(got) > 0 {
		t.Errorf("what was there before: %q", got)
	}
	write(t, mara, room, "after")
	eventually(t, "it came", func() bool { return strings.Contains(told(t, esme, room), "after") })
	if got := look(); len(got) != 1 || got[0] != "Mara: after" {
		t.Errorf("what came after: %q", got)
	}
}
