package search

import (
	"testing"
	"time"
)

// S-01, S-08, S-09: what was found is marked where it stands, whatever its case and accents, phrases as one, and nothing else.
func TestS01_MarksWhatWasFound(t *testing.T) {
	for _, c := range []struct{ typed, text, want string }{
		{"kerning", "The Kerning, and kerning again. Kernings, too.", "The [Kerning], and [kerning] again. [Kernings], too."},
		{`"kerning"`, "Kerning, kernings", "[Kerning], kernings"},
		{"kern sign", "kern kernings signs", "[kern] kernings [signs]"},
		{`"one colour"`, "A one-colour sign, one more colour", "A [one-colour] sign, one more colour"},
		{"cafe", "Café and cafe\u0301 and CAFÉ", "[Café] and [cafe\u0301] and [CAFÉ]"},
		{`b "a b c"`, "a b c", "[a b c]"},
		{"a b", "a b", "[a] [b]"},
		{"from:bob bob", "bob says from", "[bob] says from"},
		{"from:bob", "bob", "bob"},
		{"ﬁ", "ﬁ fi", "[ﬁ] [fi]"},
		{"\xff", "\xff a", "\xff a"},
		{"日本", "日本 日本語", "[日本] [日本]語"},
	} {
		got, at := "", 0
		for _, s := range Parse(c.typed, time.UTC).Marks(c.text) {
			got += c.text[at:s.Start] + "[" + c.text[s.Start:s.End] + "]"
			at = s.End
		}
		if got += c.text[at:]; got != c.want {
			t.Errorf("%q in %q: %q, not %q", c.typed, c.text, got, c.want)
		}
	}
}

// S-09: closing a chip takes its token out of what was typed and leaves the rest as it was.
func TestS09_WithoutOneToken(t *testing.T) {
	for _, c := range []struct {
		typed string
		n     int
		want  string
	}{
		{`from:"Bob Jones"  kerning in:x`, 0, "kerning in:x"},
		{"kerning  in:x   sign", 1, "kerning sign"},
		{"kerning in:x", 1, "kerning"},
		{" before: ", 0, ""},
		{`a "open quote`, 1, "a"},
	} {
		if got := Without(c.typed, Parse(c.typed, time.UTC).Tokens[c.n]); got != c.want {
			t.Errorf("%q without %d: %q, not %q", c.typed, c.n, got, c.want)
		}
	}
}

// Whatever is typed and written: the marks stand inside the text, in order, and mark something exactly where Matches finds something.
func FuzzMarks(f *testing.F) {
	f.Add("kerning \"a b\"", "the kerning of a-b")
	f.Add("é", "e\u0301")
	f.Fuzz(func(t *testing.T, typed, text string) {
		q := Parse(typed, time.UTC)
		at := 0
		marks := q.Marks(text)
		for _, s := range marks {
			if s.Start < at || s.End <= s.Start || s.End > len(text) {
				t.Fatalf("mark %v behind %d in %d bytes", s, at, len(text))
			}
			at = s.End
		}
		for _, tok := range q.Tokens {
			Without(typed, tok)
		}
	})
}
