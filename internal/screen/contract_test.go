package screen

import (
	"context"
	"errors"
	"image"
	"testing"
)

// contract holds an implementation to what Grabber promises.
func contract(t *testing.T, g Grabber) {
	t.Helper()
	displays, err := g.Displays(t.Context())
	if err != nil || len(displays) == 0 {
		t.Fatalf("Displays: %v, %v", displays, err)
	}
	shots, pointer, err := g.Grab(t.Context())
	if err != nil {
		t.Fatalf("Grab: %v", err)
	}
	if len(shots) != len(displays) {
		t.Fatalf("%d shots of %d displays", len(shots), len(displays))
	}
	for i, s := range shots {
		d := displays[i]
		if s.ID != d.ID || s.ID == "" || s.Primary != (i == 0) || s.Scale <= 0 {
			t.Errorf("shot %d is of %+v, display is %+v", i, s.Display, d)
		}
		if !d.Bounds.Empty() && s.Bounds != d.Bounds {
			t.Errorf("shot %d lies at %v, display at %v", i, s.Bounds, d.Bounds)
		}
		if s.Image.Rect != s.Bounds.Sub(s.Bounds.Min) || s.Image.Rect.Empty() || !s.Image.Opaque() {
			t.Errorf("shot %d: picture %v of %v, opaque %v", i, s.Image.Rect, s.Bounds, s.Image.Opaque())
		}
	}
	if pointer != nil && (pointer.Image.Rect.Min != image.Point{} || pointer.Image.Rect.Empty()) {
		t.Errorf("pointer %v", pointer.Image.Rect)
	}
	last := displays[len(displays)-1].ID
	if shots, _, err := g.Grab(t.Context(), last); err != nil || len(shots) != 1 || shots[0].ID != last {
		t.Errorf("Grab(%q): %d shots, %v", last, len(shots), err)
	}
	if shots, _, err := g.Grab(t.Context(), last, "no such display"); !errors.Is(err, ErrNoDisplay) || shots != nil {
		t.Errorf("Grab of a display that is not there: %d shots, %v", len(shots), err)
	}
	windows, err := g.Windows(t.Context())
	if err != nil && !errors.Is(err, ErrUnsupported) {
		t.Errorf("Windows: %v", err)
	}
	for _, w := range windows {
		if w.Bounds.Empty() {
			t.Errorf("a window without size: %+v", w)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if shots, _, err := g.Grab(ctx); err == nil || shots != nil {
		t.Errorf("Grab went on after its context ended: %d shots, %v", len(shots), err)
	}
}
