package replica

import (
	"slices"
	"testing"

	"trestle/internal/outbox"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// goneAgain is a copy whose reaction to, and whose edit and deletion of, messages of others' devices were acked and then lost with those
// messages; the service was asked and said that there are no such messages.
func goneAgain(t *testing.T) (r *Replica, ids []string) {
	t.Helper()
	r = joined(t)
	theirs, mineToo, third := message(t, "a", 3, "you", "theirs"), message(t, "b", 4, me, "of my other device"), message(t, "c", 5, me, "and this")
	page(t, r, roomScope, theirs, mineToo, third)
	for i, c := range []workroom.Command{
		workroom.React{Room: room, Message: "a", Emoji: "👍", On: true}, workroom.EditMessage{Room: room, Message: "b", Text: "other words"},
		workroom.DeleteMessage{Room: room, Message: "c"},
	} {
		id := enqueue(t, r, c)
		x := []wire.Thing{theirs, mineToo, third}[i]
		m := []*workroom.Message{{Author: "you", Text: "theirs", At: 3, Reactions: []workroom.Reaction{{Emoji: "👍", By: []workroom.AccountID{me}}}},
			{Author: me, Text: "other words", At: 4, Edited: 6}, {Author: me, At: 5, Deleted: 7}}[i]
		y := edited(t, x, int64(6+i), m)
		answer(t, r, wire.Result{ID: id, Status: wire.OK, Things: []wire.Thing{y}})
		page(t, r, roomScope, y)
		ids = append(ids, id)
	}
	must(t, r.Apply(ctx, Epoch{"e2"}))
	must(t, r.Apply(ctx, Opened{"e2", []wire.Opened{tail(t, 1, 2, 0)}}))
	for _, id := range ids {
		if list, err := r.Attempt(ctx, id); err != nil || len(list) != 1 {
			t.Fatalf("%s does not go again: %+v %v", id, list, err)
		}
		answerIn(t, r, "e2", wire.Result{ID: id, Status: wire.Rejected, Code: workroom.Gone, Retry: workroom.RetryNever})
	}
	return r, ids
}

// I16: what comes there before its message is back waits without a word, and goes by itself once the message is.
func TestI16_WhatIsAboutALostMessageWaitsForIt(t *testing.T) {
	r, ids := goneAgain(t)
	if list, _ := r.Outbox(ctx); len(list) != 0 {
		t.Fatalf("in the outbox: %+v", list)
	}
	again := func(seq int64, x wire.Thing, want ...string) {
		t.Helper()
		x.Seq, x.Born = seq, seq
		must(t, r.Apply(ctx, Page{Scope: roomScope, Epoch: "e2", Gen: 1, After: seq - 1, Page: wire.Page{Things: []wire.Thing{x}, Seq: seq}}))
		list, err := r.Waiting(ctx)
		must(t, err)
		var got []string
		for _, i := range list {
			if got = append(got, i.ID); !i.Recovered || i.State != outbox.Queued {
				t.Errorf("%+v", i)
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("after %s: %q wait, not %q", x.ID, got, want)
		}
	}
	again(3, message(t, "other", 3, "you", "nobody's"))
	again(4, message(t, "a", 4, "you", "theirs"), ids[0])
	again(5, message(t, "b", 5, me, "of my other device"), ids[0], ids[1])
	again(6, message(t, "c", 6, me, "and this"), ids[0], ids[1], ids[2])
	expect(t, r, "nobody's theirs:queued other words:queued :queued")
}

// I16: what came back in between is not waited for: the command goes once more at once, but not for ever.
func TestI16_ItCameBackMeanwhile(t *testing.T) {
	r, ids := goneAgain(t)
	must(t, r.Apply(ctx, Page{Scope: roomScope, Epoch: "e2", Gen: 1, After: 2, Page: wire.Page{Things: []wire.Thing{message(t, "a", 3, "you", "theirs")}, Seq: 3}}))
	for n := range 2 * mostTries {
		list, err := r.Attempt(ctx, ids[0])
		must(t, err)
		if len(list) == 0 {
			if n < 2 {
				t.Errorf("tried %d times", n)
			}
			break
		}
		answerIn(t, r, "e2", wire.Result{ID: ids[0], Status: wire.Rejected, Code: workroom.Gone, Retry: workroom.RetryNever})
	}
	if list, _ := r.NotSent(ctx); len(list) != 1 || list[0].ID != ids[0] {
		t.Errorf("Not sent: %+v", list)
	}
}

// M-27: a deletion of what is deleted there, and a reaction to it, have nothing left to do.
func TestI16_WhatIsAboutADeletedMessageIsOver(t *testing.T) {
	r := joined(t)
	x := message(t, "a", 3, me, "mine")
	page(t, r, roomScope, x)
	id := enqueue(t, r, workroom.React{Room: room, Message: "a", Emoji: "👍", On: true})
	answer(t, r, wire.Result{ID: id, Status: wire.OK, Things: []wire.Thing{edited(t, x, 4, &workroom.Message{Author: me, Text: "mine", At: 3,
		Reactions: []workroom.Reaction{{Emoji: "👍", By: []workroom.AccountID{me}}}})}})
	must(t, r.Apply(ctx, Epoch{"e2"}))
	must(t, r.Apply(ctx, Opened{"e2", []wire.Opened{tail(t, 1, 4, 0, edited(t, x, 4, &workroom.Message{Author: me, At: 3, Deleted: 9}))}}))
	_, err := r.Attempt(ctx, id)
	must(t, err)
	answerIn(t, r, "e2", wire.Result{ID: id, Status: wire.Rejected, Code: workroom.Gone, Retry: workroom.RetryNever})
	if list, _ := r.Outbox(ctx); len(list) != 0 {
		t.Errorf("in the outbox: %+v", list)
	}
	must(t, r.Apply(ctx, Epoch{"e3"}))
	if list, _ := r.Outbox(ctx); len(list) != 0 {
		t.Errorf("offered again at the next loss: %+v", list)
	}
}

// I6: what is written while the question is open, with nothing of before in its lane, waits for the answer too, and so does a file.
func TestI6_WhatIsWrittenDuringTheQuestionWaits(t *testing.T) {
	r, accept, before := asks(t)
	_, err := r.full.Exec(`DELETE FROM outbox WHERE id=?`, before) // as if nothing had been written there yet
	must(t, err)
	must(t, r.Apply(ctx, Gone{[]workroom.Scope{workroom.ContractScope("k1"), roomScope}}))
	now := say(t, r, "and now")
	must(t, r.Apply(ctx, Gone{[]workroom.Scope{roomScope}})) // and once more
	_, err = r.EnqueueUpload(ctx, Upload{ID: "f1", Scope: roomScope, Name: "a.txt", Size: 1, Type: "text/plain", SHA: "x", Parts: []string{"x"}})
	must(t, err)
	states := func() (out []outbox.State) {
		t.Helper()
		list, err := r.Waiting(ctx)
		must(t, err)
		for _, i := range list {
			out = append(out, i.State)
		}
		return out
	}
	if got := states(); !slices.Equal(got, []outbox.State{outbox.Waiting, outbox.Waiting}) {
		t.Errorf("before the answer: %q", got)
	}
	if left, err := r.Attempt(ctx, now); err != nil || len(left) != 0 {
		t.Errorf("it goes before the answer: %+v %v", left, err)
	}
	_, err = r.Retry(ctx, accept)
	must(t, err)
	answerIn(t, r, "e2", wire.Result{ID: accept, Status: wire.OK})
	if got := states(); !slices.Equal(got, []outbox.State{outbox.Queued, outbox.Queued}) {
		t.Errorf("after yes: %q", got)
	}
}

// U-14: what was put off because the account was suspended goes the moment the account is not, not at the next try.
func TestU14_LetInAgainItGoesAtOnce(t *testing.T) {
	r := joined(t)
	account := func(seq int64, a workroom.Account) { page(t, r, mine, thing(t, mine, "me", seq, &a)) }
	account(2, workroom.Account{Name: "Me", Suspended: &workroom.Notice{Text: "why", At: 1}})
	id := say(t, r, "kept")
	busy := say(t, r, "busy")
	must(t, r.Apply(ctx, Results{Epoch: "e1", Until: r.o.Now().Add(outbox.MaxWait / 2), Results: []wire.Result{
		{ID: id, Status: wire.Later, Code: workroom.AccountClosed}, {ID: busy, Status: wire.Later, Code: workroom.Busy}}}))
	woken := 0
	r.OnAct(func() { woken++ })
	states := func() string {
		t.Helper()
		list, err := r.Waiting(ctx)
		must(t, err)
		return string(list[0].State + " " + list[1].State)
	}
	account(3, workroom.Account{Name: "Me, still", Suspended: &workroom.Notice{Text: "why", At: 1}})
	if got := states(); got != "later later" || woken != 0 {
		t.Errorf("still suspended: %s, woken %d times", got, woken)
	}
	account(4, workroom.Account{Name: "Me"})
	if got := states(); got != "queued later" || woken != 1 {
		t.Errorf("let in: %s, woken %d times", got, woken)
	}
	account(5, workroom.Account{Name: "Myself"})
	if woken != 1 {
		t.Errorf("woken %d times", woken)
	}
}
