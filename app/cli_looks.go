package app

import (
	"fmt"
	"io"
	"time"
)

type diaryLooksCmd struct {
	Contract string `required:"" help:"Contract id, or its title."`
	Zone     string `default:"UTC" help:"Time zone to show times in."`
}

// Run prints who looked at the screenshots of a contract, newest first (T-09).
func (c diaryLooksCmd) Run(r *run) error {
	return r.desk(func(d desk) error {
		zone, err := time.LoadLocation(c.Zone)
		if err != nil {
			return Fail(CodeBadInput, "This computer knows no time zone of that name.")
		}
		x, err := contract(d, c.Contract)
		if err != nil {
			return err
		}
		out, err := ask[LooksView](d, "Diary.Looks", LooksIn{Contract: x.ID, Zone: c.Zone})
		if err != nil {
			return err
		}
		return r.print(out, func(w io.Writer) {
			for _, l := range out.Rows {
				fmt.Fprintf(w, "%s  %s looked at the %s picture of %s %s\n", time.UnixMilli(l.At).In(zone).Format("2006-01-02 15:04"), plain(l.Who),
					map[bool]string{true: "whole", false: "small"}[l.Large], l.Day, l.Label)
			}
			switch {
			case !out.Shown:
				fmt.Fprintln(w, "These are your own looks. The freelancer sees who looks at the screenshots, and when.")
			case len(out.Rows) == 0:
				fmt.Fprintln(w, "Nobody else looked at the screenshots of this contract.")
			}
		})
	})
}
