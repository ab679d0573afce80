package courier

import (
	"context"
	"sync"
	"testing"

	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// receipt is how far somebody has read a room, as this device knows.
func (d *device) receipt(room workroom.RoomID, who string) int64 {
	x, known, err := d.rep.Thing(context.Background(), workroom.Ref{Scope: workroom.ReceiptScope(room), Kind: workroom.KindReceipt, ID: who})
	must(d.t, err)
	if r, ok := x.Thing.(*workroom.Receipt); ok && known == workroom.Held {
		return r.N
	}
	return 0
}

// M-33: the receipts of a room are brought while it is looked at and at no other time; what comes while it is closed is there when it is
// opened again.
func TestM33_ReceiptsComeWhileTheRoomIsOpen(t *testing.T) {
	w := newWorld(t)
	a, b := w.join("Alice"), w.join("Bob")
	k, room, secret := a.contract(false)
	a.say(room, "zero")
	a.sync()
	b.do(workroom.AcceptContract{Contract: k, Room: room, Who: b.rep.Account(), Name: "Bob", Secret: secret}, replica.EnqueueOpts{})
	b.sync()
	a.sync()
	bob := b.signed.Account
	reads := func(n int64) {
		b.do(workroom.SetReceipt{Room: room, Who: b.rep.Account(), N: n}, replica.EnqueueOpts{})
		b.sync()
	}
	reads(1)
	a.sync()
	if n := a.receipt(room, string(bob)); n != 0 {
		t.Errorf("a closed room's receipts were brought: %d", n)
	}
	look := func(on bool) {
		if on {
			a.c.Watch(workroom.RoomScope(room), workroom.ReceiptScope(room))
		} else {
			a.c.Watch()
		}
		eventually(t, "the service knows what is watched", a.told)
	}
	look(true)
	eventually(t, "the receipt", func() bool { return a.receipt(room, string(bob)) == 1 })
	reads(2)
	eventually(t, "the next one", func() bool { return a.receipt(room, string(bob)) == 2 })
	look(false)
	reads(3)
	a.sync()
	a.restart()
	a.sync()
	look(true)
	eventually(t, "what came meanwhile", func() bool { return a.receipt(room, string(bob)) == 3 })
	a.checkI3()
}

// M-33: what a device says of its use and its writing reaches the other one, also after the connection broke; nothing is sent without one.
func TestM33_SignsPass(t *testing.T) {
	w := newWorld(t)
	a, b := w.join("Alice"), w.join("Bob")
	k, room, secret := a.contract(false)
	a.sync()
	b.do(workroom.AcceptContract{Contract: k, Room: room, Who: b.rep.Account(), Name: "Bob", Secret: secret}, replica.EnqueueOpts{})
	b.sync()
	a.sync()
	var mu sync.Mutex
	state, typed := wire.Off, 0
	a.there = func(who workroom.AccountID, s wire.State) {
		mu.Lock()
		defer mu.Unlock()
		if string(who) == string(b.signed.Account) {
			state = s
		}
	}
	a.typing = func(in workroom.RoomID, who workroom.AccountID) {
		mu.Lock()
		defer mu.Unlock()
		if in == room && string(who) == string(b.signed.Account) {
			typed++
		}
	}
	seen := func(want wire.State) {
		t.Helper()
		eventually(t, "the state "+string(want), func() bool {
			mu.Lock()
			defer mu.Unlock()
			return state == want
		})
	}
	a.restart()
	a.sync()
	eventually(t, "that Alice listens", func() bool { // a sign is told to those who hear it, and kept for nobody
		a.c.people.mu.Lock()
		defer a.c.people.mu.Unlock()
		return a.c.people.conn != ""
	})
	b.c.Here(wire.On)
	seen(wire.On)
	must(t, b.c.Typing(t.Context(), room))
	eventually(t, "that Bob writes", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return typed == 1
	})
	b.c.Here(wire.Away)
	seen(wire.Away)
	b.c.cutStream() // the new connection is told without anybody's doing
	b.c.Here(wire.On)
	seen(wire.On)
	people, err := a.c.People(t.Context(), []string{string(b.signed.Account), string(a.signed.Account)})
	if err != nil || len(people) != 1 || people[0].State != wire.On {
		t.Errorf("%+v %v", people, err)
	}
}
