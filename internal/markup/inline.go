package markup

import "strings"

// tokenKind says what a piece of a line is.
type tokenKind uint8

const (
	tokText tokenKind = iota
	tokCode
	tokLink
	tokMention
	tokEmoji
	tokRun // a run of *, _ or ~ that may open or close
)

// token is one piece of a paragraph.
type token struct {
	kind tokenKind
	run  int32 // tokRun: its place in parser.runs
	from int32 // where it stands in the paragraph, in bytes; see Spans
	to   int32
	text string // what is shown, before escaping
	more *more  // tokLink, tokMention
}

// more is what only some tokens have.
type more struct {
	link    link
	inside  []token // a link's text where a person wrote one ([text](address)); nil when the link shows itself
	account string  // whom a mention means
}

// starts marks the bytes at which something other than text may begin; an address is found at its colon.
var starts = func() (table [256]bool) {
	for _, c := range "\\`*_~<:[" {
		table[c] = true
	}
	return table
}()

// inline takes a paragraph apart. Code comes first, then addresses, mentions and emoji, which nothing formats from inside;
// what is left of *, _ and ~ is paired at the end.
func (p *parser) inline(s string) []token {
	first := len(p.tokens)
	p.steps += len(s)
	lit := 0 // where the text begins that is not yet a token
	upTo := func(i int) {
		if lit < i {
			p.tokens = append(p.tokens, token{text: s[lit:i], from: int32(lit), to: int32(i)})
		}
	}
	ticks := tickRuns{p: p, s: s}
	for i := 0; i < len(s); {
		c := s[i]
		if !starts[c] {
			i++
			continue
		}
		next := 0 // where a token that begins at i ends
		var t token
		switch c {
		case '\\':
			if strings.HasPrefix(s[i:], shrug) {
				i += len(shrug)
				continue
			}
			n := runLength(s[i:], '\\')
			if !p.escapable(s, i+n) {
				i += n
				continue
			}
			upTo(i)
			lit = i + n - n/2 // two make one; an odd one is gone
			i += n + n%2      // and what it stood before is text
			continue
		case '`':
			n := runLength(s[i:], '`')
			end, ok := ticks.closing(i+n, n)
			if !ok {
				i += n
				continue
			}
			t, next = token{kind: tokCode, text: codeSpan(s[i+n : end])}, end+n
		case '*', '_', '~':
			n := runLength(s[i:], c)
			r, ok := newRun(s, i, n)
			if !ok {
				i += n
				continue
			}
			p.runs = append(p.runs, r)
			t, next = token{kind: tokRun, run: int32(len(p.runs) - 1)}, i+n
		case '<':
			if id, n, ok := p.mentionAt(s[i:]); ok {
				if name, known := p.o.Name(id); known {
					t, next = token{kind: tokMention, text: "@" + nameOf(name), more: &more{account: id}}, i+n
				}
			}
		case ':':
			if from := schemeBefore(s[lit:i]); from >= 0 && !p.inLink {
				from += lit
				if before := lastRune(s[:from]); !inWord(before) {
					l, n, ok := p.linkAt(s[from:], i-from)
					if ok {
						upTo(from)
						p.tokens = append(p.tokens, token{kind: tokLink, text: l.shown, more: &more{link: l}, from: int32(from), to: int32(from + n)})
						i, lit = from+n, from+n
						continue
					}
					if from+n > i { // an address that cannot be one is text as a whole
						i = from + n
						continue
					}
				}
			}
			if e, n, ok := p.shortcodeAt(s, i, lit); ok {
				t, next = token{kind: tokEmoji, text: e}, i+n
			}
		case '[':
			if p.o.Notes && !p.inLink {
				if text, l, n, ok := p.noteLink(s[i:]); ok {
					t, next = token{kind: tokLink, text: text, more: &more{link: l, inside: p.linkText(text)}}, i+n
				}
			}
		}
		if next == 0 {
			i++
			continue
		}
		upTo(i)
		t.from, t.to = int32(i), int32(next)
		p.tokens = append(p.tokens, t)
		i, lit = next, next
	}
	upTo(len(s))
	tokens := p.tokens[first:len(p.tokens):len(p.tokens)]
	p.pair(tokens)
	return tokens
}

// shrug is the one text with a backslash before a mark that nobody means as an escape.
const shrug = `\_(ツ)_/`

// escapable reports whether a backslash before s[i] has something to take the meaning from. Others stay, so that a Windows path
// or a regular expression reads as it was typed.
func (p *parser) escapable(s string, i int) bool {
	if i == len(s) {
		return false
	}
	switch s[i] {
	case '*', '_', '~', '`':
		return true
	case '<':
		_, _, ok := p.mentionAt(s[i:])
		return ok
	case ':':
		_, _, ok := p.shortcodeAt(s, i, i)
		return ok
	case '>':
		return atLineStart(s[:i])
	case '[', ']':
		return p.o.Notes && s[i] == '[' || p.inLink
	case '#', '-':
		return p.o.Notes && atLineStart(s[:i])
	case '.':
		return p.o.Notes && atLineStart(strings.TrimRight(strings.TrimRight(s[:i], `\`), "0123456789"))
	}
	return false
}

// atLineStart reports whether nothing but space and backslashes stands before the end of s in its line.
func atLineStart(s string) bool {
	s = strings.TrimRight(s, `\`)
	s = strings.TrimRight(s, " \t")
	return s == "" || s[len(s)-1] == '\n'
}

// tickRuns finds closing runs of ticks and remembers which lengths have none left, so that a text of nothing but ticks is
// still read in linear time.
type tickRuns struct {
	p    *parser
	s    string
	last map[int]int // length → start of the last run of that length; nil until asked
}

func (t *tickRuns) closing(from, n int) (start int, ok bool) {
	if t.last == nil {
		t.last = map[int]int{}
		for i := from; i < len(t.s); {
			j := strings.IndexByte(t.s[i:], '`')
			if j < 0 {
				break
			}
			i += j
			k := runLength(t.s[i:], '`')
			t.last[k] = i
			i += k
		}
		t.p.steps += len(t.s)
	}
	if last, any := t.last[n]; !any || last < from {
		return 0, false
	}
	for i := from; ; {
		i += strings.IndexByte(t.s[i:], '`')
		k := runLength(t.s[i:], '`')
		if k == n {
			t.p.steps += i - from
			return i, true
		}
		i += k
	}
}

// codeSpan is what stands between ticks, on one line; one space on each side, there to part ticks from ticks, is dropped.
func codeSpan(s string) string {
	s = strings.ReplaceAll(s, "\n", " ")
	if len(s) > 2 && s[0] == ' ' && s[len(s)-1] == ' ' && strings.TrimSpace(s) != "" {
		s = s[1 : len(s)-1]
	}
	return s
}

// mentionAt recognises <@ACCOUNT>, the stored form of a mention, at the start of s. The account may still be unknown.
func (p *parser) mentionAt(s string) (account string, length int, ok bool) {
	if p.o.Name == nil || p.inLink || !strings.HasPrefix(s, "<@") {
		return "", 0, false
	}
	for i := 2; i < len(s) && i <= 66; i++ {
		switch c := s[i]; {
		case c == '>':
			p.steps += i
			return s[2:i], i + 1, i > 2
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_':
		default:
			p.steps += i
			return "", 0, false
		}
	}
	return "", 0, false
}

// nameOf is a name as it may stand in a line of text.
func nameOf(name string) string {
	return strings.ReplaceAll(Clean(name), "\n", " ")
}
