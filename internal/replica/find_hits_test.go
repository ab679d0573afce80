package replica

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"trestle/internal/search"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// TestS10_InALongRoom: "Find in this room" of several words finds the same, page by page, whichever list of the index is walked first: in a room
// that holds much of everything, with the words in it, in the others, or in both by turns.
func TestS10_InALongRoom(t *testing.T) {
	r := open(t, filepath.Join(folder(t), "c.db"), manual())
	openRoom(t, r)
	other := workroom.RoomScope("other")
	must(t, r.Apply(ctx, Opened{"e1", []wire.Opened{{Scope: other, Gen: 1, Seq: 2, Hot: []wire.Thing{thing(t, other, "other", 1, &workroom.Room{Name: "Other"})}}}}))
	dice := rand.New(rand.NewPCG(1, 2))
	words := func() string {
		return [...]string{"red green", "red", "green", "red green blue", "blue"}[dice.IntN(5)]
	}
	const n = 1200
	var here, there []wire.Thing
	want := map[string][]string{}
	for i := range n {
		text := words()
		if i < n/2 { // long ago nearly all of it was in the other room
			text = "red green"
		}
		x := message(t, fmt.Sprintf("m%04d", i), int64(i+3), "you", text)
		x.At = int64(i) * 1000 * 1000
		if i < n/2 && i%100 > 0 || i >= n/2 && dice.IntN(2) == 0 {
			x.Scope = other
			there = append(there, x)
			continue
		}
		here = append(here, x)
		for _, typed := range []string{"red green", "green blue", "blue red green"} {
			if strings.Contains(" "+text+" ", " "+strings.Fields(typed)[0]+" ") && strings.Contains(" "+text+" ", " "+strings.Fields(typed)[1]+" ") {
				want[typed] = append([]string{x.ID}, want[typed]...)
			}
		}
	}
	page(t, r, roomScope, here...)
	page(t, r, other, there...)
	settled(t, r)
	for msgs, share := range map[int]string{1: "a short room", 1_000_000: "a long room"} {
		_, err := r.full.Exec(`UPDATE scope SET msgs=? WHERE name='r:room'`, msgs)
		must(t, err)
		for typed, ids := range want {
			var got []string
			for from := int64(0); ; {
				f, err := r.Find(ctx, search.Parse(typed, time.UTC), room, from)
				must(t, err)
				for _, x := range f.Rows {
					got = append(got, x.ID)
				}
				if from = f.Next; from == 0 {
					break
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(ids) {
				t.Errorf("%s, %s: %d found, want %d\n%v\n%v", share, typed, len(got), len(ids), got, ids)
			}
		}
	}
}
