package store

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"testing"

	"trestle/internal/service/pgtest"
	"trestle/internal/workroom"
)

func withDatabase(t *testing.T, address, name string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}

// I4: a transaction that PostgreSQL ends in favour of another one (40001, 40P01) runs again, up to five times, and is stored once; the sixth
// time the caller hears of it.
func TestI4_ConflictsRunAgain(t *testing.T) {
	address := pgtest.New(t)
	s := open(t, address, Options{})
	pgtest.Exec(t, address, "CREATE SEQUENCE tried",
		`CREATE FUNCTION conflict() RETURNS trigger LANGUAGE plpgsql AS $x$ BEGIN
			IF nextval('tried') <= TG_ARGV[1]::int THEN RAISE EXCEPTION 'conflict' USING ERRCODE = TG_ARGV[0]; END IF; RETURN NEW; END $x$`)
	for i, x := range []struct {
		code string
		n    int
		ok   bool
	}{{"40001", 5, true}, {"40P01", 5, true}, {"40001", 6, false}, {"40P01", 6, false}, {"23514", 1, false}} {
		pgtest.Exec(t, address, "ALTER SEQUENCE tried RESTART",
			fmt.Sprintf("CREATE TRIGGER conflict BEFORE INSERT ON command FOR EACH ROW EXECUTE FUNCTION conflict('%s', %d)", x.code, x.n))
		id := fmt.Sprint("m", i)
		err := put(t.Context(), s, id, "r:a")
		if (err == nil) != x.ok || err != nil && sqlState(err) != x.code {
			t.Errorf("%s %d times: %v", x.code, x.n, err)
		}
		pgtest.Exec(t, address, "DROP TRIGGER conflict ON command")
		if !x.ok {
			continue
		}
		if err := put(t.Context(), s, id, "r:a"); err == nil {
			t.Errorf("%s was written a second time", id)
		}
	}
	if said, err := s.Verify(t.Context(), "r:a"); said != "" || err != nil || heads(t, s)["r:a"] != 2 {
		t.Error(said, err, heads(t, s))
	}
}

// A connection that an operator ends in the middle of a transaction leaves nothing, is told as such, and the next transaction works.
func TestAwayIsTold(t *testing.T) {
	address := pgtest.New(t)
	s := open(t, address, Options{})
	if err := put(t.Context(), s, "m0", "r:a"); err != nil {
		t.Fatal(err)
	}
	err := s.Write(t.Context(), func(tx Tx) error {
		b := NewBatch(t.Context(), tx)
		if err := b.Lock("r:a"); err != nil {
			return err
		}
		pgtest.Exec(t, address, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'trestle' ")
		_, err := b.Record("anna", "m1")
		return err
	})
	if !IsAway(err) {
		t.Fatalf("%T %v", err, err)
	}
	// Every pooled connection was ended; the pool finds out by itself or says so, and never for long.
	for try := 0; ; try++ {
		if err = put(t.Context(), s, "m1", "r:a"); err == nil {
			break
		}
		if !IsAway(err) || try == pgWriters {
			t.Fatalf("%T %v", err, err)
		}
	}
	for try := 0; ; try++ {
		err := s.Read(t.Context(), func(tx Tx) error { _, err := tx.head(t.Context(), "r:a"); return err })
		if err == nil {
			break
		}
		if !IsAway(err) || try == pgReaders {
			t.Fatalf("%T %v", err, err)
		}
	}
	if h := heads(t, s); h["r:a"] != 2 {
		t.Fatal(h)
	}
}

// A reader sees one moment: what is committed while it reads is not there, in any table, and it never waits for a writer.
func TestI3_ReadersSeeOneMoment(t *testing.T) {
	onBoth(t, func(t *testing.T, address string) {
		s := open(t, address, Options{})
		if err := put(t.Context(), s, "m0", "r:a"); err != nil {
			t.Fatal(err)
		}
		err := s.Read(t.Context(), func(tx Tx) error {
			before, err := tx.head(t.Context(), "r:a")
			if err != nil {
				return err
			}
			if err := put(context.Background(), s, "m1", "r:a"); err != nil {
				return err
			}
			after, err := tx.head(t.Context(), "r:a")
			if err == nil && (*before != *after) {
				t.Errorf("%+v, then %+v", before, after)
			}
			things, err2 := tx.things(t.Context(), "scope = ?", workroom.Scope("r:a"))
			if len(things) != 1 {
				t.Errorf("%d things", len(things))
			}
			return errors.Join(err, err2)
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// PostgreSQL keeps half of each page of heads free, so that their many new versions stay beside the old ones.
func TestHeadsHaveRoom(t *testing.T) {
	address := pgtest.New(t)
	open(t, address, Options{})
	db := pgtest.Open(t, address)
	defer func() { _ = db.Close() }()
	var options string
	if err := db.QueryRow("SELECT array_to_string(reloptions, ',') FROM pg_class WHERE relname = 'head'").Scan(&options); err != nil || options != "fillfactor=50" {
		t.Fatal(options, err)
	}
}
