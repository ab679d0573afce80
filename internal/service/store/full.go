//go:build cgo

package store

import (
	"errors"

	"github.com/mattn/go-sqlite3"
)

// fullSQLite reports whether SQLite could not write.
func fullSQLite(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) && (e.Code == sqlite3.ErrFull || e.Code == sqlite3.ErrIoErr || e.Code == sqlite3.ErrReadonly || e.Code == sqlite3.ErrCantOpen)
}

// damagedSQLite reports whether a file is damaged, or none of SQLite's.
func damagedSQLite(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) && (e.Code == sqlite3.ErrCorrupt || e.Code == sqlite3.ErrNotADB)
}
