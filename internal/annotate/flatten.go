package annotate

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/png"
)

// dimmed is how much darker everything outside the spotlights gets, in percent.
const dimmed = 55

// Flatten draws the document on its base and returns the crop, opaque, with its
// top left corner at 0, 0. The base is not changed. The order is: base over
// white, hidden boxes, pointer, spotlights together, the other objects bottom
// to top. Nothing is read from the inside of a hidden box. It fails with an
// *Error if Validate does or if the base does not have the document's size.
func Flatten(d *Doc, base image.Image) (*image.RGBA, error) {
	img, err := BurnHides(base, d)
	if err != nil {
		return nil, err
	}
	if p := d.Pointer; p != nil && p.On {
		if err := paste(img, p.PNG, floor(p.X+0.5), floor(p.Y+0.5)); err != nil {
			return nil, fmt.Errorf("draw the pointer: %w", err)
		}
	}
	d.spotlights(img)
	for i := range d.Objects {
		if err := d.Objects[i].draw(img); err != nil {
			return nil, fmt.Errorf("draw object %d: %w", i+1, err)
		}
	}
	return crop(img, d.crop()), nil
}

// BurnHides returns the base, opaque and whole, with nothing but the hidden
// boxes of the document painted over it. It is what a base becomes when the
// hidden parts are to be lost for good; flattening the document on it gives
// the same picture as before. The caller gives the document its new hash.
func BurnHides(base image.Image, d *Doc) (*image.RGBA, error) {
	if err := d.Validate(); err != nil {
		return nil, err
	}
	if b := base.Bounds(); b.Dx() != d.W || b.Dy() != d.H {
		return nil, &Error{CodeMismatch, "This annotation belongs to a picture of another size."}
	}
	img := opaque(base)
	d.burn(img)
	return img, nil
}

// opaque copies a picture over white, its corner at 0, 0.
func opaque(src image.Image) *image.RGBA {
	b := src.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	if s, ok := src.(*image.RGBA); ok && s.Opaque() {
		draw.Draw(out, out.Rect, s, b.Min, draw.Src)
		return out
	}
	draw.Draw(out, out.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(out, out.Rect, src, b.Min, draw.Over)
	return out
}

// crop is the part of the base the flat picture shows, to the nearest pixel.
func (d *Doc) crop() image.Rectangle {
	all := image.Rect(0, 0, d.W, d.H)
	if d.Crop == nil {
		return all
	}
	c := d.Crop
	return image.Rectangle{
		Min: image.Pt(floor(c.X+0.5), floor(c.Y+0.5)),
		Max: image.Pt(floor(c.X+c.W+0.5), floor(c.Y+c.H+0.5)),
	}.Intersect(all)
}

func crop(img *image.RGBA, r image.Rectangle) *image.RGBA {
	if r == img.Rect {
		return img
	}
	out := image.NewRGBA(image.Rect(0, 0, r.Dx(), r.Dy()))
	draw.Draw(out, out.Rect, img, r.Min, draw.Src)
	return out
}

// paste lays an embedded PNG over the picture; Validate has seen its size.
func paste(dst *image.RGBA, data []byte, x, y int) error {
	src, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return invalid("an embedded picture is damaged")
	}
	b := src.Bounds()
	draw.Draw(dst, b.Sub(b.Min).Add(image.Pt(x, y)), src, b.Min, draw.Over)
	return nil
}

// spotlights dims what no spotlight shows.
func (d *Doc) spotlights(img *image.RGBA) {
	var lit shape
	spots := 0
	for i := range d.Objects {
		if o := &d.Objects[i]; o.T == "spot" {
			spots++
			lit = append(lit, box(o.X, o.Y, o.W, o.H))
		}
	}
	if spots == 0 {
		return
	}
	light := image.NewAlpha(img.Rect)
	lit.cover(img.Rect, func(mask *image.Alpha) {
		draw.Draw(light, mask.Rect, mask, mask.Rect.Min, draw.Src)
	})
	for i, covered := range light.Pix { // both pictures are whole, without gaps between rows
		keep := 255*100 - dimmed*(255-uint32(covered))
		for k := 4 * i; k < 4*i+3; k++ {
			img.Pix[k] = uint8((uint32(img.Pix[k])*keep + 12750) / 25500)
		}
	}
}

// draw paints one object; hidden boxes and spotlights were painted before.
func (o *Object) draw(dst *image.RGBA) error {
	c, a := colour(o.C), opacity(o.A)
	switch o.T {
	case "arrow", "line":
		o.line().fill(dst, c, a)
	case "rect", "ellipse":
		if o.Fill != "" {
			fa := o.A
			if o.FillAlpha != nil {
				fa = *o.FillAlpha
			}
			o.area().fill(dst, colour(o.Fill), opacity(fa))
		}
		o.border().fill(dst, c, a)
	case "mark":
		o.area().multiply(dst, c, a)
	case "pen":
		o.stroke().fill(dst, c, a)
	case "markpen":
		o.stroke().multiply(dst, c, a)
	case "text":
		return o.text(dst)
	case "step":
		return o.step(dst)
	}
	return nil
}

// line is the shape of an arrow or line. An arrow without a stated head has one at its end.
func (o *Object) line() shape {
	heads := 0
	switch {
	case o.Head == "both":
		heads = 2
	case o.Head == "end" || o.T == "arrow":
		heads = 1
	}
	var out shape
	ends := shaft(o.X1, o.Y1, o.X2, o.Y2, o.S, heads)
	if o.Dash {
		for _, piece := range dash(o.S, ends[:]) {
			out = append(out, capsule(piece[0], piece[1], o.S))
		}
	} else if o.S > 0 {
		out = append(out, capsule(ends[0], ends[1], o.S))
	}
	if heads >= 1 {
		out = append(out, head(o.X2, o.Y2, o.X1, o.Y1, o.S, heads == 2))
	}
	if heads == 2 {
		out = append(out, head(o.X1, o.Y1, o.X2, o.Y2, o.S, true))
	}
	return out
}

// area is the inside of a box or ellipse.
func (o *Object) area() shape {
	if o.T == "ellipse" {
		return shape{ellipse(o.X+o.W/2, o.Y+o.H/2, o.W/2, o.H/2, 0)}
	}
	return shape{box(o.X, o.Y, o.W, o.H)}
}

// border is the outline of a box or ellipse, half its width on either side.
func (o *Object) border() shape {
	if o.S == 0 {
		return nil
	}
	if o.Dash {
		line := o.area()[0]
		var out shape
		for _, piece := range dash(o.S, append(line, line[0])) {
			out = append(out, capsule(piece[0], piece[1], o.S))
		}
		return out
	}
	half := o.S / 2
	var outer, inner []pt
	if o.T == "ellipse" {
		outer = ellipse(o.X+o.W/2, o.Y+o.H/2, o.W/2, o.H/2, half)
		inner = ellipse(o.X+o.W/2, o.Y+o.H/2, o.W/2, o.H/2, -half)
	} else {
		outer = box(o.X-half, o.Y-half, o.W+o.S, o.H+o.S)
		inner = box(o.X+half, o.Y+half, o.W-o.S, o.H-o.S)
	}
	if o.W <= o.S || o.H <= o.S {
		return shape{outer}
	}
	return shape{outer, reversed(inner)}
}

// stroke is the shape of a pen stroke: the outline the page drew, or without
// one a round line through the points.
func (o *Object) stroke() shape {
	if len(o.Path) >= 3 {
		contour := make([]pt, len(o.Path))
		for i, p := range o.Path {
			contour[i] = snapped(p[0], p[1])
		}
		return shape{contour}
	}
	var out shape
	for i, p := range o.Points {
		a := snapped(p[0], p[1])
		if i == 0 && len(o.Points) > 1 {
			continue
		}
		b := a
		if i > 0 {
			b = snapped(o.Points[i-1][0], o.Points[i-1][1])
		}
		out = append(out, capsule(b, a, o.S))
	}
	return out
}
