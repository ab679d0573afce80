package replica

import (
	"testing"

	"trestle/internal/wire"
)

// I18's other side: a digest is of what is alive, whole and not ahead.
func TestDigest_OnlyWhatCanBeCompared(t *testing.T) {
	r := joined(t)
	page(t, r, roomScope, message(t, "a", 3, "you", "a"), message(t, "b", 4, "you", "b"))
	gone := message(t, "b", 5, "you", "")
	gone.Born, gone.Gone, gone.Body = 4, true, nil
	page(t, r, roomScope, gone)
	want := wire.ShareOf("room", "room", 1) + wire.ShareOf("member", "me", 1) + wire.ShareOf("member", "you", 2) + wire.ShareOf("message", "a", 3)
	sum, seq, ok, err := r.Digest(ctx, roomScope)
	if err != nil || !ok || sum != want || seq != 5 {
		t.Errorf("%v %d %v %v, want %v", sum, seq, ok, err, want)
	}
	if sum, _, ok, _ := r.DigestSpan(ctx, roomScope, 3, 4); !ok || sum != wire.ShareOf("message", "a", 3) {
		t.Errorf("span: %v %v", sum, ok)
	}
	if sum, _, ok, _ := r.DigestSpan(ctx, roomScope, 0, 0); !ok || sum != want-wire.ShareOf("message", "a", 3) {
		t.Errorf("undated: %v %v", sum, ok)
	}
	id := say(t, r, "ahead")
	answer(t, r, wire.Result{ID: id, Status: wire.OK, Things: []wire.Thing{message(t, id, 9, me, "ahead")}})
	if _, _, ok, _ := r.Digest(ctx, roomScope); ok {
		t.Error("an own ack ahead of the cursor is counted")
	}
	if _, _, ok, _ := r.DigestSpan(ctx, roomScope, 3, 4); !ok {
		t.Error("a span below it does not care")
	}
	must(t, r.Apply(ctx, Opened{"e1", []wire.Opened{tail(t, 2, 20, 19, message(t, "x", 19, "you", "x"))}}))
	if _, _, ok, _ := r.Digest(ctx, roomScope); ok {
		t.Error("a scope that is not here whole is compared")
	}
	if _, _, ok, _ := r.DigestSpan(ctx, roomScope, 3, 4); ok {
		t.Error("a stale span is compared")
	}
}
