package service

import (
	"slices"
	"testing"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// a code is taken off one contract, and not archived, while the freelancer works offline. What was recorded under it stays under it, from
// that moment on flagged; on the other contract, which keeps the code, nothing is; and put on again, what is recorded from then on is not.
func TestA10_TakenOffOneContractWhileOffline(t *testing.T) {
	noon := time.Date(2026, 11, 18, 12, 0, 0, 0, time.UTC)
	now := noon.Add(-time.Hour)
	_, c := start(t, Config{Now: func() time.Time { return now }})
	client, free := join(t, c, "client"), join(t, c, "free")
	hire(client, free, "k1", "r1")
	hire(client, free, "k2", "r2")
	qa := func(k workroom.ContractID, here, off bool) workroom.SetActivity {
		return workroom.SetActivity{Contract: k, ID: "qa", Code: "QA", Who: client.id, Here: here, Archived: off}
	}
	client.does("qa-1", qa("k1", false, false))
	client.does("qa-2", qa("k2", true, false))
	now = noon
	client.does("off", qa("k1", true, true))

	now = noon.Add(40 * time.Minute)
	const week = "2026-11-16"
	report := func(id string, k workroom.ContractID, device string, from, to time.Time, code workroom.ActivityID) wire.Result {
		return free.send(free.command(id, workroom.ReportSlice{Week: week, Slice: workroom.Slice{ID: id, Rev: 1, Freelancer: free.id, Contract: k, Device: device, Boot: "b",
			Start: from.Unix(), End: to.Unix(), Activity: code, Memo: "checked", Kind: workroom.Tracked, Close: workroom.CloseStop}}))[0]
	}
	for id, k := range map[string]workroom.ContractID{"one": "k1", "two": "k2"} {
		if r := report(id, k, id, noon.Add(-10*time.Minute), noon.Add(30*time.Minute), "qa"); r.Status != wire.OK {
			t.Fatalf("%s: %+v", id, r)
		}
	}
	retired := func(k workroom.ContractID, slice string) (under, flagged int64) {
		for _, p := range client.heldBy(k, week) {
			if p.Slice == slice && p.Activity == "qa" {
				under += p.Seconds()
				if p.Retired {
					flagged += p.Seconds()
				}
			}
		}
		return under, flagged
	}
	if under, flagged := retired("k1", "one"); under != 2400 || flagged != 1800 {
		t.Errorf("where it was taken off: %d s under the code, %d flagged", under, flagged)
	}
	d, _ := client.diary("k1", week)
	if s := d.Slices[0]; !slices.Contains(s.Flags, workroom.FlagCodeInactive) || s.CodeTo != noon.Unix() {
		t.Errorf("%+v", s)
	}
	if d, _ := client.diary("k2", week); len(d.Slices[0].Flags) != 0 || d.Slices[0].Activity != "qa" {
		t.Errorf("where it stayed: %+v", d.Slices[0])
	}
	out, err := client.Open(t.Context(), wire.Open{Scopes: []workroom.Scope{workroom.AccountScope(client.id), "k:k1"}})
	must(t, err)
	for _, x := range append(out.Scopes[0].Hot, out.Scopes[1].Hot...) {
		if x.ID != "qa" {
			continue
		}
		thing, err := workroom.Decode(x.Kind, x.Body)
		must(t, err)
		switch n := thing.(type) {
		case *workroom.ActivityCode:
			if n.Archived != 0 {
				t.Errorf("the code is archived: %+v", n)
			}
		case *workroom.Activity:
			if n.Archived != noon.UnixMicro() || !n.Off {
				t.Errorf("it is not off: %+v", n)
			}
		}
	}
	// It cannot be chosen for other time of the contract; back to it goes what was recorded under it.
	if r := report("other", "k1", "other", noon.Add(31*time.Minute), noon.Add(35*time.Minute), "k1-dev"); r.Status != wire.OK {
		t.Fatalf("%+v", r)
	}
	mark := func(id, slice string, code string, from time.Time) wire.Result {
		return free.send(free.command(id, workroom.MarkTime{Contract: "k1", Week: week, What: workroom.MarkCode, Value: code,
			Spans: []workroom.MarkSpan{{Slice: slice, From: from.Unix(), To: from.Unix() + 60}}}))[0]
	}
	if r := mark("pick", "other", "qa", noon.Add(31*time.Minute)); r.Code != workroom.ActivityGone {
		t.Errorf("a code that is off is picked: %+v", r)
	}
	for id, code := range map[string]string{"away": "k1-dev", "back": "qa"} {
		if r := mark(id, "one", code, noon.Add(-10*time.Minute)); r.Status != wire.OK {
			t.Errorf("%s: %+v", id, r)
		}
	}
	client.does("on", qa("k1", true, false))
	now = noon.Add(2 * time.Hour)
	if r := report("later", "k1", "later", noon.Add(time.Hour), noon.Add(90*time.Minute), "qa"); r.Status != wire.OK {
		t.Fatalf("%+v", r)
	}
	if under, flagged := retired("k1", "later"); under != 1800 || flagged != 0 {
		t.Errorf("put on again: %d s, %d flagged", under, flagged)
	}
}

// heldBy is what a contract's diary of a week comes down to, as a side reads it.
func (p *person) heldBy(k workroom.ContractID, week string) []workroom.Piece {
	p.t.Helper()
	d, _ := p.diary(k, week)
	return d.Pieces()
}
