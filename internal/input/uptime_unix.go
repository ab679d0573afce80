//go:build linux || darwin

package input

import (
	"time"

	"golang.org/x/sys/unix"
)

// Uptime reads the two clocks that nobody can set, both since an instant of the system's own choosing: awake stands still while the system
// sleeps, elapsed does not. Only differences mean anything.
func Uptime() (awake, elapsed time.Duration) {
	read := func(clock int32) time.Duration {
		var ts unix.Timespec
		if err := unix.ClockGettime(clock, &ts); err != nil {
			return 0
		}
		return time.Duration(ts.Nano())
	}
	return read(clockAwake), read(clockElapsed)
}
