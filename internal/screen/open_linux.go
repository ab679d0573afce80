package screen

import "os"

// Open returns the way to take pictures on this desktop. It looks only at the
// environment and does not connect, so it may be called for each grab: on X11
// all callers share a connection that is opened when needed, on Wayland each
// grab goes through the desktop portal. Without either it returns ErrNoDisplay.
func Open() (Grabber, error) {
	switch {
	case os.Getenv("WAYLAND_DISPLAY") != "" || os.Getenv("XDG_SESSION_TYPE") == "wayland":
		// An X server may be there as well, but would show only X windows.
		return &portal{}, nil
	case os.Getenv("DISPLAY") != "":
		return &theX11, nil
	}
	return nil, ErrNoDisplay
}
