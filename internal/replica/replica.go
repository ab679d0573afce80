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
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

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

	parted sync.Map // of rooms taken away since the start: what is said of it, by workroom.RoomID
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
	sweepHalves(path, o.Now())
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

// Account is whose copy this is.
func (r *Replica) Account() workroom.AccountID { return r.o.Account }

// Service is the id of the service this is a copy of.
func (r *Replica) Service() string { return r.o.Service }

// OnAct names the one to wake after each act of a person that changes what is to be sent; courier takes it. It must not block.
func (r *Replica) OnAct(wake func()) { r.wake.Store(&wake) }

func (r *Replica) acted() {
	if wake := r.wake.Load(); wake != nil {
		(*wake)()
	}
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
