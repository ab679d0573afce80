// Package service is the authority every desktop syncs to: it knows people, decides what they may do, gives every change its number, stores
// it, and tells those who may know. It runs as `trestle serve` or inside the window; the same handler serves both. Rules live in workroom;
// this package runs them with authority, inside the transaction that writes their effect. What it logs are ids and codes, never a word of
// what people write.
package service

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofrs/flock"

	"trestle/internal/service/auth"
	"trestle/internal/service/bus"
	"trestle/internal/service/files"
	"trestle/internal/service/live"
	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Config says where a service keeps its data and how it behaves. Only Data is needed.
type Config struct {
	Data    string // a folder; made if missing
	Blobs   string // where the parts of files are: file:///DIR, s3://BUCKET?…; empty = Data/blobs
	DB      string // sqlite:PATH or postgres://…; default the file service.db in Data
	Name    string // what people see; default "Trestle"
	URL     string // how it is reached, https://…; empty inside a window
	Version string
	// MinClient is the oldest version of the program whose commands are taken, at least the constant of that name.
	MinClient string
	OpenJoin  bool  // anyone may sign up; else an invitation is needed, except for the first account
	MaxFile   int64 // bytes; default 1 GiB
	// Contact is how contact details before a contract are dealt with from this start on; empty leaves it as it was chosen before.
	Contact workroom.ContactMode
	// RefuseTypes are kinds of files that are not taken: endings (".exe"), media types or families of them ("video/*").
	RefuseTypes []string
	Now         func() time.Time // default time.Now; an example workspace is written in the past
	Log         *slog.Logger     // default: nothing
	Limits      Limits
	Random      io.Reader // where tags and ids come from; default crypto/rand
	// Fail is for tests: an error here is met at that point of the database's work (store.Points).
	Fail func(point string) error
	// Bus ties nodes together that share a database: nats://…; default mem:, a node alone. Link is one that is open already, for nodes inside
	// one program; the service does not close it.
	Bus  string
	Link bus.Bus
	// TrustedProxies are believed in X-Forwarded-For, so that limits count people and not the proxy.
	TrustedProxies []netip.Prefix
}

// Limits of use; a zero is the default, a negative number means none.
type Limits struct {
	Commands float64 // a second and device; default 20
	Burst    int     // default 300
	SignUps  int     // an hour and address; default 10
	Rooms    int     // new rooms and invitations a day and account; default 20
}

// Service is a running service.
type Service struct {
	cfg       Config
	log       *slog.Logger
	now       func() time.Time
	store     *store.Store
	files     *files.Files
	hub       *live.Hub
	nodes     *nodes // nil for a node alone
	people    *people
	hasher    *auth.Hasher
	api       huma.API
	mux       *http.ServeMux
	small     http.Handler         // mux, with answers compressed
	ops       map[string]wire.Info // by pattern
	paces     paces                // of each device
	accounts  paces                // of each account
	own       paces                // of each account, in what is its own
	strangers paces                // of each account to each person it writes to
	hurried   chan struct{}        // a job was noted for which somebody waits
	copies    copies
	tally     tally
	strays    atomic.Int64 // when the whole store of files was last listed, Unix µs
	lock      *flock.Flock
	watchman  *watchman
	toldAway  atomic.Int64 // Unix second of the last word about something away that the watchman does not look after
	writers   *writers
	close     sync.Once
	closed    error
	faults    atomic.Int64 // rules that broke
	noRoom    noRoom
	witness   witness

	// rule runs a command's rule; a test puts a faulty one here.
	rule func(workroom.Command, workroom.Asked, workroom.Rows) ([]workroom.Change, *workroom.Refusal)
}

// Codes of a service that cannot start.
const (
	DataUnwritable workroom.Code = "data_unwritable"
	NoDriver       workroom.Code = "no_driver"
	BadDatabase    workroom.Code = "bad_database"
	BadBus         workroom.Code = "bad_bus"
	DatabaseAway   workroom.Code = "database_away"
	DataNewer      workroom.Code = "data_newer"
	DataInUse      workroom.Code = "data_in_use"
	AddressInUse   workroom.Code = "address_in_use"
	TLSUnreadable  workroom.Code = "tls_unreadable"
)

// New opens the data folder and starts to work. Close ends it. An error a person can act on is a *workroom.Refusal with one of the codes
// above.
func New(cfg Config) (*Service, error) {
	if cfg.Name == "" {
		cfg.Name = "Trestle"
	}
	if cfg.MaxFile <= 0 || cfg.MaxFile > workroom.MaxFileSize {
		cfg.MaxFile = workroom.MaxFileSize
	}
	var bad string
	if cfg.RefuseTypes, bad = workroom.CleanTypes(cfg.RefuseTypes); bad != "" {
		return nil, workroom.Bad("refuse_types", "This is no type of files that could be refused: %s. Write an ending such as .exe, or a type such as video/*.", bad)
	}
	if cfg.Limits.Rooms == 0 {
		cfg.Limits.Rooms = 20
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.NewJSONHandler(io.Discard, nil))
	}
	s := &Service{cfg: cfg, log: cfg.Log, now: cfg.Now, rule: workroom.Run, hurried: make(chan struct{}, 1)}
	if err := s.open(); err != nil {
		return nil, errors.Join(err, s.release())
	}
	if cfg.Contact != "" {
		if err := s.SetContactMode(context.Background(), cfg.Contact); err != nil {
			return nil, errors.Join(err, s.release())
		}
	}
	s.hub = live.New(s.connID)
	s.people = newPeople(s)
	if err := s.join(); err != nil {
		s.people.close()
		return nil, errors.Join(err, s.release())
	}
	s.watchman = s.watchful()
	s.setAllowances(cfg.Limits)
	s.writers = newWriters(s)
	s.routes()
	return s, nil
}

func (s *Service) open() error {
	dir := s.cfg.Data
	unwritable := func(err error) error {
		return fmt.Errorf("%w (%w)", &workroom.Refusal{Code: DataUnwritable, Text: "The service's data folder cannot be written: " + dir}, err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return unwritable(err)
	}
	address := s.cfg.DB
	if address == "" {
		address = "sqlite:" + filepath.Join(dir, "service.db")
	}
	if strings.HasPrefix(address, "sqlite:") { // nodes that share a database may share a folder too
		lock := flock.New(filepath.Join(dir, "service.lock"), flock.SetPermissions(0o600))
		got, err := lock.TryLock()
		if err != nil {
			return unwritable(err)
		}
		if !got {
			return &workroom.Refusal{Code: DataInUse, Text: "Another Trestle is using the service's data folder: " + dir}
		}
		s.lock = lock
	}
	probe, err := os.CreateTemp(dir, ".probe-*")
	if err != nil {
		return unwritable(err)
	}
	if err := errors.Join(probe.Close(), os.Remove(probe.Name())); err != nil {
		return unwritable(err)
	}
	s.store, err = store.Open(context.Background(), address, store.Options{Random: s.cfg.Random, Fail: s.cfg.Fail})
	if store.IsFull(err) {
		return unwritable(err)
	}
	if err != nil {
		err = databaseTrouble(err, address)
		var r *workroom.Refusal
		if errors.As(err, &r) && r.Code == DatabaseAway {
			s.log.Error("cannot be reached", "backend", "database", "at", whereOf(address), "kept", "nothing was changed", "next", "this program ends; start it again when the database answers")
		}
		return err
	}
	if err := s.openFiles(dir); err != nil {
		return err
	}
	s.hasher, err = auth.NewHasher()
	return err
}

// databaseTrouble gives an error of opening the database at an address its code and sentence, if a person can do something about it.
func databaseTrouble(err error, address string) error {
	var file *fs.PathError
	which := "The database"
	if at := whereOf(address); at != unsaid {
		which += " at " + at
	}
	for _, x := range []struct {
		is   bool
		code workroom.Code
		text string
	}{
		{errors.As(err, &file), DataUnwritable, "The file of the service's database can be neither opened nor made. Look at the folder it is to be in."},
		{errors.Is(err, store.ErrNewer), DataNewer, "A newer version of Trestle wrote this service's data. Please update this one; nothing was changed."},
		{errors.Is(err, store.ErrNoDriver), NoDriver, "This build has no PostgreSQL driver. Use the trestle without a window (build/bin/headless/trestle), or a sqlite: address."},
		{errors.Is(err, store.ErrAddress), BadDatabase, "The address of the database cannot be used. It is sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE."},
		{errors.Is(err, store.ErrCollation), BadDatabase, "The PostgreSQL database sorts text by a language. Make one that sorts by bytes: CREATE DATABASE trestle TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'."},
		{store.IsAway(err), DatabaseAway, which + " cannot be reached. Nothing was changed."},
		{store.IsMissing(err), BadDatabase, "There is no such database. Make it first: CREATE DATABASE trestle TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'."},
		{store.IsForbidden(err), BadDatabase, "The database does not let this user in. Look at the user and the password of its address."},
		{store.IsDamaged(err), BadDatabase, "The service's database is damaged or no database at all. Nothing was changed; trestle restore brings a backup back into an empty folder."},
		{true, BadDatabase, "The database cannot be used. The log says why."},
	} {
		if x.is {
			return fmt.Errorf("%w (%w)", &workroom.Refusal{Code: x.code, Text: x.text}, err)
		}
	}
	return err
}

// ID is the service's id, made with its data.
func (s *Service) ID() string { return s.store.Service }

// Run keeps the service in order until the context ends, then says bye to those who listen.
func (s *Service) Run(ctx context.Context) error {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	var looks sync.WaitGroup
	defer looks.Wait()
	looks.Go(func() { s.watchman.run(ctx) })
	for {
		select {
		case <-ctx.Done():
			s.hub.Close()
			return nil
		case <-s.hurried:
			if err := s.due(ctx); err != nil && ctx.Err() == nil {
				s.fail(ctx, "do what is due", err)
			}
		case <-tick.C:
			s.paces.prune()
			s.accounts.prune()
			s.own.prune()
			s.strangers.prune()
			s.people.tend()
			if err := s.work(ctx); err != nil && ctx.Err() == nil {
				s.fail(ctx, "do periodic work", err)
			}
		}
	}
}

// Close lets the batch being written finish, refuses what waits as "later", and closes the files.
func (s *Service) Close() error {
	s.close.Do(func() {
		s.hub.Close()
		s.writers.stop()
		s.people.close()
		var err error
		if s.nodes != nil {
			err = s.nodes.close()
		}
		s.closed = errors.Join(err, s.release())
	})
	return s.closed
}

func (s *Service) release() error {
	var err error
	if s.store != nil {
		err = s.store.Close()
	}
	if s.files != nil {
		err = errors.Join(err, s.files.Close())
	}
	if s.lock != nil {
		err = errors.Join(err, s.lock.Unlock())
	}
	return err
}

// connID is a new connection's id; where there are several nodes it begins with the node's, so that the others know whom to ask.
func (s *Service) connID() string {
	if s.nodes == nil {
		return s.store.Chance(9)
	}
	return s.nodes.id + "." + s.store.Chance(9)
}

// join ties the node to the others.
func (s *Service) join() error {
	b := s.cfg.Link
	if b == nil {
		var err error
		switch b, err = bus.Open(s.cfg.Bus); {
		case errors.Is(err, bus.ErrNoDriver):
			return fmt.Errorf("%w (%w)", &workroom.Refusal{Code: NoDriver, Text: "This build has no NATS driver. Use the trestle without a window (build/bin/headless/trestle), or --bus mem:."}, err)
		case err != nil:
			return fmt.Errorf("%w (%w)", &workroom.Refusal{Code: BadBus, Text: "The address of the bus cannot be used. It is mem: or nats://HOST:PORT."}, err)
		case b == nil:
			return nil
		}
	}
	n, err := newNodes(s, b)
	if err != nil {
		return fmt.Errorf("join the other nodes: %w", err)
	}
	s.nodes = n
	return nil
}
