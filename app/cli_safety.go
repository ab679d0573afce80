package app

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
)

// blockCmd keeps everything from passing between somebody and oneself.
type blockCmd struct {
	Who  string `arg:"" optional:"" help:"Name or id; without it those who are blocked are listed."`
	Undo bool   `help:"Unblock."`
}

// Run blocks, unblocks or lists.
func (c blockCmd) Run(r *run) error {
	return r.desk(func(d desk) error {
		v, err := ask[BlockedView](d, "Safety.Blocked", nil)
		if err != nil {
			return err
		}
		if c.Who == "" {
			return r.print(v.People, func(w io.Writer) {
				t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
				for _, x := range v.People {
					fmt.Fprintf(t, "%s\t%s\tsince %s\n", x.ID, plain(x.Name), time.UnixMilli(x.At).Format("2006-01-02"))
				}
				t.Flush()
				if len(v.People) == 0 {
					fmt.Fprintln(w, "Nobody is blocked.")
				}
			})
		}
		if c.Undo {
			for _, x := range v.People {
				if x.ID == c.Who || strings.EqualFold(x.Name, c.Who) {
					return r.act(d, "Safety.Unblock", BlockIn{Account: x.ID, Name: x.Name}, "Unblocked.")
				}
			}
			return Fail("not_known", "Nobody of this name is blocked.")
		}
		k, err := someone(d, c.Who)
		if err != nil {
			return err
		}
		return r.act(d, "Safety.Block", BlockIn{Account: k.ID, Name: k.Name}, "Blocked. Nothing passes between you any more.")
	})
}

// reportCmd tells the administrator of a message or a person, or lists what one reported.
type reportCmd struct {
	Room    string `help:"Room id, or its name." placeholder:"ROOM"`
	Message string `help:"Id of the message." placeholder:"ID"`
	Who     string `help:"Somebody of the room, by name or id, instead of a message." placeholder:"PERSON"`
	Reason  string `enum:",spend,contact,payment,account,skills,scam,abuse,other" default:"" help:"spend: asks me to spend money; contact: wants contact details before a contract; payment: up front or outside; account: wants to buy mine; skills: false ones; scam; abuse; other, with a note." placeholder:"WHY"`
	Note    string `help:"What is wrong, 2,000 characters at most."`
}

// Run reports, or lists.
func (c reportCmd) Run(r *run) error {
	return r.desk(func(d desk) error {
		if c.Room == "" {
			v, err := ask[ReportsView](d, "Safety.MyReports", nil)
			if err != nil {
				return err
			}
			return r.print(v.Reports, func(w io.Writer) {
				t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
				for _, x := range v.Reports {
					outcome := x.Outcome
					if outcome == "" {
						outcome = "not decided yet"
					}
					fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", time.UnixMilli(x.At).Format("2006-01-02 15:04"), plain(x.Person), x.Reason, outcome)
				}
				t.Flush()
				if len(v.Reports) == 0 {
					fmt.Fprintln(w, "You reported nothing.")
				}
			})
		}
		x, err := room(d, c.Room)
		if err != nil {
			return err
		}
		in := ReportMessageIn{Room: x.ID, Message: c.Message, Reason: c.Reason, Note: c.Note}
		if c.Message == "" {
			if c.Who == "" {
				return Fail(CodeBadInput, "Give the message, or whom to report: --message or --who.")
			}
			m, err := memberOf(d, x, c.Who)
			if err != nil {
				return err
			}
			in.Account = m.ID
		}
		return r.act(d, "Safety.Report", in, "Reported. You see here what comes of it: trestle report.")
	})
}
