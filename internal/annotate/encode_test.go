package annotate

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"testing"
)

// TestPNGHasNothingBesides: no chunk that could name a program, time, title or place.
func TestPNGHasNothingBesides(t *testing.T) {
	data, err := EncodePNG(base(90, 40, 1))
	if err != nil {
		t.Fatal(err)
	}
	var chunks []string
	for at := 8; at < len(data); {
		size := int(binary.BigEndian.Uint32(data[at:]))
		name := string(data[at+4 : at+8])
		if len(chunks) == 0 || chunks[len(chunks)-1] != name {
			chunks = append(chunks, name)
		}
		at += 12 + size
	}
	if len(chunks) != 3 || chunks[0] != "IHDR" || chunks[1] != "IDAT" || chunks[2] != "IEND" {
		t.Errorf("chunks %v", chunks)
	}
	if data[25] != 2 {
		t.Errorf("colour type %d, want 2: red, green, blue without alpha", data[25])
	}
}

func TestDiary(t *testing.T) {
	tests := []struct{ w, h, displays, jw, jh, tw, th, sw, sh int }{
		{1920, 1080, 1, 1280, 720, 320, 180, 32, 18},
		{1280, 1024, 0, 1280, 1024, 320, 256, 32, 18},
		{300, 200, 2, 300, 200, 300, 200, 32, 18},
		{20, 10, 1, 20, 10, 20, 10, 20, 10},
		{1, 3000, 1, 1, 3000, 1, 640, 1, 18},
		{4000, 1, 1, 1280, 1, 320, 1, 32, 1},
		{3840, 1080, 2, 2560, 720, 320, 90, 32, 18},
		{9600, 400, 5, 3840, 160, 320, 13, 32, 18},
	}
	for _, tt := range tests {
		in := base(tt.w, tt.h, 1)
		jpg, size, err := Diary(in, tt.displays)
		if err != nil || size != image.Pt(tt.jw, tt.jh) {
			t.Fatal(size, err)
		}
		thumb, err := Thumbnail(in, ThumbnailWidth)
		if err != nil {
			t.Fatal(err)
		}
		seed, err := Seed(in)
		if err != nil {
			t.Fatal(err)
		}
		for name, v := range map[string]struct {
			data []byte
			size image.Point
		}{"picture": {jpg, image.Pt(tt.jw, tt.jh)}, "thumbnail": {thumb, image.Pt(tt.tw, tt.th)}, "seed": {seed, image.Pt(tt.sw, tt.sh)}} {
			img, err := jpeg.Decode(bytes.NewReader(v.data))
			if err != nil {
				t.Fatalf("%dx%d %s: %v", tt.w, tt.h, name, err)
			}
			if img.Bounds().Size() != v.size {
				t.Errorf("%dx%d: %s is %v, want %v", tt.w, tt.h, name, img.Bounds().Size(), v.size)
			}
			if bytes.Contains(v.data[:40], []byte("Exif")) {
				t.Errorf("%s has EXIF", name)
			}
		}
	}
	if _, _, err := Diary(image.NewRGBA(image.Rectangle{}), 1); err == nil {
		t.Error("an empty picture was kept")
	}
}

// TestScaleIsTheAreaAverage compares with the definition, worked out in
// floating point for every pixel.
func TestScaleIsTheAreaAverage(t *testing.T) {
	sizes := [][4]int{{100, 60, 37, 22}, {64, 64, 32, 32}, {33, 7, 32, 7}, {50, 50, 1, 1}, {640, 20, 320, 10}, {90, 31, 89, 30}, {30, 20, 30, 9}}
	for _, s := range sizes {
		src := base(s[0], s[1], 5)
		got := average(src, s[2], s[3])
		for y := range s[3] {
			for x := range s[2] {
				want := areaAt(src, x, y, s[2], s[3])
				c := got.RGBAAt(x, y)
				for k, v := range []uint8{c.R, c.G, c.B} {
					if math.Abs(float64(v)-want[k]) > 0.5001 {
						t.Fatalf("%v pixel %d,%d channel %d is %d, want %.3f", s, x, y, k, v, want[k])
					}
				}
				if c.A != 255 {
					t.Fatal("not opaque")
				}
			}
		}
	}
}

func areaAt(src *image.RGBA, x, y, dw, dh int) (out [3]float64) {
	fx, fy := float64(src.Rect.Dx())/float64(dw), float64(src.Rect.Dy())/float64(dh)
	x0, x1, y0, y1 := float64(x)*fx, float64(x+1)*fx, float64(y)*fy, float64(y+1)*fy
	for sy := range src.Rect.Dy() {
		hy := math.Min(float64(sy+1), y1) - math.Max(float64(sy), y0)
		for sx := range src.Rect.Dx() {
			wx := math.Min(float64(sx+1), x1) - math.Max(float64(sx), x0)
			if wx > 1e-9 && hy > 1e-9 {
				c := src.RGBAAt(sx, sy)
				for k, v := range []uint8{c.R, c.G, c.B} {
					out[k] += float64(v) * wx * hy / (fx * fy)
				}
			}
		}
	}
	return out
}

// TestScaleOfAPart: a part of a picture is scaled without its surroundings.
func TestScaleOfAPart(t *testing.T) {
	img := base(100, 100, 1)
	part := img.SubImage(image.Rect(20, 30, 60, 50)).(*image.RGBA)
	paintBox(img, image.Rect(20, 30, 60, 50), color.RGBA{9, 9, 9, 255})
	got := Scale(part, 10, 10)
	if got.Rect != image.Rect(0, 0, 10, 5) || got.RGBAAt(9, 4) != (color.RGBA{9, 9, 9, 255}) {
		t.Errorf("%v, corner %v", got.Rect, got.RGBAAt(9, 4))
	}
}

// TestPNGIsThePicture: what any reader gets back is what went in, for sizes and
// rows of every kind.
func TestPNGIsThePicture(t *testing.T) {
	noise := base(61, 47, 9)
	flat := image.NewRGBA(image.Rect(0, 0, 50, 40))
	paintBox(flat, flat.Rect, color.RGBA{1, 2, 3, 255})
	stripes := image.NewRGBA(image.Rect(0, 0, 64, 64))
	for i := range 64 {
		paintBox(stripes, image.Rect(0, i, 64, i+1), color.RGBA{uint8(i * 91), uint8(i / 9 * 255), 200, 255})
		paintBox(stripes, image.Rect(i, 0, i+1, 20), color.RGBA{uint8(i * 37), 0, 255, 255})
	}
	for name, img := range map[string]*image.RGBA{
		"noise": noise, "flat": flat, "stripes": stripes, "one pixel": base(1, 1, 1), "column": base(1, 90, 1), "row": base(90, 1, 1),
		"part": noise.SubImage(image.Rect(7, 9, 40, 30)).(*image.RGBA),
	} {
		data, err := EncodePNG(img)
		if err != nil {
			t.Fatal(err)
		}
		got, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got.Bounds().Size() != img.Rect.Size() {
			t.Fatalf("%s: size %v", name, got.Bounds())
		}
		for y := range img.Rect.Dy() {
			for x := range img.Rect.Dx() {
				if c := color.RGBAModel.Convert(got.At(x, y)); c != img.RGBAAt(img.Rect.Min.X+x, img.Rect.Min.Y+y) {
					t.Fatalf("%s: pixel %d,%d is %v", name, x, y, c)
				}
			}
		}
	}
	if _, err := EncodePNG(image.NewRGBA(image.Rectangle{})); err == nil {
		t.Error("an empty picture was encoded")
	}
}
