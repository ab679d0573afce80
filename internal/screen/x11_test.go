//go:build linux

package screen

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/randr"
	"github.com/jezek/xgb/xproto"
)

// xvfb starts an X server of its own on a free display and points DISPLAY to it.
func xvfb(t testing.TB, args ...string) *xgb.Conn {
	t.Helper()
	conn, _ := xserver(t, args...)
	return conn
}

func xserver(t testing.TB, args ...string) (*xgb.Conn, *os.Process) {
	t.Helper()
	path, err := exec.LookPath("Xvfb")
	if err != nil {
		t.Skip("Xvfb is not installed: pictures of an X screen are not tested")
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	cmd := exec.Command(path, append([]string{"-displayfd", "3", "-noreset", "-nolisten", "tcp"}, args...)...)
	cmd.ExtraFiles = []*os.File{w}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	})
	number, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb did not start: %v", err)
	}
	for _, name := range []string{"WAYLAND_DISPLAY", "XDG_SESSION_TYPE", "XAUTHORITY"} {
		t.Setenv(name, "")
	}
	t.Setenv("DISPLAY", ":"+strings.TrimSpace(number))
	conn, err := xgb.NewConn()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	return conn, cmd.Process
}

// paint maps a window of one colour, without asking a window manager.
func paint(t testing.TB, conn *xgb.Conn, r image.Rectangle, rgb uint32) xproto.Window {
	t.Helper()
	screen := xproto.Setup(conn).DefaultScreen(conn)
	w, err := xproto.NewWindowId(conn)
	if err != nil {
		t.Fatal(err)
	}
	if err := xproto.CreateWindowChecked(conn, screen.RootDepth, w, screen.Root, int16(r.Min.X), int16(r.Min.Y), uint16(r.Dx()), uint16(r.Dy()), 0,
		xproto.WindowClassInputOutput, screen.RootVisual, xproto.CwBackPixel|xproto.CwOverrideRedirect, []uint32{rgb, 1}).Check(); err != nil {
		t.Fatal(err)
	}
	if err := xproto.MapWindowChecked(conn, w).Check(); err != nil {
		t.Fatal(err)
	}
	return w
}

func background(t testing.TB, conn *xgb.Conn, rgb uint32) {
	t.Helper()
	root := xproto.Setup(conn).DefaultScreen(conn).Root
	if err := xproto.ChangeWindowAttributesChecked(conn, root, xproto.CwBackPixel, []uint32{rgb}).Check(); err != nil {
		t.Fatal(err)
	}
	if err := xproto.ClearAreaChecked(conn, false, root, 0, 0, 0, 0).Check(); err != nil {
		t.Fatal(err)
	}
}

func rgba(rgb uint32) color.RGBA {
	return color.RGBA{uint8(rgb >> 16), uint8(rgb >> 8), uint8(rgb), 255}
}

// same fails unless every pixel is what want says.
func same(t *testing.T, img *image.RGBA, want func(p image.Point) color.RGBA) {
	t.Helper()
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			if got, w := img.RGBAAt(x, y), want(image.Pt(x, y)); got != w {
				t.Fatalf("pixel %d,%d is %v, want %v", x, y, got, w)
			}
		}
	}
}

func opened(t testing.TB) *x11 {
	t.Helper()
	g, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	x, ok := g.(*x11)
	if !ok {
		t.Fatalf("Open chose %T", g)
	}
	t.Cleanup(func() {
		if x.conn != nil {
			x.conn.Close()
			x.conn = nil
		}
	})
	return x
}

// TestGrabX11: the picture is what was drawn, pixel by pixel, at every depth,
// and again on the same connection.
func TestGrabX11(t *testing.T) {
	tests := []struct {
		name   string
		screen string
		args   []string
		id     string
	}{
		{name: "24 bits", screen: "320x240x24", id: "screen"},
		{name: "odd width", screen: "333x77x24", id: "screen"},
		{name: "30 bits", screen: "320x240x30", id: "screen"},
		{name: "16 bits", screen: "321x240x16", id: "screen"},
		{name: "no XFixes", screen: "320x240x24", args: []string{"-extension", "XFIXES"}, id: "screen"},
		{name: "no RandR", screen: "320x240x24", args: []string{"-extension", "RANDR"}, id: "root"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			conn := xvfb(t, append([]string{"-screen", "0", tt.screen}, tt.args...)...)
			root := xproto.Setup(conn).DefaultScreen(conn)
			// Colours that 5 and 6 bits can say: all ones or all zeros.
			ground, front := uint32(0x0000ff), uint32(0xff00ff)
			pixel := func(rgb uint32) uint32 { return rgb }
			if root.RootDepth != 24 {
				pixel = func(rgb uint32) uint32 { return toDepth(rgb, root.RootDepth) }
			}
			background(t, conn, pixel(ground))
			hole := image.Rect(31, 17, 102, 60)
			paint(t, conn, hole, pixel(front))
			x := opened(t)
			for range 3 {
				shots, pointer, err := x.Grab(context.Background())
				if err != nil {
					t.Fatal(err)
				}
				if len(shots) != 1 || shots[0].ID != tt.id || !shots[0].Primary || shots[0].At.IsZero() {
					t.Fatalf("shots %+v", shots)
				}
				if shots[0].Image.Rect != shots[0].Bounds || shots[0].Bounds.Dx() != int(root.WidthInPixels) {
					t.Fatalf("picture of %v on a display of %v", shots[0].Image.Rect, shots[0].Bounds)
				}
				same(t, shots[0].Image, func(p image.Point) color.RGBA {
					if p.In(hole) {
						return rgba(front)
					}
					return rgba(ground)
				})
				if pointer != nil && pointer.Image.Rect.Empty() {
					t.Error("an empty pointer")
				}
			}
		})
	}
}

// toDepth makes a pixel of fewer or more bits of all-ones or all-zeros channels.
func toDepth(rgb uint32, depth byte) uint32 {
	on := func(shift, mask uint32) uint32 {
		if rgb>>shift&0xff != 0 {
			return mask
		}
		return 0
	}
	if depth == 16 {
		return on(16, 0xf800) | on(8, 0x07e0) | on(0, 0x001f)
	}
	return on(16, 0x3ff00000) | on(8, 0x000ffc00) | on(0, 0x000003ff)
}

// TestPointerX11: the pointer is a layer of its own and is where it was put.
func TestPointerX11(t *testing.T) {
	conn := xvfb(t, "-screen", "0", "200x100x24")
	font, err := xproto.NewFontId(conn)
	if err != nil {
		t.Fatal(err)
	}
	if err := xproto.OpenFontChecked(conn, font, 6, "cursor").Check(); err != nil {
		t.Skip("the X server has no cursor font: the pointer is not tested")
	}
	cursor, err := xproto.NewCursorId(conn)
	if err != nil {
		t.Fatal(err)
	}
	const crosshair = 34 // its hot spot is its middle
	if err := xproto.CreateGlyphCursorChecked(conn, cursor, font, font, crosshair, crosshair+1, 0xffff, 0, 0, 0, 0, 0).Check(); err != nil {
		t.Fatal(err)
	}
	root := xproto.Setup(conn).DefaultScreen(conn).Root
	background(t, conn, 0x00ff00)
	if err := xproto.ChangeWindowAttributesChecked(conn, root, xproto.CwCursor, []uint32{uint32(cursor)}).Check(); err != nil {
		t.Fatal(err)
	}
	if err := xproto.WarpPointerChecked(conn, 0, root, 0, 0, 0, 0, 50, 60).Check(); err != nil {
		t.Fatal(err)
	}
	shots, pointer, err := opened(t).Grab(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	same(t, shots[0].Image, func(image.Point) color.RGBA { return rgba(0x00ff00) })
	if pointer == nil {
		t.Fatal("no pointer")
	}
	at := image.Pt(50, 60)
	if !at.In(pointer.Image.Rect.Add(pointer.At)) {
		t.Errorf("a pointer of %v at %v does not cover %v", pointer.Image.Rect, pointer.At, at)
	}
	reds := 0
	for i := 0; i < len(pointer.Image.Pix); i += 4 {
		p := pointer.Image.Pix[i:]
		if p[0] == 255 && p[1] == 0 && p[3] == 255 {
			reds++
		}
		if p[0] > p[3] || p[1] > p[3] || p[2] > p[3] {
			t.Fatalf("pixel %d is not premultiplied: %v", i/4, p[:4])
		}
	}
	if reds == 0 {
		t.Error("the red cross is not in the picture")
	}
}

// TestServerRestarted: the kept connection is dead and a new one is opened.
func TestServerRestarted(t *testing.T) {
	conn := xvfb(t, "-screen", "0", "64x64x24")
	background(t, conn, 0x00ff00)
	x := opened(t)
	if _, _, err := x.Grab(context.Background()); err != nil {
		t.Fatal(err)
	}
	x.conn.Conn.Close()
	shots, _, err := x.Grab(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	same(t, shots[0].Image, func(image.Point) color.RGBA { return rgba(0x00ff00) })
}

// TestServerHangs: a server that stopped answering holds one call and no more,
// however many are made, and is used again when it answers.
func TestServerHangs(t *testing.T) {
	conn, server := xserver(t, "-screen", "0", "64x64x24")
	background(t, conn, 0x00ff00)
	x := opened(t)
	grab := func(wait time.Duration) error {
		ctx, cancel := context.WithTimeout(t.Context(), wait)
		defer cancel()
		_, _, err := x.Grab(ctx)
		return err
	}
	if err := grab(time.Minute); err != nil {
		t.Fatal(err)
	}
	if err := server.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = server.Signal(syscall.SIGCONT) }()
	var first int
	for i := range 20 {
		if err := grab(20 * time.Millisecond); !errors.Is(err, ErrTimeout) {
			t.Fatalf("a grab from a server that hangs: %v", err)
		}
		if i == 0 {
			first = runtime.NumGoroutine()
		}
	}
	n := runtime.NumGoroutine()
	for end := time.Now().Add(time.Minute); n > first && time.Now().Before(end); n = runtime.NumGoroutine() { // one that ends may not have ended yet
		time.Sleep(20 * time.Millisecond)
	}
	if n > first {
		t.Errorf("%d goroutines after twenty grabs, %d after one", n, first)
	}
	if err := server.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	if err := grab(time.Minute); err != nil {
		t.Errorf("it answers again, and a grab says %v", err)
	}
}

// TestOpenSharesTheConnection: opening for each grab must not use up the
// server's clients, and another DISPLAY is another server.
func TestOpenSharesTheConnection(t *testing.T) {
	background(t, xvfb(t, "-screen", "0", "64x64x24"), 0xff0000)
	first := opened(t)
	if _, _, err := first.Grab(t.Context()); err != nil {
		t.Fatal(err)
	}
	conn := first.conn
	if _, _, err := opened(t).Grab(t.Context()); err != nil || opened(t).conn != conn {
		t.Errorf("the second grab connected anew (%v)", err)
	}
	background(t, xvfb(t, "-screen", "0", "64x64x24"), 0x0000ff)
	shots, _, err := opened(t).Grab(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	same(t, shots[0].Image, func(image.Point) color.RGBA { return rgba(0x0000ff) })
}

// TestManyEventsDoNotBlock: each change of the keyboard map is told to every
// client; a connection that never looks would stop after some thousands.
func TestManyEventsDoNotBlock(t *testing.T) {
	conn := xvfb(t, "-screen", "0", "64x64x24")
	x := opened(t)
	grab := func() {
		t.Helper()
		if _, _, err := x.Grab(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	grab()
	first := x.conn
	for range 4 {
		for i := range 2000 {
			err := xproto.ChangeKeyboardMappingChecked(conn, 1, 200, 1, []xproto.Keysym{xproto.Keysym('a' + i%20)}).Check()
			if err != nil {
				t.Fatal(err)
			}
			for {
				if event, err := conn.PollForEvent(); event == nil && err == nil {
					break
				}
			}
		}
		grab()
	}
	if x.conn != first {
		t.Error("the connection was not kept")
	}
}

func TestConcurrentGrabs(t *testing.T) {
	conn := xvfb(t, "-screen", "0", "128x64x24")
	background(t, conn, 0x123456)
	x := opened(t)
	if _, err := x.Displays(context.Background()); err != nil { // extensions are known after the first
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			shots, _, err := x.Grab(context.Background(), "screen")
			if err != nil {
				t.Error(err)
				return
			}
			same(t, shots[0].Image, func(image.Point) color.RGBA { return rgba(0x123456) })
		})
	}
	wg.Wait()
}

func TestWindowsX11(t *testing.T) {
	conn := xvfb(t, "-screen", "0", "200x100x24")
	below := paint(t, conn, image.Rect(10, 10, 60, 50), 1)
	above := paint(t, conn, image.Rect(150, 20, 260, 70), 2)
	hidden := paint(t, conn, image.Rect(0, 0, 5, 5), 3)
	if err := xproto.UnmapWindowChecked(conn, hidden).Check(); err != nil {
		t.Fatal(err)
	}
	x := opened(t)
	list := func() []Window {
		t.Helper()
		out, err := x.Windows(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	b, a := Window{image.Rect(10, 10, 60, 50), "screen"}, Window{image.Rect(150, 20, 200, 70), "screen"}
	if got := list(); len(got) != 2 || got[0] != a || got[1] != b {
		t.Errorf("without a window manager: %v", got)
	}
	root := xproto.Setup(conn).DefaultScreen(conn).Root
	set := func(w xproto.Window, name string, values ...uint32) {
		t.Helper()
		atom, err := xproto.InternAtom(conn, false, uint16(len(name)), name).Reply()
		if err != nil {
			t.Fatal(err)
		}
		var data []byte
		for _, v := range values {
			data = binary.LittleEndian.AppendUint32(data, v)
		}
		if err := xproto.ChangePropertyChecked(conn, xproto.PropModeReplace, w, atom.Atom, xproto.AtomCardinal, 32, uint32(len(values)), data).Check(); err != nil {
			t.Fatal(err)
		}
	}
	set(root, "_NET_CLIENT_LIST_STACKING", uint32(above), uint32(below), uint32(hidden), 0xdead)
	set(below, "_NET_FRAME_EXTENTS", 2, 3, 8, 1)
	set(above, "_GTK_FRAME_EXTENTS", 10, 10, 5, 5)
	b.Bounds, a.Bounds = image.Rect(8, 2, 63, 51), image.Rect(160, 25, 200, 65)
	if got := list(); len(got) != 2 || got[0] != b || got[1] != a {
		t.Errorf("with a window manager's list: %v", got)
	}
}

// TestScaleX11 reads the scale where desktops put it.
func TestScaleX11(t *testing.T) {
	conn := xvfb(t, "-screen", "0", "64x64x24")
	root := xproto.Setup(conn).DefaultScreen(conn).Root
	text := []byte("*customization: -color\nXft.dpi:\t144\n")
	if err := xproto.ChangePropertyChecked(conn, xproto.PropModeReplace, root, xproto.AtomResourceManager, xproto.AtomString, 8, uint32(len(text)), text).Check(); err != nil {
		t.Fatal(err)
	}
	displays, err := opened(t).Displays(context.Background())
	if err != nil || len(displays) != 1 || displays[0].Scale != 1.5 {
		t.Errorf("%+v, %v", displays, err)
	}
}

// TestNoDisplay: a machine without a screen is told so, at once and by name.
func TestNoDisplay(t *testing.T) {
	for _, name := range []string{"WAYLAND_DISPLAY", "XDG_SESSION_TYPE", "DISPLAY"} {
		t.Setenv(name, "")
	}
	if _, err := Open(); !errors.Is(err, ErrNoDisplay) {
		t.Errorf("Open: %v", err)
	}
	t.Setenv("DISPLAY", ":64999")
	g, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := g.Grab(context.Background()); !errors.Is(err, ErrNoDisplay) {
		t.Errorf("Grab: %v", err)
	}
	if _, err := g.Displays(context.Background()); !errors.Is(err, ErrNoDisplay) {
		t.Errorf("Displays: %v", err)
	}
}

func TestContractX11(t *testing.T) {
	conn := xvfb(t, "-screen", "0", "64x64x24")
	paint(t, conn, image.Rect(5, 5, 20, 20), 7)
	contract(t, opened(t))
}

// T-07: a screen set up as two monitors gives a picture of each, the primary
// one first, and the two are what is painted there.
func TestT07_TwoMonitors(t *testing.T) {
	conn := xvfb(t, "-screen", "0", "96x40x24")
	if err := randr.Init(conn); err != nil {
		t.Skipf("no RandR: %v", err)
	}
	if v, err := randr.QueryVersion(conn, 1, 5).Reply(); err != nil || v.MinorVersion < 5 {
		t.Skipf("RandR is too old: %v", err)
	}
	root := xproto.Setup(conn).DefaultScreen(conn).Root
	resources, err := randr.GetScreenResourcesCurrent(conn, root).Reply()
	if err != nil || len(resources.Outputs) == 0 {
		t.Fatal(err)
	}
	set := func(name string, box image.Rectangle, primary bool, outputs ...randr.Output) {
		t.Helper()
		atom, err := xproto.InternAtom(conn, false, uint16(len(name)), name).Reply()
		if err != nil {
			t.Fatal(err)
		}
		m := randr.MonitorInfo{Name: atom.Atom, Primary: primary, NOutput: uint16(len(outputs)), X: int16(box.Min.X), Y: int16(box.Min.Y),
			Width: uint16(box.Dx()), Height: uint16(box.Dy()), WidthInMillimeters: 100, HeightInMillimeters: 100, Outputs: outputs}
		if err := randr.SetMonitorChecked(conn, root, m).Check(); err != nil {
			t.Fatal(err)
		}
	}
	set("left", image.Rect(0, 0, 32, 40), false, resources.Outputs[0])
	set("right", image.Rect(32, 8, 96, 40), true)
	paint(t, conn, image.Rect(0, 0, 32, 40), 0x112233)
	paint(t, conn, image.Rect(32, 0, 96, 40), 0x445566)
	set("mirror", image.Rect(32, 8, 96, 40), false)
	list, _, err := opened(t).Grab(context.Background())
	if err != nil || len(list) != 2 {
		t.Fatalf("%+v %v", list, err)
	}
	for i, want := range []struct {
		id     string
		size   image.Point
		colour color.RGBA
	}{{"right", image.Pt(64, 32), color.RGBA{0x44, 0x55, 0x66, 255}}, {"left", image.Pt(32, 40), color.RGBA{0x11, 0x22, 0x33, 255}}} {
		if s := list[i]; s.ID != want.id || s.Image.Rect.Size() != want.size || s.Primary != (i == 0) {
			t.Errorf("%d: %s %v primary %v", i, s.ID, s.Image.Rect, s.Primary)
		} else {
			same(t, s.Image, func(image.Point) color.RGBA { return want.colour })
		}
	}
	// One is unplugged between two grabs of the same connection, then the other too.
	unplug := func(name string) {
		t.Helper()
		atom, err := xproto.InternAtom(conn, true, uint16(len(name)), name).Reply()
		if err != nil {
			t.Fatal(err)
		}
		if err := randr.DeleteMonitorChecked(conn, root, atom.Atom).Check(); err != nil {
			t.Fatal(err)
		}
	}
	unplug("right")
	unplug("mirror")
	list, _, err = opened(t).Grab(context.Background())
	if err != nil || len(list) != 1 || list[0].ID != "left" || !list[0].Primary {
		t.Fatalf("after one was unplugged: %+v %v", list, err)
	}
	if _, _, err := opened(t).Grab(context.Background(), "right"); !errors.Is(err, ErrNoDisplay) {
		t.Errorf("the one that is gone: %v", err)
	}
	unplug("left") // the server then tells of its output again, or of the root window
	if list, _, err = opened(t).Grab(context.Background()); err != nil || len(list) != 1 || list[0].Image.Rect.Empty() {
		t.Errorf("after both were: %+v %v", list, err)
	}
}

// TestCutPerOutput: two displays of different size, side by side and offset,
// come out of one area; what no picture covers is black.
func TestCutPerOutput(t *testing.T) {
	p := pixels{bytes: 4, pad: 4, order: binary.LittleEndian, red: 0xff0000, green: 0xff00, blue: 0xff}
	area := image.Rect(100, 0, 160, 40)
	data := make([]byte, p.stride(60)*40)
	at := func(q image.Point) color.RGBA { return color.RGBA{uint8(q.X), uint8(q.Y), 77, 255} }
	for y := range 40 {
		for x := range 60 {
			copy(data[y*p.stride(60)+4*x:], []byte{77, uint8(y), uint8(100 + x), 0})
		}
	}
	for _, display := range []image.Rectangle{image.Rect(100, 0, 130, 30), image.Rect(130, 7, 160, 40), image.Rect(150, 30, 180, 60)} {
		img := p.cut(data, area, display)
		if img.Rect != display.Sub(display.Min) {
			t.Errorf("%v gives %v", display, img.Rect)
		}
		same(t, img, func(q image.Point) color.RGBA {
			if q = q.Add(display.Min); !q.In(area) {
				return color.RGBA{0, 0, 0, 255}
			} else {
				return at(q)
			}
		})
	}
}

// desktop fills the screen for benchmarks: windows in plain colours with lines
// like text, and noise in a quarter of it.
func desktop(t testing.TB, conn *xgb.Conn) {
	t.Helper()
	background(t, conn, 0x204060)
	paint(t, conn, image.Rect(40, 40, 1000, 1000), 0xfafafa)
	for y := 80; y < 960; y += 22 {
		for x := 60; x < 900; x += 9 {
			if (x*y)%7 < 4 {
				paint(t, conn, image.Rect(x, y, x+1+(x*y)%6, y+9), 0x303030)
			}
		}
	}
	w := paint(t, conn, image.Rect(1020, 40, 1900, 580), 0)
	gc, err := xproto.NewGcontextId(conn)
	if err != nil {
		t.Fatal(err)
	}
	if err := xproto.CreateGCChecked(conn, gc, xproto.Drawable(w), 0, nil).Check(); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for y := 0; y < 540; y += 10 {
		data := make([]byte, 880*10*4)
		for i := range data {
			data[i] = byte(i/880) + byte(r.Uint32()%20) + byte(y/3)
		}
		if err := xproto.PutImageChecked(conn, xproto.ImageFormatZPixmap, xproto.Drawable(w), gc, 880, 10, 0, int16(y), 0, 24, data).Check(); err != nil {
			t.Fatal(err)
		}
	}
}
