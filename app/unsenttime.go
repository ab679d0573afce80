package app

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"time"

	"trestle/internal/replica"
	"trestle/internal/timesheet"
	"trestle/internal/workroom"
)

// Time is the time that the service does not have as a file: what waits, what was refused, and what runs (T-21). It is CSV in our own columns,
// so a person can read it, and Import takes it in again, on this computer or another.
func (o *Outbox) Time() (out Document, err error) {
	defer guard(&err)
	s, err := o.c.here()
	if err != nil {
		return out, err
	}
	if out, err = s.unsentTimeFile(time.Now()); err != nil {
		return Document{}, err
	}
	return o.c.keep(out, "Save the time that was not sent"), nil
}

func (s *Session) unsentTimeFile(now time.Time) (Document, error) {
	src, err := s.timeSource("")
	if err != nil {
		return Document{}, err
	}
	list, err := s.replica.Outbox(context.Background())
	if err != nil {
		return Document{}, err
	}
	found := unsentSlices(list)
	if s.track != nil {
		if live := s.track.running(); live != nil && live.End > live.Start {
			found[live.ID] = live
		}
	}
	if len(found) == 0 {
		return Document{}, Fail(CodeBadInput, "No time waits to be sent.")
	}
	var records []timesheet.Record
	for _, x := range found {
		i := slices.IndexFunc(src.contracts, func(k *timesheet.Contract) bool { return k.ID == x.Contract })
		k := &timesheet.Contract{ID: x.Contract, Title: string(x.Contract), Freelancer: s.me(), FreelancerName: s.name(), Email: s.st.Email}
		if i >= 0 {
			k = src.contracts[i]
		}
		e := timesheet.Entry{Day: timesheet.DayOf(time.Unix(x.Start, 0), time.UTC), Class: timesheet.Tracked, Piece: workroom.Piece{Slice: x.ID, Contract: x.Contract,
			Interval: workroom.Interval{From: x.Start, To: x.End}, Activity: x.Activity, Memo: x.Memo, How: cmp.Or(x.Kind, workroom.Tracked)}}
		e.Amount = workroom.Amount(k.Terms.Rate, e.Seconds()) // as if each stood alone: what is billed is rounded once a week
		switch e.How {
		case workroom.Manual:
			e.Class = timesheet.Manual
		case workroom.KeptIdle:
			e.Class = timesheet.Kept
		}
		records = append(records, timesheet.Records(k, []timesheet.Entry{e}, nil)...)
	}
	timesheet.InOrder(records)
	own, _ := timesheet.LayoutOf("trestle")
	var b bytes.Buffer
	if err := timesheet.WriteCSV(&b, own, time.UTC, true, slices.Values(records)); err != nil {
		return Document{}, err
	}
	return Document{Name: "trestle-unsent-time-" + now.Format("2006-01-02-1504") + ".csv", Text: b.String()}, nil
}

// unsentSlices are the stretches of time in an outbox, each as its newest report says.
func unsentSlices(list []replica.Item) map[string]*workroom.Slice {
	out := map[string]*workroom.Slice{}
	for _, i := range list {
		switch c := i.Command.(type) {
		case workroom.ReportSlice:
			if had := out[c.Slice.ID]; (had == nil || had.Rev <= c.Slice.Rev) && c.Slice.End > c.Slice.Start {
				x := c.Slice
				out[x.ID] = &x
			}
		case workroom.AddTime:
			for _, e := range c.Entries {
				out[e.ID] = &workroom.Slice{ID: e.ID, Contract: c.Contract, Start: e.From, End: e.To, Activity: e.Activity, Memo: e.Memo, Kind: workroom.Manual}
			}
		}
	}
	return out
}
