//go:build desktop && cgo

package app

/*
#include <dispatch/dispatch.h>
extern void trestleTrayStart(void *);
static void trestle_tray_on_main(void) { dispatch_async_f(dispatch_get_main_queue(), NULL, trestleTrayStart); }
*/
import "C"

import (
	"fyne.io/systray"

	"trestle/internal/tray"
)

// trayStart is what the main thread runs once: status items abort elsewhere.
var trayStart func()

// startTray makes the status item on the main thread, from Wails' start-up,
// which runs beside it.
func startTray(ready func()) (end func()) {
	trayStart, end = systray.RunWithExternalLoop(ready, nil)
	C.trestle_tray_on_main()
	return end
}

// trayHosted is true: the menu bar is always there.
func trayHosted() bool { return true }

// trayIcon draws an icon that the menu bar colours itself.
func trayIcon(i tray.Icon) []byte { return tray.PNG(i.Template(32)) }
