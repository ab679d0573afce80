package markup

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"
)

// cut returns the stretch of a text that a span covers, counted as a text area counts.
func cut(text string, s Span) string {
	units := utf16.Encode([]rune(text))
	return string(utf16.Decode(units[s.From:s.To]))
}

func TestK12_Spans(t *testing.T) {
	for _, tc := range []struct {
		in   string
		want string // "kind what" of each, parted by " | "
	}{
		{"plain", ""},
		{"a **b** c", "bold **b** | mark ** | mark **"},
		{"***x***", "italic ***x*** | mark *** | bold **x** | mark ***"},
		{"__a _b_ c__", "bold __a _b_ c__ | mark __ | italic _b_ | mark _ | mark _ | mark __"},
		{"~~x~~ 2*3*4", "strike ~~x~~ | mark ~~ | mark ~~"},
		{"жж 😀 **ж**", "bold **ж** | mark ** | mark **"},
		{"`a **b**`", "mark ` | code a **b** | mark `"},
		{"`` a`b ``", "mark `` | code  a`b  | mark ``"},
		{"\\*a\\*", "mark \\ | mark \\"},
		{"```go\nx\n**y**\n```\nz", "mark ```go | block x | block **y** | mark ```"},
		{"```\nx", "mark ``` | block x"},
		{"> a **b\n>c** d\ne", "quote > a **b | mark >  | bold **b\n>c** | mark ** | quote >c** d | mark > | mark **"},
		{">", ""},
		{"> > x", "quote > > x | mark >  | quote > x | mark > "},
		{"see https://x.org/a.", "link https://x.org/a"},
		{"<@a1>, <@nobody> and `<@a1>`", "mention <@a1> | mark ` | code <@a1> | mark `"},
		{"a :smile: b :nosuch:", "emoji :smile:"},
		{"a\u202e**b**", "bold **b** | mark ** | mark **"},
		{"a\r\n**b**\x01*", "bold **b** | mark ** | mark **"},
	} {
		var got []string
		for _, s := range Spans(tc.in, people) {
			got = append(got, s.Kind+" "+cut(tc.in, s))
		}
		if is := strings.Join(got, " | "); is != tc.want {
			t.Errorf("%q\n got %q\nwant %q", tc.in, is, tc.want)
		}
	}
	note := people
	note.Notes = true
	for in, want := range map[string]string{
		"# Head **b**":                "heading Head **b** | bold **b**",
		"- one\n  more *x*\n  - two":  "list -  | italic *x* | list   - ",
		"see [a *b*](https://x.org)!": "link a *b* | italic *b*",
	} {
		var got []string
		for _, s := range Spans(in, note) {
			if s.Kind != SpanMark {
				got = append(got, s.Kind+" "+cut(in, s))
			}
		}
		if is := strings.Join(got, " | "); is != want {
			t.Errorf("%q\n got %q\nwant %q", in, is, want)
		}
	}
}

// M-30: the spans of every case tell the same as its text. Without the marks, and with mentions, emoji and links as they are
// shown, what is written is what is read; only space and the signs of quotes and items may differ.
func TestSpansAreWhatPlainReads(t *testing.T) {
	bare := func(s string) string {
		var out []string
		for line := range strings.SplitSeq(s, "\n") {
			out = append(out, strings.Fields(lineSigns.ReplaceAllString(line, ""))...)
		}
		return strings.Join(out, " ")
	}
	for _, v := range readVectors(t) {
		in := Clean(v.in)
		units := utf16.Encode([]rune(in))
		var out strings.Builder
		at := 0
		upTo := func(to int) {
			if at < to {
				out.WriteString(string(utf16.Decode(units[at:to])))
				at = to
			}
		}
		links := 0
		for _, s := range Spans(in, v.options()) {
			if s.From < 0 || s.To > len(units) || s.From >= s.To {
				t.Errorf("%s %s: a span %+v of %d units", v.row, v.title, s, len(units))
				continue
			}
			text := cut(in, s)
			switch s.Kind {
			case SpanMark:
				upTo(s.From)
				at = max(at, s.To)
				if strings.HasPrefix(text, "](") { // Plain says the address behind the text
					out.WriteString(" (" + Plain(text[2:len(text)-1], Options{}) + ")")
				}
			case SpanLink:
				links++
				if s.From >= at && !strings.HasPrefix(string(utf16.Decode(units[s.To:])), "](") {
					upTo(s.From)
					out.WriteString(Plain(text, Options{}))
					at = s.To
				}
			case SpanMention, SpanEmoji:
				upTo(s.From)
				out.WriteString(Plain(text, v.options()))
				at = s.To
			}
		}
		upTo(len(units))
		if got, want := bare(out.String()), bare(v.text); got != want {
			t.Errorf("%s %s: %q\n got %q\nwant %q", v.row, v.title, in, got, want)
		}
		if want := len(Links(in, v.options())); links < want {
			t.Errorf("%s %s: %d links of %d are seen", v.row, v.title, links, want)
		}
	}
}

// lineSigns are those of quotes and items at the start of a line.
var lineSigns = regexp.MustCompile(`^(>|[-*]( |$)|[ \t]|[0-9]+\. )*`)

// What is typed while a text is written is no less hostile than what is sent.
func FuzzSpans(f *testing.F) {
	for _, v := range readVectors(f) {
		f.Add(v.in, v.notes)
	}
	f.Add("a\xff\xffb\r\n\u202e**c**\x00😀`d`", true)
	f.Fuzz(func(t *testing.T, in string, notes bool) {
		o := people
		o.Notes = notes
		if got, _ := cleanAt(in); got != Clean(in) {
			t.Fatalf("%q is clean as %q and as %q", in, Clean(in), got)
		}
		in = Clean(in)
		end := len(utf16.Encode([]rune(in)))
		before := 0
		for _, s := range Spans(in, o) {
			if s.From < before || s.From >= s.To || s.To > end {
				t.Fatalf("%q: %+v after %d, of %d", in, s, before, end)
			}
			before = s.From
		}
	})
}
