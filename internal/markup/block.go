package markup

import "strings"

// blockKind says what a block is drawn as.
type blockKind uint8

const (
	paragraph blockKind = iota
	codeBlock
	quote
	heading
	list
	item
)

// block is one paragraph, code block, quote, heading or list, or one item of a list.
type block struct {
	kind     blockKind
	ordered  bool    // list
	level    int8    // heading: 1 to 6
	start    int32   // ordered list: its first number
	inline   []token // paragraph, heading, item
	code     string  // codeBlock
	children []block // quote; list: items; item: the lists in it

	// Kept only for Spans (parser.places), but for paragraphs: where the lines of inline or code stand in the text, and where the marks do
	// that make the block what it is.
	at, marks []span
}

// maxDepth bounds quotes in quotes and lists in lists; what is deeper stays text. Without it a hostile text could nest
// elements by the thousand.
const maxDepth = 8

// span is a line: from and to are byte offsets in the text, without the line end.
type span struct{ from, to int }

func linesOf(text string) []span {
	lines := make([]span, 0, strings.Count(text, "\n")+1)
	for from := 0; ; {
		n := strings.IndexByte(text[from:], '\n')
		if n < 0 {
			return append(lines, span{from, len(text)})
		}
		lines = append(lines, span{from, from + n})
		from += n + 1
	}
}

// joined returns lines as one text, their trailing space cut off. Lines that stand in the text as they are need no copy.
func joined(text string, lines []span) string {
	whole := true
	for i := range lines {
		l := &lines[i]
		l.to = l.from + len(strings.TrimRight(text[l.from:l.to], " \t"))
		whole = whole && (i == 0 || lines[i-1].to+1 == l.from)
	}
	if whole {
		return text[lines[0].from:lines[len(lines)-1].to]
	}
	return verbatim(text, lines)
}

// blocks takes lines apart: code blocks first, because nothing inside them counts, then quotes, then what notes add, then
// paragraphs, which end at a blank line or where another block begins.
func (p *parser) blocks(text string, lines []span, depth int) []block {
	out := make([]block, 0, 1+len(lines)/4)
	para := 0 // where the lines that belong to no other block begin
	add := func(i int, b ...block) {
		if para < i {
			out = append(out, block{kind: paragraph, inline: p.inline(joined(text, lines[para:i])), at: lines[para:i]})
		}
		out = append(out, b...)
	}
	for i := 0; i < len(lines); {
		line := text[lines[i].from:lines[i].to]
		p.steps += len(line) + 1
		if strings.TrimSpace(line) == "" {
			add(i)
			i++
			para = i
			continue
		}
		if n, ok := fence(line); ok {
			code, next := p.fenced(text, lines, i+1, n)
			b := block{kind: codeBlock, code: code}
			if p.places {
				b.at, b.marks = fences(text, lines[i:next], n)
			}
			add(i, b)
			i, para = next, next
			continue
		}
		if line[0] == '>' && depth < maxDepth {
			add(i)
			inside := quoted(text, lines[i:])
			if children := p.blocks(text, inside, depth+1); len(children) > 0 {
				b := block{kind: quote, children: children}
				if p.places {
					b.at, b.marks = lines[i:i+len(inside)], beforeEach(lines[i:], inside)
				}
				out = append(out, b)
			} else { // nothing is quoted: a lone ">" is what it looks like
				whole := lines[i : i+len(inside)]
				out = append(out, block{kind: paragraph, inline: p.inline(joined(text, whole)), at: whole})
			}
			i += len(inside)
			para = i
			continue
		}
		if p.o.Notes {
			if level, rest, ok := headingLine(line); ok {
				add(i)
				b := block{kind: heading, level: int8(level), inline: p.inline(rest)}
				if p.places {
					b.at = []span{endOf(text, lines[i], rest)}
					b.marks = []span{{lines[i].from, b.at[0].from}}
				}
				out = append(out, b)
				i++
				para = i
				continue
			}
			if _, ok := bullet(line); ok {
				add(i)
				var l block
				l, i = p.list(text, lines, i, 0)
				out = append(out, l)
				para = i
				continue
			}
		}
		i++
	}
	add(len(lines))
	return out
}

// quoted returns the lines of a quote, each without its ">" and the space after it.
func quoted(text string, lines []span) []span {
	var inside []span
	for _, l := range lines {
		if l.from == l.to || text[l.from] != '>' {
			break
		}
		l.from++
		if l.from < l.to && text[l.from] == ' ' {
			l.from++
		}
		inside = append(inside, l)
	}
	return inside
}

// fence reports whether line opens a code block, and with how many ticks: nothing but three or more ticks and at most one word
// . A tick after them makes it inline code instead.
func fence(line string) (ticks int, ok bool) {
	s := strings.TrimLeft(line, " ")
	if len(line)-len(s) > 3 || !strings.HasPrefix(s, "```") {
		return 0, false
	}
	s = strings.TrimRight(s, " \t")
	ticks = runLength(s, '`')
	word := strings.TrimLeft(s[ticks:], " ")
	return ticks, !strings.ContainsAny(word, "` \t")
}

// fenced collects the code from line i to the closing fence, or to the end, and returns the line after it.
func (p *parser) fenced(text string, lines []span, i, ticks int) (code string, next int) {
	from := i
	for ; i < len(lines); i++ {
		line := text[lines[i].from:lines[i].to]
		p.steps += len(line) + 1
		s := strings.TrimSpace(line)
		if len(s) >= ticks && runLength(s, '`') == len(s) {
			return verbatim(text, lines[from:i]), i + 1
		}
	}
	return strings.TrimRight(verbatim(text, lines[from:]), "\n"), i
}

// verbatim returns lines as one text.
func verbatim(text string, lines []span) string {
	var b strings.Builder
	for i, l := range lines {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(text[l.from:l.to])
	}
	return b.String()
}
