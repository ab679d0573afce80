//go:build cgo

package replica

import (
	"errors"
	"syscall"

	"github.com/mattn/go-sqlite3"
)

// sqliteTrouble reads the driver's result code.
func sqliteTrouble(err error) Trouble {
	var s sqlite3.Error
	if !errors.As(err, &s) {
		return ""
	}
	if s.Code == sqlite3.ErrIoErr && s.SystemErrno == syscall.ENOSPC { // the files beside the copy could not grow
		return DiskFull
	}
	switch s.Code {
	case sqlite3.ErrFull:
		return DiskFull
	case sqlite3.ErrReadonly, sqlite3.ErrPerm:
		return ReadOnly
	case sqlite3.ErrCorrupt, sqlite3.ErrNotADB:
		return Damaged
	}
	return ""
}
