package app

import (
	"trestle/internal/timesheet"
	"trestle/internal/workroom"
)

// maxTimeLines is how many stretches of time are answered at once.
const maxTimeLines = 200

// TimeLinesIn asks for the stretches of time behind a number of a report.
type TimeLinesIn struct {
	Report TimeReportIn `json:"report"`
	Memo   string       `json:"memo"`
	Any    bool         `json:"any"`  // of every memo
	Skip   int64        `json:"skip"` // stretches before the first one answered
}

// TimeLine is one stretch of time: where it stands in the diary, and what it counts.
type TimeLine struct {
	Contract   string `json:"contract"`
	Title      string `json:"title"`
	Freelancer string `json:"freelancer"`
	Day        string `json:"day"` // of the report's zone
	From       int64  `json:"from"`
	To         int64  `json:"to"`
	Cell       int64  `json:"cell"` // the segment it begins in
	Memo       string `json:"memo"`
	Code       string `json:"code"`
	Colour     int64  `json:"colour"`
	Kind       string `json:"kind"` // tracked, manual, kept_idle, over_limit or late
	Seconds    int64  `json:"seconds"`
	Amount     int64  `json:"amount"`
	Currency   string `json:"currency"`
}

// TimeLines are stretches of time, oldest first.
type TimeLines struct {
	Rows []TimeLine `json:"rows"`
	More int64      `json:"more"` // behind those answered
}

// Lines are the stretches of time behind a number of a report, down to the segments of the diary. They add up to what the report
// says with the same filters.
func (x *Reports) Lines(in TimeLinesIn) (out TimeLines, err error) {
	defer guard(&err)
	out.Rows = []TimeLine{}
	s, err := x.c.here()
	if err != nil {
		return out, err
	}
	src, err := s.timeSource(in.Report.Zone)
	if err != nil {
		return out, err
	}
	q, err := src.query(in.Report)
	if err != nil {
		return out, err
	}
	records, failed, err := src.records(q)
	if err != nil {
		return out, err
	}
	colours, skip := src.colours(), in.Skip
	for r := range records {
		switch {
		case !in.Any && r.Memo != in.Memo:
		case skip > 0:
			skip--
		case len(out.Rows) == maxTimeLines:
			out.More++
		default:
			out.Rows = append(out.Rows, src.line(r, colours))
		}
	}
	return out, *failed
}

func (x *timeSource) line(r timesheet.Record, colours map[workroom.ActivityID]int64) TimeLine {
	out := TimeLine{Contract: string(r.Contract.ID), Title: r.Contract.Title, Freelancer: r.Contract.FreelancerName, Day: r.Day.String(), From: r.From * 1000, To: r.To * 1000,
		Cell: r.From / workroom.CellSeconds, Memo: r.Memo, Kind: r.Class.String(), Seconds: r.Seconds(), Amount: r.Amount, Currency: r.Contract.Terms.Currency}
	if a := x.codes.Activity(r.Piece.Activity); a != nil {
		out.Code, out.Colour = a.Code, colours[x.codes.One(r.Piece.Activity)]
	}
	return out
}
