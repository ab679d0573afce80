package markup

import (
	"io"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// naughty are texts written to break parsers and pages; each also stands inside a quote, a code span and a list below.
var naughty = []string{
	"", "\x00", "\xff\xfe", "\ufeff", "\u202eevil\u202c", "a\u0301\u0302", "👩‍👩‍👧‍👦🏽", "\U000e0067", "🇳", "\u200d", "\ufe0f", "1\u20e3",
	"<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "</p><script>", "<!--", "]]>", "<a href=javascript:x>", "{{constructor}}", "${x}",
	"&#x6a;avascript:x", "https://x.org/\"onmouseover=\"x", "https://x.org/'><script>", "https://x.org/%22%3E", "https://x.org/<b>", "https://x.org`y`",
	"http://[::1", "http://[", "http://]", "http://%zz/", "http://x:y/", "http://\u2025/", "http://xn--a/", "http://xn--/", "mailto:%0d%0a@x.org", "mailto:a@x.org?subject=%0d%0aBcc:b@c.d",
	"***", "**_**_", "*_*_*_*", "~~~~", "*~~*~~", "**a*b**c*", "_a__b_c__", "`", "``", "```", "````\n", "```\n```\n```", "`\\`", "\\", "\\\n", "\\\\\\",
	">", ">>>>>>>>>>>>>>>>>>>>", "> ```\nx", "- ", "-\n-", "- a\n                    - b", "1. \n2.", "####### ", "[](", "[a](", "[a]()", "[[[[", "](", "[a](https://x.org",
	"<@>", "<@a1", "<@a1><@a1>", "<@" + "x>", ":", "::", ":a:", ":smile", ":100:100:", ":smile::smile:",
}

// FuzzHTML: whatever is typed, nothing panics and only our own elements, attributes and addresses come out, well nested.
func FuzzHTML(f *testing.F) {
	for _, s := range naughty {
		for _, around := range []string{"%", "> %", "**%**", "`%`", "- %\n  - %", "```\n%\n```", "%\n%", "x%x", "[%](https://x.org/%)"} {
			f.Add(strings.ReplaceAll(around, "%", s), false)
			f.Add(strings.ReplaceAll(around, "%", s), true)
		}
	}
	for _, s := range []string{"*a ", "a* ", "*a **b ", "> ", "`", "[a](x", "((", "<@a1>", "http://", ":smile", "- a\n ", "_", "\\"} {
		f.Add(strings.Repeat(s, 3000/len(s)), true)
	}
	f.Fuzz(func(t *testing.T, text string, asNotes bool) {
		o := people
		o.Notes = asNotes
		checkHTML(t, HTML(text, o))
		if p := Plain(text, o); !utf8.ValidString(p) {
			t.Errorf("Plain is not UTF-8: %q", p)
		}
		if p := Preview(text, 20, o); utf8.RuneCountInString(p) > 20 || strings.Contains(p, "\n") {
			t.Errorf("Preview = %q", p)
		}
		for _, l := range Links(text, o) {
			checkAddress(t, l)
		}
		Mentions(text)
	})
}

func checkHTML(t *testing.T, out string) {
	t.Helper()
	allowed := map[string]string{
		"p": "", "br": "", "strong": "", "em": "", "del": "", "code": "", "pre": "", "blockquote": "", "ul": "", "ol": "start", "li": "",
		"h1": "", "h2": "", "h3": "", "h4": "", "h5": "", "h6": "", "a": "href data-link rel", "span": "class data-account",
	}
	var open []string
	z := html.NewTokenizer(strings.NewReader(out))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if z.Err() != io.EOF {
				t.Fatalf("%v in %q", z.Err(), out)
			}
			if len(open) > 0 {
				t.Fatalf("left open: %v in %q", open, out)
			}
			return
		case html.CommentToken, html.DoctypeToken, html.SelfClosingTagToken:
			t.Fatalf("a comment or the like: %q in %q", z.Raw(), out)
		case html.StartTagToken:
			tok := z.Token()
			attrs, ok := allowed[tok.Data]
			if !ok {
				t.Fatalf("element %q in %q", tok.Data, out)
			}
			for _, at := range tok.Attr {
				if !strings.Contains(" "+attrs+" ", " "+at.Key+" ") {
					t.Fatalf("attribute %q of %q in %q", at.Key, tok.Data, out)
				}
				if at.Key == "href" {
					checkAddress(t, at.Val)
				}
				if at.Key == "class" && at.Val != "mention" && at.Val != "emoji big" {
					t.Fatalf("class %q", at.Val)
				}
			}
			if tok.Data != "br" {
				open = append(open, tok.Data)
			}
		case html.EndTagToken:
			name := z.Token().Data
			if len(open) == 0 || open[len(open)-1] != name {
				t.Fatalf("</%s> closes %v in %q", name, open, out)
			}
			open = open[:len(open)-1]
		}
	}
}

func checkAddress(t *testing.T, address string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil || u.User != nil || len(address) > maxLink {
		t.Fatalf("address %q: %v", address, err)
	}
	for _, r := range address {
		if r <= ' ' || r > '~' || strings.ContainsRune("<>\"`\\", r) {
			t.Fatalf("address %q holds %q", address, r)
		}
	}
	switch u.Scheme {
	case "http", "https":
		if u.Hostname() == "" {
			t.Fatalf("address %q has no host", address)
		}
	case "mailto":
		if !strings.Contains(u.Opaque, "@") {
			t.Fatalf("address %q has no host", address)
		}
	default:
		t.Fatalf("address %q", address)
	}
}

func BenchmarkHTML(b *testing.B) {
	text := strings.Repeat("Hello **there** <@a1>, see https://x.org/a_b and `code` :smile: ~~no~~\n", 3)
	b.ReportAllocs()
	for b.Loop() {
		HTML(text, people)
	}
}
