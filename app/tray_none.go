//go:build !desktop || !(linux || windows || (darwin && cgo))

package app

import "trestle/internal/tray"

// Tray is the icon in the system's tray; this copy was built without one.
type Tray struct{}

// OpenTray does nothing: no icon appears and nothing is ever chosen.
func OpenTray(func(tray.Action)) *Tray { return &Tray{} }

// Draw does nothing.
func (*Tray) Draw(tray.View) {}

// Lives is false: closing the window ends the program.
func (*Tray) Lives() bool { return false }

// Close does nothing.
func (*Tray) Close() {}

// trayHosted is false: no icon of this copy is drawn anywhere.
func trayHosted() bool { return false }
