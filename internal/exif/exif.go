// Package exif reads how a camera was held when it took a photograph, and sets the picture upright.
//
// A telephone writes what its sensor saw and beside it, in the block of facts called EXIF, which side is up; a picture shown without it lies on
// its side. Nothing else of that block is read: not the place, not the time. It is pure and used by whoever makes small pictures.
package exif

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/draw"
	"io"
)

// Hold is how a camera was held: the value of tag 0x0112 of EXIF 2.32, from 1 to 8.
type Hold int

// Level is a picture that stands as it was written.
const Level Hold = 1

// mostHead is how far into a file the block is looked for, in bytes: it stands near the beginning.
const mostHead = 256 << 10

// Read finds how the camera was held that took a JPEG. It answers Level for what is no JPEG, says nothing of it, or is broken.
func Read(r io.Reader) Hold {
	r = io.LimitReader(r, mostHead)
	var mark [4]byte
	if _, err := io.ReadFull(r, mark[:2]); err != nil || mark[0] != 0xFF || mark[1] != 0xD8 {
		return Level
	}
	for {
		if _, err := io.ReadFull(r, mark[:]); err != nil || mark[0] != 0xFF || mark[1] < 0xC0 || mark[1] == 0xDA { // its pixels begin
			return Level
		}
		n := int(binary.BigEndian.Uint16(mark[2:])) - 2
		if n < 0 {
			return Level
		}
		if mark[1] != 0xE1 {
			if _, err := io.CopyN(io.Discard, r, int64(n)); err != nil {
				return Level
			}
			continue
		}
		block := make([]byte, n)
		if _, err := io.ReadFull(r, block); err != nil {
			return Level
		}
		if facts, ok := bytes.CutPrefix(block, []byte("Exif\x00\x00")); ok {
			return held(facts)
		}
	}
}

// held looks the tag up in the first directory of a TIFF header.
func held(b []byte) Hold {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(b, []byte("II*\x00")):
		order = binary.LittleEndian
	case bytes.HasPrefix(b, []byte("MM\x00*")):
		order = binary.BigEndian
	default:
		return Level
	}
	if len(b) < 8 {
		return Level
	}
	at := int64(order.Uint32(b[4:]))
	if at+2 > int64(len(b)) {
		return Level
	}
	entries := b[at+2:]
	for range order.Uint16(b[at:]) {
		if len(entries) < 12 {
			return Level
		}
		tag, kind, h := order.Uint16(entries), order.Uint16(entries[2:]), Hold(order.Uint16(entries[8:]))
		if tag == 0x0112 {
			if kind == 3 && h >= 1 && h <= 8 { // a SHORT
				return h
			}
			return Level
		}
		entries = entries[12:]
	}
	return Level
}

// Side is the size that a picture of w × h has once it is upright.
func (h Hold) Side(width, height int) (int, int) {
	if h >= 5 {
		return height, width
	}
	return width, height
}

// Draw makes an upright picture on white. It goes line by line, so that no second copy of a large picture is held.
func (h Hold) Draw(src image.Image) *image.RGBA {
	from := src.Bounds()
	w, high := from.Dx(), from.Dy()
	ow, oh := h.Side(w, high)
	out := image.NewRGBA(image.Rect(0, 0, ow, oh))
	if h <= Level || h > 8 {
		draw.Draw(out, out.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
		draw.Draw(out, out.Rect, src, from.Min, draw.Over)
		return out
	}
	line := image.NewRGBA(image.Rect(0, 0, w, 1))
	for y := range high {
		draw.Draw(line, line.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
		draw.Draw(line, line.Rect, src, image.Pt(from.Min.X, from.Min.Y+y), draw.Over)
		for x := range w {
			ox, oy := h.to(x, y, w, high)
			copy(out.Pix[out.PixOffset(ox, oy):][:4], line.Pix[4*x:][:4])
		}
	}
	return out
}

// to is where a pixel of a picture of w × high goes.
func (h Hold) to(x, y, w, high int) (int, int) {
	switch h {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, high - 1 - y
	case 4:
		return x, high - 1 - y
	case 5:
		return y, x
	case 6:
		return high - 1 - y, x
	case 7:
		return high - 1 - y, w - 1 - x
	case 8:
		return y, w - 1 - x
	}
	return x, y
}
