package app

import (
	"fmt"
	"io"
	"time"
)

// howToStart ends a sentence that says that nothing is tracked.
const howToStart = " Start with: trestle track start --contract NAME --memo TEXT."

// running answers what is tracked, or the refusal that begins with a sentence.
func running(d desk, sentence string) (TrackerView, error) {
	v, err := ask[TrackerView](d, "Tracker.State", TrackerIn{})
	if err == nil && v.State != "tracking" {
		err = Fail("not_tracking", sentence+howToStart)
	}
	return v, err
}

// goesOn says that what is tracked was not touched.
func goesOn(v TrackerView) string { return "Tracking of " + plain(v.Title) + " goes on as before." }

// label is what is tracked, in words.
func (v *TrackerView) label() string {
	out := plain(v.Title) + ", "
	if v.Code != "" {
		out += plain(v.Code) + ": "
	}
	return out + plain(v.Memo)
}

type trackNoteCmd struct {
	Memo string `arg:"" help:"What you are working on from now on."`
}

// Run changes the memo: what was tracked until now keeps the one it had.
func (c trackNoteCmd) Run(r *run) error {
	return r.desk(func(d desk) error {
		v, err := running(d, "Nothing is tracked, so there is nothing to note this for.")
		if err != nil {
			return err
		}
		now, err := ask[TrackerView](d, "Tracker.Switch", TrackIn{Contract: v.Contract, Activity: v.Activity, Memo: c.Memo, Unseen: true})
		if err != nil {
			return also(err, goesOn(v))
		}
		return r.tracked(now)
	})
}

type trackPauseCmd struct{}

// Run stops tracking and says how to go on.
func (trackPauseCmd) Run(r *run) error {
	return r.desk(func(d desk) error {
		v, err := running(d, "Nothing is tracked, so nothing was paused.")
		if err != nil {
			return err
		}
		now, err := ask[TrackerView](d, "Tracker.Stop", nil)
		if err != nil {
			return also(err, goesOn(v))
		}
		d.settle(2 * time.Second)
		return r.print(now, func(w io.Writer) {
			fmt.Fprintf(w, "Paused %s, after %s. Go on with: trestle track resume.\n", v.label(), hms(v.Seconds))
		})
	})
}

type trackResumeCmd struct {
	atScreen
	Unbilled bool `help:"Even if the weekly limit is reached."`
}

// Run goes on with what was tracked last, on whichever computer of the account that was.
func (c trackResumeCmd) Run(r *run) error {
	in := TrackIn{Unbilled: c.Unbilled, Unseen: !c.Unlocked}
	var already bool
	if err := r.desk(func(d desk) error {
		v, err := ask[TrackerView](d, "Tracker.State", TrackerIn{})
		if err != nil {
			return err
		}
		if already = v.State == "tracking"; already {
			return r.tracked(v)
		}
		out, err := ask[RecentOut](d, "Tracker.Recent", nil)
		if err != nil {
			return err
		}
		if len(out.Recent) == 0 {
			return Fail("nothing_recent", "Nothing was tracked lately that could go on: its contract may have ended, or its activity be archived."+howToStart)
		}
		last := out.Recent[0]
		in.Contract, in.Activity, in.Memo = last.Contract, last.Activity, last.Memo
		return nil
	}); err != nil || already {
		return err
	}
	if err := r.background(); err != nil {
		return err
	}
	return r.desk(func(d desk) error {
		v, err := ask[TrackerView](d, "Tracker.Start", in)
		if err != nil {
			return also(c.refused(err), "Nothing was started; what was tracked before is kept.")
		}
		return r.tracked(v)
	})
}
