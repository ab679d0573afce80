package proof

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"trestle/internal/courier"
	"trestle/internal/outbox"
	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// modelDesk is the part under test in T1: the courier's machine, the outbox and the spans of one real copy, driven act by act by rapid, which
// makes a failing run as short as it can.
type modelDesk struct {
	rt      *rapid.T
	svc     *modelService
	path    string
	rep     *replica.Replica
	man     *courier.Manual
	look    *Copy
	now     time.Time
	acts    []courier.Act
	replies []modelReply
	stream  bool
	lively  bool
	want    []replica.History // history asked for and not yet stored
	kept    map[string]string // what the person was told is safe: id to text
	cursors map[workroom.Scope]replica.Cursor
	events  []Event
	ids     int
	armed   string // the place where the machine dies next
	broke   bool
}

type modelReply struct {
	kind string
	r    courier.Reply
}

func (d *modelDesk) must(what string, err error) {
	if err != nil && !d.broke {
		d.rt.Fatalf("%s: %v", what, err)
	}
}

func (d *modelDesk) roll(what string, n int) int { return rapid.IntRange(0, n-1).Draw(d.rt, what) }

func (d *modelDesk) client() *wire.Client {
	return &wire.Client{Base: wire.LocalBase, HTTP: &http.Client{Transport: d.svc}, Token: d.svc.token, Service: modelID, Version: "0.1.0"}
}

func (d *modelDesk) open() {
	var err error
	d.armed, d.broke = "", false
	fail := func(of string) func(string) error {
		return func(point string) error {
			if d.armed == of+point || d.armed == "any" {
				d.armed, d.broke = "", true
				return errSimCrash
			}
			return nil
		}
	}
	d.rep, err = replica.Open(d.path, replica.Options{Service: modelID, Account: modelMe, Device: "dev", Now: func() time.Time { return d.now },
		NewID: func() string { d.ids++; return fmt.Sprint("r", d.ids) }, Fail: fail("replica."), Manual: true})
	d.must("open", err)
	d.look, err = OpenCopy(d.path, modelMe)
	d.must("open", err)
	d.man = courier.NewManual(courier.Options{Replica: d.rep, Client: d.client(), Rand: func() float64 { return 0.3 }, Now: func() time.Time { return d.now }, Fail: fail("courier.")})
	d.acts, d.replies, d.want, d.stream = nil, nil, nil, false
	d.step(courier.Start())
}

func (d *modelDesk) close() {
	d.look.Close()
	d.rep.Close()
}

func (d *modelDesk) step(e courier.Event) {
	for _, a := range d.man.Step(d.now, e) {
		if a.Connect() {
			d.stream = true
			continue
		}
		d.acts = append(d.acts, a)
	}
}

// ask does the first half of an act, perhaps over a broken way.
func (d *modelDesk) ask(i int, fault string) {
	a := d.acts[i]
	d.acts = slices.Delete(d.acts, i, i+1)
	if a.Net() {
		d.svc.fault = fault
	}
	d.now = d.now.Add(10 * time.Millisecond)
	r := d.man.Ask(simCtx, a)
	d.svc.fault = ""
	d.replies = append(d.replies, modelReply{a.Kind(), r})
}

// store does the second half.
func (d *modelDesk) store(i int) {
	r := d.replies[i]
	d.replies = slices.Delete(d.replies, i, i+1)
	d.now = d.now.Add(10 * time.Millisecond)
	for _, e := range d.man.Store(simCtx, r.r) {
		if d.broke {
			break
		}
		d.step(e)
	}
}

// rest lets everything come to rest without faults.
func (d *modelDesk) rest() {
	for range 4000 {
		switch {
		case d.broke:
			d.crash()
		case d.man.Kicked():
			d.step(courier.Kick())
		case len(d.replies) > 0:
			d.store(0)
		case len(d.acts) > 0:
			d.ask(0, "")
		case d.stream && !d.said():
			d.stream = false
			d.step(courier.Frame(wire.Event{Hello: &wire.Hello{Epoch: d.svc.Epoch}}))
			d.stream = true
		default:
			w := d.man.Wake()
			rows, err := d.rep.Rows(simCtx)
			d.must("read the outbox", err)
			if !mayGo(rows, d.now) && d.inStep() || w.IsZero() {
				return
			}
			d.now = laterOf(d.now.Add(time.Millisecond), w)
			d.step(courier.Tick())
		}
	}
	rows, err := d.rep.Rows(simCtx)
	d.must("read the outbox", err)
	states := outbox.States(rows, d.now.UnixMicro())
	for _, r := range rows {
		d.rt.Logf("%s %s %s: %s, attempts %d, not before %s, edges %v", r.Lane, r.Op, r.ID, states[r.ID], r.Attempts, time.UnixMicro(r.NotBefore).Sub(d.now), r.After)
	}
	for s, r := range d.svc.Rights[modelMe] {
		h, err := d.look.Scope(s)
		d.must("read a scope", err)
		d.rt.Logf("%s: right %+v, head %+v, held %t", s, r, d.svc.Heads[s], h != nil)
		if h != nil {
			d.rt.Logf("   state %s gen %d seq %d", h.State, h.Gen, h.Seq)
		}
	}
	d.rt.Fatalf("L1: it does not come to rest: %s, wake %s, %d acts, %d replies", d.man.Status().Phase, d.man.Wake().Sub(d.now), len(d.acts), len(d.replies))
}

// mayGo reports whether any waiting row can still go without a person: one behind a row that cannot, in its lane, cannot either.
func mayGo(rows []outbox.Row, now time.Time) bool {
	states := outbox.States(rows, now.UnixMicro())
	stuck := map[string]bool{}
	for i := range rows {
		r := &rows[i]
		switch s := states[r.ID]; {
		case r.Verdict != outbox.None:
			stuck[r.Lane] = stuck[r.Lane] || r.Holds()
		case s == outbox.Waiting || s == outbox.Held:
			stuck[r.Lane] = true
		case !stuck[r.Lane]:
			return true
		}
	}
	return false
}

func (d *modelDesk) said() bool { return true }

func (d *modelDesk) inStep() bool {
	for s, r := range d.svc.Rights[modelMe] {
		h, err := d.look.Scope(s)
		d.must("read a scope", err)
		if !r.Gone && (h == nil || h.State != replica.Whole || h.Seq != d.svc.Heads[s].Seq || h.Gen != r.Gen) {
			return false
		}
	}
	return true
}

func (d *modelDesk) crash() {
	d.close()
	d.open()
	d.check("after a crash")
}

func (d *modelDesk) keep(id, text string, err error) {
	if no, ok := err.(*workroom.Refusal); ok || d.broke {
		_ = no
		return
	}
	d.must("enqueue", err)
	d.kept[id] = text
}

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
		_, err := d.rep.Enqueue(simCtx, workroom.SetPref{Room: room, Who: modelMe, Favourite: d.roll("on", 2) == 0}, replica.EnqueueOpts{ID: fmt.Sprint("p", d.ids)})
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

// moved learns which new ids stand for old ones, by the text.
func (d *modelDesk) moved() {
	rows, err := d.look.Waiting()
	d.must("read the outbox", err)
	ids := map[string]bool{}
	for _, r := range rows {
		ids[r.ID] = true
	}
	for _, r := range rows {
		if _, known := d.kept[r.ID]; known || r.Op != workroom.OpSendMessage {
			continue
		}
		for id, text := range d.kept {
			if !ids[id] && strings.Contains(string(r.Args), `"`+text+`"`) {
				delete(d.kept, id)
				d.kept[r.ID] = text
				break
			}
		}
	}
}

// check holds the copy against the model.
func (d *modelDesk) check(when string) {
	var bad []Violation
	bad = append(bad, d.svc.bad...)
	names, err := d.look.Names()
	d.must("read the copy", err)
	epoch, err := d.look.Epoch()
	d.must("read the copy", err)
	for _, s := range names {
		h, err := d.look.Scope(s)
		d.must("read the copy", err)
		if epoch == d.svc.Epoch {
			bad = append(bad, CheckI3CursorHonesty(h, d.svc.Truth)...)
			bad = append(bad, CheckI13SpanTruth(h, d.svc.Truth, modelMe)...)
			bad = append(bad, CheckI12NoResurrection(h, d.svc.Truth)...)
		}
		v, err := CheckI11Purge(d.look, s)
		d.must("check I11", err)
		bad = append(bad, v...)
		if h.State == replica.Whole {
			d.events = append(d.events, Event{Kind: "cursor", Scope: string(s), Seq: h.Seq, Gen: h.Gen, Status: epoch})
		} else {
			d.events = append(d.events, Event{Kind: "cursor", Scope: string(s), Gen: h.Gen, Status: epoch, Text: "reset"})
		}
	}
	bad = append(bad, CheckI14Monotonic(d.events)...)
	v, err := CheckI8ViewPurity(d.look)
	d.must("check I8", err)
	bad = append(bad, v...)
	rows, err := d.look.Waiting()
	d.must("read the outbox", err)
	sent, err := d.look.Sent()
	d.must("read what was sent", err)
	args := map[string]string{}
	for _, r := range rows {
		args[r.ID] = string(r.Args)
		if r.Verdict == outbox.Rejected && d.svc.records[r.ID].Status != wire.Rejected && r.Code != workroom.NoAccess && r.Code != workroom.DepFailed {
			bad = append(bad, broken("I4", r.ID, "%s counts as refused (%s) and the service never said so", r.Op, r.Code))
		}
		if r.Verdict != outbox.None && d.svc.records[r.ID].Status == wire.OK && r.Code != workroom.NoAccess {
			bad = append(bad, broken("I4", r.ID, "%s counts as refused (%s) and the service has it", r.Op, r.Code))
		}
	}
	for _, a := range sent {
		args[a.ID] = a.Args
		if d.svc.records[a.ID].Status != wire.OK {
			bad = append(bad, broken("I6", a.ID, "%s counts as acked and the service does not have it", a.Op))
		}
	}
	for id, text := range d.kept {
		if a, ok := args[id]; d.svc.records[id].Status != wire.OK && (!ok || !strings.Contains(a, `"`+text+`"`)) {
			bad = append(bad, broken("I5", id, "a message is nowhere, or lost its text, %s", when))
		}
	}
	if len(bad) > 0 {
		d.rt.Fatalf("%s:\n%s", when, words(bad))
	}
}

// modelWindows counts the windows of history that were stored in all runs: without any, T1 proves nothing of them.
var modelWindows int

// checkOrder is I7 for the whole run: accepted messages of a lane stand in the order of their places, and none before what it follows.
func (d *modelDesk) checkOrder() {
	at := map[string]int{}
	for i, id := range d.svc.order {
		at[id] = i
	}
	sent, err := d.look.Sent()
	d.must("read what was sent", err)
	pos, err := d.placesOfSent()
	d.must("read what was sent", err)
	slices.SortFunc(sent, func(a, b Acked) int { return int(pos[a.ID] - pos[b.ID]) })
	last := map[string]Acked{}
	for _, a := range sent {
		if a.Op != workroom.OpSendMessage {
			continue
		}
		if was, ok := last[a.Lane]; ok && at[was.ID] > at[a.ID] {
			d.rt.Fatalf("I7: %s at place %d was accepted after %s at place %d", was.ID, pos[was.ID], a.ID, pos[a.ID])
		}
		last[a.Lane] = a
	}
}

func (d *modelDesk) placesOfSent() (map[string]int64, error) {
	out := map[string]int64{}
	rows, err := d.look.db.Query(`SELECT id, CASE pos WHEN 0 THEN n ELSE pos END FROM sent`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var pos int64
		if err := rows.Scan(&id, &pos); err != nil {
			return nil, err
		}
		out[id] = pos
	}
	return out, rows.Err()
}

// TestT1_AgainstModel drives courier, outbox and spans through whatever rapid thinks of, against a model of the service that is simple
// enough to be believed. -rapid.checks chooses how many runs.
func TestT1_AgainstModel(t *testing.T) {
	dir := simDir(t)
	checks := Size(25, 120, 2000, 200_000)
	if f := os.Getenv("TRESTLE_PROOF_MODEL"); f != "" {
		fmt.Sscan(f, &checks)
	}
	was := flag.Lookup("rapid.checks").Value.String()
	must(t, flag.Set("rapid.checks", fmt.Sprint(checks)))
	defer flag.Set("rapid.checks", was)
	runs, steps := 0, 0
	defer func() {
		Report(t, "T1", "%d runs, %d steps of the model, %d windows of history", runs, steps, modelWindows)
	}()
	rapid.Check(t, func(rt *rapid.T) {
		runs++
		path := filepath.Join(dir, fmt.Sprint(runs), "copy.db")
		defer os.RemoveAll(filepath.Dir(path))
		d := &modelDesk{rt: rt, svc: newModelService(), path: path, now: time.Unix(1_800_000_000, 0), kept: map[string]string{}, cursors: map[workroom.Scope]replica.Cursor{}}
		if d.roll("small", 4) < 3 {
			d.svc.limit, d.svc.tail = 1+d.roll("limit", 3), d.roll("tail", 4)
		}
		d.lively = d.roll("lively", 4) < 3
		d.open()
		defer func() { d.close() }()
		if d.roll("begin", 4) > 0 {
			d.rest()
		}
		k := rapid.IntRange(1, 80).Draw(rt, "steps")
		for range k {
			d.act()
			d.check("on the way")
		}
		steps += k
		d.armed = ""
		d.svc.late = nil
		d.rest()
		d.check("at the end")
		d.checkOrder()
	})
}
