package annotate

import (
	"image"
	"image/color"
	"slices"
)

// hides lists the hidden boxes of a document: whole pixels outward, cut to the picture.
func (d *Doc) hides() (boxes []image.Rectangle, objects []*Object) {
	for i := range d.Objects {
		o := &d.Objects[i]
		if o.T != "hide" {
			continue
		}
		r := image.Rect(floor(o.X), floor(o.Y), ceil(o.X+o.W), ceil(o.Y+o.H)).Intersect(image.Rect(0, 0, d.W, d.H))
		if !r.Empty() {
			boxes = append(boxes, r)
			objects = append(objects, o)
		}
	}
	return boxes, objects
}

// burn paints every hidden box of the document over. No pixel inside any box is
// read: the colours of a "pixel" box come from the one-pixel ring around it,
// without the parts of the ring that lie in another box, and from the seed.
func (d *Doc) burn(dst *image.RGBA) {
	boxes, objects := d.hides()
	rings := make([]*ring, len(boxes))
	for i, r := range boxes { // read everything before the first box is painted
		if objects[i].How == "pixel" {
			rings[i] = readRing(dst, r, boxes)
		}
	}
	for i, r := range boxes {
		c := colour(objects[i].C)
		if rings[i] == nil || rings[i].all.n == 0 {
			paintBox(dst, r, c)
			continue
		}
		rings[i].paint(dst, objects[i].Seed)
	}
}

// sum adds up pixels.
type sum struct{ r, g, b, n int }

func (s *sum) add(t sum, weight int) {
	s.r += t.r * weight
	s.g += t.g * weight
	s.b += t.b * weight
	s.n += t.n * weight
}

// ring is what surrounds a box, one entry a pixel; a pixel that is outside the
// picture or hidden has n 0.
type ring struct {
	box                      image.Rectangle
	top, bottom, left, right []sum
	all                      sum
}

func readRing(img *image.RGBA, r image.Rectangle, boxes []image.Rectangle) *ring {
	out := &ring{box: r}
	var near []image.Rectangle // boxes that touch the ring
	for _, b := range boxes {
		if b.Overlaps(r.Inset(-1)) {
			near = append(near, b)
		}
	}
	at := func(x, y int) sum {
		p := image.Pt(x, y)
		if !p.In(img.Rect) {
			return sum{}
		}
		if slices.ContainsFunc(near, p.In) {
			return sum{}
		}
		pix := img.Pix[img.PixOffset(x, y):]
		s := sum{int(pix[0]), int(pix[1]), int(pix[2]), 1}
		out.all.add(s, 1)
		return s
	}
	for x := r.Min.X; x < r.Max.X; x++ {
		out.top = append(out.top, at(x, r.Min.Y-1))
		out.bottom = append(out.bottom, at(x, r.Max.Y))
	}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		out.left = append(out.left, at(r.Min.X-1, y))
		out.right = append(out.right, at(r.Max.X, y))
	}
	return out
}

// paint fills the box with blocks. A block takes the colours of the four parts
// of the ring that lie across from it, the nearer the stronger, and a little
// noise.
func (g *ring) paint(dst *image.RGBA, seed uint32) {
	r := g.box
	size := min(max(min(r.Dx(), r.Dy())/5, 6), 28)
	for y := r.Min.Y; y < r.Max.Y; y += size {
		for x := r.Min.X; x < r.Max.X; x += size {
			b := image.Rect(x, y, x+size, y+size).Intersect(r)
			i, j := b.Min.Sub(r.Min), b.Max.Sub(r.Min)
			var c sum
			weigh := func(side []sum, distance int) {
				for _, s := range side {
					c.add(s, 4096/(distance+size/2))
				}
			}
			weigh(g.top[i.X:j.X], b.Min.Y-r.Min.Y)
			weigh(g.bottom[i.X:j.X], r.Max.Y-b.Max.Y)
			weigh(g.left[i.Y:j.Y], b.Min.X-r.Min.X)
			weigh(g.right[i.Y:j.Y], r.Max.X-b.Max.X)
			if c.n == 0 {
				c = g.all
			}
			noise := scramble(seed, uint32(x-r.Min.X), uint32(y-r.Min.Y))
			shade := int(noise%65) - 32
			tint := func(v int, n uint32) uint8 {
				return uint8(min(max(v/c.n+shade+int(n%17)-8, 0), 255))
			}
			paintBox(dst, b, color.RGBA{tint(c.r, noise>>8), tint(c.g, noise>>14), tint(c.b, noise>>20), 255})
		}
	}
}

// scramble mixes three numbers into one (the finaliser of MurmurHash3, public domain).
func scramble(seed, x, y uint32) uint32 {
	h := seed ^ x*0x9e3779b1 ^ y*0x85ebca77
	h = (h ^ h>>16) * 0x85ebca6b
	h = (h ^ h>>13) * 0xc2b2ae35
	return h ^ h>>16
}

func paintBox(dst *image.RGBA, r image.Rectangle, c color.RGBA) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		line := dst.Pix[dst.PixOffset(r.Min.X, y):][:r.Dx()*4]
		for i := 0; i < len(line); i += 4 {
			line[i], line[i+1], line[i+2], line[i+3] = c.R, c.G, c.B, 255
		}
	}
}
