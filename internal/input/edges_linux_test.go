package input

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// bus starts a private bus daemon.
func bus(t *testing.T) (address string) {
	t.Helper()
	bin, err := exec.LookPath("dbus-daemon")
	if err != nil {
		t.Skip("no dbus-daemon here")
	}
	cmd := exec.Command(bin, "--session", "--nofork", "--print-address")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line)
}

// login plays logind on a bus.
type login struct {
	t    *testing.T
	conn *dbus.Conn

	mu    sync.Mutex
	pipes []*os.File // our ends; the end of file says that the inhibitor was released
	given []*os.File // the ends handed out
}

const ourSession = dbus.ObjectPath("/org/freedesktop/login1/session/_32")

func (l *login) GetSession(id string) (dbus.ObjectPath, *dbus.Error) {
	if id != "2" {
		return "", dbus.NewError("org.freedesktop.login1.NoSuchSession", nil)
	}
	return ourSession, nil
}

func (l *login) Inhibit(what, who, why, mode string) (dbus.UnixFD, *dbus.Error) {
	if what != "sleep" || mode != "delay" || who == "" || why == "" {
		return 0, dbus.NewError("org.example.Wrong", nil)
	}
	r, w, err := os.Pipe()
	if err != nil {
		return 0, dbus.MakeFailedError(err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pipes = append(l.pipes, r)
	l.given = append(l.given, w)
	return dbus.UnixFD(w.Fd()), nil
}

func (l *login) inhibitors() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.pipes)
}

func newLogin(t *testing.T) *login {
	t.Helper()
	address := bus(t)
	t.Setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", bus(t))
	t.Setenv("XDG_SESSION_ID", "2")
	conn, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	l := &login{t: t, conn: conn}
	if err := conn.Export(l, loginPath, loginManager); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.RequestName(loginName, dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	return l
}

func (l *login) emit(path dbus.ObjectPath, name string, body ...any) {
	l.t.Helper()
	if err := l.conn.Emit(path, name, body...); err != nil {
		l.t.Fatal(err)
	}
}

func (l *login) hint(path dbus.ObjectPath, locked bool) {
	l.emit(path, properties+".PropertiesChanged", loginSession, map[string]dbus.Variant{"LockedHint": dbus.MakeVariant(locked)}, []string{})
}

func next(t *testing.T, ch <-chan Edge, want EdgeKind) Edge {
	t.Helper()
	select {
	case e, ok := <-ch:
		if !ok || e.Kind != want {
			t.Fatalf("edge %q (%t), want %s", e.Kind, ok, want)
		}
		return e
	case <-time.After(20 * time.Second):
		t.Fatalf("no edge; want %s", want)
	}
	return Edge{}
}

// T-11: logind tells of lock in three ways and of sleep in one; each edge comes once.
func TestT11_EdgesOfLogind(t *testing.T) {
	l := newLogin(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ch, err := Edges(ctx)
	if err != nil {
		t.Fatal(err)
	}
	l.emit(ourSession, loginSession+".Lock")
	l.hint(ourSession, true)
	next(t, ch, Locked)
	l.hint("/org/freedesktop/login1/session/_39", false) // somebody else's session
	l.hint(ourSession, false)
	next(t, ch, Unlocked)
	l.hint(ourSession, true)
	next(t, ch, Locked)
	l.emit(ourSession, loginSession+".Unlock")
	next(t, ch, Unlocked)
	l.emit(loginPath, loginManager+".PrepareForSleep", "not a truth value")
	l.emit(loginPath, loginManager+".PrepareForSleep", true)
	l.emit(loginPath, loginManager+".PrepareForSleep", true)
	next(t, ch, Sleeping).Done()
	l.emit(loginPath, loginManager+".PrepareForSleep", false)
	next(t, ch, Woke).Done()
	cancel()
	for last := time.After(20 * time.Second); ; {
		select {
		case _, ok := <-ch:
			if !ok {
				return
			}
			t.Error("an edge nobody made")
		case <-last:
			t.Fatal("the channel stays open")
		}
	}
}

// T-11: the system is held up until Done, and again after waking.
func TestT11_InhibitorIsReleasedAfterDone(t *testing.T) {
	l := newLogin(t)
	ctx := t.Context()
	ch, err := Edges(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if n := l.inhibitors(); n != 1 {
		t.Fatalf("%d inhibitors at the start", n)
	}
	l.emit(loginPath, loginManager+".PrepareForSleep", true)
	e := next(t, ch, Sleeping)
	l.given[0].Close() // the only copy left is the inhibitor
	_ = l.pipes[0].SetReadDeadline(time.Now().Add(300 * time.Millisecond))
	if _, err := l.pipes[0].Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("released before the time was saved: %v", err)
	}
	e.Done()
	e.Done()
	_ = l.pipes[0].SetReadDeadline(time.Now().Add(20 * time.Second))
	if _, err := l.pipes[0].Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Fatalf("never released: %v", err)
	}
	l.emit(loginPath, loginManager+".PrepareForSleep", false)
	next(t, ch, Woke)
	if n := l.inhibitors(); n != 2 {
		t.Errorf("%d inhibitors after waking, want another one", n)
	}
}

// T-11: desktops without logind's hint tell by their screen saver.
func TestT11_EdgesOfTheScreenSaver(t *testing.T) {
	t.Setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path="+filepath.Join(t.TempDir(), "none"))
	address := bus(t)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
	ctx := t.Context()
	ch, err := Edges(ctx)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.Emit("/org/gnome/ScreenSaver", "org.gnome.ScreenSaver.ActiveChanged", true)
	_ = conn.Emit("/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver.ActiveChanged", true)
	next(t, ch, Locked)
	_ = conn.Emit("/org/gnome/ScreenSaver", "org.gnome.ScreenSaver.ActiveChanged", false)
	next(t, ch, Unlocked)
}

// T-11: no bus, and a bus that accepts and then says nothing, are both "not available", soon.
func TestT11_NoBusNeverHangs(t *testing.T) {
	none := "unix:path=" + filepath.Join(t.TempDir(), "none")
	silent := filepath.Join(t.TempDir(), "silent")
	ear, err := net.Listen("unix", silent)
	if err != nil {
		t.Fatal(err)
	}
	defer ear.Close()
	for _, address := range []string{none, "unix:path=" + silent, "nonsense", ""} {
		t.Setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
		if address == "" {
			t.Setenv("DBUS_SYSTEM_BUS_ADDRESS", none) // empty would mean the machine's own
		}
		t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
		t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
		got := make(chan error, 1)
		go func() { _, err := Edges(context.Background()); got <- err }()
		select {
		case err := <-got:
			if !errors.Is(err, ErrNoEdges) {
				t.Errorf("%q: %v, want ErrNoEdges", address, err)
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("%q: hangs", address)
		}
	}
}

// T-03: the clock that counts sleep is never behind the other.
func TestT03_Uptime(t *testing.T) {
	a1, e1 := Uptime()
	a2, e2 := Uptime()
	if a1 <= 0 || a2 < a1 || e2 < e1 || e1 < a1 {
		t.Errorf("awake %s, %s; elapsed %s, %s", a1, a2, e1, e2)
	}
}

// session plays the lock of a session: what logind keeps of it, and the screen saver's word.
type session struct {
	hint, active bool
}

func (s session) Get(iface, name string) (dbus.Variant, *dbus.Error) {
	if iface != loginSession || name != "LockedHint" {
		return dbus.Variant{}, dbus.NewError("org.example.Wrong", nil)
	}
	return dbus.MakeVariant(s.hint), nil
}

func (s session) GetActive() (bool, *dbus.Error) { return s.active, nil }

// T-11: a session that was locked before the program began is told as locked, whichever of the two knows it; one that is not is told as nothing.
func TestT11_LockedBefore(t *testing.T) {
	for name, s := range map[string]session{"logind": {hint: true}, "screen saver": {active: true}, "neither": {}} {
		t.Run(name, func(t *testing.T) {
			l := newLogin(t)
			if err := l.conn.Export(s, ourSession, properties); err != nil {
				t.Fatal(err)
			}
			saver, err := dbus.Connect(os.Getenv("DBUS_SESSION_BUS_ADDRESS"))
			if err != nil {
				t.Fatal(err)
			}
			defer saver.Close()
			if err := saver.Export(s, "/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver"); err != nil {
				t.Fatal(err)
			}
			if _, err := saver.RequestName("org.freedesktop.ScreenSaver", dbus.NameFlagDoNotQueue); err != nil {
				t.Fatal(err)
			}
			ch, err := Edges(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if s != (session{}) {
				next(t, ch, Locked)
				l.hint(ourSession, false)
				next(t, ch, Unlocked)
			}
			l.hint(ourSession, true)
			next(t, ch, Locked)
		})
	}
}

// mute plays a screen saver that is there and does not answer, as one that is just starting.
type mute struct{ until <-chan struct{} }

func (m mute) GetActive() (bool, *dbus.Error) {
	<-m.until
	return false, nil
}

// T-11: a screen saver that does not answer costs nothing but its answer: what it tells later is heard.
func TestT11_MuteScreenSaver(t *testing.T) {
	newLogin(t)
	saver, err := dbus.Connect(os.Getenv("DBUS_SESSION_BUS_ADDRESS"))
	if err != nil {
		t.Fatal(err)
	}
	defer saver.Close()
	if err := saver.Export(mute{t.Context().Done()}, "/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver"); err != nil {
		t.Fatal(err)
	}
	if _, err := saver.RequestName("org.freedesktop.ScreenSaver", dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	ch, err := Edges(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := saver.Emit("/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver.ActiveChanged", true); err != nil {
		t.Fatal(err)
	}
	next(t, ch, Locked)
}
