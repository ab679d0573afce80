package replica

import (
	"testing"

	"trestle/internal/workroom"
)

// M-09: a hidden room stays away while only its owner writes, comes back with the first message of somebody else without any command, and can
// be hidden again from there; Unhide shows it at once.
func TestM09_AHiddenRoomComesBackByItself(t *testing.T) {
	r := joined(t)
	hidden := func(want bool, when string) {
		t.Helper()
		got, err := r.Hidden(ctx)
		must(t, err)
		if got[room] != want {
			t.Errorf("%s: hidden is %v", when, got[room])
		}
	}
	page(t, r, roomScope, message(t, "a", 3, "you", "one"))
	hidden(false, "at first")
	enqueue(t, r, workroom.SetPref{Room: room, Who: me, Hidden: new(true), HiddenAt: 1})
	hidden(true, "hidden")
	page(t, r, roomScope, message(t, "b", 4, me, "from another device"))
	hidden(true, "after a message of one's own")
	page(t, r, roomScope, message(t, "c", 5, "you", "two"))
	hidden(false, "after somebody else's")
	enqueue(t, r, workroom.SetPref{Room: room, Who: me, Hidden: new(true), HiddenAt: 3})
	hidden(true, "hidden again")
	enqueue(t, r, workroom.SetPref{Room: room, Who: me, Favourite: new(true)})
	hidden(true, "made a favourite")
	enqueue(t, r, workroom.SetPref{Room: room, Who: me, Hidden: new(false)})
	hidden(false, "shown again")
}
