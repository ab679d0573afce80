package app

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
)

// ringSize is how many events are kept for a page that comes back.
const ringSize = 256

// EventChanged is the event that says which scopes are to be read again.
const EventChanged = "changed"

// Event is one thing that happened, as the page gets it. Ids start at 1 and
// rise by one.
type Event struct {
	ID      uint64
	Name    string
	Payload json.RawMessage
}

// Events hands what happened to every face: the window and each browser page.
// It keeps the last 256. A reader that falls further behind loses nothing that
// matters: it is told `changed {"all":true}` and reads its lists again. Publish
// never waits for a reader.
type Events struct {
	mu   sync.Mutex
	ring [ringSize]Event
	last uint64        // id of the newest event; 0: none yet
	more chan struct{} // closed and replaced at each event
}

// NewEvents makes an empty hub.
func NewEvents() *Events { return &Events{more: make(chan struct{})} }

// Publish announces an event with a payload that marshals to JSON; nil becomes
// {}. A payload that does not marshal is a fault of ours: it goes to the log and
// the event is announced as `changed {"all":true}`.
func (e *Events) Publish(name string, payload any) {
	body := json.RawMessage(`{}`)
	if payload != nil {
		b, err := json.Marshal(payload)
		if err != nil {
			slog.Error("event does not marshal", "event", name, "error", traceOf(err))
			name, b = EventChanged, allChanged
		}
		body = b
	}
	e.mu.Lock()
	e.last++
	e.ring[e.last%ringSize] = Event{ID: e.last, Name: name, Payload: body}
	close(e.more)
	e.more = make(chan struct{})
	e.mu.Unlock()
}

var allChanged = json.RawMessage(`{"all":true}`)

// Subscribe begins reading after the newest event.
func (e *Events) Subscribe() *Subscription {
	e.mu.Lock()
	defer e.mu.Unlock()
	return &Subscription{hub: e, at: e.last}
}

// Resume begins reading after the event with the id that a page saw last. An id
// that was never given counts as a gap.
func (e *Events) Resume(after uint64) *Subscription {
	return &Subscription{hub: e, at: after}
}

// Subscription is one reader's place among the events. It is read by one
// goroutine and needs no closing.
type Subscription struct {
	hub *Events
	at  uint64 // id of the last event handed out
}

// Next waits for events after the last one handed out and answers them in
// order. If some are gone from the ring, it answers one `changed {"all":true}`
// with the newest id instead of what is left. It answers nil when ctx ends.
func (s *Subscription) Next(ctx context.Context) []Event {
	for {
		got, more := s.take()
		if len(got) > 0 {
			return got
		}
		select {
		case <-ctx.Done():
			return nil
		case <-more:
		}
	}
}

// take answers what is there now, and a channel that closes when more comes.
func (s *Subscription) take() ([]Event, <-chan struct{}) {
	e := s.hub
	e.mu.Lock()
	defer e.mu.Unlock()
	from, last := s.at, e.last
	s.at = last
	switch {
	case from == last:
		return nil, e.more
	case from > last, last-from > ringSize:
		return []Event{{ID: last, Name: EventChanged, Payload: allChanged}}, e.more
	}
	out := make([]Event, 0, last-from)
	for id := from + 1; id <= last; id++ {
		out = append(out, e.ring[id%ringSize])
	}
	return out, e.more
}
