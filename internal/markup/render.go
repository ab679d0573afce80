package markup

import (
	"html"
	"strconv"
	"strings"
)

// htmlWriter writes blocks as HTML. Everything that is not one of its own elements passes through html.EscapeString.
type htmlWriter struct {
	strings.Builder
	big bool // the text is a few emoji alone
}

func (w *htmlWriter) blocks(blocks []block) {
	for i := range blocks {
		b := &blocks[i]
		switch b.kind {
		case paragraph:
			w.element("p", func() { w.inline(b.inline) })
		case codeBlock:
			w.WriteString("<pre><code>")
			if strings.HasPrefix(b.code, "\n") {
				w.WriteString("\n") // a parser drops the first line end after <pre>
			}
			w.WriteString(html.EscapeString(b.code))
			w.WriteString("</code></pre>")
		case quote:
			w.element("blockquote", func() { w.blocks(b.children) })
		case heading:
			w.element("h"+strconv.Itoa(b.level), func() { w.inline(b.inline) })
		case list:
			if !b.ordered {
				w.element("ul", func() { w.blocks(b.children) })
				continue
			}
			w.WriteString("<ol")
			if b.start != 1 {
				w.WriteString(` start="` + strconv.Itoa(b.start) + `"`)
			}
			w.WriteString(">")
			w.blocks(b.children)
			w.WriteString("</ol>")
		case item:
			w.element("li", func() {
				w.inline(b.children[0].inline)
				w.blocks(b.children[1:])
			})
		}
	}
}

func (w *htmlWriter) element(name string, inside func()) {
	w.WriteString("<" + name + ">")
	inside()
	w.WriteString("</" + name + ">")
}

func (w *htmlWriter) inline(tokens []token) {
	for i := range tokens {
		switch t := &tokens[i]; t.kind {
		case tokText:
			w.text(t.text)
		case tokEmoji:
			w.text(t.text)
		case tokCode:
			w.element("code", func() { w.WriteString(html.EscapeString(t.text)) })
		case tokLink:
			w.WriteString(`<a href="` + html.EscapeString(t.link.href) + `" data-link="` + html.EscapeString(t.link.host) + `" rel="noopener noreferrer">`)
			w.WriteString(html.EscapeString(t.text))
			w.WriteString("</a>")
		case tokMention:
			w.WriteString(`<span class="mention" data-account="` + html.EscapeString(t.account) + `">`)
			w.WriteString(html.EscapeString(t.text))
			w.WriteString("</span>")
		case tokRun:
			for _, tag := range t.run.closed {
				w.WriteString("</" + string(tag) + ">")
			}
			w.WriteString(strings.Repeat(string(t.run.char), t.run.left))
			for j := len(t.run.opened) - 1; j >= 0; j-- {
				w.WriteString("<" + string(t.run.opened[j]) + ">")
			}
		}
	}
}

func (w *htmlWriter) text(s string) {
	if w.big {
		parts, _ := emojiIn(s)
		for _, part := range parts {
			w.WriteString(`<span class="emoji big">` + html.EscapeString(part) + `</span>`)
		}
		return
	}
	w.WriteString(strings.ReplaceAll(html.EscapeString(s), "\n", "<br>"))
}

// plainBlocks writes blocks as text; without quotes if they are not wanted.
func plainBlocks(blocks []block, quotes bool) string {
	var parts []string
	for i := range blocks {
		b := &blocks[i]
		switch b.kind {
		case paragraph, heading:
			parts = append(parts, plainInline(b.inline))
		case codeBlock:
			parts = append(parts, b.code)
		case quote:
			if quotes {
				parts = append(parts, "> "+strings.ReplaceAll(plainBlocks(b.children, true), "\n", "\n> "))
			}
		case list:
			parts = append(parts, plainList(b))
		}
	}
	return strings.Join(parts, "\n\n")
}

func plainList(l *block) string {
	var lines []string
	for i, it := range l.children {
		mark := "- "
		if l.ordered {
			mark = strconv.Itoa(l.start+i) + ". "
		}
		lines = append(lines, mark+plainInline(it.children[0].inline))
		for j := range it.children[1:] {
			lines = append(lines, "  "+strings.ReplaceAll(plainList(&it.children[1+j]), "\n", "\n  "))
		}
	}
	return strings.Join(lines, "\n")
}

func plainInline(tokens []token) string {
	var b strings.Builder
	for i := range tokens {
		t := &tokens[i]
		if t.kind == tokRun {
			b.WriteString(strings.Repeat(string(t.run.char), t.run.left))
			continue
		}
		b.WriteString(t.text)
		if t.kind == tokLink && t.text != t.link.shown {
			b.WriteString(" (" + t.link.shown + ")")
		}
	}
	return b.String()
}
