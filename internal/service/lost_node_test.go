package service

import (
	"fmt"
	"slices"
	"testing"

	"trestle/internal/service/bus"
	"trestle/internal/service/pgtest"
	"trestle/internal/service/store"
	"trestle/internal/wire"
)

// U-18: a node that is lost costs a retry and nothing else. What it stored without saying so, and what it never stored, is asked again at the
// other node with the same ids: each has its effect once, under the sender's token, in its order; the cursor that the lost node gave holds there.
func TestU18_ALostNodeCostsARetry(t *testing.T) {
	db, link := pgtest.New(t), bus.NewMem()
	broken := "" // the point at which node a dies
	fail := func(p string) error {
		if p == broken {
			return fmt.Errorf("the node is gone")
		}
		return nil
	}
	_, ca := start(t, Config{DB: db, Link: link, Fail: fail})
	b, cb := start(t, Config{DB: db, Link: link})
	anna := join(t, ca, "anna")
	o := offer(anna, "k1", "r1", secret)
	o.Self, o.Invitation = true, ""
	anna.does("k1", o)
	far := anna.at(cb)
	before, err := anna.Pull(t.Context(), wire.Pull{Scope: "r:r1", Epoch: b.store.Epoch, Gen: 1})
	if err != nil {
		t.Fatal(err)
	}
	last := before.Seq
	for i, point := range Points() {
		if slices.Contains([]string{store.PointJobs, store.PointCompact}, point) {
			continue // no command passes there
		}
		var cmds []wire.Command
		for j := range 3 {
			id := fmt.Sprintf("m%d-%d", i, j)
			cmds = append(cmds, anna.command(id, say("r1", id)))
		}
		broken = point
		if out, err := anna.Commands(t.Context(), wire.Commands{Device: "d", Cmds: cmds}); err == nil && point != PointTell {
			for _, r := range out.Results {
				if r.Status == wire.OK || r.Status == wire.Rejected {
					t.Errorf("%s: the lost node answers %s %s", point, r.Status, r.Code)
				}
			}
		}
		broken = ""
		out, err := far.Commands(t.Context(), wire.Commands{Device: "d", Cmds: cmds})
		if err != nil {
			t.Fatalf("%s: %v", point, err)
		}
		for _, r := range out.Results {
			if r.Status != wire.OK || len(r.Things) != 1 || r.Things[0].Seq != last+1 {
				t.Fatalf("%s: after %d comes %+v", point, last, r)
			}
			last++
		}
	}
	p, err := far.Pull(t.Context(), wire.Pull{Scope: "r:r1", Epoch: b.store.Epoch, Gen: 1, After: before.Seq, Tag: before.Tag})
	if err != nil || p.Reset != "" || int64(len(p.Things)) != last-before.Seq {
		t.Errorf("the lost node's cursor: %d things, %+v %v", len(p.Things), p.Reset, err)
	}
	checkScope(t, b, "r:r1")
}
