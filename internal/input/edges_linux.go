package input

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"syscall"

	"github.com/godbus/dbus/v5"
)

const (
	loginName    = "org.freedesktop.login1"
	loginPath    = "/org/freedesktop/login1"
	loginManager = loginName + ".Manager"
	loginSession = loginName + ".Session"
	properties   = "org.freedesktop.DBus.Properties"
)

// screenSavers are the interfaces whose ActiveChanged tells of the lock on desktops that do not keep logind's LockedHint.
var screenSavers = []string{"org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver", "org.cinnamon.ScreenSaver", "org.mate.ScreenSaver"}

// edges listens to logind on the system bus and to the screen savers on the session bus, over connections of its own: a shared one may be
// closed by somebody else. Either bus may be missing.
func edges(ctx context.Context) (<-chan Edge, error) {
	type answer struct {
		conn *dbus.Conn
		err  error
	}
	ask := func(open func(...dbus.ConnOption) (*dbus.Conn, error), prepare func(context.Context, *dbus.Conn) error) <-chan answer {
		out := make(chan answer, 1)
		go func() {
			conn, err := connect(ctx, open, prepare)
			out <- answer{conn, err}
		}()
		return out
	}
	l := &logind{out: make(chan Edge, 8)}
	system := ask(dbus.SystemBusPrivate, l.prepare)
	active := false
	session := ask(dbus.SessionBusPrivateNoAutoStartup, func(ctx context.Context, c *dbus.Conn) (err error) {
		active, err = watchSavers(ctx, c)
		return err
	})
	sys, ses := <-system, <-session
	if sys.err != nil && ses.err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoEdges, errors.Join(sys.err, ses.err))
	}
	// Each connection closes its channel when it ends, so they cannot share one.
	listen := func(c *dbus.Conn) chan *dbus.Signal {
		if c == nil {
			return nil
		}
		ch := make(chan *dbus.Signal, 32)
		c.Signal(ch)
		return ch
	}
	fromSystem, fromSession := listen(sys.conn), listen(ses.conn)
	if sys.conn != nil {
		l.conn = sys.conn
		l.hold(ctx)
	}
	if sys.conn != nil && l.hinted || ses.conn != nil && active { // since before this program began
		l.state.fresh(Locked)
		l.out <- Edge{Kind: Locked, Done: func() {}}
	}
	go func() {
		l.run(ctx, fromSystem, fromSession)
		for _, c := range []*dbus.Conn{sys.conn, ses.conn} {
			if c != nil {
				_ = c.Close()
			}
		}
		l.release()
		close(l.out)
	}()
	return l.out, nil
}

// connect opens a bus within answerTime, or gives it up: a bus daemon may accept and never answer.
func connect(ctx context.Context, open func(...dbus.ConnOption) (*dbus.Conn, error), prepare func(context.Context, *dbus.Conn) error) (*dbus.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	type answer struct {
		conn *dbus.Conn
		err  error
	}
	var mu sync.Mutex
	var opened *dbus.Conn // for closing it when time is up while it is still being greeted
	gone := false
	done := make(chan answer, 1)
	go func() {
		conn, err := open()
		if err != nil {
			done <- answer{nil, err}
			return
		}
		mu.Lock()
		opened = conn
		late := gone
		mu.Unlock()
		if late {
			_ = conn.Close()
			return
		}
		if err = conn.Auth(nil); err == nil {
			if err = conn.Hello(); err == nil {
				err = prepare(ctx, conn)
			}
		}
		if err != nil {
			_ = conn.Close()
			conn = nil
		}
		done <- answer{conn, err}
	}()
	select {
	case a := <-done:
		return a.conn, a.err
	case <-ctx.Done():
		mu.Lock()
		gone = true
		conn := opened
		mu.Unlock()
		if conn != nil {
			go conn.Close() // may wait for the greeting's lock
		}
		return nil, fmt.Errorf("the bus does not answer: %w", ctx.Err())
	}
}

// watchSavers asks for their signals, and whether one of them covers the screen already. One that does not answer is still listened to.
func watchSavers(ctx context.Context, c *dbus.Conn) (active bool, err error) {
	for _, name := range screenSavers {
		if err := c.AddMatchSignalContext(ctx, dbus.WithMatchInterface(name), dbus.WithMatchMember("ActiveChanged")); err != nil {
			return false, err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, answerTime/2)
	defer cancel()
	var asked []*dbus.Call
	for _, name := range screenSavers {
		path := dbus.ObjectPath("/" + strings.ReplaceAll(name, ".", "/"))
		asked = append(asked, c.Object(name, path).GoWithContext(ctx, name+".GetActive", dbus.FlagNoAutoStart, make(chan *dbus.Call, 1)))
	}
	for _, call := range asked {
		var on bool
		active = (<-call.Done).Store(&on) == nil && on || active
	}
	return active, nil
}

// logind turns signals into edges and holds the delay inhibitor.
type logind struct {
	out     chan Edge
	conn    *dbus.Conn
	session dbus.ObjectPath // "" = not known; then any session's word counts for none
	state   edgeState
	hinted  bool // it was locked at the start

	mu   sync.Mutex
	hand int // the inhibitor's descriptor, -1 without
	held bool
}

// prepare asks logind for the signals and finds out which session is ours.
func (l *logind) prepare(ctx context.Context, c *dbus.Conn) error {
	manager := c.Object(loginName, loginPath)
	find := func(method string, arg any) bool {
		return manager.CallWithContext(ctx, loginManager+"."+method, 0, arg).Store(&l.session) == nil
	}
	if id := os.Getenv("XDG_SESSION_ID"); id == "" || !find("GetSession", id) {
		if !find("GetSessionByPID", uint32(os.Getpid())) {
			// A program of the user's service manager belongs to no session; the user's graphical one is meant.
			var user dbus.ObjectPath
			var display struct {
				ID   string
				Path dbus.ObjectPath
			}
			if manager.CallWithContext(ctx, loginManager+".GetUser", 0, uint32(os.Getuid())).Store(&user) == nil {
				var v dbus.Variant
				if c.Object(loginName, user).CallWithContext(ctx, properties+".Get", 0, loginName+".User", "Display").Store(&v) == nil &&
					v.Store(&display) == nil && display.ID != "" {
					l.session = display.Path
				}
			}
		}
	}
	if err := c.AddMatchSignalContext(ctx, dbus.WithMatchSender(loginName), dbus.WithMatchInterface(loginManager), dbus.WithMatchMember("PrepareForSleep")); err != nil {
		return err
	}
	if l.session == "" || l.session == "/" {
		l.session = ""
		return nil
	}
	if err := c.AddMatchSignalContext(ctx, dbus.WithMatchSender(loginName), dbus.WithMatchInterface(loginSession), dbus.WithMatchObjectPath(l.session)); err != nil {
		return err
	}
	if err := c.AddMatchSignalContext(ctx, dbus.WithMatchSender(loginName), dbus.WithMatchInterface(properties), dbus.WithMatchObjectPath(l.session)); err != nil {
		return err
	}
	var hint dbus.Variant
	if c.Object(loginName, l.session).CallWithContext(ctx, properties+".Get", 0, loginSession, "LockedHint").Store(&hint) == nil {
		l.hinted, _ = hint.Value().(bool)
	}
	return nil
}

// hold takes the delay inhibitor, so that the system waits for us before it sleeps. Without one sleep is still told, only later.
func (l *logind) hold(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	var fd dbus.UnixFD
	err := l.conn.Object(loginName, loginPath).CallWithContext(ctx, loginManager+".Inhibit", 0,
		"sleep", "Trestle", "Writes the tracked time to disk", "delay").Store(&fd)
	if err != nil {
		return
	}
	l.release()
	l.mu.Lock()
	l.hand, l.held = int(fd), true
	l.mu.Unlock()
}

func (l *logind) release() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held {
		_ = syscall.Close(l.hand)
		l.held = false
	}
}

// run passes edges on until ctx ends or both buses are gone.
func (l *logind) run(ctx context.Context, system, session <-chan *dbus.Signal) {
	for system != nil || session != nil {
		var s *dbus.Signal
		var ok bool
		select {
		case <-ctx.Done():
			return
		case s, ok = <-system:
			if !ok {
				system = nil
			}
		case s, ok = <-session:
			if !ok {
				session = nil
			}
		}
		if !ok {
			continue
		}
		kind, ok := l.kind(s)
		if !ok || !l.state.fresh(kind) {
			continue
		}
		if kind == Woke {
			l.hold(ctx)
		}
		e := Edge{Kind: kind, Done: func() {}}
		if kind == Sleeping {
			e.Done = l.release
		}
		select {
		case l.out <- e:
		case <-ctx.Done():
			return
		}
	}
}

// kind reads a signal.
func (l *logind) kind(s *dbus.Signal) (EdgeKind, bool) {
	truth := func(i int) (is, ok bool) {
		if i < len(s.Body) {
			is, ok = s.Body[i].(bool)
		}
		return is, ok
	}
	lock := func(locked bool) EdgeKind {
		if locked {
			return Locked
		}
		return Unlocked
	}
	switch s.Name {
	case loginManager + ".PrepareForSleep":
		sleeping, ok := truth(0)
		if sleeping {
			return Sleeping, ok
		}
		return Woke, ok
	case loginSession + ".Lock":
		return Locked, s.Path == l.session
	case loginSession + ".Unlock":
		return Unlocked, s.Path == l.session
	case properties + ".PropertiesChanged":
		if s.Path != l.session || len(s.Body) < 2 || s.Body[0] != loginSession {
			return "", false
		}
		changed, _ := s.Body[1].(map[string]dbus.Variant)
		hint, ok := changed["LockedHint"].Value().(bool)
		return lock(hint), ok
	}
	for _, name := range screenSavers {
		if s.Name == name+".ActiveChanged" {
			active, ok := truth(0)
			return lock(active), ok
		}
	}
	return "", false
}
