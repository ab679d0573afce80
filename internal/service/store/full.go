//go:build cgo

package store

import (
	"errors"

	"github.com/mattn/go-sqlite3"
)

// IsFull reports whether an error means that the disk has no room or cannot be written: trying later can help, and nothing was stored.
func IsFull(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) && (e.Code == sqlite3.ErrFull || e.Code == sqlite3.ErrIoErr || e.Code == sqlite3.ErrReadonly)
}
