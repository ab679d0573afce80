package tracker

import (
	"cmp"
	"math"
	"slices"
	"time"

	"trestle/internal/workroom"
)

// minutes holds the input counts not yet reported, by contract and minute. Where one minute holds two slices of a contract its counts go
// on growing; a report carries the whole of it again.
type minutes struct {
	records map[minuteKey]*minute
	upTo    map[workroom.ContractID]int64 // every minute before this one has had its record
}

type minuteKey struct {
	contract workroom.ContractID
	at       int64 // Unix minute
}

type minute struct {
	keys, clicks, scrolls, moves int
	known                        bool // some of it was counted
	unknown                      bool // some of it could not be
}

func newMinutes() *minutes {
	return &minutes{map[minuteKey]*minute{}, map[workroom.ContractID]int64{}}
}

func (l *minutes) of(c workroom.ContractID, at int64) *minute {
	k := minuteKey{c, at}
	if l.records[k] == nil {
		l.records[k] = &minute{}
	}
	return l.records[k]
}

// touch makes sure that every minute of [from, to) has a record. Until counts come in for it, it says that nothing is known.
func (l *minutes) touch(c workroom.ContractID, from, to int64) {
	for at := max(from/60, l.upTo[c]); at*60 < to; at++ {
		l.of(c, at)
		l.upTo[c] = at + 1
	}
}

// inputs answers the records that touch [from, to), by cell.
func (l *minutes) inputs(c workroom.ContractID, device string, from, to int64) []workroom.CellInput {
	var keys []minuteKey
	for k := range l.records {
		if k.contract == c && k.at*60 < to && (k.at+1)*60 > from {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b minuteKey) int { return cmp.Compare(a.at, b.at) })
	var out []workroom.CellInput
	for _, k := range keys {
		cell := k.at / 10
		if n := len(out); n == 0 || out[n-1].Cell != cell {
			out = append(out, workroom.CellInput{Device: device, Cell: cell})
		}
		last := &out[len(out)-1]
		last.Minutes = append(last.Minutes, l.records[k].record(k.at))
	}
	return out
}

func (m *minute) record(at int64) workroom.Minute {
	out := workroom.Minute{At: at, Moved: uint8(min(m.moves, 60))}
	if !m.known || m.unknown && m.keys+m.clicks+m.scrolls == 0 {
		return out
	}
	count := func(n int) *uint16 {
		v := uint16(min(n, math.MaxUint16))
		return &v
	}
	out.Keys, out.Clicks, out.Scroll = count(m.keys), count(m.clicks), count(m.scrolls)
	return out
}

// fold gives what was counted in the second in which a slice ended to its last minute, where that second begins another one: edges are floored
// to seconds, and no report of the slice reaches beyond its end.
func (l *minutes) fold(c workroom.ContractID, end int64) {
	k := minuteKey{c, end / 60}
	rest := l.records[k]
	if end%60 != 0 || rest == nil || !rest.known {
		return
	}
	delete(l.records, k)
	l.upTo[c] = min(l.upTo[c], k.at)
	r := l.of(c, k.at-1)
	r.keys, r.clicks, r.scrolls, r.moves = r.keys+rest.keys, r.clicks+rest.clicks, r.scrolls+rest.scrolls, r.moves+rest.moves
	r.known = true
}

// reported forgets what was sent up to an instant, the last two minutes apart: counts may still come in for them.
func (l *minutes) reported(end int64) {
	for k := range l.records {
		if k.at < end/60-1 {
			delete(l.records, k)
		}
	}
}

// absorb puts counts into the minute they belong to. They are fetched with every heartbeat, and heartbeats end with the minute, so they
// belong to the minute in which counting last stopped; after a longer silence to that of the last input.
func (m *Machine) absorb(now time.Time, in Input) {
	s := m.open
	if s == nil {
		return
	}
	at := s.taken
	last := now.Add(-max(in.Ago, 0))
	if now.Sub(at) > Beat+Beat/3 && last.After(at) {
		at = last
	}
	if at.Before(s.start) {
		at = s.start
	}
	r := m.minutes.of(s.work.Contract, at.Unix()/60)
	r.keys, r.clicks, r.scrolls, r.moves = r.keys+in.Keys, r.clicks+in.Clicks, r.scrolls+in.Scrolls, r.moves+in.Moves
	r.known, r.unknown = r.known || in.Countable, r.unknown || !in.Countable
	s.taken, s.presence = now, in.Presence
	if in.Presence && last.After(s.input) {
		s.input = last
		m.keepShots(min(last.Unix(), s.lastBeat.Unix())) // what no heartbeat has saved may still be lost to a sleep
	}
	if !in.Presence {
		m.keepShots(s.lastBeat.Unix())
	}
}
