package screen

import (
	"context"
	"errors"
	"image"
	"testing"
	"testing/synctest"
	"time"
)

// TestCard: the card shows what CardPixel says, and keeps the contract.
func TestCard(t *testing.T) {
	c := NewCard(100, 50)
	c.Screens = append(c.Screens, Display{ID: "two", Bounds: image.Rect(100, 10, 130, 40), Scale: 2})
	c.Stack = []Window{{image.Rect(1, 2, 30, 40), "card"}}
	contract(t, c)
	shots, pointer, err := c.Grab(context.Background())
	if err != nil || len(shots) != 2 || pointer == nil {
		t.Fatalf("%d shots, pointer %v, %v", len(shots), pointer, err)
	}
	for _, s := range shots {
		if s.Image.Rect != s.Bounds.Sub(s.Bounds.Min) || !s.Image.Opaque() {
			t.Errorf("%s: %v", s.ID, s.Image.Rect)
		}
		if got, want := s.Image.RGBAAt(5, 6), CardPixel(s.Bounds.Min.X+5, s.Bounds.Min.Y+6); got != want {
			t.Errorf("%s: %v, want %v", s.ID, got, want)
		}
	}
	c.Fail = ErrLocked
	if _, _, err = c.Grab(context.Background()); !errors.Is(err, ErrLocked) {
		t.Errorf("failing: %v", err)
	}
}

func TestMostOn(t *testing.T) {
	displays := []Display{{ID: "a", Bounds: image.Rect(0, 0, 100, 100)}, {ID: "b", Bounds: image.Rect(100, 0, 200, 100)}}
	for want, r := range map[string]image.Rectangle{
		"a": image.Rect(10, 10, 150, 20),
		"b": image.Rect(60, 10, 190, 20),
		"":  image.Rect(300, 0, 400, 10),
	} {
		if got := mostOn(displays, r); got != want {
			t.Errorf("%v is on %q, want %q", r, got, want)
		}
	}
}

// TestWithin: a system that does not answer is not waited for.
func TestWithin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		never := make(chan int)
		defer close(never)
		call := func() (int, error) { return <-never, nil }
		if _, err := within(t.Context(), call); !errors.Is(err, ErrTimeout) {
			t.Errorf("without a deadline: %v", err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := within(ctx, call); !errors.Is(err, ErrTimeout) {
			t.Errorf("with a deadline: %v", err)
		}
		ctx, cancel = context.WithCancel(t.Context())
		cancel()
		if _, err := within(ctx, call); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
	})
}
