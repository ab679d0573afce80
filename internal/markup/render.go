package markup

import (
	"strconv"
	"strings"
)

// htmlWriter writes blocks as HTML. Everything that is not one of its own elements passes through escaped.
type htmlWriter struct {
	strings.Builder
	p   *parser
	big bool // the text is a few emoji alone
}

func (w *htmlWriter) blocks(blocks []block) {
	for i := range blocks {
		b := &blocks[i]
		switch b.kind {
		case paragraph:
			w.WriteString("<p>")
			w.inline(b.inline)
			w.WriteString("</p>")
		case codeBlock:
			w.WriteString("<pre><code>")
			w.escaped(b.code)
			w.WriteString("</code></pre>")
		case quote:
			w.WriteString("<blockquote>")
			w.blocks(b.children)
			w.WriteString("</blockquote>")
		case heading:
			level := strconv.Itoa(int(b.level))
			w.WriteString("<h" + level + ">")
			w.inline(b.inline)
			w.WriteString("</h" + level + ">")
		case list:
			w.list(b)
		case item:
			w.WriteString("<li>")
			w.inline(b.inline)
			w.blocks(b.children)
			w.WriteString("</li>")
		}
	}
}

func (w *htmlWriter) list(b *block) {
	name := "ul"
	if b.ordered {
		name = "ol"
	}
	w.WriteString("<" + name)
	if b.ordered && b.start != 1 {
		w.WriteString(` start="` + strconv.Itoa(int(b.start)) + `"`)
	}
	w.WriteString(">")
	w.blocks(b.children)
	w.WriteString("</" + name + ">")
}

func (w *htmlWriter) inline(tokens []token) {
	for i := range tokens {
		switch t := &tokens[i]; t.kind {
		case tokText, tokEmoji:
			if w.big {
				w.bigEmoji(t.text)
			} else {
				w.lines(t.text)
			}
		case tokCode:
			w.WriteString("<code>")
			w.escaped(t.text)
			w.WriteString("</code>")
		case tokLink:
			w.WriteString(`<a href="`)
			w.escaped(t.more.link.href)
			w.WriteString(`" data-link="`)
			w.escaped(t.more.link.host)
			w.WriteString(`" rel="noopener noreferrer">`)
			if t.more.inside != nil {
				w.inline(t.more.inside)
			} else {
				w.escaped(t.text)
			}
			w.WriteString("</a>")
		case tokMention:
			w.WriteString(`<span class="mention`)
			if t.more.account == w.p.o.Me {
				w.WriteString(" me")
			}
			w.WriteString(`" data-account="`)
			w.escaped(t.more.account)
			w.WriteString(`">`)
			w.escaped(t.text)
			w.WriteString("</span>")
		case tokRun:
			r := &w.p.runs[t.run]
			for _, tag := range r.closed.list[:r.closed.n] {
				w.WriteString("</")
				w.WriteString(tag.String())
				w.WriteByte('>')
			}
			for range r.left {
				w.WriteByte(r.char)
			}
			for j := int(r.opened.n) - 1; j >= 0; j-- {
				w.WriteByte('<')
				w.WriteString(r.opened.list[j].String())
				w.WriteByte('>')
			}
		}
	}
}

// bigEmoji writes a text of emoji and space, each emoji as an element of its own.
func (w *htmlWriter) bigEmoji(s string) {
	for s != "" {
		n := emojiAt(s)
		if n == 0 { // space
			w.lines(s[:1])
			s = s[1:]
			continue
		}
		w.WriteString(`<span class="emoji big">`)
		w.escaped(s[:n])
		w.WriteString(`</span>`)
		s = s[n:]
	}
}

// entities are what stands for the characters HTML gives a meaning; those of lines also end a line.
var entities = [256]string{'&': "&amp;", '<': "&lt;", '>': "&gt;", '"': "&#34;", '\'': "&#39;"}

func (w *htmlWriter) escaped(s string) {
	from := 0
	for i := 0; i < len(s); i++ {
		if e := entities[s[i]]; e != "" {
			w.WriteString(s[from:i])
			w.WriteString(e)
			from = i + 1
		}
	}
	w.WriteString(s[from:])
}

// lines is escaped for text whose line ends are to be seen.
func (w *htmlWriter) lines(s string) {
	for {
		n := strings.IndexByte(s, '\n')
		if n < 0 {
			w.escaped(s)
			return
		}
		w.escaped(s[:n])
		w.WriteString("<br>")
		s = s[n+1:]
	}
}
