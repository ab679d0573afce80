package service

import (
	"path/filepath"
	"testing"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// T-21, I16: what was offered, accepted and worked between a backup and its restore is given back in any order of tries and counts once, from
// when it was; a moment of which the service does know what happened is believed to nobody.
func TestT21_TimeOfTheLostSpanCounts(t *testing.T) {
	inAFile(t)
	now := time.Now()
	clock := func() time.Time { return now }
	place := Place{Data: t.TempDir()}
	_, c := start(t, Config{Data: place.Data, DB: place.db(), Now: clock})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	open := func(k string) workroom.CreateContract { return offer(anna, k, "r"+k, "secret "+k) }
	take := func(k string, at time.Time) workroom.AcceptContract {
		return workroom.AcceptContract{Contract: workroom.ContractID(k), Room: workroom.RoomID("r" + k), Who: ben.id, Name: "Ben", Secret: "secret " + k,
			Composed: at.UnixMicro()}
	}
	began := func(p *person, k string) time.Time {
		t.Helper()
		o, err := p.Open(t.Context(), wire.Open{Scopes: []workroom.Scope{workroom.ContractScope(workroom.ContractID(k))}, Tail: 9})
		must(t, err)
		for _, x := range o.Scopes[0].Hot {
			if x.Kind == workroom.KindContract {
				return time.UnixMicro(bodyOf[workroom.Contract](t, x).Started)
			}
		}
		t.Fatal("no contract " + k)
		return time.Time{}
	}
	near := func(what string, got, want time.Time) {
		t.Helper()
		if d := got.Sub(want); d > time.Millisecond || d < -time.Millisecond {
			t.Errorf("%s began %s, want %s", what, got, want)
		}
	}
	anna.does("old", open("old"))
	anna.does("early", open("early"))
	ben.does("ae", take("early", now.Add(-24*time.Hour)))
	near("a claim at a service that lost nothing", began(ben, "early"), now)

	dir := filepath.Join(t.TempDir(), "saved")
	_, err := Backup(t.Context(), place, "1.0.0", dir, "", nil)
	must(t, err)
	began1 := now // of what is lost
	lostOffer := open("k")
	lostOffer.Composed = began1.UnixMicro()
	anna.does("k", lostOffer)
	ben.does("a", take("k", began1))

	// The machine is lost; two hours later its people have a restored one.
	now = now.Add(2 * time.Hour)
	to := Place{Data: filepath.Join(t.TempDir(), "new")}
	_, err = Restore(t.Context(), dir, to, nil)
	must(t, err)
	_, c = start(t, Config{Data: to.Data, DB: to.db(), Now: clock})
	anna, ben = anna.at(c), ben.at(c)
	if r := ben.send(ben.command("a", take("k", began1)))[0]; r.Status != wire.Rejected {
		t.Fatalf("an offer that is not back: %+v", r)
	}
	anna.does("k", lostOffer)
	ben.does("a2", take("k", began1)) // sent again by the person: another id, the same moment
	near("the lost one", began(ben, "k"), began1)

	worked := workroom.Slice{ID: "s1", Rev: 1, Freelancer: ben.id, Contract: "k", Device: "d", Boot: "b", Seq: 1, Start: began1.Unix() + 1, End: began1.Unix() + 601,
		Memo: "worked", Kind: workroom.Tracked, Close: workroom.CloseStop}
	week := workroom.WeekOf(time.Unix(worked.Start, 0)).String()
	for _, id := range []string{"w", "w", "w2"} { // told twice, and under another id
		ben.does(id, workroom.ReportSlice{Week: week, Slice: worked})
	}
	for _, p := range []*person{anna, ben} {
		o, err := p.Open(t.Context(), wire.Open{Scopes: []workroom.Scope{workroom.DiaryScope("k", week)}, Tail: 9})
		must(t, err)
		n := 0
		for _, x := range append(o.Scopes[0].Hot, o.Scopes[0].Tail...) {
			if x.Kind == workroom.KindSlice {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%d slices", n)
		}
	}
	before := worked
	before.ID, before.Seq, before.Start, before.End = "s2", 2, began1.Unix()-3600, began1.Unix()-3000
	if r := ben.send(ben.command("w3", workroom.ReportSlice{Week: workroom.WeekOf(time.Unix(before.Start, 0)).String(), Slice: before}))[0]; r.Code != workroom.BadInput {
		t.Errorf("time before the offer: %+v", r)
	}
	ben.does("ao", take("old", began1.Add(-24*time.Hour)))
	near("a claim before what was lost", began(ben, "old"), now)
	anna.does("new", open("new"))
	ben.does("an", take("new", began1))
	near("a claim before an offer made since", began(ben, "new"), now)
}
