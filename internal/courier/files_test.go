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
	"sync/atomic"
	"testing"
	"time"

	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

func unix(s int64) time.Time { return time.Unix(s, 0) }

func (d *device) attach(room workroom.RoomID, name string, content []byte) (string, replica.Upload) {
	d.t.Helper()
	sha, size, err := d.blobs.Put(bytes.NewReader(content))
	must(d.t, err)
	parts, err := d.blobs.Parts(sha)
	must(d.t, err)
	f := workroom.FileRef{ID: workroom.FileID(newID()), Name: name, Size: size, Type: "application/octet-stream"}
	up := replica.Upload{ID: f.ID, Scope: workroom.RoomScope(room), Name: name, Size: size, Type: f.Type, SHA: sha, Parts: parts}
	id := d.do(workroom.SendMessage{Room: room, Text: name, Files: []workroom.FileRef{f}}, replica.EnqueueOpts{Uploads: []replica.Upload{up}})
	return id, up
}

// A file written offline goes up in parts, through cuts and a restart, before its message; the other device fetches the same bytes.
func TestF05_UploadResumesThenMessage(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	_, room, _ := a.contract(true)
	a.sync()
	a.way.down.Store(true)
	content := make([]byte, 2*wire.PartSize+12345)
	rand.New(rand.NewSource(1)).Read(content)
	_, up := a.attach(room, "big.bin", content)
	a.say(room, "after")
	a.shows(room, "big.bin", "after")
	a.restart()
	var puts, bytesPut, dropped atomic.Int64
	a.way.answer(func(r *http.Request, do next) (*http.Response, error) {
		if r.Method == http.MethodPut {
			bytesPut.Add(r.ContentLength)
			if n := puts.Add(1); n == 2 { // the second part is lost after it arrived
				if res, err := do(r); err == nil {
					res.Body.Close()
				}
				dropped.Add(1)
				return nil, errors.New("answer lost")
			}
		}
		return do(r)
	})
	a.way.down.Store(false)
	a.sync()
	if dropped.Load() != 1 || bytesPut.Load() > int64(len(content)) {
		t.Errorf("%d bytes put in %d requests, %d answers lost: resume should send only what is missing", bytesPut.Load(), puts.Load(), dropped.Load())
	}
	a.shows(room, "big.bin", "after")
	b := a.second()
	b.sync()
	b.shows(room, "big.bin", "after")
	sha, err := b.c.Fetch(bg, workroom.RoomScope(room), up.ID, 0)
	must(t, err)
	if sha != up.SHA {
		t.Errorf("fetched bytes differ")
	}
	f, err := b.blobs.Open(sha)
	must(t, err)
	defer f.Close()
	if got, _ := io.ReadAll(f); !bytes.Equal(got, content) {
		t.Errorf("fetched %d bytes, want %d", len(got), len(content))
	}
	b.way.down.Store(true)
	if again, err := b.c.Fetch(bg, workroom.RoomScope(room), up.ID, 0); err != nil || again != sha {
		t.Errorf("a fetched file is not read offline: %v", err)
	}
}

// Bytes that vanished cannot be sent: the upload is refused in words, the message holds, and goes without the file after an edit.
func TestF05_VanishedBytes(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	_, room, _ := a.contract(true)
	a.sync()
	a.way.down.Store(true)
	id, up := a.attach(room, "gone.txt", []byte("x"))
	must(t, a.blobs.Remove(up.SHA))
	a.way.down.Store(false)
	a.say(room, "later")
	a.sync()
	list, err := a.rep.NotSent(bg)
	must(t, err)
	if len(list) != 2 || list[0].Code != workroom.Gone || !strings.Contains(list[0].Text, "Attach it again") || list[1].ID != id || list[1].Code != workroom.DepFailed {
		t.Fatalf("Not sent: %+v", list)
	}
	a.shows(room, "later") // held behind it
	_, err = a.rep.EditArgs(bg, id, workroom.SendMessage{Room: room, Text: "without"}, nil)
	must(t, err)
	must(t, a.rep.Discard(bg, list[0].ID))
	a.sync()
	a.shows(room, "without", "later")
}

// F-05: a copy that somebody wrote over is never sent torn: the service finds it out, and the person is told.
func TestF05_ChangedBytes(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	_, room, _ := a.contract(true)
	a.sync()
	a.way.down.Store(true)
	content := make([]byte, wire.PartSize+9)
	_, up := a.attach(room, "changed.bin", content)
	content[wire.PartSize+3] = 1
	must(t, os.WriteFile(a.blobs.Path(up.SHA), content, 0o600))
	a.way.down.Store(false)
	a.sync()
	list, err := a.rep.NotSent(bg)
	must(t, err)
	if len(list) != 2 || list[0].Code != workroom.Gone || !strings.Contains(list[0].Text, "changed") || list[1].Code != workroom.DepFailed {
		t.Fatalf("Not sent: %+v", list)
	}
}

// A file for a room that was created offline waits until the room exists.
func TestF05_UploadIntoRoomCreatedOffline(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	a.sync()
	a.way.down.Store(true)
	_, room, _ := a.contract(true)
	a.attach(room, "first.txt", []byte("hello"))
	a.way.down.Store(false)
	a.sync()
	if list, _ := a.rep.NotSent(bg); len(list) != 0 {
		t.Fatalf("Not sent: %+v", list)
	}
	a.shows(room, "first.txt")
	a.checkI3()
}

// Older history comes on demand, without a gap.
func TestI13_OlderHistory(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	_, room, _ := a.contract(true)
	var want []string
	for i := range 520 { // the newest 50 come by themselves, then two pages and a rest
		s := strings.Repeat("x", i%7) + string(rune('a'+i%26))
		want = append(want, s)
		a.say(room, s)
	}
	a.sync()
	b := a.second()
	b.sync()
	b.shows(room, want[470:]...)
	pages := 0
	for more := true; more; pages++ {
		var err error
		more, err = b.c.Older(bg, workroom.RoomScope(room))
		must(t, err)
	}
	if pages != 3 {
		t.Errorf("%d pages", pages)
	}
	b.shows(room, want...)
	b.checkI3()
	win, err := b.rep.Window(bg, workroom.RoomScope(room), workroom.KindMessage, 0, 50)
	must(t, err)
	if win.Older || !win.More || len(win.Rows) != 50 {
		t.Errorf("window: older %v more %v rows %d", win.Older, win.More, len(win.Rows))
	}
}

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

// F-05: cuts cost little: what a part had sent before one is not sent again once the way is known to be bad, also after a restart. 20 cuts
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
	if most := size + parallelParts*wire.PartSize + int64(cuts+2)*parallelPieces*pieceSize; sent > most || cuts < 6 {
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

// F-05: an upload is called off while it runs: it ends at once, its message is held, nothing of it stays here.
func TestF05_UploadIsStopped(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	_, room, _ := a.contract(true)
	a.sync()
	begun, ended := make(chan struct{}, 9), make(chan struct{}, 9)
	a.way.answer(func(r *http.Request, do next) (*http.Response, error) {
		if r.Method == http.MethodPut {
			begun <- struct{}{}
			<-r.Context().Done() // bytes that stand still
			ended <- struct{}{}
			return nil, r.Context().Err()
		}
		return do(r)
	})
	id, up := a.attach(room, "a.bin", []byte("some bytes"))
	<-begun
	if err := a.c.StopUpload(bg, string(up.ID)); err != nil {
		t.Fatal(err)
	}
	<-ended
	a.say(room, "after")
	a.sync()
	list, err := a.rep.NotSent(bg)
	must(t, err)
	if len(list) != 1 || list[0].ID != id || list[0].Code != workroom.DepFailed || a.blobs.Has(up.SHA) {
		t.Fatalf("Not sent: %+v", list)
	}
	if s := a.c.Status(); s.Phase != Online {
		t.Errorf("calling off is no trouble of the network: %+v", s)
	}
}

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

// F-05: something on the way that takes parts, and says so in the service's name, costs time: what the service does not have at the end is
// sent again, and the message goes. So does what was lost at the service before the file was complete; earlier services say that otherwise.
func TestF05_PartsThatAreMissingAreSentAgain(t *testing.T) {
	for name, swallow := range map[string]func(w *world, r *http.Request, do next) (*http.Response, error){
		"an answer of another shape": func(w *world, r *http.Request, _ next) (*http.Response, error) {
			return said(r, w, 200, "application/json", `{"results":[],"things":[],"scopes":[],"epoch":""}`), nil
		},
		"nothing in it": func(w *world, r *http.Request, _ next) (*http.Response, error) {
			return said(r, w, 200, "application/json", ``), nil
		},
		"the very answer": func(w *world, r *http.Request, _ next) (*http.Response, error) {
			return said(r, w, 200, "application/json", `{}`), nil
		},
		"lost at the service": func(w *world, r *http.Request, do next) (*http.Response, error) {
			res, err := do(r)
			if err == nil {
				err = os.RemoveAll(filepath.Join(w.data, "blobs", "p"))
			}
			return res, err
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			a := w.join("Alice")
			_, room, _ := a.contract(true)
			a.sync()
			var puts atomic.Int64
			var old atomic.Bool
			a.way.answer(func(r *http.Request, do next) (*http.Response, error) {
				if r.Method == http.MethodPut && puts.Add(1) == 1 {
					return swallow(w, r, do)
				}
				res, err := do(r)
				if err == nil && strings.HasSuffix(r.URL.Path, "/complete") && res.StatusCode == http.StatusServiceUnavailable && !old.Swap(true) {
					res.Body.Close()
					return said(r, w, 422, wire.ProblemType, `{"status":422,"code":"bad_input","retry":"never","field":"parts","detail":"1 parts of the file are missing."}`), nil
				}
				return res, err
			})
			a.attach(room, "a.txt", []byte("the bytes of "+name))
			a.say(room, "after")
			a.sync()
			if list, err := a.rep.NotSent(bg); err != nil || len(list) > 0 {
				t.Fatalf("Not sent: %+v, %v", list, err)
			}
			if puts.Load() < 2 {
				t.Errorf("%d parts were sent", puts.Load())
			}
			b := a.second()
			b.sync()
			b.shows(room, "a.txt", "after")
		})
	}
}

// said is an answer in the service's name.
func said(r *http.Request, w *world, status int, kind, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{wire.HeaderService: {w.svc.Load().ID()}, "Content-Type": {kind}},
		Body: io.NopCloser(strings.NewReader(body)), Request: r}
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

// F-05: a message whose file the service does not know, though the upload seemed to be taken, brings the file again; nothing waits behind it
// for ever. Where the bytes are gone since, the person is told.
func TestF05_AnUnknownFileIsOfferedAgain(t *testing.T) {
	for name, lose := range map[string]func(a *device, up replica.Upload){
		"the bytes are here": nil,
		"the bytes are gone": func(a *device, up replica.Upload) { must(a.t, a.blobs.Remove(up.SHA)) },
		"they were let go":   func(a *device, up replica.Upload) { must(a.t, a.rep.ForgetFile(bg, string(up.ID))) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			a := w.join("Alice")
			_, room, _ := a.contract(true)
			a.sync()
			var up replica.Upload
			var lies, asked atomic.Int64
			a.way.answer(func(r *http.Request, do next) (*http.Response, error) {
				if r.URL.Path == wire.OpNewFile.Path && lies.Add(1) == 1 {
					return said(r, w, 200, "application/json", `{"space":"k-k","missing":[],"complete":true}`), nil
				}
				if r.URL.Path == wire.OpCommands.Path && asked.Add(1) == 1 && lose != nil {
					lose(a, up)
				}
				return do(r)
			})
			a.way.down.Store(true)
			_, up = a.attach(room, "a.txt", []byte("never asked for"))
			a.say(room, "after")
			a.way.down.Store(false)
			a.sync()
			list, err := a.rep.NotSent(bg)
			must(t, err)
			if lose != nil {
				if len(list) == 0 || list[len(list)-1].Code != workroom.DepFailed {
					t.Fatalf("Not sent: %+v", list)
				}
				return
			}
			b := a.second()
			b.sync()
			b.shows(room, "a.txt", "after")
			if len(list) > 0 {
				t.Fatalf("Not sent: %+v", list)
			}
		})
	}
}
