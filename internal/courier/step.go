package courier

import (
	"maps"
	"math"
	"slices"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Waits of the machine.
const (
	headsEvery   = 60 * time.Second
	maxBackoff   = 60 * time.Second
	firstHeads   = 3 * time.Second        // for the first frame of the live channel; then the heads are asked without it
	gapWait      = 200 * time.Millisecond // for a missing frame; then the scope is pulled
	compareEvery = time.Minute
	bigSignIn    = 20 // rooms; above it a first look takes one message of each
)

// mark is how far a held scope is here.
type mark struct {
	gen, seq int64
	tag      string
}

// always, as the number heard of a scope under way, asks for it once more whatever comes.
const always = math.MaxInt64

// machine decides what the courier does. It is pure: no clock, no network, no file; Step is its only way.
type machine struct {
	rnd func() float64 // 0 ≤ x < 1, for jitter

	phase Phase
	since time.Time
	why   *wire.Error
	sure  bool // the heads said that the token is of this copy's account, and which history it is

	stream      bool      // a stream is open or being opened
	hello       bool      // it has said hello
	heardAt     time.Time // of its newest frame
	doubted     bool      // a question got no answer since: what the stream hangs on may be as dead
	streamFails int
	streamAt    time.Time
	streamMeant time.Time // when it was meant to be, before a person's act hurried it
	live        live

	netFails int
	netAt    time.Time // nothing is asked before
	netMeant time.Time

	headsBusy, headsAgain bool
	headsAt               time.Time
	headsRound            int  // finished ones
	dirty                 bool // commands were accepted since the heads were last asked

	held   map[workroom.Scope]mark      // scopes that are here whole
	flight map[workroom.Scope]int64     // being pulled, opened or stored: the highest number heard of meanwhile
	fails  map[string]int               // of a lane, an upload, a scope, in a row
	notYet map[workroom.Scope]time.Time // scopes put off

	weeksBusy, weeksAgain bool
	comparing             bool
	compareAt             time.Time

	gen         int
	choosing    bool
	chooseAgain bool
	busy        map[string]bool // lanes with something under way
	solo        map[string]bool // lanes that send one command at a time, to find a bad one
	served      map[string]int64
	turn        int64
	wakeRows    time.Time
	upgrade     upgrade
}

func newMachine(rnd func() float64) *machine {
	return &machine{
		rnd: rnd, phase: Offline, live: newLive(),
		held: map[workroom.Scope]mark{}, flight: map[workroom.Scope]int64{}, fails: map[string]int{}, notYet: map[workroom.Scope]time.Time{},
		busy: map[string]bool{}, solo: map[string]bool{}, served: map[string]int64{},
	}
}

// Step takes in one event at a moment and answers what to do.
func (m *machine) Step(now time.Time, ev event) []act {
	var out []act
	switch e := ev.(type) {
	case evKick:
		out = m.choose(out)
		if m.phase == Offline && m.netFails > 0 {
			m.hurry(now) // a person's act is worth one try at once
		}
	case evSync:
		m.hurry(now)
		m.upgrade.now(now)
		m.headsAgain = true
		clear(m.notYet)
		out = m.choose(out)
	case evResume:
		m.reset(now)
		m.phase, m.since, m.why, m.upgrade, m.sure = Offline, now, nil, upgrade{}, false
		m.headsAt = now.Add(firstHeads)
		out = m.choose(out)
	case evFrame:
		out = m.frame(now, e, out)
	case evStream:
		out = m.streamEnded(now, e, out)
	case evTick:
		if !m.wakeRows.IsZero() && !now.Before(m.wakeRows) {
			m.wakeRows = time.Time{}
			out = m.choose(out)
		}
	case evRows:
		out = m.rows(now, e, out)
	case evHeads:
		out = m.heads(now, e, out)
	case evOpened:
		if out = m.opened(now, e, out); e.err == nil {
			out = m.choose(out) // what came may be what a row waited for
		}
	case evPulled:
		if out = m.pulled(now, e, out); e.err == nil && e.reset == "" && !e.more {
			out = m.choose(out)
		}
	case evFramed:
		out = m.framed(now, e, out)
	case evWatch:
		m.live.want, m.live.turn = e.scopes, m.live.turn+1
	case evWatched:
		out = m.watched(now, e, out)
	case evGone:
		if e.kept {
			m.doubt(now)
			break
		}
		for _, s := range e.scopes {
			delete(m.held, s)
		}
	case evCompared:
		m.comparing = false
		if e.differs {
			out = m.open([]workroom.Scope{e.scope}, out)
		}
	case evRenewed:
		delete(m.busy, e.lane)
		if e.err == nil && m.fails["device"] <= 1 {
			out = m.choose(out)
		} else {
			m.wakeAt(e.until)
		}
	case evWeeks:
		out = m.weeks(now, e, out)
	case evSent:
		out = m.sent(now, e, out)
	case evUploaded:
		out = m.uploaded(now, e, out)
	case evApplied:
		delete(m.busy, e.lane)
		if e.err != nil {
			m.wakeAt(now.Add(m.backoff("file")))
		} else {
			delete(m.fails, "file")
			out = m.choose(out)
		}
	}
	return m.due(now, out)
}

// due adds what time has come for.
func (m *machine) due(now time.Time, out []act) []act {
	if m.phase == Paused || now.Before(m.netAt) {
		return out
	}
	if m.doubted && m.stream && m.hello {
		out = append(out, actCut{})
	}
	m.doubted = false
	if !m.stream && !now.Before(m.streamAt) {
		m.stream, m.hello = true, false
		if m.headsAt.IsZero() {
			m.headsAt = now.Add(firstHeads)
		}
		out = append(out, actConnect{})
	}
	if !m.headsBusy && (m.headsAgain || !m.headsAt.IsZero() && !now.Before(m.headsAt)) {
		m.headsBusy, m.headsAgain, m.dirty = true, false, false
		out = append(out, actHeads{})
	}
	for _, s := range slices.Sorted(maps.Keys(m.notYet)) { // sorted, so that the same events give the same acts
		if !now.Before(m.notYet[s]) {
			delete(m.notYet, s)
			out = m.pull(s, 0, out)
		}
	}
	for _, s := range slices.Sorted(maps.Keys(m.live.gap)) {
		if !now.Before(m.live.gap[s]) {
			out = m.missed(s, out)
		}
	}
	if m.live.untold() && m.headsRound > m.live.round && !now.Before(m.live.at) {
		m.live.busy = true
		out = append(out, actWatch{m.live.conn, m.live.turn, m.live.want})
	}
	if m.phase == Online && !m.comparing && !m.compareAt.IsZero() && !now.Before(m.compareAt) {
		m.compareAt = now.Add(compareEvery)
		if m.quiet() {
			m.comparing = true
			out = append(out, actCompare{})
		}
	}
	return out
}

// wake is the next moment at which something is due; zero for none.
func (m *machine) wake() time.Time {
	if m.phase == Paused {
		return time.Time{}
	}
	var at time.Time
	sooner := func(t time.Time) {
		if t.Before(m.netAt) {
			t = m.netAt
		}
		if at.IsZero() || t.Before(at) {
			at = t
		}
	}
	if !m.stream {
		sooner(m.streamAt)
	}
	if !m.headsBusy && !m.headsAt.IsZero() {
		sooner(m.headsAt)
	}
	if !m.headsBusy && m.headsAgain {
		sooner(m.netAt)
	}
	if !m.wakeRows.IsZero() {
		sooner(m.wakeRows)
	}
	for _, t := range m.notYet {
		sooner(t)
	}
	for _, t := range m.live.gap {
		sooner(t)
	}
	if m.live.untold() && m.headsRound > m.live.round {
		sooner(m.live.at)
	}
	if m.phase == Online && !m.comparing && !m.compareAt.IsZero() {
		sooner(m.compareAt)
	}
	return at
}

// quiet reports whether nothing is under way and nothing put off.
func (m *machine) quiet() bool {
	return !m.headsBusy && !m.headsAgain && len(m.flight) == 0 && len(m.notYet) == 0 && len(m.busy) == 0 && !m.choosing && !m.weeksBusy
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
