// Package courier carries the outbox to the service and the service's changes back.
//
// What to do when is decided by a pure machine (step.go, sending.go): one event in, acts out. Around it lies a thin shell that does the
// acts: it asks the service, and stores what came of it through the replica. The courier never calls the screens and draws nothing; it
// tells its status, and the replica tells what changed. Losing any frame of the live channel only costs time, because the heads are asked
// at each connection and every 60 seconds (sync.md §5).
package courier

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/singleflight"

	"trestle/internal/blob"
	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Phase is how it stands between this device and the service.
//
//	offline ──service answers──► online ──no answer──► offline
//	   └──────────401──────────► paused ──Resume─────► offline
type Phase string

// Phases.
const (
	Offline Phase = "offline"
	Online  Phase = "online"
	Paused  Phase = "paused" // signed out: everything waiting is kept until somebody signs in again
)

// Status is what a person may want to know about the way to the service.
type Status struct {
	Phase   Phase
	Since   time.Time
	Code    workroom.Code // why it is not online, or why sending rests (client_too_old)
	Text    string
	Waiting int // commands on their way
	Refused int // commands in Not sent
}

// Options of New. Replica and Client are needed.
type Options struct {
	Replica *replica.Replica
	Blobs   *blob.Store
	Client  *wire.Client
	Status  func(Status)                     // when the phase or its reason changes; must not block
	Logf    func(format string, args ...any) // ids and codes only
	Rand    func() float64                   // jitter; default math/rand
	Now     func() time.Time                 // this machine's clock; default time.Now
	NewID   func() string                    // ids of a renewed device; default a UUIDv7
	Renewed func(device, inc string)         // after this device took another id, because another computer has a copy of its profile
	Clocked func(time.Duration, time.Time)   // once, when the service's time is first known (Offset) and nothing was sent yet
	Unlike  func(workroom.Scope)             // for tests: a copy that is not the service's, which is compared at each pull then
	Fail    func(point string) error         // for tests: an error here is met at that point (Points)

	// Typing and Presence are told what the service says of people; they must not block.
	Typing   func(workroom.RoomID, workroom.AccountID)
	Presence func(workroom.AccountID, wire.State)
}

// parallelReads is how many scopes are pulled or opened at a time; there may be hundreds behind after a holiday.
const parallelReads = 6

// Courier is one account's carrier. Run does the work; the other methods may be called from any goroutine.
type Courier struct {
	o       Options
	rep     *replica.Replica
	blobs   *blob.Store
	events  chan event
	kick    chan struct{}
	one     singleflight.Group
	reading chan struct{} // a place for each pull or open under way
	looked  chan struct{} // look was set
	files   transfers
	people  people

	mu     sync.Mutex
	m      *machine
	client *wire.Client
	cut    func()        // ends the live channel, to begin it anew
	moved  chan struct{} // closed and made anew after each step
	told   Status
	look   *[]workroom.Scope // what Watch asked for and the machine was not told
	clock  clock
	match  match
	work   sync.WaitGroup
}

// New makes a courier; nothing happens before Run.
func New(o Options) *Courier {
	c := prepare(o)
	c.rep.OnAct(c.Kick)
	return c
}

func prepare(o Options) *Courier {
	if o.Status == nil {
		o.Status = func(Status) {}
	}
	if o.Logf == nil {
		o.Logf = func(string, ...any) {}
	}
	if o.Rand == nil {
		o.Rand = rand.Float64
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.NewID == nil {
		o.NewID = func() string { return uuid.Must(uuid.NewV7()).String() }
	}
	if o.Clocked == nil {
		o.Clocked = func(time.Duration, time.Time) {}
	}
	if o.Renewed == nil {
		o.Renewed = func(string, string) {}
	}
	if o.Fail == nil {
		o.Fail = func(string) error { return nil }
	}
	c := &Courier{o: o, rep: o.Replica, blobs: o.Blobs, m: newMachine(o.Rand),
		events: make(chan event, 64), kick: make(chan struct{}, 1), moved: make(chan struct{}),
		reading: make(chan struct{}, parallelReads), looked: make(chan struct{}, 1), people: people{wake: make(chan struct{}, 1)}}
	c.client = c.timed(o.Client)
	return c
}

// Run works until the context ends, then waits for what it began. It answers the context's error.
func (c *Courier) Run(ctx context.Context) error {
	if want, have := c.rep.Service(), c.asker().Service; want != have {
		return fmt.Errorf("this copy belongs to another service")
	}
	defer c.work.Wait()
	defer c.files.close()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	c.work.Go(func() { c.signing(ctx) })
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	room := time.NewTicker(time.Minute)
	defer room.Stop()
	c.step(ctx, evResume{}, timer)
	for {
		var ev event
		select {
		case <-ctx.Done():
			return ctx.Err()
		case ev = <-c.events:
		case <-c.kick:
			ev = evKick{}
		case <-c.looked:
			if ev = c.looking(); ev == nil {
				continue
			}
		case <-timer.C:
			ev = evTick{}
		case <-room.C:
			c.work.Go(func() { c.rep.MakeRoom() })
			continue
		}
		c.step(ctx, ev, timer)
	}
}

func (c *Courier) step(ctx context.Context, ev event, timer *time.Timer) {
	now := c.o.Now()
	c.mu.Lock()
	acts := c.m.Step(now, ev)
	wake := c.m.wake()
	st := c.status()
	changed := st.Phase != c.told.Phase || st.Code != c.told.Code
	c.told = st
	close(c.moved)
	c.moved = make(chan struct{})
	c.mu.Unlock()
	if changed {
		c.o.Logf("courier: %s %s", st.Phase, st.Code)
		c.o.Status(c.counted(st))
	}
	for _, a := range acts {
		c.work.Go(func() {
			c.do(ctx, a)
		})
	}
	if wake.IsZero() {
		timer.Stop()
		return
	}
	timer.Reset(max(time.Millisecond, wake.Sub(now)))
}

func (c *Courier) post(ctx context.Context, ev event) {
	select {
	case c.events <- ev:
	case <-ctx.Done():
	}
}

func (c *Courier) asker() *wire.Client {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.client
}

// fresh hides a "sign in again" that was meant for a token replaced meanwhile.
func (c *Courier) fresh(asked *wire.Client, err error) error {
	var e *wire.Error
	if errors.As(err, &e) && e.Retry == workroom.RetryAuth && c.asker() != asked {
		return errReplaced
	}
	return err
}

// errReplaced is what becomes of an answer to a token that was replaced meanwhile.
var errReplaced = &wire.Error{Code: wire.Unreachable, Retry: workroom.RetryLater, Text: "Signed in again; going on."}

// Kick says that a person wants it tried now. What is done in the replica kicks by itself.
func (c *Courier) Kick() {
	select {
	case c.kick <- struct{}{}:
	default:
	}
}

// Resume goes on with a new token after the person signed in again. Nothing that waits is dropped or sent under another account: the
// client must ask the same service, and the token must be the same account's.
func (c *Courier) Resume(ctx context.Context, client *wire.Client) error {
	if err := c.replace(client); err != nil {
		return err
	}
	c.post(ctx, evResume{})
	return nil
}

func (c *Courier) replace(client *wire.Client) error {
	if client.Service != c.rep.Service() {
		return fmt.Errorf("resume: this copy belongs to another service")
	}
	c.mu.Lock()
	c.client = c.timed(client)
	c.m.phase, c.m.why, c.m.upgrade, c.m.sure = Offline, nil, upgrade{}, false
	c.mu.Unlock()
	c.cutStream()
	return nil
}

// cutStream ends the live channel; the machine begins a new one.
func (c *Courier) cutStream() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cut != nil {
		c.cut()
	}
}

func (c *Courier) status() Status {
	s := Status{Phase: c.m.phase, Since: c.m.since}
	if c.m.why != nil {
		s.Code, s.Text = c.m.why.Code, c.m.why.Text
	}
	return s
}

func (c *Courier) counted(s Status) Status {
	var err error
	if s.Waiting, s.Refused, err = c.rep.Count(context.Background()); err != nil {
		c.o.Logf("count the outbox: %v", err)
	}
	return s
}

// Status is how it stands now.
func (c *Courier) Status() Status {
	c.mu.Lock()
	s := c.status()
	c.mu.Unlock()
	return c.counted(s)
}
