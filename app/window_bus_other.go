//go:build desktop && !linux

package app

// leaveSilentBus does nothing: only Linux has a session bus.
func leaveSilentBus() {}
