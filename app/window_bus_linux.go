//go:build desktop

package app

import (
	"log/slog"
	"os"
	"time"

	"github.com/godbus/dbus/v5"
)

// leaveSilentBus looks whether the session's bus answers at all, and if not hides
// it from this process: the toolkit would wait for it before it draws anything.
func leaveSilentBus() {
	if !hasSessionBus() {
		return
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if conn, err := dbus.ConnectSessionBus(); err == nil {
			conn.Close()
		}
	}()
	select {
	case <-done: // an error is an answer, too
	case <-time.After(2 * time.Second):
		slog.Warn("the session's bus does not answer; going on without it")
		_ = os.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
	}
}
