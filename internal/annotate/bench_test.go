package annotate

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"testing"
	"time"
)

// pictures are like what people take pictures of, w × h: text on a page, dark
// text in many colours, and a photo's noise.
func pictures(w, h int) map[string]*image.RGBA {
	page := image.NewRGBA(image.Rect(0, 0, w, h))
	paintBox(page, page.Rect, color.RGBA{250, 250, 250, 255})
	paintBox(page, image.Rect(0, 0, w, h/12), color.RGBA{40, 60, 120, 255})
	line := "The quick brown fox jumps over the lazy dog, and 1795280000 other things that happened in between."
	dark := image.NewRGBA(page.Rect)
	paintBox(dark, dark.Rect, color.RGBA{30, 30, 36, 255})
	for i, y := 0, float64(h/8); y < float64(h); i, y = i+1, y+24 {
		glyphs(line[i%20:], 40, y, 15).fill(page, color.RGBA{30, 30, 30, 255}, 255)
		glyphs(line[i%30:], float64(40+i%7*30), y, 15).fill(dark, color.RGBA{uint8(100 + i*37%150), uint8(120 + i*71%130), 200, 255}, 255)
	}
	part := base(w/3, h/3, 1)
	for y := range h / 3 {
		copy(page.Pix[page.PixOffset(w/2, h/2+y):][:4*(w/3)], part.Pix[y*part.Stride:])
	}
	photo := base(w, h, 2)
	return map[string]*image.RGBA{"page": page, "dark": dark, "photo": photo}
}

// BenchmarkPNG reports our writer against image/png at BestSpeed in the same
// run: time and size, ours over theirs.
func BenchmarkPNG(b *testing.B) {
	for name, img := range pictures(1920, 1080) {
		b.Run(name, func(b *testing.B) {
			var mine, other time.Duration
			var ours, theirs int
			for b.Loop() {
				start := time.Now()
				data, err := EncodePNG(img)
				if err != nil {
					b.Fatal(err)
				}
				mine += time.Since(start)
				ours = len(data)
				start = time.Now()
				var buf bytes.Buffer
				enc := png.Encoder{CompressionLevel: png.BestSpeed}
				if err := enc.Encode(&buf, img); err != nil {
					b.Fatal(err)
				}
				other += time.Since(start)
				theirs = buf.Len()
			}
			b.ReportMetric(float64(mine)/float64(other), "time-ratio")
			b.ReportMetric(float64(ours)/float64(theirs), "size-ratio")
			b.ReportMetric(float64(mine.Milliseconds())/float64(b.N), "ours-ms")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkFlatten reports flattening 50 objects on a 4K picture over encoding it.
func BenchmarkFlatten(b *testing.B) {
	img := pictures(3840, 2160)["page"]
	kinds := []string{"arrow", "rect", "ellipse", "mark", "text", "step", "pen", "hide", "line", "markpen"}
	var objects []Object
	for i := range 50 {
		x, y := float64(i%10*370), float64(i/10*420)
		objects = append(objects, Object{T: kinds[i%len(kinds)], A: 1, S: 8, X: x, Y: y, W: 300, H: 200, X1: x, Y1: y, X2: x + 300, Y2: y + 200,
			Size: 40, Lines: []string{"a line of text"}, Align: "l", How: "pixel", N: i, Points: [][3]float64{{x, y, 1}, {x + 100, y + 90, 1}, {x + 200, y, 1}}})
	}
	d := document(3840, 2160, objects...)
	var flat, encode time.Duration
	for b.Loop() {
		start := time.Now()
		out, err := Flatten(d, img)
		if err != nil {
			b.Fatal(err)
		}
		flat += time.Since(start)
		start = time.Now()
		if _, err := EncodePNG(out); err != nil {
			b.Fatal(err)
		}
		encode += time.Since(start)
	}
	b.ReportMetric(float64(flat)/float64(encode), "flatten/encode")
	b.ReportMetric(float64(flat.Milliseconds())/float64(b.N), "flatten-ms")
}

func BenchmarkDiary(b *testing.B) {
	img := pictures(1920, 1080)["page"]
	b.Run("all", func(b *testing.B) {
		for b.Loop() {
			if _, _, err := Diary(img, 1); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("thumbnail", func(b *testing.B) {
		for b.Loop() {
			if _, err := Thumbnail(img, ThumbnailWidth); err != nil {
				b.Fatal(err)
			}
		}
	})
}
