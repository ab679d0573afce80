package markup

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// tokenKind says what a piece of a line is.
type tokenKind int

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
	kind    tokenKind
	text    string // what is shown, before escaping
	link    link
	account string
	run     run
}

// inline takes a paragraph apart. Code comes first, then addresses, mentions and emoji, which nothing formats from inside;
// what is left of *, _ and ~ is paired at the end.
func (p *blockParser) inline(s string) []token {
	var out []token
	var lit strings.Builder
	flush := func() {
		if lit.Len() > 0 {
			out = append(out, token{kind: tokText, text: lit.String()})
			lit.Reset()
		}
	}
	add := func(t token) { flush(); out = append(out, t) }
	ticks := tickRuns{s: s}
	for i := 0; i < len(s); {
		c := s[i]
		switch c {
		case '\\':
			if i+1 < len(s) && isASCIIPunct(s[i+1]) {
				lit.WriteByte(s[i+1])
				i += 2
				continue
			}
		case '`':
			n := runLength(s[i:], '`')
			if end, ok := ticks.closing(i+n, n); ok {
				add(token{kind: tokCode, text: codeSpan(s[i+n : end])})
				i = end + n
			} else {
				lit.WriteString(s[i : i+n])
				i += n
			}
			continue
		case '*', '_', '~':
			n := runLength(s[i:], c)
			if r, ok := newRun(s, i, n); ok {
				add(token{kind: tokRun, run: r})
			} else {
				lit.WriteString(s[i : i+n])
			}
			i += n
			continue
		case '<':
			if id, n, ok := mentionAt(s[i:]); ok && p.o.Name != nil {
				if name, known := p.o.Name(id); known {
					add(token{kind: tokMention, text: "@" + name, account: id})
					i += n
					continue
				}
			}
		case ':':
			if e, n, ok := shortcodeAt(s, i); ok {
				add(token{kind: tokEmoji, text: e})
				i += n
				continue
			}
		case 'h', 'H', 'm', 'M':
			if before := lastRune(s[:i]); !isWord(before) || isCJK(before) {
				if l, n, ok := linkAt(s[i:]); ok {
					add(token{kind: tokLink, text: l.shown, link: l})
					i += n
					continue
				}
			}
		case '[':
			if p.o.Notes {
				if text, l, n, ok := noteLink(s[i:]); ok {
					add(token{kind: tokLink, text: text, link: l})
					i += n
					continue
				}
			}
		}
		_, size := utf8.DecodeRuneInString(s[i:])
		lit.WriteString(s[i : i+size])
		i += size
	}
	flush()
	pair(out)
	return out
}

// tickRuns finds closing runs of ticks and remembers which lengths have none left, so that a text of nothing but ticks is
// still read in linear time.
type tickRuns struct {
	s    string
	last map[int]int // length → start of the last run of that length; nil until asked
}

func (t *tickRuns) closing(from, n int) (start int, ok bool) {
	if t.last == nil {
		t.last = map[int]int{}
		for i := 0; i < len(t.s); i++ {
			if t.s[i] == '`' {
				k := runLength(t.s[i:], '`')
				t.last[k] = i
				i += k
			}
		}
	}
	if last, any := t.last[n]; !any || last < from {
		return 0, false
	}
	for i := from; i < len(t.s); i++ {
		if t.s[i] == '`' {
			k := runLength(t.s[i:], '`')
			if k == n {
				return i, true
			}
			i += k
		}
	}
	return 0, false
}

// codeSpan is what stands between ticks, on one line; one space on each side, there to part ticks from ticks, is dropped.
func codeSpan(s string) string {
	s = strings.ReplaceAll(s, "\n", " ")
	if len(s) > 2 && s[0] == ' ' && s[len(s)-1] == ' ' && strings.TrimSpace(s) != "" {
		s = s[1 : len(s)-1]
	}
	return s
}

// mentionAt recognises <@ACCOUNT>, the stored form of a mention, at the start of s.
func mentionAt(s string) (account string, length int, ok bool) {
	if !strings.HasPrefix(s, "<@") {
		return "", 0, false
	}
	for i := 2; i < len(s) && i <= 66; i++ {
		switch c := s[i]; {
		case c == '>':
			return s[2:i], i + 1, i > 2
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_':
		default:
			return "", 0, false
		}
	}
	return "", 0, false
}

func runLength(s string, c byte) int {
	n := 0
	for n < len(s) && s[n] == c {
		n++
	}
	return n
}

func isASCIIPunct(c byte) bool {
	return c >= '!' && c <= '/' || c >= ':' && c <= '@' || c >= '[' && c <= '`' || c >= '{' && c <= '~'
}

// lastRune and firstRune give a space at the edge of the text, as the rules for emphasis want it.
func lastRune(s string) rune {
	if s == "" {
		return ' '
	}
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

func firstRune(s string) rune {
	if s == "" {
		return ' '
	}
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

func isPunct(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) }

// isCJK reports letters of scripts written without spaces between words, where "inside a word" means nothing.
func isCJK(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}
