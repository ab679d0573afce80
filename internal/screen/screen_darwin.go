//go:build darwin && cgo

package screen

import (
	"context"
	"image"
)

// Open returns the way to take pictures on macOS. Pictures have one pixel a
// point; windows and the pointer are not told.
func Open() (Grabber, error) { return kbinani{}, nil }

// whyNot: displays were there, so what is missing is the permission to record
// the screen.
func whyNot(error) *Error { return ErrDenied }

func scaleOf(image.Rectangle) float64 { return 1 }

// Windows is not possible here.
func (kbinani) Windows(context.Context) ([]Window, error) { return nil, ErrUnsupported }
