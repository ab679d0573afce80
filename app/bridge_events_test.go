package app

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// stream reads server-sent events from the bridge; last is Last-Event-ID.
func (b *bridged) stream(last string) *bufio.Reader {
	b.t.Helper()
	req := b.request("GET", "/bridge/events", "", b.bearer)
	if last != "" {
		req.Header.Set("Last-Event-ID", last)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil || resp.StatusCode != 200 || resp.Header.Get("Content-Type") != "text/event-stream" {
		b.t.Fatalf("events: %v %v", resp, err)
	}
	b.t.Cleanup(func() { resp.Body.Close() })
	r := bufio.NewReader(resp.Body)
	if line, _ := r.ReadString('\n'); line != ": open\n" {
		b.t.Fatalf("begins with %q", line)
	}
	r.ReadString('\n')
	return r
}

func next(t *testing.T, r *bufio.Reader) string {
	t.Helper()
	var out []string
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		if line = strings.TrimSuffix(line, "\n"); line == "" {
			return strings.Join(out, "|")
		}
		out = append(out, line)
	}
}

func TestEventsReachThePageInOrder(t *testing.T) {
	b := openTestBridge(t).letIn()
	r := b.stream("")
	for i := range 3 {
		b.opt.Events.Publish("timer", map[string]int{"i": i})
		if got, want := next(t, r), fmt.Sprintf(`id: %d|event: timer|data: {"i":%d}`, i+1, i); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if status, _ := b.send("GET", "/bridge/events", "", ""); status != 401 {
		t.Errorf("without bearer: %d", status)
	}
}

func TestEventsResumeWhereThePageStopped(t *testing.T) {
	b := openTestBridge(t).letIn()
	for range 10 {
		b.opt.Events.Publish("changed", map[string][]string{"scopes": {"rooms"}})
	}
	r := b.stream("8")
	if got := next(t, r); !strings.HasPrefix(got, "id: 9|") {
		t.Error(got)
	}
	if got := next(t, r); !strings.HasPrefix(got, "id: 10|") {
		t.Error(got)
	}
	for _, last := range []string{"99", "x", "-1"} {
		if got := next(t, b.stream(last)); got != `id: 10|event: changed|data: {"all":true}` {
			t.Errorf("from %s: %s", last, got)
		}
	}
	for range ringSize {
		b.opt.Events.Publish("timer", nil)
	}
	if got := next(t, b.stream("9")); got != `id: 266|event: changed|data: {"all":true}` {
		t.Errorf("beyond the ring: %s", got)
	}
	if got := next(t, b.stream("10")); got != `id: 11|event: timer|data: {}` {
		t.Errorf("the whole ring: %s", got)
	}
}

func TestEventsSlowReaderIsToldToReadAgain(t *testing.T) {
	t.Parallel()
	e := NewEvents()
	slow, quick := e.Subscribe(), e.Subscribe()
	seen := 0
	for i := range 3 * ringSize {
		e.Publish("timer", i)
		seen += len(quick.Next(t.Context()))
	}
	if seen != 3*ringSize {
		t.Errorf("the quick reader saw %d", seen)
	}
	got := slow.Next(t.Context())
	if len(got) != 1 || got[0].Name != EventChanged || got[0].ID != 3*ringSize {
		t.Errorf("the slow reader got %v", got)
	}
	e.Publish("drop", nil)
	if got := slow.Next(t.Context()); len(got) != 1 || got[0].Name != "drop" {
		t.Errorf("then %v", got)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if slow.Next(ended) != nil {
		t.Error("events after the end")
	}
}

func TestEventThatDoesNotMarshalBecomesChangedAll(t *testing.T) {
	heard(t)
	e := NewEvents()
	s := e.Subscribe()
	e.Publish("bad", make(chan int))
	if got := s.Next(t.Context()); len(got) != 1 || got[0].Name != EventChanged || string(got[0].Payload) != `{"all":true}` {
		t.Errorf("%v", got)
	}
}

func TestCloseEndsOpenStreams(t *testing.T) {
	b := openTestBridge(t).letIn()
	r := b.stream("")
	b.Close()
	if _, err := io.ReadAll(r); err != nil && !strings.Contains(err.Error(), "EOF") {
		t.Error(err)
	}
	if err := <-b.ended; err != nil {
		t.Errorf("serve ended with %v", err)
	}
}
