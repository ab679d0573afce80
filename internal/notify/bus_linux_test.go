package notify

import (
	"bufio"
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// privateBus starts a session bus of its own for the test and points the environment at it. It answers the folder in which files say what the
// bus can start; it is empty.
func privateBus(t *testing.T) (services string) {
	t.Helper()
	if _, err := exec.LookPath("dbus-daemon"); err != nil {
		t.Skip("dbus-daemon is not installed; build/setup test installs it")
	}
	// The shipped session configuration would start services of the machine; this one has none.
	config := filepath.Join(t.TempDir(), "bus.conf")
	socket := filepath.Join(t.TempDir(), "bus")
	services = t.TempDir()
	text := `<busconfig><type>session</type><listen>unix:path=` + socket + `</listen><auth>EXTERNAL</auth><servicedir>` + services + `</servicedir>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("dbus-daemon", "--config-file="+config, "--nofork", "--print-address")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", strings.TrimSpace(address))
	return services
}

// shown is one call of Notify as a service received it.
type shown struct {
	App, Icon, Title, Body string
	Replaces, ID           uint32
	Actions                []string
	Hints                  map[string]dbus.Variant
	Expire                 int32
}

// service is a notification service that records what it is asked.
type service struct {
	conn   *dbus.Conn
	can    []string
	calls  chan shown
	closed chan uint32
	last   uint32
}

// GetCapabilities, Notify and CloseNotification are the service's methods on the bus.
func (s *service) GetCapabilities() ([]string, *dbus.Error) { return s.can, nil }

func (s *service) Notify(app string, replaces uint32, icon, title, body string, actions []string, hints map[string]dbus.Variant, expire int32) (uint32, *dbus.Error) {
	id := replaces
	if id == 0 {
		s.last++
		id = s.last
	}
	s.calls <- shown{app, icon, title, body, replaces, id, actions, hints, expire}
	return id, nil
}

func (s *service) CloseNotification(id uint32) *dbus.Error {
	s.closed <- id
	return nil
}

func startService(t *testing.T, can ...string) *service {
	t.Helper()
	conn, err := dbus.ConnectSessionBus()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	s := &service{conn: conn, can: can, calls: make(chan shown, 16), closed: make(chan uint32, 16)}
	if err := conn.Export(s, objectPath, notifications); err != nil {
		t.Fatal(err)
	}
	if reply, err := conn.RequestName(notifications, 0); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		t.Fatalf("own the name: %v, %v", reply, err)
	}
	return s
}

func connect(t *testing.T, act func(key, action string)) *Bus {
	t.Helper()
	b, err := Connect(context.Background(), Program{Name: "Trestle", ID: "org.trestle.Trestle", Icon: "trestle", Act: act})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func TestN08_BusReplacesEscapesAndReportsClicks(t *testing.T) {
	privateBus(t)
	s := startService(t, "actions", "body", "body-markup")
	clicked := make(chan string, 4)
	b := connect(t, func(key, action string) { clicked <- key + " " + action })
	ctx := context.Background()
	show := func(n Notice) shown {
		t.Helper()
		if err := b.Show(ctx, n, Button{"default", "Open"}); err != nil {
			t.Fatal(err)
		}
		return <-s.calls
	}

	first := show(Notice{Key: "a", Title: "Ishaan\nVale", Body: "<b>x</b> & y"})
	if first.Body != "&lt;b&gt;x&lt;/b&gt; &amp; y" || first.Title != "Ishaan Vale" || first.Replaces != 0 || first.App != "Trestle" || first.Icon != "trestle" || first.Expire != -1 {
		t.Errorf("first notice %+v", first)
	}
	if strings.Join(first.Actions, " ") != "default Open" || first.Hints["desktop-entry"].Value() != "org.trestle.Trestle" || first.Hints["urgency"].Value() != byte(1) {
		t.Errorf("first notice %+v", first)
	}
	if other := show(Notice{Key: "b"}); other.Replaces != 0 {
		t.Errorf("another room replaces %d", other.Replaces)
	}
	if again := show(Notice{Key: "a", Urgent: true}); again.Replaces != first.ID || again.Hints["urgency"].Value() != byte(2) || again.Expire != 0 {
		t.Errorf("second notice of a room %+v", again)
	}

	emit := func(name string, id uint32, second any) {
		t.Helper()
		if err := s.conn.Emit(objectPath, notifications+"."+name, id, second); err != nil {
			t.Fatal(err)
		}
	}
	emit("ActionInvoked", 99, "default") // another program's notice
	emit("ActionInvoked", first.ID, "default")
	if got := <-clicked; got != "a default" {
		t.Errorf("clicked %q", got)
	}
	emit("NotificationClosed", first.ID, uint32(2))
	emit("ActionInvoked", 2, "default") // signals keep their order: once this is told, the closing was read
	if got := <-clicked; got != "b default" {
		t.Errorf("clicked %q", got)
	}
	if fresh := show(Notice{Key: "a"}); fresh.Replaces != 0 {
		t.Errorf("a closed notice is replaced: %d", fresh.Replaces)
	}
	if err := b.Withdraw(ctx, "b"); err != nil {
		t.Fatal(err)
	}
	if got := <-s.closed; got != 2 {
		t.Errorf("withdrew %d", got)
	}
	if err := b.Withdraw(ctx, "b"); err != nil || len(s.closed) != 0 {
		t.Errorf("withdrawn twice: %v", err)
	}
}

func TestN08_NoButtonsWhereTheServiceHasNone(t *testing.T) {
	privateBus(t)
	s := startService(t, "body")
	b := connect(t, nil)
	if err := b.Show(context.Background(), Notice{Key: "a"}, Button{"default", "Open"}); err != nil {
		t.Fatal(err)
	}
	if got := <-s.calls; len(got.Actions) != 0 {
		t.Errorf("actions %q", got.Actions)
	}
}

func wantUnavailable(t *testing.T, err error) {
	t.Helper()
	var u *Unavailable
	if !errors.As(err, &u) || u.ErrorCode() != "no_notifier" || u.Sentence() == "" {
		t.Errorf("error %v, want *Unavailable", err)
	}
}

func TestN08_NoNotifier(t *testing.T) {
	connectFails := func(t *testing.T) {
		t.Helper()
		b, err := Connect(context.Background(), Program{})
		if err == nil {
			_ = b.Close()
		}
		wantUnavailable(t, err)
	}
	t.Run("no bus", func(t *testing.T) {
		t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+filepath.Join(t.TempDir(), "none"))
		connectFails(t)
	})
	t.Run("no address", func(t *testing.T) {
		t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
		t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
		t.Setenv("HOME", t.TempDir())
		t.Setenv("DISPLAY", "")
		connectFails(t)
	})
	t.Run("a bus without notification service", func(t *testing.T) {
		privateBus(t)
		b := connect(t, nil)
		wantUnavailable(t, b.Missing())
		wantUnavailable(t, b.Show(context.Background(), Notice{Key: "a"}))
	})
	t.Run("a bus that never answers", func(t *testing.T) {
		socket := filepath.Join(t.TempDir(), "bus")
		l, err := net.Listen("unix", socket)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = l.Close() }()
		t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+socket)
		connectFails(t) // the test would run into its own limit if this waited for an answer
	})
	t.Run("the service goes away", func(t *testing.T) {
		privateBus(t)
		s := startService(t)
		b := connect(t, nil)
		_ = s.conn.Close()
		wantUnavailable(t, b.Show(context.Background(), Notice{Key: "a"}))
	})
	t.Run("the bus goes away", func(t *testing.T) {
		privateBus(t)
		startService(t)
		b := connect(t, nil)
		_ = b.conn.Close()
		wantUnavailable(t, b.Show(context.Background(), Notice{Key: "a"}))
	})
}

// A real notification service shows a sender's markup as text.
func TestN08_OnDunst(t *testing.T) {
	for _, program := range []string{"dunst", "dunstctl", "Xvfb", "dbus-send"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed; build/setup test installs it", program)
		}
	}
	privateBus(t)
	display := startDisplay(t)
	dunst := exec.Command("dunst", "-conf", os.DevNull)
	dunst.Env = append(os.Environ(), "DISPLAY="+display, "HOME="+t.TempDir())
	if err := dunst.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = dunst.Process.Kill(); _ = dunst.Wait() })
	var b *Bus
	until(t, "dunst to answer", func() bool {
		var err error
		b, err = Connect(context.Background(), Program{Name: "Trestle"})
		if err != nil || b.Missing() == nil {
			return err == nil
		}
		_ = b.Close()
		return false
	})
	defer func() { _ = b.Close() }()
	ctx := context.Background()
	for _, body := range []string{"first", "<b>second</b> & more"} {
		if err := b.Show(ctx, Notice{Key: "a", Title: "Ishaan", Body: body}); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Withdraw(ctx, "a"); err != nil {
		t.Fatal(err)
	}
	var history string
	until(t, "the notice in dunst's history", func() bool {
		out, err := exec.Command("dunstctl", "history").Output()
		history = string(out)
		return err == nil && strings.Contains(history, "second")
	})
	if !strings.Contains(history, "&lt;b&gt;second&lt;/b&gt; &amp; more") || strings.Contains(history, "first") {
		t.Errorf("dunst holds %s", history)
	}
}

func startDisplay(t *testing.T) string {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "640x480x24", "-noreset", "-nolisten", "tcp")
	cmd.ExtraFiles = []*os.File{w}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	_ = w.Close()
	n, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return ":" + strings.TrimSpace(n)
}

func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	for range 1200 {
		if done() {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("waited in vain for %s", what)
}
