package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"trestle/internal/input"
	"trestle/internal/replica"
	"trestle/internal/screen"
	"trestle/internal/service"
	"trestle/internal/wire"
)

// Core is the running program behind every face: the state file, the signed-in session if there is one, the service inside the program
// where one runs, and the list of what the faces may call.
type Core struct {
	Calls     *Dispatcher // what the command line may call: all that pages may, and Verbs
	Events    *Events
	DevOrigin string

	dirs   Dirs
	kind   string // desktop, or cli for one verb
	bus    string // address of the session bus for notices, "" for the environment's
	watch  Pace
	state  *stateFile
	tokens *TokenStore
	bound  []any
	pages  *Dispatcher // what pages may call

	mu      sync.Mutex
	session *Session
	stuck   *replica.Fault   // why the store cannot be used; set once, at the start
	local   *service.Service // the service inside this program, if one runs
	stopped func()           // ends the local service
	bridge  *Bridge
	face    Face
	asked   string // the link somebody outside the pages followed, until a page takes it
	unread  int    // messages, as far as the person wants to see their number
	notices []string
	caps    Caps
	done    chan struct{}
	quit    sync.Once
	puts    *puts
	tray    *Tray
	hotkeys hotkeyBoard
	// wanted is told once a program without a window is asked to show itself.
	wanted chan struct{}
	// trayDirty holds one wish to draw the tray anew.
	trayDirty chan struct{}
}

// CoreOptions is what OpenCore is told.
type CoreOptions struct {
	Dirs Dirs
	Face string // "desktop", or "cli" for one verb: no tracker, no notices
	// Bus is the address of the session bus on which notices are shown; empty: the one the environment names.
	Bus string
	// Watch is how patiently folders are watched; zero means as package watch says.
	Watch Pace
}

// Pace is how long a file must be left alone before it is looked at, and how often a folder is looked through whatever the system tells.
type Pace struct{ Quiet, Rescan time.Duration }

// OpenCore opens the program on its folders and, if somebody was here before, their session. It never waits for the network.
func OpenCore(o CoreOptions) (*Core, error) {
	st, err := openState(o.Dirs.Data)
	if err != nil {
		return nil, err
	}
	c := &Core{
		Events: NewEvents(), dirs: o.Dirs, kind: o.Face, bus: o.Bus, watch: o.Watch, state: st, tokens: NewTokenStore(o.Dirs.Data, os.Getenv("TRESTLE_KEYRING") == "off"),
		done: make(chan struct{}), wanted: make(chan struct{}, 1), trayDirty: make(chan struct{}, 1), puts: newPuts(filepath.Join(o.Dirs.Data, "put")),
	}
	c.caps = c.lookAround()
	c.bound = screens(c)
	if c.pages, err = NewDispatcher(c.bound); err != nil {
		return nil, err
	}
	if c.Calls, err = NewDispatcher(append(screens(c), &Verbs{c})); err != nil {
		return nil, err
	}
	if st.get().Way != "" {
		err := c.resume()
		if f := stuckBy(err); f != nil && o.Face == "desktop" {
			// The pages say so, and hand out what was not sent. Nothing is written.
			slog.Error("the store cannot be used", "code", f.Code, "error", traceOf(f.Err))
			c.stuck, err = f, nil
		}
		if err != nil {
			c.Close()
			return nil, err
		}
	}
	go c.applyHotkeys()
	return c, nil
}

// screens lists what every face may call: one struct a screen.
func screens(c *Core) []any {
	return []any{&Shell{c}, &Start{c}, &Rooms{c}, &Safety{c}, &Compose{c}, &Contact{c}, &Search{c}, &Attachments{c}, &Watching{c}, &Outbox{c}, &Storage{c}, &Contracts{c}, &Diary{c}, &Tracker{c}, &Captures{c}, &Notices{c}, &Notepad{c}, &Presence{c}, &Hotkeys{c}, &Reports{c}, &Imports{c: c}, &Sheets{c}}
}

// Close ends the session, the service inside and the bridge, within two seconds each.
func (c *Core) Close() {
	c.Quit()
	c.mu.Lock()
	s, b := c.session, c.bridge
	tray := c.tray
	c.session, c.bridge, c.tray = nil, nil, nil
	c.mu.Unlock()
	c.endHotkeys()
	if tray != nil {
		tray.Close()
	}
	if b != nil {
		b.Close()
	}
	if s != nil {
		s.Close()
	}
	c.endLocal()
}

// Quit tells every face to end.
func (c *Core) Quit() {
	c.quit.Do(func() {
		close(c.done)
		c.mu.Lock()
		f := c.face
		c.mu.Unlock()
		if f != nil {
			f.Quit()
		}
	})
}

// here answers the session, or the refusal that says how to get one.
func (c *Core) here() (*Session, error) {
	select {
	case <-c.done:
		return nil, Fail(CodeStarting, "Trestle is just ending.")
	default:
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stuck != nil {
		return nil, Fail(string(c.stuck.Code), c.stuck.Text)
	}
	if c.session == nil {
		return nil, signedOut()
	}
	return c.session, nil
}

func signedOut() *Failure {
	return Fail("signed_out", "Nobody is signed in here. Open Trestle and choose a way in, or use trestle sign-in.")
}

// changed tells the faces that scopes are to be read again.
func (c *Core) changed(scopes ...string) {
	c.Events.Publish(EventChanged, map[string][]string{"scopes": scopes})
}

// lookAround finds out what this computer can do. It asks the systems that could hang with a limit.
func (c *Core) lookAround() Caps {
	caps := Caps{OS: runtime.GOOS, MaxFile: 1 << 30}
	if c.kind != "desktop" {
		return caps
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	caps.CaptureWhy = whyNoCapture(ctx)
	caps.Capture = caps.CaptureWhy == ""
	switch counter, err := input.Open(ctx); {
	case err != nil:
		caps.CountWhy = "Keys and clicks are not counted here: there is no display to count them on."
	case counter.Reason() != "":
		caps.CountWhy = counter.Reason()
	default:
		caps.Count = true
	}
	return caps
}

// whyNoCapture answers why no picture of a display can be taken, as a sentence; "" where one can.
func whyNoCapture(ctx context.Context) string {
	g, err := screen.Open()
	if err == nil {
		_, err = g.Displays(ctx)
	}
	if err == nil {
		return ""
	}
	if known, ok := errors.AsType[*screen.Error](err); ok {
		return known.Message
	}
	return "The screen of this computer does not answer."
}

// openLocal starts the service inside this program on a folder of the data folder.
func (c *Core) openLocal(dir, name string, now func() time.Time) (*service.Service, error) {
	svc, err := service.New(service.Config{Data: dir, Name: name, Version: Version, OpenJoin: true, Now: now, Log: slog.Default(), Limits: service.Limits{Rooms: -1}})
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	ran := make(chan struct{})
	go func() {
		defer close(ran)
		if err := svc.Run(ctx); err != nil && !errors.Is(err, context.Canceled) {
			slog.Error("service inside ended", "error", traceOf(err))
		}
	}()
	c.mu.Lock()
	c.local = svc
	c.stopped = func() {
		cancel()
		<-ran
		_ = svc.Close()
	}
	c.mu.Unlock()
	return svc, nil
}

func (c *Core) endLocal() {
	c.mu.Lock()
	stop := c.stopped
	c.local, c.stopped = nil, nil
	c.mu.Unlock()
	if stop != nil {
		stop()
	}
}

// client makes the typed client of a service: over the network, or straight into the one inside this program.
func (c *Core) client(base, token, id string) *wire.Client {
	w := &wire.Client{Base: base, Token: token, Service: id, Version: Version}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.local != nil {
		w.Base, w.HTTP = wire.LocalBase, &http.Client{Transport: service.Local(c.local)}
	}
	return w
}

// Way in names.
const (
	wayService = "service"
	wayLocal   = "local"
	wayExample = "example"
)

// localDir is where the service inside this program keeps its data. All of the example lies in one folder, so that it can be thrown away.
func (c *Core) localDir(way string) string {
	if way == wayExample {
		return filepath.Join(c.exampleDir(), "service")
	}
	return filepath.Join(c.dirs.Data, "service-"+way)
}

func (c *Core) exampleDir() string { return filepath.Join(c.dirs.Data, "example") }

// resume opens the session of the person who was here last.
func (c *Core) resume() error {
	st := c.state.get()
	if st.Way == wayLocal || st.Way == wayExample {
		if _, err := c.openLocal(c.localDir(st.Way), st.Name, nil); err != nil {
			return err
		}
	}
	token, _, err := c.tokens.Load(context.Background(), tokenKey(st))
	if err != nil {
		slog.Warn("no token", "error", traceOf(err))
	}
	if token == "" {
		c.notice("The sign-in could not be read from this computer's keyring. Please sign in again; everything waiting is kept.")
	}
	return c.begin(st, token)
}

// begin opens a session and makes it the present one.
func (c *Core) begin(st state, token string) error {
	s, err := openSession(c, st, token)
	if err != nil {
		return err
	}
	c.mu.Lock()
	old := c.session
	c.session = s
	c.mu.Unlock()
	if old != nil {
		old.Close()
	}
	s.run()
	c.Events.Publish(EventChanged, map[string]bool{"all": true})
	return nil
}

func tokenKey(st state) string { return st.Service + "/" + st.Account }

// notice keeps a sentence to be told once by the next face.
func (c *Core) notice(text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if slices.Contains(c.notices, text) {
		return
	}
	c.notices = append(c.notices, text)
}

// Invite opens the browser's way in, if it is not open, and makes an address that works once. The page begins at a place, or says why not.
func (c *Core) Invite(place string) (string, error) {
	c.want()
	c.mu.Lock()
	b := c.bridge
	c.mu.Unlock()
	if b == nil {
		var err error
		b, err = OpenBridge(BridgeOptions{Calls: c.pages, Events: c.Events, Pages: Pages(), Files: c.files(), DevOrigin: c.DevOrigin})
		if err != nil {
			return "", err
		}
		c.mu.Lock()
		c.bridge = b
		c.mu.Unlock()
		go func() {
			if err := b.Serve(); err != nil {
				slog.Error("browser face ended", "error", traceOf(err))
				c.mu.Lock()
				if c.bridge == b {
					c.bridge = nil
				}
				c.mu.Unlock()
			}
		}()
	}
	return b.Invite(c.beginAt(place)), nil
}

// takeShows answers other starts of the program for this data folder.
func (c *Core) takeShows(shows <-chan []string) {
	for {
		select {
		case <-c.done:
			return
		case args := <-shows:
			c.show(args)
		}
	}
}

func (c *Core) show(args []string) {
	place, browser := "", false
	for _, a := range args {
		switch {
		case a == "--browser":
			browser = true
		case len(a) > 0 && a[0] != '-':
			place = a
		}
	}
	c.mu.Lock()
	f := c.face
	c.mu.Unlock()
	if isLink(place) && !browser {
		c.ask(place)
		place = ""
	}
	if f != nil && !browser {
		f.Show(place)
		return
	}
	c.want()
	if f == nil && !browser && HasWindow && hasDisplay() {
		return // the window opens by itself
	}
	u, err := c.Invite(place)
	if err == nil {
		err = openBrowser(u)
	}
	if err != nil {
		slog.Error("show", "error", traceOf(err))
	}
}

// want notes that somebody wants to see the program.
func (c *Core) want() {
	select {
	case c.wanted <- struct{}{}:
	default:
	}
}

// idle keeps a program without a window while time is tracked or something waits, and reports whether a window is wanted then.
func (c *Core) idle() bool {
	quiet, pause := time.Now(), 200*time.Millisecond
	for {
		select {
		case <-c.done:
			return false
		case <-c.wanted:
			return true
		case <-time.After(pause):
		}
		s, err := c.here()
		if err != nil {
			return false
		}
		pause = 200 * time.Millisecond
		if s.busy() {
			quiet, pause = time.Now(), 5*time.Second // it will be busy for a while; nothing is asked often meanwhile
		}
		if time.Since(quiet) > idleLimit {
			return false
		}
	}
}

// windowOptions is what the window is given.
func (c *Core) windowOptions(hidden bool) WindowOptions {
	return WindowOptions{
		Bound: c.bound, Files: c.files(), Events: c.Events, Place: c.state.get().Window, Hidden: hidden,
		SavePlace: func(p WindowPlace) { _ = c.state.change(func(s *state) { s.Window = p }) },
		Stay:      c.stays,
		Closed:    c.saidHidden,
		Started:   c.faceStarted,
		Ready:     func() {},
		Stopped:   func(context.Context) { c.Close() },
		Dropped:   c.dropped,
		Open:      c.openLink,
	}
}

func (c *Core) faceStarted(f Face) {
	c.mu.Lock()
	c.face = f
	c.caps.Window = f.Kind() == "window"
	c.caps.Dialogs = f.Dialogs() != nil
	unread := c.unread
	c.mu.Unlock()
	f.Badge(unread)
	c.openTray()
}

// stays reports whether closing the window hides it: while a tray lives, or time is tracked.
func (c *Core) stays() bool {
	if c.trayLives() {
		return true
	}
	s, err := c.here()
	return err == nil && s.tracking()
}

// saidHidden says once that closing hides the window.
func (c *Core) saidHidden() {
	if c.state.get().SaidTray {
		return
	}
	_ = c.state.change(func(s *state) { s.SaidTray = true })
	c.tell("Trestle goes on in the tray", "Choose Quit there to end it.", "")
}

// dirOf is the folder of an account: its copy, its bytes, its captures.
func (c *Core) dirOf(st state) string {
	data := c.dirs.Data
	if st.Way == wayExample {
		data = c.exampleDir()
	}
	return filepath.Join(data, "accounts", fmt.Sprintf("%s-%s", st.Service, st.Account))
}
