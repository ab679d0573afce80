package markup

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// sanitised is what is left of a piece of HTML when a browser's parser has read it and only what we allow is written again. It
// shares nothing with the code it judges: what is there unchanged is what a browser would make of it, element by element.
func sanitised(t *testing.T, s string) string {
	t.Helper()
	nodes, err := html.ParseFragment(strings.NewReader(s), &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil {
		t.Fatalf("parse %q: %v", s, err)
	}
	var b strings.Builder
	for _, n := range nodes {
		keep(&b, n, "")
	}
	return b.String()
}

// allowedIn says which elements may stand in which; "" is the outermost.
var allowedIn = func() map[string][]string {
	phrase := []string{"br", "strong", "em", "del", "code", "a", "span"}
	block := []string{"p", "pre", "blockquote", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6"}
	in := map[string][]string{"": block, "blockquote": block, "pre": {"code"}, "ul": {"li"}, "ol": {"li"}, "li": append([]string{"ul", "ol"}, phrase...)}
	for _, name := range []string{"p", "strong", "em", "del", "a", "h1", "h2", "h3", "h4", "h5", "h6"} {
		in[name] = phrase
	}
	return in
}()

func keep(b *strings.Builder, n *html.Node, in string) {
	if n.Type == html.TextNode {
		b.WriteString(html.EscapeString(n.Data))
		return
	}
	if n.Type != html.ElementNode || n.Namespace != "" || !slices.Contains(allowedIn[in], n.Data) {
		return
	}
	b.WriteString("<" + n.Data)
	for _, key := range []string{"href", "data-link", "rel", "class", "data-account", "start"} { // the parser sorts those of some elements
		for _, a := range n.Attr {
			if a.Key == key && allowedAttribute(n.Data, a) {
				b.WriteString(" " + a.Key + `="` + html.EscapeString(a.Val) + `"`)
			}
		}
	}
	b.WriteString(">")
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		keep(b, c, n.Data)
	}
	if n.Data != "br" {
		b.WriteString("</" + n.Data + ">")
	}
}

func allowedAttribute(element string, a html.Attribute) bool {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
	switch element + " " + a.Key {
	case "a href":
		return badAddress(a.Val) == ""
	case "a data-link":
		return a.Val != "" && strings.Trim(a.Val, letters+".:") == ""
	case "a rel":
		return a.Val == "noopener noreferrer"
	case "span class":
		return a.Val == "mention" || a.Val == "mention me" || a.Val == "emoji big"
	case "span data-account":
		return a.Val != "" && strings.Trim(a.Val, letters) == ""
	case "ol start":
		return a.Val != "" && strings.Trim(a.Val, "0123456789") == ""
	}
	return false
}

// badAddress says what is wrong with an address, if anything.
func badAddress(address string) string {
	if len(address) > maxLink {
		return "too long"
	}
	for _, r := range address {
		if r <= ' ' || r > '~' || strings.ContainsRune("<>\"`\\", r) {
			return "a character that has no place in it"
		}
	}
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return err.Error()
	case u.User != nil:
		return "a user"
	case u.Scheme == "http" || u.Scheme == "https":
		if u.Hostname() == "" {
			return "no host"
		}
	case u.Scheme == "mailto":
		if !strings.Contains(u.Opaque, "@") {
			return "nobody to write to"
		}
	case u.Scheme == "trestle":
		if u.Host != "room" && u.Host != "message" && u.Host != "contract" {
			return "no place"
		}
	default:
		return "another scheme"
	}
	return ""
}

// hostOf is where a browser or a mail program goes with an address.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	if u.Scheme == "mailto" {
		return u.Opaque[strings.LastIndexByte(u.Opaque, '@')+1:]
	}
	return u.Hostname()
}

// linksOf are the links of a piece of HTML: address, host as it is told, text.
func linksOf(s string) (found [][3]string) {
	nodes, _ := html.ParseFragment(strings.NewReader(s), &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	for _, top := range nodes {
		for n := range top.Descendants() {
			if n.Data == "a" && n.Type == html.ElementNode {
				link := [3]string{}
				for _, a := range n.Attr {
					switch a.Key {
					case "href":
						link[0] = a.Val
					case "data-link":
						link[1] = a.Val
					}
				}
				link[2] = textOf(n)
				found = append(found, link)
			}
		}
	}
	return found
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

// The judge itself: what it must not let through.
func TestTheSanitiserTakesOut(t *testing.T) {
	for in, want := range map[string]string{
		`<p onclick="x">a</p>`:                      `<p>a</p>`,
		`<p><script>x</script>a</p>`:                `<p>a</p>`,
		`<p><a href="javascript:x">a</a></p>`:       `<p><a>a</a></p>`,
		`<p><a href="https://x.org/ж">a</a></p>`:    `<p><a>a</a></p>`,
		`<p>a<p>b</p></p>`:                          `<p>a</p><p>b</p><p></p>`,
		`<p><img src="x">a<!-- b --></p>`:           `<p>a</p>`,
		`<p><em>a</p>`:                              `<p><em>a</em></p>`,
		`<p><span class="x" style="y">a</span></p>`: `<p><span>a</span></p>`,
		`text`:                `text`,
		`<svg><p>a</p></svg>`: `<p>a</p>`,
		`<p><a href="https://x.org"><a href="b">c</a></a></p>`: `<p><a href="https://x.org"></a><a>c</a></p>`,
		"<pre>\n\na</pre>": "<pre>\na</pre>",
		`<p><span class="mention" data-account="a b">a</span></p>`: `<p><span class="mention">a</span></p>`,
	} {
		if got := sanitised(t, in); got != want {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
		}
	}
}
