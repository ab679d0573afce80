package screen

import (
	"encoding/binary"
	"fmt"
	"image"
	"math/bits"

	"github.com/jezek/xgb/xproto"
)

// pixels says how the server lays out the root window's pixels.
type pixels struct {
	bytes            int // of one pixel: 2, 3 or 4
	pad              int // a row is a multiple of so many bytes
	order            binary.ByteOrder
	red, green, blue uint32 // masks
}

func pixelFormat(setup *xproto.SetupInfo, screen *xproto.ScreenInfo) (pixels, error) {
	var p pixels
	for _, f := range setup.PixmapFormats {
		if f.Depth == screen.RootDepth {
			p.bytes, p.pad = int(f.BitsPerPixel)/8, int(f.ScanlinePad)/8
		}
	}
	for _, d := range screen.AllowedDepths {
		for _, v := range d.Visuals {
			if v.VisualId == screen.RootVisual && (v.Class == xproto.VisualClassTrueColor || v.Class == xproto.VisualClassDirectColor) {
				p.red, p.green, p.blue = v.RedMask, v.GreenMask, v.BlueMask
			}
		}
	}
	p.order = binary.LittleEndian
	if setup.ImageByteOrder == xproto.ImageOrderMSBFirst {
		p.order = binary.BigEndian
	}
	if p.bytes != 2 && p.bytes != 4 || p.pad < 1 || p.red == 0 || p.green == 0 || p.blue == 0 {
		return p, fmt.Errorf("%w (a screen of depth %d)", ErrUnsupported, screen.RootDepth)
	}
	return p, nil
}

// stride is how many bytes a row takes.
func (p pixels) stride(width int) int { return (width*p.bytes + p.pad - 1) / p.pad * p.pad }

// cut makes a picture of one display from the pixels of an area; what the
// display has beyond the area is black.
func (p pixels) cut(data []byte, area, display image.Rectangle) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, display.Dx(), display.Dy()))
	for i := 3; i < len(out.Pix); i += 4 {
		out.Pix[i] = 255
	}
	part := display.Intersect(area)
	stride := p.stride(area.Dx())
	usual := p.bytes == 4 && p.order == binary.LittleEndian && p.red == 0xff0000 && p.green == 0xff00 && p.blue == 0xff
	for y := part.Min.Y; y < part.Max.Y; y++ {
		from := data[(y-area.Min.Y)*stride+(part.Min.X-area.Min.X)*p.bytes:][:part.Dx()*p.bytes]
		to := out.Pix[out.PixOffset(part.Min.X-display.Min.X, y-display.Min.Y):][:part.Dx()*4]
		if usual {
			for i := 0; i+4 <= len(from) && i+4 <= len(to); i += 4 {
				v := binary.LittleEndian.Uint32(from[i:])
				binary.LittleEndian.PutUint32(to[i:], 0xff000000|v&0xff00|v<<16&0xff0000|v>>16&0xff)
			}
			continue
		}
		for x := range part.Dx() {
			var v uint32
			if p.bytes == 2 {
				v = uint32(p.order.Uint16(from[2*x:]))
			} else {
				v = p.order.Uint32(from[4*x:])
			}
			to[4*x], to[4*x+1], to[4*x+2] = channel(v, p.red), channel(v, p.green), channel(v, p.blue)
		}
	}
	return out
}

// channel takes one colour of a pixel, whatever number of bits it has, as 0 to 255.
func channel(v, mask uint32) uint8 {
	shift := bits.TrailingZeros32(mask)
	top := uint64(mask >> shift)
	return uint8((uint64(v&mask>>shift)*255 + top/2) / top)
}

// read gets the pixels of an area of the root window, over the connection.
//
// Not by shared memory: a grab is a rare single act, and making, attaching and
// first touching a segment takes half as long again as this. Kept for the next
// grab it would be faster by a third, but would also hold the last picture of
// the screen in memory for as long as the program runs.
func (c *xconn) read(area image.Rectangle) ([]byte, error) {
	r, err := xproto.GetImage(c.Conn, xproto.ImageFormatZPixmap, xproto.Drawable(c.root),
		int16(area.Min.X), int16(area.Min.Y), uint16(area.Dx()), uint16(area.Dy()), 0xffffffff).Reply()
	if err != nil {
		return nil, fmt.Errorf("read the screen: %w", err)
	}
	if size := c.format.stride(area.Dx()) * area.Dy(); len(r.Data) < size {
		return nil, fmt.Errorf("read the screen: %d bytes, want %d", len(r.Data), size)
	}
	return r.Data, nil
}
