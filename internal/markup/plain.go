package markup

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// plainWriter writes blocks as text.
type plainWriter struct {
	strings.Builder
	p      *parser
	quotes bool   // quotes as well
	words  bool   // for the search index: see Words
	indent string // what each line of the block begins with
	owed   string // of the indent, the space at its end: a line of nothing else does not show it
}

func (w *plainWriter) blocks(blocks []block) {
	first := true
	for i := range blocks {
		b := &blocks[i]
		if b.kind == quote && !w.quotes {
			continue
		}
		if !first {
			w.line()
			w.line()
		}
		first = false
		switch b.kind {
		case paragraph, heading:
			w.inline(b.inline)
		case codeBlock:
			w.text(b.code)
		case quote:
			w.inside("> ", func() { w.put("> "); w.blocks(b.children) })
		case list:
			w.list(b)
		}
	}
}

func (w *plainWriter) list(l *block) {
	for i := range l.children {
		if i > 0 {
			w.line()
		}
		mark := "- "
		if l.ordered {
			mark = strconv.Itoa(int(l.start)+i) + ". "
		}
		w.put(mark)
		it := &l.children[i]
		w.inside("  ", func() {
			w.inline(it.inline)
			for j := range it.children {
				w.line()
				w.list(&it.children[j])
			}
		})
	}
}

// inside writes with each new line indented by some more.
func (w *plainWriter) inside(more string, write func()) {
	before := w.indent
	w.indent += more
	write()
	w.indent = before
}

// line begins a new line.
func (w *plainWriter) line() {
	sign := strings.TrimRight(w.indent, " ")
	w.WriteByte('\n')
	w.WriteString(sign)
	w.owed = w.indent[len(sign):]
}

// put writes into the line.
func (w *plainWriter) put(s string) {
	if s != "" {
		w.WriteString(w.owed)
		w.WriteString(s)
		w.owed = ""
	}
}

func (w *plainWriter) text(s string) {
	if w.words {
		s = strings.Map(dropJoints, s)
	}
	for w.indent != "" {
		n := strings.IndexByte(s, '\n')
		if n < 0 {
			break
		}
		w.put(s[:n])
		w.line()
		s = s[n+1:]
	}
	w.put(s)
}

func (w *plainWriter) inline(tokens []token) {
	for i := range tokens {
		switch t := &tokens[i]; {
		case t.kind == tokRun:
			r := &w.p.runs[t.run]
			if r.left > 0 {
				w.put(strings.Repeat(string(rune(r.char)), int(r.left)))
			}
		case t.kind == tokMention && w.words:
		case t.kind == tokLink && t.more.inside != nil:
			w.inline(t.more.inside)
			w.put(" (")
			w.text(t.more.link.shown)
			w.put(")")
		default:
			w.text(t.text)
		}
	}
}

// dropJoints drops what stands inside words without being of them: soft hyphens, marks that only turn the direction and
// those that forbid a line to break. The joiners of Persian and Indian scripts stay, as they do in what is searched for.
func dropJoints(r rune) rune {
	switch r {
	case 0x00ad, 0x061c, 0x200e, 0x200f, 0x2060, 0xfeff:
		return -1
	}
	return r
}

// oneLine puts one space wherever there is any.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// shorten cuts line to max characters, the ellipsis included.
func shorten(line string, max int) string {
	if max <= 0 || len(line) <= max || utf8.RuneCountInString(line) <= max {
		return line
	}
	runes := []rune(line)[:max]
	cut := max - 1
	for back := 0; cut > 0 && back < 16 && sticks(runes[cut-1], runes[cut]); back++ {
		cut--
	}
	if flags := 0; cut > 0 && isFlagLetter(runes[cut]) {
		for flags < cut && isFlagLetter(runes[cut-1-flags]) {
			flags++
		}
		cut -= flags % 2
	}
	return strings.TrimRightFunc(string(runes[:cut]), unicode.IsSpace) + "…"
}

// sticks reports whether two characters are seen as one: accents, joined emoji, skin tones.
func sticks(before, after rune) bool {
	return before == 0x200d || after == 0x200d || isLook(after) || after >= 0xe0020 && after <= 0xe007f || unicode.IsMark(after)
}

// isFlagLetter reports the letters of which two make a flag.
func isFlagLetter(r rune) bool { return r >= 0x1f1e6 && r <= 0x1f1ff }
