package input

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/screensaver"
	"github.com/jezek/xgb/xproto"
)

// redialTime passes between attempts to come back to a lost display.
const redialTime = 30 * time.Second

// open decides between X11, Wayland and nothing at all.
func open(ctx context.Context) (source, string, error) {
	if os.Getenv("WAYLAND_DISPLAY") != "" || strings.EqualFold(os.Getenv("XDG_SESSION_TYPE"), "wayland") {
		return openPresence(), "Wayland does not tell programs about keys and clicks outside their own window. Time is tracked; input counts stay blank.", nil
	}
	name := os.Getenv("DISPLAY")
	if name == "" {
		return nil, "", fmt.Errorf("$DISPLAY is not set: %w", ErrNoDisplay)
	}
	x := &x11{display: name, pause: drainPause, redial: redialTime}
	type probe struct {
		link *link
		err  error
	}
	done := make(chan probe, 1)
	go func() {
		l, err := x.dial(func(batch) {})
		done <- probe{l, err}
	}()
	limit := time.NewTimer(answerTime)
	defer limit.Stop()
	var err error
	select {
	case p := <-done:
		if p.err == nil {
			p.link.close()
			return x, "", nil
		}
		err = p.err
	case <-limit.C:
		err = errors.New("it does not answer")
	case <-ctx.Done():
		err = ctx.Err()
	}
	go func() { // an answer that comes after all
		if p := <-done; p.link != nil {
			p.link.close()
		}
	}()
	if err == ctx.Err() && err != nil {
		return nil, "", fmt.Errorf("open display %s: %w", name, err)
	}
	return nil, "", fmt.Errorf("open display %s: %w: %w", name, ErrNoDisplay, err)
}

// x11 counts by XInput2 raw events, which every client may read without a grab and without being the focus. The requests and their
// layout are those of the X Input Extension 2.2 protocol.
type x11 struct {
	display string
	pause   time.Duration
	redial  time.Duration

	mu   sync.Mutex
	link *link // nil while lost
	quit chan struct{}
	gone chan struct{}
}

// link is one connection to the server: a blocking descriptor, the filter over it and xgb over that.
type link struct {
	filter *filter
	conn   *xgb.Conn
	saver  bool
	ended  chan struct{} // closed when nobody reads the descriptor any more
}

var quietXgb = sync.OnceFunc(func() { xgb.Logger = log.New(io.Discard, "", 0) }) // it writes to stderr on every normal close

// start connects and begins to count, now or as soon as the display is back.
func (x *x11) start(c *Counter) error {
	l, err := x.dial(c.add)
	if err != nil {
		l = nil
		c.broke()
	}
	x.mu.Lock()
	x.link, x.quit, x.gone = l, make(chan struct{}), make(chan struct{})
	x.mu.Unlock()
	go x.keep(c, l)
	return nil
}

// keep holds the connection until stop, and comes back to a display that went away.
func (x *x11) keep(c *Counter, l *link) {
	defer close(x.gone)
	for {
		if l != nil {
			select {
			case <-x.quit:
				l.close()
				return
			case <-l.ended:
			}
			l.close()
			x.set(nil)
			c.broke()
		}
		for l = nil; l == nil; {
			wait := time.NewTimer(x.redial)
			select {
			case <-x.quit:
				wait.Stop()
				return
			case <-wait.C:
			}
			l, _ = x.dial(c.add)
		}
		x.set(l)
		c.found()
	}
}

func (x *x11) set(l *link) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.link = l
}

func (x *x11) stop() {
	close(x.quit)
	<-x.gone
	x.set(nil)
}

// found says that counting is possible again.
func (c *Counter) found() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.down = false
	c.last = time.Now() // nobody knows what happened in between; that is no reason to call somebody idle
}

// fetch asks the server for something it answers at once: it answers in order, so what it knew of before stands before the answer.
func (x *x11) fetch() bool {
	l := x.now()
	if l == nil {
		return true // known already
	}
	answer := make(chan struct{})
	go func() {
		defer close(answer)
		l.filter.hasten()
		defer l.filter.ease()
		_, _ = xproto.GetInputFocus(l.conn).Reply()
	}()
	limit := time.NewTimer(answerTime)
	defer limit.Stop()
	select {
	case <-answer:
		return true
	case <-limit.C: // keep comes back to it
		_ = l.filter.Close()
		return false
	}
}

// now is the present connection, nil while there is none.
func (x *x11) now() *link {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.link
}

// idle asks the screen saver extension.
func (x *x11) idle() (time.Duration, bool) {
	l := x.now()
	if l == nil || !l.saver {
		return 0, false
	}
	answer := make(chan time.Duration, 1)
	go func() {
		root := xproto.Setup(l.conn).DefaultScreen(l.conn).Root
		if r, err := screensaver.QueryInfo(l.conn, xproto.Drawable(root)).Reply(); err == nil && r != nil {
			answer <- time.Duration(r.MsSinceUserInput) * time.Millisecond
		}
	}()
	limit := time.NewTimer(answerTime)
	defer limit.Stop()
	select {
	case d := <-answer:
		return d, true
	case <-limit.C:
		return 0, false
	}
}

// dial connects, greets with the right cookie and asks for raw events of all master devices.
func (x *x11) dial(count func(batch)) (*link, error) {
	quietXgb()
	fd, setup, err := dialDisplay(x.display)
	if err != nil {
		return nil, err
	}
	f := newFilter(fd, setup, x.pause, count)
	guard := time.AfterFunc(answerTime, func() { _ = f.Close() }) // a server that hangs during the greeting
	conn, err := xgb.NewConnNet(f)
	if err != nil {
		guard.Stop()
		f.release()
		return nil, err
	}
	l := &link{filter: f, conn: conn, ended: make(chan struct{})}
	go func() { // nothing but errors comes out here; the end of it is the end of the connection
		defer close(l.ended)
		for {
			if ev, err := conn.WaitForEvent(); ev == nil && err == nil {
				return
			}
		}
	}()
	err = l.subscribe()
	if !guard.Stop() && err == nil {
		err = errors.New("it does not answer")
	}
	if err != nil {
		l.close()
		return nil, err
	}
	return l, nil
}

// close ends the connection and waits until nobody reads from it.
func (l *link) close() {
	_ = l.filter.Close()
	<-l.ended
	l.conn.Close()
	l.filter.release()
}

// Requests of XInputExtension, from XI2proto.h.
const (
	xiSelectEvents = 46
	xiQueryVersion = 47
	xiAllMasters   = 1
)

// subscribe sends XIQueryVersion 2.2, without which a server gives no raw events while another client holds a grab, and XISelectEvents.
func (l *link) subscribe() error {
	const name = "XInputExtension"
	ext, err := xproto.QueryExtension(l.conn, uint16(len(name)), name).Reply()
	switch {
	case err != nil:
		return fmt.Errorf("ask for %s: %w", name, err)
	case ext == nil:
		return errors.New("the connection ended")
	case !ext.Present:
		return errors.New("it has no " + name)
	}
	le := binary.LittleEndian

	version := make([]byte, 8)
	version[0], version[1] = ext.MajorOpcode, xiQueryVersion
	le.PutUint16(version[2:], 2)
	le.PutUint16(version[4:], 2)
	le.PutUint16(version[6:], 2)
	cookie := l.conn.NewCookie(true, true)
	l.conn.NewRequest(version, cookie)
	reply, err := cookie.Reply()
	if err != nil {
		return fmt.Errorf("ask for XInput 2.2: %w", err)
	}
	if len(reply) < 32 || le.Uint16(reply[8:]) < 2 {
		return errors.New("its XInput is older than 2")
	}

	sel := make([]byte, 20)
	sel[0], sel[1] = ext.MajorOpcode, xiSelectEvents
	le.PutUint16(sel[2:], 5)
	le.PutUint32(sel[4:], uint32(xproto.Setup(l.conn).DefaultScreen(l.conn).Root))
	le.PutUint16(sel[8:], 1) // one mask
	le.PutUint16(sel[12:], xiAllMasters)
	le.PutUint16(sel[14:], 1) // of one word
	le.PutUint32(sel[16:], 1<<xiRawKeyPress|1<<xiRawButtonPress|1<<xiRawMotion)
	l.filter.listen(ext.MajorOpcode)
	cookie = l.conn.NewCookie(true, false)
	l.conn.NewRequest(sel, cookie)
	if err := cookie.Check(); err != nil {
		return fmt.Errorf("ask for raw events: %w", err)
	}
	l.saver = screensaver.Init(l.conn) == nil
	return nil
}
