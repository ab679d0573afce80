// Package tracker is the live machine behind the tracker panel and the tray: facts go in, slices of tracked time come out. It is pure.
// Step takes an instant and an event and answers what is to be done; the machine has no goroutine, reads no clock, touches no disk and
// asks no operating system. The app owns the one timer, the clock, the input counter, the store and the camera, and does what the
// effects say.
//
// What the machine promises: a slice's edges are whole seconds and never before the end of this device's previous slice; nothing is
// counted while the session is locked or asleep, or between the last input and an idle deadline; a crash loses at most one heartbeat.
// It knows one device only. What several devices recorded is put on one timeline by package workroom.
//
// The app drives it from one goroutine. Whatever woke it (the timer, a person, an edge of the session, something learnt), it does
//
//	now, slept := clock.Now(ticks)         // input.Uptime
//	if slept { step(now, Slept{}) }        // unless the session told of the sleep itself
//	step(now, Input{…})                    // input.Counter.Take and LastInput, while Snapshot().Listening
//	step(now, event)                       // Deadline{} if it was the timer
//
// and after each step carries the effects out, lets the counter run or stops it as Snapshot().Listening says, sets the timer to WakeAt,
// and after WatchInput waits for the counter's Next. Where input cannot be counted, Countable and Presence are both false.
package tracker

import (
	"maps"
	"slices"
	"time"

	"trestle/internal/workroom"
)

// Beat is the interval between heartbeats. They are aligned to :00, :15, :30 and :45 so that the one at the full minute also completes
// the minute's input counts.
const Beat = 15 * time.Second

const (
	maxLate     = 4 * Beat         // a heartbeat older than this (three intervals late) means that the machine slept
	maxKeep     = 8 * time.Hour    // time away that is longer cannot be kept
	readingIdle = 60 * time.Minute // idle time while "in a call or reading"
	shotLate    = 5 * time.Second  // a screenshot that would come later than this is drawn anew
)

// Config is what a machine needs to know about its surroundings.
type Config struct {
	Freelancer workroom.AccountID
	Device     string
	Boot       string            // names the run in its slices: another one for each start of the program
	NewID      func() string     // a new UUIDv7
	Random     func(int64) int64 // uniform in [0, n); from crypto/rand, so that nobody can foresee a screenshot
	// Idle turns the idle time that was agreed on into the one that is waited; nil waits just that. Only tests wait less.
	Idle func(time.Duration) time.Duration
}

// Machine is the state of the tracker on this device. It is not safe for use by several goroutines.
type Machine struct {
	conf      Config
	contracts map[workroom.ContractID]Contract
	used      map[workroom.ContractID]usage

	open      *session // nil while nothing is tracked
	away      *away    // set while a closed session waits for its person
	questions []Question
	compared  bool // with the service's clock, in this run
	last      Work // what was tracked last, for one-click resume

	locked, asleep bool
	reading        bool
	leased         int64  // Unix ms: when tracking began here last
	rival          int64  // Unix ms: when it began last on another device, as far as is known
	lostTo         string // the device it went to since
	seq            int64
	ended          int64 // Unix seconds: the end of this device's previous slice
	minutes        *minutes
	shot           draw
	unsure         []TakeShot // taken, and nobody was seen since

	out []Effect
}

// New makes a machine that tracks nothing.
func New(c Config) *Machine {
	return &Machine{conf: c, contracts: map[workroom.ContractID]Contract{}, used: map[workroom.ContractID]usage{}, minutes: newMinutes()}
}

// Step tells the machine that ev happened at now, an instant of the app's Clock, and answers what is to be done, in this order. The last
// effect is always WakeAt. A person's wish that cannot be granted is refused with a *workroom.Refusal; the effects returned beside it
// are to be carried out all the same.
//
// Before Stop, Switch, Lock, Sleeping and Deadline the app passes the input counted so far as Input, in a Step of its own.
func (m *Machine) Step(now time.Time, ev Event) ([]Effect, error) {
	m.out = nil
	now = now.UTC()
	if ev, ok := ev.(Skewed); ok { // now is by the corrected clock already
		m.compare(ev)
		m.shift(ev.By, ev.Sent)
	}
	if _, ok := ev.(Slept); ok {
		m.slept(now)
	}
	m.noticeSleep(now)
	if in, ok := ev.(Input); ok {
		m.absorb(now, in)
	}
	m.advance(now)
	err := m.handle(now, ev)
	m.out = append(m.out, WakeAt{m.wake()})
	return m.out, err
}

func (m *Machine) handle(now time.Time, ev Event) error {
	switch ev := ev.(type) {
	case Start:
		return m.start(now, ev)
	case Stop:
		m.stop(now, workroom.CloseStop)
	case Quit:
		m.stop(now, workroom.CloseQuit)
	case Left:
		m.remember(now, ev.Questions)
	case LeaseLearnt:
		m.outdone(now, ev)
	case Switch:
		return m.change(now, ev.Work, false)
	case Input:
		m.returned(now, ev)
	case Deadline:
	case Report:
		if m.open != nil {
			m.reach(now.Unix())
			m.open.lastBeat, m.open.nextBeat = now, now.Truncate(Beat).Add(Beat)
			m.save(true)
		}
	case Lock:
		m.locked = true
		m.leave(now, now, workroom.CloseLock)
	case Unlock:
		m.locked = false
		m.back(now)
	case Seen:
		m.locked, m.asleep = false, false
	case Sleeping:
		m.asleep = true
		m.leave(now, now, workroom.CloseSuspend)
	case Woke:
		m.asleep = false
		m.back(now)
	case Slept, Skewed: // done before anything else
	case Answer:
		return m.answer(now, ev)
	case Reading:
		m.reading = ev.On
	case Unbilled:
		if m.open != nil {
			m.open.unbilled = true
		}
	case TermsLearnt:
		m.learn(now, ev.Contract)
	case LimitLearnt:
		m.used[ev.Contract] = usage{week: ev.Week, seconds: ev.Seconds}
		m.advance(now)
	case Found:
		m.found(ev)
	}
	return nil
}

// advance does what fell due up to now, in order of time, each thing as of its own instant.
func (m *Machine) advance(now time.Time) {
	for m.open != nil {
		due, act := m.due()
		if act == nil || due.After(now) {
			break
		}
		act(due, now)
	}
	if m.open != nil && !now.Before(m.open.nextBeat) {
		m.beat(now)
	}
}

// due is the earliest thing that will happen to the open session if nobody does anything, the heartbeat apart.
func (m *Machine) due() (time.Time, func(due, now time.Time)) {
	var at time.Time
	var act func(due, now time.Time)
	soonest := func(t time.Time, f func(due, now time.Time)) {
		if !t.IsZero() && (act == nil || t.Before(at)) {
			at, act = t, f
		}
	}
	soonest(m.idleAt(), m.goIdle)
	soonest(m.limitAt())
	soonest(m.open.start.Add(workroom.MaxSlice*time.Second), m.renew)
	soonest(m.shotAt(), m.takeShot)
	return at, act
}

// wake is when the app has to come back with a Deadline; the zero time if only an event can change anything.
func (m *Machine) wake() time.Time {
	if m.open == nil {
		return time.Time{}
	}
	at := m.open.nextBeat
	if due, act := m.due(); act != nil && due.Before(at) {
		at = due
	}
	return at
}

func (m *Machine) do(e Effect) { m.out = append(m.out, e) }

// Snapshot is what the panel and the tray show.
type Snapshot struct {
	State     State
	Work      Work          // while tracking what is tracked, else what was last: "resume" starts it again
	Since     time.Time     // start of the open slice; zero unless tracking
	Unbilled  bool          // goes on beyond the weekly limit by choice
	Reading   bool          // "in a call or reading": idle time is an hour
	Locked    bool          // the session is locked or asleep
	Idle      time.Duration // of the open session: after so long without input time ends at the last input
	Shots     workroom.ShotPolicy
	Questions []Question // to be answered, oldest first
	LostTo    string     // name of the device that tracks instead of this one, until something is started here

	// While away: where tracked time ended, and why.
	Left    time.Time
	LeftRun string // by whose clock, as Question.FromRun
	Why     workroom.CloseReason

	// Listening says that the input counter must run.
	Listening bool
}

// State is what the tracker is doing. It is computed, never set. Each arrow has a test of its number in arrows_test.go:
//
//	stopped ───1───► tracking ───2───► away ───3───► asking
//	stopped ◄──4──── tracking ◄──5──── away
//	stopped ◄─────────────6─────────── away
//	                 tracking ◄───────────7───────── asking
//	stopped ◄────────────────────8────────────────── asking
//	stopped ─────────────────────9─────────────────► asking
//	                 tracking ──10──► tracking
//
//	1  start
//	2  lock; sleep, told or found by the clocks; idle
//	3  back later than the idle time
//	4  stop, quit, limit, end of the contract, another device began
//	5  back within the idle time; start by hand
//	6  stop, quit, end of the contract, another device began; back, but the limit was used up meanwhile
//	7  answer and continue; start
//	8  answer
//	9  a question of before the program's start
//	10 switch, 24 hours, report, heartbeat
//
// A question stays open while something else is tracked: asking is only what is neither tracked nor away while one is open.
type State string

// States of the tracker.
const (
	Stopped  State = "stopped"
	Tracking State = "tracking"
	Away     State = "away"   // locked, asleep or gone; closed, and waiting for the person
	Asking   State = "asking" // back after a long time; the question is open, nothing is tracked
)

// Snapshot answers the present state.
func (m *Machine) Snapshot() Snapshot {
	s := Snapshot{State: Stopped, Work: m.last, Reading: m.reading, Locked: m.locked || m.asleep, Questions: slices.Clone(m.questions),
		LostTo: m.lostTo}
	switch {
	case m.open != nil:
		s.State, s.Work, s.Since = Tracking, m.open.work, m.open.start
		s.Unbilled, s.Shots, s.Idle = m.open.unbilled, m.open.terms.Shots, m.idleTime(m.open.terms)
	case m.away != nil:
		s.State, s.Work, s.Left, s.LeftRun, s.Why = Away, m.away.work, m.away.from, m.away.run, m.away.why
	case len(m.questions) > 0:
		s.State = Asking
	}
	s.Listening = m.open != nil || m.away != nil && m.away.why == workroom.CloseIdle
	return s
}

// Contracts lists what the machine has learnt, for the panel's picker, in no particular order.
func (m *Machine) Contracts() []Contract { return slices.Collect(maps.Values(m.contracts)) }
