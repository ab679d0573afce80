package tray

import (
	"image"
	"image/color"
	"math"
)

// The icon is drawn on a square of 40 units: the trestle of the brand, four strokes on a rounded square, and in the corners
// a badge for what is going on and a dot for unread messages. Shapes differ, not only colours.

// shape answers how far a point lies outside it, in units; negative inside.
type shape func(x, y float64) float64

// layer is a shape in one colour.
type layer struct {
	shape shape
	paint color.NRGBA
	cut   bool // erases instead of painting
}

var (
	cobalt = color.NRGBA{0x33, 0x50, 0xcc, 0xff}
	slate  = color.NRGBA{0x52, 0x4f, 0x4a, 0xff}
	green  = color.NRGBA{0x17, 0x81, 0x5a, 0xff}
	amber  = color.NRGBA{0xe5, 0x9a, 0x1c, 0xff}
	red    = color.NRGBA{0xc9, 0x34, 0x3c, 0xff}
	white  = color.NRGBA{0xff, 0xff, 0xff, 0xff}
	ink    = color.NRGBA{0x1b, 0x1a, 0x18, 0xff}
)

// Picture draws the icon as a square of size pixels with a transparent ground.
func (i Icon) Picture(size int) *image.NRGBA {
	ground := cobalt
	if i.Face == Stopped || i.Face == Paused {
		ground = slate
	}
	layers := append([]layer{{square(0, 0, 40, 40, 11), ground, false}}, trestle(white)...)
	return paint(size, append(layers, i.marks(false)...))
}

// Template draws the icon in black alone, for menu bars that colour it themselves (macOS).
func (i Icon) Template(size int) *image.NRGBA {
	return paint(size, append(trestle(ink), i.marks(true)...))
}

// AppIcon draws the program's own icon.
func AppIcon(size int) *image.NRGBA {
	return paint(size, append([]layer{{square(0, 0, 40, 40, 11), cobalt, false}}, trestle(white)...))
}

func trestle(c color.NRGBA) []layer {
	return []layer{
		{stroke(1.5, 8, 12, 32, 12), c, false},
		{stroke(1.5, 16, 12, 11, 29), c, false},
		{stroke(1.5, 24, 12, 29, 29), c, false},
		{stroke(1.5, 13.4, 21, 26.6, 21), c, false},
	}
}

func (i Icon) marks(mono bool) []layer {
	var out []layer
	badge := func(c, sign color.NRGBA, signs ...shape) {
		out = append(out, layer{disc(30, 30, 11.5), color.NRGBA{}, true})
		if mono {
			c, sign = ink, color.NRGBA{}
		}
		out = append(out, layer{disc(30, 30, 9.5), c, false})
		for _, s := range signs {
			out = append(out, layer{s, sign, mono})
		}
	}
	switch i.Face {
	case Tracking:
		badge(green, white, triangle(27.2, 25, 27.2, 35, 35, 30))
	case Paused:
		badge(amber, ink, stroke(1.4, 27.2, 26, 27.2, 34), stroke(1.4, 32.8, 26, 32.8, 34))
	case Question:
		badge(amber, ink, stroke(1.3, 27, 27.2, 28.2, 25.2), stroke(1.3, 28.2, 25.2, 30.6, 24.4), stroke(1.3, 30.6, 24.4, 32.8, 25.8),
			stroke(1.3, 32.8, 25.8, 32.4, 28.4), stroke(1.3, 32.4, 28.4, 30, 30.4), stroke(1.3, 30, 30.4, 30, 31.6), disc(30, 35, 1.6))
	case Unsynced:
		badge(slate, white, stroke(1.3, 30, 25.5, 30, 34.8), stroke(1.3, 30, 25.5, 26.4, 29.2), stroke(1.3, 30, 25.5, 33.6, 29.2))
	}
	if i.Unread {
		c := red
		if mono {
			c = ink
		}
		out = append(out, layer{disc(33, 7, 8.5), color.NRGBA{}, true}, layer{disc(33, 7, 6.5), c, false})
	}
	return out
}

// Sharp makes every pixel of a picture opaque or nothing. The library that draws trays on Linux sends the colours of half see-through pixels
// wrong, which shows as coloured dots round the icon; of a picture larger than the panel's icons the edges are soft again.
func Sharp(img *image.NRGBA) *image.NRGBA {
	for i := 3; i < len(img.Pix); i += 4 {
		if img.Pix[i] < 128 {
			copy(img.Pix[i-3:], []byte{0, 0, 0, 0})
		} else {
			img.Pix[i] = 255
		}
	}
	return img
}

func square(x0, y0, x1, y1, r float64) shape {
	cx, cy, hx, hy := (x0+x1)/2, (y0+y1)/2, (x1-x0)/2-r, (y1-y0)/2-r
	return func(x, y float64) float64 {
		dx, dy := math.Abs(x-cx)-hx, math.Abs(y-cy)-hy
		return math.Hypot(math.Max(dx, 0), math.Max(dy, 0)) + math.Min(math.Max(dx, dy), 0) - r
	}
}

func disc(cx, cy, r float64) shape {
	return func(x, y float64) float64 { return math.Hypot(x-cx, y-cy) - r }
}

// stroke is a line with round ends, half units wide on each side.
func stroke(half, x0, y0, x1, y1 float64) shape {
	dx, dy := x1-x0, y1-y0
	return func(x, y float64) float64 {
		t := ((x-x0)*dx + (y-y0)*dy) / (dx*dx + dy*dy)
		t = math.Min(1, math.Max(0, t))
		return math.Hypot(x-x0-t*dx, y-y0-t*dy) - half
	}
}

// triangle takes its corners anticlockwise as seen on a screen, where y grows downwards.
func triangle(ax, ay, bx, by, cx, cy float64) shape {
	side := func(x0, y0, x1, y1 float64) shape {
		l := math.Hypot(x1-x0, y1-y0)
		return func(x, y float64) float64 { return ((y-y0)*(x1-x0) - (x-x0)*(y1-y0)) / l }
	}
	a, b, c := side(ax, ay, bx, by), side(bx, by, cx, cy), side(cx, cy, ax, ay)
	return func(x, y float64) float64 { return math.Max(a(x, y), math.Max(b(x, y), c(x, y))) }
}

// paint lays the layers over each other; the edge of each is one pixel soft.
func paint(size int, layers []layer) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, size, size))
	unit := 40 / float64(size)
	for py := range size {
		for px := range size {
			x, y := (float64(px)+.5)*unit, (float64(py)+.5)*unit
			var r, g, b, a float64 // premultiplied
			for _, l := range layers {
				cover := math.Min(1, math.Max(0, .5-l.shape(x, y)/unit))
				if l.cut {
					r, g, b, a = r*(1-cover), g*(1-cover), b*(1-cover), a*(1-cover)
					continue
				}
				r = r*(1-cover) + float64(l.paint.R)*cover
				g = g*(1-cover) + float64(l.paint.G)*cover
				b = b*(1-cover) + float64(l.paint.B)*cover
				a = a*(1-cover) + cover
			}
			if a > 0 {
				img.SetNRGBA(px, py, color.NRGBA{byte(r/a + .5), byte(g/a + .5), byte(b/a + .5), byte(a*255 + .5)})
			}
		}
	}
	return img
}
