package input

import (
	"context"
	"errors"
	"time"
)

// ErrNoEdges says that nothing on this system tells of lock and sleep.
var ErrNoEdges = errors.New("this system does not tell when it locks or sleeps")

// EdgeKind says what happened to the session.
type EdgeKind string

// Edges of a session. Lock and sleep each come in turn: never two of one kind without its opposite between them.
const (
	Locked   EdgeKind = "locked"
	Unlocked EdgeKind = "unlocked"
	Sleeping EdgeKind = "sleeping" // about to sleep; the system waits a moment for Done
	Woke     EdgeKind = "woke"
)

// Edge is a change of the session's state. Done must be called once what has to be on disk is there; after Sleeping the system is held up
// until then, for as long as it lets itself be (five seconds on Linux, two on Windows). It is never nil and may be called more than once.
type Edge struct {
	Kind EdgeKind
	Done func()
}

// Edges tells of lock, unlock, sleep and waking until ctx ends; then the channel is closed. It answers within about two seconds whatever
// the system does, with ErrNoEdges where nothing tells; sleep is then found by Uptime.
func Edges(ctx context.Context) (<-chan Edge, error) {
	return edges(ctx)
}

// echo is how long after a lock was told it may be told once more, in another way.
const echo = 10 * time.Second

// edgeState drops edges that say what is known already: systems tell in several ways, and some tell twice. A lock that comes later is passed on
// again: the end of the one before may never have been told, and who was seen at the screen since has ended it (T-11).
type edgeState struct {
	locked, asleep bool
	since          time.Time // when the lock was passed on
}

// fresh reports whether the edge is news, and remembers it.
func (s *edgeState) fresh(k EdgeKind) bool {
	was := *s
	switch k {
	case Locked:
		if s.locked && time.Since(s.since) < echo {
			return false
		}
		s.locked, s.since = true, time.Now()
		return true
	case Unlocked:
		s.locked = false
	case Sleeping, Woke:
		s.asleep = k == Sleeping
	}
	return s.locked != was.locked || s.asleep != was.asleep
}
