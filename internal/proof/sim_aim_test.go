package proof

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// A run does most things by chance, and by chance alone what is seldom done hardly ever meets each fault: most faults of the way hit the many
// reads, and an act that needs the right side, role or state is mostly refused before it is sent. So each run aims at a few operations by its
// seed: it does them more often, making first what they need, and lets the faults it may use hit them that have not hit them in this run yet.
// Over many seeds each operation is aimed at as often as any other.

// aimsEach is how many operations a run aims at.
const aimsEach = 3

// aimsOf are the operations that a seed aims at.
func aimsOf(seed uint64) (out []string) {
	all := append(simOps(), "range")
	for i := range uint64(aimsEach) {
		out = append(out, all[(seed*aimsEach+i)%uint64(len(all))])
	}
	return out
}

// TestT2_EveryOpIsAimedAt fails for an op that no run would aim at, and for one that T2 has no act of.
func TestT2_EveryOpIsAimedAt(t *testing.T) {
	seen := map[string]bool{}
	for seed := range uint64(len(workroom.Ops)) {
		for _, a := range aimsOf(seed) {
			seen[a] = true
		}
	}
	for op := range workroom.Ops {
		if !seen[string(op)] {
			t.Errorf("no seed aims at %s", op)
		}
		if simActs[op] == nil {
			t.Errorf("%s is new: give T2 an act of it in simActs", op)
		}
	}
}

// aim does one of the operations this run aims at, or what is needed first.
func (w *simWorld) aim() {
	op := w.aims[w.rng.IntN(len(w.aims))]
	act := simActs[workroom.Op(op)]
	if op == "range" {
		act = func(d *simDevice, c *simContract) bool { d.older(c); return true }
	}
	if act == nil {
		return
	}
	var on []*simDevice
	for _, d := range w.devs {
		if d.on && !d.broke {
			on = append(on, d)
		}
	}
	w.rng.Shuffle(len(on), func(i, j int) { on[i], on[j] = on[j], on[i] })
	for _, d := range on {
		list := slices.Clone(w.contracts)
		w.rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		for _, c := range list {
			if (c.client == d.who || c.freelancer == d.who) && (c.made == d || d.cursors[workroom.ContractScope(c.id)].Hold == replica.Whole) && act(d, c) {
				w.count("aimed")
				return
			}
		}
	}
	for _, d := range on { // nobody can: a contract of two is missing
		if slices.ContainsFunc(w.contracts, func(c *simContract) bool { return c.client != d.who && c.freelancer == nil }) {
			d.answerOffer()
			return
		}
	}
	if len(on) > 0 {
		on[0].offerTo(len(w.contracts)%2 == 0)
	}
}

// wanted is a fault that this run may use and that has not hit an operation yet it aims at, of those a request carries.
func (w *simWorld) wanted(op string, body []byte, on []string) string {
	names := []string{op}
	switch op {
	case "commands":
		var in wire.Commands
		if json.Unmarshal(body, &in) != nil {
			return ""
		}
		names = nil
		for _, c := range in.Cmds {
			names = append(names, string(c.Op))
		}
	case "new-file", "put-part", "complete":
		names = []string{string(workroom.OpUpload)}
	}
	for _, n := range names {
		if !slices.Contains(w.aims, n) {
			continue
		}
		for _, f := range on {
			if w.cover.pairs[[2]string{f, n}] == 0 {
				return f
			}
		}
	}
	return ""
}

// aboutOf is the message or shot that a command makes or changes, as erased names it.
func aboutOf(c workroom.Command, id string) string {
	switch c := c.(type) {
	case workroom.SendMessage:
		return id
	case workroom.EditMessage:
		return c.Message
	case workroom.DeleteMessage:
		return c.Message
	case workroom.React:
		return c.Message
	case workroom.AddShot:
		return workroom.CellID(c.Shot.Device, c.Shot.Cell)
	}
	return ""
}

// erasedIn notes the messages and shots that are deleted at the service, after a write of a scope: of what made or changed those nothing need
// be left anywhere, whatever becomes of the service's history.
func (w *simWorld) erasedIn(s workroom.Scope, after int64) {
	for _, r := range w.truth.Things[s] {
		if r.Seq > after && (r.Kind == workroom.KindMessage && (r.Gone || strings.Contains(r.Body, `"deleted":`)) || r.Kind == workroom.KindShot && r.Gone) {
			w.erased[r.ID] = true
		}
	}
}
