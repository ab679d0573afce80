package courier

import (
	"testing"
	"time"

	"trestle/internal/outbox"
	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Each arrow of outbox.State's diagram is walked over the real file, from the state before it to the state after it.
func TestOutbox_EachArrow(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	_, room, _ := a.contract(true)
	a.sync()
	a.stop()
	rep, err := replica.Open(a.dir+"/copy.db", replica.Options{})
	must(t, err)
	defer rep.Close()
	epoch, err := rep.Epoch(bg)
	must(t, err)
	state := func(id string) outbox.State {
		list, err := rep.Outbox(bg)
		must(t, err)
		for _, i := range list {
			if i.ID == id {
				return i.State
			}
		}
		return "gone"
	}
	answer := func(id string, v wire.Verdict, code workroom.Code) {
		must(t, rep.Apply(bg, replica.Results{Epoch: epoch, Until: time.Now().Add(time.Minute), Results: []wire.Result{{ID: id, Status: v, Code: code}}}))
	}
	attempt := func(id string) {
		rows, err := rep.Attempt(bg, id)
		must(t, err)
		if len(rows) != 1 {
			t.Fatal("nothing to attempt")
		}
	}
	say := func(after ...string) string {
		id, err := rep.Enqueue(bg, workroom.SendMessage{Room: room, Text: "text"}, replica.EnqueueOpts{After: after})
		must(t, err)
		return id
	}
	type step struct {
		do   func(id string) string // answers the id to look at from here on
		want outbox.State
	}
	same := func(f func(id string)) func(string) string { return func(id string) string { f(id); return id } }
	sending := step{same(attempt), outbox.Sending}
	for name, steps := range map[string][]step{
		"queued → sending → queued (cut off)": {sending, {same(func(id string) { rep.Landed(id) }), outbox.Queued}},
		"queued → sending → acked":            {sending, {same(func(id string) { answer(id, wire.OK, "") }), "gone"}},
		"queued → sending → later":            {sending, {same(func(id string) { answer(id, wire.Later, workroom.Busy) }), outbox.Later}},
		"queued → sending → later (the batch)": {sending, {same(func(id string) {
			must(t, rep.Defer(bg, time.Now().Add(time.Minute), workroom.Busy, "", id))
		}), outbox.Later}, {same(func(id string) { must(t, rep.Defer(bg, time.Now().Add(-time.Second), workroom.Busy, "", id)) }), outbox.Queued}},
		"queued → sending → not run → queued": {sending, {same(func(id string) { answer(id, wire.NotRun, "") }), outbox.Queued}},
		"queued → sending → rejected → queued (Retry) ": {sending, {same(func(id string) { answer(id, wire.Rejected, workroom.BadInput) }), outbox.Refused},
			{func(id string) string { n, err := rep.Retry(bg, id); must(t, err); return n }, outbox.Queued}},
		"rejected → gone (Discard)": {sending, {same(func(id string) { answer(id, wire.Rejected, workroom.BadInput) }), outbox.Refused},
			{same(func(id string) { must(t, rep.Discard(bg, id)) }), "gone"}},
		"queued → sending → quarantined (id_reuse)": {sending, {same(func(id string) { answer(id, wire.Rejected, workroom.IDReuse) }), outbox.SetAside}},
		"queued → sending → quarantined (poison) → queued (Retry)": {sending, {same(func(id string) {
			for i := range outbox.MaxFails {
				set, err := rep.Strike(bg, id, time.Now(), workroom.Internal, "")
				must(t, err)
				if set != (i == outbox.MaxFails-1) {
					t.Errorf("set aside after %d", i+1)
				}
			}
		}), outbox.SetAside}, {func(id string) string { n, err := rep.Retry(bg, id); must(t, err); return n }, outbox.Queued}},
		"queued → held → queued (the one before was discarded)": {
			{func(id string) string {
				n := say()
				attempt(id)
				answer(id, wire.Rejected, workroom.BadInput)
				return n
			}, outbox.Held},
			{same(func(string) {
				list, _ := rep.NotSent(bg)
				must(t, rep.Discard(bg, list[0].ID))
			}), outbox.Queued}},
		"queued → rejected (its parent was refused)": {
			{func(id string) string {
				n := say(id)
				attempt(id)
				answer(id, wire.Rejected, workroom.BadInput)
				return n
			}, outbox.Refused}},
		"queued → gone (Discard)": {{same(func(id string) { must(t, rep.Discard(bg, id)) }), "gone"}},
	} {
		id := say()
		if got := state(id); got != outbox.Queued {
			t.Errorf("%s: begins %s", name, got)
		}
		for i, s := range steps {
			id = s.do(id)
			if got := state(id); got != s.want {
				t.Errorf("%s: step %d: %s, want %s", name, i+1, got, s.want)
			}
		}
		list, err := rep.Outbox(bg)
		must(t, err)
		for _, i := range list { // clear the lane for the next
			rep.Landed(i.ID)
			if i.Verdict != outbox.None || i.Attempts == 0 {
				must(t, rep.Discard(bg, i.ID))
			} else {
				answer(i.ID, wire.OK, "")
			}
		}
	}
}
