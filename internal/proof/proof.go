// Package proof proves that sync can be trusted: it breaks the way between desktops and the service in every manner sync.md §18 names, and
// checks after each that the invariants of §16 hold. Nothing imports it; it imports anything below the program. The parts T1 to T11 are
// its tests, and each says how much it did on a line of its own, because "0 violations" without counts is no result.
package proof

import (
	"fmt"
	"os"
	"testing"
)

// SizeEnv names the environment variable that chooses how much each part does: unset for the small share of a plain `go test`, "share" for
// that of `make test`, "prove" for each run of `make prove`, "nightly" for a long one.
const SizeEnv = "TRESTLE_PROOF"

// Size picks a part's amount for the chosen size.
func Size(small, share, prove, nightly int) int {
	switch os.Getenv(SizeEnv) {
	case "share":
		return share
	case "prove":
		return prove
	case "nightly":
		return nightly
	}
	return small
}

// Report prints what a part did, as one line that begins with the part's name; `make prove` collects these lines.
func Report(t testing.TB, part, format string, args ...any) {
	t.Helper()
	t.Logf("%s: %s", part, fmt.Sprintf(format, args...))
}
