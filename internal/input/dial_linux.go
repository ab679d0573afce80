package input

import (
	"fmt"
	"io"
	"os"
	"syscall"
)

// DialDisplay opens a connection of its own to an X server, named as in $DISPLAY, and answers the greeting with the cookie that server wants,
// for a caller that speaks the protocol itself. Closing the connection ends a read that waits.
func DialDisplay(display string) (conn io.ReadWriteCloser, greeting []byte, err error) {
	fd, greeting, err := dialDisplay(display)
	if err != nil {
		return nil, nil, err
	}
	if err := syscall.SetNonblock(fd, true); err != nil {
		_ = syscall.Close(fd)
		return nil, nil, fmt.Errorf("connect to display %s: %w", display, err)
	}
	return os.NewFile(uintptr(fd), display), greeting, nil
}
