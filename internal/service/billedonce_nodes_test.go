package service

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"trestle/internal/service/pgtest"
	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// T-13: a contract is accepted, and time reported on it, at one node, while another node that does not see this yet takes the same minutes on
// another contract: they were billed to both clients until the freelancer's next report.
func TestT13_AcceptedOnAnotherNodeMeanwhile(t *testing.T) {
	monday := time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC)
	var now atomic.Int64
	now.Store(monday.AddDate(0, 0, -7).Unix())
	address := pgtest.New(t)
	cfg := Config{DB: address, Now: func() time.Time { return time.Unix(now.Load(), 0) }}
	_, near := start(t, cfg)
	var armed atomic.Bool
	held, free := make(chan struct{}), make(chan struct{})
	cfg.Fail = func(point string) error {
		if point == store.PointDecided && armed.CompareAndSwap(true, false) {
			close(held)
			<-free
		}
		return nil
	}
	_, far := start(t, cfg)
	xena, yves, fred := join(t, near, "xena"), join(t, near, "yves"), join(t, near, "fred")
	hire(xena, fred, "contract-of-xena", "rx")
	yves.does("contract-of-yves", offer(yves, "contract-of-yves", "ry", "secret of yves"))
	now.Store(monday.Add(time.Hour).Unix())
	fred.does("before", hour(fred.id, "contract-of-xena", "r", "c", 0)) // the week is there
	now.Store(monday.Add(3 * time.Hour).Unix())

	armed.Store(true)
	there := fred.at(far)
	there.n = fred.n + 1000
	begun := hour(fred.id, "contract-of-yves", "t", "e", 7200+3300) // a contract begins with the segment in which it was accepted
	begun.Slice.End = begun.Slice.Start + 600
	report := there.command("y", begun)
	report.After = []string{"accept"}
	accepted, reported := make(chan []wire.Result, 1), make(chan []wire.Result, 1)
	go func() {
		accepted <- there.send(
			there.command("accept", workroom.AcceptContract{Contract: "contract-of-yves", Room: "ry", Who: fred.id, Name: "Fred", Secret: "secret of yves"}), report)
	}()
	<-held
	until := hour(fred.id, "contract-of-xena", "s", "d", 7200+300)
	until.Slice.End = until.Slice.Start + 3300
	go func() { reported <- fred.send(fred.command("x", until)) }()
	outside := pgtest.Open(t, address)
	defer func() { _ = outside.Close() }()
	for waiting := 0; waiting == 0; time.Sleep(5 * time.Millisecond) { // it has asked for the contracts and wants their lock
		must(t, outside.QueryRow("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()").Scan(&waiting))
	}
	close(free)
	for _, r := range append(<-accepted, <-reported...) {
		if r.Status != wire.OK {
			t.Fatalf("%+v", r)
		}
	}
	x, y := xena.bills("contract-of-xena", "2026-11-16"), yves.bills("contract-of-yves", "2026-11-16")
	if len(x) == 0 || len(y) == 0 {
		t.Errorf("%v and %v are billed", x, y)
	}
	once(t, "on two nodes", x, y)

}

// T-14, T-21: what a program sends without any time in it is refused for its shape, at once, and costs nothing that comes with it.
func TestT21_TimeWithoutAnyIsRefused(t *testing.T) {
	_, c := start(t, Config{DB: pgtest.New(t)})
	xena, fred := join(t, c, "xena"), join(t, c, "fred")
	w := hire(xena, fred, "contract-of-xena", "rx")
	none := []workroom.Command{workroom.AddTime{Contract: w.k, Week: "2026-11-16", Who: fred.id}, workroom.MarkTime{Contract: w.k, Week: "2026-11-16", What: workroom.MarkOwner}}
	for i, cmd := range none {
		name := fmt.Sprint("none-", i)
		r := fred.send(fred.command(name, cmd), fred.command("said-"+name, say(w.r, "hello")))
		if r[0].Status != wire.Rejected || r[0].Code == workroom.Internal || r[1].Status != wire.OK {
			t.Errorf("%s: %+v", cmd.Op(), r)
		}
	}
}

// T-13: whatever lanes they have, what is reported on a contract comes after its acceptance in the same question, also where several write.
func TestT13_AcceptedBeforeReported(t *testing.T) {
	for i := range 40 {
		k := workroom.ContractID(fmt.Sprint("contract-", i))
		does := []workroom.Command{workroom.AcceptContract{Contract: k, Room: "r", Who: "fred", Name: "Fred", Secret: "s"}, hour("fred", k, "t", "e", 0), workroom.AddTime{}}
		var items []*item
		for j, c := range does {
			x := &item{cmd: wire.Command{ID: fmt.Sprint("c", j), Lane: c.Lane()}, caller: Caller{Account: "fred"}, does: c}
			x.plan()
			items = append(items, x)
		}
		if to := route(items, sharedPens); to[0] != to[1] {
			t.Errorf("%s: writers %v", k, to)
		}
	}
}
