//go:build desktop

package app

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"fyne.io/systray"
	"github.com/godbus/dbus/v5"

	"trestle/internal/tray"
)

// startTray registers the icon on the session bus, beside GTK's own loop. Where
// no bus is, nothing happens: asking for one would start a daemon of our own.
func startTray(ready func()) (end func()) {
	if !hasSessionBus() {
		return func() {}
	}
	start, end := systray.RunWithExternalLoop(nil, nil)
	systray.SetTitle("Trestle")
	systray.SetIcon(trayIcon(tray.Icon{}))
	go func() { // the bus may not answer; the window does not wait for it
		start()
		ready() // not from the library's own call: what is drawn before the end of start may be lost
	}()
	return end
}

// hasSessionBus reports whether this session says where its bus is.
func hasSessionBus() bool {
	if os.Getenv("DBUS_SESSION_BUS_ADDRESS") != "" {
		return true
	}
	run := os.Getenv("XDG_RUNTIME_DIR")
	if run == "" {
		return false
	}
	_, err := os.Stat(filepath.Join(run, "bus"))
	return err == nil
}

// trayHosted asks the bus whether any panel draws tray icons now. The connection
// is our own: the tray library closes the shared one when it ends.
func trayHosted() bool {
	if !hasSessionBus() {
		return false
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	conn, err := dbus.ConnectSessionBus(dbus.WithContext(ctx))
	if err != nil {
		return false
	}
	defer conn.Close()
	var hosted dbus.Variant
	err = conn.Object("org.kde.StatusNotifierWatcher", "/StatusNotifierWatcher").CallWithContext(ctx,
		"org.freedesktop.DBus.Properties.Get", dbus.FlagNoAutoStart,
		"org.kde.StatusNotifierWatcher", "IsStatusNotifierHostRegistered").Store(&hosted)
	yes, ok := hosted.Value().(bool)
	return err == nil && ok && yes
}

// trayIcon draws an icon as panels on Linux take it.
func trayIcon(i tray.Icon) []byte { return tray.PNG(i.Picture(48)) }
