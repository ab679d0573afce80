//go:build !linux && !windows

package hotkey

import "context"

// open has no way: macOS gives combinations only to programs linked with its own frameworks.
func open(context.Context, *Keys) (system, error) {
	return nil, fail(Unsupported, "Trestle cannot listen to keys outside its window on this system. The menu bar and the commands do the same.")
}
