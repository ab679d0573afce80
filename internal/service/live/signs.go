package live

import (
	"slices"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// MaxSigns is how many signs wait for one connection at most; what is more is not told. They are worth something at once or not at all.
const MaxSigns = 128

// Sign is what passes between people and is stored nowhere: that one is writing, or is here. One of the two is set.
type Sign struct {
	Typing   *wire.Typing
	Presence *wire.Presence
}

// about reports whether a newer sign takes the place of an older one that waits.
func (s Sign) about(o Sign) bool {
	switch {
	case s.Typing != nil && o.Typing != nil:
		return *s.Typing == *o.Typing
	case s.Presence != nil && o.Presence != nil:
		return s.Presence.Who == o.Presence.Who
	}
	return false
}

// Sign leaves a sign for every connection of an account.
func (h *Hub) Sign(who workroom.AccountID, s Sign) {
	h.mu.Lock()
	var list []*Conn
	for c := range h.conns[who] {
		list = append(list, c)
	}
	h.mu.Unlock()
	for _, c := range list {
		c.sign(s)
	}
}

// sign queues a sign, in the place of one about the same that waits.
func (c *Conn) sign(s Sign) {
	c.mu.Lock()
	at := slices.IndexFunc(c.signs, s.about)
	switch {
	case at >= 0:
		c.signs[at] = s
	case len(c.signs) < MaxSigns:
		c.signs = append(c.signs, s)
	}
	c.mu.Unlock()
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// takeSigns takes the signs that wait, oldest first.
func (c *Conn) takeSigns() []Sign {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := c.signs
	c.signs = nil
	return out
}

// Signs is how many signs wait.
func (c *Conn) Signs() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.signs)
}

// Has reports whether an account has that connection here.
func (h *Hub) Has(conn string, who workroom.AccountID) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	c := h.byID[conn]
	return c != nil && c.account == who
}

// signs writes what waits.
func (s *sender) signs(list []Sign) {
	for _, x := range list {
		switch {
		case s.err != nil:
			return
		case x.Typing != nil:
			s.frame("typing", x.Typing)
		case x.Presence != nil:
			s.frame("presence", x.Presence)
		}
	}
}
