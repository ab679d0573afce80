package replica

import (
	"testing"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// I16: what ran again is shown as recovered even if it comes by a pull before its own answer does; what the service still had is not.
func TestI16_RecoveredThoughPulledFirst(t *testing.T) {
	r := joined(t)
	kept, lost := acked(t, r, 3, "kept"), acked(t, r, 4, "lost")
	must(t, r.Apply(ctx, Epoch{"e2"}))
	must(t, r.Apply(ctx, Opened{"e2", []wire.Opened{tail(t, 1, 3, 0, message(t, kept, 3, me, "kept"))}}))
	back := message(t, lost, 4, me, "lost")
	must(t, r.Apply(ctx, Page{Scope: roomScope, Epoch: "e2", Gen: 1, After: 3, Page: wire.Page{Things: []wire.Thing{back}, Seq: 4, Tag: "t"}}))
	must(t, r.Apply(ctx, Results{Epoch: "e2", Results: []wire.Result{
		{ID: kept, Status: wire.OK, Things: []wire.Thing{message(t, kept, 3, me, "kept")}},
		{ID: lost, Status: wire.OK, Things: []wire.Thing{back}}}}))
	expect(t, r, "kept lost")
	w, err := r.Window(ctx, roomScope, workroom.KindMessage, 0, 0)
	must(t, err)
	if w.Rows[0].Recovered || !w.Rows[1].Recovered {
		t.Errorf("recovered: %v %v", w.Rows[0].Recovered, w.Rows[1].Recovered)
	}
}

// I16: the service may run it again before the room is opened anew; the screen still shows the row of the lost history then. Whether the
// answer or the opened room comes first, it is shown as recovered.
func TestI16_RecoveredThoughAnsweredFirst(t *testing.T) {
	for name, answerFirst := range map[string]bool{"the answer first": true, "the room first": false} {
		t.Run(name, func(t *testing.T) {
			r := joined(t)
			kept, lost := acked(t, r, 3, "kept"), acked(t, r, 4, "lost")
			must(t, r.Apply(ctx, Epoch{"e2"}))
			old, back := message(t, kept, 3, me, "kept"), message(t, lost, 4, me, "lost")
			back.At += 60_000_000
			answers := Results{Epoch: "e2", Results: []wire.Result{
				{ID: kept, Status: wire.OK, Things: []wire.Thing{old}}, {ID: lost, Status: wire.OK, Things: []wire.Thing{back}}}}
			if answerFirst {
				must(t, r.Apply(ctx, answers))
			}
			must(t, r.Apply(ctx, Opened{"e2", []wire.Opened{tail(t, 1, 4, 0, old, back)}}))
			if !answerFirst {
				must(t, r.Apply(ctx, answers))
			}
			expect(t, r, "kept lost")
			w, err := r.Window(ctx, roomScope, workroom.KindMessage, 0, 0)
			must(t, err)
			if w.Rows[0].Recovered || !w.Rows[1].Recovered {
				t.Errorf("recovered: %v %v", w.Rows[0].Recovered, w.Rows[1].Recovered)
			}
		})
	}
}
