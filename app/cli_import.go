package app

import (
	"encoding/base64"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"trestle/internal/timesheet"
)

// importCmd brings time of another program in.
type importCmd struct {
	File     string            `arg:"" type:"path" help:"Export of Toggl Track, Clockify, solidtime or Trestle, as CSV; - is standard input."`
	Zone     string            `help:"Time zone of the file's times, such as Europe/Berlin; this computer's by default." placeholder:"ZONE"`
	Order    string            `enum:"ymd,dmy,mdy," default:"" help:"Order of day and month in its dates, where the file does not tell: dmy or mdy."`
	Person   string            `help:"Whose rows, by address or name; one's own by default."`
	Contract string            `help:"Contract for a file of one project that no contract is called by."`
	Project  map[string]string `mapsep:"none" help:"Contract of a project, as PROJECT=CONTRACT; - leaves it out. May be given several times."`
	Task     map[string]string `mapsep:"none" help:"Activity code of a task, as TASK=CODE; - is none. May be given several times."`
	Memo     string            `help:"Memo of rows without one."`
	Yes      bool              `help:"Add it. Without this it is only said what would be added and what not."`
	Undo     bool              `help:"Take the rows of this file that are there back again."`
}

// importPiece is how many bytes of a file go over at once.
const importPiece = 512 << 10

// Run says what a file would add, adds it, or takes it back.
func (c importCmd) Run(r *run) error {
	body, name := []byte(nil), "standard input"
	var err error
	if filepath.Base(c.File) == "-" {
		body, err = io.ReadAll(io.LimitReader(r.in, timesheet.MaxImport+1))
	} else {
		body, err = readImport(c.File)
		name = filepath.Base(c.File)
	}
	switch {
	case err != nil:
		return err
	case len(body) == 0:
		return Fail(codeEmpty, "The file is empty.")
	case len(body) > timesheet.MaxImport:
		return errImportLarge
	}
	return r.desk(func(d desk) error {
		in, err := c.in(d)
		if err != nil {
			return err
		}
		for at := 0; at < len(body); at += importPiece {
			p := ImportPiece{ID: in.ID, Name: name, At: int64(at), Body: base64.StdEncoding.EncodeToString(body[at:min(at+importPiece, len(body))])}
			if _, err := d.c.Call(d.ctx, "Imports.Put", p); err != nil {
				return err
			}
		}
		v, err := ask[ImportView](d, "Imports.Look", in)
		if err != nil {
			return err
		}
		switch {
		case c.Undo:
			out, err := ask[ImportUndone](d, "Imports.Undo", in)
			if err != nil {
				return err
			}
			d.settle(3 * time.Second)
			return r.print(out, func(w io.Writer) { fmt.Fprintln(w, undoneText(out)) })
		case c.Yes && v.Add > 0:
			return c.add(r, d, in)
		}
		return c.say(r, d, in, v)
	})
}

// in names what was asked for by ids.
func (c importCmd) in(d desk) (ImportIn, error) {
	in := ImportIn{ID: newID(), Zone: c.Zone, Order: c.Order, Person: c.Person, Memo: c.Memo}
	if c.Contract != "" {
		x, err := contract(d, c.Contract)
		if err != nil {
			return in, err
		}
		in.Contract = x.ID
	}
	for name, to := range c.Project {
		if to != leftOut {
			x, err := contract(d, to)
			if err != nil {
				return in, err
			}
			to = x.ID
		}
		in.Projects = append(in.Projects, ImportMatch{name, to})
	}
	for name, to := range c.Task {
		in.Tasks = append(in.Tasks, ImportMatch{name, to})
	}
	return in, nil
}

// say prints what would become of every line.
func (c importCmd) say(r *run, d desk, in ImportIn, v ImportView) error {
	for v.More > 0 {
		in.Skip = int64(len(v.Rows))
		next, err := ask[ImportView](d, "Imports.Look", in)
		if err != nil {
			return err
		}
		v.Rows, v.More = append(v.Rows, next.Rows...), next.More
	}
	zone := time.Local
	if z, err := time.LoadLocation(c.Zone); err == nil && c.Zone != "" {
		zone = z
	}
	return r.print(v, func(w io.Writer) {
		fmt.Fprintf(w, "%s: an export of %s, times of %s\n", plain(v.Name), layoutNames[v.Layout], v.ZoneName)
		if v.Letters != "" {
			fmt.Fprintf(w, "Its letters were read as %s.\n", v.Letters)
		}
		if len(v.Left) > 0 {
			fmt.Fprintf(w, "Not taken over: %s.\n", plain(strings.Join(v.Left, ", ")))
		}
		t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
		for _, x := range v.Rows {
			when := ""
			if x.From > 0 {
				when = time.UnixMilli(x.From).In(zone).Format("2006-01-02 15:04:05") + "  " + hms(x.Seconds)
			}
			var why strings.Builder
			why.WriteString(strings.Join(append(slices.Clone(x.Notes), x.Why), " "))
			for _, k := range x.Clashes {
				why.WriteString(fmt.Sprintf(" %s–%s %s.", time.UnixMilli(k.From).In(zone).Format("15:04:05"), time.UnixMilli(k.To).In(zone).Format("15:04:05"), k.What))
			}
			fmt.Fprintf(t, "%d\t%s\t%s\t%s\t%s\t%s\n", x.Line, importStates[x.State], when, plain(x.Contract), plain(x.Memo), plain(strings.TrimSpace(why.String())))
		}
		t.Flush()
		fmt.Fprintf(w, "%d of %d rows would be added (%s), %d are there already, %d are not taken.\n", v.Add, v.All, hms(v.Seconds), v.There, v.Refused)
		if v.Add > 0 && !c.Yes {
			fmt.Fprintln(w, "Nothing was added yet. Say --yes to add them.")
		}
	})
}

var (
	layoutNames  = map[string]string{"toggl": "Toggl Track", "clockify": "Clockify", "solidtime": "solidtime", "trestle": "Trestle"}
	importStates = map[string]string{"add": "add", "there": "there", "refused": "not taken"}
)

// add writes the rows in and waits until they are; an interrupt stops it after the row it is at.
func (c importCmd) add(r *run, d desk, in ImportIn) error {
	out, err := ask[ImportState](d, "Imports.Start", in)
	for err == nil && out.State == "going" {
		select {
		case <-d.ctx.Done():
			return d.ctx.Err()
		case <-time.After(50 * time.Millisecond):
			out, err = ask[ImportState](d, "Imports.State", IDIn{in.ID})
		}
	}
	if err != nil {
		return err
	}
	d.settle(5 * time.Second)
	return r.print(out, func(w io.Writer) {
		fmt.Fprintf(w, "Added %d rows, %s.\n", out.Added, hms(out.Seconds))
		for _, x := range out.Refused {
			fmt.Fprintf(w, "Line %d was not added: %s\n", x.Line, plain(x.Why))
		}
		if n := int(out.Failed) - len(out.Refused); n > 0 {
			fmt.Fprintf(w, "%d more were not added.\n", n)
		}
	})
}

func undoneText(out ImportUndone) string {
	text := fmt.Sprintf("Took %d rows back, %s.", out.Rows, hms(out.Seconds))
	if out.Deleted > 0 {
		text += " " + hms(out.Deleted) + " of it the service had already: it is deleted, and cannot be written in there again."
	}
	if out.Standing > 0 {
		text += " " + hms(out.Standing) + " stand still and stay."
	}
	return text
}
