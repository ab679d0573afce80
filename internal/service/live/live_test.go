package live

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

func hub() *Hub {
	n := 0
	return New(func() string { n++; return fmt.Sprint("conn", n) })
}

// note is one command's rows in a room, padded to about size bytes.
func note(t testing.TB, room workroom.Scope, seq int64, size int) Note {
	t.Helper()
	r, err := Encode(wire.Rows{Scope: room, Prev: seq - 1, Seq: seq, Tag: "t", Msgs: seq, Things: []wire.Thing{
		{Scope: room, Kind: workroom.KindMessage, ID: fmt.Sprint("m", seq), Seq: seq, Body: []byte(`{"text":"` + strings.Repeat("x", size) + `"}`)},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return Note{Head: wire.HintHead{Scope: room, Seq: seq, Msgs: seq}, Moved: true, Gen: 3, Rows: []*Rows{r}}
}

// L3: a connection that reads nothing keeps at most 256 KiB; then its rows become one hint a scope, and rows go on from there. Others get all.
func TestL3_OverflowTurnsRowsIntoHints(t *testing.T) {
	h := hub()
	slow, quick := h.Join("anna", "t1"), h.Join("anna", "t2")
	for _, c := range []*Conn{slow, quick} {
		if !h.Watch(c.ID, "anna", []workroom.Scope{"r:1", "r:2"}) {
			t.Fatal("no such connection")
		}
	}
	got := 0
	for i := int64(1); i <= 300; i++ {
		for _, room := range []workroom.Scope{"r:1", "r:2"} {
			h.Tell("anna", note(t, room, i, 4000))
		}
		rows, hints := quick.take()
		if hints {
			t.Fatal("the quick one is hinted")
		}
		got += len(rows)
		if slow.size > QueueLimit {
			t.Fatalf("%d bytes wait", slow.size)
		}
	}
	if got != 600 || quick.Spilled() != 0 {
		t.Errorf("the quick one got %d frames of 600", got)
	}
	rows, hints := slow.take()
	heads := slow.Take()
	if !hints || slow.Spilled() == 0 || len(heads) != 2 {
		t.Fatalf("spilled %d times, hints %+v", slow.Spilled(), heads)
	}
	first := map[workroom.Scope]int64{}
	for _, r := range rows {
		if first[r.Scope] == 0 {
			first[r.Scope] = r.Seq
		}
	}
	for _, x := range heads { // what was hinted and what waits leave no gap
		if f, ok := first[x.Scope]; ok && f > x.Seq+1 {
			t.Errorf("%s is hinted up to %d, rows begin at %d", x.Scope, x.Seq, f)
		}
		if !strings.HasPrefix(string(x.Scope), "r:") || x.Seq == 0 {
			t.Errorf("%+v", x)
		}
	}
}

// What is larger than 8 KiB, not watched, or of another account's connection is not sent as rows.
func TestWhatIsSentAsRows(t *testing.T) {
	h := hub()
	c := h.Join("anna", "t")
	if h.Watch(c.ID, "ben", []workroom.Scope{"r:1"}) || h.Watch("other", "anna", nil) {
		t.Error("somebody else's connection was changed")
	}
	h.Watch(c.ID, "anna", []workroom.Scope{"r:1"})
	if !h.Watched("r:1") || h.Watched("r:2") {
		t.Error("what is watched is not known")
	}
	h.Tell("anna", note(t, "r:1", 1, 100))
	h.Tell("anna", note(t, "r:1", 2, wire.MaxRows))
	h.Tell("anna", note(t, "r:2", 3, 100))
	h.Tell("ben", note(t, "r:1", 4, 100))
	rows, _ := c.take()
	if len(rows) != 1 || rows[0].Seq != 1 || rows[0].gen != 3 {
		t.Errorf("%+v", rows)
	}
	if heads := c.Take(); len(heads) != 2 || heads[0].Seq != 2 || heads[1].Seq != 3 {
		t.Errorf("%+v", heads)
	}
	h.Leave(c)
	h.Leave(c)
	if h.Watched("r:1") || h.Count() != 0 || len(h.watched) != 0 || len(h.byID) != 0 || len(h.conns) != 0 {
		t.Errorf("something stays of it: %+v", h)
	}
	if h.Watch(c.ID, "anna", nil) {
		t.Error("it is still there")
	}
}

// An account has at most so many streams, and a hub that closed takes none.
func TestJoinIsBounded(t *testing.T) {
	h := hub()
	for range PerAccount {
		if h.Join("anna", "t") == nil {
			t.Fatal("refused too early")
		}
	}
	if h.Join("anna", "t") != nil || h.Join("ben", "t") == nil {
		t.Error("the bound is not the account's")
	}
	h.Close()
	if h.Join("ben", "t") != nil {
		t.Error("joined after the end")
	}
}

// stuck is a reader that takes nothing until it is let go.
type stuck struct {
	*httptest.ResponseRecorder
	let chan struct{}
	in  chan struct{}
	one sync.Once
}

func (s *stuck) Write(b []byte) (int, error) {
	if strings.HasPrefix(string(b), "event: rows") {
		s.one.Do(func() { close(s.in) })
		<-s.let
	}
	return s.ResponseRecorder.Write(b)
}

func asks(heads func([]workroom.Scope) []wire.BeaconHead) Asks {
	if heads == nil {
		heads = func([]workroom.Scope) []wire.BeaconHead { return nil }
	}
	return Asks{Good: func() bool { return true }, Heads: heads, Now: time.Now}
}

// L3: while one reader stands still nobody who tells waits, and it is not disconnected: it gets a hint for what it could not be sent.
func TestL3_StalledStream(t *testing.T) {
	h := hub()
	c := h.Join("anna", "t")
	h.Watch(c.ID, "anna", []workroom.Scope{"r:1"})
	w := &stuck{ResponseRecorder: httptest.NewRecorder(), let: make(chan struct{}), in: make(chan struct{})}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		h.Stream(w, httptest.NewRequest(http.MethodGet, "/", nil), c, wire.Hello{}, asks(nil))
	}()
	h.Tell("anna", note(t, "r:1", 1, 10))
	<-w.in
	for i := int64(2); i <= 200; i++ {
		h.Tell("anna", note(t, "r:1", i, 4000))
	}
	if c.Spilled() == 0 {
		t.Fatal("nothing spilled")
	}
	close(w.let)
	h.Tell("anna", note(t, "r:1", 201, 10))
	for {
		rows, waiting := len(c.wake), 0
		c.mu.Lock()
		waiting = len(c.rows) + len(c.waiting)
		c.mu.Unlock()
		if rows == 0 && waiting == 0 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	h.Close()
	<-ended
	text := w.Body.String()
	for _, want := range []string{"event: hello", `"seq":1,`, "event: heads", `"seq":201,`, "event: bye"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in what was sent", want)
		}
	}
}

// recorder is a response that can be looked at while it is written.
type recorder struct {
	*httptest.ResponseRecorder
	mu sync.Mutex
}

func (r *recorder) Write(b []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.ResponseRecorder.Write(b)
}

func (r *recorder) text() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.Body.String()
}

// L2: a beacon repeats the heads of the watched scopes every half minute, a silent stream shows that it lives, and one whose token ended ends.
func TestL2_Beacons(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hub()
		c := h.Join("anna", "t")
		h.Watch(c.ID, "anna", []workroom.Scope{"r:2", "r:1"})
		w := &recorder{ResponseRecorder: httptest.NewRecorder()}
		var bad atomic.Bool
		ask := asks(func(scopes []workroom.Scope) (out []wire.BeaconHead) {
			for _, s := range scopes {
				out = append(out, wire.BeaconHead{Scope: s, Seq: 5, Tag: "tag"})
			}
			return out
		})
		ask.Good = func() bool { return !bad.Load() }
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			h.Stream(w, httptest.NewRequest(http.MethodGet, "/", nil), c, wire.Hello{}, ask)
		}()
		time.Sleep(BeaconEvery * 3)
		synctest.Wait()
		text := w.text()
		if n := strings.Count(text, "event: beacon\n"); n < 2 || n > 3 || strings.Count(text, ": \n\n") < 2 {
			t.Errorf("%d beacons in 90 s: %s", n, text)
		}
		if !strings.Contains(text, `{"b":[{"s":"r:1","q":5,"t":"tag"},{"s":"r:2","q":5,"t":"tag"}],"now":`) || !strings.Contains(text, `"beacon_s":30`) {
			t.Error(text)
		}
		h.Watch(c.ID, "anna", nil)
		before := strings.Count(w.text(), "event: beacon\n")
		time.Sleep(BeaconEvery * 2)
		synctest.Wait()
		if n := strings.Count(w.text(), "event: beacon\n"); n > before+1 {
			t.Error("a beacon of nothing")
		}
		bad.Store(true)
		time.Sleep(Beat * 2)
		<-ended
	})
}

// Rows are encoded once: what readers of different gens are sent differs in the gen alone, and reads as wire.Rows.
func TestFrameOfRows(t *testing.T) {
	n := note(t, "r:1", 7, 10)
	a, b := string(queued{n.Rows[0], 1}.frame(nil)), string(queued{n.Rows[0], 22}.frame(nil))
	if strings.Replace(a, `"gen":1,`, `"gen":22,`, 1) != b || !strings.HasPrefix(a, "event: rows\ndata: {\"gen\":1,\"s\":\"r:1\",") || !strings.HasSuffix(a, "}\n\n") {
		t.Errorf("%q, %q", a, b)
	}
}
