//go:build windows || (darwin && cgo)

package screen

import (
	"context"
	"fmt"
	"image"
	"image/draw"
	"time"

	"github.com/kbinani/screenshot"
)

// kbinani grabs by github.com/kbinani/screenshot: GDI on Windows, and on macOS,
// as a stop-gap, Core Graphics at one pixel a point.
type kbinani struct{}

// Displays lists the displays in the system's order, the primary one first.
func (kbinani) Displays(ctx context.Context) ([]Display, error) {
	return within(ctx, func() ([]Display, error) { return displays(), nil })
}

func displays() []Display {
	var out []Display
	for i := range screenshot.NumActiveDisplays() {
		r := screenshot.GetDisplayBounds(i)
		if r.Empty() { // it went away meanwhile
			continue
		}
		d := Display{ID: fmt.Sprintf("%d", i+1), Name: fmt.Sprintf("Display %d", i+1), Bounds: r, Scale: scaleOf(r), Primary: r.Min == image.Point{}}
		if d.Primary {
			out = append([]Display{d}, out...)
		} else {
			out = append(out, d)
		}
	}
	return out
}

// Grab takes the box around all wanted displays at once and cuts it. There is
// no pointer.
func (kbinani) Grab(ctx context.Context, want ...string) ([]Shot, *Pointer, error) {
	shots, err := within(ctx, func() ([]Shot, error) {
		wanted, err := pick(displays(), want)
		if err != nil {
			return nil, err
		}
		var area image.Rectangle
		for _, d := range wanted {
			area = area.Union(d.Bounds)
		}
		img, err := screenshot.CaptureRect(area)
		if err != nil {
			return nil, fmt.Errorf("%w (%v)", whyNot(err), err)
		}
		now := time.Now()
		if len(wanted) == 1 {
			return []Shot{{wanted[0], img, now}}, nil
		}
		var out []Shot
		for _, d := range wanted {
			part := image.NewRGBA(image.Rect(0, 0, d.Bounds.Dx(), d.Bounds.Dy()))
			draw.Draw(part, part.Rect, img, d.Bounds.Min.Sub(area.Min), draw.Src)
			out = append(out, Shot{d, part, now})
		}
		return out, nil
	})
	return shots, nil, err
}
