package input

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"net"
	"path/filepath"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// wayland points the environment at a Wayland session without anything in it.
func wayland(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	t.Setenv("XDG_RUNTIME_DIR", dir)
	t.Setenv("WAYLAND_DISPLAY", "wayland-7")
	t.Setenv("DISPLAY", "")
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+filepath.Join(dir, "none"))
	return dir
}

// presences waits until the counter knows whether somebody is there, or no longer does.
func presences(t *testing.T, c *Counter, what string, is func() bool) {
	t.Helper()
	for last := time.Now().Add(time.Minute); !is(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(last) {
			t.Fatalf("%s: never", what)
		}
	}
	if got := c.Take(); got.Countable || got.Any() {
		t.Errorf("%s: counts %+v", what, got)
	}
}

func idling(c *Counter) bool  { return time.Since(c.LastInput()) >= idleAfter }
func knowing(c *Counter) bool { return c.Take().Presence }

// story is the same for each way a desktop tells of presence: known at the start, away, back, and not known when the desktop is gone.
func story(t *testing.T, away, back, lose func()) {
	t.Helper()
	c := counting(t)
	if c.Reason() == "" {
		t.Error("no reason is given for the blank counts")
	}
	presences(t, c, "presence", func() bool { return knowing(c) })
	if idling(c) {
		t.Error("whoever starts is there")
	}
	away()
	presences(t, c, "away", func() bool { return idling(c) })
	next := c.Next()
	back()
	select {
	case <-next:
	case <-time.After(time.Minute):
		t.Fatal("nobody told of the return")
	}
	if idling(c) {
		t.Error("idle after the return")
	}
	lose()
	presences(t, c, "the loss", func() bool { return !knowing(c) })
	if idling(c) {
		t.Error("somebody is called idle for a desktop that was lost")
	}
}

// mutter plays GNOME's idle monitor.
type mutter struct{ asked chan uint32 }

func (m *mutter) AddIdleWatch(ms uint64) (uint32, *dbus.Error) {
	if ms != uint64(idleAfter/time.Millisecond) {
		return 0, dbus.NewError("org.example.Wrong", nil)
	}
	return 4, nil
}
func (m *mutter) AddUserActiveWatch() (uint32, *dbus.Error) { m.asked <- 5; return 5, nil }
func (m *mutter) GetIdletime() (uint64, *dbus.Error)        { return 1500, nil }

// T-06: GNOME tells when somebody comes and goes; the counts stay blank.
func TestT06_PresenceByGNOME(t *testing.T) {
	wayland(t)
	address := bus(t)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
	conn, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	m := &mutter{make(chan uint32, 4)}
	if err := conn.Export(m, mutterPath, mutterName); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.RequestName(mutterName, dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	fire := func(id uint32) { _ = conn.Emit(mutterPath, mutterName+".WatchFired", id) }
	p := openPresence()
	l, err := mutterWay(t.Context(), func(bool) {})
	if err != nil {
		t.Fatal(err)
	}
	if d, ok := l.idle(); !ok || d != 1500*time.Millisecond {
		t.Errorf("the desktop's own idle time: %s, %t", d, ok)
	}
	if _, ok := p.idle(); ok {
		t.Error("an idle time of nobody")
	}
	story(t, func() { fire(99); fire(4); <-m.asked }, func() { fire(5) }, func() { _ = conn.Close() })
}

// compositor plays a Wayland compositor that speaks ext-idle-notify-v1 in the version given, 0 for not at all, and perhaps KDE's older way.
func compositor(t *testing.T, dir string, version, kde uint32) (say func(code uint16), end func()) {
	t.Helper()
	ear, err := net.Listen("unix", filepath.Join(dir, "wayland-7"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ear.Close() })
	ready := make(chan net.Conn, 1)
	go func() {
		conn, err := ear.Accept()
		if err != nil {
			return
		}
		in := bufio.NewReader(conn)
		want := func(object uint32, code uint16) []byte {
			o, c, body, err := hear(in)
			if err != nil || o != object || c != code {
				t.Errorf("asked %d.%d, want %d.%d (%v)", o, c, object, code, err)
			}
			return body
		}
		want(wlDisplay, wlGetRegistry)
		want(wlDisplay, wlSync)
		text := func(s string) []byte {
			b := append([]byte(s), 0)
			for len(b)%4 != 0 {
				b = append(b, 0)
			}
			return append(u32(uint32(len(s)+1)), b...)
		}
		var out []byte
		for i, g := range []struct {
			face    string
			version uint32
		}{{"wl_compositor", 6}, {"wl_seat", 9}, {"wl_seat", 8}, {"org_kde_kwin_idle", kde}, {"ext_idle_notifier_v1", version}} {
			if g.version > 0 {
				out = append(out, message(wlRegistry, wlGlobal, u32(uint32(i+10)), text(g.face), u32(g.version))...)
			}
		}
		out = append(out, message(wlDone, 0, u32(1))...)
		_, _ = conn.Write(out)
		if version+kde == 0 {
			_, _ = io.Copy(io.Discard, conn)
			return
		}
		if b := want(wlRegistry, wlBind); binary.NativeEndian.Uint32(b) != 11 {
			t.Errorf("another seat than the first: % x", b)
		}
		face := "ext_idle_notifier_v1"
		code, args := uint16(wlGetIdle), [3]uint32{wlIdle, 1000, wlSeat}
		switch version {
		case 0:
			face, code, args = "org_kde_kwin_idle", wlKDEGetIdle, [3]uint32{wlIdle, wlSeat, 1000}
		case 1:
		default:
			code = wlGetInputIdle
		}
		if b := want(wlRegistry, wlBind); !bytes.Contains(b, append([]byte(face), 0)) {
			t.Errorf("asked for another than %s: %q", face, b)
		}
		b := want(wlNotifier, code)
		for i, v := range args {
			if len(b) != 12 || binary.NativeEndian.Uint32(b[4*i:]) != v {
				t.Errorf("asked with % x, want %v", b, args)
				break
			}
		}
		ready <- conn
	}()
	var conn net.Conn
	take := func() net.Conn {
		if conn == nil {
			conn = <-ready
		}
		return conn
	}
	return func(code uint16) { _, _ = take().Write(message(wlIdle, code)) }, func() { take().Close() }
}

// T-06: compositors with ext-idle-notify tell the same, in either version of it, and those of KDE that know only their own way.
func TestT06_PresenceByTheCompositor(t *testing.T) {
	for _, speaks := range [][2]uint32{{1, 0}, {2, 0}, {0, 1}, {1, 1}} {
		say, end := compositor(t, wayland(t), speaks[0], speaks[1])
		story(t, func() { say(wlIdled) }, func() { say(wlResumed) }, end)
	}
}

// T-06: a desktop that tells of nothing calls nobody idle, and is left alone.
func TestT06_NoPresenceIsNoIdleness(t *testing.T) {
	compositor(t, wayland(t), 0, 0)
	c := counting(t)
	time.Sleep(idleAfter + 200*time.Millisecond)
	if c.Take().Presence || idling(c) {
		t.Error("a desktop that says nothing calls somebody idle")
	}
	if _, err := notifyWay(context.Background(), func(bool) {}); err == nil {
		t.Error("a compositor without idle times was taken")
	}
}

func FuzzWayland(f *testing.F) {
	f.Add(message(wlRegistry, wlGlobal, u32(1), u32(8), []byte("wl_seat\x00"), u32(1)))
	f.Fuzz(func(t *testing.T, said []byte) {
		here, there := net.Pipe()
		go func() { _, _ = there.Write(said); there.Close() }()
		go func() { _, _ = io.Copy(io.Discard, there) }()
		_ = greet(io.Discard, bufio.NewReader(here))
		here.Close()
	})
}
