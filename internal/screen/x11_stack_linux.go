package screen

import (
	"context"
	"encoding/binary"
	"fmt"
	"image"
	"slices"

	"github.com/jezek/xgb/xproto"
)

// Windows lists what the window manager says is stacked, or without one the
// mapped children of the root window.
func (x *x11) Windows(ctx context.Context) ([]Window, error) {
	return onX(ctx, x, (*xconn).windows)
}

func (c *xconn) windows() ([]Window, error) {
	displays, err := c.displays()
	if err != nil {
		return nil, err
	}
	root, err := c.rootBounds()
	if err != nil {
		return nil, err
	}
	var stack []xproto.Window // bottom to top
	for _, v := range c.longs(c.root, "_NET_CLIENT_LIST_STACKING") {
		stack = append(stack, xproto.Window(v))
	}
	if stack == nil {
		tree, err := xproto.QueryTree(c.Conn, c.root).Reply()
		if err != nil {
			return nil, fmt.Errorf("list the windows: %w", err)
		}
		stack = tree.Children
	}
	slices.Reverse(stack)
	var out []Window
	for _, w := range stack {
		if r, ok := c.outline(w); ok {
			if r = r.Intersect(root); !r.Empty() {
				out = append(out, Window{r, mostOn(displays, r)})
			}
		}
	}
	return out, nil
}

// outline is where a window is to be seen; a window may vanish at any moment.
func (c *xconn) outline(w xproto.Window) (image.Rectangle, bool) {
	attr, err := xproto.GetWindowAttributes(c.Conn, w).Reply()
	if err != nil || attr.MapState != xproto.MapStateViewable || attr.Class != xproto.WindowClassInputOutput {
		return image.Rectangle{}, false
	}
	if slices.Contains(c.longs(w, "_NET_WM_STATE"), uint32(c.atom("_NET_WM_STATE_HIDDEN"))) ||
		slices.Contains(c.longs(w, "_NET_WM_WINDOW_TYPE"), uint32(c.atom("_NET_WM_WINDOW_TYPE_DESKTOP"))) {
		return image.Rectangle{}, false
	}
	g, err := xproto.GetGeometry(c.Conn, xproto.Drawable(w)).Reply()
	if err != nil {
		return image.Rectangle{}, false
	}
	at, err := xproto.TranslateCoordinates(c.Conn, w, c.root, 0, 0).Reply()
	if err != nil {
		return image.Rectangle{}, false
	}
	r := image.Rect(0, 0, int(g.Width), int(g.Height)).Add(image.Pt(int(at.DstX), int(at.DstY)))
	if e := c.longs(w, "_GTK_FRAME_EXTENTS"); len(e) == 4 { // the shadow is part of the window
		r = grow(r, e, -1)
	} else if e := c.longs(w, "_NET_FRAME_EXTENTS"); len(e) == 4 { // the title bar is not
		r = grow(r, e, 1)
	}
	return r, true
}

// grow moves the edges outward by left, right, top, bottom.
func grow(r image.Rectangle, by []uint32, sign int) image.Rectangle {
	for _, v := range by {
		if v > 1000 {
			return r
		}
	}
	r.Min.X -= sign * int(by[0])
	r.Max.X += sign * int(by[1])
	r.Min.Y -= sign * int(by[2])
	r.Max.Y += sign * int(by[3])
	return r
}

// longs reads a property that is a list of 32-bit numbers; nil if it is not there.
func (c *xconn) longs(w xproto.Window, name string) []uint32 {
	atom := c.atom(name)
	if atom == 0 {
		return nil
	}
	r, err := xproto.GetProperty(c.Conn, false, w, atom, xproto.GetPropertyTypeAny, 0, 4096).Reply()
	if err != nil || r.Format != 32 {
		return nil
	}
	out := make([]uint32, 0, len(r.Value)/4)
	for i := 0; i+4 <= len(r.Value); i += 4 {
		out = append(out, binary.LittleEndian.Uint32(r.Value[i:])) // xgb asks for this order
	}
	return out
}

// atom is the server's number for a name, 0 if nobody uses it.
func (c *xconn) atom(name string) xproto.Atom {
	if a, ok := c.atoms[name]; ok {
		return a
	}
	r, err := xproto.InternAtom(c.Conn, true, uint16(len(name)), name).Reply()
	if err != nil {
		return 0
	}
	if r.Atom != 0 {
		c.atoms[name] = r.Atom
	}
	return r.Atom
}
