package input

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/ebitengine/purego"
)

// pollTime is how often the counters are read while somebody tracks. macOS tells no program of input without special permission, but lets
// every program read how much there was.
const pollTime = time.Second

// From CoreGraphics/CGEventTypes.h and CGEventSource.h.
const (
	hidSystemState = 1 // kCGEventSourceStateHIDSystemState: what hardware did, not other programs
	anyEvent       = ^uint32(0)

	leftDown    = 1
	rightDown   = 3
	mouseMoved  = 5
	keyDown     = 10
	scrollWheel = 22
	otherDown   = 25
)

var graphics = sync.OnceValue(func() (g struct {
	counter func(state int32, event uint32) uint32
	seconds func(state int32, event uint32) float64
	err     error
}) {
	lib, err := purego.Dlopen("/System/Library/Frameworks/CoreGraphics.framework/CoreGraphics", purego.RTLD_NOW|purego.RTLD_GLOBAL)
	if err != nil {
		g.err = fmt.Errorf("load CoreGraphics: %w", err)
		return g
	}
	purego.RegisterLibFunc(&g.counter, lib, "CGEventSourceCounterForEventType")
	purego.RegisterLibFunc(&g.seconds, lib, "CGEventSourceSecondsSinceLastEventType")
	return g
})

func open(context.Context) (source, string, error) {
	if err := graphics().err; err != nil {
		return nil, "", fmt.Errorf("%w: %w", ErrNoDisplay, err)
	}
	return &eventCounters{}, "", nil
}

// eventCounters reads the window server's own counters. Modifier keys are not keys to it.
type eventCounters struct {
	quit, gone chan struct{}
	ask        chan chan struct{} // to look now
}

// reading is one look at the counters, 32 bits each that wrap.
type reading struct{ keys, left, right, other, moves, scrolls uint32 }

func look() reading {
	n := func(event uint32) uint32 { return graphics().counter(hidSystemState, event) }
	return reading{n(keyDown), n(leftDown), n(rightDown), n(otherDown), n(mouseMoved), n(scrollWheel)}
}

// since is what happened between two looks; a second holds at most four windows of 250 ms with scrolling.
func (r reading) since(o reading) batch {
	return batch{
		keys:    int(r.keys - o.keys),
		clicks:  int(r.left-o.left) + int(r.right-o.right) + int(r.other-o.other),
		scrolls: int(min(r.scrolls-o.scrolls, 4)),
		moved:   r.moves != o.moves,
	}
}

func (e *eventCounters) start(c *Counter) error {
	e.quit, e.gone, e.ask = make(chan struct{}), make(chan struct{}), make(chan chan struct{})
	go func() {
		defer close(e.gone)
		tick := time.NewTicker(pollTime)
		defer tick.Stop()
		for last := look(); ; {
			var asked chan struct{}
			select {
			case <-e.quit:
				return
			case <-tick.C:
			case asked = <-e.ask:
			}
			now := look()
			c.add(now.since(last))
			last = now
			if asked != nil {
				close(asked)
			}
		}
	}()
	return nil
}

func (e *eventCounters) stop() {
	close(e.quit)
	<-e.gone
}

func (e *eventCounters) fetch() bool {
	limit := time.NewTimer(answerTime)
	defer limit.Stop()
	done := make(chan struct{})
	select {
	case e.ask <- done:
	case <-limit.C: // the window server hangs; what it counts meanwhile is read later
		return true
	}
	select {
	case <-done:
	case <-limit.C:
	}
	return true
}

func (e *eventCounters) idle() (time.Duration, bool) {
	return time.Duration(graphics().seconds(hidSystemState, anyEvent) * float64(time.Second)), true
}
