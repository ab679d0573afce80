package screen

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"log"
	"os"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/randr"
	"github.com/jezek/xgb/xfixes"
	"github.com/jezek/xgb/xproto"
)

func init() { xgb.Logger = log.New(io.Discard, "", 0) } // it would print to the terminal

// theX11 is what Open returns on X11: every caller shares its connection.
var theX11 = x11{turn: make(chan struct{}, 1)}

// x11 grabs from an X server by one kept connection, and opens a new one when
// the server has gone or DISPLAY names another.
type x11 struct {
	turn chan struct{} // full while a call runs
	conn *xconn        // nil until needed; of whoever has the turn
}

// xconn is one connection to the server, used by one call at a time.
type xconn struct {
	*xgb.Conn
	display string // DISPLAY when it was opened
	root    xproto.Window
	format  pixels
	randr   bool // the server has RandR
	monitor bool // and knows which outputs make one monitor (1.5)
	cursor  bool // the server has XFixes
	atoms   map[string]xproto.Atom
}

// onX runs a call on the connection, one at a time, within the context. A
// server that hangs keeps the one call it hangs in until it answers or goes;
// whoever comes meanwhile waits for a turn and leaves nothing behind.
func onX[T any](ctx context.Context, x *x11, call func(*xconn) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	select {
	case x.turn <- struct{}{}:
	case <-ctx.Done():
		var none T
		return none, ended(ctx)
	}
	return await(ctx, func() (out T, err error) {
		defer func() { <-x.turn }()
		err = x.use(func(c *xconn) error {
			out, err = call(c)
			return err
		})
		return out, err
	})
}

// use runs a call on the connection; a server that broke it off gets one more
// try. There is never a second connection, because opening one changes tables
// of xgb that all connections read, without a lock.
func (x *x11) use(call func(*xconn) error) error {
	if x.conn != nil && x.conn.display != os.Getenv("DISPLAY") {
		x.conn.Close()
		x.conn = nil
	}
	if x.conn != nil {
		x.conn.drain()
		err := call(x.conn)
		if err == nil || errors.Is(err, ErrNoDisplay) {
			return err
		}
		x.conn.Close()
		x.conn = nil
	}
	c, err := dialX()
	if err != nil {
		return err
	}
	if err := call(c); err != nil {
		c.Close()
		return err
	}
	x.conn = c
	return nil
}

// drain throws away what the server tells unasked, such as new keyboard
// layouts: xgb stops reading when thousands of such events wait.
func (c *xconn) drain() {
	for {
		if event, err := c.PollForEvent(); event == nil && err == nil {
			return
		}
	}
}

func dialX() (*xconn, error) {
	conn, err := xgb.NewConn()
	if err != nil {
		return nil, fmt.Errorf("%w (connect to X: %v)", ErrNoDisplay, err)
	}
	c := &xconn{Conn: conn, display: os.Getenv("DISPLAY"), atoms: map[string]xproto.Atom{}}
	setup := xproto.Setup(conn)
	screen := setup.DefaultScreen(conn)
	c.root = screen.Root
	if c.format, err = pixelFormat(setup, screen); err != nil {
		conn.Close()
		return nil, err
	}
	if randr.Init(conn) == nil {
		v, err := randr.QueryVersion(conn, 1, 5).Reply()
		c.randr = err == nil && (v.MajorVersion > 1 || v.MinorVersion >= 3)
		c.monitor = err == nil && (v.MajorVersion > 1 || v.MinorVersion >= 5)
	}
	if xfixes.Init(conn) == nil {
		_, err := xfixes.QueryVersion(conn, 4, 0).Reply()
		c.cursor = err == nil
	}
	return c, nil
}

// Displays lists the monitors or, of an older server, the active outputs.
func (x *x11) Displays(ctx context.Context) ([]Display, error) {
	return onX(ctx, x, (*xconn).displays)
}

func (c *xconn) displays() ([]Display, error) {
	scale := c.scale()
	var out []Display
	if c.monitor {
		out = c.monitors(scale)
	}
	if c.randr && len(out) == 0 {
		var err error
		if out, err = c.outputs(scale); err != nil {
			return nil, fmt.Errorf("list the outputs: %w", err)
		}
	}
	if len(out) == 0 { // a server without outputs still has a root window
		r, err := c.rootBounds()
		if err != nil {
			return nil, err
		}
		out = []Display{{ID: "root", Name: "Screen", Bounds: r, Scale: scale}}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Primary && !out[j].Primary })
	out[0].Primary = true
	return out, nil
}

// monitors lists what the person sees as one screen each: two outputs may be
// the halves of one large monitor, and one output may be set up as several. It
// answers none if the server does not.
func (c *xconn) monitors(scale float64) []Display {
	r, err := randr.GetMonitors(c.Conn, c.root, true).Reply()
	if err != nil {
		return nil
	}
	var out []Display
	for i, m := range r.Monitors {
		if m.Width == 0 || m.Height == 0 {
			continue
		}
		name := fmt.Sprint("monitor ", i)
		if n, err := xproto.GetAtomName(c.Conn, m.Name).Reply(); err == nil && n.Name != "" {
			name = n.Name
		}
		box := image.Rect(0, 0, int(m.Width), int(m.Height)).Add(image.Pt(int(m.X), int(m.Y)))
		out = append(out, Display{ID: name, Name: name, Bounds: box, Scale: scale, Primary: m.Primary})
	}
	return once(out)
}

// once keeps of a mirrored pair one, the primary if it is of them.
func once(list []Display) []Display {
	var out []Display
	at := map[image.Rectangle]int{}
	for _, d := range list {
		if i, mirrored := at[d.Bounds]; !mirrored {
			at[d.Bounds] = len(out)
			out = append(out, d)
		} else if d.Primary {
			out[i] = d
		}
	}
	return out
}

// outputs lists what RandR says is switched on, a mirrored pair once.
func (c *xconn) outputs(scale float64) ([]Display, error) {
	resources, err := randr.GetScreenResourcesCurrent(c.Conn, c.root).Reply()
	if err != nil {
		return nil, err
	}
	primary := randr.Output(0)
	if r, err := randr.GetOutputPrimary(c.Conn, c.root).Reply(); err == nil {
		primary = r.Output
	}
	var out []Display
	for _, id := range resources.Outputs {
		info, err := randr.GetOutputInfo(c.Conn, id, resources.ConfigTimestamp).Reply()
		if err != nil || info.Crtc == 0 || info.Connection == randr.ConnectionDisconnected {
			continue
		}
		crtc, err := randr.GetCrtcInfo(c.Conn, info.Crtc, resources.ConfigTimestamp).Reply()
		if err != nil || crtc.Width == 0 || crtc.Height == 0 {
			continue
		}
		r := image.Rect(0, 0, int(crtc.Width), int(crtc.Height)).Add(image.Pt(int(crtc.X), int(crtc.Y)))
		out = append(out, Display{ID: string(info.Name), Name: string(info.Name), Bounds: r, Scale: scale, Primary: id == primary})
	}
	return once(out), nil
}

// rootBounds asks for the present size; what the server said at connection
// time is wrong after a display was added.
func (c *xconn) rootBounds() (image.Rectangle, error) {
	g, err := xproto.GetGeometry(c.Conn, xproto.Drawable(c.root)).Reply()
	if err != nil {
		return image.Rectangle{}, fmt.Errorf("measure the root window: %w", err)
	}
	return image.Rect(0, 0, int(g.Width), int(g.Height)), nil
}

// scale is the desktop's font resolution over 96, which is where X desktops
// keep it: Xft.dpi among the resources on the root window.
func (c *xconn) scale() float64 {
	r, err := xproto.GetProperty(c.Conn, false, c.root, xproto.AtomResourceManager, xproto.AtomString, 0, 1<<16).Reply()
	if err != nil || r == nil {
		return 1
	}
	for line := range strings.Lines(string(r.Value)) {
		if value, ok := strings.CutPrefix(line, "Xft.dpi:"); ok {
			if dpi, err := strconv.ParseFloat(strings.TrimSpace(value), 64); err == nil && dpi >= 48 && dpi <= 960 {
				return dpi / 96
			}
		}
	}
	return 1
}

// Grab reads the part of the root window that holds all wanted displays once,
// and cuts it.
func (x *x11) Grab(ctx context.Context, want ...string) ([]Shot, *Pointer, error) {
	type result struct {
		shots   []Shot
		pointer *Pointer
	}
	r, err := onX(ctx, x, func(c *xconn) (r result, err error) {
		r.shots, r.pointer, err = c.grab(want)
		return r, err
	})
	return r.shots, r.pointer, err
}

func (c *xconn) grab(want []string) ([]Shot, *Pointer, error) {
	all, err := c.displays()
	if err != nil {
		return nil, nil, err
	}
	wanted, err := pick(all, want)
	if err != nil {
		return nil, nil, err
	}
	root, err := c.rootBounds()
	if err != nil {
		return nil, nil, err
	}
	var area image.Rectangle
	for _, d := range wanted {
		area = area.Union(d.Bounds)
	}
	area = area.Intersect(root)
	if area.Empty() {
		return nil, nil, ErrNoDisplay
	}
	data, err := c.read(area)
	if err != nil {
		return nil, nil, err
	}
	now := time.Now()
	pointer := c.pointer()
	shots := make([]Shot, len(wanted))
	for i, d := range wanted {
		shots[i] = Shot{d, c.format.cut(data, area, d.Bounds), now}
	}
	return shots, pointer, nil
}

// pointer reads the mouse pointer; no pointer is no reason to fail.
func (c *xconn) pointer() *Pointer {
	if !c.cursor {
		return nil
	}
	r, err := xfixes.GetCursorImage(c.Conn).Reply()
	if err != nil || r == nil || r.Width == 0 || r.Height == 0 || len(r.CursorImage) < int(r.Width)*int(r.Height) {
		return nil
	}
	img := image.NewRGBA(image.Rect(0, 0, int(r.Width), int(r.Height)))
	for i := range int(r.Width) * int(r.Height) {
		v := r.CursorImage[i]
		img.Pix[4*i], img.Pix[4*i+1], img.Pix[4*i+2], img.Pix[4*i+3] = uint8(v>>16), uint8(v>>8), uint8(v), uint8(v>>24)
	}
	return &Pointer{image.Pt(int(r.X)-int(r.Xhot), int(r.Y)-int(r.Yhot)), img}
}
