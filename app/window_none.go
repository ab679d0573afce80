//go:build !desktop

package app

// HasWindow says that this copy was built with the window.
const HasWindow = false

// RunWindow answers CodeNoWebview: this copy was built without a window, the
// browser is the way in.
func RunWindow(WindowOptions) error {
	return Fail(CodeNoWebview, "This copy of Trestle has no window. `trestle open --browser` opens it in the browser.")
}
