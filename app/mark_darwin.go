package app

import (
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// markForeign notes on a file that it came from somebody else, so that the system warns before it runs it.
func markForeign(path string) {
	note := fmt.Sprintf("0081;%08x;Trestle;", time.Now().Unix())
	_ = unix.Setxattr(path, "com.apple.quarantine", []byte(note), 0) // a disk without such notes has none
}
