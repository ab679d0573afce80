package app

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"trestle/internal/tracker"
)

type trackCmd struct {
	Start  trackStartCmd  `cmd:"" help:"Start tracking time, or change what is tracked."`
	Stop   trackStopCmd   `cmd:"" help:"Stop tracking time."`
	Switch trackSwitchCmd `cmd:"" help:"Change contract, activity or memo of what is tracked, from now on."`
	Note   trackNoteCmd   `cmd:"" help:"Change the memo of what is tracked, from now on."`
	Pause  trackPauseCmd  `cmd:"" help:"Stop tracking for a while; resume goes on with the same."`
	Resume trackResumeCmd `cmd:"" help:"Go on with what was tracked last."`
	Answer trackAnswerCmd `cmd:"" help:"Say what becomes of the time away."`
	Status trackStatusCmd `cmd:"" help:"Say what is tracked."`
}

// atScreen is said where a desktop does not tell that it was unlocked.
type atScreen struct {
	Unlocked bool `help:"The screen is not locked, although this desktop says so."`
}

// refused adds to a refusal because of a locked screen what helps if it is not locked.
func (atScreen) refused(err error) error {
	if err != nil && AsFailure(err).Code == string(tracker.ScreenLocked) {
		return also(err, "If it is not locked, add --unlocked.")
	}
	return err
}

type trackStartCmd struct {
	atScreen
	Contract string `required:"" help:"Contract id, or its title."`
	Activity string `help:"Activity code, or its id."`
	Memo     string `required:"" help:"What you are working on."`
	Unbilled bool   `help:"Even if the weekly limit is reached."`
}

func (c trackStartCmd) Run(r *run) error {
	var in TrackIn
	// What cannot be tracked is said before a program is started to keep the time.
	if err := r.desk(func(d desk) (err error) {
		in, err = c.find(d)
		return err
	}); err != nil {
		return err
	}
	if err := r.background(); err != nil {
		return err
	}
	return r.desk(func(d desk) error {
		before, err := ask[TrackerView](d, "Tracker.State", TrackerIn{})
		if err != nil {
			return err
		}
		v, err := ask[TrackerView](d, "Tracker.Start", in)
		if err != nil {
			return also(c.refused(err), "Nothing was started.")
		}
		if v.Note == "" {
			v.Note = before.Note // starting answers it, so it is told here
		}
		return r.tracked(v)
	})
}

// find turns names into ids.
func (c trackStartCmd) find(d desk) (TrackIn, error) {
	x, err := contract(d, c.Contract)
	if err != nil {
		return TrackIn{}, err
	}
	in := TrackIn{Contract: x.ID, Memo: c.Memo, Unbilled: c.Unbilled, Unseen: !c.Unlocked}
	if c.Activity == "" {
		return in, nil
	}
	in.Activity, err = pickable(d, x.ID, c.Activity)
	return in, also(err, "Nothing was started.")
}

// pickable finds an activity of a contract, by its code or id, that can be tracked.
func pickable(d desk, contract, want string) (string, error) {
	v, err := ask[ContractView](d, "Contracts.Get", IDIn{contract})
	if err != nil {
		return "", err
	}
	var has []string
	for _, a := range v.Activities {
		switch {
		case a.Archived:
		case a.ID == want || strings.EqualFold(a.Code, want):
			return a.ID, nil
		default:
			has = append(has, a.Code)
		}
	}
	said := "It has none."
	if len(has) > 0 {
		said = "It has: " + strings.Join(has, ", ") + "."
	}
	return "", Fail("activity_archived", "This contract has no such activity, or it is archived. "+said)
}

// also adds to what went wrong what became of the rest.
func also(err error, sentence string) error {
	if err == nil {
		return nil
	}
	f := *AsFailure(err)
	f.Message = strings.TrimSuffix(f.Message, ".") + ". " + sentence
	return &f
}

type trackSwitchCmd struct {
	Contract   string `help:"Contract id, or its title; as before by default."`
	Activity   string `xor:"activity" help:"Activity code, or its id; as before by default, none on another contract."`
	NoActivity bool   `xor:"activity" help:"Without an activity."`
	Memo       string `help:"What you are working on; as before by default."`
}

// Run changes what is tracked. What is not said stays as it is.
func (c trackSwitchCmd) Run(r *run) error {
	return r.desk(func(d desk) error {
		v, err := running(d, "Nothing is tracked, so nothing was changed.")
		if err != nil {
			return err
		}
		in, err := c.to(d, v)
		if err == nil {
			var now TrackerView
			if now, err = ask[TrackerView](d, "Tracker.Switch", in); err == nil {
				return r.tracked(now)
			}
		}
		return also(err, goesOn(v))
	})
}

// to is what is to be tracked instead of what a view shows.
func (c trackSwitchCmd) to(d desk, v TrackerView) (TrackIn, error) {
	in := TrackIn{Contract: v.Contract, Activity: v.Activity, Memo: v.Memo, Unseen: true}
	if c.Contract != "" {
		x, err := contract(d, c.Contract)
		if err != nil {
			return in, err
		}
		if x.ID != v.Contract {
			in.Contract, in.Activity = x.ID, ""
		}
	}
	if c.Memo != "" {
		in.Memo = c.Memo
	}
	var err error
	switch {
	case c.NoActivity:
		in.Activity = ""
	case c.Activity != "":
		in.Activity, err = pickable(d, in.Contract, c.Activity)
	}
	return in, err
}

type trackAnswerCmd struct {
	atScreen
	What     string `arg:"" enum:"discard,continue,keep,assign" help:"discard, continue (discard and track on), keep or assign."`
	Contract string `help:"With assign: contract id, or its title."`
	Activity string `help:"With assign: activity code, or its id."`
	Memo     string `help:"With assign: what it was worked on."`
}

// Run answers the oldest question.
func (c trackAnswerCmd) Run(r *run) error {
	return r.desk(func(d desk) error {
		in := AwayIn{What: c.What, Memo: c.Memo, Unseen: !c.Unlocked}
		v, err := ask[TrackerView](d, "Tracker.State", TrackerIn{})
		if err != nil {
			return err
		}
		if len(v.Aways) == 0 {
			return Fail("gone", "There is no question open.")
		}
		in.Question = v.Aways[0].ID
		if c.What == "assign" {
			x, err := contract(d, c.Contract)
			if err != nil {
				return err
			}
			in.Contract = x.ID
			if c.Activity != "" {
				if in.Activity, err = pickable(d, x.ID, c.Activity); err != nil {
					return also(err, "The question stays open.")
				}
			}
		}
		if v, err = ask[TrackerView](d, "Tracker.Answer", in); err != nil {
			return c.refused(err)
		}
		d.settle(2 * time.Second)
		return r.tracked(v)
	})
}

type trackStopCmd struct{}

func (trackStopCmd) Run(r *run) error {
	return r.desk(func(d desk) error {
		v, err := ask[TrackerView](d, "Tracker.Stop", nil)
		if err != nil {
			return err
		}
		d.settle(2 * time.Second)
		return r.tracked(v)
	})
}

type trackStatusCmd struct{}

func (trackStatusCmd) Run(r *run) error {
	return r.desk(func(d desk) error {
		v, err := ask[TrackerView](d, "Tracker.State", TrackerIn{})
		if err != nil {
			return err
		}
		return r.tracked(v)
	})
}

func (r *run) tracked(v TrackerView) error {
	return r.print(v, func(w io.Writer) {
		switch v.State {
		case "tracking":
			fmt.Fprintf(w, "Tracking %s, since %s (%s).\n", v.label(), time.UnixMilli(v.Since).Format("15:04"), hms(v.Seconds))
		default:
			fmt.Fprintln(w, "Not tracking.")
		}
		for _, q := range v.Aways {
			keep := "discard, continue, keep or assign"
			if !q.CanKeep {
				keep = "discard or continue"
			}
			fmt.Fprintf(w, "Away from %s to %s, not counted. Answer with trestle track answer: %s.\n",
				time.UnixMilli(q.From).Format("15:04"), time.UnixMilli(q.Until).Format("15:04"), keep)
		}
		if v.Note != "" {
			fmt.Fprintln(w, v.Note)
		}
	})
}

// background makes sure that a program stays to keep the time: the one that runs, else one started without a window. It ends by itself
// when nothing is tracked and nothing waits any more.
func (r *run) background() error {
	dirs, err := r.dirs()
	if err != nil {
		return err
	}
	inst, remote, err := Join(r.ctx, dirs)
	if err != nil {
		return err
	}
	if remote != nil {
		return nil
	}
	if err := inst.Close(); err != nil {
		return fmt.Errorf("start the tracker: %w", err)
	}
	exe, err := os.Executable()
	if err != nil {
		return fmt.Errorf("start the tracker: %w", err)
	}
	cmd := exec.Command(exe, "--data", dirs.Data, "open", "--background")
	if r.data == "" && os.Getenv("TRESTLE_DATA") == "" {
		cmd.Args = []string{exe, "open", "--background"}
	}
	detach(cmd)
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start the tracker: %w", err)
	}
	gone := make(chan error, 1)
	go func() { gone <- cmd.Wait() }()
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end); {
		if remote, err := Dial(dirs); err == nil {
			if _, err := remote.Call(r.ctx, "Shell.Status", nil); err == nil {
				return nil
			}
		}
		select {
		case <-r.ctx.Done():
			return r.ctx.Err()
		case err := <-gone:
			return fmt.Errorf("start the tracker: the program that keeps the time ended: %w", err)
		case <-time.After(30 * time.Millisecond):
		}
	}
	return Fail(CodeHeld, "The program that keeps the time did not answer. Nothing was started.")
}
