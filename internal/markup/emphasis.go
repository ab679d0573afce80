package markup

import (
	"unicode"
	"unicode/utf8"
)

// run is a run of one of the characters * _ ~ that can open or close emphasis. The pairing is that of CommonMark 0.31,
// section 6.2, with three changes the rows ask for: a lone * between letters or digits stays (2*3*4), so does ** before a digit (2**3, x**2), and an
// underscore that touches a dotted or bracketed name stays (__init__.py, self.__dict__).
type run struct {
	char          byte
	opens, closes bool
	left, length  int32 // characters not yet paired, and all

	closed, opened tags // elements that end here, and those that begin, innermost first
}

// tags are some elements; without a pointer, so that thousands of runs cost the collector nothing.
type tags struct {
	n    uint8
	list [maxTags]tag
}

// maxTags is how many elements one run may begin or end; the rest of a longer row of stars stays text.
const maxTags = 4

func (t *tags) add(x tag) {
	t.list[t.n] = x
	t.n++
}

func (t *tags) full() bool { return t.n == maxTags }

// tag is an element emphasis can make.
type tag uint8

const (
	strong tag = iota
	em
	del
)

func (t tag) String() string { return [...]string{"strong", "em", "del"}[t] }

// newRun looks at what stands round s[i:i+n] and reports false where the run can neither open nor close.
func newRun(s string, i, n int) (run, bool) {
	c := s[i]
	if c == '~' && n != 2 {
		return run{}, false
	}
	before, after := lastRune(s[:i]), firstRune(s[i+n:])
	if after == 0xfe0f || after == 0x20e3 { // the star of a key cap
		return run{}, false
	}
	b, a := classOf(before), classOf(after)
	left := a != space && (a != punct || b == space || b == punct || isCJK(before))
	right := b != space && (b != punct || a == space || a == punct || isCJK(after))
	r := run{char: c, left: int32(n), length: int32(n), opens: left, closes: right}
	switch {
	case c == '_':
		r.opens = left && (!right || b == punct) && !nameEndsIn(s[:i])
		r.closes = right && (!left || a == punct) && !nameBeginsWith(s[i+n:])
	case c == '*' && n == 1 && b == word && a == word && !isCJK(before) && !isCJK(after),
		c == '*' && b == word && !isCJK(before) && unicode.IsDigit(after):
		return run{}, false
	}
	return r, r.opens || r.closes
}

// joins reports punctuation that ties two parts of a name together, as in a.b, a(b, a/b.
func joins(r rune) bool {
	switch r {
	case '*', '_', '~', '\'', '’', ',', ';', '!', '?', '…':
		return false
	}
	return classOf(r) == punct
}

func nameBeginsWith(s string) bool {
	r, size := utf8.DecodeRuneInString(s)
	return size > 0 && joins(r) && isWord(firstRune(s[size:]))
}

func nameEndsIn(s string) bool {
	r, size := utf8.DecodeLastRuneInString(s)
	return size > 0 && joins(r) && isWord(lastRune(s[:len(s)-size]))
}

// maxOpen bounds how many openers wait at a time, and with that how deep elements nest; the oldest are given up and stay text.
const maxOpen = 48

// pair matches closing runs with the nearest fitting opener and writes the elements into both.
func (p *parser) pair(tokens []token) {
	open := p.open[:0]
	for i := range tokens {
		if tokens[i].kind != tokRun {
			continue
		}
		at := tokens[i].run
		closer := &p.runs[at]
		for closer.closes && closer.left > 0 && !closer.closed.full() {
			j := len(open) - 1
			for j >= 0 && !fits(&p.runs[open[j]], closer) {
				j--
			}
			p.steps += len(open) - j
			if j < 0 {
				break
			}
			opener := &p.runs[open[j]]
			used, t := int32(1), em
			if opener.left >= 2 && closer.left >= 2 {
				used, t = 2, strong
			}
			if closer.char == '~' {
				t = del
			}
			opener.left -= used
			closer.left -= used
			opener.opened.add(t)
			closer.closed.add(t)
			open = open[:j+1]
			if opener.left == 0 || opener.opened.full() {
				open = open[:j]
			}
		}
		if closer.opens && closer.left > 0 {
			if len(open) == maxOpen {
				open = append(open[:0], open[1:]...)
				p.steps += maxOpen
			}
			open = append(open, at)
		}
	}
	p.open = open
}

// fits is CommonMark's rule for which runs belong together, with its rule of three.
func fits(opener, closer *run) bool {
	if opener.char != closer.char {
		return false
	}
	if opener.char != '~' && (opener.closes || closer.opens) && (opener.length+closer.length)%3 == 0 {
		return opener.length%3 == 0 && closer.length%3 == 0
	}
	return true
}
