//go:build !cgo

package replica

// sqliteTrouble knows nothing without the driver; such a build can be checked but opens no file.
func sqliteTrouble(error) Trouble { return "" }
