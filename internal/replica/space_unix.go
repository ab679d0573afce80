//go:build unix

package replica

import (
	"fmt"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// freeSpace is how many bytes this user may still write on the disk that holds path.
func freeSpace(path string) (int64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(filepath.Dir(path), &s); err != nil {
		return 0, fmt.Errorf("look at the disk: %w", err)
	}
	return int64(s.Bavail) * int64(s.Bsize), nil
}
