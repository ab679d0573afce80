package app

import (
	"context"
	"strings"
	"testing"

	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// N-08: what is answered in a notice and cannot be sent stands behind what the room's box held already, and its page hears of it.
func TestN08_AReplyThatCannotBeSentIsKept(t *testing.T) {
	t.Parallel()
	h, _, esme, id := twoInRoom(t)
	c := h.deskOnBus(esme, "")
	s, room := c.session, workroom.RoomID(id)
	long := strings.Repeat("a", workroom.MaxMessage+1)
	for had, want := range map[string]string{"": long, "begun **before**": "begun **before**\n" + long} {
		if err := s.replica.SaveDraft(context.Background(), replica.Draft{Room: room, Text: had}); err != nil {
			t.Fatal(err)
		}
		s.notices.reply(id, long)
		d, err := s.replica.Draft(context.Background(), room)
		if err != nil || d.Text != want || d.Cursor != len(want) {
			t.Errorf("behind %q stands %d characters, cursor %d, %v", had, len(d.Text), d.Cursor, err)
		}
	}
}
