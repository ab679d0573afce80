package service

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// ears are the live channels of somebody at each of two nodes, looking at a room.
type ears struct {
	near, far *person
	frames    [2]<-chan wire.Event
}

func hearing(t *testing.T, p *person, ca, cb *wire.Client, at ...workroom.Scope) *ears {
	e := &ears{near: p.at(ca), far: p.at(cb)}
	for i, who := range []*person{e.near, e.far} {
		e.frames[i], _ = who.listen(t.Context())
		who.looks(at...)
	}
	return e
}

// caughtUp lets somebody write into another room at one node after the other, reads all frames of both channels up to these messages, which come
// after all that was told before, and answers them.
func (e *ears) caughtUp(t *testing.T, room workroom.RoomID, id string, by *person, at ...*wire.Client) (list []wire.Event) {
	t.Helper()
	s := workroom.RoomScope(room)
	for i, c := range at {
		who := by.at(c)
		who.n = by.n + 5000
		by.n += 100
		seq := who.does(fmt.Sprint(id, i), say(room, "the end")).Things[0].Seq
		for _, frames := range e.frames {
			for done := false; !done; {
				select {
				case x := <-frames:
					list = append(list, x)
					if x.Hint != nil {
						for _, h := range x.Hint.Heads {
							done = done || h.Scope == s && h.Seq >= seq
						}
					}
					done = done || x.Rows != nil && x.Rows.Scope == s && x.Rows.Seq >= seq
				case <-time.After(time.Minute):
					t.Fatalf("nothing is told of %s %d", s, seq)
				}
			}
		}
	}
	return list
}

// of is what frames say of some scopes: the greatest number, and whether somebody writes there.
func of(list []wire.Event, scopes ...workroom.Scope) (seq int64, typing bool) {
	about := func(s workroom.Scope) bool { return slices.Contains(scopes, s) }
	for _, e := range list {
		switch {
		case e.Hint != nil:
			for _, h := range e.Hint.Heads {
				if about(h.Scope) {
					seq = max(seq, h.Seq)
				}
			}
		case e.Rows != nil && about(e.Rows.Scope):
			seq = max(seq, e.Rows.Seq)
		case e.Beacon != nil:
			for _, h := range e.Beacon.Heads {
				if about(h.Scope) {
					seq = max(seq, h.Seq)
				}
			}
		case e.Typing != nil && about(e.Typing.Scope):
			typing = true
		}
	}
	return seq, typing
}

// M-07 I10: somebody listens at two nodes while people write at both; from the number of their removal on neither node tells them anything of
// the room, not that it moved on, nor who writes or has read there; and from the answer to the removal on neither lets them read or write.
func TestM07_RemovedAtBothNodes(t *testing.T) {
	for _, kind := range []string{"mem", "nats"} {
		t.Run(kind, func(t *testing.T) {
			_, b, ca, cb, _, _ := pair(t, kind)
			anna, ben, cleo := gather(t, ca)
			anna.does("add-ben", add("g1", ben, "r1", true))
			anna.does("add-cleo", add("g1", cleo, "r2", true))
			hire(cleo, ben, "k3", "r3")
			hire(cleo, anna, "k4", "r4")
			rooms := []workroom.Scope{"r:g1", "rc:g1"}
			out, in := hearing(t, ben, ca, cb, rooms...), hearing(t, cleo, ca, cb, rooms...)

			begun, removed, all := make(chan bool, 100), make(chan struct{}), sync.WaitGroup{}
			for i, who := range []*person{cleo.at(ca), cleo.at(cb)} {
				who.n = int64(1000 * (i + 1))
				all.Go(func() {
					for n, left := 0, 8; left > 0; n++ {
						word := "before"
						select {
						case <-removed:
							word = needle
							left--
						default:
						}
						id := fmt.Sprint("m", i, "-", n)
						if r := who.send(who.command(id, say("g1", word+" "+id)))[0]; r.Status != wire.OK {
							t.Errorf("%+v", r)
							return
						}
						begun <- true
						if n == 200 {
							t.Error("nobody was removed")
							return
						}
					}
				})
			}
			for range 6 {
				<-begun
			}
			go func() {
				for range begun {
				}
			}()
			r := anna.does("remove", workroom.RemoveMember{Room: "g1", Who: ben.id})
			close(removed)
			at := r.Things[0].Seq
			for i, who := range []*person{out.near, out.far} {
				if got := who.saw("g1", "m0-0"); got != nil {
					t.Errorf("at node %d they read %v", i, got)
				}
				if _, err := who.Pull(t.Context(), wire.Pull{Scope: "rc:g1", Epoch: b.store.Epoch, Gen: 1}); code(err) != workroom.NoAccess {
					t.Errorf("at node %d they pull receipts: %v", i, err)
				}
				who.n += int64(500 + 100*i)
				if r := who.send(who.command(fmt.Sprint("late", i), say("g1", "still here?")))[0]; r.Code != workroom.NoAccess {
					t.Errorf("at node %d they write: %+v", i, r)
				}
				if err := who.Typing(t.Context(), "g1"); code(err) != workroom.NoAccess {
					t.Errorf("at node %d they are writing: %v", i, err)
				}
				if heads := who.looks(rooms...); len(heads) != 0 {
					t.Errorf("at node %d they watch %+v", i, heads)
				}
			}
			must(t, anna.at(ca).Typing(t.Context(), "g1"))
			must(t, cleo.at(cb).Typing(t.Context(), "g1"))
			anna.does("read", workroom.SetReceipt{Room: "g1", Who: anna.id, N: 3})
			all.Wait()
			close(begun)

			// What is told last at each node stands behind all that was told before.
			for room, e := range map[workroom.RoomID]*ears{"r3": out, "r4": in} {
				list := e.caughtUp(t, room, "end-"+string(room), cleo, ca, cb)
				seq, typing := of(list, "r:g1", "rc:g1")
				b, err := json.Marshal(list)
				must(t, err)
				if e == in {
					if seq <= at || !typing || !strings.Contains(string(b), needle) {
						t.Errorf("who stayed was told up to %d, removal was %d, typing %v", seq, at, typing)
					}
					continue
				}
				if seq >= at || typing || strings.Contains(string(b), needle) {
					t.Errorf("who was removed at %d was told up to %d, typing %v", at, seq, typing)
				}
			}
		})
	}
}

// P-24 U-14: a block, and a suspension, given at one node hold at the other from their answer on: nothing of the one reaches the other, not a
// message, not that they write, not that they are here. Who is suspended goes on reading.
func TestP24_BlockedAndSuspendedAtBothNodes(t *testing.T) {
	a, _, ca, cb, _, _ := pair(t, "nats")
	anna, ben, cleo := gather(t, ca)
	anna.does("add-ben", add("g1", ben, "r1", true))
	anna.does("add-cleo", add("g1", cleo, "r2", true))
	id := workroom.DirectID(ben.id, cleo.id)
	ben.does("d", workroom.CreateDirect{Room: id, Who: ben.id, Name: "N", Other: cleo.id, OtherName: "O", Via: "g1"})
	benHears, cleoHears := hearing(t, ben, ca, cb, workroom.RoomScope(id)), hearing(t, cleo, ca, cb, workroom.RoomScope(id))
	signs := func(list []wire.Event, by *person) (out []string) {
		for _, e := range list {
			switch {
			case e.Typing != nil && e.Typing.Who == by.id:
				out = append(out, "writes in "+string(e.Typing.Scope))
			case e.Presence != nil && e.Presence.Who == by.id:
				out = append(out, string(e.Presence.State))
			}
		}
		return out
	}
	r := cleo.does("block", block(cleo, ben, true))
	if len(r.Things) == 0 {
		t.Fatalf("%+v", r)
	}
	for i, x := range []struct{ by, to *person }{{benHears.far, cleo}, {cleoHears.far, ben}} {
		x.by.n = 700
		if r := x.by.send(x.by.command(fmt.Sprint("past", i), say(id, needle)))[0]; r.Code != workroom.Undeliverable {
			t.Errorf("past the block: %+v", r)
		}
		for _, room := range []workroom.RoomID{id, "g1"} {
			if err := x.by.Typing(t.Context(), room); err != nil {
				t.Errorf("typing in %s: %v", room, err)
			}
		}
		x.by.is(wire.On)
		if got := x.by.sees(x.to); got != "" {
			t.Errorf("they see each other: %q", got)
		}
	}
	if got := signs(cleoHears.caughtUp(t, "r2", "cleo", anna, ca, cb), ben); len(got) != 0 {
		t.Errorf("cleo was told that ben %q", got)
	}
	if got := signs(benHears.caughtUp(t, "r1", "ben", anna, ca, cb), cleo); len(got) != 0 {
		t.Errorf("ben was told that cleo %q", got)
	}

	annaHears := hearing(t, anna, ca, cb, "r:g1", "r:r1")
	must(t, a.Suspend(t.Context(), SuspendIn{Email: "ben@example.com", Text: "Too many links."}))
	far := ben.at(cb)
	far.n = 900
	for i, c := range []workroom.Command{say("g1", needle), say("r1", needle), workroom.React{Room: "r1", Message: "ben0", Emoji: "👍", On: true}} {
		if r := far.send(far.command(fmt.Sprint("closed", i), c))[0]; r.Status != wire.Later || r.Code != workroom.AccountClosed {
			t.Errorf("%s of the suspended: %+v", c.Op(), r)
		}
	}
	if err := far.Typing(t.Context(), "r1"); code(err) != workroom.AccountClosed {
		t.Errorf("the suspended write: %v", err)
	}
	if _, err := far.NewFile(t.Context(), wire.NewFile{ID: "f1", Scope: "r:r1", Name: "a.txt", Size: 1, Parts: []string{sha([]byte("x"))}}); code(err) != workroom.AccountClosed {
		t.Errorf("an upload: %v", err)
	}
	list := annaHears.caughtUp(t, "r2", "anna", cleo, ca, cb)
	told, err := json.Marshal(list)
	must(t, err)
	if strings.Contains(string(told), needle) || len(signs(list, ben)) != 0 {
		t.Errorf("of the suspended others were told %v", signs(list, ben))
	}
	anna.does("still", say("r1", "you may read"))
	if got := far.saw("r1", "still", "ben0", "ben1"); len(got) != 3 {
		t.Errorf("the suspended read %v", got)
	}
}
