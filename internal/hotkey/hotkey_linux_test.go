package hotkey

import (
	"bufio"
	"context"
	"io"
	"log"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"
)

func init() { xgb.Logger = log.New(io.Discard, "", 0) } // its readers outlive a test

// display starts a private Xvfb and points $DISPLAY at it.
func display(t *testing.T) {
	t.Helper()
	bin, err := exec.LookPath("Xvfb")
	if err != nil {
		t.Skip("no Xvfb here")
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(bin, "-displayfd", "3", "-noreset", "-ac", "-nolisten", "tcp", "-screen", "0", "320x240x24")
	cmd.ExtraFiles = []*os.File{w}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	w.Close()
	line, err := bufio.NewReader(r).ReadString('\n')
	r.Close()
	if err != nil {
		t.Fatalf("Xvfb names no display: %v", err)
	}
	t.Setenv("DISPLAY", ":"+strings.TrimSpace(line))
	t.Setenv("XAUTHORITY", os.DevNull)
	t.Setenv("WAYLAND_DISPLAY", "")
	t.Setenv("XDG_SESSION_TYPE", "x11")
}

// other is another program: it has a window with the focus, takes keys of its own and presses some.
type other struct {
	t    *testing.T
	c    *xgb.Conn
	root xproto.Window
}

func newOther(t *testing.T) *other {
	t.Helper()
	c, err := xgb.NewConn()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	if err := xtest.Init(c); err != nil {
		t.Fatal(err)
	}
	return &other{t, c, xproto.Setup(c).DefaultScreen(c).Root}
}

// window shows a window and gives it the focus.
func (o *other) window() {
	o.t.Helper()
	id, err := xproto.NewWindowId(o.c)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, err := range []error{
		xproto.CreateWindowChecked(o.c, 0, id, o.root, 0, 0, 100, 100, 0, xproto.WindowClassInputOutput, 0, xproto.CwOverrideRedirect|xproto.CwEventMask,
			[]uint32{1, xproto.EventMaskKeyPress}).Check(),
		xproto.MapWindowChecked(o.c, id).Check(),
		xproto.SetInputFocusChecked(o.c, xproto.InputFocusPointerRoot, id, xproto.TimeCurrentTime).Check(),
	} {
		if err != nil {
			o.t.Fatal(err)
		}
	}
}

// keys are the keycodes of symbols.
func (o *other) keys(syms ...xproto.Keysym) (codes []byte) {
	o.t.Helper()
	setup := xproto.Setup(o.c)
	m, err := xproto.GetKeyboardMapping(o.c, setup.MinKeycode, byte(setup.MaxKeycode-setup.MinKeycode)+1).Reply()
	if err != nil {
		o.t.Fatal(err)
	}
	for _, want := range syms {
		for i, s := range m.Keysyms {
			if s == want {
				codes = append(codes, byte(setup.MinKeycode)+byte(i/int(m.KeysymsPerKeycode)))
				break
			}
		}
	}
	if len(codes) != len(syms) {
		o.t.Fatalf("keys %v of %v", codes, syms)
	}
	return codes
}

// chord presses keys one after the other and lets them go in turn.
func (o *other) chord(syms ...xproto.Keysym) {
	o.t.Helper()
	codes := o.keys(syms...)
	for _, c := range codes { // a hand needs some milliseconds, which the server waits
		xtest.FakeInput(o.c, xproto.KeyPress, c, 5, o.root, 0, 0, 0)
	}
	for i := len(codes) - 1; i >= 0; i-- {
		xtest.FakeInput(o.c, xproto.KeyRelease, codes[i], 0, o.root, 0, 0, 0)
	}
	if _, err := xproto.GetInputFocus(o.c).Reply(); err != nil {
		o.t.Fatal(err)
	}
}

// sees reports whether the other program's window gets a press of a key. The server sends what there is before it answers the chord.
func (o *other) sees(sym xproto.Keysym) bool {
	o.t.Helper()
	code := o.keys(sym)[0]
	for {
		ev, err := o.c.PollForEvent()
		if ev == nil && err == nil {
			return false
		}
		if press, ok := ev.(xproto.KeyPressEvent); ok && byte(press.Detail) == code {
			return true
		}
	}
}

const (
	symCtrl  = 0xffe3
	symShift = 0xffe1
	symCaps  = 0xffe5
)

func must(t *testing.T, text string) Combination {
	t.Helper()
	c, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func opened(t *testing.T) *Keys {
	t.Helper()
	k, err := Open(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(k.Close)
	return k
}

// next waits for a press.
func next(t *testing.T, k *Keys) Action {
	t.Helper()
	select {
	case a := <-k.Pressed():
		return a
	case <-time.After(time.Minute):
		t.Fatal("no press came")
		return ""
	}
}

// K-13: a combination is heard while another window has the focus, whatever locks are on, and nothing else is.
func TestK13_PressedAnywhere(t *testing.T) {
	display(t)
	o, k := newOther(t), opened(t)
	o.window()
	if problems := k.Set(map[Action]Combination{"track": must(t, "Ctrl+Alt+T"), "capture": must(t, "Ctrl+Alt+S")}); len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, lock := range []xproto.Keysym{0, symNumLock, symCaps, symNumLock} { // none, Num, both, Caps
		if lock != 0 {
			o.chord(lock)
		}
		o.chord(symCtrl, symAlt, 't')
		o.chord(symCtrl, 't')
		o.chord(symCtrl, symAlt, symShift, 't')
		o.chord(symCtrl, symAlt, 's')
		if a, b := next(t, k), next(t, k); a != "track" || b != "capture" {
			t.Errorf("after %x: %s, %s", lock, a, b)
		}
	}
	if len(k.Pressed()) > 0 {
		t.Error("more was heard than was pressed")
	}
}

// K-13: what another program has is said, of that combination only; it works once it is free and asked for again.
func TestK13_Taken(t *testing.T) {
	display(t)
	o := newOther(t)
	code := xproto.Keycode(o.keys('t')[0])
	const both = xproto.ModMaskControl | xproto.ModMask1
	if err := xproto.GrabKeyChecked(o.c, false, o.root, both, code, xproto.GrabModeAsync, xproto.GrabModeAsync).Check(); err != nil {
		t.Fatal(err)
	}
	k := opened(t)
	want := map[Action]Combination{"track": must(t, "Ctrl+Alt+T"), "capture": must(t, "Ctrl+Alt+S"), "odd": must(t, "Ctrl+C")}
	problems := k.Set(want)
	if len(problems) != 2 || CodeOf(problems["track"]) != Taken || CodeOf(problems["odd"]) != Forbidden {
		t.Fatal(problems)
	}
	o.chord(symCtrl, symAlt, 't')
	o.chord(symCtrl, symAlt, 's')
	if a := next(t, k); a != "capture" {
		t.Errorf("%s was heard", a)
	}
	// All lock states of a taken one are given back: the other program may have them.
	if err := xproto.GrabKeyChecked(o.c, false, o.root, both|xproto.ModMaskLock, code, xproto.GrabModeAsync, xproto.GrabModeAsync).Check(); err != nil {
		t.Error("a half-taken combination was kept:", err)
	}
	if err := xproto.UngrabKeyChecked(o.c, xproto.GrabAny, o.root, xproto.ModMaskAny).Check(); err != nil {
		t.Fatal(err)
	}
	delete(want, "odd")
	if problems := k.Set(want); len(problems) > 0 {
		t.Fatal(problems)
	}
	o.chord(symCtrl, symAlt, 't')
	if a := next(t, k); a != "track" {
		t.Errorf("%s was heard", a)
	}
}

// K-13: after Close, and after a change, the keys belong to everybody again.
func TestK13_GivenBack(t *testing.T) {
	display(t)
	o, k := newOther(t), opened(t)
	o.window()
	if problems := k.Set(map[Action]Combination{"track": must(t, "Ctrl+Alt+T")}); len(problems) > 0 {
		t.Fatal(problems)
	}
	o.chord(symCtrl, symAlt, 't')
	next(t, k)
	if o.sees('t') {
		t.Error("the other window got the keys too")
	}
	if problems := k.Set(map[Action]Combination{"track": must(t, "Ctrl+Alt+Y")}); len(problems) > 0 {
		t.Fatal(problems)
	}
	o.chord(symCtrl, symAlt, 't')
	if !o.sees('t') {
		t.Error("a changed combination was kept")
	}
	k.Close()
	k.Close() // twice does no harm
	for range 1500 {
		err := xproto.GrabKeyChecked(o.c, false, o.root, xproto.ModMaskControl|xproto.ModMask1, xproto.Keycode(o.keys('y')[0]), 1, 1).Check()
		if err == nil {
			return
		}
		time.Sleep(20 * time.Millisecond) // the server sees the end of a connection in its own time
	}
	t.Error("a closed one keeps its keys")
}

// K-13: another layout moves the keys, and a layout without the key is said; both without anybody asking.
func TestK13_AnotherLayout(t *testing.T) {
	display(t)
	o, k := newOther(t), opened(t)
	if problems := k.Set(map[Action]Combination{"track": must(t, "Ctrl+Alt+T")}); len(problems) > 0 {
		t.Fatal(problems)
	}
	was, to := o.keys('t')[0], o.keys('y')[0]
	change := func(code byte, low, high xproto.Keysym) {
		t.Helper()
		if err := xproto.ChangeKeyboardMappingChecked(o.c, 1, xproto.Keycode(code), 2, []xproto.Keysym{low, high}).Check(); err != nil {
			t.Fatal(err)
		}
	}
	until := func(what string, ok func() bool) {
		t.Helper()
		for range 3000 {
			if ok() {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
		t.Fatal(what)
	}
	change(was, 'q', 'Q')
	until("a missing key is not said", func() bool { return CodeOf(k.Problems()["track"]) == Absent && len(k.Problems()) == 1 })
	change(to, 't', 'T')
	until("a key that came is not taken", func() bool { return len(k.Problems()) == 0 })
	o.chord(symCtrl, symAlt, 't')
	if a := next(t, k); a != "track" {
		t.Errorf("%s was heard", a)
	}
}

// K-13: a key that is held counts once.
func TestK13_HeldCountsOnce(t *testing.T) {
	k := &Keys{pressed: make(chan Action, 8)}
	x := &x11{keys: k, link: &link{}, last: map[byte]uint32{}, board: keyboard{alt: maskMod1, super: maskMod4}}
	x.grabbed = map[grip]Action{{28, maskCtrl | maskMod1}: "track"}
	event := func(kind byte, at uint32) {
		p := make([]byte, 32)
		p[0], p[1] = kind, 28
		le.PutUint32(p[4:], at)
		le.PutUint16(p[28:], maskCtrl|maskMod1|maskCaps)
		x.event(p)
	}
	for _, e := range []struct {
		kind byte
		at   uint32
		want int
	}{{xKeyPress, 1000, 1}, {xKeyRelease, 1600, 1}, {xKeyPress, 1600, 1}, {xKeyRelease, 1633, 1}, {xKeyPress, 1633, 1}, {xKeyRelease, 1700, 1}, {xKeyPress, 1750, 2}} {
		if event(e.kind, e.at); len(k.pressed) != e.want {
			t.Errorf("at %d: %d presses, want %d", e.at, len(k.pressed), e.want)
		}
	}
}

// K-13: where no program may listen, that is said.
func TestK13_NotHere(t *testing.T) {
	for name, env := range map[string][3]string{
		"wayland": {":0", "wayland-0", ""}, "wayland by its type": {":0", "", "wayland"}, "nothing": {"", "", ""}, "nobody there": {":54321", "", "x11"}, "nonsense": {"x", "", "x11"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("DISPLAY", env[0])
			t.Setenv("WAYLAND_DISPLAY", env[1])
			t.Setenv("XDG_SESSION_TYPE", env[2])
			k, err := Open(context.Background())
			if k != nil || err == nil || CodeOf(err) != Unsupported {
				t.Errorf("%v, %v", k, err)
			}
		})
	}
}
