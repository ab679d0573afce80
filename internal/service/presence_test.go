package service

import (
	"fmt"
	"testing"
	"time"

	"trestle/internal/service/live"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// desk is a presence with a clock and ears of the test's.
type desk struct {
	*presence
	clock time.Time
	due   []func()
	tells []string
	share map[workroom.AccountID]wire.State
}

func newDesk() *desk {
	d := &desk{presence: newPresence(), clock: time.Unix(1e9, 0)}
	d.now = func() time.Time { return d.clock }
	d.later = func(_ time.Duration, f func()) { d.due = append(d.due, f) }
	d.tell = func(who workroom.AccountID) { d.tells = append(d.tells, fmt.Sprint(who, " ", d.of(who))) }
	d.presence.share = func(s map[workroom.AccountID]wire.State) { d.share = s }
	return d
}

// pass lets time go by and does what was put off.
func (d *desk) pass(by time.Duration) {
	d.clock = d.clock.Add(by)
	due := d.due
	d.due = nil
	for _, f := range due {
		f()
	}
}

// M-33: a person is as much here as the most used of their windows, on whichever node; who leaves lingers a moment, and what a node that
// fell silent said is forgotten. Others are told of changes only.
func TestM33_WhoIsHere(t *testing.T) {
	d := newDesk()
	for _, step := range []struct {
		what string
		do   func()
		want string // told, if anything
	}{
		{"comes", func() { d.set("c1", "ann", wire.On) }, "ann on"},
		{"again", func() { d.set("c1", "ann", wire.On) }, ""},
		{"another window, unused", func() { d.set("c2", "ann", wire.Away) }, ""},
		{"the first is not used any more", func() { d.set("c1", "ann", wire.Away) }, "ann away"},
		{"one ends", func() { d.leave("c1", "ann") }, ""},
		{"the last ends", func() { d.leave("c2", "ann") }, ""},
		{"and is back", func() { d.set("c3", "ann", wire.Away) }, ""},
		{"a moment later", func() { d.pass(lingers) }, ""},
		{"gone for good", func() { d.leave("c3", "ann") }, ""},
		{"after a while", func() { d.pass(lingers) }, "ann off"},
		{"a connection nobody knows", func() { d.leave("c9", "ann") }, ""},
		{"at another node", func() { d.heard("n2", map[workroom.AccountID]wire.State{"ann": wire.On}) }, "ann on"},
		{"here too, less", func() { d.set("c4", "ann", wire.Away) }, ""},
		{"that node says again", func() { d.heard("n2", map[workroom.AccountID]wire.State{"ann": wire.On}) }, ""},
		{"it falls silent", func() { d.pass(nodeForgets); d.tend() }, "ann away"},
		{"nonsense", func() { d.heard("n2", map[workroom.AccountID]wire.State{"ann": "asleep", "a b": wire.On}) }, ""},
		{"a window says off", func() { d.set("c4", "ann", wire.Off) }, "ann off"},
	} {
		d.tells = nil
		step.do()
		if got := fmt.Sprint(d.tells); got != "["+step.want+"]" {
			t.Errorf("%s: told %s, want %q", step.what, got, step.want)
		}
	}
	d.leave("c4", "ann")
	d.pass(lingers)
	if len(d.conns)+len(d.told)+len(d.away) != 0 {
		t.Errorf("something stays of people who are gone: %+v %+v %+v", d.conns, d.told, d.away)
	}
}

// L3: signs that wait for a connection are bounded, the newest of each person stands, and a stream that is not read keeps no more.
func TestL3_SignsAreBounded(t *testing.T) {
	s, c := start(t, Config{})
	anna := join(t, c, "anna")
	conn := s.hub.Join(anna.id, "hash")
	for i := range 10_000 {
		s.hub.Sign(anna.id, live.Sign{Presence: &wire.Presence{Who: workroom.AccountID(fmt.Sprint("p", i%500)), State: wire.On}})
		s.hub.Sign(anna.id, live.Sign{Typing: &wire.Typing{Scope: "r:1", Who: "p1"}})
	}
	if n := conn.Signs(); n > live.MaxSigns || n < live.MaxSigns/2 {
		t.Errorf("%d signs wait", n)
	}
	s.hub.Leave(conn)
}
