package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"trestle/internal/service/pgtest"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// onBoth runs a test on each engine; there address makes a new empty database.
func onBoth(t *testing.T, run func(t *testing.T, address string)) {
	t.Run("sqlite", func(t *testing.T) { run(t, "sqlite:"+filepath.Join(t.TempDir(), "service.db")) })
	t.Run("postgres", func(t *testing.T) { run(t, pgtest.New(t)) })
}

func open(t *testing.T, address string, o Options) *Store {
	t.Helper()
	s, err := Open(t.Context(), address, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// put writes messages into rooms, one command for all of them.
func put(ctx context.Context, s *Store, id string, rooms ...workroom.Scope) error {
	return s.Write(ctx, func(tx Tx) error {
		b := NewBatch(ctx, tx)
		if err := b.Lock(rooms...); err != nil {
			return err
		}
		if r, err := b.Record("anna", id); err != nil || r != nil {
			return errors.Join(err, b.tx.Rollback())
		}
		var c workroom.Changes
		for _, r := range rooms {
			c.Put(r, id, &workroom.Message{Author: "anna", Text: id})
		}
		_, seqs, err := b.Write("anna", time.UnixMicro(1), "", c.List())
		if err != nil {
			return err
		}
		b.Keep(&Record{Account: "anna", ID: id, Status: wire.OK}, seqs)
		_, err = b.Flush()
		return err
	})
}

// heads reads the seq of every head there is.
func heads(t *testing.T, s *Store) map[workroom.Scope]int64 {
	t.Helper()
	out := map[workroom.Scope]int64{}
	err := s.Read(t.Context(), func(tx Tx) error {
		rows, err := tx.QueryContext(t.Context(), "SELECT scope, seq FROM head")
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var sc workroom.Scope
			var seq int64
			if err := rows.Scan(&sc, &seq); err != nil {
				return err
			}
			out[sc] = seq
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// A database is made once: opened again it has the same id and epoch, and four nodes that open a new one at the same moment agree on them.
func TestOpen(t *testing.T) {
	onBoth(t, func(t *testing.T, address string) {
		nodes := make([]*Store, 4)
		if address[:6] == "sqlite" {
			nodes = nodes[:1]
		}
		var all sync.WaitGroup
		for i := range nodes {
			all.Go(func() {
				s, err := Open(t.Context(), address, Options{})
				if err != nil {
					t.Errorf("node %d: %v", i, err)
					return
				}
				nodes[i] = s
			})
		}
		all.Wait()
		if t.Failed() {
			return
		}
		first := nodes[0]
		for _, s := range nodes {
			if s.Service == "" || s.Service != first.Service || s.Epoch != first.Epoch {
				t.Errorf("%s %s, %s %s", s.Service, s.Epoch, first.Service, first.Epoch)
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
		if again := open(t, address, Options{}); again.Service != first.Service || again.Epoch != first.Epoch {
			t.Errorf("opened again it is %s %s", again.Service, again.Epoch)
		}
	})
}

// A database that a newer program wrote is refused and not touched.
func TestNewerIsRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, address string) {
		s := open(t, address, Options{})
		err := s.Write(t.Context(), func(tx Tx) error {
			_, err := tx.ExecContext(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9000, TRUE)")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Open(t.Context(), address, Options{}); !errors.Is(err, ErrNewer) {
			t.Fatal(err)
		}
	})
}

// An address that names no database, or one that cannot be used, says so without repeating what may be a password.
func TestBadAddresses(t *testing.T) {
	for address, want := range map[string]error{"": ErrAddress, "service.db": ErrAddress, "sqlite:": ErrAddress, "mysql://x": ErrAddress, "postgres://a:secret@h:x/": ErrAddress} {
		if _, err := Open(t.Context(), address, Options{}); !errors.Is(err, want) || len(err.Error()) > 150 {
			t.Errorf("%s: %v", address, err)
		}
	}
	if _, err := Open(t.Context(), "postgres://app@127.0.0.1:1/x", Options{}); !IsAway(err) {
		t.Errorf("nobody listens: %v", err)
	}
}

// A PostgreSQL that sorts text by a language is refused: scopes are sorted by their bytes.
func TestCollation(t *testing.T) {
	address := pgtest.New(t)
	db := pgtest.Open(t, address)
	defer func() { _ = db.Close() }()
	var other string
	err := db.QueryRow("SELECT collname FROM pg_collation WHERE collprovider = 'i' AND collname = 'en-x-icu'").Scan(&other)
	if err != nil {
		t.Skipf("this PostgreSQL knows no language's sorting: %v", err)
	}
	pgtest.Exec(t, address, "CREATE DATABASE spoken TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'en' LOCALE 'C'")
	defer pgtest.Exec(t, address, "DROP DATABASE spoken WITH (FORCE)")
	if _, err := Open(t.Context(), withDatabase(t, address, "spoken"), Options{}); !errors.Is(err, ErrCollation) {
		t.Fatal(err)
	}
}

// I1: sixteen writers over the same three rooms, in every order of naming them, all get through; each room's numbers are dense, and what a
// writer took back or only looked at leaves no head.
func TestI1_HeadsAreLockedInOneOrder(t *testing.T) {
	onBoth(t, func(t *testing.T, address string) {
		s := open(t, address, Options{})
		rooms := []workroom.Scope{"r:a", "r:b", "r:c"}
		const writers, each = 16, 12
		var all sync.WaitGroup
		for w := range writers {
			all.Go(func() {
				for n := range each {
					mine := slices.Clone(rooms)
					if (w+n)%2 == 1 {
						slices.Reverse(mine)
					}
					if err := put(context.Background(), s, fmt.Sprintf("m%d-%d", w, n), mine[:1+(w+n)%3]...); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		for _, r := range rooms {
			if said, err := s.Verify(t.Context(), r); said != "" || err != nil {
				t.Errorf("%s: %s %v", r, said, err)
			}
		}
		err := s.Write(t.Context(), func(tx Tx) error {
			b := NewBatch(t.Context(), tx)
			if err := b.Lock("r:nowhere", "r:a"); err != nil {
				return err
			}
			if there, err := b.Exists("r:nowhere"); there || err != nil {
				t.Error("a scope nobody wrote into exists", err)
			}
			if there, err := b.Exists("r:a"); !there || err != nil {
				t.Error("a scope does not exist", err)
			}
			_, err := b.Flush()
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if h := heads(t, s); len(h) != 3 {
			t.Fatalf("heads: %v", h)
		}
	})
}

// A scope cannot be numbered without its lock, and the locks are taken once.
func TestUnlockedIsRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, address string) {
		s := open(t, address, Options{})
		err := s.Write(t.Context(), func(tx Tx) error {
			b := NewBatch(t.Context(), tx)
			if err := b.Lock("r:a"); err != nil {
				return err
			}
			if err := b.Lock("r:b"); !errors.Is(err, errTwice) {
				t.Error(err)
			}
			var c workroom.Changes
			c.Put("r:b", "m", &workroom.Message{})
			_, _, err := b.Write("anna", time.UnixMicro(1), "", c.List())
			return err
		})
		if !errors.Is(err, ErrUnlocked) {
			t.Fatal(err)
		}
	})
}

// What was read ahead is what is read one by one; what is not there is known not to be.
func TestAhead(t *testing.T) {
	onBoth(t, func(t *testing.T, address string) {
		s := open(t, address, Options{})
		var a Ahead
		for i := range 400 { // more than one statement takes
			id := fmt.Sprintf("m%d", i)
			a.Things = append(a.Things, workroom.Ref{Scope: "r:a", Kind: workroom.KindMessage, ID: id})
			a.Records = append(a.Records, Asking{"anna", id}, Asking{"ben", id})
			a.Roots = append(a.Roots, "r:a")
			if i%3 == 0 {
				if err := put(t.Context(), s, id, "r:a"); err != nil {
					t.Fatal(err)
				}
			}
		}
		err := s.Write(t.Context(), func(tx Tx) error {
			ahead, single := NewBatch(t.Context(), tx), NewBatch(t.Context(), tx)
			if err := ahead.Ahead(a); err != nil {
				return err
			}
			for _, r := range a.Things {
				one, err := single.row(r)
				if err != nil {
					return err
				}
				if got, known := ahead.rows[r]; !known || (got == nil) != (one == nil) || got != nil && *got != *one {
					t.Errorf("%s: %v, %v", r, got, one)
				}
			}
			for _, k := range a.Records {
				one, err := single.Record(k.Account, k.ID)
				if err != nil {
					return err
				}
				if got, known := ahead.records[k]; !known || (got == nil) != (one == nil) || got != nil && *got != *one {
					t.Errorf("%v: %v, %v", k, got, one)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
