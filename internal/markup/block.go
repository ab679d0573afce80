package markup

import (
	"strings"
)

// blockKind says what a block is drawn as.
type blockKind int

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
	inline   []token // paragraph, heading
	code     string  // codeBlock
	children []block // quote, list, item
	level    int     // heading: 1 to 6
	ordered  bool    // list
	start    int     // ordered list: its first number
}

// maxDepth bounds quotes in quotes and lists in lists; what is deeper stays text. Without it a hostile text could nest
// elements by the thousand.
const maxDepth = 8

type blockParser struct {
	o Options
}

// blocks takes lines apart: code blocks first, because nothing inside them counts, then quotes, then what notes add, then
// paragraphs, which end at a blank line or where another block begins.
func (p *blockParser) blocks(lines []string, depth int) []block {
	var out []block
	var para []string
	flush := func() {
		if len(para) > 0 {
			out = append(out, block{kind: paragraph, inline: p.inline(strings.Join(para, "\n"))})
			para = nil
		}
	}
	for i := 0; i < len(lines); {
		line := lines[i]
		if strings.TrimSpace(line) == "" {
			flush()
			i++
			continue
		}
		if n, ok := fence(line); ok {
			flush()
			var code string
			code, i = fenced(lines, i+1, n)
			out = append(out, block{kind: codeBlock, code: code})
			continue
		}
		if strings.HasPrefix(line, ">") && depth < maxDepth {
			flush()
			var inside []string
			for ; i < len(lines) && strings.HasPrefix(lines[i], ">"); i++ {
				inside = append(inside, strings.TrimPrefix(lines[i][1:], " "))
			}
			out = append(out, block{kind: quote, children: p.blocks(inside, depth+1)})
			continue
		}
		if p.o.Notes {
			if level, rest, ok := headingLine(line); ok {
				flush()
				out = append(out, block{kind: heading, level: level, inline: p.inline(rest)})
				i++
				continue
			}
			if _, ok := bullet(line); ok {
				flush()
				var l block
				l, i = p.list(lines, i, 0)
				out = append(out, l)
				continue
			}
		}
		para = append(para, strings.TrimRight(line, " \t"))
		i++
	}
	flush()
	return out
}

// fence reports whether line opens a code block, and with how many ticks: nothing but three or more ticks and at most one word
// . A tick after them makes it inline code instead.
func fence(line string) (ticks int, ok bool) {
	s := strings.TrimRight(line, " \t")
	s = strings.TrimLeft(s, " ")
	if len(line)-len(strings.TrimLeft(line, " ")) > 3 {
		return 0, false
	}
	ticks = len(s) - len(strings.TrimLeft(s, "`"))
	word := strings.TrimLeft(s[ticks:], " ")
	return ticks, ticks >= 3 && !strings.ContainsAny(word, "` \t")
}

// fenced collects the code from line i to the closing fence, or to the end, and returns the line after it.
func fenced(lines []string, i, ticks int) (code string, next int) {
	from := i
	for ; i < len(lines); i++ {
		s := strings.TrimSpace(lines[i])
		if len(s) >= ticks && strings.Trim(s, "`") == "" {
			return strings.Join(lines[from:i], "\n"), i + 1
		}
	}
	return strings.TrimRight(strings.Join(lines[from:], "\n"), "\n"), i
}
