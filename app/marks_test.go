package app

import (
	"testing"

	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// TestM28_BookmarksAreListed: a message is kept among the bookmarks, says so in its room, is found by is:bookmarked, and leaves the list with
// its words.
func TestM28_BookmarksAreListed(t *testing.T) {
	t.Parallel()
	_, c, room := deskInRoom(t)
	id := write(t, c, room, "worth finding again")
	write(t, c, room, "not this one")
	arrived(t, c)
	if err := (&Rooms{c}).Bookmark(BookmarkIn{Room: room, Message: id, On: true}); err != nil {
		t.Fatal(err)
	}
	if w, err := (&Rooms{c}).Newest(RoomIn{room}); err != nil || !w.Messages[0].Bookmarked || w.Messages[1].Bookmarked {
		t.Errorf("%+v %v", w.Messages, err)
	}
	if v := finds(t, c, FindIn{Text: "is:bookmarked"}, 1); v.Hits[0].Message != id || len(v.Chips) != 1 || v.Chips[0].Bad != "" {
		t.Errorf("%+v", v)
	}
	if err := (&Rooms{c}).Delete(MessageIn{room, id}); err != nil {
		t.Fatal(err)
	}
	finds(t, c, FindIn{Text: "is:bookmarked"}, 0)
}

// TestM27_ADeletionOutlivesTheProgram: what was deleted and not yet taken back when the program ended is deleted when it begins again; what
// was taken back is not; and until then nothing of it is sent.
func TestM27_ADeletionOutlivesTheProgram(t *testing.T) {
	t.Parallel()
	_, c, room := deskInRoom(t)
	gone, kept := write(t, c, room, "goes"), write(t, c, room, "stays")
	arrived(t, c)
	for _, id := range []string{gone, kept} {
		if err := (&Rooms{c}).DeleteSoon(MessageIn{room, id}); err != nil {
			t.Fatal(err)
		}
	}
	if err := (&Rooms{c}).Undelete(MessageIn{room, kept}); err != nil {
		t.Fatal(err)
	}
	if err := (&Rooms{c}).Undelete(MessageIn{room, kept}); AsFailure(err).Code != string(workroom.Gone) {
		t.Errorf("taken back twice: %v", err)
	}
	if n, err := c.session.replica.Outbox(t.Context()); err != nil || len(n) != 0 {
		t.Errorf("%d commands wait, %v", len(n), err)
	}
	c.session.deleteNoted(func(replica.Deletion) bool { return true }) // what run does first in the next program
	w, err := (&Rooms{c}).Newest(RoomIn{room})
	if err != nil || w.Messages[0].Deleted == 0 || w.Messages[1].Deleted != 0 {
		t.Errorf("%+v %v", w.Messages, err)
	}
	if list, err := c.session.replica.Deletions(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("still noted: %v %v", list, err)
	}
}

// TestD10_ALinkLeadsWhereItSays: rooms, messages and contracts that are here are gone to, with the room named and without; all others are
// said to be nowhere, whether they are or not.
func TestD10_ALinkLeadsWhereItSays(t *testing.T) {
	t.Parallel()
	_, c, room := deskInRoom(t)
	id := write(t, c, room, "here")
	l, err := (&Rooms{c}).List()
	if err != nil {
		t.Fatal(err)
	}
	contract := l.Rooms[0].Contract
	for link, want := range map[string]string{
		"trestle://room/" + room: "room/" + room, "room/" + room: "room/" + room,
		"trestle://message/" + id:                   "room/" + room + "/at/" + id,
		"trestle://message/" + id + "?room=" + room: "room/" + room + "/at/" + id,
		"message/" + id + "/" + room:                "room/" + room + "/at/" + id,
		"trestle://message/older?room=" + room:      "room/" + room + "/at/older",
		"trestle://contract/" + contract:            "contract/" + contract + "/overview",
		"trestle://room/nowhere":                    "", "trestle://message/nothing": "", "trestle://message/" + id + "?room=nowhere": "",
		"trestle://contract/nowhere": "", "trestle://send/1": "", "message/../..": "", "": "", "settings": "",
	} {
		got, err := (&Shell{c}).Place(PlaceIn{Link: link})
		if got.Path != want || (err == nil) != (want != "") {
			t.Errorf("%q leads to %q, %v; want %q", link, got.Path, err, want)
		}
	}
}
