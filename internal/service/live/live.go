// Package live tells connected devices that something changed. It keeps nothing that matters and never blocks a writer: a hint that is lost
// costs a device the time until it asks for the heads again, at most a minute.
package live

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Pace of hints: the first goes out at once, so that a message feels instant; a burst is gathered.
const (
	FirstFlush = 20 * time.Millisecond
	NextFlush  = 100 * time.Millisecond
	PerAccount = 20 // streams
)

// Hub knows who listens.
type Hub struct {
	mu     sync.Mutex
	conns  map[workroom.AccountID]map[*Conn]bool
	closed bool
}

// New makes a hub without listeners.
func New() *Hub { return &Hub{conns: map[workroom.AccountID]map[*Conn]bool{}} }

// Conn is one listener. What it has not been told yet is kept as one line a scope, so a slow one costs no more than a quick one.
type Conn struct {
	ID      string
	account workroom.AccountID
	token   string // hash

	mu      sync.Mutex
	waiting map[workroom.Scope]wire.HintHead
	wake    chan struct{} // holds one
	end     chan struct{}
	bye     int64
	ended   bool
}

// Join adds a listener; nil if the account has too many, or the hub is closed.
func (h *Hub) Join(who workroom.AccountID, tokenHash string) *Conn {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || len(h.conns[who]) >= PerAccount {
		return nil
	}
	c := &Conn{
		ID: uuid.NewString(), account: who, token: tokenHash,
		waiting: map[workroom.Scope]wire.HintHead{}, wake: make(chan struct{}, 1), end: make(chan struct{}),
	}
	if h.conns[who] == nil {
		h.conns[who] = map[*Conn]bool{}
	}
	h.conns[who][c] = true
	return c
}

// Leave removes a listener.
func (h *Hub) Leave(c *Conn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.conns[c.account], c)
	if len(h.conns[c.account]) == 0 {
		delete(h.conns, c.account)
	}
	c.close(0)
}

// Tell leaves a hint for every listener of these accounts.
func (h *Hub) Tell(hint wire.HintHead, to []workroom.AccountID) {
	h.mu.Lock()
	var list []*Conn
	for _, a := range to {
		list = slices.AppendSeq(list, maps.Keys(h.conns[a]))
	}
	h.mu.Unlock()
	for _, c := range list {
		c.tell(hint)
	}
}

// End closes the streams of a token that is no longer good.
func (h *Hub) End(tokenHash string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, set := range h.conns {
		for c := range set {
			if c.token == tokenHash {
				c.close(0)
			}
		}
	}
}

// Close says bye to everybody, spreading their return over some seconds, and takes no more listeners.
func (h *Hub) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	n := int64(0)
	for _, set := range h.conns {
		for c := range set {
			n++
			c.close(1000 + 2*n) // 500 a second
		}
	}
}

// Count is the number of listeners.
func (h *Hub) Count() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := 0
	for _, set := range h.conns {
		n += len(set)
	}
	return n
}

func (c *Conn) tell(hint wire.HintHead) {
	c.mu.Lock()
	if old, ok := c.waiting[hint.Scope]; !ok || old.Seq < hint.Seq {
		c.waiting[hint.Scope] = hint
	}
	c.mu.Unlock()
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

func (c *Conn) close(bye int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.ended {
		c.ended, c.bye = true, bye
		close(c.end)
	}
}

// Wake is readable when something waits; Ended when the stream must close.
func (c *Conn) Wake() <-chan struct{} { return c.wake }

// Ended is closed when the stream must close.
func (c *Conn) Ended() <-chan struct{} { return c.end }

// Bye is what to say at the end: the pause in ms before coming back, or 0 to say nothing.
func (c *Conn) Bye() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.bye
}

// Take takes what waits, sorted by scope.
func (c *Conn) Take() []wire.HintHead {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := slices.SortedFunc(maps.Values(c.waiting), func(x, y wire.HintHead) int { return strings.Compare(string(x.Scope), string(y.Scope)) })
	clear(c.waiting)
	return out
}
