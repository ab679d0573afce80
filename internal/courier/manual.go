package courier

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Manual is a courier that somebody else drives: the same machine and the same acts as Run's, but it starts no goroutine and reads no
// clock. The simulator steps it, so that a seed decides what happens when.
//
//	acts := m.Step(now, Start())
//	… for each act, whenever it is due: events := m.Do(ctx, act); each of them goes back into Step
//	… at m.Wake(): m.Step(now, Tick()); after an act of the person: if m.Kicked() { m.Step(now, Kick()) }
//
// Do is Ask, which talks to the service, and Store, which writes the answer into the copy; a driver that lets other things happen between
// them calls the two itself. An act whose Connect is true is the live channel: the driver opens its own and feeds Frame and at last Ended,
// or calls Listen, which does so over the client. A crash is dropping the Manual and its replica and opening the file again.
type Manual struct {
	c      *Courier
	kicked atomic.Bool
}

// Event is something that happened, for Step.
type Event struct{ ev event }

// Act is something Step wants done.
type Act struct{ a act }

// Reply is what the first half of an act brought.
type Reply struct{ then finish }

// NewManual makes a courier to be driven by hand. Options are those of New; Rand should be seeded.
func NewManual(o Options) *Manual {
	m := &Manual{c: prepare(o)}
	m.c.rep.OnAct(func() { m.kicked.Store(true) })
	return m
}

// Start is the first event, and again the one after the token was replaced.
func Start() Event { return Event{evResume{}} }

// Kick says that something was enqueued or decided.
func Kick() Event { return Event{evKick{}} }

// Sync asks to bring everything up to date now.
func Sync() Event { return Event{evSync{}} }

// Tick says that the moment Wake named has come.
func Tick() Event { return Event{evTick{}} }

// Watch names what is on screen, as Courier.Watch does.
func Watch(scopes ...workroom.Scope) Event { return Event{evWatch{scopes}} }

// Frame is a frame of the live channel.
func Frame(e wire.Event) Event { return Event{evFrame{e}} }

// Ended says that the live channel is over, and why.
func Ended(err error) Event { return Event{evStream{err}} }

// Step takes in one event at a moment and answers what to do. Acts may be done in any order and at any time.
func (m *Manual) Step(now time.Time, e Event) []Act {
	if e.ev == nil {
		return nil
	}
	m.c.mu.Lock()
	defer m.c.mu.Unlock()
	var out []Act
	for _, a := range m.c.m.Step(now, e.ev) {
		out = append(out, Act{a})
	}
	return out
}

// Wake is the next moment at which Step wants a Tick; zero for none.
func (m *Manual) Wake() time.Time {
	m.c.mu.Lock()
	defer m.c.mu.Unlock()
	return m.c.m.wake()
}

// Kicked reports whether the person acted since it was last asked.
func (m *Manual) Kicked() bool { return m.kicked.Swap(false) }

// Ask does the first half of an act: it reads the copy and asks the service through the client.
func (m *Manual) Ask(ctx context.Context, a Act) Reply { return Reply{m.c.ask(ctx, a.a)} }

// Store does the second half: it writes what was answered and says what came of it.
func (m *Manual) Store(ctx context.Context, r Reply) []Event {
	if r.then == nil {
		return nil
	}
	ev := r.then(ctx)
	if ev == nil {
		return nil
	}
	return []Event{{ev}}
}

// Do is both halves.
func (m *Manual) Do(ctx context.Context, a Act) []Event { return m.Store(ctx, m.Ask(ctx, a)) }

// Listen opens the live channel through the client and hands each frame to on, as an event, until the channel ends. It answers the event
// that says so.
func (m *Manual) Listen(ctx context.Context, on func(Event)) Event {
	return Ended(m.c.listen(ctx, func(e wire.Event) { on(Frame(e)) }))
}

// Resume goes on with a new token, as Courier.Resume does; the Start event is the driver's.
func (m *Manual) Resume(client *wire.Client) error { return m.c.replace(client) }

// Status is how it stands.
func (m *Manual) Status() Status { return m.c.Status() }

// Quiet reports whether the machine has nothing under way and nothing put off.
func (m *Manual) Quiet() bool {
	m.c.mu.Lock()
	defer m.c.mu.Unlock()
	return m.c.m.quiet()
}

// Older brings older messages, as Courier.Older does.
func (m *Manual) Older(ctx context.Context, scope workroom.Scope) (bool, error) {
	return m.c.Older(ctx, scope)
}

// String is the act in words, for a history: its kind and what it is about.
func (a Act) String() string {
	var out strings.Builder
	out.WriteString(a.Kind())
	for _, s := range a.Scopes() {
		out.WriteString(" " + string(s))
	}
	for _, id := range a.IDs() {
		out.WriteString(" " + id)
	}
	return out.String()
}

// Kind names the act: connect, cut, watch, frames, heads, open, pull, compare, gone, weeks, choose, send, upload,
// apply, putoff, strike, renew, land.
func (a Act) Kind() string {
	switch a.a.(type) {
	case actConnect:
		return "connect"
	case actHeads:
		return "heads"
	case actOpen:
		return "open"
	case actPull:
		return "pull"
	case actFrames:
		return "frames"
	case actWatch:
		return "watch"
	case actCut:
		return "cut"
	case actCompare:
		return "compare"
	case actStrike:
		return "strike"
	case actRenew:
		return "renew"
	case actGone:
		return "gone"
	case actWeeks:
		return "weeks"
	case actChoose:
		return "choose"
	case actSend:
		return "send"
	case actUpload:
		return "upload"
	case actApply:
		return "apply"
	case actPutOff:
		return "putoff"
	case actLand:
		return "land"
	}
	panic(fmt.Sprintf("courier: an act without a name: %T", a.a))
}

// Connect reports whether the act is to open the live channel, which Ask does not do. The act "cut"
// asks the driver to end it; Listen hears that by itself.
func (a Act) Connect() bool { _, ok := a.a.(actConnect); return ok }

// Net reports whether the first half of the act asks the service; the others touch this machine alone.
func (a Act) Net() bool {
	switch a.a.(type) {
	case actConnect, actWatch, actHeads, actOpen, actPull, actSend, actUpload, actCompare:
		return true
	}
	return false
}

// Scopes are the scopes an act is about, if it is about any.
func (a Act) Scopes() []workroom.Scope {
	switch a := a.a.(type) {
	case actOpen:
		return a.scopes
	case actPull:
		return []workroom.Scope{a.scope}
	case actFrames:
		return []workroom.Scope{a.scope}
	case actWatch:
		return a.scopes
	case actGone:
		return a.scopes
	}
	return nil
}

// IDs are the commands an act carries or answers, if any.
func (a Act) IDs() []string {
	switch a := a.a.(type) {
	case actSend:
		return a.ids
	case actUpload:
		return []string{a.id}
	case actApply:
		ids := make([]string, len(a.Results.Results))
		for i, r := range a.Results.Results {
			ids[i] = r.ID
		}
		return ids
	case actPutOff:
		return a.ids
	case actStrike:
		return a.ids
	case actRenew:
		return a.ids
	case actLand:
		return a.ids
	}
	return nil
}

// Name says what happened, for a history: frame, stream, tick …
func (e Event) Name() string {
	if e.ev == nil {
		return "none"
	}
	return fmt.Sprintf("%T", e.ev)[len("courier.ev"):]
}

// Err is the error an event carries, if any.
func (e Event) Err() error {
	switch ev := e.ev.(type) {
	case evStream:
		return ev.err
	case evRows:
		return ev.err
	case evHeads:
		return ev.err
	case evOpened:
		return ev.err
	case evPulled:
		return ev.err
	case evFramed:
		return ev.err
	case evWatched:
		return ev.err
	case evRenewed:
		return ev.err
	case evWeeks:
		return ev.err
	case evSent:
		return ev.err
	case evUploaded:
		return ev.err
	case evApplied:
		return ev.err
	}
	return nil
}
