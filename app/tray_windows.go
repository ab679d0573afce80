//go:build desktop

package app

import (
	"runtime"

	"fyne.io/systray"

	"trestle/internal/tray"
)

// startTray runs the icon's message loop on a thread of its own.
func startTray(ready func()) (end func()) {
	go func() {
		runtime.LockOSThread()
		systray.Run(ready, nil)
	}()
	return systray.Quit
}

// trayHosted is true: Windows always has a notification area.
func trayHosted() bool { return true }

// trayIcon draws an icon in the sizes Windows asks for.
func trayIcon(i tray.Icon) []byte {
	return tray.ICO(i.Picture(16), i.Picture(20), i.Picture(24), i.Picture(32), i.Picture(48))
}
