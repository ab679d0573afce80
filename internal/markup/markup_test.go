package markup

import (
	"slices"
	"strings"
	"testing"
)

// Each row of the rules is shown by its cases in testdata/vectors.txt.

func TestX01_Bold(t *testing.T)              { vectors(t, "X-01") }
func TestX02_Italic(t *testing.T)            { vectors(t, "X-02") }
func TestX03_Strike(t *testing.T)            { vectors(t, "X-03") }
func TestX04_Code(t *testing.T)              { vectors(t, "X-04") }
func TestX05_CodeBlock(t *testing.T)         { vectors(t, "X-05") }
func TestX06_Quote(t *testing.T)             { vectors(t, "X-06") }
func TestX07_Emoji(t *testing.T)             { vectors(t, "X-07") }
func TestX08_Links(t *testing.T)             { vectors(t, "X-08") }
func TestX09_EscapesAndLines(t *testing.T)   { vectors(t, "X-09") }
func TestX10_LiteralInMessages(t *testing.T) { vectors(t, "X-10") }
func TestX11_Bullets(t *testing.T)           { vectors(t, "X-11") }
func TestX12_NestedItems(t *testing.T)       { vectors(t, "X-12") }
func TestX13_Numbered(t *testing.T)          { vectors(t, "X-13") }
func TestX14_Headings(t *testing.T)          { vectors(t, "X-14") }
func TestX15_NoteLinks(t *testing.T)         { vectors(t, "X-15") }
func TestM30_Mention(t *testing.T)           { vectors(t, "M-30") }

// The file of cases holds no row that no test runs, and enough of them.
func TestVectors(t *testing.T) {
	all := readVectors(t)
	for _, v := range all {
		if !strings.HasPrefix(v.row, "X-0") && !strings.HasPrefix(v.row, "X-1") && v.row != "M-30" {
			t.Errorf("no test runs %s %s", v.row, v.title)
		}
	}
	if len(all) < 450 {
		t.Errorf("%d cases", len(all))
	}
}

func TestX07_TheTableIsWhole(t *testing.T) {
	if n := len(AllEmoji()); n < 1800 {
		t.Errorf("the table holds %d emoji", n)
	}
	for _, e := range AllEmoji() {
		if got := HTML(e.Text, Options{}); got != `<p><span class="emoji big">`+e.Text+`</span></p>` {
			t.Errorf("%s, %s, alone is %s", e.Text, e.Label, got)
		}
		for _, name := range e.Names {
			if got := Plain("a :"+name+": b", Options{}); got != "a "+e.Text+" b" {
				t.Errorf(":%s: is %s", name, got)
			}
		}
	}
}

// A longer address is text as a whole: a link to its first part would lead elsewhere.
func TestX08_LongestAddress(t *testing.T) {
	const start = "https://x.org/"
	longest := start + strings.Repeat("a", 2048-len(start))
	if got := Links(longest, Options{}); !slices.Equal(got, []string{longest}) {
		t.Errorf("an address of %d bytes is no link: %.40q", maxLink, got)
	}
	for _, s := range []string{longest + "a", longest + "a/https://x.org", start + strings.Repeat("ж", maxLink/6)} {
		if got := Links(s, Options{}); len(got) > 0 {
			t.Errorf("%d bytes became %.60q", len(s), got)
		}
	}
}

func TestPreview(t *testing.T) {
	for _, tc := range []struct {
		in   string
		max  int
		want string
	}{
		{"a\n\nb   c", 80, "a b c"},
		{"> quoted\nanswer", 80, "answer"},
		{"> only", 80, "> only"},
		{"жжжжжж", 4, "жжж…"},
		{"жжжж", 4, "жжжж"},
		{"ab cdef", 4, "ab…"},
		{"", 4, ""},
		{"ab👍🏽cd", 4, "ab…"},               // a thumb is not parted from its colour,
		{"a👩\u200d👩\u200d👧bcdef", 5, "a…"}, // nor a family,
		{"abe\u0301def", 4, "ab…"},         // nor a letter from its accent,
		{"ab🇳🇴cd", 4, "ab…"},               // nor a flag
		{"🇳🇴🇳🇴🇳🇴", 4, "🇳🇴…"},               //
		{"a" + strings.Repeat("\u0301", 99), 40, "a" + strings.Repeat("\u0301", 22) + "…"}, // but heaps of accents are cut
		{"abc", 1, "…"},
	} {
		if got := Preview(tc.in, tc.max, people); got != tc.want {
			t.Errorf("Preview(%q, %d) = %q, want %q", tc.in, tc.max, got, tc.want)
		}
	}
}

func TestF07_Links(t *testing.T) {
	const in = "https://a.org `https://b.org` https://a.org\n> mailto:c@d.org [t](https://e.org)"
	if got := Links(in, Options{}); !slices.Equal(got, []string{"https://a.org", "mailto:c@d.org", "https://e.org"}) {
		t.Errorf("Links = %q", got)
	}
	if got := Links("- [t](https://e.org)\n  - https://f.org", Options{Notes: true}); !slices.Equal(got, []string{"https://e.org", "https://f.org"}) {
		t.Errorf("in notes: %q", got)
	}
}

func TestM30_Mentions(t *testing.T) {
	if got := Mentions("<@a1> `<@b2>` > <@c3>\n```\n<@d4>\n```\n> <@e5> <@a1> \\<@f6>"); !slices.Equal(got, []string{"a1", "c3", "e5"}) {
		t.Errorf("Mentions = %q", got)
	}
	if got := Plain("<@a1> <@x>", Options{}); got != "<@a1> <@x>" {
		t.Errorf("without names: %q", got)
	}
	if got := HTML("<@me1>", Options{Name: people.Name}); strings.Contains(got, " me") {
		t.Errorf("nobody reads, yet %s", got)
	}
}

func TestX09_OverridesOfDirectionGo(t *testing.T) {
	for _, o := range []string{"\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"} {
		if got := Plain("ok"+o+"exe.png", Options{}); got != "okexe.png" {
			t.Errorf("%q reads as %q", o, got)
		}
		if got := HTML(o+"text", Options{}); got != "<p>text</p>" {
			t.Errorf("%q becomes %q", o, got)
		}
	}
}

// What a reader keeps is his own: the arrays of the parser are used again for the next text.
func TestTheNextTextChangesNothing(t *testing.T) {
	const in = "**a** <@a1> https://x.org `b`\n\n> c"
	html, plain, links, who := HTML(in, people), Plain(in, people), Links(in, people), Mentions(in)
	for range 100 {
		HTML(strings.Repeat("~~z~~ <@me1> https://y.org ", 9), people)
	}
	if p := newParser(people); len(p.tokens)+len(p.runs)+p.steps > 0 || p.inLink {
		t.Errorf("a parser begins with %d tokens and %d runs of another text", len(p.tokens), len(p.runs))
	}
	if html != HTML(in, people) || plain != Plain(in, people) || !slices.Equal(links, Links(in, people)) || !slices.Equal(who, Mentions(in)) {
		t.Error("a text reads otherwise the second time")
	}
}
