package replica

import (
	"testing"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// A class W command carries the rev of what the person looked at: the copy's, or, of an offer looked at by its link, the one shown.
func TestExpect_RevOfWhatWasShown(t *testing.T) {
	k := workroom.ContractScope("k1")
	offer := thing(t, k, "k1", 4, &workroom.Contract{Title: "Work", Status: workroom.Offered, Client: "you", Room: "r1"})
	offer.Rev = 7
	accept := workroom.AcceptContract{Contract: "k1", Room: "r1", Who: me, Name: "Me", Secret: "s"}
	seen := wire.Expect{Scope: k, Kind: workroom.KindContract, ID: "k1", Rev: 3}
	for name, c := range map[string]struct {
		opened []wire.Opened
		seen   []wire.Expect
		want   []wire.Expect
	}{
		"held":                       {[]wire.Opened{{Scope: k, Gen: 1, Seq: 4, Hot: []wire.Thing{offer}}}, nil, []wire.Expect{{Scope: k, Kind: "contract", ID: "k1", Rev: 7}}},
		"held, the copy's rev wins":  {[]wire.Opened{{Scope: k, Gen: 1, Seq: 4, Hot: []wire.Thing{offer}}}, []wire.Expect{seen}, []wire.Expect{{Scope: k, Kind: "contract", ID: "k1", Rev: 7}}},
		"held, and not there":        {[]wire.Opened{{Scope: k, Gen: 1, Seq: 4}}, nil, []wire.Expect{{Scope: k, Kind: "contract", ID: "k1"}}},
		"looked at by its link":      {nil, []wire.Expect{seen}, []wire.Expect{seen}},
		"nobody knows":               {nil, nil, nil},
		"shown of another is no use": {nil, []wire.Expect{{Scope: k, Kind: workroom.KindContract, ID: "k2", Rev: 1}}, nil},
	} {
		r := fresh(t)
		must(t, r.Apply(ctx, Epoch{"e1"}))
		must(t, r.Apply(ctx, Opened{"e1", c.opened}))
		id, err := r.Enqueue(ctx, accept, EnqueueOpts{Seen: c.seen})
		if name == "held, and not there" { // refused at once
			if err == nil {
				t.Errorf("%s: stored", name)
			}
			continue
		}
		must(t, err)
		rows, err := r.Attempt(ctx, id)
		must(t, err)
		if len(rows) != 1 || len(rows[0].Expect) != len(c.want) || len(c.want) == 1 && rows[0].Expect[0] != c.want[0] {
			t.Errorf("%s: %+v, want %+v", name, rows[0].Expect, c.want)
		}
	}
}
