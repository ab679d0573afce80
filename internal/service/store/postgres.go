package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
)

// Connections of one node, together at most 20 (service.md §3). They are two pools, so that those who wait for a lock never keep a reader
// from beginning.
const (
	pgWriters = 12
	pgReaders = 8
)

// forUpdate ends the statement that reads heads, so that it holds them until the transaction ends. It stands in no other file. The key of
// tagged refuses a doubled number without it too, but only once a rule has decided on rows that another transaction was changing.
const forUpdate = " FOR UPDATE"

// ErrCollation says that a PostgreSQL database sorts text by the habits of a language; scopes and ids are sorted by their bytes everywhere.
var ErrCollation = errors.New("the database must sort by bytes: create it with LC_COLLATE 'C' (CREATE DATABASE trestle TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C')")

// openPostgres opens a database that other nodes may use too.
func (s *Store) openPostgres(ctx context.Context, address string) error {
	if !slices.Contains(sql.Drivers(), "pgx") {
		return fmt.Errorf("postgres: %w", ErrNoDriver)
	}
	u, err := url.Parse(address)
	if err != nil {
		return fmt.Errorf("%w: this one cannot be read", ErrAddress) // not err itself: it repeats the address, which may hold a password
	}
	q := u.Query()
	s.keeps = Prepared != nil && !q.Has("default_query_exec_mode") // whoever names a mode has a reason, such as a pooler between
	for k, v := range map[string]string{
		// bun writes the values into the statement, so a prepared one would never be used twice; ask prepares what is worth it.
		"default_query_exec_mode": "simple_protocol", "standard_conforming_strings": "on", "client_encoding": "UTF8",
		"application_name": "trestle", "connect_timeout": "5",
		// A node that stands still in the middle gives its locks back, and nobody waits for ever.
		"idle_in_transaction_session_timeout": "30000", "lock_timeout": "20000",
	} {
		if !q.Has(k) {
			q.Set(k, v)
		}
	}
	u.RawQuery = q.Encode()
	open := func(most int) (*bun.DB, error) {
		db, err := sql.Open("pgx", u.String())
		if err != nil {
			return nil, err
		}
		db.SetMaxOpenConns(most)
		db.SetMaxIdleConns(most)
		db.SetConnMaxIdleTime(5 * time.Minute)
		return bun.NewDB(db, pgdialect.New()), nil
	}
	if s.write, err = open(pgWriters); err != nil {
		return err
	}
	if s.read, err = open(pgReaders); err != nil {
		return errors.Join(err, s.write.Close())
	}
	s.snapshot = &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	if err := s.preparePostgres(ctx); err != nil {
		return errors.Join(err, s.write.Close(), s.read.Close())
	}
	return nil
}

func (s *Store) preparePostgres(ctx context.Context) error {
	var bytewise bool
	if err := s.write.QueryRowContext(ctx, "SELECT 'Z' < 'a' AND 'a-c' < 'ab'").Scan(&bytewise); err != nil {
		return err
	}
	if !bytewise {
		return ErrCollation
	}
	// Two nodes that start at once: one changes the tables, the other waits (at most five minutes) and finds them changed.
	locker, err := lock.NewPostgresTableLocker(lock.WithTableLockTimeout(250*time.Millisecond, 1200),
		lock.WithTableLogger(nil), lock.WithTableRetryPolicy(func(error) bool { return true }))
	if err != nil {
		return err
	}
	for _, set := range []struct{ folder, table string }{
		{"migrations", goose.DefaultTablename}, {"migrations/postgres", goose.DefaultTablename + "_postgres"},
	} {
		for tries := 0; ; tries++ {
			err := s.migrate(ctx, set.folder, set.table, goose.DialectPostgres, goose.WithLocker(locker))
			if err == nil {
				break
			}
			if code := sqlState(err); tries == again || code != "23505" && code != "42P07" { // the other one made goose's own table first
				return err
			}
			time.Sleep(100 * time.Millisecond)
		}
	}
	return s.identify(ctx)
}

// sqlState is the five characters by which PostgreSQL names an error, or "".
func sqlState(err error) string {
	var e interface{ SQLState() string }
	if errors.As(err, &e) {
		return e.SQLState()
	}
	return ""
}

// isConflict reports whether PostgreSQL ended a transaction because another one stood in its way: run once more, it may pass.
func isConflict(err error) bool {
	code := sqlState(err)
	return code == "40001" || code == "40P01"
}

// isTwice reports whether a statement wrote a key that is there already.
func isTwice(err error) bool { return sqlState(err) == "23505" }

// IsAway reports whether the database cannot be reached, was ended or is starting, or let us wait too long for a lock. Asking later helps;
// whether a commit that failed so was stored is unknown.
func IsAway(err error) bool {
	code := sqlState(err)
	return isCut(err) || code == "53300" || code == "55P03"
}

// isCut reports whether the connection itself is gone: what it was doing was rolled back, unless it was committing.
func isCut(err error) bool {
	code := sqlState(err)
	if code == "" {
		var n *net.OpError
		var d *net.DNSError
		var r interface{ SafeToRetry() bool } // what the driver says of a connection that is closed
		return errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &n) || errors.As(err, &d) || errors.As(err, &r)
	}
	return code[:2] == "08" || slices.Contains([]string{"57P01", "57P02", "57P03", "25P03"}, code)
}

// IsMissing reports whether the server has no database of that name.
func IsMissing(err error) bool { return sqlState(err) == "3D000" }

// IsForbidden reports whether the server does not let the user in, or not do what the service needs.
func IsForbidden(err error) bool {
	code := sqlState(err)
	return strings.HasPrefix(code, "28") || code == "42501"
}

// IsDamaged reports whether the file of the database is damaged, or none.
func IsDamaged(err error) bool { return damagedSQLite(err) }

// IsFull reports whether an error means that the disk has no room or cannot be written: trying later can help, and nothing was stored.
func IsFull(err error) bool {
	code := sqlState(err)
	return fullSQLite(err) || code == "53100" || code == "25006"
}
