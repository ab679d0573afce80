package live

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// QueueLimit is how many bytes of rows wait for one connection at most; what is more becomes hints.
const QueueLimit = 256 << 10

// Conn is one listener. What it has not been told yet is kept as one line a scope, and rows up to a limit, so a slow one costs no more
// than a quick one.
type Conn struct {
	ID      string
	account workroom.AccountID
	token   string // hash

	mu      sync.Mutex
	watch   map[workroom.Scope]bool
	waiting map[workroom.Scope]wire.HintHead
	rows    []queued
	size    int // bytes of rows
	signs   []Sign
	spilled int // how often rows became hints for want of room
	wake    chan struct{}
	end     chan struct{}
	bye     int64
	ended   bool
}

// queued are rows on their way to one connection, with the gen of its account.
type queued struct {
	*Rows
	gen int64
}

// watches puts another set in place and answers the one before.
func (c *Conn) watches(set map[workroom.Scope]bool) map[workroom.Scope]bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	old := c.watch
	c.watch = set
	return old
}

// Watching lists the scopes of the connection, sorted.
func (c *Conn) Watching() []workroom.Scope {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Sorted(maps.Keys(c.watch))
}

// tell queues the rows of watched scopes, and a hint for what else moved. A scope whose newest rows are queued needs no hint.
func (c *Conn) tell(n Note) {
	c.mu.Lock()
	hint := n.Moved
	for _, r := range n.Rows {
		if !c.watch[r.Scope] {
			continue
		}
		if !c.queue(queued{r, n.Gen}) {
			c.hint(r.head())
		} else if r.Scope == n.Head.Scope && r.Seq == n.Head.Seq {
			hint = false
		}
	}
	if hint {
		c.hint(n.Head)
	}
	some := len(c.rows)+len(c.waiting) > 0
	c.mu.Unlock()
	if !some {
		return
	}
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// queue adds rows; false if they are too large to be sent, or there is no room, in which case all that wait become hints.
func (c *Conn) queue(q queued) bool {
	if q.TooLarge() {
		return false
	}
	if c.size+q.size() > QueueLimit {
		for _, r := range c.rows {
			c.hint(r.head())
		}
		c.rows, c.size = nil, 0
		c.spilled++
		return false
	}
	c.rows = append(c.rows, q)
	c.size += q.size()
	return true
}

func (c *Conn) hint(h wire.HintHead) {
	if old, ok := c.waiting[h.Scope]; ok && old.Seq >= h.Seq {
		return
	}
	if c.waiting == nil {
		c.waiting = map[workroom.Scope]wire.HintHead{}
	}
	c.waiting[h.Scope] = h
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

// Spilled is how often the connection's rows became hints because it read too slowly.
func (c *Conn) Spilled() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.spilled
}

// Take takes the hints that wait, sorted by scope.
func (c *Conn) Take() []wire.HintHead {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := slices.SortedFunc(maps.Values(c.waiting), func(x, y wire.HintHead) int { return strings.Compare(string(x.Scope), string(y.Scope)) })
	c.waiting = nil
	return out
}

// take takes the rows that wait, in the order in which they were written, and whether hints wait too.
func (c *Conn) take() (rows []queued, hints bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	rows = c.rows
	c.rows, c.size = nil, 0
	return rows, len(c.waiting) > 0
}
