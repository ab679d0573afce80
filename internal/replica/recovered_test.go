package replica

import (
	"testing"

	"trestle/internal/outbox"
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

// I5: a message in Not sent keeps its file though the service went back to before it had it and does not take it now: both are sent again from
// there, the file first.
func TestI5_RefusedMessageKeepsItsLostUpload(t *testing.T) {
	r := joined(t)
	f := workroom.FileRef{ID: "file1", Name: "a.txt", Size: 3, Type: "text/plain"}
	up := Upload{ID: f.ID, Scope: roomScope, Name: f.Name, Size: 3, Type: f.Type, SHA: "ab", Parts: []string{"ab"}}
	msg, err := r.Enqueue(ctx, workroom.SendMessage{Room: room, Text: "see", Files: []workroom.FileRef{f}}, EnqueueOpts{Uploads: []Upload{up}})
	must(t, err)
	must(t, r.Uploaded(ctx, "file1"))
	answer(t, r, wire.Result{ID: msg, Status: wire.Rejected, Code: workroom.NoAccess})
	must(t, r.Apply(ctx, Epoch{"e2"}))
	answerIn(t, r, "e2", wire.Result{ID: "file1", Status: wire.Rejected, Code: workroom.NoAccess})
	list, err := r.NotSent(ctx)
	must(t, err)
	if len(list) != 2 || list[0].ID != "file1" || list[0].Code != workroom.NoAccess || list[0].Text == "" || list[1].ID != msg {
		t.Fatalf("Not sent: %+v", list)
	}
	if _, err := r.Retry(ctx, msg); err == nil {
		t.Error("sent again without its file")
	}
	again, err := r.Retry(ctx, "file1")
	must(t, err)
	next, err := r.Retry(ctx, msg)
	must(t, err)
	expect(t, r, "see:waiting")
	answerIn(t, r, "e2", wire.Result{ID: again, Status: wire.Rejected, Code: workroom.Quota}) // wished anew, it counts for the message
	if list, _ := r.NotSent(ctx); len(list) != 2 || list[0].Code != workroom.Quota || list[1].ID != next || list[1].Code != workroom.DepFailed {
		t.Fatalf("refused once more: %+v", list)
	}
	again, err = r.Retry(ctx, again) // the message follows
	must(t, err)
	must(t, r.Uploaded(ctx, again))
	rows, err := r.Rows(ctx)
	must(t, err)
	if b := outbox.Next(rows, 1<<62, nil); len(b) != 1 || len(b[0]) != 1 || b[0][0].Op != workroom.OpSendMessage {
		t.Errorf("goes after its file: %+v", b)
	}
}

// I5: a message and its file, both offered again after a loss, of which the service takes the file no more: the message asks alone, because it
// may be there with its file. Where it is, nothing of the refusal stays; where it is not, both are in Not sent and can be sent again, the file
// first.
func TestI5_LostUploadRefusedWhileItsMessageWaits(t *testing.T) {
	for name, there := range map[string]bool{"the service has both": true, "it has neither": false} {
		t.Run(name, func(t *testing.T) {
			r := joined(t)
			f := workroom.FileRef{ID: "file1", Name: "a.txt", Size: 3, Type: "text/plain"}
			up := Upload{ID: f.ID, Scope: roomScope, Name: f.Name, Size: 3, Type: f.Type, SHA: "ab", Parts: []string{"ab"}}
			msg, err := r.Enqueue(ctx, workroom.SendMessage{Room: room, Text: "see", Files: []workroom.FileRef{f}}, EnqueueOpts{Uploads: []Upload{up}})
			must(t, err)
			must(t, r.Uploaded(ctx, "file1"))
			made := message(t, msg, 3, me, "see")
			answer(t, r, wire.Result{ID: msg, Status: wire.OK, Things: []wire.Thing{made}})
			must(t, r.Apply(ctx, Epoch{"e2"}))
			must(t, r.Apply(ctx, Opened{"e2", []wire.Opened{tail(t, 1, 2, 0)}}))
			answerIn(t, r, "e2", wire.Result{ID: "file1", Status: wire.Rejected, Code: workroom.Quota})
			if got := chosen(t, r); len(got) != 1 || got[0] != msg {
				t.Fatalf("goes alone: %v", got)
			}
			if there {
				answerIn(t, r, "e2", wire.Result{ID: msg, Status: wire.OK, Things: []wire.Thing{made}})
				if n, refused, _ := r.Count(ctx); n+refused != 0 {
					t.Errorf("%d wait, %d refused", n, refused)
				}
				expect(t, r, "see")
				return
			}
			answerIn(t, r, "e2", wire.Result{ID: msg, Status: wire.DepWait})
			list, err := r.NotSent(ctx)
			must(t, err)
			if len(list) != 2 || list[0].ID != "file1" || list[0].Code != workroom.Quota || list[1].ID != msg || list[1].Code != workroom.DepFailed {
				t.Fatalf("Not sent: %+v", list)
			}
			again, err := r.Retry(ctx, "file1")
			must(t, err)
			expect(t, r, "see:waiting")
			must(t, r.Uploaded(ctx, again))
			expect(t, r, "see:queued")
		})
	}
}
