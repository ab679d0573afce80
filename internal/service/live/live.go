// Package live tells connected devices that something changed, and sends the rows themselves to those that look at a scope. It keeps nothing
// that matters and never blocks a writer: a frame that is lost costs a device the time until it asks for the heads again, at most a minute.
package live

import (
	"maps"
	"slices"
	"sync"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Pace of hints: the first goes out at once, so that a message feels instant; a burst is gathered. Rows are not held back.
const (
	FirstFlush = 20 * time.Millisecond
	NextFlush  = 100 * time.Millisecond
	PerAccount = 20 // streams
)

// Hub knows who listens.
type Hub struct {
	newID func() string

	mu      sync.Mutex
	conns   map[workroom.AccountID]map[*Conn]bool
	byID    map[string]*Conn
	watched map[workroom.Scope]int // connections that watch it
	closed  bool
	spilled int // by connections that have left
}

// New makes a hub without listeners. newID makes the ids of connections.
func New(newID func() string) *Hub {
	return &Hub{newID: newID, conns: map[workroom.AccountID]map[*Conn]bool{}, byID: map[string]*Conn{}, watched: map[workroom.Scope]int{}}
}

// Note is what an account is told of one root scope.
type Note struct {
	Head  wire.HintHead // the root
	Moved bool          // the root itself has a new number; else only scopes below it have
	Gen   int64         // of the account's right to the root
	Rows  []*Rows       // what was written there, as the account may see it
}

// Join adds a listener; nil if the account has too many, or the hub is closed.
func (h *Hub) Join(who workroom.AccountID, tokenHash string) *Conn {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || len(h.conns[who]) >= PerAccount {
		return nil
	}
	c := &Conn{ID: h.newID(), account: who, token: tokenHash, wake: make(chan struct{}, 1), end: make(chan struct{})}
	if h.conns[who] == nil {
		h.conns[who] = map[*Conn]bool{}
	}
	h.conns[who][c] = true
	h.byID[c.ID] = c
	return c
}

// Leave removes a listener.
func (h *Hub) Leave(c *Conn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.conns[c.account][c] {
		return
	}
	delete(h.conns[c.account], c)
	delete(h.byID, c.ID)
	h.unwatch(c.watches(nil))
	h.spilled += c.Spilled()
	c.close(0)
	if len(h.conns[c.account]) == 0 {
		delete(h.conns, c.account)
	}
}

// Watch replaces the scopes whose rows a connection is sent; false if the account has no such connection here.
func (h *Hub) Watch(conn string, who workroom.AccountID, scopes []workroom.Scope) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	c := h.byID[conn]
	if c == nil || c.account != who {
		return false
	}
	set := map[workroom.Scope]bool{}
	for _, s := range scopes {
		set[s] = true
	}
	for s := range set {
		h.watched[s]++
	}
	h.unwatch(c.watches(set))
	return true
}

func (h *Hub) unwatch(set map[workroom.Scope]bool) {
	for s := range set {
		if h.watched[s]--; h.watched[s] <= 0 {
			delete(h.watched, s)
		}
	}
}

// Watched reports whether anybody here watches a scope, so that its rows are worth encoding.
func (h *Hub) Watched(s workroom.Scope) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.watched[s] > 0
}

// Here lists those of the accounts that have a connection.
func (h *Hub) Here(accounts func(func(workroom.AccountID) bool)) []workroom.AccountID {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []workroom.AccountID
	for a := range accounts {
		if len(h.conns[a]) > 0 {
			out = append(out, a)
		}
	}
	return out
}

// Tell leaves a note for every connection of an account.
func (h *Hub) Tell(who workroom.AccountID, n Note) {
	h.mu.Lock()
	list := slices.Collect(maps.Keys(h.conns[who]))
	h.mu.Unlock()
	for _, c := range list {
		c.tell(n)
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

// Spilled is how often a connection's rows became hints because it read too slowly, since the start.
func (h *Hub) Spilled() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := h.spilled
	for _, c := range h.byID {
		n += c.Spilled()
	}
	return n
}

// Count is the number of listeners.
func (h *Hub) Count() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.byID)
}
