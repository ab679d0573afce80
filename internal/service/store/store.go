// Package store is the service's database: heads, things, access, command records, accounts and files. Everything that is written goes
// through one connection in transactions that begin with the lock, so numbers are given in the order of commit; readers have their own
// pool and see one moment each. Who may do what is decided above, in service.
package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync"

	"github.com/google/uuid"
	"github.com/pressly/goose/v3"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/sqlitedialect"
)

//go:embed migrations/*.sql
var migrations embed.FS

// ErrNewer says that a newer version of the program wrote the data.
var ErrNewer = errors.New("the data was written by a newer version")

// Store is an open database.
type Store struct {
	Service string // the service's id, made with the database
	Epoch   string // a new one after each restore

	write, read *bun.DB
	mu          sync.Mutex // one writer at a time, before the pool's own queue, so that waiting does not count as a busy database
}

// Tx is a transaction.
type Tx struct{ bun.Tx }

// dsn writes a path so that any name works (safety.md §2).
func dsn(path, query string) string {
	return "file:" + (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath() + "?" + query
}

const (
	writing = "_journal_mode=WAL&_synchronous=FULL&_busy_timeout=5000&_foreign_keys=on&_txlock=immediate&_secure_delete=on"
	reading = "_busy_timeout=5000&_query_only=on"
)

// Open opens or makes the database in a file and brings its tables up to date.
func Open(ctx context.Context, path string) (*Store, error) {
	// Made here so that nobody else on the computer can read it; the log beside it takes the same mode.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the service's database: %w", err)
	}
	if err := f.Close(); err != nil {
		return nil, fmt.Errorf("open the service's database: %w", err)
	}
	w, err := sql.Open("sqlite3", dsn(path, writing))
	if err != nil {
		return nil, fmt.Errorf("open the service's database: %w", err)
	}
	w.SetMaxOpenConns(1)
	s := &Store{write: bun.NewDB(w, sqlitedialect.New())}
	if err := s.prepare(ctx); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	r, err := sql.Open("sqlite3", dsn(path, reading))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the service's database to read: %w", err), w.Close())
	}
	r.SetMaxOpenConns(4)
	s.read = bun.NewDB(r, sqlitedialect.New())
	return s, nil
}

func (s *Store) prepare(ctx context.Context) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, s.write.DB, files, goose.WithVerbose(false))
	if err != nil {
		return fmt.Errorf("prepare the service's database: %w", err)
	}
	have, newest, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read the version of the service's database: %w", err)
	}
	if have > newest {
		return ErrNewer
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("update the service's database: %w", err)
	}
	return s.Write(ctx, func(tx Tx) error {
		if s.Service, err = tx.fixed(ctx, "service", uuid.NewString()); err != nil {
			return err
		}
		s.Epoch, err = tx.fixed(ctx, "epoch", Random(8))
		return err
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

// Random is n bytes of chance in hex.
func Random(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return hex.EncodeToString(b)
}

// Write runs a transaction that holds the lock from its beginning. Nothing of it stays if do or the commit fails.
func (s *Store) Write(ctx context.Context, do func(Tx) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return run(ctx, s.write, do)
}

// Read runs do over one moment of the database.
func (s *Store) Read(ctx context.Context, do func(Tx) error) error { return run(ctx, s.read, do) }

func run(ctx context.Context, db *bun.DB, do func(Tx) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	done := false
	defer func() {
		if !done {
			_ = tx.Rollback() // the error that led here is the one to tell
		}
	}()
	if err := do(Tx{tx}); err != nil {
		return err
	}
	done = true
	if err := tx.Commit(); err != nil {
		_ = tx.Rollback() // a failed commit may leave the transaction open
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// Close writes the log back into the file and closes it.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.read.Close()
	if _, e := s.write.Exec("PRAGMA wal_checkpoint(TRUNCATE)"); e != nil && !IsFull(e) {
		err = errors.Join(err, e)
	}
	return errors.Join(err, s.write.Close())
}

// Check runs SQLite's own check of the whole file.
func (s *Store) Check(ctx context.Context) error {
	var said string
	if err := s.read.QueryRowContext(ctx, "PRAGMA quick_check").Scan(&said); err != nil {
		return fmt.Errorf("check the service's database: %w", err)
	}
	if said != "ok" {
		return fmt.Errorf("check the service's database: it is damaged")
	}
	return nil
}
