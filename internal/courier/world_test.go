package courier

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"trestle/internal/blob"
	"trestle/internal/replica"
	"trestle/internal/service"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// world is the real service behind a real HTTP server.
type world struct {
	t    testing.TB
	data string
	svc  atomic.Pointer[service.Service] // nil while it is down
	srv  *httptest.Server
	skew time.Duration // of the service's clock
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, data: t.TempDir()}
	w.up()
	w.srv = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		svc := w.svc.Load()
		if svc == nil {
			panic(http.ErrAbortHandler) // as if nobody listened
		}
		svc.ServeHTTP(rw, r)
	}))
	t.Cleanup(func() {
		w.down()
		w.srv.CloseClientConnections()
		w.srv.Close()
	})
	return w
}

func (w *world) up() {
	w.t.Helper()
	svc, err := service.New(service.Config{Data: w.data, OpenJoin: true, Now: func() time.Time { return time.Now().Add(w.skew) }, Limits: service.Limits{Commands: -1, Burst: -1, SignUps: -1, Rooms: -1}})
	if err != nil {
		w.t.Fatal(err)
	}
	w.svc.Store(svc)
}

func (w *world) down() {
	if svc := w.svc.Swap(nil); svc != nil {
		if err := svc.Close(); err != nil {
			w.t.Errorf("close the service: %v", err)
		}
	}
}

// way is the network of one device: as it is, down, or answered by a stranger.
type way struct {
	mu   sync.Mutex
	do   func(*http.Request, func(*http.Request) (*http.Response, error)) (*http.Response, error)
	down atomic.Bool
	base http.RoundTripper
}

func (w *way) RoundTrip(r *http.Request) (*http.Response, error) {
	if w.down.Load() {
		return nil, fmt.Errorf("no network")
	}
	w.mu.Lock()
	do := w.do
	w.mu.Unlock()
	if do != nil {
		return do(r, w.base.RoundTrip)
	}
	return w.base.RoundTrip(r)
}

func (w *way) answer(do func(*http.Request, func(*http.Request) (*http.Response, error)) (*http.Response, error)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.do = do
}

// device is one machine of an account: its file, its blobs, its courier.
type device struct {
	t      testing.TB
	w      *world
	dir    string
	way    *way
	signed wire.Signed
	id     string
	rep    *replica.Replica
	blobs  *blob.Store
	c      *Courier
	stop   func()
	skew   time.Duration        // of its clock
	unlike func(workroom.Scope) // a copy that is not the service's: a failure unless a test plants one
	typing func(workroom.RoomID, workroom.AccountID)
	there  func(workroom.AccountID, wire.State)
}

const password = "correct horse battery staple"

func (w *world) join(name string) *device {
	w.t.Helper()
	d := &device{t: w.t, w: w, dir: w.t.TempDir(), way: newWay(), id: newID()}
	s, err := d.client().SignUp(bg, wire.SignUp{Name: name, Email: strings.ToLower(name) + "@example.com", Password: password, Device: d.id})
	must(w.t, err)
	d.signed = *s
	d.start()
	return d
}

// second is another device of the same account.
func (d *device) second() *device {
	d.t.Helper()
	n := &device{t: d.t, w: d.w, dir: d.t.TempDir(), way: newWay(), id: newID()}
	s, err := n.client().SignIn(bg, wire.SignIn{Email: d.signed.Email, Password: password, Device: n.id})
	must(d.t, err)
	n.signed = *s
	n.start()
	return n
}

// clone is a copy of the device's folder on another computer, under the same token, whose program noticed nothing but kept another
// incarnation.
func (d *device) clone(inc string) *device {
	d.t.Helper()
	d.stop()
	n := &device{t: d.t, w: d.w, dir: d.t.TempDir(), way: newWay(), id: d.id, signed: d.signed}
	must(d.t, os.CopyFS(n.dir, os.DirFS(d.dir)))
	d.start()
	n.start()
	n.stop()
	rep, err := replica.Open(filepath.Join(n.dir, "copy.db"), replica.Options{})
	must(d.t, err)
	must(d.t, rep.Renew(bg, d.id, inc))
	must(d.t, rep.Close())
	n.start()
	return n
}

func newWay() *way { return &way{base: &http.Transport{MaxIdleConnsPerHost: 8}} }

func (d *device) client() *wire.Client {
	return &wire.Client{Base: d.w.srv.URL, HTTP: &http.Client{Transport: d.way}, Token: d.signed.Token, Service: d.signed.Service, Version: "0.1.0"}
}

// start opens the device's file and lets its courier run; quit ends both, as a restart of the program does.
func (d *device) start() {
	d.t.Helper()
	var err error
	d.blobs, err = blob.Open(filepath.Join(d.dir, "blobs"))
	must(d.t, err)
	d.rep, err = replica.Open(filepath.Join(d.dir, "copy.db"), replica.Options{Service: d.signed.Service, Account: d.signed.Account, Device: d.id,
		Drop: d.blobs.Remove, Logf: d.t.Logf, Now: d.now})
	must(d.t, err)
	unlike := d.unlike
	if unlike == nil {
		unlike = func(s workroom.Scope) { d.t.Errorf("the copy of %s is not the service's", s) }
	}
	d.c = New(Options{Replica: d.rep, Blobs: d.blobs, Client: d.client(), Rand: func() float64 { return 0.02 }, Now: d.now, Unlike: unlike,
		Typing: d.typing, Presence: d.there})
	ctx, cancel := context.WithCancel(bg)
	done := make(chan struct{})
	go func() { defer close(done); d.c.Run(ctx) }()
	var once sync.Once
	d.stop = func() {
		once.Do(func() {
			cancel()
			<-done
			d.rep.Close()
			d.way.base.(*http.Transport).CloseIdleConnections()
		})
	}
	d.t.Cleanup(d.stop)
}

func (d *device) now() time.Time { return time.Now().Add(d.skew) }

func (d *device) restart() {
	d.t.Helper()
	d.stop()
	d.start()
}

var bg = context.Background()

func newID() string { return uuid.Must(uuid.NewV7()).String() }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (d *device) do(c workroom.Command, o replica.EnqueueOpts) string {
	d.t.Helper()
	id, err := d.rep.Enqueue(bg, c, o)
	must(d.t, err)
	return id
}

// sync brings the device up to date, or fails the test.
func (d *device) sync() {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(bg, 3*time.Minute) // only a broken program takes long
	defer cancel()
	if err := d.c.Drain(ctx); err != nil {
		items, _ := d.rep.Outbox(bg)
		for _, i := range items {
			d.t.Logf("%d %s %s %s %s", i.N, i.Op, i.State, i.Code, i.Text)
		}
		d.t.Fatalf("sync: %v", err)
	}
}

// contract makes a contract of its own room, for oneself or as an offer with a secret.
func (d *device) contract(self bool) (k workroom.ContractID, room workroom.RoomID, secret string) {
	d.t.Helper()
	k, room, secret = workroom.ContractID(newID()), workroom.RoomID(newID()), newID()
	c := workroom.CreateContract{Contract: k, Who: d.signed.Account, Name: d.signed.Name, Room: room, Title: "Work", Self: self,
		Terms: workroom.Terms{Rate: 1000, Currency: "EUR", Unlimited: true, Shots: workroom.ShotsFull, IdleMinutes: 10}}
	if !self {
		c.Invitation = workroom.InvitationID(secret)
	}
	d.do(c, replica.EnqueueOpts{ID: string(k)})
	return k, room, secret
}

func (d *device) say(room workroom.RoomID, text string) string {
	d.t.Helper()
	return d.do(workroom.SendMessage{Room: room, Text: text}, replica.EnqueueOpts{})
}

// texts is the room as the device shows it.
func (d *device) texts(room workroom.RoomID) []string {
	d.t.Helper()
	var out []string
	before := int64(0)
	for {
		w, err := d.rep.Window(bg, workroom.RoomScope(room), workroom.KindMessage, before, 0)
		must(d.t, err)
		var page []string
		for _, r := range w.Rows {
			page = append(page, r.Thing.(*workroom.Message).Text)
		}
		out = append(page, out...)
		if !w.More {
			return out
		}
		before = w.Rows[0].Born
	}
}

func (d *device) shows(room workroom.RoomID, want ...string) {
	d.t.Helper()
	if got := d.texts(room); strings.Join(got, "|") != strings.Join(want, "|") {
		d.t.Errorf("room shows %q, want %q", got, want)
	}
}

// eventually waits for something that other goroutines bring about; only a broken program takes long.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("never: %s", what)
}

// checkI3 is cursor honesty: what the device holds of a scope up to its cursor equals what the service says at a cursor that has not
// moved since. Call it when the device is in step.
func (d *device) checkI3() {
	d.t.Helper()
	epoch, err := d.rep.Epoch(bg)
	must(d.t, err)
	cursors, err := d.rep.Cursors(bg)
	must(d.t, err)
	n := 0
	for _, c := range cursors {
		if c.Hold != replica.Whole {
			continue
		}
		truth := map[string]wire.Thing{}
		p := wire.Pull{Scope: c.Scope, Epoch: epoch, Gen: c.Gen}
		for {
			page, err := d.client().Pull(bg, p)
			must(d.t, err)
			for _, x := range page.Things {
				truth[string(x.Kind)+" "+x.ID] = x
			}
			p.After, p.Tag = page.Seq, page.Tag
			if !page.More {
				break
			}
		}
		if p.After != c.Seq {
			d.t.Errorf("I3: %s is held up to %d, the service is at %d", c.Scope, c.Seq, p.After)
			continue
		}
		held, err := d.rep.Dump(bg, c.Scope)
		must(d.t, err)
		for _, x := range held {
			want, ok := truth[string(x.Kind)+" "+x.ID]
			n++
			if !ok || want.Seq != x.Seq || want.Gone != x.Gone || !want.Gone && !sameJSON(want.Body, x.Body) {
				d.t.Errorf("I3: %s %s/%s differs: held seq %d, the service's %d", c.Scope, x.Kind, x.ID, x.Seq, want.Seq)
			}
			delete(truth, string(x.Kind)+" "+x.ID)
		}
		for _, x := range truth {
			if !x.Gone && !x.Kind.Dated() {
				d.t.Errorf("I3: %s lacks %s/%s", c.Scope, x.Kind, x.ID)
			}
		}
	}
	if n == 0 {
		d.t.Error("I3: nothing was compared")
	}
}

func sameJSON(a, b []byte) bool {
	var x, y any
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return false
	}
	p, _ := json.Marshal(x)
	q, _ := json.Marshal(y)
	return bytes.Equal(p, q)
}

func reply(status int, kind, body string, head ...string) *http.Response {
	h := http.Header{"Content-Type": {kind}}
	for i := 0; i+1 < len(head); i += 2 {
		h.Set(head[i], head[i+1])
	}
	return &http.Response{StatusCode: status, Status: http.StatusText(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: h,
		Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body))}
}
