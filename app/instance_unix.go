//go:build !windows

package app

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"
)

// listenLocal opens the unix socket of a data folder, 0600 in a folder of this
// account's own. What an ended process left there is removed: the caller holds
// the lock, so nobody listens.
func listenLocal(dirs Dirs) (net.Listener, error) {
	path := dirs.SocketPath()
	if err := ownFolder(filepath.Dir(path)); err != nil {
		// The runtime folder may be missing or not ours; the temporary one is next.
		path = Dirs{Data: dirs.Data}.SocketPath()
		if err := ownFolder(filepath.Dir(path)); err != nil {
			return nil, err
		}
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// ownFolder makes a folder of mode 0700, or checks that what is there is one, no
// link, and this account's: in a temporary folder anybody may have made it.
func ownFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !info.IsDir() || !ok || int(st.Uid) != os.Getuid() {
		return fmt.Errorf("the folder for the socket is not ours")
	}
	if info.Mode().Perm() != 0o700 {
		return os.Chmod(dir, 0o700)
	}
	return nil
}
