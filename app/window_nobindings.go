//go:build !bindings

package app

// generating says whether this copy only writes the bindings.
const generating = false

// writeBindings does nothing in a copy built for people.
func writeBindings() (code int, only bool) { return 0, false }
