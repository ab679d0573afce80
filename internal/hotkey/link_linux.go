package hotkey

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"

	"trestle/internal/input"
)

// answerTime is how long the X server may take for an answer.
const answerTime = 2 * time.Second

// Numbers of the X11 core protocol, from X.h and Xproto.h.
const (
	xError         = 0
	xReply         = 1
	xKeyPress      = 2
	xKeyRelease    = 3
	xMapping       = 34
	xGeneric       = 35
	xBadAccess     = 10
	opGrabKey      = 33
	opUngrabKey    = 34
	opInputFocus   = 43
	opKeyboard     = 101
	opModifiers    = 119
	maxReply       = 1 << 20
	anyModifier    = 0x8000
	pointerMapping = 2
)

var le = binary.LittleEndian

// link is a connection to an X server that speaks just what grabs need. xgb is not used, because it looks every event up in tables that
// other connections change without a lock when they begin.
type link struct {
	conn     io.ReadWriteCloser
	packets  chan []byte // replies, errors and events as they come; closed at the end of the connection
	quit     chan struct{}
	root     uint32
	low, top byte // keycodes
	sent     uint16
	later    [][]byte // events that came while an answer was waited for
}

// dial connects and greets.
func dial(display string) (*link, error) {
	conn, greeting, err := input.DialDisplay(display)
	if err != nil {
		return nil, err
	}
	l := &link{conn: conn, packets: make(chan []byte, 64), quit: make(chan struct{})}
	guard := time.AfterFunc(answerTime, func() { _ = conn.Close() })
	err = l.greet(greeting)
	if !guard.Stop() && err == nil {
		err = errors.New("it does not answer")
	}
	if err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("greet display %s: %w", display, err)
	}
	go l.read()
	return l, nil
}

// greet sends the setup and takes the root window and the range of keycodes from the answer.
func (l *link) greet(greeting []byte) error {
	if _, err := l.conn.Write(greeting); err != nil {
		return err
	}
	head := make([]byte, 8)
	if _, err := io.ReadFull(l.conn, head); err != nil {
		return err
	}
	body := make([]byte, 4*int(le.Uint16(head[6:])))
	if _, err := io.ReadFull(l.conn, body); err != nil {
		return err
	}
	if head[0] != 1 {
		return errors.New("it lets nobody in")
	}
	if len(body) < 32 {
		return errors.New("its answer is too short")
	}
	screens := 32 + (int(le.Uint16(body[16:]))+3)&^3 + 8*int(body[21])
	if len(body) < screens+40 {
		return errors.New("it has no screen")
	}
	l.low, l.top, l.root = body[26], body[27], le.Uint32(body[screens:])
	if l.low > l.top {
		return errors.New("it has no keys")
	}
	return nil
}

// read hands packets on until the connection ends.
func (l *link) read() {
	defer close(l.packets)
	for {
		p := make([]byte, 32)
		if _, err := io.ReadFull(l.conn, p); err != nil {
			return
		}
		if p[0] == xReply || p[0]&0x7f == xGeneric {
			more := 4 * uint64(le.Uint32(p[4:]))
			if more > maxReply {
				_ = l.conn.Close()
				return
			}
			p = append(p, make([]byte, more)...)
			if _, err := io.ReadFull(l.conn, p[32:]); err != nil {
				return
			}
		}
		select {
		case l.packets <- p:
		case <-l.quit:
			return
		}
	}
}

// ask sends requests and one more that is answered for certain, and waits for that. It answers the errors of the requests by their place, and
// their replies. Events that come meanwhile are kept for later.
func (l *link) ask(requests ...[]byte) (replies map[int][]byte, failed map[int]byte, err error) {
	first := l.sent + 1
	var all []byte
	for _, r := range append(requests, []byte{opInputFocus, 0, 1, 0}) {
		all = append(all, r...)
		l.sent++
	}
	if _, err := l.conn.Write(all); err != nil {
		return nil, nil, err
	}
	replies, failed = map[int][]byte{}, map[int]byte{}
	limit := time.NewTimer(answerTime)
	defer limit.Stop()
	for {
		select {
		case p, ok := <-l.packets:
			if !ok {
				return nil, nil, errors.New("the connection ended")
			}
			place := int(le.Uint16(p[2:]) - first)
			switch {
			case p[0] == xReply && place == len(requests):
				return replies, failed, nil
			case p[0] == xReply:
				replies[place] = p
			case p[0] == xError:
				failed[place] = p[1]
			default:
				l.later = append(l.later, p)
			}
		case <-limit.C:
			return nil, nil, errors.New("it does not answer")
		}
	}
}

func (l *link) close() {
	close(l.quit)
	_ = l.conn.Close()
}

// grabKey asks for a key with exactly these modifiers, from every window.
func (l *link) grabKey(code byte, mods uint16) []byte {
	b := make([]byte, 16)
	b[0], b[2], b[10], b[11], b[12] = opGrabKey, 4, code, 1, 1 // asynchronous both
	le.PutUint32(b[4:], l.root)
	le.PutUint16(b[8:], mods)
	return b
}

// ungrabKey gives it back; code 0 is every key.
func (l *link) ungrabKey(code byte, mods uint16) []byte {
	b := make([]byte, 12)
	b[0], b[1], b[2] = opUngrabKey, code, 3
	le.PutUint32(b[4:], l.root)
	le.PutUint16(b[8:], mods)
	return b
}

// keyboardRequest asks which symbols are on the keys, modifiersRequest which keys are modifiers.
func (l *link) keyboardRequest() []byte {
	return []byte{opKeyboard, 0, 2, 0, l.low, l.top - l.low + 1, 0, 0}
}

func modifiersRequest() []byte { return []byte{opModifiers, 0, 1, 0} }
