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

// I4: connections that an operator ends in the middle of transactions leave nothing of them; a writer and a reader go on with another one and
// their callers never hear of it. A commit that was cut is told, because nobody knows whether it was stored.
func TestI4_CutConnections(t *testing.T) {
	address := pgtest.New(t)
	s := open(t, address, Options{})
	cut := func() {
		pgtest.Exec(t, address, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'trestle'")
	}
	if err := put(t.Context(), s, "m0", "r:a"); err != nil {
		t.Fatal(err)
	}
	runs := 0
	write := func(tx Tx) error {
		runs++
		b := NewBatch(t.Context(), tx)
		if err := b.Lock("r:a"); err != nil {
			return err
		}
		if runs < again { // each connection of the pool was ended; the driver may learn of it one by one
			cut()
		}
		_, err := b.Record("anna", "m1")
		return err
	}
	if err := s.Write(t.Context(), write); err != nil || runs != again {
		t.Fatalf("%d runs: %v", runs, err)
	}
	cut()
	if err := put(t.Context(), s, "m1", "r:a"); err != nil {
		t.Fatal(err)
	}
	cut()
	if h := heads(t, s); h["r:a"] != 2 {
		t.Fatal(h)
	}
	err := s.Write(t.Context(), func(tx Tx) error { cut(); return nil })
	if !IsAway(err) || !errors.Is(err, errCommit) {
		t.Fatalf("a commit that was cut: %v", err)
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
