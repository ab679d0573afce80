package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

type openCmd struct {
	Place      string `arg:"" optional:"" help:"A trestle:// link to open."`
	Browser    bool   `help:"Open the pages in a browser instead of a window."`
	PrintURL   bool   `help:"Print the address instead of opening a browser."`
	Hidden     bool   `help:"Start with the tray icon alone."`
	Background bool   `help:"Keep the tracker and the outbox running without a window." hidden:""`
	DevOrigin  string `help:"Origin of a page server under development." hidden:""`
}

// Run opens the one program for this data folder, or shows the one that runs.
func (c openCmd) Run(r *run) error {
	dirs, err := r.dirs()
	if err != nil {
		return err
	}
	args := []string{}
	if c.Place != "" && !isLink(c.Place) {
		if strings.Contains(c.Place, ":") {
			return Fail(CodeBadInput, "Trestle opens only links that begin with trestle://. Open this one in a browser.")
		}
		return Fail(CodeBadInput, fmt.Sprintf("There is no command %q. See trestle --help.", cut(c.Place, 40)))
	}
	window := !c.Browser && !c.PrintURL && HasWindow && hasDisplay()
	if c.Place != "" {
		if _, err := ParsePlace(c.Place); err != nil && !window {
			return err // who clicked on it reads no terminal: there the window says it
		}
		args = append(args, c.Place)
	}
	if c.Browser || c.PrintURL {
		args = append(args, "--browser")
	}
	if c.PrintURL {
		args = append(args, "--print-url")
	}
	inst, remote, err := Join(r.ctx, dirs)
	if err != nil {
		return err
	}
	if remote != nil {
		return c.handOver(r, remote, args)
	}
	defer inst.Close()
	logs, err := OpenLog(dirs.Log)
	if err != nil {
		r.note("trestle: no log can be written; going on without one.")
	} else {
		defer logs.Close()
	}
	core, err := OpenCore(CoreOptions{Dirs: dirs, Face: "desktop"})
	if err != nil {
		return err
	}
	defer core.Close()
	defer inst.Serve(nil) // who asks from here on waits for the next program
	core.DevOrigin = c.DevOrigin
	inst.Serve(core.Calls)
	stop := context.AfterFunc(r.ctx, core.Quit)
	defer stop()
	go core.takeShows(inst.Shows())

	if c.Background {
		if !core.idle() {
			return nil
		}
		if !HasWindow || !hasDisplay() {
			<-core.done // pages are open in a browser
			return nil
		}
	}
	if !window {
		return c.browser(r, core)
	}
	core.keepAsked(c.Place)
	err = RunWindow(core.windowOptions(c.Hidden))
	var f *Failure
	if errors.As(err, &f) && f.Code == CodeNoWebview {
		r.note("trestle: " + f.Message)
		return c.browser(r, core)
	}
	return err
}

// handOver lets the program that already runs show itself, at a place. Where this start can show no window, the other says where it is to be
// seen: it may have one on a display that is not known here.
func (c openCmd) handOver(r *run, remote *Remote, args []string) error {
	ctx, cancel := context.WithTimeout(r.ctx, HolderLimit)
	defer cancel()
	if !c.PrintURL && !c.Browser && HasWindow && hasDisplay() {
		if err := remote.Show(ctx, args); err != nil {
			return fmt.Errorf("show the running copy: %w", err)
		}
		return nil
	}
	if c.PrintURL || c.Browser {
		u, err := ask[FoundLink](desk{ctx, remote}, "Shell.Invite", PlaceIn{Link: c.Place})
		if err != nil {
			return err
		}
		return c.hand(r, u.URL)
	}
	at, err := ask[Brought](desk{ctx, remote}, "Shell.Bring", PlaceIn{Link: c.Place})
	if err != nil {
		return err
	}
	switch at.Shown {
	case "window":
		return r.print(at, func(w io.Writer) { fmt.Fprintln(w, "Shown in the window of the Trestle that runs already.") })
	case "page":
		return r.print(at, func(w io.Writer) {
			fmt.Fprintln(w, "Shown in the page of the Trestle that is open in a browser already.")
		})
	}
	return c.hand(r, at.URL)
}

// hand prints the address or opens a browser on it.
func (c openCmd) hand(r *run, u string) error {
	switch {
	case c.PrintURL:
	case !hasDisplay():
		r.note("There is no display here, so Trestle is served on this computer's own address. Open it in a browser within a minute; it works once:")
	default:
		if openBrowser(u) == nil {
			return nil
		}
		r.note("No browser could be started. Open this address within a minute; it works once:")
	}
	return r.print(map[string]string{"url": u}, func(w io.Writer) { fmt.Fprintln(w, u) })
}

// browser serves the pages on a loopback address until the program is told to quit.
func (c openCmd) browser(r *run, core *Core) error {
	u, err := core.Invite(c.Place)
	if err != nil {
		return err
	}
	if err := c.hand(r, u); err != nil {
		return err
	}
	<-core.done
	return nil
}

// hasDisplay reports whether a window could be shown.
func hasDisplay() bool {
	if runtime.GOOS != "linux" {
		return true
	}
	return os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != ""
}

// idleLimit is how long a program without a window stays after its work is done.
const idleLimit = 5 * time.Second

// openBrowser shows an address of this program in the system's browser.
func openBrowser(address string) error {
	argv := openerFor(runtime.GOOS, address)
	cmd := exec.Command(argv[0], argv[1:]...)
	detach(cmd)
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("open a browser: %w", err)
	}
	go func() { _ = cmd.Wait() }()
	return nil
}
