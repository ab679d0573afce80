package markup

import (
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// naughty are texts written to break parsers and pages; each also stands inside a quote, a code span and a list below.
var naughty = []string{
	"", "\x00", "\xff\xfe", "\ufeff", "\u202eevil\u202c", "a\u0301\u0302", "👩‍👩‍👧‍👦🏽", "\U000e0067", "🇳", "\u200d", "\ufe0f", "1\u20e3",
	"<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">", "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
	"<svg><style><img src=x onerror=alert(1)></style>", "<a href=\"java&#10;script:alert(1)\">x</a>", "<iframe srcdoc='<script>alert(1)</script>'>", "<base href=//x.org>", "<form><button formaction=javascript:alert(1)>",
	"<meta http-equiv=refresh content=0;url=//x.org>", "<style>@import'//x.org'</style>", "<template><script>x</script></template>", "\"><script>alert(1)</script>", "' onmouseover='x", "`${alert(1)}`", "<<b>script>", "<b/ onclick = x >",
	"https://x.org/?a=<script>", "https://x.org/' onclick='x", "https://x.org#\" style=\"x", "mailto:a@x.org?subject=\"><b>", "https://x.org/&quot;onclick=x", "https://x.org/&#34;", "http://x.org\tonclick=x", "[\"><b>](https://x.org/\"><b>)",
	"<@a1\" onclick=\"x>", "<@<@a1>>", "<@a1 >", "https://<@a1>", "https://:smile:", "https://**x**.org", "mailto:**@x.org", "https://x.org/<@a1>", ":https://x.org:", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "</p><script>", "<!--", "]]>", "<a href=javascript:x>", "{{constructor}}", "${x}",
	"&#x6a;avascript:x", "https://x.org/\"onmouseover=\"x", "https://x.org/'><script>", "https://x.org/%22%3E", "https://x.org/<b>", "https://x.org`y`",
	"http://[::1", "http://[", "http://]", "http://%zz/", "http://x:y/", "http://\u2025/", "http://xn--a/", "http://xn--/", "mailto:%0d%0a@x.org", "mailto:a@x.org?subject=%0d%0aBcc:b@c.d", "trestle://room/1?room=\"><b>", "trestle://message/m?room=r<@a1>", "trestle://room/**x**",
	"***", "**_**_", "*_*_*_*", "~~~~", "*~~*~~", "**a*b**c*", "_a__b_c__", "`", "``", "```", "````\n", "```\n```\n```", "`\\`", "\\", "\\\n", "\\\\\\",
	">", ">>>>>>>>>>>>>>>>>>>>", "> ```\nx", "- ", "-\n-", "- a\n                    - b", "1. \n2.", "####### ", "[](", "[a](", "[a]()", "[[[[", "](", "[a](https://x.org",
	"<@>", "<@a1", "<@a1><@a1>", "<@" + "x>", ":", "::", ":a:", ":smile", ":100:100:", ":smile::smile:",
}

// check reads a text in every way and says what all of them must have in common.
func check(t *testing.T, text string, notes bool) {
	t.Helper()
	o := people
	o.Notes = notes
	out := HTML(text, o)
	if again := sanitised(t, out); again != out {
		t.Fatalf("%q\nmade      %q\nsanitised %q", text, out, again)
	}
	if all, lists, quotes := deepest(out, ""), deepest(out, "ul>", "ol"), deepest(out, "blockquote"); all > 256 || lists > maxDepth+1 || quotes > maxDepth {
		t.Fatalf("%d elements in each other, %d lists, %d quotes: %.200q", all, lists, quotes, text)
	}
	for _, l := range linksOf(out) {
		href, host, shown := l[0], l[1], l[2]
		if bad := badAddress(href); bad != "" || hostOf(href) != host {
			t.Fatalf("%q links to %q as %q: %s", text, href, host, bad)
		}
		if !notes {
			checkShown(t, shown, host)
		}
	}
	plain := Plain(text, o)
	for what, s := range map[string]string{"text": plain, "line": Preview(text, 0, o), "words": Words(text), "html": out} {
		if !utf8.ValidString(s) {
			t.Fatalf("%s of %q is not UTF-8: %q", what, text, s)
		}
		if i := strings.IndexFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' || turns(r) }); i >= 0 {
			t.Fatalf("%s of %q holds %q", what, text, s[i:])
		}
	}
	if !notes && bare(plain) != bare(visible(out)) {
		t.Fatalf("%q reads as %q in one place and as %q in another", text, plain, visible(out))
	}
	if p := Preview(text, 20, o); utf8.RuneCountInString(p) > 20 || strings.Contains(p, "\n") {
		t.Fatalf("line of %q: %q", text, p)
	}
	for _, l := range Links(text, o) {
		if bad := badAddress(l); bad != "" {
			t.Fatalf("%q links to %q: %s", text, l, bad)
		}
	}
	Mentions(text)
	if steps := stepsOf(text, o); steps > maxSteps*(len(text)+1) {
		t.Fatalf("%d steps for %d bytes: %.200q", steps, len(text), text)
	}
}

// deepest is how many elements, of those whose tag begins like one of names, stand in each other. Browsers cut off at 512.
func deepest(s string, names ...string) (deepest int) {
	depth := 0
	for tag := range strings.SplitSeq(s, "<") {
		name := strings.TrimPrefix(tag, "/")
		if tag == "" || strings.HasPrefix(name, "br>") || !slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(name, n) }) {
			continue
		}
		if name != tag {
			depth--
		} else if depth++; depth > deepest {
			deepest = depth
		}
	}
	return deepest
}

// checkShown: the text of a message's link begins with the very host it leads to.
func checkShown(t *testing.T, shown, host string) {
	t.Helper()
	_, rest, _ := strings.Cut(shown, ":")
	if strings.HasPrefix(rest, "//") {
		rest = rest[2:]
	} else {
		_, rest, _ = strings.Cut(rest, "@")
	}
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	name := rest
	if strings.HasPrefix(rest, "[") {
		name = strings.Trim(rest[:strings.IndexByte(rest, ']')+1], "[]")
	} else if before, _, ok := strings.Cut(rest, ":"); ok {
		name = before
	}
	if ascii, err := hosts.ToASCII(name); name != host && (err != nil || ascii != host) {
		t.Fatalf("a link to %q shows %q", host, shown)
	}
}

func turns(r rune) bool { return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 }

// visible is the text of a piece of HTML.
func visible(s string) string {
	nodes, _ := html.ParseFragment(strings.NewReader(s), &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	var b strings.Builder
	for _, n := range nodes {
		b.WriteString(textOf(n))
	}
	return b.String()
}

// bare leaves out space and the sign of quotes.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '>' || unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// FuzzHTML: whatever is typed, nothing panics, a sanitiser finds nothing to change, each link says where it leads, all ways of
// reading agree, and the work is proportional to the length.
func FuzzHTML(f *testing.F) {
	for _, s := range naughty {
		for _, around := range []string{"%", "> %", "**%**", "`%`", "- %\n  - %", "```\n%\n```", "%\n%", "x%x", "[%](https://x.org/%)"} {
			f.Add(strings.ReplaceAll(around, "%", s), false)
			f.Add(strings.ReplaceAll(around, "%", s), true)
		}
	}
	for _, s := range pathological {
		f.Add(s.of(2000), true)
		f.Add(s.of(2000), false)
	}
	for _, v := range readVectors(f) {
		f.Add(v.in, v.notes)
	}
	f.Fuzz(check)
}

// The corpus of others: each line of a file named by TRESTLE_MARKUP_CORPUS is read as a message and as a note. Such files have licences
// of their own, so none is kept here.
func TestForeignCorpus(t *testing.T) {
	name := os.Getenv("TRESTLE_MARKUP_CORPUS")
	if name == "" {
		t.Skip("TRESTLE_MARKUP_CORPUS names no file")
	}
	corpus, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(corpus)) {
		check(t, line, false)
		check(t, line, true)
	}
	check(t, string(corpus), false)
	check(t, string(corpus), true)
}
