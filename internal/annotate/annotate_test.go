package annotate

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden pictures and the geometry fixture anew")

// base is a picture with some structure everywhere: nothing in it is flat.
func base(w, h int, seed uint64) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	r := rand.New(rand.NewPCG(seed, 1))
	for y := range h {
		for x := range w {
			n := uint8(r.Uint32() % 24)
			img.SetRGBA(x, y, color.RGBA{uint8(x*200/w) + n, uint8(y*200/h) + n, 120 + n, 255})
		}
	}
	return img
}

// document is a valid document for a base of that size.
func document(w, h int, objects ...Object) *Doc {
	for i := range objects {
		o := &objects[i]
		o.ID = fmt.Sprint("o", i)
		if o.C == "" {
			o.C = "#e5322d"
		}
	}
	return &Doc{V: 1, ID: "d1", W: w, H: h, Scale: 1, Base: strings.Repeat("0a", 32), At: 1795280000000, Step: 1, Objects: objects}
}

// tinyPNG is a half-transparent picture, as the page would embed one.
func tinyPNG(w, h int) []byte {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = uint8(i * 7)
	}
	var buf bytes.Buffer
	if err := png.Encode(&buf, img); err != nil {
		panic(err)
	}
	return buf.Bytes()
}

func decoded(t testing.TB, d *Doc) *Doc {
	t.Helper()
	data, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	out, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func half() *float64 { v := 0.5; return &v }

// TestGolden draws one picture a tool and compares it pixel by pixel.
func TestGolden(t *testing.T) {
	wave := [][3]float64{{10, 60, .5}, {30, 20, .5}, {55, 70, .7}, {80, 25, .5}, {110, 60, .4}}
	blob := [][2]float64{{10, 60}, {40, 15.25}, {110, 30}, {90, 70.5}, {30, 75}}
	tests := []struct {
		name    string
		objects []Object
		crop    *Rect
		pointer *Pointer
	}{
		{"arrow", []Object{{T: "arrow", A: 1, S: 4, X1: 10, Y1: 70, X2: 105, Y2: 15}}, nil, nil},
		{"arrow-both-dash", []Object{{T: "arrow", A: .8, S: 4, X1: 10, Y1: 15, X2: 110, Y2: 60, Head: "both", Dash: true}}, nil, nil},
		{"line", []Object{{T: "line", A: 1, S: 7, X1: 10, Y1: 40, X2: 100, Y2: 41}}, nil, nil},
		{"line-dash", []Object{{T: "line", A: 1, S: 2, X1: 5, Y1: 5, X2: 115, Y2: 75, Dash: true}}, nil, nil},
		{"rect", []Object{{T: "rect", A: 1, S: 4, X: 10.25, Y: 10, W: 80, H: 50}}, nil, nil},
		{"rect-fill-dash", []Object{{T: "rect", A: 1, S: 2, X: 10, Y: 10, W: 80, H: 50, Fill: "#ffffff", FillAlpha: half(), Dash: true}}, nil, nil},
		{"ellipse", []Object{{T: "ellipse", A: 1, S: 4, X: 10, Y: 10, W: 95, H: 50}}, nil, nil},
		{"ellipse-fill-dash", []Object{{T: "ellipse", A: .7, S: 4, X: 10, Y: 10, W: 95, H: 50, Fill: "#102030", Dash: true}}, nil, nil},
		{"mark", []Object{{T: "mark", C: "#ffee00", A: 1, X: 20, Y: 20, W: 60, H: 30}}, nil, nil},
		{"spot", []Object{{T: "spot", A: 1, X: 20, Y: 20, W: 40, H: 30}, {T: "spot", A: 1, X: 50.5, Y: 40, W: 40, H: 30}}, nil, nil},
		{"pen", []Object{{T: "pen", A: 1, S: 4, Points: wave, Path: blob}}, nil, nil},
		{"pen-points", []Object{{T: "pen", A: .6, S: 6, Points: wave}}, nil, nil},
		{"markpen", []Object{{T: "markpen", C: "#66ff66", A: 1, S: 12, Points: wave}}, nil, nil},
		{"text", []Object{{T: "text", A: 1, X: 8, Y: 30, Size: 20, Align: "l", Lines: []string{"Grüße,", "Привет"}}}, nil, nil},
		{"text-plate", []Object{{T: "text", C: "#ffffff", A: 1, X: 60, Y: 30, Size: 16, Align: "c", Plate: "#1a1a1a", Lines: []string{"two", "lines 日"}}}, nil, nil},
		{"text-bmp", []Object{{T: "text", A: 1, X: 110, Y: 30, Size: 16, Align: "r", Plate: "#1a1a1a", Lines: []string{"x"}, Bitmap: &Bitmap{W: 40, H: 24, PNG: tinyPNG(40, 24)}}}, nil, nil},
		{"text-see-through", []Object{{T: "text", C: "#ffffff", A: .5, X: 8, Y: 40, Size: 28, Align: "l", Plate: "#1a1a1a", Lines: []string{"half"}}}, nil, nil},
		{"step-see-through", []Object{{T: "step", A: .5, X: 40, Y: 40, N: 123, Size: 40}}, nil, nil},
		{"step", []Object{{T: "step", A: 1, X: 20, Y: 25, N: 7, Size: 20}, {T: "step", C: "#ffd400", A: 1, X: 40, Y: 60, N: 12, Size: 16, Label: "here"}}, nil, nil},
		{"hide-solid", []Object{{T: "hide", C: "#000000", A: .1, X: 20.5, Y: 20.5, W: 40, H: 30, How: "solid"}}, nil, nil},
		{"hide-pixel", []Object{{T: "hide", A: 1, X: 20, Y: 20, W: 70, H: 40, How: "pixel", Seed: 7}}, nil, nil},
		{"crop", []Object{{T: "rect", A: 1, S: 4, X: 10, Y: 10, W: 80, H: 50}}, &Rect{30, 5, 60, 40}, nil},
		{"pointer", nil, nil, &Pointer{X: 50, Y: 20, W: 16, H: 16, PNG: tinyPNG(16, 16), On: true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := document(120, 80, tt.objects...)
			d.Crop, d.Pointer = tt.crop, tt.pointer
			b := base(120, 80, 3)
			before := bytes.Clone(b.Pix)
			got, err := Flatten(decoded(t, d), b)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(before, b.Pix) {
				t.Error("Flatten changed the base")
			}
			if bytes.Equal(got.Pix, b.Pix) {
				t.Error("nothing was drawn")
			}
			golden(t, filepath.Join("testdata", "golden", tt.name+".png"), got)
		})
	}
}

func golden(t *testing.T, name string, got *image.RGBA) {
	t.Helper()
	if *update {
		data, err := EncodePNG(got)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	want, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	if want.Bounds() != got.Rect {
		t.Fatalf("size %v, want %v", got.Rect, want.Bounds())
	}
	for y := range got.Rect.Dy() {
		for x := range got.Rect.Dx() {
			r, g, b, _ := want.At(x, y).RGBA()
			w := color.RGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), 255}
			if c := got.RGBAAt(x, y); c != w {
				t.Fatalf("pixel %d,%d is %v, want %v", x, y, c, w)
			}
		}
	}
}

// TestLayerShinesThroughAsOne: letters on a half see-through plate do not mix
// with the plate, as in the page's group opacity.
func TestLayerShinesThroughAsOne(t *testing.T) {
	white := image.NewRGBA(image.Rect(0, 0, 60, 60))
	paintBox(white, white.Rect, color.RGBA{255, 255, 255, 255})
	got, err := Flatten(document(60, 60, Object{T: "step", C: "#000000", A: .5, X: 30, Y: 30, N: 1, Size: 60}), white)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[color.RGBA]bool{}
	for y := range 60 {
		for x := range 60 {
			seen[got.RGBAAt(x, y)] = true
		}
	}
	if !seen[color.RGBA{127, 127, 127, 255}] || !seen[color.RGBA{255, 255, 255, 255}] {
		t.Errorf("want the disc at half black and the number at full white, got %v", seen)
	}
}
