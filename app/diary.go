package app

import (
	"time"

	"trestle/internal/workroom"
)

// Diary is the Timesheets tab: the week's grid and the work diary of a day.
type Diary struct{ c *Core }

// Week is one week by activity and day.
func (d *Diary) Week(in DayIn) (out WeekView, err error) {
	defer guard(&err)
	b, day, err := d.open(in)
	if err != nil {
		return out, err
	}
	w, err := workroom.ParseWeek(day)
	if err != nil {
		return out, Fail(CodeBadInput, "The day is written as YYYY-MM-DD.")
	}
	s, err := d.c.here()
	if err != nil {
		return out, err
	}
	return s.weekOf(b, w)
}

// Day is one day in ten-minute segments.
func (d *Diary) Day(in DayIn) (out DayView, err error) {
	defer guard(&err)
	b, day, err := d.open(in)
	if err != nil {
		return out, err
	}
	if out, err = b.day(day); err != nil {
		return out, err
	}
	s, err := d.c.here()
	if err != nil {
		return out, err
	}
	if err := s.addWaiting(&out.Week, b); err != nil {
		return out, err
	}
	out.Side = s.side(b.contract)
	return out, s.lookAtBlurred(s.ctx, b, out)
}

func (d *Diary) open(in DayIn) (*book, string, error) {
	s, err := d.c.here()
	if err != nil {
		return nil, "", err
	}
	c, _, err := s.contract(in.Contract)
	if err != nil {
		return nil, "", err
	}
	zone := time.Local
	if in.Zone != "" {
		if zone, err = time.LoadLocation(in.Zone); err != nil {
			return nil, "", Fail(CodeBadInput, "This computer knows no time zone of that name.")
		}
	}
	now := time.Now()
	if in.Day == "" {
		in.Day = now.In(zone).Format(time.DateOnly)
	}
	week, err := workroom.ParseWeek(in.Day)
	if err != nil {
		return nil, "", Fail(CodeBadInput, "The day is written as YYYY-MM-DD.")
	}
	// A day of the viewer's zone may reach into the neighbouring weeks, and a slice into the week after it began.
	b, err := s.book(workroom.ContractID(in.Contract), c, now, zone, week.Previous(), week, week.Next())
	return b, in.Day, err
}
