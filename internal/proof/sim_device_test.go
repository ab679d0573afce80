package proof

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing/synctest"
	"time"

	"trestle/internal/blob"
	"trestle/internal/courier"
	"trestle/internal/outbox"
	"trestle/internal/replica"
	"trestle/internal/service"
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
	text  string // of a message
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

func scopeText(list []workroom.Scope) string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return strings.Join(out, " ")
}

// listen opens the live channel.
func (d *simDevice) listen() {
	d.hangUp()
	ctx, cut := context.WithCancel(simCtx)
	s := &simStream{cut: cut, past: d.w.restores}
	d.stream = s
	man := d.man
	go func() {
		end := man.Listen(ctx, func(e courier.Event) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.heard = append(s.heard, e)
		})
		s.mu.Lock()
		defer s.mu.Unlock()
		s.end = &end
	}()
	synctest.Wait()
}

// collect takes what the live channels said since, in the order of the devices, and lets it travel.
func (w *simWorld) collect() {
	for _, d := range w.devs {
		d.listenIn()
		s := d.stream
		if s == nil || !d.on {
			continue
		}
		s.mu.Lock()
		heard, end := s.heard, s.end
		s.heard = nil
		s.mu.Unlock()
		life := d.life
		for _, e := range heard {
			late := w.span(time.Millisecond, 40*time.Millisecond)
			if !w.cfg.frames {
				w.count("frames dropped")
				continue
			}
			copies := 1
			switch f := w.fault(d, "frame"); f {
			case "":
			case "dup":
				copies = 2
				w.fired(f, d, "frame", nil)
			case "delay", "reorder":
				late += w.span(time.Second, 20*time.Second)
				w.fired(f, d, "frame", nil)
			case "halfopen":
				w.fired(f, d, "frame", nil)
				d.stream.cut()
			default:
				w.fired("drop", d, "frame", nil)
				continue
			}
			for range copies {
				w.after(late, func() {
					if d.on && d.life == life && !s.over {
						d.note(Event{Kind: "frame", Op: e.Name()})
						d.step(e)
						if s.past == w.restores {
							d.follow("frame", nil)
						} else { // it was said before the service went back
							d.follow("late frame", nil)
						}
					}
				})
			}
		}
		if end != nil {
			d.stream = nil
			w.after(w.span(time.Millisecond, 40*time.Millisecond), func() {
				s.over = true
				if d.on && d.life == life {
					d.step(*end)
				}
			})
		}
	}
}

// simEar listens at the socket of a live channel: what is told there must be open to the account (I10). And it gives every device the same
// pause at a service's end in each run, because the service spreads them in an order of chance.
type simEar struct {
	io.ReadCloser
	d    *simDevice
	ms   int
	line []byte
}

var byePattern = regexp.MustCompile(`"retry_ms":[0-9]{4}\}`)

func (b *simEar) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	copy(p, byePattern.ReplaceAll(p[:n:n], fmt.Appendf(nil, `"retry_ms":%04d}`, b.ms)))
	for _, c := range p[:n] {
		if c != '\n' {
			b.line = append(b.line, c)
			continue
		}
		if data, ok := bytes.CutPrefix(b.line, []byte("data: ")); ok {
			b.d.overheard(data)
		}
		b.line = b.line[:0]
	}
	return n, err
}

// overheard checks what a frame tells.
func (d *simDevice) overheard(data []byte) {
	var f struct {
		Heads  []wire.HintHead   `json:"h"`
		Beacon []wire.BeaconHead `json:"b"`
		Scope  workroom.Scope    `json:"s"`
		Seq    int64             `json:"seq"`
		Things []wire.Thing      `json:"things"`
	}
	if json.Unmarshal(data, &f) != nil {
		return
	}
	d.ear.Lock()
	defer d.ear.Unlock()
	for _, h := range f.Heads {
		d.heard = append(d.heard, simHeard{scope: h.Scope, seq: h.Seq})
	}
	for _, h := range f.Beacon {
		d.heard = append(d.heard, simHeard{scope: h.Scope, seq: h.Seq})
	}
	if f.Scope != "" {
		d.heard = append(d.heard, simHeard{scope: f.Scope, seq: f.Seq, things: f.Things})
	}
}

type simHeard struct {
	scope  workroom.Scope
	seq    int64
	things []wire.Thing
}

// listenIn checks what the ear heard since: that the account might know of that number when it was given.
func (d *simDevice) listenIn() {
	d.ear.Lock()
	heard := d.heard
	d.heard = nil
	d.ear.Unlock()
	w := d.w
	if w.svc == nil {
		return
	}
	for _, x := range heard {
		w.fail(CheckI10Frame(w.truth, d.who.id, x.scope, x.seq, x.things)...)
	}
	d.named()
}

// opOf names the operation of a request.
func opOf(r *http.Request) string {
	p := strings.TrimPrefix(r.URL.Path, "/v1/")
	switch {
	case strings.HasPrefix(p, "scope/"):
		return p[strings.LastIndexByte(p, '/')+1:]
	case p == "files":
		return "new-file"
	case strings.HasSuffix(p, "/complete"):
		return "complete"
	case strings.HasPrefix(p, "parts/"):
		return "put-part"
	case strings.HasPrefix(p, "files/"):
		return "file"
	}
	return p
}

// RoundTrip is the way between a device and the service. Every fault of the network happens here.
func (d *simDevice) RoundTrip(r *http.Request) (*http.Response, error) {
	w := d.w
	op := opOf(r)
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
		r.Body.Close()
	}
	if w.now.Before(d.offline) && w.faulty {
		w.fired("drop", d, op, body)
		return nil, errNoNetwork
	}
	if op == "pull" && w.pageLimit > 0 {
		q := r.URL.Query()
		q.Set("limit", fmt.Sprint(1+w.rng.IntN(w.pageLimit)))
		r = r.Clone(r.Context())
		r.URL.RawQuery = q.Encode()
	}
	if op == "open" && w.pageLimit > 0 { // a short first look, so that there is history to ask for
		var in wire.Open
		if json.Unmarshal(body, &in) == nil {
			in.Tail = min(in.Tail, 1+w.rng.IntN(4))
			body, _ = json.Marshal(in)
		}
	}
	f := w.fault(d, op)
	if f != "" {
		w.fired(f, d, op, body)
	}
	go5 := func() (*http.Response, error) {
		if op == "events" {
			if w.svc == nil {
				return nil, errNoNetwork
			}
			res, err := service.Local(w.svc).RoundTrip(r)
			if err == nil {
				res.Body = &simEar{ReadCloser: res.Body, d: d, ms: 1000 + 2*len(d.name)}
			}
			return res, err
		}
		return w.serve(d, op, r, body)
	}
	switch f {
	case "drop":
		return nil, errNoNetwork
	case "halfopen": // it is done, and nobody hears of it
		if op != "events" {
			_, _ = go5()
		}
		w.answerDelay = w.span(0, 40*time.Second)
		return nil, errNoNetwork
	case "dup":
		if op != "events" {
			_, _ = go5()
		}
		return go5()
	case "reorder":
		w.answerDelay = w.span(50*time.Millisecond, 3*time.Second)
		return go5()
	case "delay":
		if w.chance(0.5) || op == "events" {
			w.answerDelay = w.span(time.Second, 39*time.Second)
			return go5()
		}
		// It arrives when nobody waits for it any more.
		late := w.span(41*time.Second, 10*time.Minute)
		again := r.Clone(simCtx)
		w.after(late, func() {
			d.note(Event{Kind: "late", Op: op})
			_, _ = w.serve(d, op, again, body)
		})
		w.answerDelay = 40 * time.Second
		return nil, context.DeadlineExceeded
	case "5xx":
		status := []int{500, 502, 503, 504}[w.rng.IntN(4)]
		return answerOf(r, status, "text/plain", "upstream error"), nil
	case "520":
		return answerOf(r, 520, "text/html", "<html><title>520</title>"), nil
	case "html":
		switch w.rng.IntN(3) {
		case 0:
			return answerOf(r, 200, "text/html", "<!doctype html><title>Sign in to the hotel</title>"), nil
		case 1:
			return answerOf(r, 302, "text/html", "", "Location", "https://portal.example/"), nil
		}
		return answerOf(r, 404, wire.ProblemType, `{"status":404,"title":"x","code":"no_access","retry":"never","detail":"Not here."}`), nil
	case "401":
		r = r.Clone(r.Context())
		r.Header.Set("Authorization", "Bearer trs_nobody")
		return go5()
	case "cut": // the answer breaks off
		res, err := go5()
		if err != nil || op == "events" {
			return res, err
		}
		all, _ := io.ReadAll(res.Body)
		res.Body = io.NopCloser(bytes.NewReader(all[:len(all)/2]))
		return res, nil
	}
	return go5()
}

// sends looks at a batch as it leaves: only the account's own commands, byte for byte as they were kept (I22).
func (d *simDevice) sends(in *wire.Commands, r *http.Request) {
	w := d.w
	if !d.on {
		return
	}
	rows, err := d.look.Waiting()
	w.must("read the outbox", err)
	for _, c := range in.Cmds {
		i := slices.IndexFunc(rows, func(x outbox.Row) bool { return x.ID == c.ID })
		if i < 0 {
			continue // an earlier life sent it
		}
		w.fail(CheckI22Isolation(d.who.id, rows[i])...)
		w.fail(CheckI4Verbatim(c, rows[i])...)
	}
}

// placeOf is the place of a command in its lane.
func (d *simDevice) placeOf(id string) int64 {
	if d.clone || !d.on {
		return 0
	}
	rows, err := d.look.Waiting()
	d.w.must("read the outbox", err)
	for _, r := range rows {
		if r.ID == id {
			return r.Pos
		}
	}
	return 0
}

// follow notes the cursors that moved, and that no page of another history was taken in (I15).
func (d *simDevice) follow(kind string, scopes []workroom.Scope) {
	w := d.w
	list, err := d.rep.Cursors(simCtx)
	w.must("read cursors", err)
	epoch, err := d.rep.Epoch(simCtx)
	w.must("read the epoch", err)
	if epoch != d.epoch {
		d.epoch = epoch
		clear(d.astray)
		d.note(Event{Kind: "epoch", Text: epoch})
	}
	for _, c := range list {
		was := d.cursors[c.Scope]
		if was == c {
			continue
		}
		if c.Hold == replica.Taken || c.Hold == replica.Archived {
			for id, k := range d.kept { // what was acked there is the service's alone from now on, even if it lost it without a word
				if _, ok := w.first[string(d.who.id)+" "+id]; (ok || w.right(d.who, c.Scope)) && w.ever[string(d.who.id)+" "+id] && (k.lane == string(c.Scope) || k.lane == "diary:"+c.Scope.Owner()) {
					delete(d.kept, id)
				}
			}
		}
		e := Event{Kind: "cursor", Scope: string(c.Scope), Gen: c.Gen, Seq: c.Seq, Status: epoch}
		if was.Hold != replica.Whole || c.Hold != replica.Whole || kind == "open" || kind == "heads" {
			e.Text = "reset"
		}
		if c.Hold == replica.Whole {
			d.note(e)
		}
		if d.astray[c.Scope] && was.Hold == replica.Whole && c.Hold == replica.Whole {
			if kind == "open" {
				delete(d.astray, c.Scope)
			} else if c.Seq != was.Seq && kind == "frame" { // a page is looked at where it is given: it may have been under way
				w.fail(broken("I15", string(c.Scope), "%s took a %s of another history: %d to %d", d.name, kind, was.Seq, c.Seq))
			}
		} else if c.Hold != replica.Whole {
			delete(d.astray, c.Scope)
		}
		d.cursors[c.Scope] = c
	}
}

// stray finds the scopes whose cursor is of a history that the service has lost.
func (d *simDevice) stray() {
	for s, c := range d.cursors {
		if tag, ok := d.w.truth.Tags[s][c.Seq]; c.Hold == replica.Whole && c.Seq > 0 && (c.Seq > d.w.truth.Heads[s].Seq || ok && tag != c.Tag) {
			d.astray[s] = true
		}
	}
	d.lost = false
}

// signIn gets a new token after the old one was refused, and goes on with it.
func (d *simDevice) signIn() {
	d.asked = false
	if !d.on || d.w.svc == nil {
		if d.on {
			d.asked = true
			d.w.after(time.Minute, d.signIn)
		}
		return
	}
	w := d.w
	before, err := d.look.Waiting()
	w.must("read the outbox", err)
	faulty := w.faulty
	w.faulty, w.armed = false, ""
	old := d.old
	d.old = false
	s, err := d.client().SignIn(simCtx, wire.SignIn{Email: d.who.email, Password: simPassword, Device: d.id})
	d.old = old
	w.faulty = faulty
	w.must("sign in again", err)
	d.token = s.Token
	w.must("go on with a new token", d.man.Resume(d.client()))
	after, err := d.look.Waiting()
	w.must("read the outbox", err)
	w.fail(CheckI22Refresh(before, after)...)
	d.note(Event{Kind: "act", Op: "sign in"})
	d.step(courier.Start())
}

// check compares what changed since the last look with the service.
func (d *simDevice) check() {
	w := d.w
	if len(d.touched) == 0 || w.svc == nil {
		return
	}
	if d.lost || w.forked { // a page may have been under way when the service went back
		d.stray()
	}
	list := make([]workroom.Scope, 0, len(d.touched))
	for s := range d.touched {
		list = append(list, s)
	}
	clear(d.touched)
	slices.Sort(list)
	for _, s := range list {
		if !s.Valid() {
			continue
		}
		h, err := d.look.Scope(s)
		w.must("read a scope", err)
		if h == nil {
			continue
		}
		if h.State == replica.Taken {
			v, err := CheckI11Purge(d.look, s)
			w.must("check I11", err)
			w.fail(v...)
		}
		if d.epoch != w.truth.Epoch || d.astray[s] {
			continue
		}
		w.fail(CheckI3CursorHonesty(h, w.truth)...)
		w.fail(CheckI13SpanTruth(h, w.truth, d.who.id)...)
		w.fail(CheckI12NoResurrection(h, w.truth)...)
		w.count("scopes compared")
	}
	if w.chance(0.3) {
		v, err := CheckI8ViewPurity(d.look)
		w.must("check I8", err)
		w.fail(v...)
		w.count("views compared")
	}
	d.named()
}

// right reports whether somebody had a right to a scope that was taken away, and not lost by going back to an older state.
func (w *simWorld) right(who *simPerson, s workroom.Scope) bool {
	r, ok := w.truth.Rights[who.id][s.Root()]
	return ok && r.Gone
}

// named says in what is wrong on which device.
func (d *simDevice) named() {
	for i := range d.w.bad {
		if !strings.HasPrefix(d.w.bad[i].Text, "[") {
			d.w.bad[i].Text = "[" + d.name + "] " + d.w.bad[i].Text
		}
	}
}

// checkKept is I5: whatever the person was told is safe is at rest, acked, or in Not sent with its text.
func (d *simDevice) checkKept(when string) {
	w := d.w
	rows, err := d.look.Waiting()
	w.must("read the outbox", err)
	sent, err := d.look.Sent()
	w.must("read what was sent", err)
	kept := map[string]Kept{}
	for id, k := range d.kept {
		kept[id] = Kept{k.op, k.text}
	}
	for _, v := range CheckI5NoLoss(kept, rows, sent, func(id string) bool { return w.first[string(d.who.id)+" "+id].Status == wire.OK || w.whole[id] }) {
		v.Text += " " + when
		w.fail(v)
	}
	d.named()
}
