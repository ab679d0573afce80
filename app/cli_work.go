package app

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"trestle/internal/workroom"
)

type contractCmd struct {
	Create   contractCreateCmd   `cmd:"" help:"Offer an hourly contract and print the invitation link."`
	List     contractListCmd     `cmd:"" help:"List the contracts."`
	Ask      contractAskCmd      `cmd:"" help:"Come into the room of an offer by its invitation link, to ask about it."`
	Accept   contractAcceptCmd   `cmd:"" help:"Accept an offer."`
	Decline  contractDeclineCmd  `cmd:"" help:"Decline an offer."`
	Withdraw contractWithdrawCmd `cmd:"" help:"Withdraw an offer of one's own."`
	Activity contractActivityCmd `cmd:"" help:"Add, rename, archive or restore an activity code."`
	Terms    contractTermsCmd    `cmd:"" help:"Show the terms of a contract and who changed them, or change them as its client."`
	Rate     contractRateCmd     `cmd:"" help:"Ask for a lower rate as the client; agree, decline or withdraw."`
	Pause    contractPauseCmd    `cmd:"" help:"Pause a contract: its tracker stops."`
	Resume   contractResumeCmd   `cmd:"" help:"Let a paused contract go on."`
	End      contractEndCmd      `cmd:"" help:"End a contract, with a reason."`
	Settle   contractSettleCmd   `cmd:"" help:"Show what stands beside the bill of a week; approve late time, dispute the week or settle a dispute."`
}

type contractCreateCmd struct {
	Title           string   `required:"" help:"Title of the contract."`
	About           string   `help:"What is to be done."`
	Rate            string   `required:"" help:"Hourly rate, such as 52.00."`
	Currency        string   `default:"EUR" help:"Currency, three letters."`
	Limit           string   `default:"40h" help:"Weekly limit, such as 40h, or none."`
	Activity        []string `sep:"none" help:"Activity code, as CODE or CODE=DESCRIPTION; may be given several times."`
	Shots           string   `required:"" enum:"none,blurred,full" help:"Screenshots in the diary: none, blurred or full."`
	RequireActivity bool     `help:"An activity must be chosen to start the tracker."`
	Idle            int64    `default:"10" help:"Minutes without input after which time ends, 3 to 30."`
	Manual          bool     `help:"Time may be written in by hand."`
	Segments        bool     `help:"Bill by whole ten-minute segments instead of exact seconds."`
	Email           string   `help:"Address of the freelancer; the link then works for that account alone."`
	Self            bool     `help:"For yourself: both sides, starts at once."`
	Reason          string   `help:"Why it holds contact details: legal, access, portfolio or not_contact." enum:",legal,access,portfolio,not_contact" default:"" placeholder:"REASON"`
}

func (c contractCreateCmd) Run(r *run) error {
	rate, err := minorUnits(c.Rate)
	if err != nil {
		return err
	}
	in := NewContractIn{ID: newID(), Title: c.Title, About: c.About, Email: c.Email, Self: c.Self, Reason: c.Reason, Activities: []ActivityIn{},
		Terms: TermsView{Rate: rate, Currency: strings.ToUpper(c.Currency), RequireActivity: c.RequireActivity, Shots: c.Shots, IdleMinutes: c.Idle,
			Manual: c.Manual, Segments: c.Segments}}
	if c.Limit != "none" {
		d, err := time.ParseDuration(c.Limit)
		if err != nil || d <= 0 {
			return Fail(CodeBadInput, "--limit is a time such as 40h, or none.")
		}
		in.Terms.Limit = int64(d / time.Second)
	}
	for _, a := range c.Activity {
		code, about, _ := strings.Cut(a, "=")
		in.Activities = append(in.Activities, ActivityIn{Code: code, About: about})
	}
	return r.desk(func(d desk) error {
		out, err := ask[NewContractOut](d, "Contracts.Create", in)
		if err != nil {
			return err
		}
		d.settle(3 * time.Second)
		return r.print(out, func(w io.Writer) {
			fmt.Fprintln(w, out.Contract.ID)
			if out.Link != "" {
				fmt.Fprintln(w, "Invitation link, for 14 days:", out.Link)
			}
		})
	})
}

// minorUnits reads an amount with at most two decimals, without floating point.
func minorUnits(s string) (int64, error) {
	bad := Fail(CodeBadInput, "An amount is written as 52 or 52.00.")
	if strings.HasPrefix(s, "-") || strings.HasPrefix(s, "+") {
		return 0, bad
	}
	whole, cents, dot := strings.Cut(s, ".")
	if dot && (len(cents) == 0 || len(cents) > 2) {
		return 0, bad
	}
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || n < 0 || n > math.MaxInt64/1000 {
		return 0, bad
	}
	c, err := strconv.ParseUint((cents + "00")[:2], 10, 8)
	if err != nil {
		return 0, bad
	}
	return n*100 + int64(c), nil
}

type contractListCmd struct{}

func (contractListCmd) Run(r *run) error {
	return r.desk(func(d desk) error {
		l, err := ask[ContractList](d, "Contracts.List", nil)
		if err != nil {
			return err
		}
		return r.print(l.Contracts, func(w io.Writer) {
			t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
			for _, x := range l.Contracts {
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s this week\n", x.ID, plain(x.Title), x.Status, plain(x.Other), workroom.HoursMinutes(x.Seconds/60))
			}
			t.Flush()
			if len(l.Contracts) == 0 {
				fmt.Fprintln(w, "No contracts yet. Offer one with trestle contract create, or accept one with contract accept LINK.")
			}
		})
	})
}

type contractAskCmd struct {
	Link string `arg:"" help:"The invitation link."`
}

func (c contractAskCmd) Run(r *run) error {
	return r.answer("Contracts.Ask", c.Link, "offered", "You are in the room of the offer. Nobody else can use its link.")
}

type contractAcceptCmd struct {
	Link string `arg:"" help:"The invitation link, or the title of an offer you asked about."`
}

func (c contractAcceptCmd) Run(r *run) error {
	return r.answer("Contracts.Accept", c.Link, "active", "The contract is active.")
}

type contractDeclineCmd struct {
	Link string `arg:"" help:"The invitation link, or the title of an offer you asked about."`
}

func (c contractDeclineCmd) Run(r *run) error {
	return r.answer("Contracts.Decline", c.Link, "refused", "The offer is declined.")
}

type contractWithdrawCmd struct {
	Contract string `arg:"" help:"Title or id of the offer."`
}

func (c contractWithdrawCmd) Run(r *run) error {
	return r.answer("Contracts.Decline", c.Contract, "refused", "The offer is withdrawn.")
}

// answer sends the answer to an offer, named by its link or by its contract, and waits for the service's own, which alone makes it done.
func (r *run) answer(method, offer, status, done string) error {
	return r.desk(func(d desk) error {
		in := InviteIn{Link: offer}
		if method != "Contracts.Ask" && !strings.Contains(offer, "/invite#") {
			x, err := contract(d, offer)
			if err != nil {
				return err
			}
			in = InviteIn{Contract: x.ID}
		}
		row, err := ask[ContractRow](d, method, in)
		if err != nil {
			return err
		}
		if row.Status != status {
			return Fail("waiting", "Your answer is written down and waits for the service; it is not given yet. See trestle sync.")
		}
		return r.print(row, func(w io.Writer) { fmt.Fprintln(w, done) })
	})
}

type contractActivityCmd struct {
	Contract string `required:"" help:"Contract id, or its title."`
	Code     string `arg:"" help:"The activity code."`
	About    string `help:"Its description."`
	Rename   string `help:"New code." placeholder:"CODE"`
	Archive  bool   `xor:"state" help:"Archive it."`
	Restore  bool   `xor:"state" help:"Use it again."`
}

func (c contractActivityCmd) Run(r *run) error {
	return r.desk(func(d desk) error {
		x, err := contract(d, c.Contract)
		if err != nil {
			return err
		}
		v, err := ask[ContractView](d, "Contracts.Get", IDIn{x.ID})
		if err != nil {
			return err
		}
		in := ActivityIn{Contract: x.ID, Code: c.Code, About: c.About, Archived: c.Archive}
		for _, a := range v.Activities {
			if strings.EqualFold(a.Code, c.Code) {
				in.ID, in.Code, in.Archived = a.ID, a.Code, c.Archive || a.Archived && !c.Restore
				if c.About == "" {
					in.About = a.About
				}
			}
		}
		if c.Rename != "" {
			in.Code = c.Rename
		}
		out, err := ask[ActivityRow](d, "Contracts.SetActivity", in)
		if err != nil {
			return err
		}
		d.settle(3 * time.Second)
		return r.print(out, func(w io.Writer) { fmt.Fprintln(w, out.Code) })
	})
}

// contract finds a contract by id, or by its title if that is unique.
func contract(d desk, want string) (ContractRow, error) {
	l, err := ask[ContractList](d, "Contracts.List", nil)
	if err != nil {
		return ContractRow{}, err
	}
	var found []ContractRow
	for _, x := range l.Contracts {
		if x.ID == want {
			return x, nil
		}
		if strings.EqualFold(x.Title, want) {
			found = append(found, x)
		}
	}
	switch len(found) {
	case 0:
		return ContractRow{}, Fail("no_access", "There is no such contract here. See trestle contract list.")
	case 1:
		return found[0], nil
	}
	return ContractRow{}, Fail(CodeBadInput, "Several contracts have this title. Give the id; see trestle contract list.")
}

func shotNote(s *ShotView) string {
	switch {
	case s == nil:
		return ""
	case s.Reason != "":
		return "  [no screenshot: " + plain(s.Reason) + "]"
	case s.File == "":
		return "  [blurred screenshot]"
	}
	return "  [screenshot]"
}

// hms writes seconds as h:mm:ss.
func hms(s int64) string { return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60) }
