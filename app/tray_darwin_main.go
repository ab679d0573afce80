//go:build darwin && desktop && cgo

package app

import "C"

import "unsafe"

//export trestleTrayStart
func trestleTrayStart(unsafe.Pointer) { trayStart() }
