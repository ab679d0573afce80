package proof

import (
	"fmt"
	"slices"
	"strings"

	"trestle/internal/courier"
	"trestle/internal/outbox"
	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// act draws one thing that happens.
func (d *modelDesk) act() {
	room := modelRooms[d.roll("room", len(modelRooms))]
	s := workroom.RoomScope(room)
	switch d.roll("act", 32) {
	case 0, 1, 2: // the person writes; some of it the service will not like; some follows what waits in the other room
		d.ids++
		id, text := fmt.Sprint("m", d.ids), fmt.Sprint("w", d.ids)
		if d.roll("bad", 6) == 0 {
			text = "bad " + text
		}
		o := replica.EnqueueOpts{ID: id}
		if d.roll("follow", 4) == 0 {
			rows, err := d.rep.Rows(simCtx)
			d.must("read the outbox", err)
			for _, r := range rows {
				if r.Verdict == outbox.None {
					o.After = []string{r.ID}
				}
			}
		}
		_, err := d.rep.Enqueue(simCtx, workroom.SendMessage{Room: room, Text: text}, o)
		d.keep(id, text, err)
	case 3:
		d.ids++
		_, err := d.rep.Enqueue(simCtx, workroom.SetPref{Room: room, Who: modelMe, Favourite: new(d.roll("on", 2) == 0)}, replica.EnqueueOpts{ID: fmt.Sprint("p", d.ids)})
		d.must("enqueue", err)
	case 4:
		d.ids++
		_, err := d.rep.Enqueue(simCtx, workroom.SetMarker{Room: room, Who: modelMe, N: int64(d.roll("n", 6)), E: int64(d.roll("e", 3))}, replica.EnqueueOpts{ID: fmt.Sprint("k", d.ids)})
		d.must("enqueue", err)
	case 5, 6, 7, 8: // an act is done
		if len(d.acts) > 0 {
			i := d.roll("which", len(d.acts))
			faults := []string{"", "", "", "", "drop", "lost", "twice", "html", "404", "422", "500", "late"}
			d.ask(i, faults[d.roll("fault", len(faults))])
		}
	case 9, 10, 11, 12: // an answer is stored, in whatever order
		if len(d.replies) > 0 {
			if d.roll("dies", 10) == 0 { // in the middle of storing it
				points := []string{replica.PointCommit, replica.PointPage, replica.PointReopen, replica.PointAck}
				d.armed = "replica." + points[d.roll("point", len(points))]
			}
			d.store(d.roll("which", len(d.replies)))
		}
	case 13: // time goes on
		d.rep.Tend(simCtx)
		if w := d.man.Wake(); !w.IsZero() {
			d.now = laterOf(d.now, w)
		}
		d.step(courier.Tick())
	case 14: // somebody else writes
		d.ids++
		d.svc.write("other", workroom.Change{Ref: workroom.Ref{Scope: s, Kind: workroom.KindMessage, ID: fmt.Sprint("o", d.ids)}, Thing: &workroom.Message{Author: "other", Text: fmt.Sprint("o", d.ids)}})
	case 15: // a message is deleted
		var live []string
		for k, r := range d.svc.Things[s] {
			if r.Kind == workroom.KindMessage && !r.Gone {
				live = append(live, k)
			}
		}
		slices.Sort(live)
		if len(live) > 0 {
			r := d.svc.Things[s][live[d.roll("which", len(live))]]
			d.svc.write("other", workroom.Change{Ref: workroom.Ref{Scope: s, Kind: workroom.KindMessage, ID: r.ID}})
		}
		d.overtake(s)
	case 16: // the live channel says something, or breaks
		switch {
		case !d.stream:
		case d.roll("break", 4) == 0:
			d.stream = false
			d.step(courier.Ended(errNoNetwork))
		case d.roll("hello", 3) == 0:
			d.step(courier.Frame(wire.Event{Hello: &wire.Hello{Epoch: d.svc.Epoch}}))
		case d.roll("rows", 2) == 0:
			d.step(courier.Frame(wire.Event{Hint: &wire.Hint{Heads: []wire.HintHead{{Scope: s, Seq: d.svc.Heads[s].Seq}}}}))
		case !d.svc.Rights[modelMe][s].Gone:
			d.step(courier.Frame(d.svc.rowsFrame(s, max(0, d.svc.Heads[s].Seq-1))))
		}
	case 17: // the machine dies, now or in the middle of the next transaction
		if d.roll("now", 2) == 0 {
			d.crash()
		} else {
			d.armed = simPoints[d.roll("point", len(simPoints))]
		}
	case 18, 24, 25, 26: // history is asked for
		w, more, err := d.rep.BeginHistory(simCtx, s)
		d.must("ask for history", err)
		if more && err == nil {
			h := replica.History{Want: w, Failed: d.roll("fails", 4) == 0}
			h.Things, h.Lo = d.svc.window(s, w.Before, 1+d.roll("size", 3))
			h.More, h.Hi, h.AsOf = h.Lo > 0, w.Before-1, d.svc.Heads[s].Seq
			d.want = append(d.want, h)
			if len(h.Things) > 0 && d.roll("meanwhile", 3) == 0 { // one of them is deleted, and the copy hears of it first
				d.svc.write("other", workroom.Change{Ref: workroom.Ref{Scope: s, Kind: workroom.KindMessage, ID: h.Things[d.roll("which", len(h.Things))].ID}})
				d.rest()
			}
		}
	case 19, 27, 28, 29, 30, 31: // and comes
		if len(d.want) > 0 {
			h := d.want[0]
			d.want = d.want[1:]
			if d.roll("dies", 4) == 0 {
				d.armed = "replica." + replica.PointHistory
			}
			d.must("store history", d.rep.Apply(simCtx, h))
			modelWindows++
		}
	case 20: // the person decides about what was refused
		list, err := d.rep.NotSent(simCtx)
		d.must("read Not sent", err)
		if len(list) == 0 {
			break
		}
		x := list[d.roll("which", len(list))]
		if d.roll("discard", 2) == 0 {
			d.must("discard", d.rep.Discard(simCtx, x.ID))
			if !d.broke {
				delete(d.kept, x.ID)
			}
			break
		}
		id, err := d.rep.Retry(simCtx, x.ID)
		if err == nil && !d.broke {
			d.moved()
			_ = id
		}
	case 21: // a message that waits is reworded
		list, err := d.rep.Waiting(simCtx)
		d.must("read the outbox", err)
		for _, x := range list {
			if m, ok := x.Command.(workroom.SendMessage); ok {
				m.Text = strings.TrimPrefix(m.Text, "bad ") + "'"
				if _, err := d.rep.EditArgs(simCtx, x.ID, m, x.After); err == nil && !d.broke {
					d.kept[x.ID] = m.Text
				}
				break
			}
		}
	case 22: // access ends, comes back, changes
		if d.roll("rarely", 3) > 0 {
			break
		}
		if d.svc.Rights[modelMe][s].Gone {
			d.svc.grant(s, int64(d.roll("from", 2))*(d.svc.Heads[s].Seq+1))
		} else if d.roll("again", 2) == 0 {
			d.svc.grant(s, d.svc.Rights[modelMe][s].From)
		} else {
			d.rep.Tend(simCtx) // its words are in the index by then
			d.svc.revoke(s)
			if d.roll("heard", 2) == 0 {
				d.rest()
			}
		}
	case 23: // the token is replaced, or a late request arrives
		if len(d.svc.late) > 0 {
			d.svc.late[0]()
			d.svc.late = d.svc.late[1:]
			break
		}
		d.svc.token += "+"
		before, err := d.look.Waiting()
		d.must("read the outbox", err)
		d.must("go on with a new token", d.man.Resume(d.client()))
		after, err := d.look.Waiting()
		d.must("read the outbox", err)
		if len(before) != len(after) {
			d.rt.Fatalf("I22: a new token dropped %d commands", len(before)-len(after))
		}
		d.stream = false
		d.step(courier.Start())
		d.step(courier.Ended(errNoNetwork))
	}
	if d.broke {
		d.crash()
	}
	if d.man.Kicked() {
		d.step(courier.Kick())
	}
	for range 20 { // what touches this machine alone is mostly done at once
		i := slices.IndexFunc(d.acts, func(a courier.Act) bool { return !a.Net() })
		if !d.lively || i < 0 {
			break
		}
		d.ask(i, "")
		d.store(len(d.replies) - 1)
		if d.broke {
			d.crash()
		}
	}
}

// overtake lets an answer to a batch wait until the copy has heard by other ways that what it wrote there is gone again.
func (d *modelDesk) overtake(s workroom.Scope) {
	sends := func(r modelReply) bool { return r.kind == "send" }
	if !slices.ContainsFunc(d.replies, sends) || d.roll("overtake", 2) == 0 {
		return
	}
	for i := len(d.svc.order) - 1; i >= 0; i-- {
		if x, ok := d.svc.Things[s]["message/"+d.svc.order[i]]; ok && !x.Gone {
			for _, gone := range []bool{false, true} { // first it is pulled, then that it is gone
				if gone {
					d.svc.write("other", workroom.Change{Ref: workroom.Ref{Scope: s, Kind: workroom.KindMessage, ID: x.ID}})
				}
				d.step(courier.Sync())
				for range 40 {
					if j := slices.IndexFunc(d.replies, func(r modelReply) bool { return !sends(r) }); j >= 0 {
						d.store(j)
					} else if j := slices.IndexFunc(d.acts, func(a courier.Act) bool { return a.Kind() != "send" }); j >= 0 {
						d.ask(j, "")
					} else {
						break
					}
					if d.broke {
						return
					}
				}
			}
			return
		}
	}
}
