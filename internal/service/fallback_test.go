package service

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"trestle/internal/service/store"
	"trestle/internal/wire"
)

// One command that the database cannot store is put off alone: those of its batch are stored one by one, the rest of its lane waits, and
// numbers stay without gaps.
func TestOneBadCommandCostsNoOther(t *testing.T) {
	s, c := start(t, Config{})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	w, x := hire(anna, ben, "k1", "r1"), hire(anna, ben, "k2", "r2")
	mend := trigger(t, s, "boom")
	cmds := []wire.Command{
		anna.command("a", say(w.r, "before")), anna.command("b", say(w.r, "boom")), anna.command("c", say(w.r, "after")), anna.command("d", say(x.r, "elsewhere")),
	}
	want := []wire.Verdict{wire.OK, wire.Later, wire.NotRun, wire.OK}
	for i, r := range anna.send(cmds...) {
		if r.Status != want[i] {
			t.Errorf("%s: %+v", r.ID, r)
		}
	}
	mend()
	for i, r := range anna.send(cmds...) {
		if r.Status != wire.OK || len(r.Things) != 1 || i < 3 && r.Things[0].Num != int64(i+1) {
			t.Errorf("%s again: %+v", r.ID, r)
		}
	}
	checkScope(t, s, "r:r1")
	checkScope(t, s, "r:r2")
}

// The SQL is of the kind that both engines understand (service.md §3).
func TestPortableSQL(t *testing.T) {
	bad := regexp.MustCompile(`(?i)[^a-z]\$[0-9]|\bSERIAL\b|AUTOINCREMENT|[^.]\bnow\(\)|INSERT OR|FOR UPDATE|\bNOTIFY\b|max\(seq\)`)
	for _, glob := range []string{"store/*.go", "store/migrations/*.sql", "store/migrations/postgres/*.sql"} {
		names, err := filepath.Glob(glob)
		if err != nil || len(names) == 0 {
			t.Fatal(glob, err)
		}
		for _, n := range names {
			b, err := os.ReadFile(n)
			if err != nil {
				t.Fatal(err)
			}
			for _, found := range bad.FindAllString(string(b), -1) {
				if found == "FOR UPDATE" && n == "store/postgres.go" { // its one place
					continue
				}
				t.Errorf("%s holds %q", n, found)
			}
		}
	}
}

// A reader in the middle of an open writer sees the moment before it, and does not wait.
func TestReaderNeverWaits(t *testing.T) {
	s, c := start(t, Config{})
	anna, ben := join(t, c, "anna"), join(t, c, "ben")
	w := hire(anna, ben, "k1", "r1")
	anna.does("m1", say(w.r, "x"))
	before, err := ben.Heads(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	err = s.store.Write(t.Context(), func(tx store.Tx) error {
		if _, err := tx.ExecContext(t.Context(), "UPDATE head SET seq = seq + 1"); err != nil {
			return err
		}
		inside, err := ben.Heads(t.Context(), "")
		if err == nil && fmt.Sprint(inside) != fmt.Sprint(before) {
			t.Error("an open transaction shows")
		}
		if err != nil {
			return err
		}
		return errUndo
	})
	if err != errUndo {
		t.Fatal(err)
	}
}

var errUndo = fmt.Errorf("undo")
