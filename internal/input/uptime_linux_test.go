package input

import "testing"

// T-03: the start of the system has a name, and one only.
func TestT03_BootID(t *testing.T) {
	if id := BootID(); len(id) != 36 || id != BootID() {
		t.Errorf("%q, then %q", id, BootID())
	}
}
