package replica

import (
	"path/filepath"
	"slices"
	"testing"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// F-11: while a deletion waits the bytes stay, in case it is refused; once the service says that a file was deleted its bytes and its small
// pictures leave this machine, and its row stays to say who did it and when.
func TestF11_DeletedBytesLeaveThisMachine(t *testing.T) {
	r := joined(t)
	ref := workroom.FileRef{ID: "f", Name: "plan.txt", Size: 4, Type: "text/plain"}
	m := message(t, "m", 3, me, "see")
	m.Body = body(t, &workroom.Message{Author: me, Text: "see", At: 3, Files: []workroom.FileRef{ref}})
	f := wire.Thing{Scope: roomScope, Kind: workroom.KindFile, ID: "f", Seq: 3, Born: 3, Rev: 1, By: me, At: 3,
		Body: body(t, &workroom.File{FileRef: ref, Author: me, Message: "m", At: 3})}
	page(t, r, roomScope, m, f)
	for _, id := range []string{"f", "f@320", "other"} {
		must(t, r.KnowFile(ctx, id, roomScope, "sha of "+id, 4))
	}
	here := func(want bool) {
		t.Helper()
		for id, is := range map[string]bool{"f": want, "f@320": want, "other": true} {
			if _, _, ok, err := r.LocalFile(ctx, id); err != nil || ok != is {
				t.Errorf("%s is here: %v, %v", id, ok, err)
			}
		}
	}
	shown := func() *workroom.File {
		x, _, err := r.Thing(ctx, workroom.Ref{Scope: roomScope, Kind: workroom.KindFile, ID: "f"})
		must(t, err)
		return x.Thing.(*workroom.File)
	}
	id := enqueue(t, r, workroom.DeleteFile{Room: room, File: "f"})
	if shown().Deleted == 0 {
		t.Error("the deletion is not on screen")
	}
	here(true)
	answer(t, r, wire.Result{ID: id, Status: wire.Rejected, Code: workroom.UploaderOnly, Retry: workroom.RetryNever})
	if shown().Deleted != 0 {
		t.Error("refused, and still deleted on screen")
	}
	must(t, r.Discard(ctx, id))
	gone := f
	gone.Seq, gone.Rev = 4, 2
	ref.Deleted, ref.DeletedBy = 4, "you"
	gone.Body = body(t, &workroom.File{FileRef: ref, Author: me, Message: "m", At: 3})
	page(t, r, roomScope, gone)
	here(false)
	if x := shown(); x.Deleted != 4 || x.DeletedBy != "you" || x.Name != "plan.txt" {
		t.Errorf("%+v", x)
	}
}

// F-11, I11: bytes that come from the service while their file is deleted, or the room taken away, are not kept, nor what was made of them.
func TestF11_DeletedWhileItCame(t *testing.T) {
	ref := workroom.FileRef{ID: "f", Name: "plan.txt", Size: 4, Type: "text/plain"}
	file := wire.Thing{Scope: roomScope, Kind: workroom.KindFile, ID: "f", Seq: 3, Born: 3, Rev: 1, By: me, At: 3, Body: body(t, &workroom.File{FileRef: ref, Author: me, Message: "m", At: 3})}
	deleted := file
	ref.Deleted, ref.DeletedBy = 4, "you"
	deleted.Seq, deleted.Rev, deleted.Body = 4, 2, body(t, &workroom.File{FileRef: ref, Author: me, Message: "m", At: 3})
	d := workroom.DiaryScope("k1", "2026-11-16")
	shot := thing(t, d, "dev.1", 1, &workroom.Shot{File: "f"})
	week := Opened{"e1", []wire.Opened{{Scope: d, Gen: 1, Seq: 1, Hot: []wire.Thing{shot}}}}
	for name, tt := range map[string]struct {
		scope workroom.Scope
		first func(r *Replica)
		kept  bool
	}{
		"nothing happened":    {roomScope, func(*Replica) {}, true},
		"somebody deleted it": {roomScope, func(r *Replica) { page(t, r, roomScope, deleted) }, false},
		"its deletion waits":  {roomScope, func(r *Replica) { enqueue(t, r, workroom.DeleteFile{Room: room, File: "f"}) }, true},
		"the room was taken":  {roomScope, func(r *Replica) { must(t, r.Apply(ctx, Gone{[]workroom.Scope{roomScope}})) }, false},
		"a screenshot":        {d, func(r *Replica) { must(t, r.Apply(ctx, week)) }, true},
		"a screenshot, cut away": {d, func(r *Replica) {
			must(t, r.Apply(ctx, week))
			cut := shot
			cut.Seq, cut.Gone, cut.Body = 2, true, nil
			page(t, r, d, cut)
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			var dropped []string
			o := options()
			o.Drop = func(sha string) error { dropped = append(dropped, sha); return nil }
			r := open(t, filepath.Join(folder(t), "c.db"), o)
			openRoom(t, r)
			by := file
			page(t, r, roomScope, by)
			tt.first(r)
			for _, id := range []string{"f", "f@320"} {
				kept, err := r.Fetched(ctx, id, tt.scope, "sha of "+id, 4)
				must(t, err)
				_, _, here, err := r.LocalFile(ctx, id)
				must(t, err)
				if kept != tt.kept || here != tt.kept || !tt.kept && !slices.Contains(dropped, "sha of "+id) {
					t.Errorf("%s: kept %v, here %v, dropped %v", id, kept, here, dropped)
				}
			}
			if kept, err := r.Shrunk(ctx, "f@64", "small", 1); err != nil || kept != tt.kept {
				t.Errorf("a picture made of it is kept: %v %v", kept, err)
			}
		})
	}
}
