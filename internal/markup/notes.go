package markup

import (
	"strconv"
	"strings"
)

// headingLine recognises one to six # and a space.
func headingLine(line string) (level int, rest string, ok bool) {
	level = len(line) - len(strings.TrimLeft(line, "#"))
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

// bullet recognises "- text", "* text" and "1. text" after any leading space.
func bullet(line string) (m marker, ok bool) {
	body := strings.TrimLeft(line, " \t")
	for _, r := range line[:len(line)-len(body)] {
		m.indent++
		if r == '\t' {
			m.indent += 3
		}
	}
	if strings.HasPrefix(body, "- ") || strings.HasPrefix(body, "* ") {
		m.rest = strings.TrimSpace(body[2:])
		return m, m.rest != ""
	}
	digits := len(body) - len(strings.TrimLeft(body, "0123456789"))
	if digits == 0 || digits > 9 || !strings.HasPrefix(body[digits:], ". ") {
		return m, false
	}
	m.ordered = true
	m.number, _ = strconv.Atoi(body[:digits])
	m.rest = strings.TrimSpace(body[digits+2:])
	return m, m.rest != ""
}

// list reads the list that begins at line i and returns the line after it. An item indented by two columns or more than its
// list belongs to the item before it; deeper than maxDepth it stays in the list it is in.
func (p *blockParser) list(lines []string, i, depth int) (block, int) {
	first, _ := bullet(lines[i])
	l := block{kind: list, ordered: first.ordered, start: first.number}
	for i < len(lines) {
		m, ok := bullet(lines[i])
		switch {
		case !ok, m.indent+1 < first.indent:
			return l, i
		case m.indent >= first.indent+2 && depth < maxDepth && len(l.children) > 0:
			var inner block
			inner, i = p.list(lines, i, depth+1)
			last := &l.children[len(l.children)-1]
			last.children = append(last.children, inner)
			continue
		case m.ordered != first.ordered:
			return l, i
		}
		text := block{kind: paragraph, inline: p.inline(m.rest)}
		l.children = append(l.children, block{kind: item, children: []block{text}})
		i++
	}
	return l, i
}

// noteLink recognises [text](address) at the start of s, where address is one this package would link by itself.
func noteLink(s string) (text string, l link, length int, ok bool) {
	end := strings.IndexAny(s[1:], "[]\n")
	if end <= 0 || s[1+end] != ']' || !strings.HasPrefix(s[1+end+1:], "(") {
		return "", link{}, 0, false
	}
	text = s[1 : 1+end]
	from := 1 + end + 2
	depth, to := 1, from
	for ; to < len(s) && to-from <= maxLink; to++ {
		switch s[to] {
		case '(':
			depth++
		case ')':
			depth--
		case '\n', ' ':
			return "", link{}, 0, false
		}
		if depth == 0 {
			break
		}
	}
	if depth != 0 || strings.TrimSpace(text) == "" {
		return "", link{}, 0, false
	}
	l, n, ok := linkAt(s[from:to])
	if !ok || n != to-from {
		return "", link{}, 0, false
	}
	return text, l, to + 1, true
}
