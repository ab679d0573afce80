package service

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"trestle/internal/service/bus"
	"trestle/internal/service/pgtest"
	"trestle/internal/wire"
)

// U-18: the clock of one of two nodes is an hour ahead. Four devices write through both in turn, each command twice; nothing is lost, doubled or out
// of order, a sign-in of one node counts at the other, and who listens at one hears what is written at the other: no order and no cursor
// comes from a clock (sync.md §14).
func TestU18_OneNodesClockIsOff(t *testing.T) {
	db, link := pgtest.New(t), bus.NewMem()
	ahead := func() time.Time { return time.Now().Add(time.Hour) }
	_, ca := start(t, Config{DB: db, Link: link})
	b, cb := start(t, Config{DB: db, Link: link, Now: ahead})
	anna, ben := join(t, ca, "anna"), join(t, cb, "ben")
	w := hire(anna, ben, "k1", "r1")
	frames, _ := ben.at(ca).listen(t.Context())

	const devices, each = 4, 60
	var all sync.WaitGroup
	for d := range devices {
		near, far := anna.at(ca), anna.at(cb)
		all.Go(func() {
			for i := range each {
				id := fmt.Sprintf("d%d-%03d", d, i)
				first, second := near, far
				if i%2 == 1 {
					first, second = far, near
				}
				x := first.send(first.command(id, say(w.r, id)))[0]
				y := second.send(first.command(id, say(w.r, id)))[0]
				if x.Status != wire.OK || y.Status != wire.OK || x.Things[0].Seq != y.Things[0].Seq {
					t.Errorf("%s: %+v, then %+v", id, x, y)
				}
			}
		})
	}
	all.Wait()
	last := anna.at(cb).does("last", say(w.r, "last")).Things[0]
	awaitHint(t, frames, "r:r1", last.Seq)

	lost, doubled, disordered := 0, 0, 0
	for _, c := range []*wire.Client{ca, cb} {
		born, next := map[string]int64{}, int64(0)
		for more, after, tag := true, int64(0), ""; more; {
			p, err := ben.at(c).Pull(t.Context(), wire.Pull{Scope: "r:r1", Epoch: b.store.Epoch, Gen: 1, After: after, Tag: tag})
			if err != nil || p.Reset != "" {
				t.Fatalf("%+v %v", p, err)
			}
			for _, x := range p.Things {
				if x.Num == 0 {
					continue
				}
				next++
				if _, twice := born[x.ID]; twice || x.Num != next {
					doubled++
				}
				born[x.ID] = x.Born
			}
			after, tag, more = p.Seq, p.Tag, p.More
		}
		for d := range devices {
			was := int64(0)
			for i := range each {
				q, ok := born[fmt.Sprintf("d%d-%03d", d, i)]
				switch {
				case !ok:
					lost++
				case q <= was:
					disordered++
				}
				was = max(was, q)
			}
		}
	}
	t.Logf("sent %d twice each, lost %d, doubled %d, out of order %d", devices*each, lost, doubled, disordered)
	if lost+doubled+disordered > 0 {
		t.Error("a clock decided something")
	}
}
