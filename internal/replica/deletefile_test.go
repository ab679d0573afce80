package replica

import (
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
