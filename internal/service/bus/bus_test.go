package bus_test

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"trestle/internal/service/bus"
	_ "trestle/internal/service/bus/nats"
)

// serve starts a NATS server inside the test, at a port or a free one.
func serve(t *testing.T, port int) *server.Server {
	t.Helper()
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: port, NoSigs: true, NoLog: true})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("the NATS server does not start")
	}
	t.Cleanup(s.Shutdown)
	return s
}

// heard gathers notes.
type heard struct {
	mu   sync.Mutex
	list []string
	some chan struct{}
}

func hear() *heard { return &heard{some: make(chan struct{}, 1)} }

func (h *heard) on(data []byte) {
	h.mu.Lock()
	h.list = append(h.list, string(data))
	h.mu.Unlock()
	select {
	case h.some <- struct{}{}:
	default:
	}
}

// until waits for a note and answers all that came before it and it.
func (h *heard) until(last string) []string {
	for {
		h.mu.Lock()
		if slices.Contains(h.list, last) {
			defer h.mu.Unlock()
			return slices.Clone(h.list)
		}
		h.mu.Unlock()
		<-h.some
	}
}

// Every bus delivers to those who subscribed and to nobody else, in order, and to the publisher too.
func TestBuses(t *testing.T) {
	for name, two := range map[string]func(*testing.T) (bus.Bus, bus.Bus){
		"mem": func(*testing.T) (bus.Bus, bus.Bus) { m := bus.NewMem(); return m, m },
		"nats": func(t *testing.T) (bus.Bus, bus.Bus) {
			s := serve(t, -1)
			return open(t, s.ClientURL()), open(t, s.ClientURL())
		},
	} {
		t.Run(name, func(t *testing.T) {
			a, b := two(t)
			exact, below, own, other := hear(), hear(), hear(), hear()
			subscribe(t, b, "u.anna", exact.on)
			subscribe(t, b, "s.>", below.on)
			cancel := subscribe(t, a, "u.anna", own.on)
			subscribe(t, b, "u.ben", other.on)
			var want []string
			for i := range 100 {
				x := fmt.Sprint(i)
				want = append(want, x)
				publish(t, a, "u.anna", x)
				publish(t, a, "s.r:room", x)
			}
			publish(t, a, "s", "not below s")
			publish(t, a, "u.ben", "end")
			if got := exact.until("99"); !slices.Equal(got, want) {
				t.Errorf("exact: %v", got)
			}
			if got := below.until("99"); !slices.Equal(got, want) {
				t.Errorf("below: %v", got)
			}
			own.until("99")
			if got := other.until("end"); len(got) != 1 {
				t.Errorf("another's notes: %v", got)
			}
			cancel()
			publish(t, a, "u.anna", "late")
			exact.until("late")
			if got := own.until("99"); slices.Contains(got, "late") {
				t.Error("heard after the end")
			}
			if !a.Up() || !b.Up() {
				t.Error("not up")
			}
		})
	}
}

// A server that goes away takes notes with it and nothing else: publishing fails or is lost, nothing waits, and when it is back
// subscriptions go on.
func TestServerComesBack(t *testing.T) {
	s := serve(t, -1)
	url := s.ClientURL()
	port := s.Addr().(*net.TCPAddr).Port
	a, b := open(t, url), open(t, url)
	h := hear()
	subscribe(t, b, "u.anna", h.on)
	publish(t, a, "u.anna", "before")
	h.until("before")
	s.Shutdown()
	s.WaitForShutdown()
	for a.Up() || b.Up() {
		time.Sleep(time.Millisecond)
	}
	for range 100 {
		_ = a.Publish(t.Context(), "u.anna", []byte("lost")) // an error or not, as it likes
	}
	serve(t, port)
	for !a.Up() || !b.Up() {
		time.Sleep(time.Millisecond)
	}
	for again := true; again; { // connected is not yet subscribed again
		publish(t, a, "u.anna", "after")
		select {
		case <-h.some:
			again = false
		case <-time.After(10 * time.Millisecond):
		}
	}
	h.until("after")

	late := open(t, "nats://127.0.0.1:1") // a node starts without its bus
	if late.Up() {
		t.Error("up without a server")
	}
	subscribe(t, late, "u.anna", h.on)
}

// Which addresses are a bus.
func TestAddresses(t *testing.T) {
	for _, alone := range []string{"", "mem:"} {
		if b, err := bus.Open(alone); b != nil || err != nil {
			t.Errorf("%q: %v, %v", alone, b, err)
		}
	}
	for _, bad := range []string{"http://x", "nonsense", "kafka://x"} {
		if _, err := bus.Open(bad); !errors.Is(err, bus.ErrAddress) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func open(t *testing.T, url string) bus.Bus {
	t.Helper()
	b, err := bus.Open(url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func subscribe(t *testing.T, b bus.Bus, subject string, on func([]byte)) func() {
	t.Helper()
	cancel, err := b.Subscribe(subject, on)
	if err != nil {
		t.Fatal(err)
	}
	return cancel
}

func publish(t *testing.T, b bus.Bus, subject, text string) {
	t.Helper()
	if err := b.Publish(t.Context(), subject, []byte(text)); err != nil {
		t.Fatal(err)
	}
}
