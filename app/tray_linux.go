//go:build desktop

package app

import (
	"context"
	"sync"
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

// hosted is the last answer to whether a panel draws tray icons.
var hosted struct {
	sync.Mutex
	asking bool
	yes    bool
}

// trayHosted reports whether any panel draws tray icons now. A bus that does not
// answer within half a second is asked no second time, and the answer from
// before stands until it does.
func trayHosted() bool {
	hosted.Lock()
	defer hosted.Unlock()
	if hosted.asking || !hasSessionBus() {
		return hosted.yes
	}
	hosted.asking = true
	done := make(chan struct{})
	go func() {
		yes := askHosted()
		hosted.Lock()
		hosted.asking, hosted.yes = false, yes
		hosted.Unlock()
		close(done)
	}()
	hosted.Unlock()
	select {
	case <-done:
	case <-time.After(500 * time.Millisecond):
	}
	hosted.Lock()
	return hosted.yes
}

// askHosted asks the bus. The connection is our own: the tray library closes the
// shared one when it ends.
func askHosted() bool {
	conn, err := dbus.ConnectSessionBus()
	if err != nil {
		return false
	}
	defer conn.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	var v dbus.Variant
	err = conn.Object("org.kde.StatusNotifierWatcher", "/StatusNotifierWatcher").CallWithContext(ctx,
		"org.freedesktop.DBus.Properties.Get", dbus.FlagNoAutoStart,
		"org.kde.StatusNotifierWatcher", "IsStatusNotifierHostRegistered").Store(&v)
	yes, ok := v.Value().(bool)
	return err == nil && ok && yes
}

// trayIcon draws an icon as panels on Linux take it.
func trayIcon(i tray.Icon) []byte { return tray.PNG(tray.Sharp(i.Picture(96))) }
