package replica

import (
	"fmt"
	"testing"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// I6: an acked command is asked about until its own row came under its number or the service was asked by a pull. Neither somebody else's change
// of the same thing nor a scope opened anew proves that the service still has it.
func TestI6_AckedUntilProven(t *testing.T) {
	r := joined(t)
	unproven := func(why, want string) {
		t.Helper()
		list, err := r.Unproven(ctx, roomScope)
		must(t, err)
		c, err := r.Cursor(ctx, roomScope)
		must(t, err)
		if fmt.Sprint(list) != want || c.Unproven != len(list) {
			t.Errorf("%s: %v (%d) is unproven, want %s", why, list, c.Unproven, want)
		}
	}
	a := acked(t, r, 3, "a")
	unproven("acked", "["+a+"]")
	page(t, r, roomScope, message(t, a, 3, me, "a"))
	unproven("its row came", "[]")

	b := say(t, r, "b")
	page(t, r, roomScope, message(t, b, 4, me, "b"))
	answer(t, r, wire.Result{ID: b, Status: wire.OK, Things: []wire.Thing{message(t, b, 4, me, "b")}})
	unproven("its row came before the answer", "[]")

	c := acked(t, r, 5, "c")
	edited := message(t, c, 6, me, "c, edited elsewhere")
	edited.Born = 5
	page(t, r, roomScope, edited)
	unproven("changed since", "["+c+"]")
	must(t, r.Apply(ctx, Opened{"e1", []wire.Opened{tail(t, 2, 7, 6, message(t, "x", 7, "you", "x"))}}))
	unproven("opened anew", "["+c+"]")
	d := acked(t, r, 9, "d")
	unproven("both", "["+d+" "+c+"]")
	at, err := r.Cursor(ctx, roomScope)
	must(t, err)
	p := Page{Scope: roomScope, Epoch: "e1", Gen: at.Gen, After: at.Seq, Acked: []string{c, d}, Page: wire.Page{Seq: 8, Tag: "t8", More: true, Things: []wire.Thing{message(t, "y", 8, "you", "y")}}}
	must(t, r.Apply(ctx, p))
	unproven("asked, as far as the page goes", "["+d+"]")
	p = Page{Scope: roomScope, Epoch: "e1", Gen: at.Gen, After: 8, Page: wire.Page{Seq: 9, Tag: "t9", Things: []wire.Thing{message(t, d, 9, me, "d")}}}
	must(t, r.Apply(ctx, p))
	unproven("all", "[]")

	id, err := r.Enqueue(ctx, workroom.SetMarker{Room: room, Who: me, N: 3, Head: 3}, EnqueueOpts{})
	must(t, err)
	answer(t, r, wire.Result{ID: id, Status: wire.OK}) // it changed nothing there
	if list, _ := r.Unproven(ctx, mine); len(list) != 1 || list[0] != id {
		t.Errorf("one that wrote nothing: %v", list)
	}
	acked(t, r, 10, "e")
	old, err := r.Enqueue(ctx, workroom.SendMessage{Room: room, Text: "half a year old"}, EnqueueOpts{At: time.Now().Add(-200 * 24 * time.Hour)})
	must(t, err)
	answer(t, r, wire.Result{ID: old, Status: wire.OK}) // without a record, which was forgotten
	if c, _ := r.Cursor(ctx, roomScope); c.Unproven != 1 {
		t.Errorf("a record that may be forgotten is asked for: %d unproven", c.Unproven)
	}
	must(t, r.Apply(ctx, Fork{roomScope}))
	unproven("offered again", "[]")
}
