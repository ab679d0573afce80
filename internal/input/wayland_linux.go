package input

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// Objects that the client makes, by number, and opcodes, from wayland.xml, ext-idle-notify-v1.xml and, of KDE before 5.27, idle.xml: its
// events have the same numbers, its request takes the seat before the time.
const (
	wlDisplay  = 1
	wlRegistry = 2
	wlDone     = 3
	wlSeat     = 4
	wlNotifier = 5
	wlIdle     = 6

	wlSync, wlGetRegistry = 0, 1
	wlBind                = 0
	wlError               = 0
	wlGlobal              = 0
	wlGetIdle             = 1 // obeys what keeps the screen awake, such as a film
	wlGetInputIdle        = 2 // input alone, since version 2
	wlKDEGetIdle          = 0
	wlIdled, wlResumed    = 0, 1
	wlLargest             = 4096 // bytes of a message
)

// notifyWay listens to a compositor that speaks ext-idle-notify-v1, or org_kde_kwin_idle where only that is known. It speaks the few requests it needs itself; no window is made.
func notifyWay(ctx context.Context, there func(bool)) (*listening, error) {
	path, err := waylandSocket()
	if err != nil {
		return nil, err
	}
	var d net.Dialer
	dialing, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	conn, err := d.DialContext(dialing, "unix", path)
	if err != nil {
		return nil, fmt.Errorf("connect to the compositor: %w", err)
	}
	in := bufio.NewReader(conn)
	_ = conn.SetDeadline(time.Now().Add(answerTime))
	if err := greet(conn, in); err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("ask the compositor for idle times: %w", err)
	}
	_ = conn.SetDeadline(time.Time{})
	ended := make(chan struct{})
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	go func() {
		defer close(ended)
		defer conn.Close()
		defer stop()
		for {
			object, code, _, err := hear(in)
			switch {
			case err != nil, object == wlDisplay && code == wlError:
				return
			case object == wlIdle && code == wlIdled:
				there(false)
			case object == wlIdle && code == wlResumed:
				there(true)
			}
		}
	}()
	return &listening{ended: ended}, nil
}

// greet finds the seat and the notifier among the compositor's globals and asks for the notification.
func greet(out io.Writer, in *bufio.Reader) error {
	hello := append(message(wlDisplay, wlGetRegistry, u32(wlRegistry)), message(wlDisplay, wlSync, u32(wlDone))...)
	if _, err := out.Write(hello); err != nil {
		return err
	}
	type global struct{ name, version uint32 }
	found := map[string]global{}
	for {
		object, code, body, err := hear(in)
		if err != nil {
			return err
		}
		if object == wlDisplay && code == wlError {
			return errors.New("it refused")
		}
		if object == wlDone {
			break
		}
		if object != wlRegistry || code != wlGlobal || len(body) < 8 {
			continue
		}
		name, face, rest, ok := nameAndText(body)
		if ok && len(rest) == 4 {
			if _, had := found[face]; !had {
				found[face] = global{name, binary.NativeEndian.Uint32(rest)}
			}
		}
	}
	seat, some := found["wl_seat"]
	notifier, tells := found["ext_idle_notifier_v1"]
	old, kde := found["org_kde_kwin_idle"]
	after := u32(uint32(idleAfter / time.Millisecond))
	ask := bind(seat.name, "wl_seat", 1, wlSeat)
	switch {
	case !some || !tells && !kde:
		return errors.New("it does not tell of idle times")
	case tells && notifier.version >= 2:
		ask = append(ask, bind(notifier.name, "ext_idle_notifier_v1", 2, wlNotifier)...)
		ask = append(ask, message(wlNotifier, wlGetInputIdle, u32(wlIdle), after, u32(wlSeat))...)
	case tells:
		ask = append(ask, bind(notifier.name, "ext_idle_notifier_v1", 1, wlNotifier)...)
		ask = append(ask, message(wlNotifier, wlGetIdle, u32(wlIdle), after, u32(wlSeat))...)
	default:
		ask = append(ask, bind(old.name, "org_kde_kwin_idle", 1, wlNotifier)...)
		ask = append(ask, message(wlNotifier, wlKDEGetIdle, u32(wlIdle), u32(wlSeat), after)...)
	}
	_, err := out.Write(ask)
	return err
}

// hear reads one message. The bytes of its body are valid until the next.
func hear(in *bufio.Reader) (object uint32, code uint16, body []byte, err error) {
	var head [8]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return 0, 0, nil, err
	}
	object = binary.NativeEndian.Uint32(head[:])
	what := binary.NativeEndian.Uint32(head[4:])
	size := int(what >> 16)
	if size < 8 || size > wlLargest || size%4 != 0 {
		return 0, 0, nil, errors.New("a message of an impossible size")
	}
	body = make([]byte, size-8)
	_, err = io.ReadFull(in, body)
	return object, uint16(what), body, err
}

// nameAndText reads a number and a string, and what follows.
func nameAndText(b []byte) (name uint32, text string, rest []byte, ok bool) {
	name, n := binary.NativeEndian.Uint32(b), binary.NativeEndian.Uint32(b[4:])
	whole := (uint64(n) + 3) / 4 * 4
	if n == 0 || whole > uint64(len(b)-8) {
		return 0, "", nil, false
	}
	return name, string(b[8 : 8+n-1]), b[8+whole:], true
}

func u32(v uint32) []byte { return binary.NativeEndian.AppendUint32(nil, v) }

// message puts a request together.
func message(object uint32, code uint16, args ...[]byte) []byte {
	size := 8
	for _, a := range args {
		size += len(a)
	}
	out := append(u32(object), u32(uint32(size)<<16|uint32(code))...)
	for _, a := range args {
		out = append(out, a...)
	}
	return out
}

// bind asks for a global under a number of ours.
func bind(name uint32, face string, version, id uint32) []byte {
	text := append([]byte(face), 0)
	for len(text)%4 != 0 {
		text = append(text, 0)
	}
	return message(wlRegistry, wlBind, u32(name), u32(uint32(len(face)+1)), text, u32(version), u32(id))
}
