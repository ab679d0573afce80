package tracker

import (
	"time"

	"trestle/internal/workroom"
)

// usage is how much of a week is used up on a contract, as last learnt, and what this machine closed since. The open slice is not in it.
type usage struct {
	week    workroom.Week
	seconds int64
}

// warnings remembers what was said about a week's limit.
type warnings struct {
	week                  workroom.Week
	hour, ten, atTheLimit bool
}

const unlimited int64 = -1

// use adds a closed slice.
func (m *Machine) use(s workroom.Slice) {
	u := m.used[s.Contract]
	week := workroom.WeekOf(time.Unix(s.End, 0))
	if u.week != week {
		if week.Start().Before(u.week.Start()) {
			return
		}
		u = usage{week: week}
	}
	u.seconds += s.End - max(s.Start, week.Start().Unix())
	m.used[s.Contract] = u
}

// left is how many seconds of the week of now are left on a contract under the terms in force, unlimited if there is no limit.
func (m *Machine) left(id workroom.ContractID, now time.Time) int64 {
	c := m.contracts[id]
	limit := c.Terms.Limit
	if c.Terms.Unlimited {
		limit = workroom.NoLimit
	}
	if l, ok := c.Limits[workroom.WeekOf(now)]; ok {
		limit = l
	}
	if limit == workroom.NoLimit {
		return unlimited
	}
	var used int64
	if u := m.used[id]; u.week == workroom.WeekOf(now) {
		used = u.seconds
	}
	return max(0, limit-used)
}

// limitAt is the next instant at which something is to be said or done about the weekly limit of the open session. The limit is that of
// the terms last learnt: raising it counts for the whole week.
func (m *Machine) limitAt() (time.Time, func(due, now time.Time)) {
	s := m.open
	// The week in which the slice is now; before its first heartbeat that of its start. A slice that runs into a new week begins it anew.
	week := workroom.WeekOf(s.lastBeat)
	if s.warned.week != week {
		s.warned = warnings{week: week}
	}
	from := s.start
	if from.Before(week.Start()) {
		from = week.Start()
	}
	left := m.left(s.work.Contract, week.Start())
	if left == unlimited {
		return time.Time{}, nil
	}
	full := from.Add(time.Duration(left) * time.Second)
	if !full.Before(week.End()) {
		return time.Time{}, nil
	}
	switch hour, ten := full.Add(-time.Hour), full.Add(-10*time.Minute); {
	case !s.warned.hour && left > 3600:
		return hour, func(time.Time, time.Time) {
			s.warned.hour = true
			m.do(Notify{What: LimitInAnHour, Work: s.work, Since: hour})
		}
	case !s.warned.ten && left > 600:
		return ten, func(time.Time, time.Time) {
			s.warned.hour, s.warned.ten = true, true
			m.do(Notify{What: LimitInTen, Work: s.work, Since: ten})
		}
	case s.unbilled && s.warned.atTheLimit:
		return time.Time{}, nil
	case s.unbilled:
		return full, func(time.Time, time.Time) {
			s.warned.atTheLimit = true
			m.do(Notify{What: BeyondLimit, Work: s.work, Since: full})
		}
	}
	return full, func(time.Time, time.Time) {
		at := full
		if at.Before(s.lastBeat) { // only learnt now that it is used up: what is saved stays, over the limit
			at = s.lastBeat
		}
		m.end(at, workroom.CloseLimit)
		m.do(Notify{What: LimitIsReached, Work: s.work, Since: at})
	}
}
