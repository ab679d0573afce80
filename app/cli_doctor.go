package app

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"time"

	"trestle/internal/input"
	"trestle/internal/screen"
)

type doctorCmd struct{}

// Finding is one line of the doctor: what was looked at, and what is to be done if it is not well.
type Finding struct {
	What string `json:"what"`
	OK   bool   `json:"ok"`
	Says string `json:"says"`
	Do   string `json:"do,omitempty"`
}

// Run looks at the computer, the folders and the store. It changes nothing, and fails only if work could be lost or not be begun.
func (doctorCmd) Run(r *run) error {
	dirs, err := FindDirs(r.data)
	if err != nil {
		return err
	}
	list := []Finding{{What: "program", OK: true, Says: fmt.Sprintf("trestle %s, %s/%s", Version, runtime.GOOS, runtime.GOARCH)}}
	bad := false
	add := func(f Finding, serious bool) {
		bad = bad || serious && !f.OK
		list = append(list, f)
	}
	if err := dirs.Make(); err != nil {
		add(Finding{"data folder", false, AsFailure(err).Message, "Give the folder to your account, or choose another: --data DIR."}, true)
	} else {
		add(Finding{What: "data folder", OK: true, Says: dirs.Data}, true)
	}
	add(windowFinding(), false)
	if HasWindow && hasDisplay() {
		f := Finding{What: "tray", OK: trayHosted(), Says: "The panel shows tray icons."}
		if !f.OK {
			f.Says = noTray
		}
		add(f, false)
	}
	add(displayFinding(r.ctx), false)
	add(countFinding(r.ctx), false)
	if !bad {
		err := r.desk(func(d desk) error {
			b, err := ask[Boot](d, "Shell.Boot", nil)
			if err != nil {
				return err
			}
			if b.Account == nil {
				add(Finding{What: "account", OK: true, Says: "Nobody is signed in yet.", Do: "trestle sign-in --service URL, or open the window."}, false)
				return nil
			}
			add(Finding{What: "account", OK: true, Says: b.Account.Name + " on " + b.Account.Service}, false)
			deadline := time.Now().Add(3 * time.Second)
			for (b.Sync.State == "connecting" || b.Sync.State == "online" && b.Sync.Waiting > 0) && time.Now().Before(deadline) {
				time.Sleep(50 * time.Millisecond)
				if b.Sync, err = ask[Sync](d, "Shell.Status", nil); err != nil {
					return err
				}
			}
			add(Finding{What: "service", OK: b.Sync.State == "online", Says: stateWords(b.Sync), Do: "Nothing is lost; it goes on by itself."}, false)
			if b.Sync.Clock != 0 {
				add(clockFinding(b.Sync.Clock), false)
			}
			v, err := ask[OutboxView](d, "Outbox.List", nil)
			if err != nil {
				return err
			}
			add(outboxFinding(b.Sync, v.Rows, time.Now()), false)
			return nil
		})
		if err != nil {
			add(Finding{What: "store", OK: false, Says: AsFailure(err).Message}, true)
		}
	}
	if err := r.print(list, func(w io.Writer) {
		for _, f := range list {
			sign := "ok "
			if !f.OK {
				sign = "!! "
			}
			fmt.Fprintf(w, "%s%s: %s\n", sign, f.What, f.Says)
			if !f.OK && f.Do != "" {
				fmt.Fprintf(w, "   %s\n", f.Do)
			}
		}
	}); err != nil {
		return err
	}
	if bad {
		return exitCode(exitFailed)
	}
	return nil
}

// clockFinding says that this computer's clock is so many minutes ahead of the service's.
func clockFinding(minutes int64) Finding {
	way := "ahead of"
	if minutes < 0 {
		minutes, way = -minutes, "behind"
	}
	return Finding{What: "clock", Says: fmt.Sprintf("This computer's clock is %s h %s the service's.", hoursText(minutes*60), way),
		Do: "Set it in the system's settings. What is tracked is put right by the service's clock."}
}

func stateWords(s Sync) string {
	if s.Why != "" {
		return s.State + ": " + s.Why
	}
	return s.State
}

func windowFinding() Finding {
	f := Finding{What: "window", OK: HasWindow, Says: "This copy has a window."}
	switch {
	case !HasWindow:
		f.Says, f.Do = "This copy has no window.", "trestle open --browser shows the same pages."
	case !hasDisplay():
		f.OK, f.Says, f.Do = false, "There is no display.", "trestle open --browser --print-url serves the pages on a loopback address."
	}
	return f
}

func displayFinding(ctx context.Context) Finding {
	f := Finding{What: "screen capture", OK: true}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	g, err := screen.Open()
	var ds []screen.Display
	if err == nil {
		ds, err = g.Displays(ctx)
	}
	if err != nil {
		f.OK, f.Says, f.Do = false, "The screen cannot be captured: "+oneLine(err.Error()), "Time is tracked all the same, without pictures."
		return f
	}
	f.Says = fmt.Sprintf("%d display(s)", len(ds))
	return f
}

func countFinding(ctx context.Context) Finding {
	f := Finding{What: "input counter", OK: true, Says: "Keys, clicks and scrolls can be counted; never which key."}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	c, err := input.Open(ctx)
	if err != nil {
		f.OK, f.Says, f.Do = false, "Input cannot be counted: "+oneLine(err.Error()), "Time is tracked all the same; the diary says that nothing was counted."
		return f
	}
	if why := c.Reason(); why != "" {
		f.OK, f.Says, f.Do = false, why, "Time is tracked all the same; the diary says that nothing was counted."
	}
	return f
}
