package live

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Times of a stream: how often a silent one shows that it lives, and how often the heads of watched scopes are repeated.
const (
	Beat        = 25 * time.Second
	BeaconEvery = 30 * time.Second
)

// Asks is what a stream asks of the service while it runs.
type Asks struct {
	Good  func() bool                              // at each beat: does the token still count?
	Heads func([]workroom.Scope) []wire.BeaconHead // of those scopes the listener may read by now
	Now   func() time.Time                         // the service's clock
}

// Stream serves one listener as server-sent events until it leaves, its token ends, or the service shuts down. The caller makes it leave.
func (h *Hub) Stream(w http.ResponseWriter, r *http.Request, c *Conn, hello wire.Hello, ask Asks) {
	out := &sender{w: w, rc: http.NewResponseController(w)}
	head := w.Header()
	head.Set("Content-Type", "text/event-stream")
	head.Set("Cache-Control", "no-store")
	head.Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	hello.Conn, hello.BeaconS = c.ID, int64(BeaconEvery/time.Second)
	out.frame("hello", hello)
	beat, beacon := time.NewTicker(Beat), time.NewTicker(BeaconEvery)
	defer beat.Stop()
	defer beacon.Stop()
	var flush <-chan time.Time
	var last time.Time
	for out.err == nil {
		select {
		case <-r.Context().Done():
			return
		case <-c.Ended():
			if ms := c.Bye(); ms > 0 {
				out.frame("bye", wire.Bye{RetryMS: ms})
			}
			return
		case <-c.Wake():
			rows, hints := c.take()
			for len(rows) > 0 && out.err == nil {
				rows = out.rows(rows)
			}
			out.signs(c.takeSigns())
			if hints && flush == nil {
				flush = time.After(max(FirstFlush, NextFlush-time.Since(last)))
			}
		case <-flush:
			flush, last = nil, time.Now()
			if heads := c.Take(); len(heads) > 0 {
				out.frame("heads", wire.Hint{Heads: heads})
			}
		case <-beacon.C:
			if scopes := c.Watching(); len(scopes) > 0 {
				if heads := ask.Heads(scopes); len(heads) > 0 {
					out.frame("beacon", wire.Beacon{Heads: heads, Now: ask.Now().UnixMicro()})
				}
			}
		case <-beat.C:
			if !ask.Good() {
				return
			}
			out.write([]byte(": \n\n"))
		}
	}
}

type sender struct {
	w   http.ResponseWriter
	rc  *http.ResponseController
	err error
}

// rows writes the first of the rows, together at most a few frames, and answers the rest.
func (s *sender) rows(list []queued) []queued {
	var b []byte
	for len(list) > 0 && len(b) < 32<<10 {
		b, list = list[0].frame(b), list[1:]
	}
	s.write(b)
	return list
}

func (s *sender) frame(name string, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		s.err = err
		return
	}
	s.write(fmt.Appendf(nil, "event: %s\ndata: %s\n\n", name, b))
}

func (s *sender) write(b []byte) {
	_ = s.rc.SetWriteDeadline(time.Now().Add(10 * time.Second)) // not supported in process, where no socket can stall
	if _, s.err = s.w.Write(b); s.err == nil {
		s.err = s.rc.Flush()
	}
}
