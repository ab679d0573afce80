package app

import (
	"context"
	"fmt"
)

// AppID is the program's name to window managers, notices and desktop files.
const AppID = "org.trestle.Trestle"

// Face is the running window, asked for what only a window can do. The browser's
// pages have none. Every method may be called from any goroutine.
type Face interface {
	// Kind is "window".
	Kind() string
	// Show brings the window to the front. where is a place in the UI such as
	// "room/ID", or empty for as it was.
	Show(where string)
	// Hide takes the window off the screen; the program runs on.
	Hide()
	// Badge says how many messages are unread, for the window's title and its sign on the taskbar.
	Badge(unread int)
	// Compact makes the window as small as a form of the tracker, kept above others if onTop, or whole again where it stood.
	Compact(form Form, onTop bool)
	// Quit ends the face, and with it the program.
	Quit()
	// Dialogs answers the system's dialogs; where there are none the page brings its own.
	Dialogs() Dialogs
}

// windowTitle is what the window is called while so many messages are unread.
func windowTitle(unread int) string {
	switch {
	case unread <= 0:
		return "Trestle"
	case unread > 99:
		return "(99+) Trestle"
	}
	return fmt.Sprintf("(%d) Trestle", unread)
}

// Dialogs are the system's own dialogs. One is open at a time: a second caller
// waits until the first is closed. A dialog that is closed without a choice
// answers nothing and no error.
type Dialogs interface {
	OpenFiles(ctx context.Context, title string) ([]string, error)
	SaveFile(ctx context.Context, title, name string) (string, error)
	OpenFolder(ctx context.Context, title string) (string, error)
}

// WindowPlace is where the window stood when it was last closed, in the
// system's pixels.
type WindowPlace struct {
	X         int  `json:"x"`
	Y         int  `json:"y"`
	Width     int  `json:"width"`
	Height    int  `json:"height"`
	Maximised bool `json:"maximised"`
}

// Sizes of the window, in the system's pixels.
const (
	minWidth, minHeight   = 720, 480
	firstWidth, firstHigh = 1280, 800
)

// Clamp answers a place that can be seen on a screen of the given size: not
// smaller than the least size, not larger than the screen, not beyond its edges.
// A place never saved (no width) becomes the first size, centred by the window
// manager (X and Y below zero).
func (p WindowPlace) Clamp(screenWidth, screenHeight int) WindowPlace {
	if p.Width <= 0 || p.Height <= 0 {
		p = WindowPlace{X: -1, Y: -1, Width: firstWidth, Height: firstHigh, Maximised: p.Maximised}
	}
	p.Width = max(minWidth, min(p.Width, screenWidth))
	p.Height = max(minHeight, min(p.Height, screenHeight))
	if p.X < 0 || p.Y < 0 {
		p.X, p.Y = -1, -1
		return p
	}
	p.X = max(0, min(p.X, screenWidth-p.Width))
	p.Y = max(0, min(p.Y, screenHeight-p.Height))
	return p
}

// WindowOptions is what a window needs from the rest of the program. Each
// function may be nil.
type WindowOptions struct {
	Bound  []any // pointers to the screens' structs
	Files  Files
	Events *Events
	Place  WindowPlace
	Hidden bool // start with the tray alone
	// SavePlace keeps where the window stands; called when it is hidden or closed.
	SavePlace func(WindowPlace)
	// Stay says whether closing the window hides it: while a tray lives or time
	// is tracked. Hidden is then told, so that it can be said once.
	Stay   func() bool
	Closed func()
	// Started runs once the window exists, before its page; Ready after the page
	// has loaded; Stopped when the program ends, with at most two seconds to
	// close the slice and the store.
	Started func(Face)
	Ready   func()
	Stopped func(context.Context)
	// Dropped takes files dropped on the window, by path, and answers the payload
	// of the event "drop": what was taken, under which ids. Nil: nothing.
	Dropped func(paths []string) any
	// Open is called with a trestle:// link by systems that hand links over that way.
	Open func(link string)
}
