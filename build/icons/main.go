// Command icons draws the program's icon into the files packagers want: go run ./build/icons, from the root.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"trestle/internal/tray"
)

func main() {
	files := map[string][]byte{
		"build/appicon.png": tray.PNG(tray.AppIcon(1024)),
		"build/windows/icon.ico": tray.ICO(tray.AppIcon(16), tray.AppIcon(24), tray.AppIcon(32), tray.AppIcon(48),
			tray.AppIcon(64), tray.AppIcon(128), tray.AppIcon(256)),
	}
	for name, data := range files {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			fail(err)
		}
		if err := os.WriteFile(name, data, 0o644); err != nil {
			fail(err)
		}
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "icons:", err)
	os.Exit(1)
}
