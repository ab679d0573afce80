package app

import (
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"trestle/internal/timesheet"
	"trestle/internal/workroom"
)

// timeFlags are the filters of a report of time on the command line.
type timeFlags struct {
	From     string   `help:"First day, YYYY-MM-DD; four weeks ago by default." placeholder:"DAY"`
	To       string   `help:"Last day, YYYY-MM-DD; today by default." placeholder:"DAY"`
	Zone     string   `default:"UTC" help:"Time zone that days are of."`
	Contract []string `help:"Only this contract, by id or title; may be given several times."`
	Person   []string `help:"Only this freelancer, by name or id."`
	Client   []string `help:"Only this client, by name or id."`
	Activity []string `sep:"none" help:"Only this activity code; none for time without one."`
	Kind     []string `help:"Only this kind of time: tracked, manual, kept_idle, over_limit or late."`
}

// report asks for what the flags say, with names resolved.
func (f timeFlags) report(d desk, group []string) (TimeReportIn, TimeReport, error) {
	in := TimeReportIn{From: f.From, To: f.To, Zone: f.Zone, Group: group, Kinds: f.Kind}
	zone, err := time.LoadLocation(f.Zone)
	if err != nil {
		return in, TimeReport{}, Fail(CodeBadInput, "This computer knows no time zone of that name.")
	}
	today := timesheet.DayOf(time.Now(), zone)
	if in.From == "" {
		in.From = (today.Monday() - 21).String()
	}
	if in.To == "" {
		in.To = today.String()
	}
	all, err := ask[TimeReport](d, "Reports.Time", in)
	if err != nil {
		return in, all, err
	}
	for _, x := range []struct {
		what  string
		names []string
		list  []TimeFacet
		into  *[]string
	}{{"contract", f.Contract, all.Contracts, &in.Contracts}, {"freelancer", f.Person, all.People, &in.People}, {"client", f.Client, all.Clients, &in.Clients}, {"activity", f.Activity, all.Activities, &in.Activities}} {
		for _, n := range x.names {
			found := false
			for _, o := range x.list {
				if o.ID == n || strings.EqualFold(o.Name, n) || x.what == "activity" && o.ID == "" && n == "none" {
					*x.into, found = append(*x.into, o.ID), true
				}
			}
			if !found {
				return in, all, Fail("no_access", "There is no such "+x.what+" here: "+n+".")
			}
		}
	}
	if len(in.Contracts)+len(in.People)+len(in.Clients)+len(in.Activities) > 0 {
		all, err = ask[TimeReport](d, "Reports.Time", in)
	}
	return in, all, err
}

type hoursCmd struct {
	timeFlags
	By []string `default:"freelancer,activity" help:"What to group by: freelancer, contract, activity, day, week, month, client, kind or memo."`
}

// Run prints a report of time.
func (c hoursCmd) Run(r *run) error {
	return r.desk(func(d desk) error {
		_, v, err := c.report(d, c.By)
		if err != nil {
			return err
		}
		return r.print(v, func(w io.Writer) {
			names := map[string]string{"": noActivity}
			for _, list := range [][]TimeFacet{v.Clients, v.Contracts, v.People, v.Activities} {
				for _, f := range list {
					names[f.ID] = f.Name
				}
			}
			fmt.Fprintf(w, "%s to %s, days of %s: %s, of which %s by hand\n", v.From, v.To, v.ZoneName, hms(v.Seconds), hms(v.Manual))
			t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
			for _, row := range v.Rows {
				for _, k := range row.Keys {
					if n, ok := names[k]; ok {
						k = n
					}
					fmt.Fprintf(t, "%s\t", plain(k))
				}
				fmt.Fprintf(t, "%s\t%s %s\n", hms(row.Seconds), timesheet.Minor(row.Amount, row.Currency), row.Currency)
			}
			t.Flush()
			for _, m := range v.Money {
				fmt.Fprintf(w, "Amount: %s %s\n", timesheet.Minor(m.Amount, m.Currency), m.Currency)
			}
			if v.Seconds == 0 {
				fmt.Fprintf(w, "No time passes these filters: %s.\n", strings.Join(v.Empty, ", "))
			}
		})
	})
}

type exportCmd struct {
	timeFlags
	Format string `enum:"csv,xlsx,pdf,json" default:"csv" help:"csv, xlsx, pdf or json."`
	Layout string `enum:"trestle,toggl,clockify,solidtime,kimai,week" default:"trestle" help:"Columns of the CSV: trestle, toggl, clockify, solidtime or kimai; week is a grid of up to eight days."`
	Mark   bool   `help:"A byte order mark before the CSV, for programs that would guess the letters."`
	Out    string `type:"path" help:"File to write; standard output by default." placeholder:"FILE"`
}

// Run writes time into a file.
func (c exportCmd) Run(r *run) error {
	return r.desk(func(d desk) error {
		in, _, err := c.report(d, nil)
		if err != nil {
			return err
		}
		f, err := ask[TimeFile](d, "Reports.File", TimeExportIn{Report: in, Format: c.Format, Layout: c.Layout, Mark: c.Mark})
		if err != nil {
			return err
		}
		body, err := base64.StdEncoding.DecodeString(f.Body)
		if err != nil {
			return err
		}
		if c.Out == "" {
			_, err := r.out.Write(body)
			return err
		}
		if err := os.WriteFile(c.Out, body, 0o600); err != nil {
			return Fail(CodeNoFolder, "The file cannot be written: "+reason(err).Error()+".")
		}
		return r.print(map[string]any{"file": c.Out, "bytes": len(body)}, func(w io.Writer) { fmt.Fprintln(w, c.Out) })
	})
}

// codesCmd is the list of activity codes of one's contracts.
type codesCmd struct {
	List   codesListCmd   `cmd:"" default:"1" help:"List the codes and where they can be picked."`
	Set    codesSetCmd    `cmd:"" help:"Add, rename, archive or restore a code on every contract that has it."`
	Assign codesAssignCmd `cmd:"" help:"Let codes be picked on contracts, or no longer."`
}

type codesListCmd struct{}

// Run lists.
func (codesListCmd) Run(r *run) error {
	return r.desk(func(d desk) error {
		v, err := ask[BudgetsView](d, "Reports.Budgets", nil)
		if err != nil {
			return err
		}
		return r.print(v.Codes, func(w io.Writer) {
			titles := map[string]string{}
			for _, b := range v.Budgets {
				titles[b.Contract] = b.Title
			}
			t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
			for _, c := range v.Codes {
				var on []string
				for _, id := range c.Contracts {
					on = append(on, plain(titles[id]))
				}
				state := ""
				if c.Archived {
					state = "archived"
				}
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", plain(c.Code), plain(c.About), hms(c.Seconds), state, strings.Join(on, ", "))
			}
			t.Flush()
			if len(v.Codes) == 0 {
				fmt.Fprintln(w, "No activity codes yet. Add one with trestle codes set CODE.")
			}
		})
	})
}

type codesSetCmd struct {
	Code    string `arg:"" help:"The activity code."`
	About   string `help:"Its description."`
	Rename  string `help:"New code." placeholder:"CODE"`
	Archive bool   `xor:"state" help:"Archive it."`
	Restore bool   `xor:"state" help:"Use it again."`
}

// Run changes one.
func (c codesSetCmd) Run(r *run) error {
	return r.desk(func(d desk) error {
		v, err := ask[BudgetsView](d, "Reports.Budgets", nil)
		if err != nil {
			return err
		}
		in := CodeIn{Code: c.Code, About: c.About, Archived: c.Archive}
		for _, o := range v.Codes {
			if workroom.FoldCode(o.Code) == workroom.FoldCode(c.Code) {
				in.ID, in.Code, in.Archived = o.ID, o.Code, c.Archive || o.Archived && !c.Restore
				if c.About == "" {
					in.About = o.About
				}
			}
		}
		if c.Rename != "" {
			in.Code = c.Rename
		}
		if _, err := d.c.Call(d.ctx, "Reports.SetCode", in); err != nil {
			return err
		}
		d.settle(3 * time.Second)
		return nil
	})
}

type codesAssignCmd struct {
	Code     []string `required:"" sep:"none" help:"Activity code; may be given several times."`
	Contract []string `required:"" sep:"none" help:"Contract id, or its title; may be given several times."`
	Off      bool     `help:"No longer."`
}

// Run assigns.
func (c codesAssignCmd) Run(r *run) error {
	return r.desk(func(d desk) error {
		v, err := ask[BudgetsView](d, "Reports.Budgets", nil)
		if err != nil {
			return err
		}
		in := AssignIn{On: !c.Off}
		for _, want := range c.Code {
			n := len(in.Codes)
			for _, o := range v.Codes {
				if workroom.FoldCode(o.Code) == workroom.FoldCode(want) {
					in.Codes = append(in.Codes, o.ID)
				}
			}
			if len(in.Codes) == n {
				return Fail("no_access", "There is no activity code "+want+". See trestle codes.")
			}
		}
		for _, want := range c.Contract {
			x, err := contract(d, want)
			if err != nil {
				return err
			}
			in.Contracts = append(in.Contracts, x.ID)
		}
		if _, err := d.c.Call(d.ctx, "Reports.Assign", in); err != nil {
			return err
		}
		d.settle(3 * time.Second)
		return nil
	})
}
