package app

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"trestle/internal/service"
	"trestle/internal/workroom"
)

// adminReportsCmd is the queue of what people reported (P-21), and of what the service noticed for a person to judge (P-25).
type adminReportsCmd struct {
	List    adminReportsListCmd    `cmd:"" default:"1" help:"List the open reports."`
	Look    adminReportsLookCmd    `cmd:"" help:"Show one with what was said. That somebody looked is logged."`
	Dismiss adminReportsDismissCmd `cmd:"" help:"Do nothing about it."`
	Warn    adminReportsWarnCmd    `cmd:"" help:"Write a warning to who was reported."`
	Remove  adminReportsRemoveCmd  `cmd:"" help:"Take the message away for everybody."`
	Suspend adminReportsSuspendCmd `cmd:"" help:"Suspend the account of who was reported."`
}

type adminReportsListCmd struct {
	All bool `help:"Those that were decided, too."`
}

// Run lists.
func (c adminReportsListCmd) Run(r *run, a *adminCmd) error {
	in := service.ReportsIn{All: c.All}
	list, err := askHere(a, r, "/reports", in, func(ctx context.Context, s *service.Service) ([]service.Named, error) { return s.Reports(ctx, in) })
	if err != nil {
		return err
	}
	return r.print(list, func(w io.Writer) {
		t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
		for _, x := range list {
			fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", x.Handle, moment(x.At), aboutWhom(x), x.Reason, x.Outcome)
		}
		t.Flush()
		if len(list) == 0 {
			fmt.Fprintln(w, "No open reports.")
		}
	})
}

// aboutWhom says who reports whom, or that nobody did and the service noticed words that a person has to judge (P-25).
func aboutWhom(x service.Named) string {
	if x.Account == "" {
		return "noticed of " + plain(x.About)
	}
	return plain(x.By) + " reports " + plain(x.About)
}

func moment(us int64) string { return time.UnixMicro(us).Format("2006-01-02 15:04") }

type adminReportsLookCmd struct {
	ID string `arg:"" help:"The report, by the first word of its line in the list."`
}

// Run shows one.
func (c adminReportsLookCmd) Run(r *run, a *adminCmd) error {
	in := service.ReportIn{Handle: c.ID}
	x, err := askHere(a, r, "/reports/look", in, func(ctx context.Context, s *service.Service) (service.Named, error) { return s.LookReport(ctx, in) })
	if err != nil {
		return err
	}
	return r.print(x, func(w io.Writer) {
		fmt.Fprintf(w, "%s <%s>, %s: %s\n", aboutWhom(x), plain(x.Email), moment(x.At), x.Reason)
		if x.Note != "" {
			fmt.Fprintf(w, "Note: %s\n", plain(x.Note))
		}
		for _, k := range x.Kept {
			mark := "  "
			if k.Reported {
				mark = "> "
			}
			text := k.Text
			if k.Deleted {
				text = "(deleted)"
			}
			fmt.Fprintf(w, "%s%s %s: %s\n", mark, moment(k.At), plain(x.Names[string(k.Author)]), plain(text))
			if k.Claimed != "" {
				fmt.Fprintf(w, "    said, as the reporter says: %s\n", plain(k.Claimed))
			}
			for _, was := range k.Before {
				fmt.Fprintf(w, "    before: %s\n", plain(was))
			}
			for _, f := range k.Files {
				fmt.Fprintf(w, "    file: %s\n", plain(f))
			}
		}
		if x.Outcome != workroom.ReportOpen {
			fmt.Fprintf(w, "Decided %s: %s\n", moment(x.Decided), x.Outcome)
		}
	})
}

type adminReportsDismissCmd struct {
	ID string `arg:"" help:"The report, by the first word of its line in the list."`
}

// Run dismisses.
func (c adminReportsDismissCmd) Run(r *run, a *adminCmd) error {
	return a.decide(r, service.ReportIn{Handle: c.ID, Outcome: workroom.Dismissed}, "Dismissed.")
}

type adminReportsWarnCmd struct {
	ID   string `arg:"" help:"The report, by the first word of its line in the list."`
	Text string `arg:"" help:"What the warning says."`
}

// Run warns.
func (c adminReportsWarnCmd) Run(r *run, a *adminCmd) error {
	return a.decide(r, service.ReportIn{Handle: c.ID, Outcome: workroom.Warned, Text: c.Text}, "Warned.")
}

type adminReportsRemoveCmd struct {
	ID string `arg:"" help:"The report, by the first word of its line in the list."`
}

// Run removes the message.
func (c adminReportsRemoveCmd) Run(r *run, a *adminCmd) error {
	return a.decide(r, service.ReportIn{Handle: c.ID, Outcome: workroom.Removed}, "The message is removed.")
}

type adminReportsSuspendCmd struct {
	ID   string `arg:"" help:"The report, by the first word of its line in the list."`
	Text string `arg:"" help:"Why; the person reads it."`
}

// Run suspends.
func (c adminReportsSuspendCmd) Run(r *run, a *adminCmd) error {
	return a.decide(r, service.ReportIn{Handle: c.ID, Outcome: workroom.Suspended, Text: c.Text}, "The account is suspended.")
}

func (a *adminCmd) decide(r *run, in service.ReportIn, done string) error {
	err := a.do(r, "/reports/decide", in, func(ctx context.Context, s *service.Service) error { return s.DecideReport(ctx, in) })
	if err != nil {
		return err
	}
	return r.print(in, func(w io.Writer) { fmt.Fprintln(w, done) })
}

type adminSuspendCmd struct {
	Email string `arg:"" help:"E-mail address of the account."`
	Text  string `arg:"" optional:"" help:"Why; the person reads it."`
	Off   bool   `help:"Let the account in again."`
}

// Run suspends, or lets in again.
func (c adminSuspendCmd) Run(r *run, a *adminCmd) error {
	in := service.SuspendIn{Email: c.Email, Text: c.Text, Off: c.Off}
	err := a.do(r, "/suspend", in, func(ctx context.Context, s *service.Service) error { return s.Suspend(ctx, in) })
	if err != nil {
		return err
	}
	return r.print(in, func(w io.Writer) {
		if c.Off {
			fmt.Fprintf(w, "%s can send again.\n", plain(c.Email))
			return
		}
		fmt.Fprintf(w, "%s is suspended.\n", plain(c.Email))
	})
}
