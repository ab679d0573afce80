package live

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"trestle/internal/wire"
)

// Beat is how often a silent stream shows that it lives.
const Beat = 25 * time.Second

// Stream serves one listener as server-sent events until it leaves, its token ends, or the service shuts down. good is asked at each beat
// whether the token still counts.
func (h *Hub) Stream(w http.ResponseWriter, r *http.Request, c *Conn, hello wire.Hello, good func() bool) {
	defer h.Leave(c)
	out := &sender{w: w, rc: http.NewResponseController(w)}
	head := w.Header()
	head.Set("Content-Type", "text/event-stream")
	head.Set("Cache-Control", "no-store")
	head.Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	hello.Conn = c.ID
	out.frame("hello", hello)
	beat := time.NewTicker(Beat)
	defer beat.Stop()
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
			if flush == nil {
				flush = time.After(max(FirstFlush, NextFlush-time.Since(last)))
			}
		case <-flush:
			flush, last = nil, time.Now()
			if heads := c.Take(); len(heads) > 0 {
				out.frame("heads", wire.Hint{Heads: heads})
			}
		case <-beat.C:
			if !good() {
				return
			}
			out.write(": \n\n")
		}
	}
}

type sender struct {
	w   http.ResponseWriter
	rc  *http.ResponseController
	err error
}

func (s *sender) frame(name string, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		s.err = err
		return
	}
	s.write(fmt.Sprintf("event: %s\ndata: %s\n\n", name, b))
}

func (s *sender) write(text string) {
	_ = s.rc.SetWriteDeadline(time.Now().Add(10 * time.Second)) // not supported in process, where no socket can stall
	if _, s.err = s.w.Write([]byte(text)); s.err == nil {
		s.err = s.rc.Flush()
	}
}
