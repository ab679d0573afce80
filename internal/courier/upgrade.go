package courier

import (
	"time"

	"trestle/internal/outbox"
	"trestle/internal/wire"
)

// A service that takes nothing from this version (426) may take it again: its operator lowers the minimum, goes back to an earlier version,
// or another node answers. So one command is tried now and then; while nothing was taken, nothing else is attempted.
const (
	upgradeEvery = time.Hour   // between tries that nothing hurried
	upgradeSoon  = time.Minute // after a refusal at least, however often the way comes back
)

// upgrade is how it stands with a service that takes nothing from this version.
type upgrade struct {
	rests   bool      // nothing is sent
	trying  bool      // but for the one thing that is under way to find out
	last    time.Time // of the refusals
	at      time.Time // of the next try
	refused int       // times
	why     *wire.Error
}

// refuse notes that the service took nothing. The next try lies within three quarters and five quarters of an hour, so that not all desktops
// of a service ask at once.
func (u *upgrade) refuse(now time.Time, chance float64, why *wire.Error) {
	every := time.Duration((0.75 + chance/2) * float64(upgradeEvery))
	*u = upgrade{rests: true, last: now, at: now.Add(every), refused: u.refused + 1, why: why}
}

// soon is asked for when the way came back, after sleep or in another network; now when a person wants it.
func (u *upgrade) soon(now time.Time) { u.at = earlier(u.at, later(now, u.last.Add(upgradeSoon))) }
func (u *upgrade) now(now time.Time)  { u.at = earlier(u.at, now) }

// over ends a try that the service said nothing to.
func (u *upgrade) over() { u.trying = false }

// taken ends the rest: the service answered to what was sent.
func (m *machine) taken() {
	if m.upgrade.rests {
		m.upgrade = upgrade{refused: m.upgrade.refused}
		m.why = nil
	}
}

// probe is what is sent of that which could go: all of it, or, while nothing is taken, one thing when its time has come.
func (m *machine) probe(now time.Time, batches [][]outbox.Row, uploads []outbox.Row) ([][]outbox.Row, []outbox.Row) {
	switch {
	case !m.upgrade.rests:
		return batches, uploads
	case m.upgrade.trying:
		return nil, nil
	case now.Before(m.upgrade.at):
		m.wakeAt(m.upgrade.at)
		return nil, nil
	case len(batches) > 0:
		m.upgrade.trying = true
		return [][]outbox.Row{batches[0][:1]}, nil
	case len(uploads) > 0:
		m.upgrade.trying = true
		return nil, uploads[:1]
	}
	return nil, nil
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
