package workroom

import (
	"fmt"
	"time"
)

// CellSeconds is the length of one diary cell, ten minutes on UTC tens.
const CellSeconds = 600

// Cell numbers a ten-minute stretch of UTC: floor(unix seconds / 600). The same cell is the same ten minutes for everybody, whatever
// zone they read it in; a zone whose offset is not a multiple of ten minutes merely labels it :05 or :15.
type Cell int64

// CellOf is the cell that holds the instant t.
func CellOf(t time.Time) Cell { return cellAt(t.Unix()) }

func cellAt(unix int64) Cell { return Cell(floorDiv(unix, CellSeconds)) }

// Start is the first instant of the cell, in UTC.
func (c Cell) Start() time.Time { return time.Unix(int64(c)*CellSeconds, 0).UTC() }

// End is the first instant after the cell, in UTC.
func (c Cell) End() time.Time { return (c + 1).Start() }

// Label is the cell's start and end as a viewer in loc reads them, "11:50–12:00". In an hour that the zone repeats, where the same
// reading occurs twice, the offset is written behind it.
func (c Cell) Label(loc *time.Location) string {
	return ClockLabel(c.Start(), loc) + "–" + ClockLabel(c.End(), loc)
}

// ClockLabel is the time of day of t in loc as "15:04". Where the zone shows that reading twice (the hour repeated when summer time
// ends) the offset follows, "02:50 +02:00", so that the two can be told apart.
func ClockLabel(t time.Time, loc *time.Location) string {
	local := t.In(loc)
	text := local.Format("15:04")
	if repeated(local) {
		text += local.Format(" -07:00")
	}
	return text
}

// repeated reports whether the wall-clock reading of local exists at another instant too. Zones move by at most a few hours, so it is
// enough to compare with the offsets in force three hours before and after.
func repeated(local time.Time) bool {
	_, here := local.Zone()
	for _, d := range []time.Duration{-3 * time.Hour, 3 * time.Hour} {
		_, there := local.Add(d).Zone()
		if there == here {
			continue
		}
		twin := local.Add(time.Duration(here-there) * time.Second)
		if _, off := twin.Zone(); off == there {
			return true
		}
	}
	return false
}

// Week is one diary week, [Monday 00:00Z, next Monday 00:00Z). It holds the time that lies inside it, so a slice over Sunday midnight
// counts in two weeks. The zero Week begins on Monday 1970-01-05.
type Week struct {
	n int64 // weeks since Monday 1970-01-05
}

const (
	weekSeconds = 7 * 24 * 3600
	firstMonday = 4 * 24 * 3600 // unix time of Monday 1970-01-05 00:00Z

	// FreezeAfter is how long after its end a week's times may still be corrected by the freelancer: until Monday 12:00Z.
	FreezeAfter = 12 * time.Hour
	// DefaultReview is how long after its end a week may still be reviewed by the client when the service says nothing else: until
	// Friday 24:00Z.
	DefaultReview = 5 * 24 * time.Hour
)

// WeekOf is the week that holds the instant t.
func WeekOf(t time.Time) Week { return weekAt(t.Unix()) }

func weekAt(unix int64) Week { return Week{floorDiv(unix-firstMonday, weekSeconds)} }

// ParseWeek reads a day as YYYY-MM-DD and answers the week that holds it; any day of the week will do.
func ParseWeek(day string) (Week, error) {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return Week{}, fmt.Errorf("%q is not a day written as YYYY-MM-DD", day)
	}
	return WeekOf(t), nil
}

// String names the week by its Monday, YYYY-MM-DD, as scope names do.
func (w Week) String() string { return w.Start().Format(time.DateOnly) }

// Start is Monday 00:00Z.
func (w Week) Start() time.Time { return time.Unix(w.n*weekSeconds+firstMonday, 0).UTC() }

// End is the next Monday 00:00Z.
func (w Week) End() time.Time { return w.Next().Start() }

// Next is the week after.
func (w Week) Next() Week { return Week{w.n + 1} }

// Previous is the week before. A view of one week also reads the slices that began in the one before and reach over.
func (w Week) Previous() Week { return Week{w.n - 1} }

// Contains reports whether t lies in the week.
func (w Week) Contains(t time.Time) bool { return WeekOf(t) == w }

// FreezeAt is the instant from which the week's times stand still: Monday 12:00Z after it. What arrives later is late.
func (w Week) FreezeAt() time.Time { return w.End().Add(FreezeAfter) }

// WeekState says what may still be done to a week.
//
//	open ──Monday 00:00Z──► adjust ──Monday 12:00Z──► review ──Friday 24:00Z──► closed
//
// In open and adjust the freelancer may correct times, memos and codes; in review only codes change; in closed nothing does.
type WeekState string

// The four states, in the order a week goes through them.
const (
	WeekOpen   WeekState = "open"
	WeekAdjust WeekState = "adjust"
	WeekReview WeekState = "review"
	WeekClosed WeekState = "closed"
)

// State is the week's state at now. review is how long after the week's end the client may review it; 0 means DefaultReview.
func (w Week) State(now time.Time, review time.Duration) WeekState {
	if review == 0 {
		review = DefaultReview
	}
	switch {
	case now.Before(w.End()):
		return WeekOpen
	case now.Before(w.FreezeAt()):
		return WeekAdjust
	case now.Before(w.End().Add(review)):
		return WeekReview
	default:
		return WeekClosed
	}
}

// Frozen reports whether, at now, the time at the instant t may no longer change. Time freezes instant by instant: of a slice over
// Sunday midnight only the older part is frozen during the following week.
func Frozen(t, now time.Time) bool { return !now.Before(WeekOf(t).FreezeAt()) }

// FrozenBefore is the Unix second before which everything is frozen at now: the start of the oldest week that can still be corrected.
func FrozenBefore(now time.Time) int64 {
	w := WeekOf(now)
	if now.Before(w.Previous().FreezeAt()) {
		w = w.Previous()
	}
	return w.Start().Unix()
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}
