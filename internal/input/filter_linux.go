package input

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// drainPause is how long the reader sleeps after it has emptied the socket. The server collects events meanwhile, so a thousand events a
// second cost four wake-ups; it is also the window in which any amount of scrolling counts once.
const drainPause = 250 * time.Millisecond

// X11 and XInput2 numbers used here.
const (
	xReply        = 1
	xGenericEvent = 35

	xiRawKeyPress    = 13
	xiRawButtonPress = 15
	xiRawMotion      = 17
)

// filter stands between the X server's socket and xgb, as a net.Conn. xgb knows neither XInput2 nor events longer than 32 bytes; filter
// passes errors and replies on, counts the raw input events and swallows every event.
//
// The socket is a blocking descriptor read by plain system calls. A net.Conn would sit in the runtime's epoll set, and every event would
// wake a thread of ours even while nobody reads.
type filter struct {
	fd    int
	setup []byte      // sent in place of the first Write: xgb cannot find the cookie of a connection it did not dial
	count func(batch) // called once per drain
	pause time.Duration

	xi atomic.Uint32 // major opcode of XInputExtension, 0 until listen

	in    []byte // read from the socket, not looked at yet
	store []byte // what in points into
	out   []byte // to be handed to xgb
	skip  int    // bytes of the current event still to be thrown away
	pass  int    // bytes of the current reply still to be handed on
	begun bool   // the server's answer to the setup has begun
	seen  batch
	dirty bool // events since the last pause

	hasty  atomic.Bool   // somebody waits for an answer: no pause
	hurry  chan struct{} // ends the present one
	until  time.Time     // when the present pause ends, which is a window of scrolling
	rolled bool          // its scrolling was told already

	wrote    bool
	once     sync.Once
	done     chan struct{}
	life     sync.RWMutex // read-held by whoever uses fd for writing or shutdown
	released bool
}

func newFilter(fd int, setup []byte, pause time.Duration, count func(batch)) *filter {
	f := &filter{fd: fd, setup: setup, pause: pause, count: count, store: make([]byte, 64<<10), hurry: make(chan struct{}, 1), done: make(chan struct{})}
	f.in = f.store[:0]
	return f
}

// Read hands errors and replies to xgb and sleeps in the kernel while there are none.
func (f *filter) Read(p []byte) (int, error) {
	for len(f.out) == 0 {
		f.parse()
		if len(f.out) > 0 {
			break
		}
		if f.dirty {
			if err := f.drained(); err != nil {
				return 0, err
			}
		}
		if err := f.fill(); err != nil {
			f.tell() // what came just before the end
			return 0, err
		}
	}
	f.tell() // before xgb hears the answer: whoever asked knows then that what was earlier is counted
	n := copy(p, f.out)
	f.out = f.out[n:]
	return n, nil
}

// drained reports the batch once the socket is empty, then lets the server collect the next one. A pause that somebody's hurry ended goes on
// afterwards, so that the windows of scrolling stay as long as they are.
func (f *filter) drained() error {
	if ready, err := readable(f.fd); err != nil || ready {
		return err
	}
	f.tell()
	if now := time.Now(); !now.Before(f.until) {
		f.until, f.rolled, f.dirty = now.Add(f.pause), false, false
	}
	if f.hasty.Load() {
		return nil
	}
	timer := time.NewTimer(time.Until(f.until))
	defer timer.Stop()
	select {
	case <-f.hurry:
		return nil
	case <-f.done:
		return net.ErrClosed
	case <-timer.C:
	}
	if f.rolled {
		if ready, err := readable(f.fd); err != nil || ready { // still of this window
			return err
		}
		f.rolled = false
	}
	return nil
}

// tell hands over what was counted. A window tells of its scrolling once.
func (f *filter) tell() {
	if f.rolled {
		f.seen.scrolls = 0
	}
	f.rolled = f.rolled || f.seen.scrolls > 0
	if f.seen != (batch{}) {
		f.count(f.seen)
	}
	f.seen = batch{}
}

// hasten lets the reader take what comes at once, until ease. Both may be called from any goroutine, by one at a time.
func (f *filter) hasten() {
	f.hasty.Store(true)
	select {
	case f.hurry <- struct{}{}:
	default:
	}
}

func (f *filter) ease() {
	f.hasty.Store(false)
	select {
	case <-f.hurry: // nobody was pausing
	default:
	}
}

// fill waits for at least one more byte.
func (f *filter) fill() error {
	from := cap(f.store) - cap(f.in) // where in begins in store
	rest := copy(f.store, f.in)
	clear(f.store[max(from, rest) : from+rest]) // no second copy of half an event stays behind
	for {
		n, err := syscall.Read(f.fd, f.store[rest:])
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case err != nil:
			return err
		case n <= 0:
			return io.EOF
		}
		f.in = f.store[:rest+n]
		return nil
	}
}

// parse takes as many whole units from in as there are.
func (f *filter) parse() {
	for len(f.in) > 0 {
		switch {
		case f.skip > 0:
			n := min(f.skip, len(f.in))
			clear(f.in[:n])
			f.in, f.skip = f.in[n:], f.skip-n
		case f.pass > 0:
			n := min(f.pass, len(f.in))
			f.out = append(f.out, f.in[:n]...)
			clear(f.in[:n])
			f.in, f.pass = f.in[n:], f.pass-n
		case !f.begun:
			if len(f.in) < 8 {
				return
			}
			f.begun = true
			f.pass = 8 + 4*int(binary.LittleEndian.Uint16(f.in[6:]))
		default:
			if len(f.in) < 32 {
				return
			}
			f.unit(f.in[:32])
		}
	}
}

// unit looks at the first 32 bytes of a message: an error (0), a reply (1) or an event.
func (f *filter) unit(u []byte) {
	more := 4 * int(binary.LittleEndian.Uint32(u[4:]))
	switch {
	case u[0] == 0:
		f.pass = 32
	case u[0] == xReply:
		f.pass = 32 + more
	case u[0] == xGenericEvent:
		if xi := f.xi.Load(); xi != 0 && uint32(u[1]) == xi {
			f.event(u)
		}
		f.skip = 32 + more
	default:
		f.skip = 32
	}
}

// event counts one raw event: by its type and, for buttons only, by the number that tells the wheel (4 to 7) from a click.
func (f *filter) event(u []byte) {
	switch binary.LittleEndian.Uint16(u[8:]) {
	case xiRawKeyPress:
		f.seen.keys++
	case xiRawButtonPress:
		if n := binary.LittleEndian.Uint32(u[16:]); n >= 4 && n <= 7 {
			f.seen.scrolls = 1
		} else {
			f.seen.clicks++
		}
	case xiRawMotion:
		f.seen.moved = true
	default:
		return
	}
	f.dirty = true
}

// listen tells the filter which opcode the server gave to XInputExtension; before that nothing is counted.
func (f *filter) listen(xi byte) { f.xi.Store(uint32(xi)) }

// Write sends a request; the first one, xgb's own greeting, is replaced by ours. xgb writes from one goroutine only.
func (f *filter) Write(p []byte) (int, error) {
	f.life.RLock()
	defer f.life.RUnlock()
	if f.released {
		return 0, net.ErrClosed
	}
	b := p
	if !f.wrote {
		b, f.wrote = f.setup, true
	}
	for len(b) > 0 {
		n, err := syscall.Write(f.fd, b)
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		if err != nil {
			return 0, err
		}
		b = b[n:]
	}
	return len(p), nil
}

// Close makes a parked Read return. The descriptor itself lives on until release, so that its number cannot be taken over by another
// file while somebody still reads from it.
func (f *filter) Close() error {
	f.once.Do(func() {
		close(f.done)
		f.life.RLock()
		defer f.life.RUnlock()
		if !f.released {
			_ = syscall.Shutdown(f.fd, syscall.SHUT_RDWR)
		}
	})
	return nil
}

// release gives the descriptor back. It is called when no Read runs any more.
func (f *filter) release() {
	_ = f.Close()
	f.life.Lock()
	defer f.life.Unlock()
	if !f.released {
		f.released = true
		_ = syscall.Close(f.fd)
	}
	clear(f.store)
}

// The rest of net.Conn; xgb uses none of it.

func (f *filter) LocalAddr() net.Addr              { return &net.UnixAddr{Net: "unix"} }
func (f *filter) RemoteAddr() net.Addr             { return &net.UnixAddr{Net: "unix"} }
func (f *filter) SetDeadline(time.Time) error      { return nil }
func (f *filter) SetReadDeadline(time.Time) error  { return nil }
func (f *filter) SetWriteDeadline(time.Time) error { return nil }
