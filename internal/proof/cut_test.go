package proof

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"trestle/internal/service"
	"trestle/internal/workroom"
)

// cutterDir is where the library lies once it was compiled; TestMain removes it.
var cutterDir string

// cutter compiles testdata/cut.c, once for all tests of the process.
var cutter = sync.OnceValues(func() (string, error) {
	if runtime.GOOS != "linux" {
		return "", fmt.Errorf("preloading a library is done on Linux")
	}
	cc, err := exec.LookPath("cc")
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "trestle-cut-")
	if err != nil {
		return "", err
	}
	cutterDir = dir
	lib := filepath.Join(dir, "cut.so")
	if out, err := exec.Command(cc, "-O2", "-shared", "-fPIC", "-o", lib, "testdata/cut.c").CombinedOutput(); err != nil {
		return "", fmt.Errorf("compile testdata/cut.c: %w: %s", err, out)
	}
	return lib, nil
})

// powered is a folder whose every sync is copied to a shadow: what a power cut would leave.
type powered struct {
	t            testing.TB
	lib          string
	live, shadow string
	base         string // what both begin with
}

func power(t testing.TB, base string) *powered {
	t.Helper()
	lib, err := cutter()
	if err != nil {
		t.Skipf("power cuts need a C compiler on Linux: %v", err)
	}
	root := t.TempDir()
	p := &powered{t: t, lib: lib, live: filepath.Join(root, "live"), shadow: filepath.Join(root, "shadow"), base: base}
	p.reset()
	return p
}

// reset lets live folder and shadow begin with the base.
func (p *powered) reset() {
	p.t.Helper()
	for _, to := range []string{p.live, p.shadow} {
		must(p.t, os.RemoveAll(to))
		must(p.t, os.CopyFS(to, os.DirFS(p.base)))
	}
}

// restore makes the shadow the live folder: the computer is on again. It answers another copy to look into, because looking writes the
// log back into the file, which the shadow would not see.
func (p *powered) restore() (seen string) {
	p.t.Helper()
	must(p.t, filepath.WalkDir(p.shadow, func(path string, e fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".copying") { // the cut came while the shadow was written: the sync was not done
			err = os.Remove(path)
		}
		return err
	}))
	seen = filepath.Join(filepath.Dir(p.live), "seen")
	for _, to := range []string{p.live, seen} {
		must(p.t, os.RemoveAll(to))
		must(p.t, os.CopyFS(to, os.DirFS(p.shadow)))
	}
	return seen
}

// env is what the program is started with; at is the sync it dies at, 0 for none.
func (p *powered) env(at int, after, lie bool) []string {
	out := []string{"LD_PRELOAD=" + p.lib, "CUT_FROM=" + p.live, "CUT_TO=" + p.shadow}
	if at > 0 {
		out = append(out, fmt.Sprintf("CUT_AT=%d", at))
	}
	if after {
		out = append(out, "CUT_AFTER=1")
	}
	if lie {
		out = append(out, "CUT_LIE=1")
	}
	return out
}

// stored are the texts of the messages that a copy holds as waiting or accepted.
func stored(t testing.TB, copy string) map[string]bool {
	t.Helper()
	db := look(t, copy)
	defer db.Close()
	out := map[string]bool{}
	for _, args := range column(t, db, "SELECT args FROM outbox WHERE op='SendMessage' UNION ALL SELECT args FROM sent WHERE op='SendMessage'") {
		var m workroom.SendMessage
		must(t, json.Unmarshal([]byte(args), &m))
		out[m.Text] = true
	}
	return out
}

// TestT6_DesktopPowerCut cuts the power of a desktop at random syncs of its file, before and after the disk did them. No confirmed act is
// lost, the file is sound each time, and in the end the service has everything once (I4-I7). The controls, the same with a disk that lies
// and with synchronous=OFF, must lose: they show that the test can.
func TestT6_DesktopPowerCut(t *testing.T) {
	t.Parallel()
	h := openHouse(t, service.Config{})
	direct := "http://" + h.addr
	a := signUp(t, direct, "Anna").start()
	k, room := a.contract()
	a.sync()
	a.stop()
	p := power(t, a.dir)
	orders := func(prefix string, from int, offline bool) deskOrders {
		return deskOrders{Dir: p.live, URL: direct, Device: a.id, Signed: a.signed, Contract: k, Room: room, Prefix: prefix, From: from, Offline: offline}
	}

	cuts := Size(10, 30, 100, 2000)
	var confirmed []string
	next := 0
	for range cuts {
		at := 1 + rand.IntN(80)
		told := spawn(t, "desk", orders("a", next, false), p.env(at, rand.IntN(2) == 0, false)...).rest()
		next += len(told)
		if len(told) > 0 {
			told = told[1:] // "ready"
		}
		confirmed = append(confirmed, told...)
		next++
		seen := filepath.Join(p.restore(), "copy.db")
		checkFile(t, seen)
		have := stored(t, seen)
		for _, text := range confirmed {
			if !have[text] {
				t.Fatalf("I5: %s was confirmed and did not survive the cut", text)
			}
		}
	}
	a.dir = p.live
	a.start()
	a.sync()
	b := a.second(direct).start()
	b.sync()
	b.older(room)
	checkRoom(t, b.texts(room), confirmed)
	a.checkNotSent()
	compared := a.checkI3(direct)
	a.stop()
	b.stop()
	acked := checkI6(t, a.copy(), filepath.Join(h.data, "service.db"), a.signed.Account)
	if len(confirmed) < cuts {
		t.Errorf("only %d acts in %d cuts: the test is too weak", len(confirmed), cuts)
	}
	Report(t, "T6", "desktop: %d cuts, %d confirmed, %d acked, %d things compared, integrity ok, 0 lost, 0 double", cuts, len(confirmed), acked, compared)

	control := func(what, exe string, lie bool, rounds int) {
		lost, gone, told := 0, 0, 0
		for round := range rounds {
			p.reset()
			c := spawnAs(t, exe, "desk", orders(fmt.Sprintf("c%d", round), 0, true), p.env(0, false, lie)...)
			c.first()
			var said []string
			for range 5 + rand.IntN(40) {
				l, ok := c.line()
				if !ok {
					t.Fatalf("the control ended: %s", c.said)
				}
				said = append(said, l)
			}
			c.kill()
			have := stored(t, filepath.Join(p.restore(), "copy.db"))
			missing := 0
			for _, text := range said {
				if !have[text] {
					missing++
				}
			}
			told += len(said)
			gone += missing
			if missing > 0 {
				lost++
			}
		}
		if lost == 0 {
			t.Errorf("the control with %s lost nothing in %d cuts: this test proves nothing", what, rounds)
		}
		Report(t, "T6", "control with %s: %d of %d cuts lost, %d of %d confirmed gone", what, lost, rounds, gone, told)
	}
	p.base = t.TempDir()
	must(t, os.RemoveAll(p.base))
	must(t, os.CopyFS(p.base, os.DirFS(p.live)))
	exe, err := os.Executable()
	must(t, err)
	control("a disk that lies", exe, true, Size(3, 5, 20, 100))
	if Size(0, 0, 1, 1) == 1 {
		control("synchronous=OFF", planted(t, "internal/replica/link.go", "_synchronous=FULL", "_synchronous=OFF"), false, Size(0, 0, 30, 100))
	}
}

// planted builds this test program with one text of one of our files replaced by another, by go's overlay: a bug for a control, without a
// hook in the product.
func planted(t testing.TB, file, old, new string) string {
	t.Helper()
	root, err := filepath.Abs("../..")
	must(t, err)
	source, err := os.ReadFile(filepath.Join(root, file))
	must(t, err)
	if n := strings.Count(string(source), old); n != 1 {
		t.Fatalf("%q stands %d times in %s", old, n, file)
	}
	dir := t.TempDir()
	changed, overlay, exe := filepath.Join(dir, filepath.Base(file)), filepath.Join(dir, "overlay.json"), filepath.Join(dir, "planted.test")
	must(t, os.WriteFile(changed, []byte(strings.Replace(string(source), old, new, 1)), 0o600))
	replace, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(root, file): changed}})
	must(t, err)
	must(t, os.WriteFile(overlay, replace, 0o600))
	cmd := exec.Command("go", "test", "-c", "-tags", "sqlite_fts5", "-overlay", overlay, "-o", exe, "./internal/proof")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build with %s changed: %v: %s", file, err, out)
	}
	return exe
}

// TestT6_ServicePowerCut cuts the power of the service at random syncs while four devices write: no acknowledged command is lost, and a
// command without an answer has one effect when it is sent again (I4 I6).
func TestT6_ServicePowerCut(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	c, addr := startOwn(t, base)
	way, err := NewProxy(addr)
	must(t, err)
	t.Cleanup(way.Close)
	a, room, _, list := crew(t, way.URL(), 4)
	a.stop()
	c.kill()
	p := power(t, base)
	cuts := Size(6, 20, 100, 2000)
	early := 0
	for round := range cuts {
		c := spawn(t, "serve", serveOrders{Data: p.live}, p.env(3+rand.IntN(60), rand.IntN(2) == 0, false)...)
		addr, ok := c.address()
		if ok {
			way.Target(addr)
			stop := make(chan struct{})
			ended := make(chan struct{})
			go func() { c.gone(); close(ended) }()
			var all sync.WaitGroup
			for i, w := range list {
				all.Go(func() {
					for len(w.pending) > 0 && w.send(w.pending[0]) {
						w.pending, w.again = w.pending[1:], w.again+1
					}
					if len(w.pending) == 0 {
						w.run(stop, fmt.Sprintf("w%d-%04d", i, round))
					}
				})
			}
			select {
			case <-ended:
			case <-time.After(20 * time.Second): // nobody wrote any more
				c.cmd.Process.Kill()
				<-ended
			}
			close(stop)
			all.Wait()
		} else {
			early++
		}
		checkAcked(t, p.restore(), room, list)
		if t.Failed() {
			t.Fatalf("after cut %d", round+1)
		}
	}
	c, addr = startOwn(t, p.live)
	way.Target(addr)
	for _, w := range list {
		w.retry(nil)
	}
	c.kill()
	acked, again := checkAcked(t, p.live, room, list)
	if acked < cuts {
		t.Errorf("only %d commands were accepted in %d cuts: the test is too weak", acked, cuts)
	}
	Report(t, "T6", "service: %d cuts, %d of them while it started, %d commands acknowledged, %d asked again, integrity ok, 0 lost, 0 double", cuts, early, acked, again)
}
