package app

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"trestle/internal/timesheet"
	"trestle/internal/workroom"
)

type contractSettleCmd struct {
	Contract string `arg:"" help:"Contract id, or its title."`
	Week     string `required:"" help:"A day of the week, as YYYY-MM-DD." placeholder:"DAY"`
	Approve  bool   `xor:"act" help:"As the client, let its late time count as a line beside the bill."`
	Dispute  string `xor:"act" help:"Dispute the week, with the first words about it." placeholder:"TEXT"`
	Write    string `xor:"act" help:"Write in its dispute." placeholder:"TEXT"`
	Offer    string `xor:"act" help:"Offer an amount to settle it by, such as 15.00; with --back what the client gets back." placeholder:"AMOUNT"`
	Back     bool   `help:"The offered amount goes back to the client."`
	Accept   bool   `xor:"act" help:"Accept the offer of the other side as it stands now."`
	Withdraw bool   `xor:"act" help:"Withdraw a dispute you opened."`
}

func (c contractSettleCmd) Run(r *run) error {
	return r.desk(func(d desk) error {
		x, err := contract(d, c.Contract)
		if err != nil {
			return err
		}
		d.connected(3 * time.Second)
		day := DayIn{Contract: x.ID, Day: c.Week, Zone: "UTC"}
		v, err := ask[WeekView](d, "Diary.Week", day)
		if err != nil {
			return err
		}
		method, in, err := c.act(x.ID, v)
		if err != nil {
			return err
		}
		if method != "" {
			if _, err := ask[WeekView](d, method, in); err != nil {
				return err
			}
			d.settle(3 * time.Second)
			if v, err = ask[WeekView](d, "Diary.Week", day); err != nil {
				return err
			}
		}
		return r.print(v.Settling, func(w io.Writer) { printSettling(w, v) })
	})
}

// act is what is to be done about a week, and what it needs; no method to look only.
func (c contractSettleCmd) act(id string, v WeekView) (method string, in any, err error) {
	act := DisputeActIn{Contract: id, Week: v.Week, Zone: "UTC"}
	switch {
	case c.Approve:
		return "Diary.ApproveLate", ApproveIn{Contract: id, Week: v.Week, Cells: []int64{}, Zone: "UTC"}, nil
	case c.Dispute != "":
		return "Diary.Dispute", DisputeIn{Contract: id, Week: v.Week, Text: c.Dispute, Zone: "UTC"}, nil
	case c.Write == "" && c.Offer == "" && !c.Accept && !c.Withdraw:
		return "", nil, nil
	case v.Settling.Dispute == nil:
		return "", nil, Fail(CodeBadInput, "This week is not disputed.")
	}
	act.ID = v.Settling.Dispute.ID
	switch {
	case c.Write != "":
		act.Text = c.Write
		return "Diary.DisputeWrite", act, nil
	case c.Offer != "":
		if act.Amount, err = minorUnits(c.Offer); err != nil {
			return "", nil, err
		}
		if c.Back {
			act.Amount = -act.Amount
		}
		return "Diary.DisputeOffer", act, nil
	case c.Accept:
		if v.Settling.Dispute.Offer != nil {
			act.Mark = v.Settling.Dispute.Offer.Mark
		}
		return "Diary.DisputeAccept", act, nil
	}
	return "Diary.DisputeWithdraw", act, nil
}

func printSettling(w io.Writer, v WeekView) {
	money := func(n int64) string { return timesheet.Minor(n, v.Currency) + " " + v.Currency }
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintf(t, "Week of %s\t%s\n", v.Week, v.State)
	fmt.Fprintf(t, "Bill\t%s\n", money(v.Amount))
	x := v.Settling
	if x.LateOpen > 0 {
		fmt.Fprintf(t, "Late, not approved\t%s h, worth %s\n", workroom.HoursMinutes(x.LateOpen/60), money(x.LateWorth))
	}
	for _, a := range x.Adjusted {
		what := "late time approved by " + plain(a.By)
		if a.Kind == "dispute" {
			what = "dispute settled by " + plain(a.By)
		}
		if a.Waiting {
			what += " (waiting for the service)"
		}
		fmt.Fprintf(t, "Beside it\t%s\t%s\n", money(a.Amount), what)
	}
	t.Flush()
	d := x.Dispute
	if d == nil {
		return
	}
	fmt.Fprintf(w, "Dispute: %s\n", d.State)
	for _, m := range d.Texts {
		fmt.Fprintf(w, "%s  %s: %s\n", time.UnixMilli(m.At).UTC().Format("2006-01-02 15:04Z"), plain(m.By), plain(strings.ReplaceAll(m.Text, "\n", " ")))
	}
	if o := d.Offer; o != nil {
		fmt.Fprintf(w, "Offer by %s: %s  %s\n", plain(o.By), money(o.Amount), plain(o.Text))
	}
}
