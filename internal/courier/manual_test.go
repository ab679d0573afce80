package courier

import (
	"fmt"
	"math/rand"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// byHand drives a Manual over the real service with a seeded schedule, and writes down what it did.
type byHand struct {
	m    *Manual
	rnd  *rand.Rand
	now  time.Time
	todo []func() []Event
	log  []string
}

func (h *byHand) feed(e Event) {
	h.log = append(h.log, e.Name())
	for _, a := range h.m.Step(h.now, e) {
		if a.Connect() {
			continue // lives without a live channel
		}
		h.log = append(h.log, fmt.Sprint(a.Kind(), len(a.Scopes()), len(a.IDs())))
		h.todo = append(h.todo, func() []Event {
			r := h.m.Ask(bg, a)
			h.todo = append(h.todo, func() []Event { return h.m.Store(bg, r) })
			return nil
		})
	}
}

// run goes on until nothing is left to do, choosing what is next by the dice.
func (h *byHand) run() {
	for {
		for len(h.todo) > 0 {
			i := h.rnd.Intn(len(h.todo))
			f := h.todo[i]
			h.todo = append(h.todo[:i], h.todo[i+1:]...)
			for _, e := range f() {
				h.feed(e)
			}
			if h.m.Kicked() {
				h.feed(Kick())
			}
		}
		if n, _, _ := h.m.c.rep.Count(bg); n == 0 && h.m.Quiet() {
			return
		}
		if at := h.m.Wake(); at.After(h.now) {
			h.now = at
		}
		h.feed(Tick())
	}
}

// The same machine and the same acts, driven by hand: what the program does with goroutines and clocks works in any order of the halves,
// and the same seed gives the same history.
func TestManual_AnyOrderSameSeed(t *testing.T) {
	var first []string
	for seed := range 6 {
		w := newWorld(t)
		a := w.join("Alice")
		_, room, _ := a.contract(true)
		a.sync()
		b := a.second()
		b.stop()
		var last []string
		for range 2 {
			rep, err := replica.Open(filepath.Join(t.TempDir(), "copy.db"), replica.Options{Service: b.signed.Service, Account: b.signed.Account, Device: newID()})
			must(t, err)
			h := &byHand{rnd: rand.New(rand.NewSource(int64(seed))), now: time.Now()}
			h.m = NewManual(Options{Replica: rep, Blobs: b.blobs, Client: b.client(), Rand: func() float64 { return 0.5 }})
			h.feed(Start())
			h.run()
			for i := range 3 {
				_, err := rep.Enqueue(bg, workroom.SendMessage{Room: room, Text: fmt.Sprint("m", i)}, replica.EnqueueOpts{})
				must(t, err)
				if h.m.Kicked() {
					h.feed(Kick())
				}
			}
			h.run()
			h.feed(Sync())
			h.run()
			if w, err := rep.Window(bg, workroom.RoomScope(room), workroom.KindMessage, 0, 0); err != nil || len(w.Rows)%3 != 0 || len(w.Rows) == 0 {
				t.Fatalf("seed %d: %d messages: %v", seed, len(w.Rows), err)
			}
			must(t, rep.Close())
			if last != nil && strings.Join(last, " ") != strings.Join(h.log, " ") {
				t.Errorf("seed %d gave two histories:\n%v\n%v", seed, last, h.log)
			}
			last = h.log
		}
		if first == nil {
			first = last
		} else if seed == 5 && strings.Join(first, " ") == strings.Join(last, " ") {
			t.Error("the seed decides nothing")
		}
	}
}

// A failpoint in either half leaves everything to be done again.
func TestManual_Failpoints(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	_, room, _ := a.contract(true)
	a.sync()
	a.stop()
	rep, err := replica.Open(filepath.Join(a.dir, "copy.db"), replica.Options{})
	must(t, err)
	defer rep.Close()
	met := map[string]int{}
	h := &byHand{rnd: rand.New(rand.NewSource(1)), now: time.Now()}
	h.m = NewManual(Options{Replica: rep, Blobs: a.blobs, Client: a.client(), Rand: func() float64 { return 0.5 }, Fail: func(p string) error {
		met[p]++
		if met[p] <= 2 {
			return fmt.Errorf("planted")
		}
		return nil
	}})
	_, err = rep.Enqueue(bg, workroom.SendMessage{Room: room, Text: "hello"}, replica.EnqueueOpts{})
	must(t, err)
	h.feed(Start())
	h.run()
	if n, refused, _ := rep.Count(bg); n+refused != 0 {
		t.Errorf("%d waiting, %d refused", n, refused)
	}
	for _, p := range []string{PointAttempted, PointAnswered, PointResults} {
		if met[p] < 3 {
			t.Errorf("%s was met %d times", p, met[p])
		}
	}
}

// Only the first half of an act asks the service.
func TestManual_NetIsTrue(t *testing.T) {
	w := newWorld(t)
	a := w.join("Alice")
	_, room, _ := a.contract(true)
	a.say(room, "one")
	a.stop()
	rep, err := replica.Open(filepath.Join(a.dir, "copy.db"), replica.Options{})
	must(t, err)
	defer rep.Close()
	asked := 0
	client := a.client()
	client.HTTP = &http.Client{Transport: counting{&asked, a.way}}
	m := NewManual(Options{Replica: rep, Blobs: a.blobs, Client: client, Rand: func() float64 { return 0.5 }})
	queue := []Event{Start()}
	kinds := map[string]bool{}
	for now := time.Now(); len(queue) > 0; now = now.Add(5 * time.Second) {
		e := queue[0]
		queue = queue[1:]
		for _, act := range m.Step(now, e) {
			if act.Connect() {
				queue = append(queue, Frame(wire.Event{Hello: &wire.Hello{}}))
				continue
			}
			kinds[act.Kind()] = true
			asked = 0
			r := m.Ask(bg, act)
			if (asked > 0) != act.Net() {
				t.Errorf("%s asked %d times", act.Kind(), asked)
			}
			asked = 0
			queue = append(queue, m.Store(bg, r)...)
			if asked > 0 {
				t.Errorf("%s asked while it stored", act.Kind())
			}
		}
	}
	if !kinds["heads"] || !kinds["send"] || !kinds["apply"] || !kinds["choose"] {
		t.Errorf("kinds %v", kinds)
	}
}

type counting struct {
	n    *int
	base http.RoundTripper
}

func (c counting) RoundTrip(r *http.Request) (*http.Response, error) {
	*c.n++
	return c.base.RoundTrip(r)
}
