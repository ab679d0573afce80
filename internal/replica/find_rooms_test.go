package replica

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"trestle/internal/search"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// inRooms is what FindRooms counts, as "room 2 other 1", with "+" behind it if there are older hits that were not counted.
func inRooms(t testing.TB, r *Replica, typed string) string {
	t.Helper()
	list, more, err := r.FindRooms(ctx, search.Parse(typed, time.UTC))
	must(t, err)
	var out []string
	for _, x := range list {
		out = append(out, fmt.Sprint(x.Scope.Owner(), " ", x.Hits))
	}
	if more {
		out = append(out, "+")
	}
	return strings.Join(out, " ")
}

// TestS02_HitsByRoom: the rooms that hold what was searched for, most first, with what in: asks for passed over, and everything as the screen
// shows it: what waits is counted, what a waiting edit or deletion takes away is not.
func TestS02_HitsByRoom(t *testing.T) {
	r := open(t, filepath.Join(folder(t), "c.db"), manual())
	openRoom(t, r)
	other := workroom.RoomScope("other")
	must(t, r.Apply(ctx, Opened{"e1", []wire.Opened{{Scope: other, Gen: 1, Seq: 4, Hot: []wire.Thing{
		thing(t, other, "other", 1, &workroom.Room{Name: "Other"}), thing(t, other, "bob", 1, &workroom.Member{Name: "Bob"}), thing(t, other, "me", 2, &workroom.Member{Name: "Me"})},
		Tail: []wire.Thing{thing(t, other, "b1", 3, &workroom.Message{Author: "bob", Text: "walnut shelf"}), thing(t, other, "b2", 4, &workroom.Message{Author: "bob", Text: "shelf"})}}}}))
	mine := message(t, "a1", 3, me, "walnut table")
	page(t, r, roomScope, mine, message(t, "a2", 4, "you", "Walnut walnut"), message(t, "a3", 5, "you", "table"))
	settled(t, r)
	want := func(typed, want string) {
		t.Helper()
		if got := inRooms(t, r, typed); got != want {
			t.Errorf("%s: %q, want %q", typed, got, want)
		}
	}
	want("walnut", "room 2 other 1")
	want("shelf", "other 2")
	want("walnut shelf", "other 1")
	want(`"walnut shelf" before:19700102`, "other 1")
	want("walnut after:20200101", "")
	want("walnut from:bob", "other 1")
	want("walnut from:nobody", "room 2 other 1") // a name nobody has is left out, as in the hits
	want("in:other walnut", "room 2 other 1")
	want("in:other", "other 2")
	want("", "")
	want("nothing", "")

	edit := enqueue(t, r, workroom.EditMessage{Room: room, Message: "a1", Text: "oak table"})
	want("walnut", "other 1 room 1")
	want("oak", "room 1")
	say(t, r, "walnut, waiting")
	want("walnut", "room 2 other 1")
	answer(t, r, wire.Result{ID: edit, Status: wire.Rejected, Code: workroom.Gone, Retry: workroom.RetryNever})
	want("walnut", "room 3 other 1")
	enqueue(t, r, workroom.DeleteMessage{Room: room, Message: "a1"})
	want("walnut", "room 2 other 1")
	must(t, r.Apply(ctx, Gone{[]workroom.Scope{roomScope}})) // I11
	want("walnut", "other 1")
}

// TestS02_OnlySoManyAreCounted: more than CountLimit hits are not walked, and that is said.
func TestS02_OnlySoManyAreCounted(t *testing.T) {
	r := open(t, filepath.Join(folder(t), "c.db"), manual())
	openRoom(t, r)
	fill := func(from, n int) {
		var list []wire.Thing
		for i := range n {
			list = append(list, message(t, fmt.Sprint("m", from+i), int64(from+i), "you", "walnut"))
		}
		page(t, r, roomScope, list...)
		settled(t, r)
	}
	fill(3, CountLimit)
	if got := inRooms(t, r, "walnut"); got != fmt.Sprint("room ", CountLimit) {
		t.Errorf("at the limit: %s", got)
	}
	fill(3+CountLimit, 1)
	if got := inRooms(t, r, "walnut"); got != fmt.Sprint("room ", CountLimit, " +") {
		t.Errorf("above it: %s", got)
	}
}

// TestS02_AllThatWaitsIsCounted: also where it is more than a page of hits.
func TestS02_AllThatWaitsIsCounted(t *testing.T) {
	r := open(t, filepath.Join(folder(t), "c.db"), manual())
	openRoom(t, r)
	for range FindLimit + 5 {
		say(t, r, "walnut")
	}
	if got := inRooms(t, r, "walnut"); got != fmt.Sprint("room ", FindLimit+5) {
		t.Error(got)
	}
}

// TestS02_BookmarksByRoom: of what one bookmarked.
func TestS02_BookmarksByRoom(t *testing.T) {
	r := open(t, filepath.Join(folder(t), "c.db"), manual())
	openRoom(t, r)
	page(t, r, roomScope, message(t, "a1", 3, "you", "walnut"), message(t, "a2", 4, "you", "walnut too"), message(t, "a3", 5, "you", "oak"))
	settled(t, r)
	for _, id := range []string{"a1", "a3"} {
		enqueue(t, r, workroom.SetBookmark{Room: room, Message: id, Who: me, On: true})
	}
	for typed, want := range map[string]string{"is:bookmarked": "room 2", "is:bookmarked walnut": "room 1", "is:bookmarked nothing": ""} {
		if got := inRooms(t, r, typed); got != want {
			t.Errorf("%s: %q, want %q", typed, got, want)
		}
	}
}
