package input

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// dialDisplay opens the socket of a display named as in $DISPLAY ("host:number.screen", "/path:number") and prepares the greeting. The
// descriptor is taken out of Go's netpoller and blocks.
func dialDisplay(display string) (fd int, setup []byte, err error) {
	colon := strings.LastIndexByte(display, ':')
	if colon < 0 {
		return -1, nil, fmt.Errorf("%q is not a display", display)
	}
	number, _, _ := strings.Cut(display[colon+1:], ".")
	n, err := strconv.Atoi(number)
	if err != nil || n < 0 || n > 65535-6000 {
		return -1, nil, fmt.Errorf("%q is not a display", display)
	}
	host := display[:colon]
	if i := strings.LastIndexByte(host, '/'); i >= 0 && !strings.HasPrefix(host, "/") {
		host = host[i+1:]
	}
	var conn net.Conn
	switch {
	case strings.HasPrefix(host, "/"):
		conn, err = net.DialTimeout("unix", display, answerTime)
	case host == "" || host == "unix":
		path := "/tmp/.X11-unix/X" + number
		if conn, err = net.DialTimeout("unix", path, answerTime); err != nil {
			conn, err = net.DialTimeout("unix", "@"+path, answerTime)
		}
	default:
		conn, err = net.DialTimeout("tcp", net.JoinHostPort(host, strconv.Itoa(6000+n)), answerTime)
	}
	if err != nil {
		return -1, nil, err
	}
	defer conn.Close()

	var ip []byte
	if a, ok := conn.RemoteAddr().(*net.TCPAddr); ok && !a.IP.IsLoopback() {
		if ip = a.IP.To4(); ip == nil {
			ip = a.IP.To16()
		}
	}
	local, _ := os.Hostname()
	setup = setupRequest(cookie(local, ip, number))

	file, err := conn.(interface{ File() (*os.File, error) }).File()
	if err != nil {
		return -1, nil, err
	}
	defer file.Close()
	if fd, err = unix.FcntlInt(file.Fd(), unix.F_DUPFD_CLOEXEC, 3); err != nil {
		return -1, nil, err
	}
	if err = syscall.SetNonblock(fd, false); err != nil {
		_ = syscall.Close(fd)
		return -1, nil, err
	}
	return fd, setup, nil
}

// readable reports whether a read would not wait.
func readable(fd int) (bool, error) {
	for {
		p := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
		n, err := unix.Poll(p, 0)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		return n > 0, err
	}
}
