//go:build !linux

package app

// hasSessionBus is true: other systems reach their keyring without one.
func hasSessionBus() bool { return true }
