package outbox

import (
	"database/sql"
	"errors"
	"os"
	"strings"
	"testing"

	_ "github.com/mattn/go-sqlite3" // the driver "sqlite3"

	"trestle/internal/workroom"
)

// released opens the outbox as a released program left it, with the columns added since.
func released(t *testing.T) *sql.DB {
	t.Helper()
	text, err := os.ReadFile("testdata/first-slice.sql")
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite3", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	for _, s := range []string{string(text), `ALTER TABLE outbox ADD COLUMN expect TEXT NOT NULL DEFAULT ''`,
		`ALTER TABLE outbox ADD COLUMN recovered INTEGER NOT NULL DEFAULT 0`, `ALTER TABLE outbox ADD COLUMN fails INTEGER NOT NULL DEFAULT 0`} {
		if _, err := db.Exec(s); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

// readable is what this program can read, uploads apart.
func readable(r *Row) error {
	if r.Op == workroom.OpUpload {
		return nil
	}
	_, err := Decode(*r)
	return err
}

// I21: the outbox of the first slice is read by this program whole, every row byte for byte; of a SetPref that was never attempted only the
// version is another.
func TestI21_ReleasedOutboxIsRead(t *testing.T) {
	db := released(t)
	before, err := ListFull(db)
	if err != nil || len(before) != 14 {
		t.Fatalf("%d rows: %v", len(before), err)
	}
	s, err := Sift(db, readable)
	if err != nil || len(s.Unreadable)+len(s.Readable) != 0 {
		t.Fatalf("sifted %+v: %v", s, err)
	}
	after, err := ListFull(db)
	if err != nil {
		t.Fatal(err)
	}
	ops := map[workroom.Op]bool{}
	for i, r := range before {
		ops[r.Op] = true
		want := r.V
		if r.Op == workroom.OpSetPref && r.Attempts == 0 {
			want = 2
		}
		if n := after[i]; string(n.Args) != string(r.Args) || n.V != want || n.ID != r.ID || n.N != r.N {
			t.Errorf("%s %s was changed", r.Op, r.ID)
		}
	}
	if len(ops) < 9 {
		t.Errorf("the fixture holds %d kinds of commands", len(ops))
	}
	for id, want := range map[string]State{"000000000100": Later, "000000000012": Waiting, "000000000200": Waiting, "000000000018": Queued, "000000000023": Refused} {
		for full, got := range States(after, 1_793_534_440_000_000) { // 12:00:40 of that day
			if strings.HasSuffix(full, id) && got != want {
				t.Errorf("%s is %s, want %s", id, got, want)
			}
		}
	}
}

// A row of an older version is converted if it was never attempted, and goes byte for byte if it was; what cannot be read is set aside and
// comes back to life when it can.
func TestSift_OlderNewerUnreadable(t *testing.T) {
	op := workroom.OpSendMessage
	old, known := converters, workroom.Ops[op]
	converters = map[version]func([]byte) ([]byte, error){
		{op, 1}: func(a []byte) ([]byte, error) { return append(a, " two"...), nil },
		{op, 2}: func(a []byte) ([]byte, error) {
			if strings.Contains(string(a), "broken") {
				return nil, errors.New("broken")
			}
			return append(a, " three"...), nil
		},
	}
	now := known
	now.V = 3
	workroom.Ops[op] = now
	t.Cleanup(func() { converters, workroom.Ops[op] = old, known })
	read := func(r *Row) error {
		c := *r
		_, err := Convert(&c)
		return err
	}
	db := released(t)
	if _, err := db.Exec(`DELETE FROM outbox`); err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		id, args string
		v        int
		attempts int
		want     string
		verdict  Verdict
	}{
		{"first", "one", 1, 0, "one two three", None},
		{"second", "one", 2, 0, "one three", None},
		{"present", "one", 3, 0, "one", None},
		{"attempted", "one", 1, 1, "one", None},
		{"newer", "one", 4, 0, "one", Quarantined},
		{"newer, attempted", "one", 4, 1, "one", Quarantined},
		{"broken", "broken", 1, 0, "broken", Quarantined},
		{"broken, attempted", "broken", 1, 1, "broken", Quarantined},
	} {
		r := Row{ID: x.id, Account: "a", Device: "d", Lane: "r:1", Op: op, V: x.v, Args: []byte(x.args), At: 1}
		if err := Insert(db, &r); err != nil {
			t.Fatal(err)
		}
		if x.attempts > 0 {
			if err := Attempt(db, r.N); err != nil {
				t.Fatal(err)
			}
		}
		s, err := Sift(db, read)
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range s.Unreadable {
			if err := Judge(db, u.N, Quarantined, workroom.ClientTooOld, "kept", ""); err != nil {
				t.Fatal(err)
			}
		}
		got, err := ByID(db, x.id)
		if err != nil {
			t.Fatal(err)
		}
		if string(got.Args) != x.want || got.Verdict != x.verdict || got.N != r.N {
			t.Errorf("%s: %q %q, want %q %q", x.id, got.Args, got.Verdict, x.want, x.verdict)
		}
		if err := Delete(db, r.N); err != nil {
			t.Fatal(err)
		}
	}
	newer := Row{ID: "x", Account: "a", Device: "d", Lane: "r:1", Op: op, V: 4, Args: []byte("one"), At: 1}
	if err := Insert(db, &newer); err != nil {
		t.Fatal(err)
	}
	if err := Judge(db, newer.N, Quarantined, workroom.ClientTooOld, "kept", ""); err != nil {
		t.Fatal(err)
	}
	now.V = 4
	workroom.Ops[op] = now
	converters[version{op, 3}] = func(a []byte) ([]byte, error) { return a, nil }
	s, err := Sift(db, read)
	if err != nil || len(s.Readable) != 1 || s.Readable[0].ID != "x" {
		t.Errorf("an updated program does not take it up again: %+v %v", s, err)
	}
	if err := Unjudge(db, newer.N); err != nil {
		t.Fatal(err)
	}
	if got, _ := ByID(db, "x"); got.Verdict != None || string(got.Args) != "one" {
		t.Errorf("taken up as %+v", got)
	}
}

// The table is complete: every version any op ever had leads to the present one.
func TestConverters_NoGap(t *testing.T) {
	for op, info := range workroom.Ops {
		for v := 1; v < info.V; v++ {
			if converters[version{op, v}] == nil {
				t.Errorf("%s: no way from version %d to %d", op, v, v+1)
			}
		}
	}
	for k := range converters {
		if k.v >= current(k.op) {
			t.Errorf("%s: a converter from version %d, which is not old", k.op, k.v)
		}
	}
}
