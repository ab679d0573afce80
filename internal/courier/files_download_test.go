package courier

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// F-10: a download is called off, keeps what came, and goes on there; two who ask get one download; damage on the way is noticed; a part
// that the service lost is said in words.
func TestF10_Downloads(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	_, room, _ := a.contract(true)
	content := make([]byte, 2*wire.PartSize+5)
	rand.New(rand.NewSource(3)).Read(content)
	_, up := a.attach(room, "big.bin", content)
	a.sync()
	scope := workroom.RoomScope(room)
	b := a.second()
	b.sync()
	var asked []string
	var mu sync.Mutex
	stop := func() {}
	damage := false
	b.way.answer(func(r *http.Request, do next) (*http.Response, error) {
		res, err := do(r)
		if err == nil && r.URL.Path == "/v1/files/"+string(up.ID) {
			mu.Lock()
			defer mu.Unlock()
			asked = append(asked, r.Header.Get("Range"))
			if damage {
				damage = false
				res.Body = &flipping{ReadCloser: res.Body}
			}
			res.Body = &stopping{ReadCloser: res.Body, at: wire.PartSize + 1000, do: stop}
		}
		return res, err
	})
	stop = func() { b.c.StopFetch(up.ID) }
	if _, err := b.c.Fetch(bg, scope, up.ID, 0); !errors.Is(err, context.Canceled) {
		t.Fatal("called off:", err)
	}
	stop, damage = func() {}, true
	got := make(chan error, 2)
	for range 2 {
		go func() {
			_, err := b.c.Fetch(bg, scope, up.ID, 0)
			got <- err
		}()
	}
	must(t, errors.Join(<-got, <-got))
	f, err := b.blobs.Open(up.SHA)
	must(t, err)
	defer f.Close()
	if all, _ := io.ReadAll(f); !bytes.Equal(all, content) {
		t.Error("other bytes")
	}
	if len(asked) != 3 || asked[0] != "" || !strings.HasPrefix(asked[1], "bytes=") || asked[1] == asked[2] || asked[2] != fmt.Sprintf("bytes=%d-", wire.PartSize) {
		t.Errorf("asked for %q: on where it stopped, then the damaged part anew", asked)
	}
	// The caller's own end is one too.
	c := a.second()
	c.sync()
	gone, cancel := context.WithCancel(bg)
	cancel()
	if _, err := c.c.Fetch(gone, scope, up.ID, 0); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	must(t, os.RemoveAll(filepath.Join(w.data, "blobs", "p")))
	_, err = c.c.Fetch(bg, scope, up.ID, 0)
	var e *wire.Error
	if !errors.As(err, &e) || e.Code != workroom.Gone || !e.Final || !strings.Contains(e.Text, "lost") {
		t.Errorf("a lost file: %v", err)
	}
}

// flipping changes the first byte.
type flipping struct {
	io.ReadCloser
	done bool
}

func (f *flipping) Read(p []byte) (int, error) {
	n, err := f.ReadCloser.Read(p)
	if n > 0 && !f.done {
		f.done = true
		p[0]++
	}
	return n, err
}

// stopping does something once a number of bytes has passed.
type stopping struct {
	io.ReadCloser
	at int
	do func()
}

func (s *stopping) Read(p []byte) (int, error) {
	n, err := s.ReadCloser.Read(p[:min(len(p), 64<<10)])
	if s.at -= n; s.at <= 0 && s.do != nil {
		do := s.do
		s.do = nil
		do()
	}
	return n, err
}

// F-05: whoever fetches a file whose bytes are lost at the service hears that, and is not left waiting.
func TestF05_LostBytesEndAFetch(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	_, room, _ := a.contract(true)
	a.sync()
	_, up := a.attach(room, "a.txt", []byte("soon lost"))
	a.sync()
	b := a.second()
	b.sync()
	must(t, os.RemoveAll(filepath.Join(w.data, "blobs", "p")))
	var last Transfer
	b.c.OnTransfer(func(x Transfer) { last = x })
	_, err := b.c.Fetch(bg, workroom.RoomScope(room), up.ID, 0)
	var e *wire.Error
	if !errors.As(err, &e) || !e.Final || e.Code != workroom.Gone || last.State != Failed || !errors.Is(last.Err, err) || !strings.Contains(e.Text, "lost") {
		t.Fatalf("fetched: %v; told %+v", err, last)
	}
}
