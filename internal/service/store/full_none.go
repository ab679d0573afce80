//go:build !cgo

package store

import _ "github.com/mattn/go-sqlite3" // registers its name; without C it opens nothing

// fullSQLite reports whether SQLite could not write. A program built without C has no such file at all, so it never has to say so.
func fullSQLite(error) bool { return false }

// damagedSQLite reports whether a file is damaged; see fullSQLite.
func damagedSQLite(error) bool { return false }
