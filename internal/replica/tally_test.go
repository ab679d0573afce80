package replica

import (
	"slices"
	"testing"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// what was added up of a diary is dropped by whatever changes the diary, and of no other week: a page, an act that waits, its refusal,
// a slice that goes, the end of the contract. Nothing is kept that was read before a change.
func TestA13_TalliesFallWithTheirWeek(t *testing.T) {
	r := joined(t)
	k := workroom.ContractScope("c1")
	const before, week, next = "2026-11-09", "2026-11-16", "2026-11-23"
	d := func(w string) workroom.Scope { return workroom.DiaryScope("c1", w) }
	slice := workroom.Slice{ID: "s1", Rev: 1, Freelancer: me, Contract: "c1", Device: "dev", Boot: "b", Start: 1794909600, End: 1794909660, Memo: "m", Kind: workroom.Tracked}
	must(t, r.Apply(ctx, Opened{"e1", []wire.Opened{
		{Scope: k, Gen: 1, Seq: 2, Tag: "t", Hot: []wire.Thing{thing(t, k, "c1", 1, &workroom.Contract{Status: workroom.Active, Client: me, Freelancer: me, Room: room})}},
		{Scope: d(before), Gen: 1, Seq: 1, Tag: "t"}, {Scope: d(next), Gen: 1, Seq: 1, Tag: "t"},
		{Scope: d(week), Gen: 1, Seq: 1, Tag: "t", Hot: []wire.Thing{thing(t, d(week), "s1", 1, &slice)}},
	}}))
	keep := func() {
		t.Helper()
		_, stamp, err := r.Tallies(ctx, "UTC", before, next)
		must(t, err)
		must(t, r.KeepTallies(ctx, stamp, []Tally{{d(before), "UTC", "t", []byte("a")}, {d(week), "UTC", "t", []byte("b")}, {d(next), "UTC", "t", []byte("c")}}))
	}
	left := func(what string, want ...string) {
		t.Helper()
		list, _, err := r.Tallies(ctx, "UTC", before, next)
		must(t, err)
		var got []string
		for _, x := range list {
			got = append(got, x.Diary.Part())
		}
		if !slices.Equal(got, want) {
			t.Errorf("after %s %v is left, want %v", what, got, want)
		}
		keep()
	}
	keep()
	left("nothing", before, week, next)
	page(t, r, k, thing(t, k, "map", 3, &workroom.Activity{Code: "Map", Made: 1}))
	left("a change of the contract", before, week, next)
	longer := slice
	longer.Rev, longer.End = 2, slice.End+60
	id := enqueue(t, r, workroom.ReportSlice{Week: week, Slice: longer})
	left("a slice that waits", before)
	answer(t, r, wire.Result{ID: id, Status: wire.Rejected, Code: workroom.BadInput, Retry: workroom.RetryNever})
	left("its refusal", before)
	gone := thing(t, d(week), "s1", 2, &slice)
	gone.Gone, gone.Body = true, nil
	page(t, r, d(week), gone)
	left("a slice that went", before)
	page(t, r, d(before), thing(t, d(before), "s0.claim", 2, &workroom.Claimed{}))
	left("a claim in the week before", next)

	_, stamp, err := r.Tallies(ctx, "UTC", before, next)
	must(t, err)
	page(t, r, d(week), thing(t, d(week), "s2", 4, &slice))
	must(t, r.KeepTallies(ctx, stamp, []Tally{{d(week), "UTC", "t", []byte("old")}}))
	list, _, err := r.Tallies(ctx, "UTC", week, week)
	must(t, err)
	if len(list) != 0 {
		t.Error("it kept what was read before a change")
	}
	keep()
	must(t, r.Apply(ctx, Gone{[]workroom.Scope{k}}))
	if list, _, _ := r.Tallies(ctx, "UTC", week, week); len(list) != 0 {
		t.Error("it outlives the contract")
	}
}
