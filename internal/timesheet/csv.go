package timesheet

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Layout is a form of CSV: that of Trestle, which says everything, or that of another program, with its column names in its order.
type Layout struct {
	Name   string
	Header []string
	row    func(r Record, zone *time.Location) []string
}

// Layouts are the forms of CSV that are written. The columns of other programs are those of their own exports: the contract is their project,
// the code their task, the memo their description.
var Layouts = []Layout{
	{"trestle", []string{"Date", "Start (UTC)", "End (UTC)", "Freelancer", "Email", "Client", "Contract", "Activity", "Activity description", "Memo", "Type", "Billable",
		"Seconds", "Duration", "Duration (decimal)", "Keys", "Clicks", "Scrolls", "Active minutes", "Rate", "Amount", "Currency", "Flags"}, ours},
	{"toggl", []string{"User", "Email", "Client", "Project", "Task", "Description", "Billable", "Start date", "Start time", "End date", "End time", "Duration", "Tags",
		"Amount ()"}, toggl},
	{"clockify", []string{"Project", "Client", "Description", "Task", "User", "Group", "Email", "Tags", "Billable", "Start Date", "Start Time", "End Date", "End Time",
		"Duration (h)", "Duration (decimal)", "Billable Rate", "Billable Amount"}, clockify},
	{"solidtime", []string{"Description", "Task", "Project", "Client", "User", "Start", "End", "Duration", "Duration (decimal)", "Billable", "Tags"}, solidtime},
	{"kimai", []string{"date", "begin", "end", "duration", "currency", "rate", "internal_rate", "hourly_rate", "fixed_rate", "user.alias", "user.name", "user.email",
		"user.account_number", "customer.name", "project.name", "activity.name", "description", "billable", "tags", "type", "category"}, kimai},
}

// LayoutOf finds a form of CSV by its name.
func LayoutOf(name string) (Layout, bool) {
	i := slices.IndexFunc(Layouts, func(l Layout) bool { return l.Name == name })
	if i < 0 {
		return Layout{}, false
	}
	return Layouts[i], true
}

const clock = "15:04:05"

func ours(r Record, _ *time.Location) []string {
	counts := []string{"", "", "", ""}
	if r.Counts.Measured {
		counts = []string{strconv.Itoa(r.Counts.Keys), strconv.Itoa(r.Counts.Clicks), strconv.Itoa(r.Counts.Scrolls), strconv.Itoa(r.Counts.Active)}
	}
	out := []string{r.Day.String(), r.start(time.UTC).Format(time.RFC3339), r.end(time.UTC).Format(time.RFC3339), Guard(r.Contract.FreelancerName), Guard(r.Contract.Email),
		Guard(r.Contract.ClientName), Guard(r.Contract.Title), Guard(r.code()), Guard(r.about()), Guard(r.Memo), r.kind(), r.billable(),
		strconv.FormatInt(r.Seconds(), 10), Clock(r.Seconds()), Decimal(r.Seconds())}
	return append(append(out, counts...), r.money(r.Contract.Terms.Rate), r.money(r.Amount), r.Contract.Terms.Currency, r.flags())
}

func toggl(r Record, z *time.Location) []string {
	s, e := r.start(z), r.end(z)
	return []string{Guard(r.Contract.FreelancerName), Guard(r.Contract.Email), Guard(r.Contract.ClientName), Guard(r.Contract.Title), Guard(r.code()), Guard(r.Memo), r.billable(),
		s.Format(time.DateOnly), s.Format(clock), e.Format(time.DateOnly), e.Format(clock), Clock(r.Seconds()), "", r.money(r.Amount)}
}

func clockify(r Record, z *time.Location) []string {
	s, e := r.start(z), r.end(z)
	return []string{Guard(r.Contract.Title), Guard(r.Contract.ClientName), Guard(r.Memo), Guard(r.code()), Guard(r.Contract.FreelancerName), "", Guard(r.Contract.Email), "", r.billable(),
		s.Format(time.DateOnly), s.Format(clock), e.Format(time.DateOnly), e.Format(clock), Clock(r.Seconds()), Decimal(r.Seconds()), r.money(r.Contract.Terms.Rate), r.money(r.Amount)}
}

func solidtime(r Record, _ *time.Location) []string {
	return []string{Guard(r.Memo), Guard(r.code()), Guard(r.Contract.Title), Guard(r.Contract.ClientName), Guard(r.Contract.FreelancerName), r.start(time.UTC).Format(time.RFC3339),
		r.end(time.UTC).Format(time.RFC3339), Clock(r.Seconds()), Decimal(r.Seconds()), r.billable(), ""}
}

func kimai(r Record, z *time.Location) []string {
	billable := "0"
	if r.Class.Billable() {
		billable = "1"
	}
	return []string{r.Day.String(), r.start(z).Format("15:04"), r.end(z).Format("15:04"), strconv.FormatInt(r.Seconds(), 10), r.Contract.Terms.Currency, r.money(r.Amount), "", r.money(r.Contract.Terms.Rate), "",
		"", Guard(r.Contract.FreelancerName), Guard(r.Contract.Email), "", Guard(r.Contract.ClientName), Guard(r.Contract.Title), Guard(r.code()), Guard(r.Memo), billable, "", "timesheet", "work"}
}

// bom marks a file as UTF-8 for programs that would otherwise guess.
const bom = "\ufeff"

// WriteCSV writes records as CSV by RFC 4180: commas, quotes where needed, CRLF, UTF-8, with a byte order mark if asked for. Records are
// written as they come, so a long list needs no memory. Adjustments follow in our own layout, so that its amounts add up to the bill; what
// other programs take in is time alone.
func WriteCSV(w io.Writer, l Layout, zone *time.Location, mark bool, records func(yield func(Record) bool), adjusted ...Adjustment) error {
	if mark {
		if _, err := io.WriteString(w, bom); err != nil {
			return err
		}
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(l.Header); err != nil {
		return err
	}
	for r := range records {
		if err := out.Write(l.row(r, zone)); err != nil {
			return err
		}
	}
	if l.Name == "trestle" {
		for _, a := range adjusted {
			if err := out.Write(a.cells()); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}

// Guard makes a text harmless to a spreadsheet: what would begin a formula gets an apostrophe before it. Where letters are written in full
// width, the wide signs begin one, too.
func Guard(s string) string {
	if strings.IndexAny(s, "=+-@\t\r\n＝＋－＠") == 0 {
		return "'" + s
	}
	return s
}

// Clock writes seconds as hh:mm:ss.
func Clock(s int64) string { return fmt.Sprintf("%02d:%02d:%02d", s/3600, s/60%60, s%60) }

// Decimal writes seconds as hours with four digits, rounded half up: enough to get the seconds back.
func Decimal(s int64) string {
	n := (s*10_000 + 1800) / 3600
	return fmt.Sprintf("%d.%04d", n/10_000, n%10_000)
}
