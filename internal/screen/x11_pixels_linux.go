package screen

import (
	"encoding/binary"
	"fmt"
	"image"
	"math/bits"
	"os"
	"strings"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/shm"
	"github.com/jezek/xgb/xproto"
	"golang.org/x/sys/unix"
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

// read gets the pixels of an area of the root window. The result is valid until
// the next read.
func (c *xconn) read(area image.Rectangle) ([]byte, error) {
	size := c.format.stride(area.Dx()) * area.Dy()
	if !c.noShm {
		data, err := c.readShared(area, size)
		if err == nil {
			return data, nil
		}
		c.noShm = true // a remote or walled-off server will not change its mind
		c.shm.free(c.Conn)
		c.shm = nil
	}
	r, err := xproto.GetImage(c.Conn, xproto.ImageFormatZPixmap, xproto.Drawable(c.root),
		int16(area.Min.X), int16(area.Min.Y), uint16(area.Dx()), uint16(area.Dy()), 0xffffffff).Reply()
	if err != nil {
		return nil, fmt.Errorf("read the screen: %w", err)
	}
	if len(r.Data) < size {
		return nil, fmt.Errorf("read the screen: %d bytes, want %d", len(r.Data), size)
	}
	return r.Data, nil
}

// segment is memory shared with the server. Only this user may open it (mode
// 0600), and it is marked for removal as soon as both have it, so that it ends
// with the programs.
type segment struct {
	seg  shm.Seg
	data []byte
}

func (c *xconn) readShared(area image.Rectangle, size int) ([]byte, error) {
	if c.shm == nil || len(c.shm.data) < size {
		c.shm.free(c.Conn)
		c.shm = nil
		s, err := share(c.Conn, size)
		if err != nil {
			return nil, err
		}
		c.shm = s
		if err := c.proveShared(); err != nil {
			return nil, err
		}
	}
	return c.shm.data, c.getShared(area)
}

func (c *xconn) getShared(area image.Rectangle) error {
	_, err := shm.GetImage(c.Conn, xproto.Drawable(c.root), int16(area.Min.X), int16(area.Min.Y),
		uint16(area.Dx()), uint16(area.Dy()), 0xffffffff, xproto.ImageFormatZPixmap, c.shm.seg, 0).Reply()
	return err
}

// proveShared makes sure the server writes where we read: a server in another
// container may find some other segment by our number. Of two different
// fillings, one pixel must change at least one.
func (c *xconn) proveShared() error {
	for _, filling := range []byte{0x55, 0xaa} {
		probe := c.shm.data[:min(len(c.shm.data), c.format.bytes)]
		for i := range probe {
			probe[i] = filling
		}
		if err := c.getShared(image.Rect(0, 0, 1, 1)); err != nil {
			return err
		}
		for _, b := range probe {
			if b != filling {
				return nil
			}
		}
	}
	return fmt.Errorf("the X server does not share memory with us")
}

func share(conn *xgb.Conn, size int) (*segment, error) {
	if display := os.Getenv("DISPLAY"); !strings.HasPrefix(display, ":") && !strings.HasPrefix(display, "unix:") && !strings.HasPrefix(display, "/") {
		return nil, fmt.Errorf("a remote display shares no memory")
	}
	conn.ExtLock.RLock()
	_, have := conn.Extensions["MIT-SHM"]
	conn.ExtLock.RUnlock()
	if !have {
		if err := shm.Init(conn); err != nil {
			return nil, err
		}
	}
	id, err := unix.SysvShmGet(unix.IPC_PRIVATE, size, unix.IPC_CREAT|0o600)
	if err != nil {
		return nil, fmt.Errorf("make shared memory: %w", err)
	}
	defer unix.SysvShmCtl(id, unix.IPC_RMID, nil) // takes effect when the last user lets go
	data, err := unix.SysvShmAttach(id, 0, 0)
	if err != nil {
		return nil, fmt.Errorf("attach shared memory: %w", err)
	}
	seg, err := shm.NewSegId(conn)
	if err == nil {
		err = shm.AttachChecked(conn, seg, uint32(id), false).Check()
	}
	if err != nil {
		_ = unix.SysvShmDetach(data)
		return nil, fmt.Errorf("share memory with the X server: %w", err)
	}
	return &segment{seg, data}, nil
}

func (s *segment) free(conn *xgb.Conn) {
	if s != nil {
		_ = shm.DetachChecked(conn, s.seg).Check() // wait: the server may be writing
		_ = unix.SysvShmDetach(s.data)
	}
}
