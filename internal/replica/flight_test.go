package replica

import (
	"testing"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// I4: taking an attempt back takes back that one alone: what an earlier one may have brought to the service, and what is offered again after a
// history was lost, is never changed.
func TestI4_OneAttemptIsTakenBack(t *testing.T) {
	r := fresh(t)
	openRoom(t, r)
	try := func(id string, back bool) {
		t.Helper()
		if rows, err := r.Attempt(ctx, id); err != nil || len(rows) != 1 {
			t.Fatalf("%v %v", rows, err)
		}
		if back {
			must(t, r.Unattempt(ctx, id))
		}
		r.Landed(id)
	}
	edit := func(id string) error {
		_, err := r.EditArgs(ctx, id, workroom.SendMessage{Room: room, Text: "other"}, nil)
		return err
	}
	id := say(t, r, "text")
	try(id, true)
	must(t, edit(id))
	try(id, false)
	try(id, true)
	if edit(id) == nil {
		t.Error("what an attempt may have brought was changed")
	}
	x := message(t, id, 4, me, "other")
	answer(t, r, wire.Result{ID: id, Status: wire.OK, Things: []wire.Thing{x}})
	must(t, r.Apply(ctx, Epoch{"e2"}))
	try(id, true)
	if edit(id) == nil {
		t.Error("what a lost history had was changed")
	}
	must(t, r.Unattempt(ctx, "of nothing"))
}
