//go:build !linux && !windows && !(darwin && cgo)

package screen

// Open returns ErrUnsupported: nothing here can grab this system's screen.
func Open() (Grabber, error) { return nil, ErrUnsupported }
