package replica

import (
	"errors"
	"testing"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// I3, I14: a frame is applied exactly where it follows the cursor; anything else changes nothing and asks for a pull.
func TestI3_FrameFollowsTheCursorOrIsStale(t *testing.T) {
	frame := func(change func(*Frame)) Frame {
		f := Frame{Epoch: "e1", Rows: wire.Rows{Scope: roomScope, Gen: 1, Prev: 2, Seq: 3, Tag: "t3", Msgs: 1,
			Things: []wire.Thing{message(t, "a", 3, "you", "a")}}}
		if change != nil {
			change(&f)
		}
		return f
	}
	for name, f := range map[string]Frame{
		"a gap before it":      frame(func(f *Frame) { f.Prev, f.Seq = 3, 4 }),
		"behind the cursor":    frame(func(f *Frame) { f.Prev, f.Seq = 1, 2 }),
		"cut at the wrong end": frame(func(f *Frame) { f.Prev = 1 }),
		"going back":           frame(func(f *Frame) { f.Seq = 2 }),
		"another generation":   frame(func(f *Frame) { f.Gen = 2 }),
		"another epoch":        frame(func(f *Frame) { f.Epoch = "e0" }),
		"a scope not held":     frame(func(f *Frame) { f.Scope = "r:other"; f.Things = nil }),
		"nothing at all in it": frame(func(f *Frame) { f.Tag, f.Things = "", nil }),
	} {
		r := joined(t)
		if err := r.Apply(ctx, f); !errors.Is(err, ErrStale) {
			t.Errorf("%s: %v", name, err)
		}
		expect(t, r, "")
		if c, _ := r.Cursor(ctx, roomScope); c.Seq != 2 {
			t.Errorf("%s: cursor at %d", name, c.Seq)
		}
	}
	r := joined(t)
	foreign := frame(func(f *Frame) { f.Things[0].Scope = "r:other" })
	if err := r.Apply(ctx, foreign); err == nil {
		t.Error("took in what is not of its scope")
	}
	must(t, r.Apply(ctx, frame(nil)))
	expect(t, r, "a")
	if c, _ := r.Cursor(ctx, roomScope); c.Seq != 3 || c.Tag != "t3" || c.Msgs != 1 {
		t.Errorf("cursor %+v", c)
	}
	if err := r.Apply(ctx, frame(nil)); !errors.Is(err, ErrStale) {
		t.Errorf("twice: %v", err)
	}
	expect(t, r, "a")
}

// A frame with the account's own row, sent before its ack, takes the waiting one's place: nothing stands twice.
func TestFrame_OwnCommandBeforeItsAck(t *testing.T) {
	r := joined(t)
	id := say(t, r, "mine")
	x := message(t, id, 3, me, "mine")
	must(t, r.Apply(ctx, Frame{Epoch: "e1", Rows: wire.Rows{Scope: roomScope, Gen: 1, Prev: 2, Seq: 3, Tag: "t", Things: []wire.Thing{x}}}))
	expect(t, r, "mine")
	answer(t, r, wire.Result{ID: id, Status: wire.OK, Things: []wire.Thing{x}})
	expect(t, r, "mine")
}

// The same source of ids gives the same ids, whatever makes them: an act, a retry, a draft of a room that is gone.
func TestOptions_NewIDIsTheOnlySourceOfIDs(t *testing.T) {
	o := options()
	n := 0
	o.NewID = func() string { n++; return "id" + string(rune('a'+n)) }
	r := open(t, folder(t)+"/c.db", o)
	openRoom(t, r)
	id := say(t, r, "one")
	answer(t, r, wire.Result{ID: id, Status: wire.Rejected, Code: workroom.Internal})
	again, err := r.Retry(ctx, id)
	must(t, err)
	must(t, r.SaveDraft(ctx, Draft{Room: room, Text: "draft"}))
	must(t, r.Apply(ctx, Gone{[]workroom.Scope{roomScope}}))
	list, _ := r.NotSent(ctx)
	if id != "idc" || again != "idd" || len(list) != 2 || list[1].ID != "ide" {
		t.Errorf("ids %s %s %+v", id, again, list)
	}
}
