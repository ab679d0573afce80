package courier

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"trestle/internal/wire"
)

// clock is how far the service's clock is ahead of this machine's, told by the answers that come anyway: each names the service's time, and
// was on its way no longer than the question took. Of the last five the one with the shortest way counts (sync.md §14).
type clock struct {
	mu   sync.Mutex
	last [5]sample
	n    int
	once sync.Once // of telling
}

type sample struct {
	at     time.Time // this machine's clock, in the middle of the way
	offset time.Duration
	way    time.Duration
}

// learn takes in one answer: asked and answered by this machine's clock, told by the service's.
func (k *clock) learn(asked, answered, told time.Time) {
	way := answered.Sub(asked)
	if way < 0 {
		return // the clock was set meanwhile
	}
	at := asked.Add(way / 2)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.last[k.n%len(k.last)] = sample{at, told.Sub(at.Round(0)), way}
	k.n++
}

func (k *clock) best() (sample, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.n == 0 {
		return sample{}, false
	}
	best := k.last[0]
	for _, s := range k.last[1:min(k.n, len(k.last))] {
		if s.way < best.way {
			best = s
		}
	}
	return best, true
}

// Offset is the service's time less this machine's (Options.Now), by the best round trip of the last five answers, and the moment on this
// machine's clock at which it was so. It is false before the first answer. The error is at most half that round trip.
func (c *Courier) Offset() (d time.Duration, at time.Time, ok bool) {
	s, ok := c.clock.best()
	return s.offset, s.at, ok
}

// tellClock tells the program how far the service's clock is ahead, once, before anything is sent: what was written by a clock that was
// wrong and never went out can still be put right.
func (c *Courier) tellClock() {
	if d, at, ok := c.Offset(); ok {
		c.clock.once.Do(func() { c.o.Clocked(d, at) })
	}
}

// timed makes a client's questions tell the clock.
func (c *Courier) timed(client *wire.Client) *wire.Client {
	out := *client
	h := http.Client{}
	if client.HTTP != nil {
		h = *client.HTTP
	}
	h.Transport = timing{c, client.Service, h.Transport}
	out.HTTP = &h
	return &out
}

type timing struct {
	c       *Courier
	service string
	base    http.RoundTripper
}

// CloseIdleConnections is for http.Client, which asks its transport for it.
func (t timing) CloseIdleConnections() {
	(&http.Client{Transport: t.base}).CloseIdleConnections()
}

func (t timing) RoundTrip(r *http.Request) (*http.Response, error) {
	base := t.base
	if base == nil {
		base = http.DefaultTransport
	}
	asked := t.c.o.Now()
	res, err := base.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	us, bad := strconv.ParseInt(res.Header.Get(wire.HeaderTime), 10, 64)
	if bad == nil && us > 0 && res.Header.Get(wire.HeaderService) == t.service && t.service != "" {
		t.c.clock.learn(asked, t.c.o.Now(), time.UnixMicro(us))
	}
	return res, nil
}
