package courier

import (
	"fmt"
	"testing"

	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// What was written while the service was down, and before a restart, is there afterwards: once, in order, on every device.
func TestM22_WrittenWhileServiceDown(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	_, room, _ := a.contract(true)
	a.sync()
	a.way.down.Store(true)
	var want []string
	for _, s := range []string{"one", "two", "three", "four", "five"} {
		a.say(room, s)
		want = append(want, s)
	}
	a.shows(room, want...)
	a.restart()
	a.shows(room, want...)
	a.way.down.Store(false)
	a.sync()
	a.shows(room, want...)
	b := a.second()
	b.sync()
	b.shows(room, want...)
	a.checkI3()
	b.checkI3()
	if n, err := b.rep.Unread(bg, room); err != nil || n != 0 {
		t.Errorf("own messages unread on the other device: %d %v", n, err)
	}
}

// An offer, its acceptance and a talk: what one side writes comes to the other by itself.
func TestM22_TwoPeopleTalkLive(t *testing.T) {
	w := newWorld(t)
	a, b := w.join("Alice"), w.join("Bob")
	k, room, secret := a.contract(false)
	a.say(room, "welcome")
	a.sync()
	b.do(workroom.AcceptContract{Contract: k, Room: room, Who: b.signed.Account, Name: "Bob", Secret: secret}, replica.EnqueueOpts{About: string(k)})
	b.sync()
	b.shows(room, "welcome")
	b.say(room, "hello")
	eventually(t, "Bob's message at Alice's", func() bool { return len(a.texts(room)) == 2 })
	a.say(room, "good")
	eventually(t, "Alice's answer at Bob's", func() bool { return len(b.texts(room)) == 3 })
	a.sync()
	b.sync()
	a.shows(room, "welcome", "hello", "good")
	b.shows(room, "welcome", "hello", "good")
	a.checkI3()
	b.checkI3()
	if n, _ := b.rep.Unread(bg, room); n != 1 {
		t.Errorf("unread at Bob's: %d, want 1", n)
	}
	if list, _ := b.rep.Contracts(bg); len(list) != 1 || list[0].Thing.(*workroom.Contract).Status != workroom.Active {
		t.Errorf("contract at Bob's: %+v", list)
	}
}

// The service goes down and comes back while people write: nothing is lost or doubled, the status tells, and nobody has to do anything.
func TestM22_ServiceRestarts(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	_, room, _ := a.contract(true)
	a.sync()
	b := a.second()
	b.sync()
	var want []string
	for i := range 4 {
		w.down()
		for j := range 5 {
			text := fmt.Sprintf("a%02d", 5*i+j)
			want = append(want, text)
			a.say(room, text)
		}
		eventually(t, "offline is noticed", func() bool { s := a.c.Status(); return s.Phase == Offline && s.Waiting == 5 && s.Text != "" })
		w.up()
		eventually(t, "the messages at the other device", func() bool { return len(b.texts(room)) == len(want) })
	}
	a.sync()
	b.sync()
	a.shows(room, want...)
	b.shows(room, want...)
	if s := a.c.Status(); s.Phase != Online || s.Waiting != 0 {
		t.Errorf("status %+v", s)
	}
	a.checkI3()
	b.checkI3()
}
