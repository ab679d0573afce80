package markup

import (
	"slices"
	"strings"
	"testing"
)

// people is who the tests mention.
var people = Options{Name: func(id string) (string, bool) {
	name, ok := map[string]string{"a1": "Ishaan Vale", "evil": `<b onclick="x">&`}[id]
	return name, ok
}}

type cases []struct{ in, want string }

// html runs each case; a want without "<p" is wrapped as one paragraph.
func (c cases) html(t *testing.T, o Options) {
	t.Helper()
	for _, tc := range c {
		want := tc.want
		if !strings.HasPrefix(want, "<") || !strings.Contains("p pre blockquote ul ol h1 h2 h3 h4 h5 h6", tagOf(want)) {
			want = "<p>" + want + "</p>"
		}
		if got := HTML(tc.in, o); got != want {
			t.Errorf("HTML(%q)\n got %s\nwant %s", tc.in, got, want)
		}
	}
}

func tagOf(s string) string { return strings.TrimLeft(s[:strings.IndexAny(s, " >")], "<") }

func TestX01_Bold(t *testing.T) {
	cases{
		{"**bold**", "<strong>bold</strong>"},
		{"__bold__", "<strong>bold</strong>"},
		{"a **b c** d", "a <strong>b c</strong> d"},
		{"foo**bar**baz", "foo<strong>bar</strong>baz"},
		{"__init__.py", "__init__.py"},
		{"see pkg/__init__.py now", "see pkg/__init__.py now"},
		{"self.__dict__", "self.__dict__"},
		{"obj.__call__(x)", "obj.__call__(x)"},
		{"my__long__name", "my__long__name"},
		{"(__b__)", "(<strong>b</strong>)"},
		{"__b__, then", "<strong>b</strong>, then"},
		{"__b__.", "<strong>b</strong>."},
		{"2**3**4", "2**3**4"},
		{"** not **", "** not **"},
		{"**open", "**open"},
		{"close**", "close**"},
		{"****", "****"},
		{"**a\nb**", "<strong>a<br>b</strong>"},
		{"**a\n\nb**", "<p>**a</p><p>b**</p>"},
		{"这是**粗体**字", "这是<strong>粗体</strong>字"},
		{"**中文。**中文", "<strong>中文。</strong>中文"},
		{"***both***", "<em><strong>both</strong></em>"},
		{"**a *b* c**", "<strong>a <em>b</em> c</strong>"},
		{"*a **b* c**", "<em>a <em><em>b</em> c</em></em>"}, // as CommonMark pairs it
	}.html(t, Options{})
}

func TestX02_Italic(t *testing.T) {
	cases{
		{"*it*", "<em>it</em>"},
		{"_it_", "<em>it</em>"},
		{"2*3*4", "2*3*4"},
		{"a*b*c", "a*b*c"},
		{"snake_case_name", "snake_case_name"},
		{"_snake_case_", "<em>snake_case</em>"},
		{"5 * 3 * 2", "5 * 3 * 2"},
		{"_it_'s", "<em>it</em>&#39;s"},
		{"\"*quoted*\"", "&#34;<em>quoted</em>&#34;"},
		{"*один*", "<em>один</em>"},
		{"*a _b_ c*", "<em>a <em>b</em> c</em>"},
		{"*", "*"},
		{"_", "_"},
	}.html(t, Options{})
}

func TestX03_Strike(t *testing.T) {
	cases{
		{"~~gone~~", "<del>gone</del>"},
		{"~t~", "~t~"},
		{"~~~t~~~", "~~~t~~~"},
		{"~~a **b**~~", "<del>a <strong>b</strong></del>"},
		{"~~open", "~~open"},
		{"~~ a ~~", "~~ a ~~"},
	}.html(t, Options{})
}

func TestX04_Code(t *testing.T) {
	cases{
		{"`x`", "<code>x</code>"},
		{"`**x**`", "<code>**x**</code>"},
		{"`https://a.org`", "<code>https://a.org</code>"},
		{"`<@a1>` `:smile:`", "<code>&lt;@a1&gt;</code> <code>:smile:</code>"},
		{"`<b>&`", "<code>&lt;b&gt;&amp;</code>"},
		{"`open", "`open"},
		{"`a``b`", "<code>a``b</code>"},
		{"`` a`b ``", "<code>a`b</code>"},
		{"**`x`**", "<strong><code>x</code></strong>"},
		{"**a `b** c`", "**a <code>b** c</code>"},
		{"`a\\`b", `<code>a\</code>b`},
	}.html(t, people)
}

func TestX05_CodeBlock(t *testing.T) {
	cases{
		{"```\n**x**\n  <i>\n```", "<pre><code>**x**\n  &lt;i&gt;</code></pre>"},
		{"```go\nx\n```", "<pre><code>x</code></pre>"},
		{"```x```", "<p><code>x</code></p>"},
		{"``` two words\nx\n```", "<p>``` two words<br>x</p><pre><code></code></pre>"},
		{"```\nopen\n\n\nend", "<pre><code>open\n\n\nend</code></pre>"},
		{"before\n```\na\n```\nafter", "<p>before</p><pre><code>a</code></pre><p>after</p>"},
		{"````\n```\n````", "<pre><code>```</code></pre>"},
		{"```\n\nx\n```", "<pre><code>\n\nx</code></pre>"},
		{"```\n> q\nhttps://a.org <@a1>\n```", "<pre><code>&gt; q\nhttps://a.org &lt;@a1&gt;</code></pre>"},
	}.html(t, people)
}

func TestX06_Quote(t *testing.T) {
	cases{
		{"> a\n> b\nc", "<blockquote><p>a<br>b</p></blockquote><p>c</p>"},
		{">a", "<blockquote><p>a</p></blockquote>"},
		{"a > b", "<p>a &gt; b</p>"},
		{" > a", "<p> &gt; a</p>"},
		{"> **b**\n> > deep", "<blockquote><p><strong>b</strong></p><blockquote><p>deep</p></blockquote></blockquote>"},
		{"> ```\n> x\n> ```", "<blockquote><pre><code>x</code></pre></blockquote>"},
		{"**a\n> b**", "<p>**a</p><blockquote><p>b**</p></blockquote>"},
	}.html(t, Options{})
}

func TestX07_Emoji(t *testing.T) {
	cases{
		{"hi :smile:", "hi 😄"},
		{"a:heart:b", "a❤️b"},
		{":nosuchname:", ":nosuchname:"},
		{":12:30:", ":12:30:"},
		{"12:100:30", "12:100:30"},
		{"12:30:45", "12:30:45"},
		{":-)", ":-)"},
		{"::", "::"},
		{":+1:", `<span class="emoji big">👍️</span>`},
		{":smile: :smile::smile:", strings.Repeat(`<span class="emoji big">😄</span>`, 3)},
		{":smile::smile::smile::smile:", "😄😄😄😄"},
		{"👍", `<span class="emoji big">👍</span>`},
		{"👍🏽 👩‍👩‍👧 🇳🇴", `<span class="emoji big">👍🏽</span><span class="emoji big">👩‍👩‍👧</span><span class="emoji big">🇳🇴</span>`},
		{"1️⃣", `<span class="emoji big">1️⃣</span>`},
		{"1", "1"},
		{"👍 ok", "👍 ok"},
		{"**👍**", "<strong>👍</strong>"},
	}.html(t, Options{})
	if n := len(AllEmoji()); n < 1800 {
		t.Errorf("the table holds %d emoji", n)
	}
}

func a(href, host, shown string) string {
	return `<a href="` + href + `" data-link="` + host + `" rel="noopener noreferrer">` + shown + `</a>`
}

func TestX08_Links(t *testing.T) {
	x := a("https://x.org", "x.org", "https://x.org")
	cases{
		{"https://x.org", x},
		{"see https://x.org.", "see " + x + "."},
		{"(https://x.org)", "(" + x + ")"},
		{"**https://x.org**", "<strong>" + x + "</strong>"},
		{"看https://x.org，然后", "看" + x + "，然后"},
		{"“https://x.org”", "“" + x + "”"},
		{"<https://x.org>", "&lt;" + x + "&gt;"},
		{"https://x.org/a_b_c*d*", a("https://x.org/a_b_c*d", "x.org", "https://x.org/a_b_c*d") + "*"},
		{"https://en.x.org/Go_(game)", a("https://en.x.org/Go_(game)", "en.x.org", "https://en.x.org/Go_(game)")},
		{"https://x.org/~anna/?b[]=1&c=2#f", a("https://x.org/~anna/?b[]=1&amp;c=2#f", "x.org", "https://x.org/~anna/?b[]=1&amp;c=2#f")},
		{"HTTPS://X.org/A", a("https://x.org/A", "x.org", "HTTPS://X.org/A")},
		{"http://localhost:8080/x", a("http://localhost:8080/x", "localhost", "http://localhost:8080/x")},
		{"http://127.0.0.1/x", a("http://127.0.0.1/x", "127.0.0.1", "http://127.0.0.1/x")},
		{"http://[::1]:80/", a("http://[::1]:80/", "::1", "http://[::1]:80/")},
		{"mailto:anna@x.org", a("mailto:anna@x.org", "x.org", "mailto:anna@x.org")},
		{"mailto:a@x.org?subject=hi", a("mailto:a@x.org?subject=hi", "x.org", "mailto:a@x.org?subject=hi")},
		{"https://x.org/ж", a("https://x.org/%D0%B6", "x.org", "https://x.org/ж")},
		// Hosts: one script is shown, mixed scripts are not.
		{"https://bücher.example", a("https://xn--bcher-kva.example", "xn--bcher-kva.example", "https://bücher.example")},
		{"https://пример.рф/a", a("https://xn--e1afmkfd.xn--p1ai/a", "xn--e1afmkfd.xn--p1ai", "https://пример.рф/a")},
		{"https://аpple.com", a("https://xn--pple-43d.com", "xn--pple-43d.com", "https://xn--pple-43d.com")},
		{"https://аррӏе.com/x", a("https://xn--80ak6aa92e.com/x", "xn--80ak6aa92e.com", "https://xn--80ak6aa92e.com/x")},
		{"mailto:a@аpple.com", a("mailto:a@xn--pple-43d.com", "xn--pple-43d.com", "mailto:a@xn--pple-43d.com")},
		{"https://ⓧ.org", a("https://x.org", "x.org", "https://x.org")},
	}.html(t, Options{})
}

func TestX08_NotLinks(t *testing.T) {
	for _, in := range []string{
		"www.x.org", "x.org", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://x.org", "vscode://x",
		"ms-msdt:/id", "smb://x/y", "https://", "http:///x", "https://.", "https://?", "http://:80/", "http://user@x.org", "http://user:pw@x.org/",
		"http://x.org:0/", "http://x.org:99999/", "https://-x-.org", "https://x..org", "https://x%2eorg/", "xhttps://y.org",
		"mailto:", "mailto:anna", "mailto:@x.org", "mailto:a@x.org?attach=/etc/passwd", "mailto:a@x.org?cc=b@x.org", "mailto:a@b@x.org",
		"http://my_host.example/", "https://x.org/" + strings.Repeat("a", maxLink),
	} {
		if got := HTML(in, Options{}); strings.Contains(got, "<a ") {
			t.Errorf("HTML(%.60q) made a link: %.200s", in, got)
		}
	}
	// A backslash ends the address, so the host a browser would see is the host shown.
	if got := Links(`https://evil.example\@good.example`, Options{}); !slices.Equal(got, []string{"https://evil.example"}) {
		t.Errorf("backslash: %q", got)
	}
}

func TestX09_EscapesAndLines(t *testing.T) {
	cases{
		{`\*a\*`, "*a*"},
		{`\_a\_ \~~a~~ \` + "`a`", "_a_ ~~a~~ `a`"},
		{`\\*a*`, `\<em>a</em>`},
		{`C:\dir\new`, `C:\dir\new`},
		{`\`, `\`},
		{`\:smile:`, ":smile:"},
		{"a\nb", "a<br>b"},
		{"a\n\n\n\n b", "<p>a</p><p> b</p>"},
		{"\n\na\r\n\r\nb\n\n", "<p>a</p><p>b</p>"},
		{"a\rb\u2028c", "a<br>b<br>c"},
		{`<b>x</b> & "y" 'z'`, "&lt;b&gt;x&lt;/b&gt; &amp; &#34;y&#34; &#39;z&#39;"},
		{"<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
		{"&lt;", "&amp;lt;"},
		{"a\x00b\x1b[1m", "ab[1m"},
		{"a\xffb", "a\uFFFDb"},
	}.html(t, Options{})
	for _, blank := range []string{"", " ", "\n \n\t\n"} {
		if got := HTML(blank, Options{}); got != "" {
			t.Errorf("HTML(%q) = %q", blank, got)
		}
	}
}

func TestX10_LiteralInMessages(t *testing.T) {
	x := a("https://x.org", "x.org", "https://x.org")
	cases{
		{"# x", "# x"},
		{"- x\n- y", "- x<br>- y"},
		{"1. x", "1. x"},
		{"* x", "* x"},
		{"[t](u)", "[t](u)"},
		{"![a](u)", "![a](u)"},
		{"[t](https://x.org)", "[t](" + x + ")"},
		{"---", "---"},
		{"a\n===", "a<br>==="},
		{"| a | b |", "| a | b |"},
	}.html(t, Options{})
}

func TestM30_Mention(t *testing.T) {
	cases{
		{"hi <@a1>!", `hi <span class="mention" data-account="a1">@Ishaan Vale</span>!`},
		{"**<@a1>**", `<strong><span class="mention" data-account="a1">@Ishaan Vale</span></strong>`},
		{"<@evil>", `<span class="mention" data-account="evil">@&lt;b onclick=&#34;x&#34;&gt;&amp;</span>`},
		{"<@stranger>", "&lt;@stranger&gt;"},
		{"<@>", "&lt;@&gt;"},
		{"<@a1", "&lt;@a1"},
		{`<@a"1>`, "&lt;@a&#34;1&gt;"},
		{`\<@a1>`, "&lt;@a1&gt;"},
	}.html(t, people)
	if got := Mentions("<@a1> `<@b2>` > <@c3>\n```\n<@d4>\n```\n> <@e5> <@a1>"); !slices.Equal(got, []string{"a1", "c3", "e5"}) {
		t.Errorf("Mentions = %q", got)
	}
}

func TestPlainAndPreview(t *testing.T) {
	const in = "**Hi** <@a1>, ~~no~~ `x*y` :smile:\nhttps://аpple.com\n\n> old\n> words\n\n```\ncode\n```"
	const want = "Hi @Ishaan Vale, no x*y 😄\nhttps://xn--pple-43d.com\n\n> old\n> words\n\ncode"
	if got := Plain(in, people); got != want {
		t.Errorf("Plain:\n got %q\nwant %q", got, want)
	}
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
	} {
		if got := Preview(tc.in, tc.max, people); got != tc.want {
			t.Errorf("Preview(%q, %d) = %q, want %q", tc.in, tc.max, got, tc.want)
		}
	}
	if got := Links("https://a.org `https://b.org` https://a.org\n> mailto:c@d.org", Options{}); !slices.Equal(got, []string{"https://a.org", "mailto:c@d.org"}) {
		t.Errorf("Links = %q", got)
	}
}

func TestX09_OverridesOfDirectionGo(t *testing.T) {
	for _, o := range []string{"\u202e", "\u202d", "\u2066", "\u2069"} {
		if got := Plain("ok"+o+"exe.png", Options{}); got != "okexe.png" {
			t.Errorf("%q reads as %q", o, got)
		}
		if got := HTML(o+"text", Options{}); got != "<p>text</p>" {
			t.Errorf("%q becomes %q", o, got)
		}
	}
	if got := Plain("שלום", Options{}); got != "שלום" {
		t.Errorf("letters of their own direction became %q", got)
	}
}
