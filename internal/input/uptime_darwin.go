package input

import "golang.org/x/sys/unix"

// From clock_gettime(3): CLOCK_MONOTONIC "will continue to increment while the system is asleep", CLOCK_UPTIME_RAW will not.
const (
	clockAwake   = unix.CLOCK_UPTIME_RAW
	clockElapsed = unix.CLOCK_MONOTONIC
)

// BootID names this start of the system: Uptime goes on as long as it is the same. It is empty where the system does not tell.
func BootID() string {
	id, err := unix.Sysctl("kern.bootsessionuuid")
	if err != nil {
		return ""
	}
	return id
}
