package app

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"trestle/internal/workroom"
)

type contractTermsCmd struct {
	Contract        string `arg:"" help:"Contract id, or its title."`
	Rate            string `help:"A higher hourly rate, from next Monday 00:00 UTC on." placeholder:"AMOUNT"`
	Limit           string `help:"Weekly limit, such as 40h, or none." placeholder:"TIME"`
	Shots           string `help:"Screenshots: none, blurred or full." enum:",none,blurred,full" default:""`
	Idle            int64  `help:"Minutes without input after which time ends, 3 to 30." placeholder:"MINUTES"`
	Keep            int64  `help:"Days after their week for which pictures are kept." placeholder:"DAYS"`
	Review          int64  `help:"Days after its end in which a week can be reviewed." placeholder:"DAYS"`
	Manual          *bool  `negatable:"" help:"Time may be written in by hand."`
	RequireActivity *bool  `negatable:"" help:"An activity must be chosen to start the tracker."`
}

func (c contractTermsCmd) Run(r *run) error {
	var in ChangeTermsIn
	set := func(what string, given bool) {
		if given {
			in.Set = append(in.Set, what)
		}
	}
	var err error
	if c.Rate != "" {
		if in.Terms.Rate, err = minorUnits(c.Rate); err != nil {
			return err
		}
	}
	if c.Limit != "" && c.Limit != "none" {
		d, err := time.ParseDuration(c.Limit)
		if err != nil || d <= 0 {
			return Fail(CodeBadInput, "--limit is a time such as 40h, or none.")
		}
		in.Terms.Limit = int64(d / time.Second)
	}
	in.Terms.Shots, in.Terms.IdleMinutes, in.Terms.KeepDays, in.Terms.ReviewDays = c.Shots, c.Idle, c.Keep, c.Review
	if c.Manual != nil {
		in.Terms.Manual = *c.Manual
	}
	if c.RequireActivity != nil {
		in.Terms.RequireActivity = *c.RequireActivity
	}
	set("rate", c.Rate != "")
	set("limit", c.Limit != "")
	set("shots", c.Shots != "")
	set("idle", c.Idle != 0)
	set("keep", c.Keep != 0)
	set("review", c.Review != 0)
	set("manual", c.Manual != nil)
	set("activity", c.RequireActivity != nil)
	return r.onContract(c.Contract, func(d desk, id string) (ContractView, error) {
		if len(in.Set) == 0 {
			return ask[ContractView](d, "Contracts.Get", IDIn{id})
		}
		in.Contract = id
		return ask[ContractView](d, "Contracts.ChangeTerms", in)
	})
}

type contractRateCmd struct {
	Contract string `arg:"" help:"Contract id, or its title."`
	Ask      string `xor:"act" required:"" help:"The lower hourly rate to ask for." placeholder:"AMOUNT"`
	Agree    bool   `xor:"act" required:"" help:"Agree to what is asked for, from next Monday 00:00 UTC on."`
	Decline  bool   `xor:"act" required:"" help:"Decline it; as the client, withdraw it."`
}

func (c contractRateCmd) Run(r *run) error {
	var rate int64
	if c.Ask != "" {
		var err error
		if rate, err = minorUnits(c.Ask); err != nil {
			return err
		}
	}
	return r.onContract(c.Contract, func(d desk, id string) (ContractView, error) {
		if c.Ask != "" {
			return ask[ContractView](d, "Contracts.AskRate", AskRateIn{Contract: id, Rate: rate})
		}
		v, err := ask[ContractView](d, "Contracts.Get", IDIn{id})
		if err != nil {
			return v, err
		}
		for _, p := range v.Pending {
			if p.Needs != "" {
				return ask[ContractView](d, "Contracts.AnswerRate", AnswerRateIn{Contract: id, Mark: p.Mark, Agree: c.Agree})
			}
		}
		return v, Fail(CodeBadInput, "No lower rate is asked for.")
	})
}

type contractPauseCmd struct {
	Contract string `arg:"" help:"Contract id, or its title."`
}

func (c contractPauseCmd) Run(r *run) error { return r.stand(c.Contract, "Contracts.Pause") }

type contractResumeCmd struct {
	Contract string `arg:"" help:"Contract id, or its title."`
}

func (c contractResumeCmd) Run(r *run) error { return r.stand(c.Contract, "Contracts.Resume") }

func (r *run) stand(contract, method string) error {
	return r.onContract(contract, func(d desk, id string) (ContractView, error) { return ask[ContractView](d, method, IDIn{id}) })
}

type contractEndCmd struct {
	Contract string `arg:"" help:"Contract id, or its title."`
	Reason   string `required:"" help:"Why: done, unneeded, terms, quality or other." enum:"done,unneeded,terms,quality,other" placeholder:"REASON"`
	Text     string `help:"In your own words; needed with other."`
}

func (c contractEndCmd) Run(r *run) error {
	return r.onContract(c.Contract, func(d desk, id string) (ContractView, error) {
		return ask[ContractView](d, "Contracts.End", EndIn{Contract: id, Reason: c.Reason, Text: c.Text})
	})
}

// onContract does something to a contract and prints its terms as they stand then.
func (r *run) onContract(want string, does func(desk, string) (ContractView, error)) error {
	return r.desk(func(d desk) error {
		x, err := contract(d, want)
		if err != nil {
			return err
		}
		d.connected(3 * time.Second)
		v, err := does(d, x.ID)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(v.Pending, func(r TurnRow) bool { return r.Waiting }) {
			d.settle(3 * time.Second)
			if v, err = ask[ContractView](d, "Contracts.Get", IDIn{x.ID}); err != nil {
				return err
			}
		}
		return r.print(v, func(w io.Writer) { printTerms(w, v) })
	})
}

// termWords name a term as the command line says it, and how its values read.
var termWords = map[string]struct {
	name string
	read func(string) string
}{
	"rate": {"hourly rate", func(s string) string {
		n, _ := strconv.ParseInt(s, 10, 64)
		return fmt.Sprintf("%d.%02d", n/100, n%100)
	}},
	"limit":    {"weekly limit", func(s string) string { n, _ := strconv.ParseInt(s, 10, 64); return limitWords(n) }},
	"manual":   {"time by hand", yesNo},
	"activity": {"activity required", yesNo},
	"shots":    {"screenshots", func(s string) string { return s }},
	"idle":     {"idle minutes", func(s string) string { return s }},
	"keep":     {"days for which pictures are kept", func(s string) string { return s }},
	"review":   {"days of review", func(s string) string { return s }},
}

var endWords = map[string]string{"done": "the work is done", "unneeded": "it is not needed any more", "terms": "no agreement on terms",
	"quality": "it was not what was agreed on", "other": ""}

func yesNo(s string) string {
	if s == "true" {
		return "yes"
	}
	return "no"
}

func limitWords(seconds int64) string {
	if seconds == 0 {
		return "none"
	}
	return workroom.HoursMinutes(seconds / 60)
}

func printTerms(w io.Writer, v ContractView) {
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	x := v.Terms
	fmt.Fprintf(t, "%s\t%s\n", plain(v.Row.Title), v.Row.Status)
	fmt.Fprintf(t, "Hourly rate\t%d.%02d %s\n", x.Rate/100, x.Rate%100, x.Currency)
	fmt.Fprintf(t, "Weekly limit\t%s\n", limitWords(x.Limit))
	fmt.Fprintf(t, "Screenshots\t%s, kept %d days\n", x.Shots, x.KeepDays)
	fmt.Fprintf(t, "Idle\tafter %d minutes\n", x.IdleMinutes)
	fmt.Fprintf(t, "Time by hand\t%s\n", yesNo(strconv.FormatBool(x.Manual)))
	fmt.Fprintf(t, "Activity required\t%s\n", yesNo(strconv.FormatBool(x.RequireActivity)))
	fmt.Fprintf(t, "Review\t%d days\n", x.ReviewDays)
	t.Flush()
	waiting := slices.DeleteFunc(slices.Clone(v.Pending), func(r TurnRow) bool { return !r.Waiting })
	for _, r := range append(waiting, v.Turns...) {
		line := r.What
		if term, ok := termWords[r.What]; ok {
			line = fmt.Sprintf("%s: %s, now %s", term.name, term.read(r.Was), term.read(r.Now))
		}
		if after, ok := strings.CutPrefix(r.What, "rate_"); ok {
			line = fmt.Sprintf("lower rate %s: %s", after, termWords["rate"].read(r.Now))
		}
		if r.Week != "" {
			line += fmt.Sprintf(", week of %s", r.Week)
		}
		if r.What == "ended" {
			line += ": " + strings.Trim(endWords[r.Reason]+". "+plain(r.Text), ". ")
		}
		if r.Waiting {
			line += " (waiting for the service)"
		}
		fmt.Fprintf(w, "%s  %s  %s\n", time.UnixMilli(r.At).UTC().Format("2006-01-02 15:04Z"), plain(r.By), line)
	}
}
