package courier

import (
	"fmt"
	"math/rand"
	"testing"

	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// marker is a device's read marker of a room as it shows it.
func (d *device) marker(room workroom.RoomID) workroom.Marker {
	d.t.Helper()
	r, known, err := d.rep.Thing(bg, workroom.Ref{Scope: workroom.AccountScope(d.signed.Account), Kind: workroom.KindMarker, ID: string(room)})
	must(d.t, err)
	if known != workroom.Held {
		return workroom.Marker{}
	}
	return *r.Thing.(*workroom.Marker)
}

// recount is the unread count by its definition, from the service's own rows.
func (d *device) recount(room workroom.RoomID) int64 {
	d.t.Helper()
	epoch, err := d.rep.Epoch(bg)
	must(d.t, err)
	cur, err := d.rep.Cursor(bg, workroom.RoomScope(room))
	must(d.t, err)
	m := d.marker(room)
	read, newest, head := m.N, int64(0), int64(0)
	var mine, theirs []int64
	p := wire.Pull{Scope: workroom.RoomScope(room), Epoch: epoch, Gen: cur.Gen}
	for more := true; more; {
		page, err := d.client().Pull(bg, p)
		must(d.t, err)
		for _, x := range page.Things {
			if x.Kind != workroom.KindMessage {
				continue
			}
			head = max(head, x.Num)
			if x.By != d.signed.Account {
				theirs = append(theirs, x.Num)
				continue
			}
			mine = append(mine, x.Num)
			y, err := workroom.Decode(x.Kind, x.Body)
			must(d.t, err)
			if to := workroom.ReadBy(x.Num, y.(*workroom.Message).Above); x.Num > max(m.N, m.Head) && (to >= m.Head || m.N >= m.Head) {
				read, newest = max(read, to), max(newest, x.Num)
			}
		}
		p.After, p.Tag, more = page.Seq, page.Tag, page.More
	}
	top, n := max(read, newest), int64(0)
	for _, x := range theirs { // came in above what one wrote
		if read < x && x < top {
			n++
		}
	}
	for _, x := range mine {
		if x > top {
			n--
		}
	}
	return n + max(0, head-top)
}

// I20, I14: two devices of one account read and mark unread in any order, on and off the network, while both sides write. In the end both
// show the same marker, unread is what a recount says, and no more than one marker a room ever waits.
func TestI20_MarkersAcrossDevices(t *testing.T) {
	w := newWorld(t)
	p, a := w.join("Paula"), w.join("Alice")
	k, room, secret := p.contract(false)
	p.sync()
	a.do(workroom.AcceptContract{Contract: k, Room: room, Who: a.signed.Account, Name: "Alice", Secret: secret}, replica.EnqueueOpts{About: string(k)})
	a.sync()
	b := a.second()
	b.sync()
	rnd := rand.New(rand.NewSource(20))
	sayings := 0
	for range 120 {
		d := []*device{a, b}[rnd.Intn(2)]
		cur, err := d.rep.Cursor(bg, workroom.RoomScope(room))
		must(t, err)
		m := d.marker(room)
		before := m
		switch rnd.Intn(7) {
		case 0, 1:
			sayings++
			p.say(room, fmt.Sprint("p", sayings))
		case 2:
			sayings++
			d.say(room, fmt.Sprint("mine", sayings))
		case 3, 4: // read to the end
			d.do(workroom.SetMarker{Room: room, Who: d.signed.Account, N: cur.Msgs, E: m.E, Head: cur.Msgs}, replica.EnqueueOpts{})
		case 5: // mark unread
			d.do(workroom.SetMarker{Room: room, Who: d.signed.Account, N: max(0, cur.Msgs-2), E: m.E + 1, Head: cur.Msgs}, replica.EnqueueOpts{})
		case 6:
			if d.way.down.Swap(rnd.Intn(2) == 0) {
				d.sync0()
			}
		}
		if now := d.marker(room); before.Later(&now) {
			t.Fatalf("I14: the marker went back from %+v to %+v", before, now)
		}
		for _, x := range []*device{a, b} {
			list, err := x.rep.Waiting(bg)
			must(t, err)
			queued := 0
			for _, i := range list {
				if i.Op == workroom.OpSetMarker && i.Attempts == 0 {
					queued++
				}
			}
			if queued > 1 {
				t.Fatalf("%d markers of one room wait", queued)
			}
		}
	}
	a.way.down.Store(false)
	b.way.down.Store(false)
	p.sync()
	for range 2 {
		a.sync()
		b.sync()
	}
	x, y := a.marker(room), b.marker(room)
	if x.N != y.N || x.E != y.E || x.Head != y.Head || x.E == 0 {
		t.Errorf("I20: %+v and %+v", x, y)
	}
	for _, d := range []*device{a, b} {
		n, err := d.rep.Unread(bg, room)
		must(t, err)
		if want := d.recount(room); n != want {
			t.Errorf("I20: unread %d, recounted %d", n, want)
		}
		d.checkI3()
	}
}

// sync0 asks to be brought up to date and does not wait.
func (d *device) sync0() { d.c.post(bg, evSync{}) }
