package screen

import (
	"context"
	"image"
	"image/color"
	"time"
)

// Card is a Grabber for tests: displays that show a test card whose every pixel
// is known. No program uses it; Open never returns one.
type Card struct {
	Screens []Display // what Displays returns
	Stack   []Window  // what Windows returns
	Fail    error     // if set, every method returns it
	Now     time.Time // the time of every Shot
}

// NewCard returns a card of one primary display of that size, named "card".
func NewCard(w, h int) *Card {
	return &Card{Screens: []Display{{ID: "card", Name: "Test card", Bounds: image.Rect(0, 0, w, h), Scale: 1, Primary: true}}}
}

// CardPixel is the colour of the card at a point of the desktop: squares of 16
// pixels, all different along a row and a column.
func CardPixel(x, y int) color.RGBA {
	return color.RGBA{uint8(x / 16 * 37), uint8(y / 16 * 53), uint8((x ^ y) & 15 * 16), 255}
}

// Displays returns Screens.
func (c *Card) Displays(ctx context.Context) ([]Display, error) {
	if c.Fail != nil {
		return nil, c.Fail
	}
	return c.Screens, ctx.Err()
}

// Grab returns the card as the displays show it and a white 8 × 8 pointer at 20, 20.
func (c *Card) Grab(ctx context.Context, want ...string) ([]Shot, *Pointer, error) {
	if _, err := c.Displays(ctx); err != nil {
		return nil, nil, err
	}
	displays, err := pick(c.Screens, want)
	if err != nil {
		return nil, nil, err
	}
	var shots []Shot
	for _, d := range displays {
		img := image.NewRGBA(image.Rect(0, 0, d.Bounds.Dx(), d.Bounds.Dy()))
		for y := range d.Bounds.Dy() {
			for x := range d.Bounds.Dx() {
				img.SetRGBA(x, y, CardPixel(d.Bounds.Min.X+x, d.Bounds.Min.Y+y))
			}
		}
		shots = append(shots, Shot{d, img, c.Now})
	}
	hand := image.NewRGBA(image.Rect(0, 0, 8, 8))
	for i := range hand.Pix {
		hand.Pix[i] = 255
	}
	return shots, &Pointer{image.Pt(20, 20), hand}, nil
}

// Windows returns Stack.
func (c *Card) Windows(context.Context) ([]Window, error) { return c.Stack, c.Fail }
