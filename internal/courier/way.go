package courier

import (
	"context"
	"errors"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

func (m *machine) wakeAt(t time.Time) {
	if m.wakeRows.IsZero() || t.Before(m.wakeRows) {
		m.wakeRows = t
	}
}

// jitter is full jitter over a doubling wait, capped (sync.md §9).
func (m *machine) jitter(fails int) time.Duration {
	top := maxBackoff
	if fails < 6 {
		top = min(maxBackoff, time.Second<<fails)
	}
	return time.Duration(m.rnd() * float64(top))
}

// soon is how long a desktop waits at most between its first tries to reach the service; patient is how many those are.
const (
	soon    = 10 * time.Second
	patient = 20
)

// reconnect is the wait before the way to the service is tried again. For the first minutes it is capped lower than sync.md §9 has it, so
// that a short outage is not felt longer than it was; a long one gets the full cap, and a service that restarts spreads its desktops by
// "bye".
func (m *machine) reconnect(fails int) time.Duration {
	d := m.jitter(fails)
	if fails < patient {
		d = min(d, time.Duration(m.rnd()*float64(soon)))
	}
	return d
}

func (m *machine) backoff(what string) time.Duration {
	d := m.jitter(m.fails[what])
	m.fails[what]++
	return d
}

// hurry tries the way to the service now. A try before its time that fails counts for nothing: a person who writes twenty lines in a
// tunnel does not wait longer at its end.
func (m *machine) hurry(now time.Time) {
	if now.Before(m.netAt) {
		m.netMeant, m.netAt = m.netAt, now
	}
	if !m.stream && now.Before(m.streamAt) {
		m.streamMeant, m.streamAt = m.streamAt, now
	}
}

func (m *machine) reset(now time.Time) {
	m.netFails, m.streamFails = 0, 0
	m.netAt, m.netMeant, m.streamMeant = time.Time{}, time.Time{}, time.Time{}
	if !m.stream {
		m.streamAt = now
	}
}

// reached says that the service itself answered.
func (m *machine) reached(now time.Time) {
	m.netFails, m.netAt = 0, time.Time{}
	if m.phase == Offline {
		m.phase, m.since, m.why = Online, now, m.upgrade.why
		m.wakeAt(now)
	}
	if m.compareAt.IsZero() {
		m.compareAt = now.Add(compareEvery)
	}
}

// failed takes in an error of the way, the token or the version, and says whether it was one. Anything else is the service's answer.
func (m *machine) failed(now time.Time, e *wire.Error) bool {
	switch {
	case e.Code == localTrouble:
		return false
	case e.Retry == workroom.RetryAuth:
		if m.phase != Paused {
			m.phase, m.since, m.why = Paused, now, e
		}
		return true
	case e.Retry == workroom.RetryUpgrade:
		m.upgrade.refuse(now, m.rnd(), e)
		m.why = e
		m.wakeAt(m.upgrade.at)
		return true
	case e.Code == wire.Unreachable || e.Code == wire.Unexpected:
		m.doubted = m.doubted || errors.Is(e, context.DeadlineExceeded) && now.Sub(m.heardAt) >= wire.Answer
		switch {
		case now.Before(m.netMeant): // tried before its time
			m.netAt, m.netMeant = m.netMeant, time.Time{}
		case now.Before(m.netAt): // asked in the same try as one that failed before
		default:
			m.netAt = now.Add(max(m.reconnect(m.netFails), e.After))
			m.netFails++
		}
		if m.phase == Online {
			m.phase, m.since = Offline, now
		}
		if m.phase == Offline {
			m.why = e
		}
		m.wakeAt(m.netAt)
		return true
	}
	m.reached(now)
	return false
}
