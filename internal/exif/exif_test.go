package exif

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"strings"
	"testing"
)

// photograph is a JPEG that says how its camera was held, in either order of bytes.
func photograph(t testing.TB, h uint16, order binary.AppendByteOrder) []byte {
	t.Helper()
	var plain bytes.Buffer
	if err := jpeg.Encode(&plain, image.NewGray(image.Rect(0, 0, 8, 4)), nil); err != nil {
		t.Fatal(err)
	}
	facts := []byte("Exif\x00\x00MM\x00*")
	if order == binary.AppendByteOrder(binary.LittleEndian) {
		facts = []byte("Exif\x00\x00II*\x00")
	}
	facts = order.AppendUint32(facts, 8)
	facts = order.AppendUint16(facts, 2)
	for _, e := range [][3]uint16{{0x010F, 2, 9}, {0x0112, 3, h}} {
		facts = order.AppendUint16(order.AppendUint16(facts, e[0]), e[1])
		facts = order.AppendUint16(order.AppendUint16(order.AppendUint32(facts, 1), e[2]), 0)
	}
	out := append([]byte{}, plain.Bytes()[:2]...)
	out = append(out, 0xFF, 0xE0, 0, 4, 0, 0) // another block first
	out = binary.BigEndian.AppendUint16(append(out, 0xFF, 0xE1), uint16(len(facts)+2))
	return append(append(out, facts...), plain.Bytes()[2:]...)
}

// F-09: how a photograph is to be turned is read in both orders of bytes; what does not say it, or is cut off anywhere, stays as it is.
func TestF09_HowACameraWasHeld(t *testing.T) {
	for _, order := range []binary.AppendByteOrder{binary.BigEndian, binary.LittleEndian} {
		for h := range uint16(12) {
			want := Hold(h)
			if h < 1 || h > 8 {
				want = Level
			}
			whole := photograph(t, h, order)
			if got := Read(bytes.NewReader(whole)); got != want {
				t.Errorf("%v %d: read as %d", order, h, got)
			}
			for n := range whole {
				if got := Read(bytes.NewReader(whole[:n])); got != Level && got != want {
					t.Errorf("%d of its bytes: %d", n, got)
				}
			}
		}
	}
	for _, other := range []string{"", "\x89PNG\r\n\x1a\n", "GIF89a", "\xff\xd8\xff\xe1\x00\x01", "\xff\xd8\xff\xe1\x00\x10Exif\x00\x00II*\x00\xff\xff\xff\xff"} {
		if got := Read(strings.NewReader(other)); got != Level {
			t.Errorf("%q: %d", other, got)
		}
	}
}

// F-09: each of the eight ways ends upright. A, B, C are the corners of a picture of 2 × 3 as the eye saw it: top left, top right, bottom left.
func TestF09_PhotographsStandUpright(t *testing.T) {
	for h, written := range map[Hold][3]image.Point{
		0: {{0, 0}, {1, 0}, {0, 2}}, 1: {{0, 0}, {1, 0}, {0, 2}}, 2: {{1, 0}, {0, 0}, {1, 2}}, 3: {{1, 2}, {0, 2}, {1, 0}}, 4: {{0, 2}, {1, 2}, {0, 0}},
		5: {{0, 0}, {0, 1}, {2, 0}}, 6: {{0, 1}, {0, 0}, {2, 1}}, 7: {{2, 1}, {2, 0}, {0, 1}}, 8: {{2, 0}, {2, 1}, {0, 0}},
	} {
		w, high := h.Side(2, 3)
		src := image.NewNRGBA(image.Rect(5, 7, 5+w, 7+high))
		for i, p := range written {
			src.Set(5+p.X, 7+p.Y, color.NRGBA{uint8(50 * (i + 1)), 0, 0, 255})
		}
		out := h.Draw(src)
		got := fmt.Sprint(out.Rect.Dx(), out.Rect.Dy(), out.RGBAAt(0, 0).R, out.RGBAAt(1, 0).R, out.RGBAAt(0, 2).R, out.RGBAAt(1, 2).R)
		if got != "2 3 50 100 150 255" { // what is clear becomes white
			t.Errorf("held as %d: %s", h, got)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(photograph(f, 6, binary.LittleEndian))
	f.Add([]byte("\xff\xd8\xff\xe1\xff\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if h := Read(bytes.NewReader(b)); h < 1 || h > 8 {
			t.Fatalf("%d", h)
		}
	})
}
