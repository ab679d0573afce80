package input

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/godbus/dbus/v5"
)

// presence is the source of Wayland desktops: they tell nobody how much is typed and clicked, only that somebody began or ceased to. It
// counts nothing. Which desktop tells it in which way is found out anew at each start.
type presence struct {
	ways []way

	mu   sync.Mutex
	quit chan struct{}
	gone chan struct{}
	ask  func() (time.Duration, bool) // of the way that answered, nil without
}

// way is one manner in which a desktop tells of presence. It calls there for each change until ctx ends, and answers once it listens.
type way func(ctx context.Context, there func(bool)) (*listening, error)

// listening is a way that was found. ended is closed when the desktop has stopped telling; idle, which may be nil, asks it.
type listening struct {
	ended <-chan struct{}
	idle  func() (time.Duration, bool)
}

func openPresence() *presence { return &presence{ways: []way{notifyWay, mutterWay}} }

func (p *presence) start(c *Counter) error {
	quit, gone := make(chan struct{}), make(chan struct{})
	p.mu.Lock()
	p.quit, p.gone = quit, gone
	p.mu.Unlock()
	go func() {
		defer close(gone)
		p.keep(c, quit)
	}()
	return nil
}

func (p *presence) stop() {
	p.mu.Lock()
	quit, gone := p.quit, p.gone
	p.mu.Unlock()
	close(quit)
	<-gone
}

// keep listens until quit, and begins anew when the desktop was lost.
func (p *presence) keep(c *Counter, quit <-chan struct{}) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() { // a desktop that is asked and does not answer holds nobody up
		select {
		case <-quit:
			cancel()
		case <-ctx.Done():
		}
	}()
	for {
		l := p.find(ctx, c)
		if l != nil {
			p.set(l.idle)
			select {
			case <-quit:
				p.set(nil)
				return
			case <-l.ended:
				p.set(nil)
				c.unseen()
			}
		}
		wait := time.NewTimer(redialTime)
		select {
		case <-quit:
			wait.Stop()
			return
		case <-wait.C:
		}
	}
}

func (p *presence) find(ctx context.Context, c *Counter) *listening {
	for _, w := range p.ways {
		if l, err := w(ctx, c.there); err == nil {
			c.there(true) // whoever starts is there
			return l
		}
	}
	return nil
}

func (p *presence) set(ask func() (time.Duration, bool)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ask = ask
}

func (p *presence) fetch() bool { return true } // edges are told as they happen

func (p *presence) idle() (time.Duration, bool) {
	p.mu.Lock()
	ask := p.ask
	p.mu.Unlock()
	if ask == nil {
		return 0, false
	}
	return ask()
}

// Names of GNOME's idle monitor, from org.gnome.Mutter.IdleMonitor.xml.
const (
	mutterName = "org.gnome.Mutter.IdleMonitor"
	mutterPath = "/org/gnome/Mutter/IdleMonitor/Core"
	busName    = "org.freedesktop.DBus"
)

// mutterWay listens to GNOME's idle monitor on the session bus: one watch for becoming idle, which stays, and one for being back, which
// fires once.
func mutterWay(ctx context.Context, there func(bool)) (*listening, error) {
	conn, err := connect(ctx, dbus.SessionBusPrivateNoAutoStartup, func(ctx context.Context, c *dbus.Conn) error {
		if err := c.AddMatchSignalContext(ctx, dbus.WithMatchInterface(mutterName), dbus.WithMatchMember("WatchFired"), dbus.WithMatchObjectPath(mutterPath)); err != nil {
			return err
		}
		return c.AddMatchSignalContext(ctx, dbus.WithMatchInterface(busName), dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, mutterName))
	})
	if err != nil {
		return nil, err
	}
	monitor := conn.Object(mutterName, mutterPath)
	ask := func(method string, out any, args ...any) error {
		ctx, cancel := context.WithTimeout(ctx, answerTime)
		defer cancel()
		return monitor.CallWithContext(ctx, mutterName+"."+method, 0, args...).Store(out)
	}
	signals := make(chan *dbus.Signal, 32)
	conn.Signal(signals)
	var away uint32
	if err := ask("AddIdleWatch", &away, uint64(idleAfter/time.Millisecond)); err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("ask the desktop for idle times: %w", err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer conn.Close()
		var back uint32
		for {
			var s *dbus.Signal
			var ok bool
			select {
			case <-ctx.Done():
				return
			case s, ok = <-signals:
			}
			if !ok {
				return
			}
			if s.Name == busName+".NameOwnerChanged" {
				return // another desktop, or none: its watches are gone with it
			}
			id, is := uint32(0), false
			if s.Name == mutterName+".WatchFired" && len(s.Body) == 1 {
				id, is = s.Body[0].(uint32)
			}
			switch {
			case !is:
			case id == away:
				if err := ask("AddUserActiveWatch", &back); err != nil {
					return
				}
				there(false)
			case back != 0 && id == back:
				back = 0
				there(true)
			}
		}
	}()
	return &listening{ended, func() (time.Duration, bool) {
		var ms uint64
		err := ask("GetIdletime", &ms)
		return time.Duration(ms) * time.Millisecond, err == nil
	}}, nil
}

// waylandSocket is where the compositor listens.
func waylandSocket() (string, error) {
	name := os.Getenv("WAYLAND_DISPLAY")
	switch dir := os.Getenv("XDG_RUNTIME_DIR"); {
	case name == "":
		name = "wayland-0"
		fallthrough
	case !filepath.IsAbs(name):
		if dir == "" {
			return "", errors.New("$XDG_RUNTIME_DIR is not set")
		}
		return filepath.Join(dir, name), nil
	}
	return name, nil
}
