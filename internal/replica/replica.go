// Package replica is this machine's copy of what one account may read at one service, in one SQLite file, together with what the person
// did and the service does not have yet.
//
// A person's act goes in by Enqueue: one transaction stores the command in the outbox and its effects beside the copy; from then on it is
// safe and visible. What the service says comes in by one door, Apply. A screen reads base ⊕ effects through one view, so rejecting a
// command is deleting its effects. The package holds the file and the transactions, outbox the state logic, workroom the rules; it never
// talks to the network, which is courier's work, and announces only *that* a scope changed.
package replica

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"trestle/internal/outbox"
	"trestle/internal/workroom"
)

// Pseudo-scopes announced by Changed beside the real ones.
const (
	OutboxScope workroom.Scope = "outbox"
	DraftScope  workroom.Scope = "drafts"
)

// Options of Open. Service, Account and Device are stored in a new file; Service and Account must fit an old one.
type Options struct {
	Service string
	Account workroom.AccountID
	Device  string
	Now     func() time.Time                 // default time.Now
	NewID   func() string                    // ids of commands; default UUIDv7 by chance and clock, a simulator gives its own
	Changed func(scopes []workroom.Scope)    // after each transaction that changed something; must not block
	Drop    func(sha string) error           // removes bytes that nothing names any more; default keeps them
	Fail    func(point string) error         // for tests: an error here is met at that point of a transaction; see Points
	Manual  bool                             // nothing is done beside the work by itself: the owner calls Tend
	Logf    func(format string, args ...any) // ids and codes only; default none
}

// Replica is the open file. Its methods may be called from any goroutine.
type Replica struct {
	o       Options
	path    string
	low     bool       // the disk was full; see ballast.go
	laying  sync.Mutex // one lays the ballast at a time
	closed  chan struct{}
	mu      sync.Mutex // one writer at a time
	full    *link
	pull    *link
	readers chan *link
	links   int  // in readers or in use
	acks    int  // stored since the start
	filling bool // the index is being filled for the first time

	closing, tended chan struct{} // Tend is to stop; it has
	ending          sync.Once
	nudge           chan struct{}
	tending         sync.Mutex
	chores          chores
	wiping          wiping      // guarded by mu
	unsentDirty     atomic.Bool // unsent.json is behind
	unclean         bool        // it never opened; nothing is noted in it
	checkSoon       bool        // the last end was unclean and the file is large

	flying  map[string]bool // commands with the service at this moment
	doubted map[string]bool // those of them that were asked before the service's history turned out to be another
	carried map[string]Progress
	flyMu   sync.Mutex
	wake    atomic.Pointer[func()]

	device, incarnation atomic.Pointer[string]
}

// readLinks is how many screens can read at once.
const readLinks = 4

// Open opens or makes the file at path, brings its schema up to date and forgets what was only under way. On a full disk it gives the
// ballast up for it. A damaged file is set aside and what is unsent rescued from it; Report tells. Errors a person must act on are Faults;
// with ErrNewer the file was not touched, and ReadUnsent reads what is unsent in it.
func Open(path string, o Options) (*Replica, error) {
	o = o.complete()
	r, err := openCopy(path, o)
	low := false
	if errors.Is(err, ErrDiskFull) && os.Remove(path+ballastName) == nil {
		r, err = openCopy(path, o)
		low = true
	}
	if errors.Is(err, ErrDamaged) {
		o.Logf("the copy is damaged: %v", err)
		r, err = rescued(path, o, err)
	}
	if err != nil {
		return nil, err
	}
	r.low = low
	return r.started(), nil
}

// started begins what is done beside the work.
func (r *Replica) started() *Replica {
	if r.o.Manual {
		close(r.tended)
	} else {
		go r.tend()
	}
	return r
}

// complete fills in what was not given.
func (o Options) complete() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.NewID == nil {
		o.NewID = newID
	}
	if o.Changed == nil {
		o.Changed = func([]workroom.Scope) {}
	}
	if o.Fail == nil {
		o.Fail = func(string) error { return nil }
	}
	if o.Logf == nil {
		o.Logf = func(string, ...any) {}
	}
	return o
}

func openCopy(path string, o Options) (*Replica, error) {
	ctx := context.Background()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, typed("make the data folder", err)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, typed("open the copy", err)
	}
	f.Close()
	if err := migrate(ctx, path, o.Fail); err != nil {
		return nil, typed("open the copy", err)
	}
	r := &Replica{o: o, path: path, closed: make(chan struct{}), closing: make(chan struct{}), tended: make(chan struct{}), nudge: make(chan struct{}, 1),
		readers: make(chan *link, readLinks), flying: map[string]bool{}, doubted: map[string]bool{}, carried: map[string]Progress{}}
	if r.full, err = dial(ctx, path, writeQuery); err == nil {
		r.pull, err = dial(ctx, path, pullQuery)
	}
	for i := 0; i < readLinks && err == nil; i++ {
		var l *link
		if l, err = dial(ctx, path, readQuery); err == nil {
			r.readers <- l
			r.links++
		}
	}
	if err == nil {
		err = r.lookThrough()
	}
	if err == nil {
		err = r.begin(ctx)
	}
	if err == nil {
		err = r.catchUp(ctx)
	}
	if err != nil {
		close(r.tended)
		r.unclean = true
		r.Close()
		return nil, typed("open the copy", err)
	}
	r.unsentDirty.Store(true)
	r.wiping.due = true // what a dead process left
	return r, nil
}

// newID is a fresh UUIDv7. Without randomness nothing can be made safely, so that is the end of the program.
func newID() string { return uuid.Must(uuid.NewV7()).String() }

// Close ends all use of the file, and moves the log of writes into it so that deleted text leaves the disk.
func (r *Replica) Close() error {
	r.ending.Do(func() { close(r.closing) })
	<-r.tended
	if r.unsentDirty.Swap(false) && !r.unclean && !r.Low() {
		if err := r.writeUnsent(context.Background()); err != nil && !errors.Is(err, errClosed) {
			r.o.Logf("write unsent.json: %v", err)
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	select {
	case <-r.closed:
		return nil
	default:
		close(r.closed)
	}
	for ; r.links > 0; r.links-- {
		(<-r.readers).close() // waits for who is reading
	}
	if r.pull != nil {
		r.pull.close()
	}
	if r.full == nil {
		return nil
	}
	if !r.unclean {
		if _, err := r.full.Exec(`DELETE FROM meta WHERE k='running'`); err != nil {
			r.o.Logf("note a clean end: %v", err)
		}
	}
	var busy, log, moved int
	if _, err := r.full.scan(`PRAGMA wal_checkpoint(TRUNCATE)`, nil, &busy, &log, &moved); err != nil {
		r.o.Logf("checkpoint at close: %v", err)
	}
	err := r.full.close()
	r.full, r.pull = nil, nil
	return err
}

// begin checks whose file it is and clears what a dead process left half done.
func (r *Replica) begin(ctx context.Context) error {
	return r.write(ctx, true, func(t *tx) error {
		mine := map[string]string{"service": r.o.Service, "account": string(r.o.Account), "device": r.o.Device, "incarnation": ""}
		for _, k := range []string{"service", "account", "device", "incarnation"} {
			have, err := t.meta(k)
			if err != nil {
				return err
			}
			switch {
			case have == "" && k == "incarnation":
				have = r.o.NewID()
			case have == "":
				have = mine[k]
			case mine[k] != "" && mine[k] != have && k != "device":
				return ErrForeign
			}
			mine[k] = have
			if have == "" {
				continue
			}
			if err := t.setMeta(k, have); err != nil {
				return err
			}
		}
		r.o.Service, r.o.Account = mine["service"], workroom.AccountID(mine["account"])
		device, incarnation := mine["device"], mine["incarnation"]
		r.device.Store(&device)
		r.incarnation.Store(&incarnation)
		if _, err := t.Exec(`DELETE FROM span WHERE state='loading'`); err != nil {
			return fmt.Errorf("clear loading spans: %w", err)
		}
		if err := t.refresh(); err != nil {
			return err
		}
		if err := t.setMeta("running", "1"); err != nil { // taken away by Close: a start that finds it looks the file through
			return err
		}
		if err := t.sift(); err != nil {
			return err
		}
		return t.pruneSent()
	})
}

// refresh runs the rules of everything waiting once after the program changed: effects are what the rules of today say.
func (t *tx) refresh() error {
	was, err := t.meta("rules")
	if err != nil || was == rules {
		return err
	}
	rows, err := outbox.List(t)
	if err != nil {
		return err
	}
	slices.SortFunc(rows, func(a, b outbox.Row) int { return int(a.N - b.N) })
	for i := range rows {
		if rows[i].Verdict == outbox.None {
			if _, err := t.rerun(rows[i].N); err != nil {
				return err
			}
		}
	}
	return t.setMeta("rules", rules)
}

// rules is raised when a rule writes another effect than before for the same command.
const rules = "2"

// Account is whose copy this is.
func (r *Replica) Account() workroom.AccountID { return r.o.Account }

// Service is the id of the service this is a copy of.
func (r *Replica) Service() string { return r.o.Service }

// tx is one write transaction: the statements, what it changed, and the scopes it looked up.
type tx struct {
	*link
	r       *Replica
	changed map[workroom.Scope]bool
	scopes  map[workroom.Scope]*scopeRow
	after   []func()
	wipes   bool     // it takes something away that is to leave the disk
	deleted []string // messages and files that were deleted in it
}

// OnAct names the one to wake after each act of a person that changes what is to be sent; courier takes it. It must not block.
func (r *Replica) OnAct(wake func()) { r.wake.Store(&wake) }

func (r *Replica) acted() {
	if wake := r.wake.Load(); wake != nil {
		(*wake)()
	}
}

func (t *tx) tell(s workroom.Scope) { t.changed[s] = true }

// write runs one transaction: durable waits for the disk. When it is committed the scopes it changed are announced.
func (r *Replica) write(ctx context.Context, durable bool, fn func(*tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	r.mu.Lock()
	t, err := r.attempt(durable, fn)
	if errors.Is(err, ErrDiskFull) && r.dropBallast() && durable {
		t, err = r.attempt(durable, fn)
	}
	if err == nil && t.wipes {
		r.wiping.due = true
	}
	r.mu.Unlock()
	if err != nil {
		r.suspect(err)
		return err
	}
	for _, f := range t.after {
		f()
	}
	if t.wipes {
		r.stir()
	}
	if t.changed[OutboxScope] || t.changed[DraftScope] {
		r.unsentDirty.Store(true)
	}
	if len(t.changed) > 0 {
		out := make([]workroom.Scope, 0, len(t.changed))
		for s := range t.changed {
			out = append(out, s)
		}
		slices.Sort(out)
		r.stir()
		r.o.Changed(out)
	}
	return nil
}

var errClosed = errors.New("the copy is closed")

// attempt runs one transaction once.
func (r *Replica) attempt(durable bool, fn func(*tx) error) (*tx, error) {
	l := r.pull
	if durable {
		l = r.full
	}
	if l == nil {
		return nil, errClosed
	}
	if r.low && !durable {
		return nil, ErrDiskFull // what can be pulled again leaves the space to what cannot
	}
	t := &tx{link: l, r: r, changed: map[workroom.Scope]bool{}, scopes: map[workroom.Scope]*scopeRow{}}
	return t, typed("write to the copy", l.within("BEGIN IMMEDIATE", func() error {
		if err := fn(t); err != nil {
			return err
		}
		if err := errors.Join(t.dropTallies(), t.dropDeleted()); err != nil {
			return err
		}
		return r.o.Fail(PointCommit)
	}))
}

// read runs fn over one moment of the file.
func (r *Replica) read(ctx context.Context, fn func(*link) error) error {
	var l *link
	select {
	case <-r.closed:
		return errClosed
	default:
	}
	select {
	case l = <-r.readers:
	case <-r.closed:
		return errClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { r.readers <- l }()
	err := typed("read the copy", l.within("BEGIN", func() error { return fn(l) }))
	r.suspect(err)
	return err
}

func (t *tx) meta(k string) (string, error) {
	var v string
	_, err := t.scan(`SELECT v FROM meta WHERE k=?`, []any{k}, &v)
	return v, err
}

func (t *tx) setMeta(k, v string) error {
	_, err := t.Exec(`INSERT INTO meta(k,v) VALUES(?,?) ON CONFLICT(k) DO UPDATE SET v=excluded.v`, k, v)
	return err
}

// Epoch is the epoch of the service's database the cursors belong to; empty before the first heads.
func (r *Replica) Epoch(ctx context.Context) (string, error) {
	var v string
	err := r.read(ctx, func(l *link) error {
		_, err := l.scan(`SELECT v FROM meta WHERE k='epoch'`, nil, &v)
		return err
	})
	return v, err
}
