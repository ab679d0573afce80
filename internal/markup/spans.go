package markup

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Span is a stretch of a text as it is being written that means something: it is tinted where it is typed, or it is known there what may not
// be completed. From and To count UTF-16 units of the text as it was given, as a text area counts them.
type Span struct {
	From int
	To   int
	Kind string // one of the Span constants
}

// The kinds of spans. A SpanMark is what is typed to make the others and is not there to be read: it goes when the text is shown.
const (
	SpanMark    = "mark"
	SpanBold    = "bold"
	SpanItalic  = "italic"
	SpanStrike  = "strike"
	SpanCode    = "code"    // between ticks
	SpanBlock   = "block"   // the lines of a code block
	SpanQuote   = "quote"   // a quoted line, with its ">", which is a SpanMark of its own
	SpanLink    = "link"    // an address, or in notes the text that leads there
	SpanMention = "mention" // <@ACCOUNT> of somebody Options.Name knows
	SpanEmoji   = "emoji"   // :name:
	SpanHeading = "heading" // of notes
	SpanList    = "list"    // of notes: what makes a line an item
)

// Spans returns what the text is made of, as HTML reads it, in the order of where they begin, the longer first. Spans nest, but a quote
// counts line by line.
func Spans(text string, o Options) []Span {
	p := newParser(o)
	defer p.free()
	p.places = true
	whole, origin := cleanAt(text)
	w := spanWriter{p: p, text: whole}
	w.blocks(p.parse(whole))
	units := unitsOf(text)
	for i := range w.out {
		s := &w.out[i]
		from, to := origin.at(s.From), s.To
		if origin != nil { // what was dropped behind it is not of it
			to = origin.at(s.To - 1)
			_, size := utf8.DecodeRuneInString(text[to:])
			to += size
		}
		s.From, s.To = units.at(from), units.at(to)
	}
	slices.SortStableFunc(w.out, func(a, b Span) int { return cmp.Or(a.From-b.From, b.To-a.To) })
	return w.out
}

// offsets leads from an offset in one form of a text to that in another; nil where both are the same.
type offsets []int32

func (o offsets) at(i int) int {
	if o == nil {
		return i
	}
	return int(o[i])
}

// cleanAt is Clean with, for every byte of its answer, the byte of text it came from.
func cleanAt(text string) (string, offsets) {
	if isClean(text) {
		return text, nil
	}
	var b strings.Builder
	from := make(offsets, 0, len(text)+1)
	put := func(r rune, i int) {
		b.WriteRune(r)
		for range utf8.RuneLen(r) {
			from = append(from, int32(i))
		}
	}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size == 1 {
			put(r, i)
			for i < len(text) && r == utf8.RuneError && size == 1 { // a run of bad bytes is one character
				i++
				r, size = utf8.DecodeRuneInString(text[i:])
			}
			continue
		}
		if r != '\r' || !strings.HasPrefix(text[i:], "\r\n") {
			if r = cleanRune(r); r >= 0 {
				put(r, i)
			}
		}
		i += size
	}
	return b.String(), append(from, int32(len(text)))
}

// unitsOf counts the UTF-16 units before every byte of a text.
func unitsOf(text string) offsets {
	if strings.IndexFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) < 0 {
		return nil
	}
	units := make(offsets, len(text)+1)
	n := int32(0)
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		for j := range size {
			units[i+j] = n
		}
		if n++; r >= 0x10000 {
			n++
		}
		i += size
	}
	units[len(text)] = n
	return units
}

// spanWriter collects spans in bytes of the clean text.
type spanWriter struct {
	p    *parser
	text string
	out  []Span
}

func (w *spanWriter) add(from, to int, kind string) {
	if from < to {
		w.out = append(w.out, Span{from, to, kind})
	}
}

func (w *spanWriter) blocks(blocks []block) {
	for i := range blocks {
		b := &blocks[i]
		kind := map[blockKind]string{codeBlock: SpanBlock, quote: SpanQuote, heading: SpanHeading}[b.kind]
		for _, l := range b.at {
			if kind != "" {
				w.add(l.from, l.to, kind)
			}
		}
		for _, m := range b.marks {
			if b.kind == item {
				w.add(m.from, m.to, SpanList)
			} else {
				w.add(m.from, m.to, SpanMark)
			}
		}
		if len(b.inline) > 0 {
			w.inline(b.inline, &linesAt{lines: b.at}, 0)
		}
		w.blocks(b.children)
	}
}

// linesAt finds the bytes of lines that were joined to one paragraph. It is asked in the order of the text.
type linesAt struct {
	lines []span
	line  int // the line it is at
	begin int // where that begins in the paragraph
}

func (l *linesAt) at(offset int) int {
	for {
		size := l.lines[l.line].to - l.lines[l.line].from
		if offset <= l.begin+size || l.line == len(l.lines)-1 {
			return l.lines[l.line].from + offset - l.begin
		}
		l.begin += size + 1
		l.line++
	}
}

// openTag is an element that waits for its end.
type openTag struct {
	tag  tag
	from int
}

// inline collects the spans of a paragraph whose tokens count from base.
func (w *spanWriter) inline(tokens []token, lines *linesAt, base int) {
	var open []openTag
	last := 0
	for i := range tokens {
		t := &tokens[i]
		if int(t.from) > last { // what stands between two tokens takes a meaning away, as a backslash does
			w.add(lines.at(base+last), lines.at(base+int(t.from)), SpanMark)
		}
		from := lines.at(base + int(t.from))
		switch t.kind {
		case tokCode:
			n := runLength(w.text[from:], '`')
			inner := lines.at(base + int(t.from) + n)
			end := lines.at(base + int(t.to) - n)
			w.add(from, inner, SpanMark)
			w.add(inner, end, SpanCode)
			w.add(end, lines.at(base+int(t.to)), SpanMark)
		case tokLink:
			if t.more.inside == nil {
				w.add(from, lines.at(base+int(t.to)), SpanLink)
				break
			}
			inner := from + 1 // [text](address) stands in one line
			w.inline(t.more.inside, lines, base+int(t.from)+1)
			end := inner + len(t.text)
			w.add(from, inner, SpanMark)
			w.add(inner, end, SpanLink)
			w.add(end, lines.at(base+int(t.to)), SpanMark)
		case tokMention:
			w.add(from, lines.at(base+int(t.to)), SpanMention)
		case tokEmoji:
			w.add(from, lines.at(base+int(t.to)), SpanEmoji)
		case tokRun:
			open = w.run(&w.p.runs[t.run], from, open)
		}
		last = int(t.to)
	}
}

// run ends and begins the elements of a run of marks, in the order in which the HTML has them.
func (w *spanWriter) run(r *run, at int, open []openTag) []openTag {
	size := func(t tag) int {
		if t == em {
			return 1
		}
		return 2
	}
	from := at
	for _, t := range r.closed.list[:r.closed.n] {
		at += size(t)
		if n := len(open) - 1; n >= 0 {
			w.add(open[n].from, at, map[tag]string{strong: SpanBold, em: SpanItalic, del: SpanStrike}[open[n].tag])
			open = open[:n]
		}
	}
	w.add(from, at, SpanMark)
	at += int(r.left)
	from = at
	for j := int(r.opened.n) - 1; j >= 0; j-- {
		open = append(open, openTag{r.opened.list[j], at})
		at += size(r.opened.list[j])
	}
	w.add(from, at, SpanMark)
	return open
}

// fences parts the lines of a code block into those inside and the fences round them.
func fences(text string, lines []span, ticks int) (inside, marks []span) {
	inside, marks = lines[1:], lines[:1]
	if len(inside) == 0 {
		return inside, marks
	}
	last := inside[len(inside)-1]
	s := strings.TrimSpace(text[last.from:last.to])
	if len(s) >= ticks && runLength(s, '`') == len(s) {
		return inside[:len(inside)-1], []span{marks[0], last}
	}
	return inside, marks
}

// beforeEach is what stands in each line before what is inside it.
func beforeEach(lines, inside []span) []span {
	marks := make([]span, len(inside))
	for i, l := range inside {
		marks[i] = span{lines[i].from, l.from}
	}
	return marks
}

// endOf is where rest, the end of a line without the space about it, stands in the text.
func endOf(text string, line span, rest string) span {
	to := line.from + len(strings.TrimRightFunc(text[line.from:line.to], unicode.IsSpace))
	return span{to - len(rest), to}
}
