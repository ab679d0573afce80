// Package input is the edge towards the operating system for everything the tracker may know about a person's hands: how many keys,
// clicks and scrolls there were, in how many seconds the pointer moved, when the last of these was, and when the session was locked,
// unlocked, put to sleep and woken. Exactly these four counters leave the package. Which key, which button, where the pointer was, which
// window had the focus: none of it is kept, not even inside; event bytes are zeroed as soon as their kind is known.
//
// There is one file per system. While nobody tracks time (between Stop and the next Start) nothing is connected and no event arrives.
// While somebody does, nothing ticks: the reader sleeps in the kernel until there is input, and the app fetches the sums with Take when
// it writes its heartbeat anyway.
//
// The package imports nothing of ours and is called by app alone.
package input

import (
	"context"
	"errors"
	"sync"
	"time"
)

// idleAfter is how long nobody may touch anything before a desktop that tells no counts tells that they are idle: short, so that the edges
// of it tell in which minutes somebody was there.
const idleAfter = time.Second

// answerTime is the longest that anything of the system is waited for.
const answerTime = 2 * time.Second

// ErrNoDisplay says that there is no display to count input on: $DISPLAY is not set, or nothing answers there.
var ErrNoDisplay = errors.New("no display to count input on")

// Counts is what happened between two calls of Take.
type Counts struct {
	Keys    int // keys pressed, auto-repeat not counted
	Clicks  int // buttons pressed, wheel not counted
	Scrolls int // windows of 250 ms in which something was scrolled, so that a wheel and a trackpad compare
	Moves   int // seconds in which the pointer moved

	// Countable is false where the system tells no counts (Wayland) or the connection was lost in between. The four numbers are then
	// zero and mean "not known", never "no input".
	Countable bool

	// Presence is true where it is known whether somebody is there: LastInput then means what it says. A desktop that tells no counts may
	// still tell that.
	Presence bool
}

// Any reports whether there was any input at all, pointer movement included.
func (c Counts) Any() bool { return c.Keys+c.Clicks+c.Scrolls+c.Moves > 0 }

// batch is what a source hands over at once, at most four times a second.
type batch struct {
	keys, clicks int
	scrolls      int // windows with scrolling
	moved        bool
}

// source is the system's way of learning about input. Each has start and stop called in turn by a Counter, never at the same time.
type source interface {
	// start begins to call Counter.add from a goroutine of its own.
	start(c *Counter) error
	// stop returns when no further call will be made.
	stop()
	// fetch returns when all that happened before it was called has been added, or after answerTime; false if the system was given up.
	fetch() bool
	// idle is the system's own idea of the time since the last input, false if it has none.
	idle() (time.Duration, bool)
}

// Counter counts input from Start to Stop. Its methods may be called from any goroutine.
type Counter struct {
	src    source
	reason string // why there are no counts, "" if there are

	run sync.Mutex // held by Start and Stop
	on  bool

	mu         sync.Mutex
	sum        Counts
	broken     bool // not countable at some moment since the last Take
	down       bool // not countable now
	seen       bool // the desktop tells when somebody comes and goes, though no counts
	here       bool // by that, somebody is using it now
	last       time.Time
	moveSecond int64
	next       chan struct{}
}

// Open finds out how input can be counted here. On X11 it connects once to see that it can, and disconnects again. Without a display it
// answers ErrNoDisplay. Under Wayland it answers a Counter that counts nothing: Reason says why.
func Open(ctx context.Context) (*Counter, error) {
	src, reason, err := open(ctx)
	if err != nil {
		return nil, err
	}
	return &Counter{src: src, reason: reason}, nil
}

// Reason is the sentence that tells a person why there are no counts, or "" if there are.
func (c *Counter) Reason() string { return c.reason }

// Start begins to count from zero. Starting a started Counter does nothing. A display that went away since Open is no error: the counts are
// unknown until it is back.
func (c *Counter) Start() error {
	c.run.Lock()
	defer c.run.Unlock()
	if c.on {
		return nil
	}
	c.mu.Lock()
	blind := c.reason != ""
	c.sum, c.broken, c.down, c.moveSecond, c.seen, c.here = Counts{}, blind, blind, 0, false, false
	c.last = time.Now()
	c.mu.Unlock()
	if c.src != nil {
		if err := c.src.start(c); err != nil {
			return err
		}
	}
	c.on = true
	return nil
}

// Stop ends counting and closes every connection to the system. Stopping a stopped Counter does nothing.
func (c *Counter) Stop() {
	c.run.Lock()
	defer c.run.Unlock()
	if !c.on {
		return
	}
	if c.src != nil {
		c.src.stop()
	}
	c.on = false
}

// Fetch waits until everything that was typed, clicked and moved before it was called is in the sums, two seconds at most: input is fetched a
// few times a second, so without it the last moments are missing. Whoever ends a stretch of time calls it before Take. A display that does not
// answer for so long is given up like one that went away.
func (c *Counter) Fetch() {
	c.run.Lock()
	defer c.run.Unlock()
	if c.src != nil && c.on && !c.src.fetch() {
		c.broke()
	}
}

// broke says that counting is not possible any more.
func (c *Counter) broke() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.down, c.broken = true, true
}

// Take answers what was counted since the last Take (or Start) and begins again at zero.
func (c *Counter) Take() Counts {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := c.sum
	out.Countable, out.Presence = !c.broken, !c.broken || c.seen
	if c.broken {
		out = Counts{Presence: c.seen}
	}
	c.sum, c.broken = Counts{}, c.down
	return out
}

// LastInput is when the last input was seen since Start, at least the instant of Start itself; while nothing can be counted it is now,
// because nobody may be called idle for it. It carries a monotonic reading.
func (c *Counter) LastInput() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seen && !c.here {
		return c.last
	}
	if c.down {
		return time.Now()
	}
	return c.last
}

// Next answers a channel that is closed at the next input: how the app learns that somebody is back without asking again and again.
// Calls before that input share one channel.
func (c *Counter) Next() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.next == nil {
		c.next = make(chan struct{})
	}
	return c.next
}

// Idle asks the system itself how long ago the last input was. It confirms an idle deadline, for instance when the connection was lost
// in between, and is not meant for polling. It is false where the system cannot tell or does not answer within two seconds.
func (c *Counter) Idle() (time.Duration, bool) {
	c.run.Lock()
	defer c.run.Unlock()
	if c.src == nil || !c.on {
		return 0, false
	}
	return c.src.idle()
}

// there is called by a source that tells no counts, when somebody begins to use the desktop or has ceased to, a moment ago.
func (c *Counter) there(here bool) {
	now := time.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	if !here {
		now = now.Add(-idleAfter)
	}
	c.seen, c.here, c.last = true, here, now
	if here && c.next != nil {
		close(c.next)
		c.next = nil
	}
}

// unseen says that nothing tells of presence any more: nobody may be called idle for it.
func (c *Counter) unseen() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seen = false
}

// add is called by the source for every batch of events.
func (c *Counter) add(b batch) {
	if b == (batch{}) {
		return
	}
	now := time.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sum.Keys += b.keys
	c.sum.Clicks += b.clicks
	c.sum.Scrolls += b.scrolls
	if second := now.Unix(); b.moved && second != c.moveSecond {
		c.sum.Moves++
		c.moveSecond = second
	}
	c.last = now
	if c.next != nil {
		close(c.next)
		c.next = nil
	}
}
