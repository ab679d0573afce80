package markup

import (
	"strconv"
	"strings"
)

// headingLine recognises one to six # and a space.
func headingLine(line string) (level int, rest string, ok bool) {
	level = runLength(line, '#')
	if level < 1 || level > 6 || level == len(line) || line[level] != ' ' {
		return 0, "", false
	}
	rest = strings.TrimSpace(line[level:])
	return level, rest, rest != ""
}

// marker is the beginning of a list line.
type marker struct {
	indent  int // columns of leading space
	ordered bool
	number  int
	rest    string
}

// columns counts the leading space of a line; a tab counts four.
func columns(line string) (n, size int) {
	for size < len(line) && (line[size] == ' ' || line[size] == '\t') {
		if n++; line[size] == '\t' {
			n += 3
		}
		size++
	}
	return n, size
}

// bullet recognises "- text", "* text" and "1. text" after any leading space.
func bullet(line string) (m marker, ok bool) {
	indent, size := columns(line)
	m.indent = indent
	body := line[size:]
	if strings.HasPrefix(body, "- ") || strings.HasPrefix(body, "* ") {
		m.rest = strings.TrimSpace(body[2:])
		return m, m.rest != ""
	}
	digits := 0
	for digits < len(body) && digits < 10 && body[digits] >= '0' && body[digits] <= '9' {
		digits++
	}
	if digits == 0 || digits > 9 || !strings.HasPrefix(body[digits:], ". ") {
		return m, false
	}
	m.ordered = true
	m.number, _ = strconv.Atoi(body[:digits])
	m.rest = strings.TrimSpace(body[digits+2:])
	return m, m.rest != ""
}

// list reads the list that begins at line i and returns the line after it. An item indented by two columns or more than its
// list belongs to the item before it; deeper than maxDepth it stays in the list it is in. A line without a mark that is indented
// like that goes on with the text of the item above it.
func (p *parser) list(text string, lines []span, i, depth int) (block, int) {
	first, _ := bullet(text[lines[i].from:lines[i].to])
	l := block{kind: list, ordered: first.ordered, start: int32(first.number)}
	for i < len(lines) {
		line := text[lines[i].from:lines[i].to]
		p.steps += len(line) + 1
		m, ok := bullet(line)
		switch {
		case !ok, m.indent+1 < first.indent:
			return l, i
		case m.indent >= first.indent+2 && depth < maxDepth && len(l.children) > 0:
			var inner block
			inner, i = p.list(text, lines, i, depth+1)
			last := &l.children[len(l.children)-1]
			last.children = append(last.children, inner)
			continue
		case m.ordered != first.ordered:
			return l, i
		}
		rest := []string{m.rest}
		it := block{kind: item}
		if p.places {
			it.at = []span{endOf(text, lines[i], m.rest)}
			it.marks = []span{{lines[i].from, it.at[0].from}}
		}
		for i++; i < len(lines); i++ {
			more := text[lines[i].from:lines[i].to]
			p.steps += len(more) + 1
			indent, size := columns(more)
			_, isItem := bullet(more)
			_, isCode := fence(more)
			if size == len(more) || indent < m.indent+2 || isItem || isCode {
				break
			}
			rest = append(rest, strings.TrimSpace(more))
			if p.places {
				it.at = append(it.at, endOf(text, lines[i], rest[len(rest)-1]))
			}
		}
		it.inline = p.inline(strings.Join(rest, "\n"))
		l.children = append(l.children, it)
	}
	return l, i
}

// noteLink recognises [text](address) at the start of s, where address is one this package would link by itself.
func (p *parser) noteLink(s string) (text string, l link, length int, ok bool) {
	end := 1
	for ; end < len(s) && s[end] != ']'; end++ {
		if s[end] == '\\' && end+1 < len(s) {
			end++
		}
		if s[end] == '[' || s[end] == '\n' {
			break
		}
	}
	p.steps += min(end, len(s))
	if end >= len(s) || s[end] != ']' || end == 1 || !strings.HasPrefix(s[end+1:], "(") {
		return "", link{}, 0, false
	}
	text, address := s[1:end], s[end+2:]
	colon := strings.IndexByte(address[:min(len(address), len("mailto:"))], ':')
	if colon < 0 || schemeBefore(address[:colon]) != 0 || !shows(text) {
		return "", link{}, 0, false
	}
	depth, to := 1, 0
	for to < len(address) && to <= maxLink && !stops[address[to]] {
		if address[to] == '(' {
			depth++
		} else if address[to] == ')' {
			depth--
		}
		if depth == 0 {
			break
		}
		to++
	}
	p.steps += to
	if depth != 0 {
		return "", link{}, 0, false
	}
	l, n, ok := p.linkAt(address[:to], colon)
	if !ok || n != to {
		return "", link{}, 0, false
	}
	return text, l, end + 2 + to + 1, true
}

// shows reports whether a text has anything to be seen.
func shows(s string) bool {
	for _, r := range s {
		if !unseen(r) {
			return true
		}
	}
	return false
}

// linkText takes the text of a [text](address) link apart, in which there are no further links.
func (p *parser) linkText(s string) []token {
	outer := p.tokens
	p.tokens, p.inLink = nil, true
	inside := p.inline(s)
	p.tokens, p.inLink = outer, false
	return inside
}
