package courier

import (
	"maps"
	"sort"
	"time"

	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

func (m *machine) heads(now time.Time, e evHeads, out []act) []act {
	m.headsBusy = false
	m.headsAt = now.Add(headsEvery)
	if e.err != nil {
		err := asError(e.err)
		if m.failed(now, err) {
			m.headsAt = m.netAt
		} else {
			m.headsAt = now.Add(max(m.backoff("heads"), err.After))
		}
		return out
	}
	delete(m.fails, "heads")
	m.reached(now)
	m.headsRound++
	if !m.sure {
		m.sure = true
		out = m.choose(out)
	}
	have := map[workroom.Scope]replica.Cursor{}
	for _, c := range e.cursors {
		have[c.Scope] = c
		if at := m.held[c.Scope]; c.Hold == replica.Whole && (at.gen != c.Gen || at.seq <= c.Seq) {
			m.held[c.Scope] = mark{c.Gen, c.Seq, c.Tag}
		}
	}
	if e.heads.Same {
		return append(out, m.askWeeks()...)
	}
	var open, gone []workroom.Scope
	listed := map[workroom.Scope]bool{}
	believed := false // what is missing is gone
	for _, h := range e.heads.Scopes {
		listed[h.Scope] = true
		c := have[h.Scope]
		if h.Scope.Kind() == "a" {
			believed = c.Hold == replica.Whole && c.Gen == h.Gen && c.Seq == h.Seq && c.Ahead <= h.Seq && (h.Tag == "" || c.Tag == h.Tag)
		}
		if heard, flying := m.flight[h.Scope]; flying {
			if c.Gen != h.Gen {
				heard = always
			}
			m.flight[h.Scope] = max(heard, h.Seq)
			continue
		}
		switch {
		case c.Hold != replica.Whole:
			open = append(open, h.Scope)
		case c.Gen != h.Gen || c.Seq != h.Seq || c.Ahead > h.Seq || c.Unproven > 0 || h.Tag != "" && c.Tag != "" && c.Tag != h.Tag:
			// Behind; or with another right, ahead, or of another history: the pull shows which, and says a fork before a right. These heads may
			// be old themselves.
			out = m.pull(h.Scope, 0, out)
		}
	}
	for _, c := range e.cursors {
		if replica.Root(c.Scope) && !listed[c.Scope] && (c.Hold == replica.Whole || c.Hold == replica.Stale) {
			gone = append(gone, c.Scope)
		}
	}
	switch {
	case len(gone) == 0:
		delete(m.fails, "gone")
	case believed:
		out = append(out, actGone{gone})
	default:
		m.doubt(now)
	}
	out = m.open(open, out)
	return append(out, m.askWeeks()...)
}

// doubt asks for the heads again soon: scopes are missing in them that this copy holds, but the account's own scope, where every right to
// read stands, is not in step with them. Only when it is, in the same history, is what is missing believed to be gone.
func (m *machine) doubt(now time.Time) {
	m.headsAt = now.Add(time.Second + m.backoff("gone"))
}

// open asks for whole scopes, those of the account first, in one answer where they fit. What is under way already is asked once more after.
func (m *machine) open(list []workroom.Scope, out []act) []act {
	if !m.sure {
		return out // the first heads of the token see to it
	}
	sort.Slice(list, func(i, j int) bool {
		if a, b := list[i].Kind() == "a", list[j].Kind() == "a"; a != b {
			return a
		}
		return list[i] < list[j]
	})
	tail := 50
	if len(list) > bigSignIn {
		tail = 1
	}
	var ask []workroom.Scope
	for _, s := range list {
		if _, flying := m.flight[s]; flying {
			m.flight[s] = always
			continue
		}
		m.flight[s] = 0
		ask = append(ask, s)
	}
	for len(ask) > 0 {
		n := min(len(ask), 100)
		out = append(out, actOpen{scopes: ask[:n:n], tail: tail})
		ask = ask[n:]
	}
	return out
}

func (m *machine) opened(now time.Time, e evOpened, out []act) []act {
	for _, s := range e.scopes {
		if at, ok := e.marks[s]; m.flight[s] == always || ok && m.flight[s] > at.seq {
			m.headsAgain = true
		}
		delete(m.flight, s)
	}
	if e.err != nil {
		if err := asError(e.err); !m.failed(now, err) {
			m.headsAt = now.Add(max(m.backoff("heads"), err.After))
		} else {
			m.headsAt = m.netAt
		}
		return out
	}
	m.reached(now)
	for _, s := range e.scopes {
		delete(m.held, s)
		delete(m.fails, string(s))
	}
	maps.Copy(m.held, e.marks)
	for _, s := range e.scopes {
		out = m.follow(now, s, out)
	}
	return append(out, m.askWeeks()...)
}

// pull asks what changed in a scope, because it is said to be at seq. While something is under way for it, that is remembered.
func (m *machine) pull(s workroom.Scope, seq int64, out []act) []act {
	if !m.sure {
		return out
	}
	if heard, flying := m.flight[s]; flying {
		m.flight[s] = max(heard, seq)
		return out
	}
	m.flight[s] = 0
	return append(out, actPull{s})
}

func (m *machine) pulled(now time.Time, e evPulled, out []act) []act {
	heard := m.flight[e.scope]
	delete(m.flight, e.scope)
	if e.err != nil {
		err := asError(e.err)
		switch {
		case m.failed(now, err):
			m.notYet[e.scope] = m.netAt
		case err.Final:
			m.headsAgain = m.headsAgain || replica.Root(e.scope) // not open to us any more: the heads tell
		default:
			m.notYet[e.scope] = now.Add(max(m.backoff(string(e.scope)), err.After))
		}
		return out
	}
	m.reached(now)
	delete(m.fails, string(e.scope))
	switch e.reset {
	case "":
	case wire.ResetEpoch:
		m.headsAgain = true // they name the new one, and all that is to be opened
		return out
	case wire.ResetFork: // the heads name all that is to be opened; what is missing in them is not gone before the copy is in step
		clear(m.held)
		m.headsAgain = true
		return m.open([]workroom.Scope{e.scope}, out)
	default:
		return m.open([]workroom.Scope{e.scope}, out)
	}
	m.held[e.scope] = e.mark
	m.headsAgain = m.headsAgain || e.grant
	if e.more || heard > e.seq {
		return m.pull(e.scope, 0, out)
	}
	if e.scope.Kind() == "k" {
		out = append(out, m.askWeeks()...)
	}
	return m.follow(now, e.scope, out)
}

func (m *machine) askWeeks() []act {
	if m.weeksBusy {
		m.weeksAgain = true
		return nil
	}
	m.weeksBusy = true
	return []act{actWeeks{}}
}

// weeks brings the diary weeks whose mark in the contract is ahead: known ones are pulled, new ones opened.
func (m *machine) weeks(now time.Time, e evWeeks, out []act) []act {
	m.weeksBusy = false
	if e.err != nil {
		return out
	}
	var open []workroom.Scope
	for _, s := range e.scopes {
		if _, flying := m.flight[s]; flying {
			continue
		}
		if _, put := m.notYet[s]; put {
			continue
		}
		if _, held := m.held[s]; held {
			out = m.pull(s, 0, out)
		} else {
			open = append(open, s)
		}
	}
	out = m.open(open, out)
	if m.weeksAgain {
		m.weeksAgain = false
		out = append(out, m.askWeeks()...)
	}
	return out
}
