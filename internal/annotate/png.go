package annotate

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"

	"github.com/klauspost/compress/zlib"
)

// EncodePNG writes an opaque picture as PNG with the chunks IHDR, IDAT and IEND
// and nothing else: no time, title, text or colour profile. Alpha is not
// looked at.
//
// It is an own writer because screens have many flat rows: each row is stored
// as the difference to its left or to the one above, whichever is smaller, at
// the fastest level of compression. That takes about half the time of
// image/png at BestSpeed for about the same size.
func EncodePNG(img *image.RGBA) ([]byte, error) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	if w <= 0 || h <= 0 {
		return nil, fmt.Errorf("encode PNG: the picture is empty")
	}
	var packed bytes.Buffer
	packed.Grow(w * h / 2)
	z, err := zlib.NewWriterLevel(&packed, zlib.BestSpeed)
	if err != nil {
		return nil, fmt.Errorf("encode PNG: %w", err)
	}
	rows := newFilter(w)
	for y := range h {
		if _, err := z.Write(rows.next(img.Pix[y*img.Stride:][:4*w])); err != nil {
			return nil, fmt.Errorf("encode PNG: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("encode PNG: %w", err)
	}
	if packed.Len() > 1<<31-1 {
		return nil, fmt.Errorf("encode PNG: the picture is too large")
	}
	header := binary.BigEndian.AppendUint32(nil, uint32(w))
	header = binary.BigEndian.AppendUint32(header, uint32(h))
	header = append(header, 8, 2, 0, 0, 0) // 8 bits of red, green, blue; not interlaced
	out := make([]byte, 0, packed.Len()+64)
	out = append(out, "\x89PNG\r\n\x1a\n"...)
	out = appendChunk(out, "IHDR", header)
	out = appendChunk(out, "IDAT", packed.Bytes())
	return appendChunk(out, "IEND", nil), nil
}

func appendChunk(out []byte, name string, data []byte) []byte {
	out = binary.BigEndian.AppendUint32(out, uint32(len(data)))
	start := len(out)
	out = append(out, name...)
	out = append(out, data...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[start:]))
}

// filter turns rows of pixels into rows as PNG stores them, the kind of
// difference first.
type filter struct {
	now, above []byte // red, green, blue of the present row and of the one above
	sub, up    []byte
}

func newFilter(w int) *filter {
	f := &filter{now: make([]byte, 3*w), above: make([]byte, 3*w), sub: make([]byte, 1+3*w), up: make([]byte, 1+3*w)}
	f.sub[0], f.up[0] = 1, 2 // PNG's numbers for the two
	return f
}

// next returns the stored form of the next row, valid until the call after.
func (f *filter) next(rgba []byte) []byte {
	f.now, f.above = f.above, f.now
	now := f.now
	for i, k := 0, 0; i+4 <= len(rgba) && k+3 <= len(now); i, k = i+4, k+3 {
		now[k], now[k+1], now[k+2] = rgba[i], rgba[i+1], rgba[i+2]
	}
	if bytes.Equal(now, f.above) { // common on screens, and nothing packs better
		clear(f.up[1:])
		return f.up
	}
	above, sub, up := f.above[:len(now)], f.sub[1:][:len(now)], f.up[1:][:len(now)]
	var left, top int
	for i := range 3 {
		sub[i], up[i] = now[i], now[i]-above[i]
		left += size(sub[i])
		top += size(up[i])
	}
	for i := 3; i < len(now); i++ {
		s, u := now[i]-now[i-3], now[i]-above[i]
		sub[i], up[i] = s, u
		left += size(s)
		top += size(u)
	}
	if left < top {
		return f.sub
	}
	return f.up
}

// size is how far a difference is from none, either way.
func size(v byte) int {
	n := int(int8(v))
	m := n >> 63
	return (n ^ m) - m
}
