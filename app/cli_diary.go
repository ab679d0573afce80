package app

import (
	"fmt"
	"io"
	"strings"
	"time"
)

type diaryCmd struct {
	Show   diaryShowCmd   `cmd:"" default:"withargs" help:"Print a week of the work diary."`
	Edit   diaryEditCmd   `cmd:"" help:"Give time another memo or activity."`
	Delete diaryDeleteCmd `cmd:"" help:"Delete time and the screenshots in it, for good."`
	Add    diaryAddCmd    `cmd:"" help:"Write time in by hand."`
	Swap   diarySwapCmd   `cmd:"" help:"Take time that something else owns and that was tracked on this contract too."`
	Log    diaryLogCmd    `cmd:"" help:"Say who changed the time of a day."`
	Looks  diaryLooksCmd  `cmd:"" help:"Say who looked at the screenshots, and when."`
	Verify diaryVerifyCmd `cmd:"" help:"Check that nothing of the closed weeks was changed."`
}

type diaryShowCmd struct {
	Contract string `required:"" help:"Contract id, or its title."`
	Week     string `help:"Any day of the week, YYYY-MM-DD; today by default." placeholder:"YYYY-MM-DD"`
	Zone     string `default:"UTC" help:"Time zone to show times in."`
}

// diaryOut is a week of the diary as the command line prints it.
type diaryOut struct {
	Week  WeekView   `json:"week"`
	Days  []DayView  `json:"days"`
	Cells []CellView `json:"segments"`
}

// Run prints a week.
func (c diaryShowCmd) Run(r *run) error {
	return r.desk(func(d desk) error {
		x, err := contract(d, c.Contract)
		if err != nil {
			return err
		}
		out := diaryOut{Days: []DayView{}, Cells: []CellView{}}
		if out.Week, err = ask[WeekView](d, "Diary.Week", DayIn{Contract: x.ID, Day: c.Week, Zone: c.Zone}); err != nil {
			return err
		}
		for _, day := range out.Week.Days {
			v, err := ask[DayView](d, "Diary.Day", DayIn{Contract: x.ID, Day: day, Zone: c.Zone})
			if err != nil {
				return err
			}
			if v.Seconds == 0 {
				continue
			}
			out.Days = append(out.Days, v)
			for _, h := range v.Hours {
				for _, cell := range h.Cells {
					if cell.Seconds > 0 {
						out.Cells = append(out.Cells, cell)
					}
				}
			}
		}
		return r.print(out, func(w io.Writer) {
			fmt.Fprintf(w, "Week of %s, times in %s: %s\n", out.Week.Week, out.Week.Zone, hms(out.Week.Seconds))
			for _, v := range out.Days {
				fmt.Fprintf(w, "%s  %s\n", v.Day, hms(v.Seconds))
				for _, h := range v.Hours {
					for _, cell := range h.Cells {
						if cell.Seconds > 0 {
							fmt.Fprintf(w, "  %s  %s  %s: %s%s\n", cell.Label, hms(cell.Seconds), plain(cell.Code), plain(cell.Memo), shotNote(cell.Shot))
						}
					}
				}
			}
			if len(out.Days) == 0 {
				fmt.Fprintln(w, "Nothing was tracked in this week.")
			}
		})
	})
}

// stretchOfDay is a stretch of time as the command line names it.
type stretchOfDay struct {
	Contract string `required:"" help:"Contract id, or its title."`
	From     string `required:"" help:"Begin, HH:MM." placeholder:"HH:MM"`
	To       string `required:"" help:"End, HH:MM; before the begin it is the next day's." placeholder:"HH:MM"`
	Day      string `help:"Day of the begin, YYYY-MM-DD; today by default." placeholder:"YYYY-MM-DD"`
	Zone     string `default:"UTC" help:"Time zone of the times."`
}

// in answers the contract's id and the two moments in Unix ms.
func (c stretchOfDay) in(d desk) (id string, from, to int64, err error) {
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		return "", 0, 0, Fail(CodeBadInput, "This computer knows no time zone of that name.")
	}
	day := c.Day
	if day == "" {
		day = time.Now().In(zone).Format(time.DateOnly)
	}
	moment := func(clock string) (time.Time, error) {
		t, err := time.ParseInLocation("2006-01-02 15:04", day+" "+clock, zone)
		if err != nil {
			return t, Fail(CodeBadInput, "Times are written as HH:MM, and days as YYYY-MM-DD.")
		}
		return t, nil
	}
	a, err := moment(c.From)
	if err != nil {
		return "", 0, 0, err
	}
	b, err := moment(c.To)
	if err != nil {
		return "", 0, 0, err
	}
	if !b.After(a) {
		b = b.AddDate(0, 0, 1)
	}
	x, err := contract(d, c.Contract)
	return x.ID, a.UnixMilli(), b.UnixMilli(), err
}

// activityOf finds an activity of a contract by its code or id.
func activityOf(d desk, contract, want string) (string, error) {
	v, err := ask[ContractView](d, "Contracts.Get", IDIn{contract})
	if err != nil {
		return "", err
	}
	for _, a := range v.Activities {
		if a.ID == want || strings.EqualFold(a.Code, want) {
			return a.ID, nil
		}
	}
	return "", Fail("activity_archived", "This contract has no such activity.")
}

type diaryEditCmd struct {
	stretchOfDay
	Memo       string `help:"What it was worked on."`
	Activity   string `xor:"activity" help:"Activity code, or its id."`
	NoActivity bool   `xor:"activity" help:"Take the activity away."`
}

// Run changes memo, activity or both.
func (c diaryEditCmd) Run(r *run) error {
	return r.desk(func(d desk) error {
		id, from, to, err := c.in(d)
		if err != nil {
			return err
		}
		if c.Memo == "" && c.Activity == "" && !c.NoActivity {
			return Fail(CodeBadInput, "Nothing was changed: say --memo, --activity or --no-activity.")
		}
		in := EditTimeIn{Contract: id, Cells: []int64{}, From: from, To: to, SetMemo: c.Memo != "", Memo: c.Memo, SetActivity: c.Activity != "" || c.NoActivity}
		if c.Activity != "" {
			if in.Activity, err = activityOf(d, id, c.Activity); err != nil {
				return also(err, "Nothing was changed.")
			}
		}
		out, err := ask[TimeDone](d, "Diary.Edit", in)
		if err != nil {
			return also(err, "Nothing was changed.")
		}
		d.settle(2 * time.Second)
		return r.print(out, func(w io.Writer) { fmt.Fprintf(w, "Changed %s in %d segments.\n", hms(out.Seconds), out.Segments) })
	})
}

type diaryDeleteCmd struct {
	stretchOfDay
	Yes bool `help:"Delete it. Without this it is only said what would go."`
}

// Run says what would go, or deletes it.
func (c diaryDeleteCmd) Run(r *run) error {
	return r.desk(func(d desk) error {
		id, from, to, err := c.in(d)
		if err != nil {
			return err
		}
		in := CutIn{Contract: id, Cells: []int64{}, From: from, To: to}
		says, err := ask[CutView](d, "Diary.CutSays", in)
		if err != nil {
			return err
		}
		if !c.Yes {
			return r.print(says, func(w io.Writer) {
				fmt.Fprintf(w, "%s: %s in %d segments and %d screenshots would go, for good. Say --yes to delete them.\n", says.Label, hms(says.Seconds), says.Segments, says.Shots)
			})
		}
		out, err := ask[TimeDone](d, "Diary.Cut", in)
		if err != nil {
			return also(err, "Nothing was deleted.")
		}
		d.settle(2 * time.Second)
		return r.print(out, func(w io.Writer) { fmt.Fprintf(w, "Deleted %s in %d segments.\n", hms(out.Seconds), out.Segments) })
	})
}

type diaryAddCmd struct {
	stretchOfDay
	Memo     string `required:"" help:"What it was worked on."`
	Activity string `help:"Activity code, or its id."`
	Fill     bool   `help:"Fill only the gaps between what is there."`
}

// Run writes time in, or says what stands in the way.
func (c diaryAddCmd) Run(r *run) error {
	return r.desk(func(d desk) error {
		id, from, to, err := c.in(d)
		if err != nil {
			return err
		}
		in := ManualIn{Contract: id, From: from, To: to, Memo: c.Memo, Fill: c.Fill}
		if c.Activity != "" {
			if in.Activity, err = activityOf(d, id, c.Activity); err != nil {
				return also(err, "Nothing was written in.")
			}
		}
		out, err := ask[ManualOut](d, "Diary.AddManual", in)
		if err != nil {
			return also(err, "Nothing was written in.")
		}
		if len(out.Added) == 0 {
			var list []string
			for _, x := range out.Clashes {
				list = append(list, c.span(x)+" "+x.What)
			}
			return Fail("overlap", "Nothing was written in. In the way: "+strings.Join(list, "; ")+". Say --fill to fill the gaps only.")
		}
		d.settle(2 * time.Second)
		return r.print(out, func(w io.Writer) {
			for _, x := range out.Added {
				fmt.Fprintf(w, "Written in: %s\n", c.span(x))
			}
		})
	})
}

func (c stretchOfDay) span(x SpanView) string {
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		zone = time.UTC
	}
	return time.UnixMilli(x.From).In(zone).Format("15:04") + "–" + time.UnixMilli(x.To).In(zone).Format("15:04")
}

type diarySwapCmd struct{ stretchOfDay }

// Run takes the time.
func (c diarySwapCmd) Run(r *run) error {
	return r.desk(func(d desk) error {
		id, from, to, err := c.in(d)
		if err != nil {
			return err
		}
		out, err := ask[TimeDone](d, "Diary.Swap", CutIn{Contract: id, Cells: []int64{}, From: from, To: to})
		if err != nil {
			return also(err, "Nothing was taken.")
		}
		d.settle(2 * time.Second)
		return r.print(out, func(w io.Writer) { fmt.Fprintf(w, "%s belong to this contract now.\n", hms(out.Seconds)) })
	})
}

type diaryLogCmd struct {
	Contract string `required:"" help:"Contract id, or its title."`
	Day      string `help:"The day, YYYY-MM-DD; today by default." placeholder:"YYYY-MM-DD"`
	Zone     string `default:"UTC" help:"Time zone to show times in."`
}

// Run prints the log, newest first.
func (c diaryLogCmd) Run(r *run) error {
	return r.desk(func(d desk) error {
		x, err := contract(d, c.Contract)
		if err != nil {
			return err
		}
		out, err := ask[TimeLog](d, "Diary.History", DayIn{Contract: x.ID, Day: c.Day, Zone: c.Zone})
		if err != nil {
			return err
		}
		return r.print(out, func(w io.Writer) {
			for _, l := range out.Rows {
				fmt.Fprintf(w, "%s  %s  %s  %s  %s  %s\n", time.UnixMilli(l.At).UTC().Format("2006-01-02 15:04"), plain(l.Who), l.What,
					(stretchOfDay{Zone: c.Zone}).span(SpanView{From: l.From, To: l.To}), hms(l.Seconds), plain(l.Value))
			}
			if len(out.Rows) == 0 {
				fmt.Fprintln(w, "Nobody changed the time of this day.")
			}
		})
	})
}

type diaryVerifyCmd struct {
	Contract string `required:"" help:"Contract id, or its title."`
}

// Run prints the check week by week, and fails if something was changed.
func (c diaryVerifyCmd) Run(r *run) error {
	var out VerifyView
	err := r.desk(func(d desk) error {
		x, err := contract(d, c.Contract)
		if err != nil {
			return err
		}
		d.settle(2 * time.Second)
		if out, err = ask[VerifyView](d, "Diary.Verify", IDIn{x.ID}); err != nil {
			return err
		}
		if !out.Good {
			var why []string
			for _, w := range out.Weeks {
				for _, s := range w.Why {
					why = append(why, "Week of "+w.Week+": "+s)
				}
			}
			return Fail("changed", "The diary is not as it was sealed. "+strings.Join(why, " "))
		}
		return nil
	})
	if err != nil {
		return err
	}
	return r.print(out, func(w io.Writer) {
		sealed := 0
		for _, x := range out.Weeks {
			switch x.State {
			case "good":
				sealed++
				fmt.Fprintf(w, "%s  good     %s  %d facts  %.16s\n", x.Week, hms(x.Seconds), x.Rows, x.Sum)
			case "waiting":
				fmt.Fprintf(w, "%s  closed, not sealed yet\n", x.Week)
			default:
				fmt.Fprintf(w, "%s  %s\n", x.Week, x.State)
			}
		}
		if sealed > 0 {
			fmt.Fprintf(w, "%d closed weeks are as they were sealed. Both sides read the same last sum:\n%s\n", sealed, out.Head)
			return
		}
		fmt.Fprintln(w, "No week is sealed yet. A week is sealed after its review, from Saturday on.")
	})
}
