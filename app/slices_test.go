package app

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// TestT21_OneBadSlice: three pieces of time wait, and the service's clock says of the second that it is not yet. That one stands under Not sent
// with its reason, can be saved to a file, and the other two are in the diary, once: told again, as after a lost answer, they change nothing.
func TestT21_OneBadSlice(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	var behind atomic.Int64
	behind.Store(int64(5 * time.Hour))
	h.stop()
	h.now = func() time.Time { return time.Now().Add(-time.Duration(behind.Load())) }
	h.again()
	c := h.desk("Esme")
	id := own(t, c, "none")
	arrived(t, c)
	behind.Store(int64(2 * time.Hour))
	h.stop()

	ctx, now := context.Background(), time.Now()
	k := workroom.ContractID(id)
	slice := func(name string, from time.Duration) workroom.ReportSlice {
		start := now.Add(-from)
		return workroom.ReportSlice{Week: workroom.WeekOf(start).String(), Slice: workroom.Slice{ID: name, Rev: 1, Freelancer: c.session.me(), Contract: k,
			Device: c.session.st.Device, Boot: "b", Start: start.Unix(), End: start.Unix() + 600, Memo: "memo of " + name, Kind: workroom.Tracked, Close: "stop"}}
	}
	list := []workroom.ReportSlice{slice("one", 4*time.Hour), slice("two", 30*time.Minute), slice("three", 3*time.Hour)}
	for _, s := range list {
		if _, err := c.session.replica.Enqueue(ctx, s, replica.EnqueueOpts{}); err != nil {
			t.Fatal(err)
		}
	}
	h.again()
	eventually(t, "two are in and one is not sent", func() bool {
		v := notSentOf(t, c)
		return len(v.Rows) == 1 && len(v.Waiting) == 0
	})
	row := notSentOf(t, c).Rows[0]
	if row.State != "rejected" || row.Reason == "" || !row.Discard || row.Where != "Otter Trails" {
		t.Errorf("%+v", row)
	}
	doc, err := (&Outbox{c}).Export()
	if err != nil || !strings.Contains(doc.Text, "memo of two") || !strings.Contains(doc.Text, "1 refused, 0 waiting") {
		t.Errorf("%v\n%s", err, doc.Text)
	}

	other := h.witness("Esme")
	has := func(s workroom.ReportSlice) (seq int64) {
		r, known, err := other.session.replica.Thing(ctx, workroom.Ref{Scope: workroom.DiaryScope(k, s.Week), Kind: workroom.KindSlice, ID: s.Slice.ID})
		if err != nil {
			t.Fatal(err)
		}
		if known == workroom.Held {
			return r.Seq
		}
		return 0
	}
	first := [3]int64{has(list[0]), has(list[1]), has(list[2])}
	if first[0] == 0 || first[1] != 0 || first[2] == 0 {
		t.Fatalf("in the diary: %v", first)
	}
	// The same reports come again, in new commands and in those that were answered.
	for _, s := range []workroom.ReportSlice{list[0], list[2]} {
		if _, err := c.session.replica.Enqueue(ctx, s, replica.EnqueueOpts{}); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, "they are answered", func() bool { return len(notSentOf(t, c).Waiting) == 0 })
	arrived(t, other)
	if again := [3]int64{has(list[0]), has(list[1]), has(list[2])}; again != first {
		t.Errorf("in the diary: %v, told again %v", first, again)
	}
}
