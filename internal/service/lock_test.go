package service

import (
	"sync/atomic"
	"testing"
	"time"

	"trestle/internal/service/pgtest"
	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// I1 I4: while a transaction has decided and not committed, nobody decides in the same scope, on whatever node: a rule must see what the one
// before it wrote. The key of `tagged` alone would refuse a doubled number, so that T4 stays green without the lock of the heads, but only at
// the end, when the rule has already run on rows that another was changing. A scope that shares nothing goes on meanwhile.
func TestI1_NobodyDecidesBesideTheLock(t *testing.T) {
	cfg := Config{DB: pgtest.New(t)}
	var armed atomic.Bool
	held, free := make(chan struct{}), make(chan struct{})
	cfg.Fail = func(point string) error {
		if point == store.PointDecided && armed.CompareAndSwap(true, false) {
			close(held)
			<-free
		}
		return nil
	}
	_, ca := start(t, cfg)
	var locked atomic.Int64
	other := cfg
	other.Fail = func(point string) error {
		if point == store.PointLocked {
			locked.Add(1)
		}
		return nil
	}
	_, cb := start(t, other)
	anna, ben := join(t, ca, "anna"), join(t, ca, "ben")
	w, x := hire(anna, ben, "k1", "r1"), hire(anna, ben, "k2", "r2")
	far := anna.at(cb)

	armed.Store(true)
	first := make(chan wire.Result, 1)
	go func() {
		first <- anna.send(anna.command("c1", workroom.SetActivity{Contract: w.k, ID: "act", Code: "ONE"}))[0]
	}()
	<-held
	ben.at(cb).does("elsewhere", say(x.r, "a scope of its own"))
	before := locked.Load()
	second := make(chan wire.Result, 1)
	go func() {
		second <- far.send(far.command("c2", workroom.SetActivity{Contract: w.k, ID: "act", Code: "TWO"}))[0]
	}()
	select {
	case r := <-second:
		t.Errorf("decided beside another: %+v", r)
		second <- r
	case <-time.After(300 * time.Millisecond): // it waits
	}
	if n := locked.Load(); n != before {
		t.Errorf("the other node holds the head too and reads: %d times", n-before)
	}
	close(free)
	a, b := <-first, <-second
	if a.Status != wire.OK || len(a.Things) != 1 || b.Status != wire.OK || len(b.Things) != 1 ||
		b.Things[0].Seq != a.Things[0].Seq+1 || b.Things[0].Rev != a.Things[0].Rev+1 {
		t.Errorf("%+v, then %+v", a, b)
	}
}
