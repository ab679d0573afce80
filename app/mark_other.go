//go:build !windows && !darwin

package app

// markForeign does nothing: this system keeps no note of where a file came from.
func markForeign(string) {}
