package workroom

import (
	"strings"
	"testing"
)

// T-02, A-02, W-01: what people type into one line is taken as they meant it, and a refusal says what is wrong with it. Two spaces, or a tab that
// was pasted, were once called a hidden character, and a hidden character too long.
func TestT02_LabelsAsTheyAreTyped(t *testing.T) {
	for _, c := range []struct{ name, in, kept, says string }{
		{"plain", "tiles", "tiles", ""},
		{"two spaces", "two  spaces", "two spaces", ""},
		{"pasted", "\tone\r\ntwo\u00a0 three ", "one two three", ""},
		{"turned around", "a\u202eb", "a\u202eb", "The title has a line break or a hidden character."},
		{"mark of bytes", "\ufeffab", "\ufeffab", "The title has a line break or a hidden character."},
		{"too long", strings.Repeat("x", 121), strings.Repeat("x", 121), "The title has 121 characters; the limit is 120."},
		{"as long as it may be", strings.Repeat("é", 120), strings.Repeat("é", 120), ""},
	} {
		got := OneLine(c.in)
		if got != c.kept {
			t.Errorf("%s: %q is kept as %q", c.name, c.in, got)
		}
		said := ""
		if r := checkLabel("title", "title", got, MaxTitle); r != nil {
			said = r.Text
			if r.Field != "title" {
				t.Errorf("%s: the field is %q", c.name, r.Field)
			}
		}
		if said != c.says {
			t.Errorf("%s: %q, want %q", c.name, said, c.says)
		}
	}
}
