package courier

import (
	"errors"
	"io"
	"math/rand"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// cutting is a way that breaks: it counts the bytes of parts that go out and of files that come in, and cuts whatever is under way whenever
// that many more have passed.
type cutting struct {
	mu        sync.Mutex
	up, down  int64
	every     int64
	next      int64
	cuts, max int
	alive     map[*cutBody]bool
}

func (d *device) cutting(every int64, max int) *cutting {
	c := &cutting{every: every, next: every, max: max, alive: map[*cutBody]bool{}}
	d.way.answer(func(r *http.Request, do next) (*http.Response, error) {
		if r.Method == http.MethodPut {
			r = r.Clone(r.Context())
			r.Body = c.body(r.Body, &c.up)
		}
		res, err := do(r)
		if err == nil && r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, "/v1/files/") {
			res.Body = c.body(res.Body, &c.down)
		}
		return res, err
	})
	return c
}

func (c *cutting) body(b io.ReadCloser, n *int64) *cutBody {
	x := &cutBody{ReadCloser: b, c: c, n: n}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.alive[x] = true
	return x
}

type cutBody struct {
	io.ReadCloser
	c   *cutting
	n   *int64
	cut bool
}

func (b *cutBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	c := b.c
	c.mu.Lock()
	defer c.mu.Unlock()
	*b.n += int64(n)
	if c.up+c.down >= c.next && c.cuts < c.max {
		c.next += c.every
		c.cuts++
		for x := range c.alive {
			x.cut = true
		}
	}
	if b.cut {
		return 0, errors.New("the connection was cut")
	}
	return n, err
}

func (b *cutBody) Close() error {
	b.c.mu.Lock()
	delete(b.c.alive, b)
	b.c.mu.Unlock()
	return b.ReadCloser.Close()
}

// F-05: cuts cost little: what a part had sent before one is not sent again, from the first of them on, also after a restart. 20 cuts
// of a gigabyte stay below 5 % this way.
func TestF05_CutsCostLittle(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	_, room, _ := a.contract(true)
	a.sync()
	content := make([]byte, 5*wire.PartSize+777)
	rand.New(rand.NewSource(2)).Read(content)
	cut := a.cutting(7<<20, 6)
	_, up := a.attach(room, "big.bin", content)
	for range 2 {
		time.Sleep(50 * time.Millisecond)
		a.restart()
	}
	a.sync()
	cut.mu.Lock()
	sent, cuts := cut.up, cut.cuts
	cut.mu.Unlock()
	size := int64(len(content))
	t.Logf("%d cuts, 2 restarts: %.1f of %.1f MiB sent", cuts, float64(sent)/(1<<20), float64(size)/(1<<20))
	if most := size + parallelParts*wire.PieceSize + int64(cuts+2)*parallelPieces*pieceSize; sent > most || cuts < 5 {
		t.Errorf("%d cuts: %d bytes sent of %d, at most %d expected", cuts, sent, size, most)
	}
	b := a.second()
	b.sync()
	down := b.cutting(7<<20, 4) // four in a row without a whole part between would end it
	var mu sync.Mutex
	var heard []Transfer
	b.c.OnTransfer(func(x Transfer) { mu.Lock(); defer mu.Unlock(); heard = append(heard, x) })
	sha, err := b.c.Fetch(bg, workroom.RoomScope(room), up.ID, 0)
	must(t, err)
	if sha != up.SHA || down.cuts != 4 || down.down > size+int64(down.cuts)<<20 {
		t.Errorf("fetched %s of %s with %d cuts and %d of %d bytes", sha, up.SHA, down.cuts, down.down, size)
	}
	mu.Lock()
	defer mu.Unlock()
	if last := heard[len(heard)-1]; last.State != Done || last.Done != size || last.Total != size || len(b.c.Transfers()) != 0 {
		t.Errorf("heard at last %+v, now %v", last, b.c.Transfers())
	}
}

// F-05: also the first cut costs little, when nothing is known of the way yet, and what is said of the progress does not begin anew behind it.
func TestF05_TheFirstCutCostsLittle(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	_, room, _ := a.contract(true)
	a.sync()
	content := make([]byte, 3*wire.PartSize)
	rand.New(rand.NewSource(3)).Read(content)
	cut := a.cutting(12<<20, 1)
	var mu sync.Mutex
	least := int64(len(content)) // of what was heard behind the cut
	a.c.OnTransfer(func(x Transfer) {
		cut.mu.Lock()
		over := cut.cuts > 0
		cut.mu.Unlock()
		mu.Lock()
		defer mu.Unlock()
		if over {
			least = min(least, x.Done)
		}
	})
	a.attach(room, "big.bin", content)
	a.sync()
	mu.Lock()
	defer mu.Unlock()
	if lost := cut.up - int64(len(content)); lost > parallelParts*wire.PieceSize || cut.cuts != 1 || least < 12<<20-parallelParts*wire.PieceSize {
		t.Errorf("%d cuts: %d bytes went twice; %d of %d said behind it", cut.cuts, lost, least, len(content))
	}
}
