//go:build bindings

package app

import (
	"fmt"
	"os"
)

// generating says that this copy only writes the bindings; it needs no pages.
const generating = true

// writeBindings writes frontend/wailsjs from the list of bound structs and ends
// the program: no store, socket, tray or log is opened in a copy built for that.
func writeBindings() (code int, only bool) {
	_ = os.Setenv("tsoutputtype", "interfaces") // Wails reads wails.json only through its own command
	if err := RunWindow(WindowOptions{Bound: screens(nil)}); err != nil {
		fmt.Fprintln(os.Stderr, "write the bindings:", err)
		return 1, true
	}
	return 0, true
}
