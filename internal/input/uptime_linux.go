package input

import "golang.org/x/sys/unix"

const (
	clockAwake   = unix.CLOCK_MONOTONIC
	clockElapsed = unix.CLOCK_BOOTTIME
)
