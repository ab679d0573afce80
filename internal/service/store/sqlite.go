package store

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"

	"github.com/pressly/goose/v3"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/sqlitedialect"
)

// The two ways of opening the file (safety.md §2). The reading one begins its transactions without the lock and only then is a snapshot.
const (
	writing = "_journal_mode=WAL&_synchronous=FULL&_busy_timeout=5000&_foreign_keys=on&_txlock=immediate&_secure_delete=on&_stmt_cache_size=64"
	reading = "_busy_timeout=5000&_query_only=on&_stmt_cache_size=64"
)

// dsn writes a path so that any name works (safety.md §2).
func dsn(path, query string) string {
	return "file:" + (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath() + "?" + query
}

// openSQLite opens or makes a file: one connection that writes, four that read.
func (s *Store) openSQLite(ctx context.Context, path string) error {
	if path == "" {
		return ErrAddress
	}
	// Made here so that nobody else on the computer can read it; the log beside it takes the same mode.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	w, err := sql.Open("sqlite3", dsn(path, writing))
	if err != nil {
		return err
	}
	w.SetMaxOpenConns(1)
	s.write = bun.NewDB(w, sqlitedialect.New())
	if err := s.migrate(ctx, "migrations", goose.DefaultTablename, goose.DialectSQLite3); err != nil {
		return errors.Join(err, w.Close())
	}
	if err := s.identify(ctx); err != nil {
		return errors.Join(err, w.Close())
	}
	r, err := sql.Open("sqlite3", dsn(path, reading))
	if err != nil {
		return errors.Join(err, w.Close())
	}
	r.SetMaxOpenConns(4)
	s.read = bun.NewDB(r, sqlitedialect.New())
	return nil
}
