package tray

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/png"
)

// PNG returns a picture as a PNG file, as trays on Linux and macOS take it.
func PNG(img image.Image) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic("tray: encode a picture in memory: " + err.Error())
	}
	return b.Bytes()
}

// ICO returns pictures, one a size, as a Windows icon file. Sizes below 256 are stored as 32-bit bitmaps, which every loader
// reads; 256 as PNG, as Windows expects.
func ICO(pictures ...*image.NRGBA) []byte {
	var head, body bytes.Buffer
	put := func(b *bytes.Buffer, values ...any) {
		for _, v := range values {
			_ = binary.Write(b, binary.LittleEndian, v) // a bytes.Buffer takes everything
		}
	}
	put(&head, uint16(0), uint16(1), uint16(len(pictures)))
	offset := 6 + 16*len(pictures)
	for _, p := range pictures {
		size := p.Bounds().Dx()
		data := PNG(p)
		if size < 256 {
			data = bitmap(p)
		}
		put(&head, byte(size), byte(size), byte(0), byte(0), uint16(1), uint16(32), uint32(len(data)), uint32(offset+body.Len()))
		body.Write(data)
	}
	return append(head.Bytes(), body.Bytes()...)
}

// bitmap is a BITMAPINFOHEADER of twice the height, the pixels as BGRA from the bottom up, and an empty mask.
func bitmap(p *image.NRGBA) []byte {
	size := p.Bounds().Dx()
	mask := (size + 31) / 32 * 4 * size
	out := make([]byte, 40, 40+size*size*4+mask)
	binary.LittleEndian.PutUint32(out[0:], 40)
	binary.LittleEndian.PutUint32(out[4:], uint32(size))
	binary.LittleEndian.PutUint32(out[8:], uint32(2*size))
	binary.LittleEndian.PutUint16(out[12:], 1)
	binary.LittleEndian.PutUint16(out[14:], 32)
	binary.LittleEndian.PutUint32(out[20:], uint32(size*size*4+mask))
	for y := size - 1; y >= 0; y-- {
		for x := range size {
			c := p.NRGBAAt(x, y)
			out = append(out, c.B, c.G, c.R, c.A)
		}
	}
	return append(out, make([]byte, mask)...)
}
