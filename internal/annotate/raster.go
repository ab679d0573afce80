package annotate

import (
	"image"
	"image/color"
	"image/draw"

	"golang.org/x/image/vector"
)

// shape is what one object covers: contours filled together, where a point is
// covered if the windings around it do not cancel out.
type shape [][]pt

// band is how many rows are rasterised at once, which keeps the buffer small
// for a picture of any size.
const band = 128

// cover calls paint for each run of rows with how much of each pixel the shape
// covers, 0 to 255. Only the part inside within is visited.
func (s shape) cover(within image.Rectangle, paint func(mask *image.Alpha)) {
	area := s.bounds().Intersect(within)
	for y := area.Min.Y; y < area.Max.Y; y += band {
		rows := image.Rect(area.Min.X, y, area.Max.X, min(y+band, area.Max.Y))
		z := vector.NewRasterizer(rows.Dx(), rows.Dy())
		z.DrawOp = draw.Src
		for _, contour := range s {
			// Clipping first: the rasteriser is meant for points near its own area.
			contour = clip(contour, rows)
			if len(contour) < 3 {
				continue
			}
			for i, p := range contour {
				x, y := float32(p.x-float64(rows.Min.X)), float32(p.y-float64(rows.Min.Y))
				if i == 0 {
					z.MoveTo(x, y)
				} else {
					z.LineTo(x, y)
				}
			}
			z.ClosePath()
		}
		mask := image.NewAlpha(image.Rect(0, 0, rows.Dx(), rows.Dy()))
		z.Draw(mask, mask.Rect, image.Opaque, image.Point{})
		mask.Rect = rows
		paint(mask)
	}
}

// bounds is the smallest box of whole pixels around the shape.
func (s shape) bounds() image.Rectangle {
	var out image.Rectangle
	for _, contour := range s {
		for _, p := range contour {
			x, y := floor(p.x), floor(p.y)
			out = out.Union(image.Rect(x, y, x+1, y+1))
		}
	}
	return out
}

// clip cuts a contour to a box (Sutherland and Hodgman, 1974). What it covers
// inside the box stays the same, windings included.
func clip(contour []pt, r image.Rectangle) []pt {
	if r := (shape{contour}).bounds().Intersect(r); r.Empty() {
		return nil
	}
	edges := [4]struct {
		at   float64
		x    bool
		less bool // keep what is smaller than at
	}{
		{float64(r.Min.X), true, false}, {float64(r.Max.X), true, true},
		{float64(r.Min.Y), false, false}, {float64(r.Max.Y), false, true},
	}
	for _, e := range edges {
		depth := func(p pt) float64 {
			v := p.y
			if e.x {
				v = p.x
			}
			if e.less {
				return e.at - v
			}
			return v - e.at
		}
		out := make([]pt, 0, len(contour)+4)
		for i, b := range contour {
			a := contour[(i+len(contour)-1)%len(contour)]
			da, db := depth(a), depth(b)
			if (da < 0) != (db < 0) {
				t := da / (da - db)
				p := pt{a.x + float64(t*(b.x-a.x)), a.y + float64(t*(b.y-a.y))}
				if e.x {
					p.x = e.at
				} else {
					p.y = e.at
				}
				out = append(out, p)
			}
			if db >= 0 {
				out = append(out, b)
			}
		}
		contour = out
		if len(contour) == 0 {
			break
		}
	}
	return contour
}

// fill paints the shape in one colour, opacity 0 to 255.
func (s shape) fill(dst *image.RGBA, c color.RGBA, opacity uint32) {
	s.each(dst, opacity, func(p []uint8, m uint32) {
		p[0], p[1], p[2] = mix(p[0], c.R, m), mix(p[1], c.G, m), mix(p[2], c.B, m)
	})
}

// multiply paints the shape as a highlighter does: the colour is a filter.
func (s shape) multiply(dst *image.RGBA, c color.RGBA, opacity uint32) {
	s.each(dst, opacity, func(p []uint8, m uint32) {
		p[0], p[1], p[2] = mix(p[0], times(p[0], c.R), m), mix(p[1], times(p[1], c.G), m), mix(p[2], times(p[2], c.B), m)
	})
}

// each visits every pixel the shape touches with its weight, 1 to 255.
func (s shape) each(dst *image.RGBA, opacity uint32, paint func(p []uint8, m uint32)) {
	s.cover(dst.Rect, func(mask *image.Alpha) {
		r := mask.Rect
		for y := r.Min.Y; y < r.Max.Y; y++ {
			line := dst.Pix[dst.PixOffset(r.Min.X, y):]
			for x, covered := range mask.Pix[(y-r.Min.Y)*mask.Stride:][:r.Dx()] {
				if m := (uint32(covered)*opacity + 127) / 255; m != 0 {
					paint(line[x*4:x*4+4], m)
				}
			}
		}
	})
}

// mix goes from a to b by m of 255.
func mix(a, b uint8, m uint32) uint8 { return uint8((uint32(a)*(255-m) + uint32(b)*m + 127) / 255) }

func times(a, b uint8) uint8 { return uint8((uint32(a)*uint32(b) + 127) / 255) }

// opacity turns 0 to 1 into 0 to 255.
func opacity(a float64) uint32 { return uint32(float64(a*255) + 0.5) }

// floor and ceil are to whole pixels; values are within maxCoord.
func floor(v float64) int {
	n := int(v)
	if float64(n) > v {
		n--
	}
	return n
}

func ceil(v float64) int { return -floor(-v) }

// parseColour reads #rrggbb.
func parseColour(s string) (color.RGBA, bool) {
	if len(s) != 7 || s[0] != '#' {
		return color.RGBA{}, false
	}
	var v [3]uint8
	for i, c := range []byte(s[1:]) {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return color.RGBA{}, false
		}
		v[i/2] = v[i/2]<<4 | c
	}
	return color.RGBA{v[0], v[1], v[2], 255}, true
}

// colour is parseColour for a value that was validated.
func colour(s string) color.RGBA {
	c, _ := parseColour(s)
	return c
}
