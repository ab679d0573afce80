//go:build !linux

package app

// startsAtLogin is false: this system is not asked to start Trestle.
func startsAtLogin() (on, can bool) { return false, false }

// startAtLogin is not called where startsAtLogin says that it cannot.
func startAtLogin(bool) error { return nil }
