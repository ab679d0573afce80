package app

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"trestle/internal/workroom"
)

// TestP24_WhatSomebodyBlockedHears: a first message to somebody who blocked me says that it cannot be delivered, in the drawer and in place,
// and not that something it depends on was not accepted.
func TestP24_WhatSomebodyBlockedHears(t *testing.T) {
	t.Parallel()
	h, c, f, _ := twoInRoom(t)
	mara, esme := c.session.me(), f.session.me()
	h.stop()
	// The service's answers, as they come where her block has not been heard of here.
	id := string(workroom.DirectID(mara, esme))
	m, err := (&Rooms{c}).Send(SendIn{ID: newID(), Room: id, To: string(esme), Text: "hello", Files: []string{}})
	if err != nil {
		t.Fatal(err)
	}
	list, err := c.session.replica.Outbox(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range list {
		if _, ok := i.Command.(workroom.CreateDirect); ok {
			refuse(t, c, workroom.Undeliverable, i.ID)
		}
	}
	refuse(t, c, workroom.DepFailed, m.ID) // as the service answers it, for the same reason
	seen := 0
	for _, row := range notSentOf(t, c).Rows {
		if row.ID == m.ID {
			seen++
			if row.Reason != "This cannot be delivered." {
				t.Errorf("%+v", row)
			}
		}
	}
	if seen != 1 {
		t.Errorf("%+v", notSentOf(t, c))
	}
}

// TestP25_WhatAnAdministratorRemovedSaysSo: it does not pass for something its author deleted, in its place and in the line of the room.
func TestP25_WhatAnAdministratorRemovedSaysSo(t *testing.T) {
	t.Parallel()
	_, c, _ := deskInRoom(t)
	gone := &workroom.Message{Author: c.session.me(), At: time.Now().UnixMicro(), Deleted: time.Now().UnixMicro(), Removed: true}
	own := *gone
	own.Removed = false
	if row := c.session.plainRow("m", gone, nil); !row.Removed || row.Deleted == 0 {
		t.Errorf("%+v", row)
	}
	if row := c.session.plainRow("m", &own, nil); row.Removed || row.Deleted == 0 {
		t.Errorf("%+v", row)
	}
	if a, b := lineOf(gone, nil), lineOf(&own, nil); a == b || !strings.Contains(a, "administrator") {
		t.Errorf("%q %q", a, b)
	}
}

// TestP24_NoNoticesOfSomebodyBlocked: what somebody I blocked writes in a room that we share stands there, and no notice tells of it; the
// others' do.
func TestP24_NoNoticesOfSomebodyBlocked(t *testing.T) {
	t.Parallel()
	h, c, f, _ := twoInRoom(t)
	room := sharedRoom(t, c, f)
	n := openNotices(c.session)
	n.begin(t.Context())
	come := func(text string) {
		t.Helper()
		write(t, f, room, text)
		arrived(t, f)
		eventually(t, "it came", func() bool { return strings.Contains(told(t, c, room), text) })
	}
	notices := func(days int) int {
		n.desk.Set(n.settings(time.Now()))
		n.room(t.Context(), workroom.RoomID(room))
		return len(n.desk.Due(time.Now().AddDate(0, 0, days)))
	}
	come("before")
	if got := notices(1); got != 1 {
		t.Errorf("before the block: %d notices", got)
	}
	come("not blocked")
	if got := notices(3); got != 1 {
		t.Errorf("the second time: %d notices", got)
	}
	come("after")
	h.stop() // it would refuse the block while a contract runs (P-23)
	on := workroom.SetBlock{Who: c.session.me(), Other: f.session.me(), Name: "Esme", On: true}
	if _, err := c.session.enqueue(on, enqueueOpts{}); err != nil {
		t.Fatal(err)
	}
	if got := notices(5); got != 0 {
		t.Errorf("after the block: %d notices", got)
	}
	if l, err := (&Notices{c}).List(); err != nil || slices.ContainsFunc(l.Rows, func(r NoticeRow) bool { return r.Room == room }) {
		t.Errorf("the bell tells of them: %+v %v", l.Rows, err)
	}
	for _, h := range finds(t, c, FindIn{Text: "after"}, 1).Hits {
		if !h.Folded || len(h.Parts)+len(h.Files) != 0 {
			t.Errorf("a search tells what is folded: %+v", h)
		}
	}
	l, err := (&Rooms{c}).List()
	at := slices.IndexFunc(l.Rooms, func(r RoomRow) bool { return r.ID == room })
	if err != nil || at < 0 || l.Rooms[at].Preview != "" || l.Rooms[at].Unread != 0 {
		t.Errorf("the list shows what is folded, or counts it: %+v %v", l.Rooms, err)
	}
}

// TestP24_AQuoteOfSomebodyBlockedIsFolded: an answer of a third person does not tell what the room folds, nor does what one did to it oneself
// and that is not sent yet.
func TestP24_AQuoteOfSomebodyBlockedIsFolded(t *testing.T) {
	t.Parallel()
	h, c, f, _ := twoInRoom(t)
	room := sharedRoom(t, c, f)
	said := write(t, f, room, "the walrus sings")
	arrived(t, f)
	arrived(t, c)
	answer, err := (&Rooms{c}).Send(SendIn{ID: newID(), Room: room, Text: "does it?", Files: []string{}, Reply: said})
	if err != nil || answer.Reply.State != "here" || answer.Reply.Text == "" {
		t.Fatalf("%+v %v", answer.Reply, err)
	}
	arrived(t, c)
	h.stop()
	if err := (&Rooms{c}).React(ReactIn{Room: room, Message: said, Emoji: "👍", On: true}); err != nil {
		t.Fatal(err)
	}
	on := workroom.SetBlock{Who: c.session.me(), Other: f.session.me(), Name: "Esme", On: true}
	if _, err := c.session.enqueue(on, enqueueOpts{}); err != nil {
		t.Fatal(err)
	}
	if m := messageOf(t, c, room, answer.ID); m.Reply.State != "folded" || m.Reply.Text != "" {
		t.Errorf("%+v", m.Reply)
	}
	for _, row := range notSentOf(t, c).Waiting {
		if strings.Contains(row.About, "walrus") {
			t.Errorf("%+v", row)
		}
	}
}
