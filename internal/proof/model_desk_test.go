package proof

import (
	"fmt"
	"net/http"
	"slices"
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
