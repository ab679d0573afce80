package annotate

import "math"

// The geometry below exists twice: here and in the page (TypeScript). Both must
// give the same points, which testdata/geometry.json holds them to. That file
// is a JSON array of cases
//
//	{"fn": name, "in": [numbers], "out": [[numbers], …]}
//
// compared number by number, exactly. The functions, their "in" and their "out":
//
//	disc   [cx, cy, r]                    [[x, y], …]             the polygon of a disc
//	head   [tipx, tipy, fromx, fromy, s, both]  [[x, y] × 4]      tip, side, notch, side
//	shaft  [x1, y1, x2, y2, s, heads]     [[x1, y1], [x2, y2]]    the arrow's line without its heads
//	dash   [s, x1, y1, x2, y2, …]         [[x1, y1, x2, y2], …]   the pieces of a dashed polyline
//
// s is the stroke width, both is 1 when the arrow has two heads, heads is 0, 1
// or 2. Every result is rounded by snap. Only +, −, ×, ÷, sqrt and floor are
// used, which IEEE 754 makes exact in both languages; float64() around products
// keeps the Go compiler from fusing them with an addition on some processors.

// pt is a point in pixels.
type pt struct{ x, y float64 }

// snap rounds to 1/64 pixel, halves upward: floor(v × 64 + 0.5) ÷ 64.
func snap(v float64) float64 { return math.Floor(float64(v*64)+0.5) / 64 }

func snapped(x, y float64) pt { return pt{snap(x), snap(y)} }

// length is the plain square root; math.Hypot differs between processors.
func length(dx, dy float64) float64 { return math.Sqrt(float64(dx*dx) + float64(dy*dy)) }

// sides is how many corners stand for a circle of radius r: 16, doubled while r
// exceeds 2, 8, 32, …, at most 1024, which keeps the error below 1/20 pixel.
func sides(r float64) int {
	n := 16
	for limit := 2.0; r > limit && n < 1024; limit *= 4 {
		n *= 2
	}
	return n
}

// circle gives n points of the unit circle, n a power of two and at least 4,
// from (1, 0) towards (0, 1). The points of n come from those of n/2 by the
// half-angle formula, so no sine is needed: the first quarter is halved again
// and again, each new point being the old pair's sum brought to length one.
func circle(n int) []pt {
	quarter := []pt{{1, 0}, {0, 1}}
	for len(quarter)-1 < n/4 {
		finer := make([]pt, 0, 2*len(quarter))
		for i, p := range quarter {
			if i > 0 {
				x, y := quarter[i-1].x+p.x, quarter[i-1].y+p.y
				l := length(x, y)
				finer = append(finer, pt{x / l, y / l})
			}
			finer = append(finer, p)
		}
		quarter = finer
	}
	out := make([]pt, 0, n)
	for turn := range 4 {
		for _, p := range quarter[:n/4] {
			for range turn {
				p = pt{-p.y, p.x}
			}
			out = append(out, p)
		}
	}
	return out
}

// disc is the polygon of a disc.
func disc(cx, cy, r float64) []pt {
	out := circle(sides(r))
	for i, p := range out {
		out[i] = snapped(cx+float64(r*p.x), cy+float64(r*p.y))
	}
	return out
}

// headLength is how long an arrow head is: 4.5 strokes and never more than its
// share of the line, which is all of it for one head and half for two.
func headLength(line, s float64, both bool) float64 {
	if both {
		line /= 2
	}
	return min(float64(4.5*s), line)
}

// head is the polygon of an arrow head: the tip, one side, the notch, the other
// side, wound like disc. It is 8/9 as wide as long, and the notch lies at 4/5
// of its length. A line without length has no head.
func head(tipX, tipY, fromX, fromY, s float64, both bool) []pt {
	dx, dy := tipX-fromX, tipY-fromY
	line := length(dx, dy)
	if line == 0 {
		return nil
	}
	ux, uy := dx/line, dy/line
	l := headLength(line, s, both)
	half, notch := float64(l*4)/9, float64(l*4)/5
	backX, backY := tipX-float64(ux*l), tipY-float64(uy*l)
	return []pt{
		snapped(tipX, tipY),
		snapped(backX-float64(uy*half), backY+float64(ux*half)),
		snapped(tipX-float64(ux*notch), tipY-float64(uy*notch)),
		snapped(backX+float64(uy*half), backY-float64(ux*half)),
	}
}

// shaft is the line of an arrow from its first to its second point, ending in
// the notch of each head; heads is 0, 1 (at the second point) or 2.
func shaft(x1, y1, x2, y2, s float64, heads int) [2]pt {
	dx, dy := x2-x1, y2-y1
	line := length(dx, dy)
	if line == 0 || heads == 0 {
		return [2]pt{snapped(x1, y1), snapped(x2, y2)}
	}
	notch := float64(headLength(line, s, heads == 2)*4) / 5
	ux, uy := dx/line, dy/line
	end := snapped(x2-float64(ux*notch), y2-float64(uy*notch))
	if heads == 1 {
		return [2]pt{snapped(x1, y1), end}
	}
	return [2]pt{snapped(x1+float64(ux*notch), y1+float64(uy*notch)), end}
}

// maxDashes ends a dash pattern nobody could see: hair-thin dashes along a huge outline.
const maxDashes = 20000

// dash cuts a polyline into the pieces of a dashed line: 2 strokes on, 3 off
// (drawn with round ends, so 3 and 2 to the eye), starting with a piece and
// running on round the corners. A piece that meets a corner is split there.
func dash(s float64, line []pt) [][2]pt {
	on, off := max(float64(2*s), 1), max(float64(3*s), 1)
	left, drawing := on, true
	var out [][2]pt
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		total := length(b.x-a.x, b.y-a.y)
		if total == 0 {
			continue
		}
		ux, uy := (b.x-a.x)/total, (b.y-a.y)/total
		for at := 0.0; at < total && len(out) < maxDashes; {
			step := min(left, total-at)
			if drawing {
				out = append(out, [2]pt{
					snapped(a.x+float64(ux*at), a.y+float64(uy*at)),
					snapped(a.x+float64(ux*(at+step)), a.y+float64(uy*(at+step))),
				})
			}
			at += step
			if left -= step; left <= 0 {
				if drawing = !drawing; drawing {
					left = on
				} else {
					left = off
				}
			}
		}
	}
	return out
}

// capsule is the outline of a straight line of width s with round ends, in one
// contour wound like disc.
func capsule(a, b pt, s float64) []pt {
	r := s / 2
	line := length(b.x-a.x, b.y-a.y)
	if line == 0 {
		return disc(a.x, a.y, r)
	}
	ux, uy := (b.x-a.x)/line, (b.y-a.y)/line
	round := circle(sides(r))
	n := len(round)
	out := make([]pt, 0, n+2)
	around := func(c pt, from, to int) { // corners of the circle turned to lie along the line
		for i := from; i <= to; i++ {
			p := round[i%n]
			x := float64(p.x*ux) - float64(p.y*uy)
			y := float64(p.x*uy) + float64(p.y*ux)
			out = append(out, snapped(c.x+float64(r*x), c.y+float64(r*y)))
		}
	}
	around(a, n/4, n/4*3)
	around(b, n/4*3, n/4*5)
	return out
}

// ellipse is the polygon of an ellipse, its corners moved outward along the
// normal by grow pixels (inward if negative).
func ellipse(cx, cy, rx, ry, grow float64) []pt {
	round := circle(sides(max(rx, ry)))
	out := make([]pt, len(round))
	for i, p := range round {
		nx, ny := float64(p.x*ry), float64(p.y*rx)
		if l := length(nx, ny); l > 0 {
			nx, ny = nx/l, ny/l
		}
		out[i] = snapped(cx+float64(rx*p.x)+float64(grow*nx), cy+float64(ry*p.y)+float64(grow*ny))
	}
	return out
}

// box is the polygon of a rectangle, wound like disc.
func box(x, y, w, h float64) []pt {
	return []pt{snapped(x, y), snapped(x+w, y), snapped(x+w, y+h), snapped(x, y+h)}
}

// reversed is a contour wound the other way, to cut a hole.
func reversed(contour []pt) []pt {
	out := make([]pt, len(contour))
	for i, p := range contour {
		out[len(contour)-1-i] = p
	}
	return out
}
