package courier

import (
	"errors"
	"maps"
	"slices"
	"sort"
	"time"

	"trestle/internal/outbox"
	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// What happened. The shell tells the machine, one at a time.
type (
	evKick   struct{}             // something was enqueued, or a person asks to try now
	evSync   struct{}             // bring everything up to date now
	evResume struct{}             // signed in again
	evFrame  struct{ wire.Event } // a frame of the live channel
	evStream struct{ err error }  // the live channel ended
	evTick   struct{}             // a moment asked for by wake has come
	evRows   struct {             // the outbox as it is
		gen  int
		rows []outbox.Row
		err  error
	}
	evHeads struct { // the heads, and the cursors to compare them with; same when nothing moved
		heads   *wire.Heads
		cursors []replica.Cursor
		err     error
	}
	evOpened struct {
		scopes []workroom.Scope
		seqs   map[workroom.Scope]int64 // of those that are open to us
		err    error
	}
	evPulled struct {
		scope workroom.Scope
		seq   int64
		more  bool
		reset bool
		grant bool // the page changes what may be read
		err   error
	}
	evWeeks struct { // diary scopes that are behind
		scopes []workroom.Scope
		err    error
	}
	evSent struct { // a batch was answered, or was not
		lane string
		ids  []string
		out  *wire.CommandsOut
		err  error
	}
	evUploaded struct {
		id       string
		vanished bool // the local bytes are not there any more
		err      error
	}
	evApplied struct { // what came of a batch or upload is stored
		lane string
		err  error
	}
)

// What to do. The shell does each in a goroutine of its own and tells what came of it.
type (
	actConnect struct{}
	actHeads   struct{}
	actOpen    struct {
		scopes []workroom.Scope
		tail   int
	}
	actPull   struct{ scope workroom.Scope }
	actGone   struct{ scopes []workroom.Scope }
	actWeeks  struct{}
	actChoose struct{ gen int }
	actSend   struct {
		lane string
		ids  []string
	}
	actUpload struct{ id string }
	actApply  struct {
		lane string
		replica.Results
	}
	actPutOff struct { // rows wait until a moment because of an answer that says nothing about them
		lane  string
		until time.Time
		code  workroom.Code
		text  string
		ids   []string
	}
	actLand struct { // rows are not under way any more
		lane string
		ids  []string
	}
)

type event any
type act any

// Waits of the machine.
const (
	headsEvery = 60 * time.Second
	maxBackoff = 60 * time.Second
	firstHeads = 3 * time.Second // for the first frame of the live channel; then the heads are asked without it
	bigSignIn  = 20              // rooms; above it a first look takes one message of each
)

// machine decides what the courier does. It is pure: no clock, no network, no file; Step is its only way.
type machine struct {
	rnd func() float64 // 0 ≤ x < 1, for jitter

	phase Phase
	since time.Time
	why   *wire.Error

	stream      bool // a stream is open or being opened
	hello       bool // it has said hello
	streamFails int
	streamAt    time.Time

	netFails int
	netAt    time.Time // nothing is asked before

	headsBusy, headsAgain bool
	headsAt               time.Time
	headsRound            int  // finished ones
	dirty                 bool // commands were accepted since the heads were last asked

	seqs   map[workroom.Scope]int64     // of held scopes
	flight map[workroom.Scope]bool      // being pulled or opened; true: once more afterwards
	fails  map[string]int               // of a lane, an upload, a scope, in a row
	notYet map[workroom.Scope]time.Time // scopes put off

	weeksBusy, weeksAgain bool

	gen         int
	choosing    bool
	chooseAgain bool
	busy        map[string]bool // lanes with something under way
	solo        map[string]bool // lanes that send one command at a time, to find a bad one
	served      map[string]int64
	turn        int64
	wakeRows    time.Time
	sendPaused  bool
}

func newMachine(rnd func() float64) *machine {
	return &machine{
		rnd: rnd, phase: Offline,
		seqs: map[workroom.Scope]int64{}, flight: map[workroom.Scope]bool{}, fails: map[string]int{}, notYet: map[workroom.Scope]time.Time{},
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
			m.netAt, m.streamAt = now, now // a person's act is worth one try at once
		}
	case evSync:
		m.netAt, m.streamAt, m.headsAgain = now, now, true
		clear(m.notYet)
		out = m.choose(out)
	case evResume:
		m.reset(now)
		m.phase, m.since, m.why, m.sendPaused = Offline, now, nil, false
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
		out = m.opened(now, e, out)
	case evPulled:
		out = m.pulled(now, e, out)
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
			out = m.pull(s, out)
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
	return at
}

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

func (m *machine) reset(now time.Time) {
	m.netFails, m.streamFails = 0, 0
	m.netAt = time.Time{}
	if !m.stream {
		m.streamAt = now
	}
}

// reached says that the service itself answered.
func (m *machine) reached(now time.Time) {
	m.netFails, m.netAt = 0, time.Time{}
	if m.phase == Offline {
		m.phase, m.since, m.why = Online, now, nil
		m.wakeAt(now)
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
		m.sendPaused, m.why = true, e
		return true
	case e.Code == wire.Unreachable || e.Code == wire.Unexpected:
		m.netAt = now.Add(max(m.reconnect(m.netFails), e.After))
		m.netFails++
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

func (m *machine) frame(now time.Time, e evFrame, out []act) []act {
	switch {
	case e.Hello != nil:
		m.hello = true
		m.reset(now)
		m.reached(now)
		clear(m.notYet)
		m.headsAgain = true
		out = m.choose(out)
	case e.Hint != nil:
		for _, h := range e.Hint.Heads {
			seq, held := m.seqs[h.Scope]
			switch {
			case !held && replica.Root(h.Scope):
				m.headsAgain = true
			case held && h.Seq > seq:
				out = m.pull(h.Scope, out)
			}
		}
	case e.Bye != nil:
		m.streamAt = now.Add(time.Duration(e.Bye.RetryMS) * time.Millisecond)
	}
	return out
}

func (m *machine) streamEnded(now time.Time, e evStream, out []act) []act {
	m.stream = false
	if errors.Is(e.err, errCut) {
		m.hello, m.streamAt = false, now
		return out
	}
	err := asError(e.err)
	if m.hello { // it worked before: come back soon, the way is not known to be broken
		m.hello, m.streamFails = false, 0
		m.streamAt = later(m.streamAt, now.Add(m.jitter(0)))
		return out
	}
	m.streamAt = now.Add(max(m.reconnect(m.streamFails), err.After))
	m.streamFails++
	if !m.failed(now, err) {
		m.headsAgain = true // the service is there but gives no stream: live without
	}
	return out
}

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
	have := map[workroom.Scope]replica.Cursor{}
	for _, c := range e.cursors {
		have[c.Scope] = c
		if c.Hold == replica.Whole {
			m.seqs[c.Scope] = max(m.seqs[c.Scope], c.Seq)
		}
	}
	if e.heads.Same {
		return append(out, m.askWeeks()...)
	}
	var open, gone []workroom.Scope
	listed := map[workroom.Scope]bool{}
	for _, h := range e.heads.Scopes {
		listed[h.Scope] = true
		c := have[h.Scope]
		if _, flying := m.flight[h.Scope]; flying {
			m.flight[h.Scope] = true
			continue
		}
		switch {
		case c.Hold != replica.Whole || c.Gen != h.Gen || c.Seq > h.Seq:
			open = append(open, h.Scope)
		case c.Seq < h.Seq:
			out = m.pull(h.Scope, out)
		}
	}
	for _, c := range e.cursors {
		if replica.Root(c.Scope) && !listed[c.Scope] && (c.Hold == replica.Whole || c.Hold == replica.Stale) {
			gone = append(gone, c.Scope)
			delete(m.seqs, c.Scope)
		}
	}
	if len(gone) > 0 {
		out = append(out, actGone{gone})
	}
	out = m.open(open, out)
	return append(out, m.askWeeks()...)
}

// open asks for whole scopes, those of the account first, in one answer where they fit.
func (m *machine) open(list []workroom.Scope, out []act) []act {
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
	for len(list) > 0 {
		n := min(len(list), 100)
		for _, s := range list[:n] {
			m.flight[s] = false
		}
		out = append(out, actOpen{scopes: list[:n:n], tail: tail})
		list = list[n:]
	}
	return out
}

func (m *machine) opened(now time.Time, e evOpened, out []act) []act {
	again := false
	for _, s := range e.scopes {
		again = again || m.flight[s]
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
	m.headsAgain = m.headsAgain || again
	for _, s := range e.scopes {
		delete(m.seqs, s)
		delete(m.fails, string(s))
	}
	maps.Copy(m.seqs, e.seqs)
	return append(out, m.askWeeks()...)
}

func (m *machine) pull(s workroom.Scope, out []act) []act {
	if _, flying := m.flight[s]; flying {
		m.flight[s] = true
		return out
	}
	m.flight[s] = false
	return append(out, actPull{s})
}

func (m *machine) pulled(now time.Time, e evPulled, out []act) []act {
	again := m.flight[e.scope]
	delete(m.flight, e.scope)
	if e.err != nil {
		err := asError(e.err)
		switch {
		case m.failed(now, err):
			m.notYet[e.scope] = m.netAt
		case err.Final:
			m.headsAgain = replica.Root(e.scope) // not open to us any more: the heads tell
		default:
			m.notYet[e.scope] = now.Add(max(m.backoff(string(e.scope)), err.After))
		}
		return out
	}
	m.reached(now)
	delete(m.fails, string(e.scope))
	if e.reset {
		return m.open([]workroom.Scope{e.scope}, out)
	}
	m.seqs[e.scope] = e.seq
	m.headsAgain = m.headsAgain || e.grant
	if e.more || again {
		return m.pull(e.scope, out)
	}
	if e.scope.Kind() == "k" {
		out = append(out, m.askWeeks()...)
	}
	return out
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
		if _, held := m.seqs[s]; held {
			out = m.pull(s, out)
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
