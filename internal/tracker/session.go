package tracker

import (
	"slices"
	"time"

	"trestle/internal/workroom"
)

// LimitReached refuses a start when the weekly limit is used up and going on unbilled was not chosen.
const LimitReached workroom.Code = "limit_reached"

// ScreenLocked refuses a start while nobody can be at the screen: what would be counted is time that does not count.
const ScreenLocked workroom.Code = "screen_locked"

// session is the open slice and what belongs to it.
type session struct {
	slice    workroom.Slice
	work     Work
	terms    workroom.Terms // as they were at the start; another memo, a short lock or the 24 hours are none
	start    time.Time
	lastBeat time.Time // what is safe on disk
	nextBeat time.Time
	input    time.Time // last input, at least start
	presence bool      // the system tells when the last input was
	taken    time.Time // when input was last counted
	unbilled bool
	warned   warnings
}

// allow answers why work cannot be started now, nil if it can.
func (m *Machine) allow(w Work) error { return m.allowUnder(w, m.contracts[w.Contract].Terms) }

// allowUnder is allow under other terms than those that are agreed now: what goes on is no start.
func (m *Machine) allowUnder(w Work, terms workroom.Terms) error {
	c, known := m.contracts[w.Contract]
	switch {
	case !known:
		return workroom.Refuse(workroom.NoAccess)
	case !c.Active:
		return workroom.Refuse(workroom.ContractEnded)
	}
	if r := workroom.CheckMemo(w.Memo); r != nil {
		return r
	}
	if w.Activity != "" {
		if !c.Activities[w.Activity] {
			return workroom.Refuse(workroom.ActivityGone)
		}
		return nil
	}
	if terms.RequireActivity {
		for _, available := range c.Activities {
			if available {
				return workroom.Refuse(workroom.ActivityNeeded)
			}
		}
	}
	return nil
}

func trimmed(w Work) Work {
	w.Memo = workroom.OneLine(w.Memo)
	return w
}

func (m *Machine) start(now time.Time, ev Start) error {
	if m.open != nil {
		return m.change(now, ev.Work, ev.Unbilled)
	}
	if m.locked || m.asleep {
		return &workroom.Refusal{Code: ScreenLocked, Text: "The screen of this computer is locked, and locked time is not counted. Unlock it and start again."}
	}
	w := trimmed(ev.Work)
	if err := m.allow(w); err != nil {
		return err
	}
	if !ev.Unbilled && m.left(w.Contract, now) == 0 {
		return &workroom.Refusal{Code: LimitReached, Text: "The weekly limit of this contract is reached. You may go on unbilled."}
	}
	if m.away != nil { // starting by hand is coming back
		a := *m.away
		m.away = nil
		if a.why == workroom.CloseIdle || now.Sub(a.from) >= a.idle {
			m.ask(a, now)
		}
	}
	m.begin(now, w, m.contracts[w.Contract].Terms)
	m.open.unbilled = ev.Unbilled
	m.lead(now)
	return nil
}

// lead says that tracking began here: later than all that is known to have begun elsewhere, although clocks may differ a little.
func (m *Machine) lead(now time.Time) {
	m.leased, m.lostTo = max(now.UnixMilli(), m.rival+1), ""
	m.do(Lease{m.leased})
}

// outdone ends what is tracked here, or would go on by itself, when another device began later (T-13). What is recorded stays; where both
// recorded, the timeline decides.
func (m *Machine) outdone(now time.Time, ev LeaseLearnt) {
	if ev.Device != m.conf.Device {
		m.rival = max(m.rival, ev.Since)
	}
	if ev.Device == m.conf.Device || ev.Since < m.leased || ev.Since == m.leased && ev.Device < m.conf.Device {
		return
	}
	var w Work
	switch {
	case m.open != nil:
		w = m.open.work
		m.end(now, workroom.CloseSwitch)
	case m.away != nil:
		w = m.away.work
		m.away = nil
	default:
		return
	}
	m.lostTo = ev.Name
	m.do(Notify{What: TakenOver, Work: w, Name: ev.Name, Since: now})
}

// change closes the open slice and opens the next at the same instant. What is refused leaves all as it was.
func (m *Machine) change(now time.Time, w Work, unbilled bool) error {
	w = trimmed(w)
	if m.open == nil {
		return m.start(now, Start{Work: w, Unbilled: unbilled})
	}
	unbilled = unbilled || m.open.unbilled
	if w == m.open.work {
		m.open.unbilled = unbilled
		return nil
	}
	old, terms := m.open, m.contracts[w.Contract].Terms
	if w.Contract == old.work.Contract {
		terms = old.terms
	}
	if err := m.allowUnder(w, terms); err != nil {
		return err
	}
	if w.Contract != old.work.Contract && !unbilled && m.left(w.Contract, now) == 0 {
		return &workroom.Refusal{Code: LimitReached, Text: "The weekly limit of this contract is reached. You may go on unbilled."}
	}
	m.end(now, workroom.CloseSwitch)
	m.begin(now, w, terms)
	m.open.inherit(old)
	m.open.unbilled = unbilled
	if w.Contract == old.work.Contract {
		m.open.warned = old.warned
	}
	return nil
}

// inherit carries over what belongs to the person, not to the slice.
func (s *session) inherit(old *session) {
	s.presence, s.unbilled = old.presence, old.unbilled
	if s.input.Before(old.input) {
		s.input = old.input
	}
}

// renew cuts a slice that reached the longest length there is.
func (m *Machine) renew(due, _ time.Time) {
	old := m.open
	m.end(due, workroom.CloseSwitch)
	m.begin(due, old.work, old.terms)
	m.open.inherit(old)
	m.open.input, m.open.taken = old.input, old.taken
	m.open.warned = old.warned
}

// begin opens a slice under the terms its person saw when they began. Its first save makes it findable after a crash.
func (m *Machine) begin(now time.Time, w Work, terms workroom.Terms) {
	m.seq++
	from := max(now.Unix(), m.ended)
	at := time.Unix(from, 0).UTC()
	m.open = &session{
		work: w, terms: terms,
		start: at, lastBeat: at, nextBeat: at.Truncate(Beat).Add(Beat), input: at, taken: at,
		slice: workroom.Slice{
			ID: m.conf.NewID(), Freelancer: m.conf.Freelancer, Contract: w.Contract, Device: m.conf.Device, Boot: m.conf.Boot, Seq: m.seq,
			Start: from, End: from, Activity: w.Activity, Memo: w.Memo, Kind: workroom.Tracked,
		},
	}
	m.last = w
	m.minutes.touch(w.Contract, from, from+1)
	m.drawShot(at)
	m.save(false)
}

// beat moves the end of the open slice to now and saves it; where a cell ended meanwhile, it reports.
func (m *Machine) beat(now time.Time) {
	s := m.open
	m.reach(now.Unix())
	report := workroom.CellOf(s.lastBeat) != workroom.CellOf(now)
	s.lastBeat, s.nextBeat = now, now.Truncate(Beat).Add(Beat)
	m.drawShot(now)
	m.save(report)
}

// reach sets the end of the open slice and makes sure that every minute up to it has a record.
func (m *Machine) reach(end int64) {
	s := m.open
	s.slice.End = max(end, s.slice.Start)
	m.minutes.touch(s.work.Contract, s.slice.Start, s.slice.End)
}

func (m *Machine) save(report bool) {
	s := m.open
	if report {
		s.slice.Rev++
	}
	m.do(Save{Slice: s.slice, Inputs: m.minutes.inputs(s.work.Contract, m.conf.Device, s.slice.Start, s.slice.End), Report: report})
	if report {
		last := s.slice.End
		if s.presence { // if nobody comes back, the slice ends there, and fold asks for the minutes around
			last = min(last, s.input.Unix())
		}
		m.minutes.reported(last)
	}
}

// end closes the open slice at an instant, which may lie before its last heartbeat. An empty slice is dropped.
func (m *Machine) end(at time.Time, why workroom.CloseReason) {
	s := m.open
	to := max(at.Unix(), s.slice.Start)
	s.slice.End, s.slice.Close = to, why
	m.ended = max(m.ended, to)
	m.keepShots(to)
	m.dropShots()
	if to == s.slice.Start && s.slice.Rev == 0 {
		m.do(Drop{s.slice.ID})
	} else {
		m.minutes.touch(s.work.Contract, s.slice.Start, to)
		if s.input.Unix() <= to {
			m.minutes.fold(s.work.Contract, to)
		}
		m.save(true)
		m.use(s.slice)
	}
	m.open = nil
}

func (m *Machine) stop(now time.Time, why workroom.CloseReason) {
	if m.open != nil {
		m.end(now, why)
	}
	m.away = nil
}

// learn keeps the terms; the end or a pause of a contract ends its tracking at once, anything else counts from the next start.
func (m *Machine) learn(now time.Time, c Contract) {
	m.contracts[c.ID] = c
	if c.Active {
		return
	}
	if m.away != nil && m.away.work.Contract == c.ID {
		m.away = nil
	}
	if m.open != nil && m.open.work.Contract == c.ID {
		w := m.open.work
		m.end(now, workroom.CloseContractEnded)
		what := ContractIsEnded
		if c.Paused {
			what = ContractIsPaused
		}
		m.do(Notify{What: what, Work: w, Since: now})
	}
}

// found closes what a crash or a power cut left open, where its last heartbeat left it, and offers to go on. What begins now waits for no instant of
// that run, whose clock may have been another: where the two overlap the timeline decides.
func (m *Machine) found(ev Found) {
	s := ev.Slice
	if s.Close != "" {
		return
	}
	w := Work{s.Contract, s.Activity, s.Memo}
	if m.open == nil {
		m.last = w
	}
	if s.End <= s.Start && s.Rev == 0 {
		m.do(Drop{s.ID})
		return
	}
	s.Close, s.Rev = workroom.CloseCrash, s.Rev+1
	m.do(Save{Slice: s, Inputs: ev.Inputs, Report: true})
	m.do(Notify{What: Crashed, Work: w, Since: time.Unix(s.End, 0).UTC()})
}

// shift moves everything not yet final by a correction of the clock.
func (m *Machine) shift(by time.Duration, sent int64) {
	by = by.Truncate(time.Second)
	if by == 0 {
		return
	}
	n := int64(by / time.Second)
	m.ended += n
	m.leased += by.Milliseconds()
	m.minutes = newMinutes() // their minutes were named by the wrong clock
	m.dropShots()            // they were named by it too
	m.shot = draw{}
	s := m.open
	if s == nil {
		return
	}
	s.slice.Start, s.slice.End = s.slice.Start+n, s.slice.End+n
	if !slices.Contains(s.slice.Flags, workroom.FlagClockCorrected) {
		s.slice.Flags = append(slices.Clone(s.slice.Flags), workroom.FlagClockCorrected)
	}
	s.slice = Doubted(s.slice, sent)
	for _, t := range []*time.Time{&s.start, &s.lastBeat, &s.input, &s.taken} {
		*t = t.Add(by)
	}
	s.nextBeat = s.lastBeat.Truncate(Beat).Add(Beat)
	m.minutes.touch(s.work.Contract, s.slice.Start, s.slice.End)
	m.drawShot(s.lastBeat)
	m.save(false)
}
