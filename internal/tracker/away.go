package tracker

import (
	"cmp"
	"slices"
	"time"

	"trestle/internal/workroom"
)

// away is a session that was closed because its person seemed gone.
type away struct {
	work     Work
	from     time.Time // where the slice was closed
	why      workroom.CloseReason
	terms    workroom.Terms // it was tracked under
	idle     time.Duration  // of these
	unbilled bool
	presence bool
	run      string // as Question.FromRun
}

// Question asks what to do with the time in which somebody was away.
type Question struct {
	ID   string               `json:"id"`
	From int64                `json:"from"` // Unix seconds, where tracked time ended
	To   int64                `json:"to"`   // when the person was back; 0, among what is kept over a restart, for one who is not yet
	Why  workroom.CloseReason `json:"why"`  // idle, lock or suspend
	Work Work                 `json:"work"` // what was tracked before
	// TooLong says that so much time cannot be kept, only discarded.
	TooLong bool `json:"too_long,omitempty"`
	// FromRun and ToRun name the runs by whose clocks From and To are, as long as those compared with nothing; empty where the service's time
	// is in them already.
	FromRun string `json:"from_run,omitempty"`
	ToRun   string `json:"to_run,omitempty"`
}

// clock names this run while its clock has compared with nothing.
func (m *Machine) clock() string {
	if m.compared {
		return ""
	}
	return m.conf.Boot
}

// compare moves each end of the questions by the error of the clock it was read from, once.
func (m *Machine) compare(ev Skewed) {
	m.compared = true
	off := func(run string) int64 {
		by := ev.Runs[run]
		if run == m.conf.Boot {
			by = ev.By
		}
		return int64(by / time.Second)
	}
	for i := range m.questions {
		q := &m.questions[i]
		q.From, q.To, q.FromRun, q.ToRun = q.From+off(q.FromRun), q.To+off(q.ToRun), "", ""
		q.TooLong = time.Duration(q.To-q.From)*time.Second > maxKeep
	}
	m.questions = slices.DeleteFunc(m.questions, func(q Question) bool { return q.To <= q.From })
	if m.away != nil {
		m.away.from, m.away.run = m.away.from.Add(time.Duration(off(m.away.run))*time.Second), ""
	}
}

func (m *Machine) idleTime(t workroom.Terms) time.Duration {
	idle := time.Duration(t.IdleMinutes) * time.Minute
	switch {
	case m.reading:
		idle = readingIdle
	case t.IdleMinutes <= 0:
		idle = 10 * time.Minute
	}
	if m.conf.Idle != nil {
		return m.conf.Idle(idle)
	}
	return idle
}

// idleAt is when the person will be called idle; never where the system does not tell about input.
func (m *Machine) idleAt() time.Time {
	if s := m.open; s.presence {
		return s.input.Add(m.idleTime(s.terms))
	}
	return time.Time{}
}

// goIdle closes at the last input and waits for the next.
func (m *Machine) goIdle(_, now time.Time) {
	last, w := m.open.input, m.open.work
	m.leave(last, now, workroom.CloseIdle)
	m.do(Notify{What: WentIdle, Work: w, Since: last})
}

// leave closes the open slice at an instant and remembers what was tracked.
func (m *Machine) leave(at, _ time.Time, why workroom.CloseReason) {
	s := m.open
	if s == nil {
		return
	}
	m.end(at, why)
	from := at
	if from.Before(s.start) {
		from = s.start
	}
	m.away = &away{work: s.work, from: from, why: why, terms: s.terms, idle: m.idleTime(s.terms), unbilled: s.unbilled, presence: s.presence, run: m.clock()}
	if why == workroom.CloseIdle {
		m.do(WatchInput{})
	}
}

// noticeSleep closes at the last heartbeat if the next one is so late that the machine must have slept.
func (m *Machine) noticeSleep(now time.Time) {
	if m.open != nil && now.Sub(m.open.lastBeat) > maxLate {
		m.slept(now)
	}
}

func (m *Machine) slept(now time.Time) {
	if m.open == nil {
		return
	}
	m.leave(m.open.lastBeat, now, workroom.CloseSuspend)
	m.back(now)
}

// returned takes input while somebody is waited for as their return. What is typed at a locked screen is no return.
func (m *Machine) returned(now time.Time, in Input) {
	if m.away == nil || m.locked || m.asleep {
		return
	}
	any := in.Keys+in.Clicks+in.Scrolls+in.Moves > 0
	if at := now.Add(-in.Ago); in.Presence && (any && at.After(m.away.from) || at.After(m.away.from.Add(time.Second))) {
		m.back(at)
		return
	}
	m.do(WatchInput{})
}

// back brings the person back at an instant: soon enough after a lock or sleep tracking goes on silently, otherwise the question is put.
func (m *Machine) back(at time.Time) {
	a := m.away
	if a == nil || m.locked || m.asleep {
		return
	}
	m.away = nil
	if a.why != workroom.CloseIdle && at.Sub(a.from) < a.idle {
		if m.allowUnder(a.work, a.terms) == nil && (a.unbilled || m.left(a.work.Contract, at) != 0) {
			m.begin(at, a.work, a.terms)
			m.open.unbilled, m.open.presence = a.unbilled, a.presence
			m.lead(at)
		}
		return
	}
	m.ask(*a, at)
}

// remember takes in the questions of before the start.
func (m *Machine) remember(now time.Time, list []Question) {
	for _, q := range list {
		if workroom.Frozen(time.Unix(q.From, 0), now) || slices.ContainsFunc(m.questions, func(o Question) bool { return o.ID == q.ID }) {
			continue
		}
		if q.To == 0 {
			m.ask(away{work: q.Work, from: time.Unix(q.From, 0).UTC(), why: q.Why, run: q.FromRun}, now)
			continue
		}
		m.questions = append(m.questions, q)
	}
	slices.SortStableFunc(m.questions, func(a, b Question) int { return cmp.Compare(a.From, b.From) })
}

// ask puts the question about the time from leaving to at.
func (m *Machine) ask(a away, at time.Time) {
	q := Question{ID: m.conf.NewID(), From: a.from.Unix(), To: at.Unix(), Why: a.why, Work: a.work, TooLong: at.Sub(a.from) > maxKeep,
		FromRun: a.run, ToRun: m.clock()}
	if q.To <= q.From && q.FromRun == q.ToRun { // by two clocks it is not known yet which came first
		return
	}
	m.questions = append(m.questions, q)
	m.do(Ask{q})
}

// answer carries out a person's decision on time away. Slices that ended are never altered; kept time is a slice of its own.
func (m *Machine) answer(now time.Time, ev Answer) error {
	i := slices.IndexFunc(m.questions, func(q Question) bool { return q.ID == ev.Question })
	if i < 0 {
		return workroom.Refuse(workroom.Gone)
	}
	q := m.questions[i]
	w := q.Work
	switch ev.Choice {
	case Discard:
	case Keep, Assign:
		if workroom.Frozen(time.Unix(q.From, 0), now) {
			return &workroom.Refusal{Code: workroom.Expired, Text: "The week of this time is frozen. It can only be discarded."}
		}
		if q.To <= q.From {
			return workroom.Bad("choice", "This computer's clock is behind when you left. Try again once the service was reached.")
		}
		if q.TooLong {
			return workroom.Bad("choice", "More than 8 hours away cannot be kept.")
		}
		if ev.Choice == Assign {
			w = trimmed(ev.Work)
			if err := m.allow(w); err != nil {
				return err
			}
		}
	default:
		return workroom.Bad("choice", "Unknown answer.")
	}
	if ev.Continue && m.open == nil {
		if err := m.start(now, Start{Work: q.Work}); err != nil {
			return err
		}
	}
	m.questions = slices.Delete(slices.Clone(m.questions), i, i+1)
	if ev.Choice == Discard {
		return nil
	}
	m.seq++
	s := workroom.Slice{
		ID: m.conf.NewID(), Rev: 1, Freelancer: m.conf.Freelancer, Contract: w.Contract, Device: m.conf.Device, Boot: m.conf.Boot, Seq: m.seq,
		Start: q.From, End: q.To, Activity: w.Activity, Memo: w.Memo, Kind: workroom.KeptIdle, Close: q.Why,
	}
	m.do(Save{Slice: s, Report: true})
	m.use(s)
	return nil
}
