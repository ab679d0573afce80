package annotate

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"math/rand/v2"
	"testing"
)

// randomObject is any mark anywhere, also partly outside the picture.
func randomObject(r *rand.Rand, w, h int) Object {
	kinds := []string{"arrow", "line", "rect", "ellipse", "mark", "spot", "pen", "markpen", "text", "step", "hide", "hide", "hide"}
	quarter := func(from, to float64) float64 { return float64(int((from+r.Float64()*(to-from))*4)) / 4 }
	x, y := func() float64 { return quarter(-20, float64(w)+20) }, func() float64 { return quarter(-20, float64(h)+20) }
	colours := []string{"#e5322d", "#ffffff", "#000000", "#ffd400", "#123456"}
	any := func(list ...string) string { return list[r.IntN(len(list))] }
	o := Object{
		T: kinds[r.IntN(len(kinds))], C: any(colours...), A: r.Float64(), S: quarter(0, 14),
		X: x(), Y: y(), W: quarter(0, 90), H: quarter(0, 60), X1: x(), Y1: y(), X2: x(), Y2: y(),
		Head: any("", "end", "both"), Dash: r.IntN(3) == 0, Size: quarter(4, 40), N: r.IntN(300),
		Lines: []string{"sécret", "", "дом"}, Align: any("l", "c", "r"), Plate: any("", "#ffffff"),
		How: any("solid", "pixel"), Seed: r.Uint32(), Fill: any("", "#00ff00"),
	}
	if r.IntN(4) == 0 {
		o.Bitmap = &Bitmap{W: 20, H: 10, PNG: tinyPNG(20, 10)}
	}
	for range 2 + r.IntN(6) {
		o.Points = append(o.Points, [3]float64{x(), y(), r.Float64()})
		if r.IntN(2) == 0 {
			o.Path = append(o.Path, [2]float64{x(), y()})
		}
	}
	return o
}

func randomDoc(r *rand.Rand, w, h int) *Doc {
	var objects []Object
	for range 1 + r.IntN(9) {
		objects = append(objects, randomObject(r, w, h))
	}
	d := document(w, h, objects...)
	if r.IntN(2) == 0 {
		d.Crop = &Rect{float64(r.IntN(w / 2)), float64(r.IntN(h / 2)), float64(10 + r.IntN(w/2)), float64(10 + r.IntN(h/2))}
	}
	if r.IntN(3) == 0 {
		d.Pointer = &Pointer{X: float64(r.IntN(w)), Y: float64(r.IntN(h)), W: 12, H: 12, PNG: tinyPNG(12, 12), On: r.IntN(2) == 0}
	}
	return d
}

// otherInside is the picture with different pixels inside every hidden box.
// Which pixels those are is worked out here anew, not by the code under test.
func otherInside(img *image.RGBA, d *Doc, r *rand.Rand) *image.RGBA {
	out := image.NewRGBA(img.Rect)
	copy(out.Pix, img.Pix)
	for y := range d.H {
		for x := range d.W {
			for _, o := range d.Objects {
				px, py := float64(x), float64(y)
				if o.T == "hide" && o.W > 0 && o.H > 0 && px+1 > o.X && px < o.X+o.W && py+1 > o.Y && py < o.Y+o.H {
					var b [4]byte
					binary.LittleEndian.PutUint32(b[:], r.Uint32())
					out.SetRGBA(x, y, color.RGBA{b[0], b[1], b[2], 255})
				}
			}
		}
	}
	return out
}

// everything is all bytes that may leave the program for one document and base.
func everything(t testing.TB, d *Doc, img *image.RGBA) map[string][]byte {
	t.Helper()
	flat, err := Flatten(d, img)
	if err != nil {
		t.Fatal(err)
	}
	burnt, err := BurnHides(img, d)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	keep := func(name string, data []byte, err error) {
		if err != nil {
			t.Fatal(err)
		}
		out[name] = data
	}
	data, err := EncodePNG(flat)
	keep("picture", data, err)
	data, err = Thumbnail(flat, 40)
	keep("thumbnail", data, err)
	data, err = Seed(flat)
	keep("seed", data, err)
	data, err = EncodePNG(burnt)
	keep("blacked out original", data, err)
	return out
}

// TestRedaction: pictures that differ only inside hidden boxes give the same
// bytes, whatever else is drawn and whatever the crop.
func TestRedaction(t *testing.T) {
	differed := 0
	for i := range 500 {
		r := rand.New(rand.NewPCG(uint64(i), 42))
		w, h := 60+r.IntN(80), 50+r.IntN(60)
		d := randomDoc(r, w, h)
		one := base(w, h, uint64(i))
		two := otherInside(one, d, r)
		if !bytes.Equal(one.Pix, two.Pix) {
			differed++
		}
		a, b := everything(t, d, one), everything(t, d, two)
		for name := range a {
			if !bytes.Equal(a[name], b[name]) {
				t.Fatalf("document %d: the %s tells what was hidden", i, name)
			}
		}
	}
	if differed < 200 {
		t.Errorf("only %d documents hid anything", differed)
	}
}

// TestBurntBaseGivesTheSamePicture: after "black it out too" the person sees no change.
func TestBurntBaseGivesTheSamePicture(t *testing.T) {
	for i := range 60 {
		r := rand.New(rand.NewPCG(uint64(i), 7))
		d := randomDoc(r, 90, 70)
		img := base(90, 70, uint64(i))
		before, err := Flatten(d, img)
		if err != nil {
			t.Fatal(err)
		}
		burnt, err := BurnHides(img, d)
		if err != nil {
			t.Fatal(err)
		}
		after, err := Flatten(d, burnt)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(before.Pix, after.Pix) {
			t.Fatalf("document %d looks different on the blacked out original", i)
		}
	}
}

// TestEdgesOfHideCoverWholePixels: a box that starts or ends inside a pixel hides that pixel.
func TestEdgesOfHideCoverWholePixels(t *testing.T) {
	d := document(20, 20, Object{T: "hide", C: "#010203", X: 4.75, Y: 4.75, W: 3.5, H: 0.5, How: "solid"})
	got, err := BurnHides(base(20, 20, 1), d)
	if err != nil {
		t.Fatal(err)
	}
	hidden := image.Rect(4, 4, 9, 6)
	for y := range 20 {
		for x := range 20 {
			if (got.RGBAAt(x, y) == color.RGBA{1, 2, 3, 255}) != image.Pt(x, y).In(hidden) {
				t.Errorf("pixel %d,%d is %v", x, y, got.RGBAAt(x, y))
			}
		}
	}
}

// TestPixelHideOfEverythingIsSolid: with nothing outside to take colours from, the box is plain.
func TestPixelHideOfEverythingIsSolid(t *testing.T) {
	d := document(30, 20,
		Object{T: "hide", C: "#112233", W: 30, H: 20, How: "pixel"},
		Object{T: "hide", C: "#112233", X: 5, Y: 5, W: 5, H: 5, How: "pixel"})
	got, err := Flatten(d, base(30, 20, 1))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(got.Pix); i += 4 {
		if got.Pix[i] != 0x11 || got.Pix[i+1] != 0x22 || got.Pix[i+2] != 0x33 {
			t.Fatalf("pixel %d is %v", i/4, got.Pix[i:i+4])
		}
	}
}

// TestSeeThroughBaseBecomesOpaque: what lies under alpha 0 does not come out.
func TestSeeThroughBaseBecomesOpaque(t *testing.T) {
	src := image.NewNRGBA(image.Rect(5, 5, 15, 15))
	for i := 0; i < len(src.Pix); i += 4 {
		src.Pix[i] = 200 // red, but not visible
	}
	got, err := Flatten(document(10, 10), src)
	if err != nil {
		t.Fatal(err)
	}
	if got.RGBAAt(3, 3) != (color.RGBA{255, 255, 255, 255}) {
		t.Errorf("an invisible pixel became %v", got.RGBAAt(3, 3))
	}
}
