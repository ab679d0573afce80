// Package store is the service's database: heads, things, access, command records, accounts and files, in a SQLite file or in PostgreSQL.
// Whoever writes into a scope holds the lock of its head from before the first read to the commit, so numbers are given in the order of
// commit; readers have their own pool and see one moment each. Who may do what is decided above, in service.
package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	mathrand "math/rand/v2"
	"strings"
	"sync"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect"
)

// The migrations of the folder itself are for both engines, those of a folder in it for that engine only.
//
//go:embed migrations/*.sql migrations/postgres/*.sql
var migrations embed.FS

var (
	// ErrNewer says that a newer version of the program wrote the data.
	ErrNewer = errors.New("the data was written by a newer version")
	// ErrNoDriver says that this build cannot speak to that kind of database.
	ErrNoDriver = errors.New("this build has no driver for this kind of database")
	// ErrAddress says that an address names no database.
	ErrAddress = errors.New("the address of a database begins with sqlite: or postgres://")
)

// Store is an open database.
type Store struct {
	Service string // the service's id, made with the database
	Epoch   string // a new one after each restore

	lost        []span // what restores lost
	opts        Options
	write, read *bun.DB
	snapshot    *sql.TxOptions // of a transaction that reads
	keeps       bool           // PostgreSQL keeps statements prepared
	one         sync.Mutex     // SQLite: one writer at a time, before the pool's own queue, so that waiting does not count as a busy database
	chance      sync.Mutex
}

// Tx is a transaction.
type Tx struct {
	bun.Tx
	s    *Store
	make bool // heads that are missing may be made before they are locked
}

// Open opens or makes the database at an address and brings its tables up to date: sqlite:PATH or postgres://…
func Open(ctx context.Context, address string, o Options) (*Store, error) {
	s := &Store{opts: o}
	kind, rest, _ := strings.Cut(address, ":")
	var err error
	switch kind {
	case "sqlite":
		err = s.openSQLite(ctx, rest)
	case "postgres", "postgresql":
		err = s.openPostgres(ctx, address)
	default:
		return nil, ErrAddress
	}
	if err != nil {
		return nil, fmt.Errorf("open the service's database: %w", err)
	}
	return s, nil
}

// Shared reports whether other nodes may use the same database at the same time.
func (s *Store) Shared() bool { return s.write.Dialect().Name() == dialect.PG }

// migrate brings one set of tables up to date; its versions are noted in a table of their own.
func (s *Store) migrate(ctx context.Context, folder, table string, kind goose.Dialect, more ...goose.ProviderOption) error {
	files, err := fs.Sub(migrations, folder)
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	p, err := goose.NewProvider(kind, s.write.DB, files, append(more, goose.WithVerbose(false), goose.WithTableName(table))...)
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	have, newest, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read the version: %w", err)
	}
	if have > newest {
		return ErrNewer
	}
	if have == newest {
		return nil
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("update: %w", err)
	}
	return nil
}

// identify reads who this service is, or decides it if the database is new.
func (s *Store) identify(ctx context.Context) error {
	return s.Write(ctx, func(tx Tx) (err error) {
		if s.Service, err = tx.fixed(ctx, "service", s.uuid()); err != nil {
			return err
		}
		if s.Epoch, err = tx.fixed(ctx, "epoch", s.Chance(8)); err != nil {
			return err
		}
		if s.lost, err = readLost(ctx, tx.Tx); err != nil {
			return err
		}
		return tx.redigest(ctx)
	})
}

// fixed reads a value that is written once.
func (tx Tx) fixed(ctx context.Context, k, v string) (string, error) {
	if _, err := tx.ExecContext(ctx, "INSERT INTO meta (k, v) VALUES (?, ?) ON CONFLICT (k) DO NOTHING", k, v); err != nil {
		return "", fmt.Errorf("write %s: %w", k, err)
	}
	if err := tx.QueryRowContext(ctx, "SELECT v FROM meta WHERE k = ?", k).Scan(&v); err != nil {
		return "", fmt.Errorf("read %s: %w", k, err)
	}
	return v, nil
}

// again is how often a transaction is tried once more that another one stood in the way of, or whose connection was cut.
const again = 5

// ErrAgain is said by what a transaction does when it learnt, with its locks held, that it set out from something that has changed: it is run
// again, as if the database had ended it in favour of another one.
var ErrAgain = errors.New("another transaction came between")

// Write runs a transaction. Nothing of it stays if do or the commit fails. On SQLite it holds the one lock from its beginning; on PostgreSQL
// others run at the same time, so that what must not change between a read and a write is locked (Batch.Lock) or written in one statement.
// If the database ended it in favour of another one (40001, 40P01, or ErrAgain), or its connection was cut before the commit, do runs again, so do only
// assigns its results. With a connection cut during the commit nobody knows: that error is given back.
func (s *Store) Write(ctx context.Context, do func(Tx) error) error {
	if !s.Shared() {
		s.one.Lock()
		defer s.one.Unlock()
	}
	tx := Tx{s: s}
	for tries := 0; ; {
		err := s.writeOnce(ctx, tx, do)
		switch {
		case err == nil:
			return s.fail(PointUntold)
		case errors.Is(err, errMissing) && !tx.make:
			tx.make = true
		case (isConflict(err) || errors.Is(err, ErrAgain) || isCut(err) && !errors.Is(err, errCommit)) && tries < again && ctx.Err() == nil:
			time.Sleep(mathrand.N(time.Millisecond << tries))
			tries++
		default:
			return err
		}
	}
}

func (s *Store) writeOnce(ctx context.Context, tx Tx, do func(Tx) error) error {
	if err := s.fail(PointBegin); err != nil {
		return err
	}
	return run(ctx, s.write, nil, func(b bun.Tx) error {
		tx.Tx = b
		if err := do(tx); err != nil {
			return err
		}
		return s.fail(PointCommit)
	})
}

// Read runs do over one moment of the database, and once more over another one if its connection was cut.
func (s *Store) Read(ctx context.Context, do func(Tx) error) error {
	if err := s.fail(PointRead); err != nil {
		return err
	}
	for tries := 0; ; tries++ {
		err := run(ctx, s.read, s.snapshot, func(b bun.Tx) error { return do(Tx{Tx: b, s: s}) })
		if !isCut(err) || tries == again || ctx.Err() != nil {
			return err
		}
	}
}

// errCommit marks what failed only at the very end.
var errCommit = errors.New("commit")

func run(ctx context.Context, db *bun.DB, o *sql.TxOptions, do func(bun.Tx) error) error {
	tx, err := db.BeginTx(ctx, o)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	done := false
	defer func() {
		if !done {
			_ = tx.Rollback() // the error that led here is the one to tell
		}
	}()
	if err := do(tx); err != nil {
		return err
	}
	done = true
	if err := tx.Commit(); err != nil {
		_ = tx.Rollback() // a failed commit may leave the transaction open
		return fmt.Errorf("%w: %w", errCommit, err)
	}
	return nil
}

// Close ends the connections; on SQLite it writes the log back into the file first.
func (s *Store) Close() error {
	s.one.Lock()
	defer s.one.Unlock()
	err := s.read.Close()
	if !s.Shared() {
		if _, e := s.write.Exec("PRAGMA wal_checkpoint(TRUNCATE)"); e != nil && !IsFull(e) {
			err = errors.Join(err, e)
		}
	}
	return errors.Join(err, s.write.Close())
}

// Check asks whether the database answers; on SQLite it runs SQLite's own check of the whole file.
func (s *Store) Check(ctx context.Context) error {
	ask, said := "PRAGMA quick_check", ""
	if s.Shared() {
		ask = "SELECT 'ok'"
	}
	if err := s.read.QueryRowContext(ctx, ask).Scan(&said); err != nil {
		return fmt.Errorf("check the service's database: %w", err)
	}
	if said != "ok" {
		return fmt.Errorf("check the service's database: it is damaged")
	}
	return nil
}
