package markup

import (
	"unicode"
	"unicode/utf8"
)

// run is a run of one of the characters * _ ~ that can open or close emphasis. The pairing is that of CommonMark 0.31,
// section 6.2, with three changes the rows ask for: a lone * between letters or digits stays (2*3*4), so does ** between digits, and
// an underscore that touches a dotted or bracketed name stays (__init__.py, self.__dict__).
type run struct {
	char          byte
	left          int // characters not yet paired
	length        int
	opens, closes bool

	closed []tag // elements that end here, innermost first
	opened []tag // elements that begin here, innermost first
}

// tag is an element emphasis can make.
type tag string

const (
	strong tag = "strong"
	em     tag = "em"
	del    tag = "del"
)

// newRun looks at what stands round s[i:i+n] and reports false where the run can neither open nor close.
func newRun(s string, i, n int) (run, bool) {
	c := s[i]
	if c == '~' && n != 2 {
		return run{}, false
	}
	before, after := lastRune(s[:i]), firstRune(s[i+n:])
	left := !unicode.IsSpace(after) && (!isPunct(after) || unicode.IsSpace(before) || isPunct(before) || isCJK(before))
	right := !unicode.IsSpace(before) && (!isPunct(before) || unicode.IsSpace(after) || isPunct(after) || isCJK(after))
	r := run{char: c, left: n, length: n, opens: left, closes: right}
	switch inWord := isWord(before) && isWord(after) && !isCJK(before) && !isCJK(after); {
	case c == '_':
		r.opens = left && (!right || isPunct(before)) && !nameEndsIn(s[:i])
		r.closes = right && (!left || isPunct(after)) && !nameBeginsWith(s[i+n:])
	case c == '*' && n == 1 && inWord,
		c == '*' && unicode.IsDigit(before) && unicode.IsDigit(after):
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
	return isPunct(r)
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
func pair(tokens []token) {
	var open []*run
	for i := range tokens {
		if tokens[i].kind != tokRun {
			continue
		}
		closer := &tokens[i].run
		for closer.closes && closer.left > 0 {
			at := -1
			for j := len(open) - 1; j >= 0; j-- {
				if fits(open[j], closer) {
					at = j
					break
				}
			}
			if at < 0 {
				break
			}
			opener := open[at]
			used, t := 1, em
			if opener.left >= 2 && closer.left >= 2 {
				used, t = 2, strong
			}
			if closer.char == '~' {
				t = del
			}
			opener.left -= used
			closer.left -= used
			opener.opened = append(opener.opened, t)
			closer.closed = append(closer.closed, t)
			open = open[:at+1]
			if opener.left == 0 {
				open = open[:at]
			}
		}
		if closer.opens && closer.left > 0 {
			if len(open) == maxOpen {
				open = append(open[:0], open[1:]...)
			}
			open = append(open, closer)
		}
	}
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
