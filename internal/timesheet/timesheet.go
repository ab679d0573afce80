// Package timesheet adds up tracked time: who worked how long on what, for the screens, the command line and exports alike.
//
// Everything it answers is made of entries: the canonical pieces of a contract's week, after overlaps, cuts and the weekly limit, divided at
// the midnights of the viewer's zone and each with its share of the week's amount. A report is those entries grouped by some of freelancer,
// contract, activity and day, so every way to group the same entries adds up to the same seconds and the same money. The package is pure: it
// reads no store and no clock. app gives it diaries and draws what it answers.
package timesheet

import (
	"math/bits"
	"slices"
	"time"

	"trestle/internal/workroom"
)

// Contract is what a report knows of a contract beside its time.
type Contract struct {
	ID             workroom.ContractID
	Title          string
	Client         workroom.AccountID
	ClientName     string
	Freelancer     workroom.AccountID
	FreelancerName string
	Email          string // of the freelancer, where it is known
	Terms          workroom.Terms
	Activities     map[workroom.ActivityID]*workroom.Activity
}

// Class says what becomes of a stretch of time. Each second has one class, so the classes add up.
type Class uint8

// The classes, as the filter by kind of time names them.
const (
	Tracked Class = iota // measured, within the limit
	Manual               // written in by hand, within the limit
	Kept                 // idle time that was kept, within the limit
	Over                 // of any kind, beyond the weekly limit: unbilled
	Late                 // came after the freeze, or after the contract's end: unbilled
	classes
)

var classNames = [classes]string{"tracked", "manual", "kept_idle", "over_limit", "late"}

// String is the class's name in filters, JSON and exports.
func (c Class) String() string {
	if c < classes {
		return classNames[c]
	}
	return "unknown"
}

// Billable reports whether time of the class counts for money.
func (c Class) Billable() bool { return c < Over }

// ParseClass reads a class by its name.
func ParseClass(s string) (Class, bool) {
	i := slices.Index(classNames[:], s)
	return Class(max(i, 0)), i >= 0
}

func classOf(p workroom.Piece) Class {
	switch {
	case p.Late || p.AfterEnd:
		return Late
	case p.Over:
		return Over
	case p.How == workroom.Manual:
		return Manual
	case p.How == workroom.KeptIdle:
		return Kept
	}
	return Tracked
}

// Entry is one line of a timesheet: a piece, or what of it lies in one day of the viewer's zone.
type Entry struct {
	workroom.Piece
	Day    Day
	Class  Class
	Amount int64 // minor units: its share of the contract-week's amount, which is rounded once
}

// Entries are the time of one contract in one week. The diary holds the week's scope and the one before, whose slices may reach over. The
// amounts add up to that of the week exactly: each entry has the difference between what the seconds up to its end and up to its start are
// worth, so none is off by a minor unit or more.
func Entries(c *Contract, d *workroom.Diary, week workroom.Week, zone *time.Location) []Entry {
	pieces := slices.DeleteFunc(d.Pieces(), func(p workroom.Piece) bool { return p.Contract != c.ID })
	pieces = workroom.WalkLimit(pieces, week, c.Terms.LimitOf(pieces, week))
	var out []Entry
	var billable int64
	for _, p := range pieces {
		whole := p.Interval
		for from := whole.From; from < whole.To; {
			day := DayOf(time.Unix(from, 0), zone)
			p.Interval = workroom.Interval{From: from, To: min(whole.To, day.end(zone, from))}
			out = append(out, Entry{Piece: p, Day: day, Class: classOf(p)})
			if p.Billable() {
				billable += p.Seconds()
			}
			from = p.To
		}
	}
	amount := workroom.Amount(c.Terms.Rate, workroom.BilledSeconds(pieces, d.Ties(c.ID), c.Terms))
	var before, done int64
	for i := range out {
		if e := &out[i]; e.Class.Billable() {
			before += e.Seconds()
			share := portion(amount, before, billable)
			e.Amount, done = share-done, share
		}
	}
	return out
}

// portion is amount × part / whole, rounded down, without overflow.
func portion(amount, part, whole int64) int64 {
	if whole <= 0 || amount <= 0 {
		return 0
	}
	hi, lo := bits.Mul64(uint64(amount), uint64(part))
	q, _ := bits.Div64(hi, lo, uint64(whole))
	return int64(q)
}

// Day is a day of some zone, counted from 1970-01-01.
type Day int32

// DayOf is the day that holds the instant in the zone.
func DayOf(t time.Time, zone *time.Location) Day {
	y, m, d := t.In(zone).Date()
	return civil(y, m, d)
}

func civil(y int, m time.Month, d int) Day {
	return Day(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// ParseDay reads YYYY-MM-DD.
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, err
	}
	return Day(t.Unix() / 86400), nil
}

func (d Day) date() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// String is the day as YYYY-MM-DD.
func (d Day) String() string { return d.date().Format(time.DateOnly) }

// Monday is the Monday of the day's week.
func (d Day) Monday() Day {
	n := (int(d) + 3) % 7 // 1970-01-01 was a Thursday
	if n < 0 {
		n += 7
	}
	return d - Day(n)
}

// Month is the first day of the day's month.
func (d Day) Month() Day {
	y, m, _ := d.date().Date()
	return civil(y, m, 1)
}

// Start is the first instant of the day in the zone, as Unix seconds. A day that begins with a skipped hour begins after it.
func (d Day) Start(zone *time.Location) int64 {
	y, m, n := d.date().Date()
	t := time.Date(y, m, n, 0, 0, 0, 0, zone)
	if DayOf(t, zone) < d {
		t = t.Add(time.Hour)
	}
	return t.Unix()
}

// end is the first instant after from that belongs to another day in the zone.
func (d Day) end(zone *time.Location, from int64) int64 {
	return max((d + 1).Start(zone), from+1)
}
