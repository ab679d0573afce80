package replica

import (
	"fmt"
	"path/filepath"

	"golang.org/x/sys/windows"
)

// freeSpace is how many bytes this user may still write on the disk that holds path.
func freeSpace(path string) (int64, error) {
	dir, err := windows.UTF16PtrFromString(filepath.Dir(path))
	if err != nil {
		return 0, fmt.Errorf("look at the disk: %w", err)
	}
	var free uint64
	if err := windows.GetDiskFreeSpaceEx(dir, &free, nil, nil); err != nil {
		return 0, fmt.Errorf("look at the disk: %w", err)
	}
	return int64(min(free, 1<<62)), nil
}
