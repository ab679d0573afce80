package replica

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"trestle/internal/outbox"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

func TestM22_WrittenOfflineIsThereAfterRestart(t *testing.T) {
	path := filepath.Join(folder(t), "copy.db")
	r := open(t, path, options())
	openRoom(t, r)
	must(t, r.SaveDraft(ctx, Draft{Room: room, Text: "one"}))
	id, err := r.Enqueue(ctx, workroom.SendMessage{Room: room, Text: "one"}, EnqueueOpts{ClearDraft: room})
	must(t, err)
	say(t, r, "two")
	expect(t, r, "one:queued two:queued")
	_, err = r.Attempt(ctx, id)
	must(t, err)
	expect(t, r, "one:sending two:queued")
	must(t, r.Close())
	r = open(t, path, Options{})
	if r.Account() != me || r.Device() != "dev" || r.Service() != "svc" {
		t.Errorf("the file does not know whose it is: %q %q %q", r.Account(), r.Device(), r.Service())
	}
	expect(t, r, "one:queued two:queued")
	if d, err := r.Draft(ctx, room); err != nil || d.Text != "" {
		t.Errorf("draft after sending: %q %v", d.Text, err)
	}
}

func TestEnqueue_RefusalStoresNothing(t *testing.T) {
	r := joined(t)
	var ref *workroom.Refusal
	if _, err := r.Enqueue(ctx, workroom.SendMessage{Room: room, Text: "  "}, EnqueueOpts{}); !errors.As(err, &ref) || ref.Field != "text" {
		t.Errorf("an empty message: %v", err)
	}
	page(t, r, roomScope, thing(t, roomScope, "room", 3, &workroom.Room{Name: "Room", Archived: true}))
	_, err := r.Enqueue(ctx, workroom.SendMessage{Room: room, Text: "x"}, EnqueueOpts{})
	if !errors.As(err, &ref) || ref.Code != workroom.RoomArchived {
		t.Errorf("an archived room: %v", err)
	}
	if w, f, _ := r.Count(ctx); w+f != 0 {
		t.Errorf("%d rows stored", w+f)
	}
	if _, err := r.Enqueue(ctx, workroom.SendMessage{Room: "unknown", Text: "x"}, EnqueueOpts{}); err != nil {
		t.Errorf("a room that is not here refused: %v", err) // Unheld never refuses
	}
}

// A waiting class W command shows nothing as done; its screen finds it by what it is about.
func TestEnqueue_ClassWShowsNoEffect(t *testing.T) {
	r := fresh(t)
	id, err := r.Enqueue(ctx, workroom.AcceptContract{Contract: "k1", Room: "r1", Who: me, Name: "Me", Secret: "s"}, EnqueueOpts{About: "k1"})
	must(t, err)
	if list, _ := r.Contracts(ctx); len(list) != 0 {
		t.Error("shown as done")
	}
	list, _ := r.About(ctx, "k1")
	if len(list) != 1 || list[0].ID != id || list[0].State != outbox.Queued {
		t.Errorf("not found: %+v", list)
	}
}

func TestCreateContract_OfflineThenMessage(t *testing.T) {
	r := fresh(t)
	must(t, r.Apply(ctx, Epoch{"e1"}))
	must(t, r.Apply(ctx, Opened{"e1", []wire.Opened{{Scope: mine, Gen: 1, Seq: 1}}}))
	c := workroom.CreateContract{Contract: "k1", Who: me, Name: "Me", Room: room, Title: "Own work", Self: true,
		Terms: workroom.Terms{Rate: 100, Currency: "EUR", Unlimited: true, Shots: workroom.ShotsNone, IdleMinutes: 10}}
	id, err := r.Enqueue(ctx, c, EnqueueOpts{ID: "k1"})
	must(t, err)
	_, err = r.Enqueue(ctx, workroom.SendMessage{Room: room, Text: "first"}, EnqueueOpts{}) // the edge is found by itself
	must(t, err)
	expect(t, r, "first:waiting")
	if list, _ := r.Contracts(ctx); len(list) != 1 || !list[0].Waits() {
		t.Errorf("contract: %+v", list)
	}
	answer(t, r, wire.Result{ID: id, Status: wire.Rejected, Code: workroom.Internal})
	if list, _ := r.Contracts(ctx); len(list) != 0 {
		t.Errorf("a refused contract is shown")
	}
	n, err := r.Retry(ctx, id)
	must(t, err)
	list, _ := r.Contracts(ctx)
	if len(list) != 1 || list[0].ID != n {
		t.Errorf("retried contract: %+v, want id %s", list, n)
	}
	expect(t, r, "first:waiting")
}

// A message carries the moment it was written, so that one recovered, or kept offline for long, says so where it stands (sync.md §12, §14).
func TestComposed_TellsWhenItWasWritten(t *testing.T) {
	r := joined(t)
	written := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	id, err := r.Enqueue(ctx, workroom.SendMessage{Room: room, Text: "late"}, EnqueueOpts{At: written})
	must(t, err)
	rows, err := r.Attempt(ctx, id)
	must(t, err)
	c, err := outbox.Decode(rows[0])
	must(t, err)
	for late, want := range map[time.Duration]int64{0: 0, time.Minute: 0, 3 * time.Hour: written.UnixMicro(), -time.Hour: 0} {
		changes, no := workroom.Run(c, workroom.Asked{ID: id, By: me, At: written.Add(late)}, nowhere{})
		if no != nil {
			t.Fatal(no)
		}
		if m := changes[0].Thing.(*workroom.Message); m.Composed != want {
			t.Errorf("%v later: composed %d, want %d", late, m.Composed, want)
		}
	}
}

// nowhere holds nothing.
type nowhere struct{}

// What is held waits for its moment, however long was asked for, and what is not held goes at once.
func TestT14_HeldWaits(t *testing.T) {
	r := joined(t)
	for _, hold := range []time.Duration{0, 20 * time.Second, time.Hour} {
		id, err := r.Enqueue(ctx, workroom.SendMessage{Room: room, Text: "held"}, EnqueueOpts{Hold: hold})
		must(t, err)
		rows, err := r.Rows(ctx)
		must(t, err)
		last := rows[len(rows)-1]
		wait := time.UnixMicro(last.NotBefore).Sub(time.UnixMicro(last.At))
		if hold == 0 {
			wait, hold = time.Duration(last.NotBefore), 0
		}
		if last.ID != id || wait != min(hold, outbox.MaxWait) {
			t.Errorf("held for %s: waits %s", hold, wait)
		}
	}
}
