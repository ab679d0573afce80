package proof

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing/synctest"
	"time"

	"trestle/internal/blob"
	"trestle/internal/courier"
	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// simDevice is one machine of a person: its file, its blobs, its engine, and what the person did there.
type simDevice struct {
	w     *simWorld
	name  string
	who   *simPerson
	id    string
	token string
	dir   string
	clone bool // shares its identity with another one

	on    bool
	life  int // counts restarts; what an earlier life began is void
	rep   *replica.Replica
	man   *courier.Manual
	blobs *blob.Store
	look  *Copy
	skew  time.Duration
	old   bool // a program too old for the service
	deaf  bool // no frame of the live channel reaches it (I19)

	wake    time.Time // of the tick that is queued
	stream  *simStream
	offline time.Time // no network until then
	armed   string    // the failpoint of the next transaction
	broke   bool      // it was hit: the machine dies after this act
	touched map[workroom.Scope]bool
	cursors map[workroom.Scope]replica.Cursor
	epoch   string
	lost    bool // the service lost history without saying so; some cursors may be of it
	astray  map[workroom.Scope]bool
	asked   bool // a new token is being asked for
	stepped bool // the machine took something in since it was last looked after
	acts    int  // under way
	pulls   map[workroom.Scope]int

	ear   sync.Mutex
	heard []simHeard // at the socket

	kept  map[string]*simKept
	slice map[workroom.ContractID]*workroom.Slice
	boot  int
}

// simKept is something the person did and was told is safe.
type simKept struct {
	op    workroom.Op
	lane  string
	text  string          // of a message
	about string          // the message or shot that it changes, as simWorld.erased names it
	file  workroom.FileID // of an upload, which keeps it under every id it goes by
	pos   int64
	after []string
	again bool // the person wished anew what the service had accepted before, and the copy had taken for refused: it has no place of its own
}

// simStream is a live channel as the device hears it.
type simStream struct {
	cut   context.CancelFunc
	mu    sync.Mutex
	heard []courier.Event
	end   *courier.Event
	over  bool // the device knows that it ended: nothing comes over it any more
	past  int  // how often the service had gone back when it began
}

var simCtx = context.Background()

// join makes a device of a person and switches it on.
func (w *simWorld) join(p *simPerson) *simDevice {
	p.devices++
	d := &simDevice{w: w, who: p, name: fmt.Sprint(p.name, p.devices), touched: map[workroom.Scope]bool{}, kept: map[string]*simKept{},
		slice: map[workroom.ContractID]*workroom.Slice{}, cursors: map[workroom.Scope]replica.Cursor{}, astray: map[workroom.Scope]bool{}, pulls: map[workroom.Scope]int{}}
	d.id = "dev-" + d.name
	d.dir = filepath.Join(w.dir, d.name)
	w.must("make a folder", os.MkdirAll(d.dir, 0o700))
	var s *wire.Signed
	var err error
	faulty := w.faulty
	w.faulty, w.armed = false, ""
	if p.id == "" {
		s, err = d.client().SignUp(simCtx, wire.SignUp{Name: p.name, Email: p.email, Password: simPassword, Device: d.id})
	} else {
		s, err = d.client().SignIn(simCtx, wire.SignIn{Email: p.email, Password: simPassword, Device: d.id})
	}
	w.faulty = faulty
	w.must("sign in "+d.name, err)
	if p.id == "" {
		p.id, p.service = s.Account, s.Service
		w.observe()
		w.acts[workroom.AccountScope(p.id)] = []int64{1}
	}
	d.token = s.Token
	w.devs = append(w.devs, d)
	d.start()
	return d
}

func (d *simDevice) client() *wire.Client {
	c := &wire.Client{Base: wire.LocalBase, HTTP: &http.Client{Transport: d}, Token: d.token, Service: d.who.service, Version: "0.1.0"}
	if d.old {
		c.Version = "0.0.9"
	}
	return c
}

func (d *simDevice) clock() time.Time { return d.w.now.Add(d.skew).Round(0) }
func (d *simDevice) file() string     { return filepath.Join(d.dir, "copy.db") }

// start opens the file and lets the engine begin.
func (d *simDevice) start() {
	w := d.w
	var err error
	d.armed, d.broke = "", false
	d.blobs, err = blob.Open(filepath.Join(d.dir, "blobs"))
	w.must("open blobs", err)
	d.rep, err = replica.Open(d.file(), replica.Options{Service: d.who.service, Account: d.who.id, Device: d.id, Now: d.clock,
		NewID: func() string { return w.newID("r") }, Drop: d.blobs.Remove, Changed: d.changed, Fail: d.failpoint("replica."), Manual: true})
	w.must("open the file of "+d.name, err)
	d.look, err = OpenCopy(d.file(), d.who.id)
	w.must("read the file of "+d.name, err)
	d.man = courier.NewManual(courier.Options{Replica: d.rep, Blobs: d.blobs, Client: d.client(), Rand: w.rng.Float64, Now: d.clock, Fail: d.failpoint("courier.")})
	d.on, d.life, d.broke, d.armed, d.wake, d.acts = true, d.life+1, false, "", time.Time{}, 0
	d.note(Event{Kind: "start"})
	d.boot++
	clear(d.slice)
	d.step(courier.Start())
	d.tend()
}

// tend lets the copy do what it does beside the work: the index, the list of what is unsent.
func (d *simDevice) tend() {
	life := d.life
	d.w.after(d.w.span(5*time.Second, time.Minute), func() {
		if d.on && d.life == life {
			d.rep.Tend(simCtx)
			d.tend()
		}
	})
}

func (d *simDevice) note(e Event) { e.Dev = d.name; d.w.note(e) }

func (d *simDevice) changed(list []workroom.Scope) {
	for _, s := range list {
		d.touched[s] = true
	}
}

var errSimCrash = errors.New("the machine stops here")

// failpoint lets the machine die at the armed place, whenever it comes there.
func (d *simDevice) failpoint(of string) func(string) error {
	return func(point string) error {
		if d.armed == "" || d.broke || d.armed != of+point && d.armed != "any" {
			return nil
		}
		d.broke = true
		d.w.count("died at " + of + point)
		d.note(Event{Kind: "fault", Op: "crash", Text: "at " + of + point})
		return errSimCrash
	}
}

// simPoints are the places where a machine can die.
var simPoints = func() (out []string) {
	for _, p := range replica.Points() {
		if p != replica.PointRescue && p != replica.PointMigrate && p != replica.PointBackup { // met when a file is opened, or once a day
			out = append(out, "replica."+p)
		}
	}
	for _, p := range courier.Points() {
		out = append(out, "courier."+p)
	}
	return append(out, "any", "any", "any")
}()

// stop drops the engine as the end of its process does.
func (d *simDevice) stop() {
	if !d.on {
		return
	}
	d.on = false
	d.hangUp()
	synctest.Wait()
	d.w.must("close what reads the file", d.look.Close())
	d.w.must("close the file of "+d.name, d.rep.Close())
	d.note(Event{Kind: "stop"})
}

func (d *simDevice) hangUp() {
	if d.stream != nil {
		d.stream.cut()
		synctest.Wait()
		d.stream.over = true
		d.stream = nil
	}
}

// crash kills the machine and starts it again after a while.
func (d *simDevice) crash(away time.Duration) {
	if !d.on {
		return
	}
	d.w.count("crashes")
	d.stop()
	d.w.after(away, func() {
		if !d.on {
			d.start()
			d.checkKept("after a crash")
		}
	})
}

// attend looks after a device between two events: what the person did is to be sent, a machine that met a failpoint dies, and the next
// tick is queued.
func (d *simDevice) attend() {
	if !d.on {
		return
	}
	if d.broke {
		d.crash(d.w.span(0, 20*time.Second))
		return
	}
	if d.man.Kicked() {
		d.step(courier.Kick())
	}
	if d.stepped && d.man.Status().Phase == courier.Paused && !d.asked {
		d.asked = true
		d.w.after(d.w.span(time.Second, 2*time.Minute), d.signIn)
	}
	d.stepped = false
	d.check()
	wake := d.man.Wake()
	if wake.IsZero() {
		return
	}
	at := wake.Add(-d.skew)
	if !d.wake.IsZero() && !d.wake.Before(d.w.now) && !at.Before(d.wake) {
		return
	}
	at = laterOf(at, d.w.now.Add(time.Millisecond))
	d.wake = at
	life := d.life
	d.w.after(at.Sub(d.w.now), func() {
		if d.on && d.life == life {
			d.wake = time.Time{}
			d.step(courier.Tick())
		}
	})
}

func laterOf(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// step feeds an event to the machine and queues what it wants done.
func (d *simDevice) step(e courier.Event) {
	d.stepped = true
	acts := d.man.Step(d.clock(), e)
	label := func(a courier.Act) string { return fmt.Sprint(a.Kind(), " ", a.Scopes(), " ", a.IDs()) }
	slices.SortStableFunc(acts, func(a, b courier.Act) int { return cmp.Compare(label(a), label(b)) })
	life := d.life
	for _, a := range acts {
		d.acts++
		d.w.after(d.w.span(0, 5*time.Millisecond), func() {
			if d.on && d.life == life {
				d.do(a)
			}
		})
	}
}

// do is the first half of an act; the second follows when the answer has come.
func (d *simDevice) do(a courier.Act) {
	w := d.w
	if a.Connect() {
		d.acts--
		d.listen()
		return
	}
	kind, scopes := a.Kind(), a.Scopes()
	if kind == "pull" {
		d.pulls[scopes[0]]++
	}
	d.note(Event{Kind: "act", Op: kind, Scope: scopeText(scopes), ID: strings.Join(a.IDs(), " ")})
	w.answerDelay = 0
	r := d.man.Ask(simCtx, a)
	back := time.Duration(0)
	if a.Net() {
		back = w.span(time.Millisecond, 60*time.Millisecond) + w.answerDelay
	}
	life := d.life
	w.after(back, func() {
		if !d.on || d.life != life {
			return
		}
		d.acts--
		before := map[workroom.Scope]replica.Cursor{}
		for _, s := range scopes {
			before[s] = d.cursors[s]
		}
		events := d.man.Store(simCtx, r)
		d.note(Event{Kind: "stored", Op: kind, Scope: scopeText(scopes)})
		if d.broke {
			return // the process ended inside; nobody hears of what came of it
		}
		d.follow(kind, scopes)
		for _, e := range events {
			d.step(e)
		}
	})
}
