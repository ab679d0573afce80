package app

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"trestle/internal/timesheet"
	"trestle/internal/workroom"
)

// maxTimeFile is the largest export that is answered whole, in bytes.
const maxTimeFile = 64 << 20

// File is a report as a file, whole: for the command line, which writes it where it was told.
func (x *Reports) File(in TimeExportIn) (out TimeFile, err error) {
	defer guard(&err)
	s, err := x.c.here()
	if err != nil {
		return out, err
	}
	var b bytes.Buffer
	if out.Name, err = s.writeTime(&limited{&b, maxTimeFile}, in); err != nil {
		return TimeFile{}, err
	}
	out.Body = base64.StdEncoding.EncodeToString(b.Bytes())
	return out, nil
}

// limited refuses what is too much.
type limited struct {
	w    io.Writer
	left int
}

func (l *limited) Write(p []byte) (int, error) {
	if l.left -= len(p); l.left < 0 {
		return 0, Fail(CodeBadInput, "The file would have more than 64 MB. Choose fewer days, or export it from the window.")
	}
	return l.w.Write(p)
}

// Export writes a report into a file. The window asks with the system's dialog where to; a browser fetches the file when it is done, which
// comes by event "export".
func (x *Reports) Export(in TimeExportIn) (out ExportView, err error) {
	defer guard(&err)
	s, err := x.c.here()
	if err != nil {
		return out, err
	}
	name, err := s.timeFileName(in)
	if err != nil {
		return out, err
	}
	out = ExportView{ID: newID(), Name: name, State: "going", Total: 1}
	ctx, cancel := context.WithCancel(s.ctx)
	s.exports.begin(out.ID, cancel)
	ask, view := x.c.dialogs(), out
	s.goes(func() {
		defer cancel()
		path := s.exportPath(view.ID)
		var err error
		if ask != nil {
			path, err = ask.SaveFile(ctx, "Save the report", name)
		} else {
			err = errors.Join(os.RemoveAll(s.exportDir()), os.MkdirAll(s.exportDir(), 0o700))
		}
		switch {
		case err != nil || path == "":
			view.State = "cancelled"
		default:
			err = s.timeTo(path, in)
			view.State, view.Done = "done", 1
			if err != nil {
				view.State, view.Why = "failed", AsFailure(err).Message
			}
		}
		s.exports.end(view, ask == nil && err == nil)
		x.c.Events.Publish(EventExport, view)
		if view.State == "done" && ask != nil {
			x.c.Events.Publish("saved", SavedOut{Path: path})
		}
	})
	return out, nil
}

// timeTo writes the file whole or not at all, readable by its owner alone.
func (s *Session) timeTo(path string, in TimeExportIn) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".trestle-*")
	if err != nil {
		return Fail(CodeNoFolder, "The file cannot be written there: "+reason(err).Error()+".")
	}
	defer os.Remove(tmp.Name())
	_, err = s.writeTime(tmp, in)
	if err = errors.Join(err, tmp.Close()); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), path); err != nil {
		return Fail(CodeNoFolder, "The file cannot be written there: "+reason(err).Error()+".")
	}
	return nil
}

func (s *Session) timeFileName(in TimeExportIn) (string, error) {
	_, known := timesheet.LayoutOf(in.Layout)
	name := "timesheet " + in.Report.From + " to " + in.Report.To
	switch {
	case in.Format == "csv" && in.Layout == "week":
		name += " by day"
	case in.Format == "csv" && known && in.Layout != "trestle":
		name += " " + in.Layout
	case in.Format == "csv" && known, in.Format == "xlsx", in.Format == "pdf", in.Format == "json":
	default:
		return "", Fail(CodeBadInput, "A report is exported as csv, xlsx, pdf or json; csv has the layouts trestle, toggl, clockify, solidtime and kimai, and week for up to eight days.")
	}
	return workroom.SafeName(name + "." + in.Format), nil
}

// writeTime writes a report in the form asked for.
func (s *Session) writeTime(w io.Writer, in TimeExportIn) (string, error) {
	name, err := s.timeFileName(in)
	if err != nil {
		return "", err
	}
	src, err := s.timeSource(in.Report.Zone)
	if err != nil {
		return "", err
	}
	q, err := src.query(in.Report)
	if err != nil {
		return "", err
	}
	if in.Format == "json" {
		return name, src.writeJSON(w, q)
	}
	adjusted, err := src.adjusted(q)
	if err != nil {
		return "", err
	}
	sum, week := q, q
	sum.Group = []timesheet.Key{timesheet.ByFreelancer, timesheet.ByContract, timesheet.ByActivity}
	week.Group = append(slices.Clone(sum.Group), timesheet.ByDay)
	short := q.To-q.From < timesheet.MaxGrid
	if in.Layout == "week" && in.Format == "csv" {
		if !short {
			return "", Fail(CodeBadInput, "A grid has at most eight days. Choose a week.")
		}
		got, err := src.run(week)
		if err != nil {
			return "", err
		}
		return name, timesheet.WriteGrid(w, in.Mark, timesheet.GridOf(q.From, q.To, got[0], src.called), adjusted...)
	}
	records, failed, err := src.records(q)
	if err != nil {
		return "", err
	}
	if in.Format == "csv" {
		l, _ := timesheet.LayoutOf(in.Layout)
		err = timesheet.WriteCSV(w, l, src.zone, in.Mark, records, adjusted...)
		return name, errors.Join(err, *failed)
	}
	got, err := src.run(sum, week)
	if err != nil {
		return "", err
	}
	sums, grid := src.summed(got[0]), (*timesheet.Grid)(nil)
	if short {
		grid = new(timesheet.GridOf(q.From, q.To, got[1], src.called))
	}
	if in.Format == "xlsx" {
		err = timesheet.WriteXLSX(w, src.zone, grid, sums, records, adjusted...)
		return name, errors.Join(err, *failed)
	}
	paper := timesheet.Paper{Title: "Timesheet", Range: longDay(q.From) + " to " + longDay(q.To), Zone: zoneName(src.zone, src.now), Made: src.now, Grid: grid, Sums: sums,
		Totals: got[0].Totals, Money: got[0].Money, Adjusted: adjusted, Location: src.zone}
	err = timesheet.WritePDF(w, paper, records)
	return name, errors.Join(err, *failed)
}

func longDay(d timesheet.Day) string {
	t, err := time.Parse(time.DateOnly, d.String())
	if err != nil {
		return d.String()
	}
	return t.Format("2 January 2006")
}

// called are the names of a freelancer's contract and of an activity: keys are those of a row by freelancer, contract and activity.
func (x *timeSource) called(keys []string) (freelancer, contract, activity string) {
	activity = noActivity
	if c := x.raw[workroom.ContractID(keys[1])]; c != nil {
		freelancer, contract = c.FreelancerName, c.Title
	}
	if a := x.codes.Activity(workroom.ActivityID(keys[2])); a != nil {
		activity = a.Code
	}
	return freelancer, contract, activity
}

// summed puts names in place of ids.
func (x *timeSource) summed(r timesheet.Result) []timesheet.Summed {
	out := make([]timesheet.Summed, 0, len(r.Rows))
	for _, row := range r.Rows {
		s := timesheet.Summed{Totals: row.Totals, Money: row.Money}
		s.Freelancer, s.Contract, s.Activity = x.called(row.Keys)
		out = append(out, s)
	}
	slices.SortStableFunc(out, func(a, b timesheet.Summed) int {
		return strings.Compare(strings.ToLower(a.Freelancer+"\x00"+a.Contract+"\x00"+a.Activity), strings.ToLower(b.Freelancer+"\x00"+b.Contract+"\x00"+b.Activity))
	})
	return out
}

// jsonReport is the form of tracker.md §11.
type jsonReport struct {
	Range   map[string]string `json:"range"`
	Zone    string            `json:"zone"`
	GroupBy []timesheet.Key   `json:"group_by"`
	Rows    []jsonRow         `json:"rows"`
	Totals  jsonTotals        `json:"totals"`
	// Beside the bills of weeks that end in the range; Totals.Bill has them in it.
	Adjustments []jsonAdjusted `json:"adjustments"`
}

type jsonAdjusted struct {
	Contract workroom.ContractID     `json:"contract"`
	Title    string                  `json:"title"`
	Week     string                  `json:"week"`
	Kind     workroom.AdjustmentKind `json:"kind"`
	Seconds  int64                   `json:"late_seconds"`
	timesheet.Money
	Text string `json:"text"`
}

type jsonRow struct {
	Keys  map[timesheet.Key]string `json:"keys"`
	Names map[timesheet.Key]string `json:"names"`
	timesheet.Totals
	timesheet.Money
}

type jsonTotals struct {
	timesheet.Totals
	Amounts []timesheet.Money `json:"amounts"`
	Bill    []timesheet.Money `json:"bill"`
}

func (x *timeSource) writeJSON(w io.Writer, q timesheet.Query) error {
	if len(q.Group) == 0 {
		q.Group = []timesheet.Key{timesheet.ByFreelancer, timesheet.ByContract, timesheet.ByActivity, timesheet.ByDay}
	}
	got, err := x.run(q)
	if err != nil {
		return err
	}
	adjusted, err := x.adjusted(q)
	if err != nil {
		return err
	}
	out := jsonReport{Range: map[string]string{"from": q.From.String(), "to": q.To.String()}, Zone: x.zone.String(), GroupBy: q.Group, Rows: []jsonRow{},
		Totals: jsonTotals{got[0].Totals, got[0].Money, timesheet.Bill(got[0].Money, adjusted)}, Adjustments: []jsonAdjusted{}}
	for _, a := range adjusted {
		out.Adjustments = append(out.Adjustments, jsonAdjusted{a.Contract.ID, a.Contract.Title, a.Week.String(), a.Kind, a.Seconds, a.Money, a.Text})
	}
	names := x.names()
	for _, r := range got[0].Rows {
		row := jsonRow{map[timesheet.Key]string{}, map[timesheet.Key]string{}, r.Totals, r.Money}
		for i, k := range q.Group {
			row.Keys[k] = r.Keys[i]
			if n, ok := names[k][r.Keys[i]]; ok {
				row.Names[k] = n
			}
		}
		out.Rows = append(out.Rows, row)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}

// names are what ids of keys are called.
func (x *timeSource) names() map[timesheet.Key]map[string]string {
	out := map[timesheet.Key]map[string]string{timesheet.ByFreelancer: {}, timesheet.ByContract: {}, timesheet.ByClient: {}, timesheet.ByActivity: {"": noActivity}}
	for _, k := range x.contracts {
		out[timesheet.ByFreelancer][string(k.Freelancer)] = k.FreelancerName
		out[timesheet.ByContract][string(k.ID)] = k.Title
		out[timesheet.ByClient][string(k.Client)] = k.ClientName
	}
	for _, id := range x.codes.All() {
		out[timesheet.ByActivity][string(id)] = x.codes.Activity(id).Code
	}
	return out
}
