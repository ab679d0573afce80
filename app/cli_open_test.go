package app

import (
	"strings"
	"testing"
)

// D-10: what is given to open and is no place in Trestle is answered by what it is: an address of another kind, or a word that is no command.
func TestCLI_OpenOfWhatIsNoPlace(t *testing.T) {
	for place, want := range map[string]string{
		"http://x.example/a": "only links that begin with trestle://",
		"mailto:a@x.example": "only links that begin with trestle://",
		"opne":               `There is no command "opne"`,
	} {
		if code, out := verb(t, t.TempDir(), "open", place); code == 0 || !strings.Contains(out, want) {
			t.Errorf("%s: %d %s", place, code, out)
		}
	}
}
