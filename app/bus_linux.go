package app

import (
	"os"
	"path/filepath"
)

// hasSessionBus reports whether this session says where its bus is. Where it does not, nobody is to ask for one: the libraries would start
// a daemon, which stays behind.
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
