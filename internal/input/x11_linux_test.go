package input

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"
)

// server starts a private Xvfb that lets in only who knows its cookie, and points $DISPLAY and $XAUTHORITY at it.
func server(t *testing.T) (display string) {
	t.Helper()
	bin, err := exec.LookPath("Xvfb")
	if err != nil {
		t.Skip("no Xvfb here")
	}
	display, stop := runServer(t, bin)
	t.Cleanup(stop)
	return display
}

func runServer(t testing.TB, bin string, args ...string) (display string, stop func()) {
	t.Helper()
	display, cmd := startServer(t, bin, args...)
	return display, func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}
}

func startServer(t testing.TB, bin string, args ...string) (display string, cmd *exec.Cmd) {
	t.Helper()
	secret := make([]byte, 16)
	_, _ = rand.Read(secret)
	auth := filepath.Join(t.TempDir(), "xauthority")
	var entry []byte
	add := func(b []byte) { entry = append(binary.BigEndian.AppendUint16(entry, uint16(len(b))), b...) }
	host, _ := os.Hostname()
	entry = binary.BigEndian.AppendUint16(entry, familyLocal)
	for _, f := range []string{host, "", cookieName} {
		add([]byte(f))
	}
	add(secret)
	if err := os.WriteFile(auth, entry, 0o600); err != nil {
		t.Fatal(err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd = exec.Command(bin, append([]string{"-displayfd", "3", "-noreset", "-auth", auth, "-nolisten", "tcp", "-screen", "0", "640x480x24"}, args...)...)
	cmd.ExtraFiles = []*os.File{w}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	line, err := bufio.NewReader(r).ReadString('\n')
	r.Close()
	if err != nil {
		t.Fatalf("Xvfb names no display: %v", err)
	}
	display = ":" + strings.TrimSpace(line)
	t.Setenv("DISPLAY", display)
	t.Setenv("XAUTHORITY", auth)
	t.Setenv("WAYLAND_DISPLAY", "")
	t.Setenv("XDG_SESSION_TYPE", "x11")
	return display, cmd
}

// hands presses keys and moves the pointer by the XTEST extension.
type hands struct {
	t testing.TB
	c *xgb.Conn
}

func newHands(t testing.TB, display string) *hands {
	t.Helper()
	quietXgb()
	fd, setup, err := dialDisplay(display)
	if err != nil {
		t.Fatal(err)
	}
	f := newFilter(fd, setup, 0, func(batch) {})
	c, err := xgb.NewConnNet(f)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	if err := xtest.Init(c); err != nil {
		t.Fatal(err)
	}
	return &hands{t, c}
}

func (h *hands) fake(kind, detail byte, x, y int16) {
	xtest.FakeInput(h.c, kind, detail, 0, xproto.Setup(h.c).DefaultScreen(h.c).Root, x, y, 0)
}

func (h *hands) key(code byte) {
	h.fake(xproto.KeyPress, code, 0, 0)
	h.fake(xproto.KeyRelease, code, 0, 0)
}

func (h *hands) button(n byte) {
	h.fake(xproto.ButtonPress, n, 0, 0)
	h.fake(xproto.ButtonRelease, n, 0, 0)
}

// sync waits until the server has done all of it.
func (h *hands) sync() {
	h.t.Helper()
	if _, err := xproto.GetInputFocus(h.c).Reply(); err != nil {
		h.t.Fatal(err)
	}
}

// until takes counts until the wanted ones have come, and a little longer to see that no more do.
func until(t *testing.T, c *Counter, enough func(Counts) bool) Counts {
	t.Helper()
	var sum Counts
	for last := time.Now().Add(time.Minute); time.Now().Before(last); time.Sleep(20 * time.Millisecond) {
		got := c.Take()
		sum = plus(sum, got)
		if enough(sum) {
			break
		}
	}
	time.Sleep(3 * drainPause)
	return plus(sum, c.Take())
}

func plus(a, b Counts) Counts {
	return Counts{Keys: a.Keys + b.Keys, Clicks: a.Clicks + b.Clicks, Scrolls: a.Scrolls + b.Scrolls, Moves: a.Moves + b.Moves, Countable: b.Countable}
}

func counting(t *testing.T) *Counter {
	t.Helper()
	c, err := Open(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Stop)
	return c
}

// T-06: keys and clicks are exact, on a server that demands its cookie; Shift counts, a held key counts once, the wheel counts windows,
// and a pointer put somewhere by a program moves nothing.
func TestT06_CountsAreExact(t *testing.T) {
	display := server(t)
	c := counting(t)
	h := newHands(t, display)

	for range 100 {
		h.key(38)
	}
	const shift, space = 50, 65
	for _, k := range []byte{43, 26, 46, 46, 32, space, 25, 32, 27, 46, 40} { // hello World
		if k == 25 {
			h.fake(xproto.KeyPress, shift, 0, 0)
		}
		h.key(k)
		if k == 25 {
			h.fake(xproto.KeyRelease, shift, 0, 0)
		}
	}
	h.sync()
	if got := until(t, c, func(c Counts) bool { return c.Keys >= 112 }); got != (Counts{Keys: 112, Countable: true}) {
		t.Errorf("keys: %+v", got)
	}

	for i := range 37 {
		h.button([]byte{1, 2, 3}[i%3])
	}
	h.sync()
	if got := until(t, c, func(c Counts) bool { return c.Clicks >= 37 }); got != (Counts{Clicks: 37, Countable: true}) {
		t.Errorf("clicks: %+v", got)
	}

	for range 23 {
		h.button(4)
	}
	h.sync()
	if got := until(t, c, func(c Counts) bool { return c.Scrolls >= 1 }); got.Scrolls < 1 || got.Scrolls > 2 || got.Keys+got.Clicks+got.Moves > 0 {
		t.Errorf("one turn of the wheel: %+v", got)
	}
	h.button(5)
	h.sync()
	if got := until(t, c, func(c Counts) bool { return c.Scrolls >= 1 }); got.Scrolls != 1 {
		t.Errorf("one more: %+v", got)
	}

	root := xproto.Setup(h.c).DefaultScreen(h.c).Root
	for i := range 50 {
		xproto.WarpPointer(h.c, 0, root, 0, 0, 0, 0, int16(i*7), int16(i*5))
	}
	h.sync()
	if got := until(t, c, func(c Counts) bool { return c.Any() || true }); got.Any() {
		t.Errorf("warps: %+v", got)
	}
	for i := range 60 {
		h.fake(xproto.MotionNotify, 1, int16(i%2*2-1), 0)
	}
	h.sync()
	if got := until(t, c, func(c Counts) bool { return c.Moves >= 1 }); got.Moves < 1 || got.Moves > 2 || got.Keys+got.Clicks+got.Scrolls > 0 {
		t.Errorf("moves: %+v", got)
	}
	if d, ok := c.Idle(); !ok || d > time.Minute {
		t.Errorf("the server's own idle time: %s, %t", d, ok)
	}
}

// A burst of twenty thousand keys among other events loses nothing.
func TestT06_BurstsAreExact(t *testing.T) {
	display := server(t)
	c := counting(t)
	h := newHands(t, display)
	for i := range 20000 {
		h.key(38 + byte(i%4))
		h.fake(xproto.MotionNotify, 1, int16(i%2*2-1), 0)
		if i%4 == 0 {
			h.button(1)
			h.button(5)
		}
	}
	h.sync()
	got := until(t, c, func(c Counts) bool { return c.Keys >= 20000 && c.Clicks >= 5000 })
	if got.Keys != 20000 || got.Clicks != 5000 || got.Scrolls < 1 || got.Moves < 1 {
		t.Errorf("burst: %+v", got)
	}
}

// Next tells of the next input once; nothing is counted or told between Stop and Start.
func TestT10_NextInputIsTold(t *testing.T) {
	display := server(t)
	c := counting(t)
	h := newHands(t, display)
	before := c.LastInput()
	next := c.Next()
	h.key(38)
	h.sync()
	select {
	case <-next:
	case <-time.After(time.Minute):
		t.Fatal("nobody told of the key")
	}
	if !c.LastInput().After(before) {
		t.Error("last input did not move")
	}
	c.Stop()
	next = c.Next()
	h.key(38)
	h.sync()
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-next:
		t.Error("told of a key while stopped")
	case <-time.After(3 * drainPause):
	}
	if got := c.Take(); got.Any() {
		t.Errorf("counted while stopped: %+v", got)
	}
}

// A display that goes away makes the counts unknown, not zero, and a new one under its name is found again.
func TestT06_LostDisplayIsNotZero(t *testing.T) {
	bin, err := exec.LookPath("Xvfb")
	if err != nil {
		t.Skip("no Xvfb here")
	}
	display, stop := runServer(t, bin)
	x := &x11{display: display, pause: drainPause, redial: 50 * time.Millisecond}
	c := &Counter{src: x}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	defer c.Stop()
	if got := c.Take(); !got.Countable {
		t.Error("not countable at the start")
	}
	stop()
	c.Stop()
	if err := c.Start(); err != nil { // started while the display is away: the same
		t.Fatal(err)
	}
	for last := time.Now().Add(time.Minute); c.Take().Countable; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(last) {
			t.Fatal("loss goes unnoticed")
		}
	}
	display, stop = runServer(t, bin)
	defer stop()
	if display != x.display {
		t.Skipf("the new server is %s", display)
	}
	for last := time.Now().Add(time.Minute); !c.Take().Countable; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(last) {
			t.Fatal("never came back")
		}
	}
	newHands(t, display).key(38)
	if got := until(t, c, func(c Counts) bool { return c.Keys >= 1 }); got.Keys != 1 {
		t.Errorf("after the return: %+v", got)
	}
}

func TestT06_WithoutDisplay(t *testing.T) {
	t.Setenv("WAYLAND_DISPLAY", "")
	t.Setenv("XDG_SESSION_TYPE", "")
	for _, name := range []string{"", "nonsense", ":no", ":65000", "/nowhere:0"} {
		t.Setenv("DISPLAY", name)
		if _, err := Open(context.Background()); !errors.Is(err, ErrNoDisplay) {
			t.Errorf("DISPLAY=%q: %v, want ErrNoDisplay", name, err)
		}
	}
}

// A server refuses who has no cookie: that too is a typed answer.
func TestT06_RefusedByTheServer(t *testing.T) {
	server(t)
	t.Setenv("XAUTHORITY", filepath.Join(t.TempDir(), "none"))
	if _, err := Open(context.Background()); !errors.Is(err, ErrNoDisplay) {
		t.Errorf("%v, want ErrNoDisplay", err)
	}
}

// Under Wayland X11 sees only some of the windows, so nothing is counted and the reason is given.
func TestT06_WaylandCountsAreBlank(t *testing.T) {
	t.Setenv("WAYLAND_DISPLAY", "wayland-0")
	t.Setenv("DISPLAY", ":0")
	c, err := Open(context.Background())
	if err != nil || c.Reason() == "" {
		t.Fatalf("%v, reason %q", err, c.Reason())
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	defer c.Stop()
	if got := c.Take(); got.Countable || got.Any() {
		t.Errorf("counts %+v", got)
	}
}

// Starting and stopping over and over leaves neither goroutines nor descriptors behind: while nothing is tracked nothing is connected.
func TestT06_StopLeavesNothing(t *testing.T) {
	server(t)
	c, err := Open(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	count := func() (goroutines, descriptors int) {
		list, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Skip("no /proc here")
		}
		return runtime.NumGoroutine(), len(list)
	}
	settle := func(most, fds int) (g, d int) {
		for last := time.Now().Add(time.Minute); time.Now().Before(last); time.Sleep(20 * time.Millisecond) {
			if g, d = count(); g <= most && d <= fds {
				break
			}
		}
		return g, d
	}
	cycle := func() {
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		c.Idle()
		c.Stop()
	}
	cycle()
	time.Sleep(4 * drainPause)
	g0, d0 := count()
	for range 20 {
		cycle()
	}
	if g, d := settle(g0, d0); g > g0 || d > d0 {
		t.Errorf("%d goroutines and %d descriptors, before %d and %d", g, d, g0, d0)
	}
}

// T-06: what was typed just before the end of a stretch of time is in it: the reader sleeps between its looks, and Fetch does not wait for the
// next one. The pause is made so long here that without it nothing would come.
func TestT06_TheLastKeysBeforeStopCount(t *testing.T) {
	display := server(t)
	c := &Counter{src: &x11{display: display, pause: time.Hour, redial: time.Hour}}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Stop)
	h := newHands(t, display)
	h.key(38)
	h.sync()
	for c.LastInput(); !c.Take().Any(); { // the reader has begun its pause
		runtime.Gosched()
	}
	for round := range 20 {
		for range 8 {
			h.key(38)
		}
		h.button(1)
		h.button(5)
		h.sync()
		c.Fetch()
		want := Counts{Keys: 8, Clicks: 1, Countable: true, Presence: true}
		if round == 0 {
			want.Scrolls = 1 // one window with scrolling, however often it is looked into
		}
		if got := c.Take(); got != want {
			t.Fatalf("round %d: %+v, want %+v", round, got, want)
		}
	}
}

// A display that hangs holds nobody up, and its counts are unknown, not zero.
func TestT06_FetchFromADisplayThatHangs(t *testing.T) {
	bin, err := exec.LookPath("Xvfb")
	if err != nil {
		t.Skip("no Xvfb here") // set-up installs it; without one there is no display to hang
	}
	display, x := startServer(t, bin)
	defer func() {
		_ = x.Process.Kill()
		_ = x.Wait()
	}()
	c := counting(t)
	h := newHands(t, display)
	h.key(38)
	h.sync()
	if err := x.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	c.Fetch()
	if got := c.Take(); got.Countable || got.Any() {
		t.Errorf("counts of a display that does not answer: %+v", got)
	}
}
