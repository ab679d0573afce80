package courier

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// live is what the machine knows of the live channel beyond its being there: the connection, what is watched over it, and the rows that
// came too early. All of it may be lost at any time, which only costs time.
type live struct {
	conn    string // of the last hello
	epoch   string
	beacons bool // this service sends rows and beacons
	round   int  // of the heads when it said hello: what is watched is told after the next one

	want       []workroom.Scope // on screen
	turn, told int              // of want, and of what the connection was told
	busy       bool
	at         time.Time // nothing is told before

	early map[workroom.Scope][]wire.Rows // by seq, what does not follow the cursor yet
	gap   map[workroom.Scope]time.Time   // when a missing one is given up
}

// maxEarly is how many frames of a scope are kept for a missing one.
const maxEarly = 64

func newLive() live {
	return live{early: map[workroom.Scope][]wire.Rows{}, gap: map[workroom.Scope]time.Time{}}
}

// begin is a new connection: nothing of the old one counts.
func (l *live) begin(h *wire.Hello, round int) {
	l.conn, l.epoch, l.beacons, l.round = h.Conn, h.Epoch, h.BeaconS > 0, round
	l.busy, l.told = false, 0
	clear(l.early)
	clear(l.gap)
}

func (l *live) end() { l.conn = "" }

func (l *live) untold() bool {
	return l.conn != "" && l.beacons && !l.busy && l.told != l.turn
}

func (m *machine) frame(now time.Time, e evFrame, out []act) []act {
	m.heardAt, m.doubted = now, false
	switch {
	case e.Hello != nil:
		m.hello = true
		m.live.begin(e.Hello, m.headsRound)
		m.reset(now)
		m.upgrade.soon(now)
		m.reached(now)
		clear(m.notYet)
		m.headsAgain = true
		out = m.choose(out)
	case e.Hint != nil:
		for _, h := range e.Hint.Heads {
			out = m.heard(h.Scope, h.Seq, out)
		}
	case e.Rows != nil:
		out = m.early(now, *e.Rows, out)
	case e.Beacon != nil:
		for _, h := range e.Beacon.Heads {
			have, held := m.held[h.Scope]
			switch {
			case held && (h.Seq != have.seq || h.Tag != have.tag && h.Tag != ""):
				out = m.pull(h.Scope, h.Seq, out) // behind, or of another history, which the pull shows
			case !held:
				out = m.wanted(h.Scope, out)
			}
		}
	case e.Bye != nil:
		m.streamAt = now.Add(time.Duration(e.Bye.RetryMS) * time.Millisecond)
	}
	return out
}

// heard takes in that a scope moved on to seq.
func (m *machine) heard(s workroom.Scope, seq int64, out []act) []act {
	have, held := m.held[s]
	switch {
	case !held && replica.Root(s):
		m.headsAgain = true
	case !held:
		out = m.wanted(s, out)
	case held && seq > have.seq:
		out = m.pull(s, seq, out)
	}
	return out
}

// wanted brings a scope that is not here, stands in no list of heads and is looked at: the receipts of a room on screen.
func (m *machine) wanted(s workroom.Scope, out []act) []act {
	if s.Kind() != "rc" || !slices.Contains(m.live.want, s) {
		return out
	}
	return m.open([]workroom.Scope{s}, out)
}

// early takes in a frame with rows. One that follows the cursor is stored; one that is known already is nothing; for one that comes too
// early the missing ones are awaited a moment.
func (m *machine) early(now time.Time, f wire.Rows, out []act) []act {
	have, held := m.held[f.Scope]
	if !held || f.Gen != have.gen {
		return m.heard(f.Scope, f.Seq, out)
	}
	if f.Seq <= have.seq {
		return out
	}
	list := m.live.early[f.Scope]
	i, known := slices.BinarySearchFunc(list, f.Seq, func(r wire.Rows, seq int64) int { return cmp.Compare(r.Seq, seq) })
	if !known {
		list = slices.Insert(list, i, f)
	}
	if len(list) > maxEarly {
		return m.missed(f.Scope, out)
	}
	m.live.early[f.Scope] = list
	return m.follow(now, f.Scope, out)
}

// follow stores the frames that follow the cursor of a scope nothing else is under way for.
func (m *machine) follow(now time.Time, s workroom.Scope, out []act) []act {
	have := m.held[s]
	list := slices.DeleteFunc(m.live.early[s], func(f wire.Rows) bool { return f.Seq <= have.seq })
	if len(list) == 0 {
		delete(m.live.early, s)
		delete(m.live.gap, s)
		return out
	}
	m.live.early[s] = list
	if _, flying := m.flight[s]; flying {
		return out // looked at again when that is done
	}
	at, n := have.seq, 0
	for n < len(list) && list[n].Prev == at && list[n].Seq > at {
		at = list[n].Seq
		n++
	}
	if n == 0 {
		if m.live.gap[s].IsZero() {
			m.live.gap[s] = now.Add(gapWait)
		}
		return out
	}
	delete(m.live.gap, s)
	m.flight[s] = 0
	m.live.early[s] = list[n:]
	return append(out, actFrames{s, m.live.epoch, slices.Clone(list[:n])})
}

// missed gives up waiting for a frame: the scope is pulled.
func (m *machine) missed(s workroom.Scope, out []act) []act {
	top := int64(0)
	if list := m.live.early[s]; len(list) > 0 {
		top = list[len(list)-1].Seq
	}
	delete(m.live.gap, s)
	delete(m.live.early, s)
	return m.pull(s, top, out)
}

func (m *machine) framed(now time.Time, e evFramed, out []act) []act {
	heard := m.flight[e.scope]
	delete(m.flight, e.scope)
	if e.err != nil {
		delete(m.live.early, e.scope)
		delete(m.live.gap, e.scope)
		if errors.Is(e.err, replica.ErrStale) || errors.Is(e.err, replica.ErrFork) {
			return m.pull(e.scope, 0, out) // it is not as this side thought; the pull shows what it is
		}
		m.notYet[e.scope] = now.Add(m.backoff(string(e.scope)))
		return out
	}
	if e.seq > 0 {
		m.held[e.scope] = e.mark
	}
	m.headsAgain = m.headsAgain || e.grant
	if heard > e.seq && (heard == always || len(m.live.early[e.scope]) == 0) {
		return m.pull(e.scope, 0, out)
	}
	if e.scope.Kind() == "k" {
		out = append(out, m.askWeeks()...)
	}
	return m.follow(now, e.scope, out)
}

// watched takes in how far the service is in what is watched; frames come from here on.
func (m *machine) watched(now time.Time, e evWatched, out []act) []act {
	if e.conn != m.live.conn {
		return out // of a connection that ended meanwhile
	}
	m.live.busy = false
	if e.err != nil {
		err := asError(e.err)
		switch {
		case m.failed(now, err):
			m.live.at = m.netAt
		case err.Final: // the service does not know the connection any more
			m.live.at = now.Add(m.backoff("watch"))
			out = append(out, actCut{})
		default:
			m.live.at = now.Add(max(m.backoff("watch"), err.After))
		}
		return out
	}
	m.reached(now)
	delete(m.fails, "watch")
	m.live.told = e.turn
	for _, h := range e.heads {
		have, held := m.held[h.Scope]
		switch {
		case !held:
			m.headsAgain = m.headsAgain || replica.Root(h.Scope)
			out = m.wanted(h.Scope, out)
		case have.gen != h.Gen || have.seq != h.Seq || h.Tag != "" && have.tag != h.Tag:
			out = m.pull(h.Scope, h.Seq, out)
		}
	}
	return out
}

func (m *machine) streamEnded(now time.Time, e evStream, out []act) []act {
	m.stream = false
	m.live.end()
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
	if now.Before(m.streamMeant) { // tried before its time
		m.streamAt, m.streamMeant = m.streamMeant, time.Time{}
	} else {
		m.streamAt = now.Add(max(m.reconnect(m.streamFails), err.After))
		m.streamFails++
	}
	if !m.failed(now, err) {
		m.headsAgain = true // the service is there but gives no stream: live without
	}
	return out
}
