package annotate

import (
	"image"
	"image/color"
	"image/draw"
	"strconv"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomedium"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// Text is set in Go Medium, which the page has as a font face as well: first baseline at Y, each next one lineStep sizes lower, no kerning,
// no ligatures, no hinting, no wrapping. A character the font lacks is a box.
//
// The plate behind a text reaches from one size above the first baseline to
// 0.25 size below the last, as wide as the longest line, and a quarter size
// more on every side. A Bitmap stands in for the glyphs: its top edge is one
// size above the first baseline, its left edge, middle or right edge at X.
//
// A step is a disc of radius 0.75 size around X, Y with its number in the
// middle: 1, 0.8 or 0.6 size for one, two or more digits, the baseline 0.36 of
// that below Y, black on light colours and white on dark ones. Its label
// starts 0.4 size right of the disc, baseline 0.36 size below Y, in the colour
// of the disc.
const lineStep = 1.25

// medium parses the font once; the bytes are part of the program.
var medium = sync.OnceValue(func() *sfnt.Font {
	f, err := sfnt.Parse(gomedium.TTF)
	if err != nil {
		panic("annotate: the built-in font: " + err.Error())
	}
	return f
})

// width is how far a line reaches, in pixels.
func width(line string, size float64) float64 {
	var buf sfnt.Buffer
	var sum fixed.Int26_6
	for _, r := range line {
		sum += advance(&buf, glyph(&buf, r), size)
	}
	return float64(sum) / 64
}

func glyph(buf *sfnt.Buffer, r rune) sfnt.GlyphIndex {
	if r == '\t' {
		r = ' '
	}
	index, err := medium().GlyphIndex(buf, r)
	if err != nil {
		return 0 // the box
	}
	return index
}

func advance(buf *sfnt.Buffer, index sfnt.GlyphIndex, size float64) fixed.Int26_6 {
	a, err := medium().GlyphAdvance(buf, index, ppem(size), font.HintingNone)
	if err != nil {
		return 0
	}
	return a
}

func ppem(size float64) fixed.Int26_6 { return fixed.Int26_6(float64(size*64) + 0.5) }

// glyphs is the shape of a line whose baseline starts at x, y.
func glyphs(line string, x, y, size float64) shape {
	var out shape
	var buf sfnt.Buffer
	for _, r := range line {
		index := glyph(&buf, r)
		segments, err := medium().LoadGlyph(&buf, index, ppem(size), nil)
		if err == nil {
			out = append(out, outline(segments, snap(x), snap(y))...)
		}
		x += float64(advance(&buf, index, size)) / 64
	}
	return out
}

// outline turns the curves of a glyph into contours.
func outline(segments sfnt.Segments, x, y float64) shape {
	var out shape
	at := func(p fixed.Point26_6) pt { return pt{x + float64(p.X)/64, y + float64(p.Y)/64} }
	for _, s := range segments {
		if s.Op == sfnt.SegmentOpMoveTo {
			out = append(out, []pt{at(s.Args[0])})
			continue
		}
		if len(out) == 0 {
			continue
		}
		contour := &out[len(out)-1]
		a := (*contour)[len(*contour)-1]
		switch s.Op {
		case sfnt.SegmentOpLineTo:
			*contour = append(*contour, at(s.Args[0]))
		case sfnt.SegmentOpQuadTo: // all curves of a TrueType font
			b, c := at(s.Args[0]), at(s.Args[1])
			steps := min(4+int(length(c.x-a.x, c.y-a.y)/4), 32)
			for i := 1; i <= steps; i++ {
				t := float64(i) / float64(steps)
				u := 1 - t
				ka, kb, kc := float64(u*u), float64(2*float64(u*t)), float64(t*t)
				*contour = append(*contour, snapped(
					float64(ka*a.x)+float64(kb*b.x)+float64(kc*c.x),
					float64(ka*a.y)+float64(kb*b.y)+float64(kc*c.y)))
			}
		}
	}
	return out
}

// together draws several things as one see-through layer: what lies on top
// within the layer covers what lies below it, then all of it is let shine
// through alike, as SVG's opacity of a group does. Only what draw paints inside
// area is kept.
func together(dst *image.RGBA, area image.Rectangle, a uint32, paint func(*image.RGBA) error) error {
	if a == 255 {
		return paint(dst)
	}
	layer := image.NewRGBA(area.Intersect(dst.Rect))
	draw.Draw(layer, layer.Rect, dst, layer.Rect.Min, draw.Src)
	if err := paint(layer); err != nil {
		return err
	}
	r := layer.Rect
	for y := r.Min.Y; y < r.Max.Y; y++ {
		to := dst.Pix[dst.PixOffset(r.Min.X, y):][:4*r.Dx()]
		for i, v := range layer.Pix[layer.PixOffset(r.Min.X, y):][:4*r.Dx()] {
			to[i] = mix(to[i], v, a)
		}
	}
	return nil
}

// text draws a text object.
func (o *Object) text(dst *image.RGBA) error {
	wide, tall := 0.0, o.Size+float64(float64(max(len(o.Lines)-1, 0))*float64(lineStep*o.Size))+o.Size/4
	for _, line := range o.Lines {
		wide = max(wide, width(line, o.Size))
	}
	if o.Bitmap != nil {
		wide, tall = float64(o.Bitmap.W), float64(o.Bitmap.H)
	}
	pad := o.Size / 4
	plate := shape{box(o.left(wide)-pad, o.Y-o.Size-pad, wide+2*pad, tall+2*pad)}
	area := plate.bounds().Inset(-ceil(o.Size)) // letters reach beyond their line
	return together(dst, area, opacity(o.A), func(dst *image.RGBA) error {
		if o.Plate != "" {
			plate.fill(dst, colour(o.Plate), 255)
		}
		if o.Bitmap != nil {
			return paste(dst, o.Bitmap.PNG, floor(o.left(wide)+0.5), floor(o.Y-o.Size+0.5))
		}
		for i, line := range o.Lines {
			y := o.Y + float64(float64(i)*float64(lineStep*o.Size))
			glyphs(line, o.left(width(line, o.Size)), y, o.Size).fill(dst, colour(o.C), 255)
		}
		return nil
	})
}

// left is where something as wide as that starts.
func (o *Object) left(wide float64) float64 {
	switch o.Align {
	case "c":
		return o.X - wide/2
	case "r":
		return o.X - wide
	}
	return o.X
}

// step draws a numbered step.
func (o *Object) step(dst *image.RGBA) error {
	c := colour(o.C)
	r := float64(0.75 * o.Size)
	number, size := strconv.Itoa(o.N), o.Size
	switch len(number) {
	case 1:
	case 2:
		size = float64(0.8 * size)
	default:
		size = float64(0.6 * size)
	}
	round := shape{disc(o.X, o.Y, r)}
	digits := glyphs(number, o.X-width(number, size)/2, o.Y+float64(0.36*size), size)
	label := glyphs(o.Label, o.X+r+float64(0.4*o.Size), o.Y+float64(0.36*o.Size), o.Size)
	area := round.bounds().Union(digits.bounds()).Union(label.bounds())
	return together(dst, area, opacity(o.A), func(dst *image.RGBA) error {
		round.fill(dst, c, 255)
		digits.fill(dst, inkOn(c), 255)
		label.fill(dst, c, 255)
		return nil
	})
}

// inkOn is black or white, whichever reads better on c: black where
// (299 R + 587 G + 114 B) ÷ 1000 exceeds 150.
func inkOn(c color.RGBA) color.RGBA {
	if 299*int(c.R)+587*int(c.G)+114*int(c.B) > 150_000 {
		return color.RGBA{0, 0, 0, 255}
	}
	return color.RGBA{255, 255, 255, 255}
}
