//go:build !(webview && linux && cgo)

// The page of the program in the engine of its window on Linux, for what has to be measured there: the window's own program takes no
// scripts, and a journey drives Chromium. It is built with -tags webview only (make webview), so that nothing else needs the headers of
// WebKitGTK.
package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "webview: built without WebKitGTK; see make webview")
	os.Exit(1)
}
