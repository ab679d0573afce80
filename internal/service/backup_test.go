package service

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"trestle/internal/service/pgtest"
	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// seeded is a service with messages and files on the engine and store of files asked for, and what it holds.
type seeded struct {
	place Place
	svc   *Service
	c     *wire.Client
	anna  *person
	ben   *person
	big   []byte
}

func seed(t *testing.T, place Place) *seeded {
	t.Helper()
	x := &seeded{place: place, big: noise(wire.PartSize+4321, 9)}
	x.svc, x.c = start(t, Config{Data: place.Data, DB: place.DB, Blobs: place.Blobs})
	x.anna, x.ben = join(t, x.c, "anna"), join(t, x.c, "ben")
	hire(x.anna, x.ben, "k1", "r1")
	for i := range 30 {
		x.anna.does(fmt.Sprintf("m%d", i), say("r1", fmt.Sprintf("message %d: 'quotes', \"more\", ? and \\ and Ünïcode 🙂\u0000", i)))
	}
	x.anna.upload("f1", "r:r1", "big", x.big)
	must(t, x.anna.Complete(t.Context(), "f1"))
	x.anna.does("mf", workroom.SendMessage{Room: "r1", Files: []workroom.FileRef{{ID: "f1", Name: "big", Size: int64(len(x.big))}}})
	x.anna.upload("half", "r:r1", "half", noise(2*wire.PartSize, 3), 1) // not complete
	must(t, x.svc.store.Write(t.Context(), func(tx store.Tx) error {    // an old part that no file lists
		_, err := tx.AddPart(t.Context(), "k-k1", sha([]byte("gone")), 4, 1, 0)
		return err
	}))
	return x
}

// rowsOf reads every table but what a restore writes of its own.
func rowsOf(t *testing.T, place Place) string {
	t.Helper()
	var out strings.Builder
	_, err := store.Export(context.Background(), place.db(), t.TempDir(), io.Discard, func(table string, row map[string]any) error {
		switch {
		case table == "meta" && (row["k"] == "epoch" || row["k"] == "lost"), table == "part" && row["sha"] == sha([]byte("gone")):
			return nil
		}
		b, err := json.Marshal(row)
		if err == nil {
			_, err = fmt.Fprintf(&out, "%s %s\n", table, b)
		}
		return err
	})
	must(t, err)
	lines := strings.Split(out.String(), "\n")
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// places are the four kinds of home a service may have.
func places(t *testing.T) map[string]func() Place {
	address, _ := bucket(t)
	n := 0
	return map[string]func() Place{
		"a file and a folder": func() Place { return Place{Data: filepath.Join(t.TempDir(), "a b%20c")} },
		"PostgreSQL and a bucket": func() Place {
			n++
			return Place{Data: t.TempDir(), DB: pgtest.New(t), Blobs: address + fmt.Sprintf("&prefix=n%d", n)}
		},
		"a file elsewhere": func() Place {
			d := t.TempDir()
			return Place{Data: t.TempDir(), DB: "sqlite:" + d + "/x.db", Blobs: "file://" + (&url.URL{Path: d}).EscapedPath() + "/files"}
		},
	}
}

// D-16, U-17, U-18: what was backed up while the service runs is restored to any other place, row by row and byte by byte, with an epoch of its
// own; whoever signed in stays so.
func TestD16_BackupAndRestore(t *testing.T) {
	inAFile(t)
	all := places(t)
	for from := range all {
		for to := range all {
			if from != "a file and a folder" && to != "a file and a folder" {
				continue
			}
			t.Run(from+" to "+to, func(t *testing.T) {
				x := seed(t, all[from]())
				ctx := t.Context()
				dir := filepath.Join(t.TempDir(), "backup 1")
				var steps []Step
				m, err := Backup(ctx, x.place, "1.0.0", dir, "", func(s Step) { steps = append(steps, s) })
				must(t, err)
				if m.Parts != 3 || m.Taken != 0 || len(m.Lost) != 0 || m.Service != x.svc.ID() || m.Rows["thing"] < 31 || len(steps) < 3 {
					t.Fatalf("%+v, %d steps", m, len(steps))
				}
				// The next one takes the parts of the first.
				again, err := Backup(ctx, x.place, "1.0.0", dir+" again", dir, nil)
				must(t, err)
				if again.Taken != 3 || again.Bytes != m.Bytes {
					t.Errorf("%+v", again)
				}
				want := rowsOf(t, x.place)
				place := all[to]()
				got, err := Restore(ctx, dir+" again", place, nil)
				must(t, err)
				if got.Service != m.Service || got.Epoch == m.Epoch || got.Parts != 3 {
					t.Errorf("%+v", got)
				}
				if have := rowsOf(t, place); have != want {
					t.Errorf("rows differ: %d and %d bytes", len(have), len(want))
				}
				s, c := start(t, Config{Data: place.Data, DB: place.DB, Blobs: place.Blobs})
				ben := x.ben.at(c)
				in, _, err := ben.Download(ctx, "f1", 0)
				must(t, err)
				b, err := io.ReadAll(in)
				_ = in.Close()
				if err != nil || sha(b) != sha(x.big) {
					t.Error("the file differs", err)
				}
				for _, sc := range []workroom.Scope{"r:r1", "k:k1", workroom.AccountScope(ben.id)} {
					if said, err := s.store.Verify(ctx, sc); said != "" || err != nil {
						t.Error(sc, said, err)
					}
				}
				anna := x.anna.at(c)
				anna.does("after", say("r1", "goes on"))
				if o := anna.upload("half2", "r:r1", "x", []byte("gone")); len(o.Missing) != 1 {
					t.Error("a part whose bytes were not saved counts as there")
				}
				if o := anna.upload("half", "r:r1", "half", noise(2*wire.PartSize, 3), 0); len(o.Missing) != 1 {
					t.Errorf("the upload does not go on: %+v", o.Missing)
				}
				must(t, anna.Complete(ctx, "half"))
				// Nothing is written over.
				var r *workroom.Refusal
				if _, err := Restore(ctx, dir, place, nil); !errors.As(err, &r) || r.Code != RestoreOver && r.Code != DataInUse {
					t.Errorf("restored over it: %v", err)
				}
				if _, err := Backup(ctx, x.place, "1.0.0", dir, "", nil); !errors.As(err, &r) || r.Code != BackupExists {
					t.Errorf("backed up over it: %v", err)
				}
			})
		}
	}
}

// D-16: a backup that is made while people write holds one moment: every scope in it is numbered without a gap and its digest is right.
func TestD16_BackupUnderWrites(t *testing.T) {
	inAFile(t)
	for name, home := range places(t) {
		if name == "a file elsewhere" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			x := seed(t, home())
			done := make(chan struct{})
			var all sync.WaitGroup
			for w := range 2 {
				p := x.anna.at(x.c)
				all.Go(func() {
					for i := 0; ; i++ {
						select {
						case <-done:
							return
						default:
						}
						id := fmt.Sprintf("w%d-%d", w, i)
						r := p.send(p.command(id, say("r1", "while it is saved")))
						if r[0].Status != wire.OK {
							t.Errorf("%+v", r[0])
							return
						}
					}
				})
			}
			var dirs []string
			for i := range 4 {
				dir := filepath.Join(t.TempDir(), fmt.Sprint(i))
				like := ""
				if i > 0 {
					like = dirs[i-1]
				}
				_, err := Backup(t.Context(), x.place, "1", dir, like, nil)
				must(t, err)
				dirs = append(dirs, dir)
			}
			close(done)
			all.Wait()
			var last int64
			for _, dir := range dirs {
				place := Place{Data: t.TempDir()}
				_, err := Restore(t.Context(), dir, place, nil)
				must(t, err)
				s, err := store.Open(t.Context(), place.db(), store.Options{})
				must(t, err)
				for _, sc := range []workroom.Scope{"r:r1", "k:k1", workroom.AccountScope(x.anna.id)} {
					if said, err := s.Verify(t.Context(), sc); said != "" || err != nil {
						t.Error(sc, said, err)
					}
				}
				var n, records int64
				must(t, s.Read(t.Context(), func(tx store.Tx) error {
					if err := tx.QueryRowContext(t.Context(), "SELECT msgs FROM head WHERE scope = 'r:r1'").Scan(&n); err != nil {
						return err
					}
					return tx.QueryRowContext(t.Context(), "SELECT count(*) FROM command WHERE op = 'SendMessage'").Scan(&records)
				}))
				if n != records || n < last {
					t.Errorf("%d messages, %d records, %d before", n, records, last)
				}
				last = n
				must(t, s.Close())
			}
		})
	}
}

// D-16: a backup that was cut, changed or is not whole is refused before anything is written.
func TestD16_DamagedBackups(t *testing.T) {
	inAFile(t)
	x := seed(t, Place{Data: t.TempDir()})
	good := filepath.Join(t.TempDir(), "good")
	_, err := Backup(t.Context(), x.place, "1.0.0", good, "", nil)
	must(t, err)
	change := func(name string, do func(b []byte) []byte) func(dir string) {
		return func(dir string) {
			list, err := filepath.Glob(filepath.Join(dir, name))
			if err != nil || len(list) == 0 {
				t.Fatal(name, err)
			}
			b, err := os.ReadFile(list[0])
			must(t, err)
			must(t, os.Remove(list[0])) // not the one it is a link to
			if b = do(b); b != nil {
				must(t, os.WriteFile(list[0], b, 0o600))
			}
		}
	}
	flip := func(b []byte) []byte { b[len(b)/2] ^= 1; return b }
	cut := func(b []byte) []byte { return b[:len(b)-1] }
	gone := func([]byte) []byte { return nil }
	for what, harm := range map[string]func(string){
		"no manifest":            change("manifest.json", gone),
		"a cut manifest":         change("manifest.json", func(b []byte) []byte { return b[:len(b)/2] }),
		"another epoch":          change("manifest.json", func(b []byte) []byte { return []byte(strings.Replace(string(b), x.svc.store.Epoch, "0123", 1)) }),
		"fewer parts":            change("manifest.json", func(b []byte) []byte { return []byte(strings.Replace(string(b), `"parts": 3`, `"parts": 2`, 1)) }),
		"tables changed":         change("tables.jsonl.gz", flip),
		"tables cut":             change("tables.jsonl.gz", cut),
		"tables gone":            change("tables.jsonl.gz", gone),
		"list changed":           change("parts.jsonl", flip),
		"a part changed":         change("p/*/*", flip),
		"a part cut":             change("p/*/*", cut),
		"a part gone":            change("p/*/*", gone),
		"a format of the future": change("manifest.json", func(b []byte) []byte { return []byte(strings.Replace(string(b), `"format": 1`, `"format": 2`, 1)) }),
	} {
		dir := filepath.Join(t.TempDir(), "b")
		must(t, os.CopyFS(dir, os.DirFS(good)))
		harm(dir)
		place := Place{Data: filepath.Join(t.TempDir(), "new")}
		_, err := Restore(t.Context(), dir, place, nil)
		var r *workroom.Refusal
		if !errors.As(err, &r) || r.Code != BackupDamaged && r.Code != BackupTooNew {
			t.Errorf("%s: %v", what, err)
		}
		if _, err := os.Stat(filepath.Join(place.Data, "service.db")); err == nil {
			t.Errorf("%s: restored", what)
		}
		if list, _ := filepath.Glob(filepath.Join(place.Data, "blobs", "p", "*", "*")); len(list) > 0 {
			t.Errorf("%s: parts were restored", what)
		}
	}
	// Nothing there to save; a place that cannot be written; a part that the service lost is said and does not stop the rest.
	var r *workroom.Refusal
	if _, err := Backup(t.Context(), Place{Data: t.TempDir()}, "1", filepath.Join(t.TempDir(), "x"), "", nil); !errors.As(err, &r) || r.Code != NothingToSave {
		t.Error(err)
	}
	must(t, x.svc.files.Remove(t.Context(), "k-k1", sha(x.big[wire.PartSize:])))
	dir := filepath.Join(t.TempDir(), "lost")
	m, err := Backup(t.Context(), x.place, "1.0.0", dir, "", nil)
	if err != nil || len(m.Lost) != 1 || m.Parts != 2 {
		t.Fatalf("%+v %v", m, err)
	}
	place := Place{Data: t.TempDir()}
	if got, err := Restore(t.Context(), dir, place, nil); err != nil || got.Lost != 1 {
		t.Fatal(got, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Backup(ctx, x.place, "1.0.0", dir+"2", "", nil); !errors.Is(err, context.Canceled) {
		t.Error("called off:", err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(dir), ".*")); len(left) > 0 {
		t.Error("left behind:", left)
	}
}
