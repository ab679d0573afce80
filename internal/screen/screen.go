// Package screen takes pictures of the displays.
//
// It knows which displays there are, grabs some or all of them at one moment
// with the mouse pointer as a layer of its own, and lists the outlines of
// windows so that a person can pick one. It never reads a window's title,
// never draws, keeps no picture and writes none to disk. There is one file per
// system; Open picks. Callers are app/ (the editor, the command line, the
// diary) and nobody else.
//
// Coordinates are those of the system the picture comes from: pixels of the X
// root window, of the Windows virtual screen (which may be negative), points on
// macOS. They are for comparing a Window or Pointer with a Display, not with
// another program's idea of the screen.
package screen

import (
	"context"
	"image"
	"time"
)

// Display is one screen of the desktop.
type Display struct {
	ID      string          // stays the same while the display is connected
	Name    string          // what the system calls it
	Bounds  image.Rectangle // where it lies on the desktop; empty where the system does not say before a grab
	Scale   float64         // pixels of a Shot per point; 1 where unknown
	Primary bool
}

// WholeDesktop is the ID of the one display of a system that gives a single
// picture of all of them.
const WholeDesktop = "desktop"

// Window is the visible outline of a window, frame included, shadow not.
type Window struct {
	Bounds  image.Rectangle
	Display string // ID of the display most of it is on
}

// Pointer is the mouse pointer. At is the top left corner of Image on the
// desktop, not the hot spot. Image has premultiplied alpha.
type Pointer struct {
	At    image.Point
	Image *image.RGBA
}

// Shot is the picture of one display: opaque, in native pixels, with its top
// left corner at 0, 0.
type Shot struct {
	Display
	Image *image.RGBA
	At    time.Time
}

// Grabber takes pictures of the displays. Its methods may be called from
// several goroutines and end when the context does, with ErrTimeout if its
// deadline passed.
type Grabber interface {
	// Displays lists the displays, the primary one first.
	Displays(ctx context.Context) ([]Display, error)

	// Grab takes the displays with these IDs, or all if none is named, at one
	// moment and in the order of Displays. The pointer is nil where the system
	// does not tell or it is hidden.
	Grab(ctx context.Context, want ...string) ([]Shot, *Pointer, error)

	// Windows lists visible windows, the topmost first. It returns
	// ErrUnsupported where programs may not know.
	Windows(ctx context.Context) ([]Window, error)
}

// Error is why there is no picture, one of the values below. Code goes over
// bridges and into the diary, Message is a sentence for the person.
type Error struct{ Code, Message string }

// Error returns the sentence.
func (e *Error) Error() string { return e.Message }

// Reasons. They are compared with errors.Is and may be wrapped in details.
var (
	ErrLocked      = &Error{"screen_locked", "The screen is locked."}
	ErrDenied      = &Error{"screen_denied", "The system does not allow Trestle to take pictures of the screen."}
	ErrCancelled   = &Error{"screen_cancelled", "The screenshot was cancelled."}
	ErrTimeout     = &Error{"screen_timeout", "The system did not answer in time."}
	ErrNoDisplay   = &Error{"screen_no_display", "There is no screen to take a picture of."}
	ErrUnsupported = &Error{"screen_unsupported", "Trestle cannot take pictures of the screen on this system."}
)

// limit ends a grab that nobody gave a deadline.
const limit = 15 * time.Second

type askingKey struct{}

// Asking returns a context in which a grab may show the system's own dialog, as
// it may when a person pressed the button. Without it a grab never asks, which
// is what the diary needs, and fails with ErrDenied where it would have to.
func Asking(ctx context.Context) context.Context {
	return context.WithValue(ctx, askingKey{}, true)
}

// pick returns the displays with these IDs, or all.
func pick(all []Display, want []string) ([]Display, error) {
	if len(all) == 0 {
		return nil, ErrNoDisplay
	}
	if len(want) == 0 {
		return all, nil
	}
	asked := map[string]bool{}
	for _, id := range want {
		asked[id] = true
	}
	var out []Display
	for _, d := range all {
		if asked[d.ID] {
			out = append(out, d)
			delete(asked, d.ID)
		}
	}
	if len(asked) > 0 {
		return nil, ErrNoDisplay
	}
	return out, nil
}

// mostOn is the display that shows most of a box, or "".
func mostOn(displays []Display, r image.Rectangle) string {
	id, most := "", 0
	for _, d := range displays {
		part := d.Bounds.Intersect(r)
		if n := part.Dx() * part.Dy(); n > most {
			id, most = d.ID, n
		}
	}
	return id
}

// within runs a call that knows no context, and stops waiting for it when the
// context ends or the limit has passed. The call then finishes on its own; what
// it returns is dropped.
func within[T any](ctx context.Context, call func() (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if ctx.Err() != nil {
		var none T
		return none, ended(ctx)
	}
	return await(ctx, call)
}

// await is within for a call that is begun in any case.
func await[T any](ctx context.Context, call func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := call()
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		var none T
		return none, ended(ctx)
	}
}

// ended says why a context ended.
func ended(ctx context.Context) error {
	if ctx.Err() == context.DeadlineExceeded {
		return ErrTimeout
	}
	return ctx.Err()
}
