package input

import (
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

const (
	clockAwake   = unix.CLOCK_MONOTONIC
	clockElapsed = unix.CLOCK_BOOTTIME
)

// BootID names this start of the system: Uptime goes on as long as it is the same. It is empty where the system does not tell.
func BootID() string {
	body, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if id := strings.TrimSpace(string(body)); err == nil && len(id) == 36 {
		return id
	}
	return ""
}
