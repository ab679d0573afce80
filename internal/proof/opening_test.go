package proof

import (
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"trestle/internal/replica"
	"trestle/internal/service"
)

// TestT7_Opening strikes while a copy is opened that is not as it should be: one of the first release, whose schema is brought forward, and
// one that is damaged and is set aside. Nothing that waited in them is lost.
func TestT7_Opening(t *testing.T) {
	t.Parallel()
	s := begin(t)
	walk(t, "opening", []string{"replica." + replica.PointMigrate, "replica." + replica.PointRescue}, func(t *testing.T, point, mode string) int {
		if point == "replica."+replica.PointMigrate {
			return migrating(t, point, mode)
		}
		return s.rescuing(t, point, mode)
	})
}

// first writes a copy of the first release with commands of every kind waiting, and answers their ids.
func first(t *testing.T, path string) []string {
	t.Helper()
	f, err := os.Open("../replica/testdata/first-slice.db.gz")
	must(t, err)
	defer f.Close()
	z, err := gzip.NewReader(f)
	must(t, err)
	out, err := os.Create(path)
	must(t, err)
	_, err = io.Copy(out, z)
	must(t, err)
	must(t, out.Close())
	db := look(t, path)
	defer db.Close()
	return column(t, db, "SELECT id FROM outbox ORDER BY n")
}

func migrating(t *testing.T, point, mode string) int {
	dir := t.TempDir()
	path, set, hits := filepath.Join(dir, "copy.db"), filepath.Join(dir, "set"), filepath.Join(dir, "hits")
	want := first(t, path)
	if len(want) == 0 {
		t.Fatal("nothing waits in the first release's copy")
	}
	must(t, os.WriteFile(set, nil, 0o600))
	a := &hands{t: t, orders: handOrders{Dir: dir, URL: "http://127.0.0.1:1", Trap: trap{Point: point, Mode: mode, Set: set, Hits: hits}}}
	a.start()
	a.do("stop", "", "")
	checkFile(t, path)
	rep, err := replica.Open(path, replica.Options{})
	must(t, err)
	rows, err := rep.Rows(bg)
	must(t, err)
	var have []string
	for _, r := range rows {
		have = append(have, r.ID)
	}
	must(t, rep.Close())
	if !slices.Equal(have, want) {
		t.Errorf("I21: %d commands waited, now %d", len(want), len(have))
	}
	struckHere, _ := os.ReadFile(hits)
	return len(struckHere)
}

func (s *start) rescuing(t *testing.T, point, mode string) int {
	dir := s.at(t)
	h := openHouse(t, service.Config{Data: filepath.Join(dir, "service")})
	direct := "http://" + h.addr
	set, hits := filepath.Join(dir, "set"), filepath.Join(dir, "hits")
	a := &hands{t: t, orders: handOrders{Dir: filepath.Join(dir, "a"), URL: direct, Device: s.a.id, Signed: s.a.signed,
		Trap: trap{Point: point, Mode: mode, Set: set, Hits: hits}}}
	a.start()
	a.insist("sync", "")
	h.stop()
	confirmed := slices.Clone(s.before)
	for i := range 8 { // they wait when the file is damaged
		text := fmt.Sprintf("a-%03d", i)
		if r, ok := a.do("say", text, s.room); !ok || r.Err != "" {
			t.Fatalf("say: %+v", r)
		}
		confirmed = append(confirmed, text)
	}
	eventually(t, "unsent.json has them", func() bool {
		b, err := os.ReadFile(filepath.Join(dir, "a", "unsent.json"))
		return err == nil && strings.Count(string(b), `"SendMessage"`) >= len(confirmed)-len(s.before)
	})
	a.do("stop", "", "")
	path := filepath.Join(dir, "a", "copy.db")
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	must(t, err)
	_, err = f.WriteAt(make([]byte, 100), 0)
	must(t, err)
	must(t, f.Close())
	must(t, os.WriteFile(set, nil, 0o600))
	a.start()
	a.do("stop", "", "")
	os.Remove(set)

	h.start()
	d := s.device(t, s.a, filepath.Join(dir, "a"), direct).start()
	d.sync()
	d.checkNotSent()
	d.older(s.room)
	checkTexts(t, d.texts(s.room), confirmed)
	d.checkI3(direct)
	d.stop()
	h.stop()
	checkI6(t, d.copy(), filepath.Join(dir, "service", "service.db"), s.b.signed.Account)
	checkFile(t, d.copy())
	struckHere, _ := os.ReadFile(hits)
	return len(struckHere)
}
