package contact

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// sort of a token.
type sort byte

const (
	end    sort = iota // before the first and after the last
	word               // letters
	number             // digits
	space              // spaces of one line
	line               // a line's end
	sign               // any one other character
)

// token is a piece of the text as the finders read it: in lower case, without accents, digits of every script as 0 to 9, and nothing of what
// has no width.
type token struct {
	is       sort
	s        string
	from, to int  // in the text
	capital  bool // it begins with a capital letter
	upper    bool // it has two letters or more and all of them are capitals
}

// scan is one text on its way through the finders.
type scan struct {
	text  string
	toks  []token
	words []int  // tokens that are words or numbers
	stops []bool // by word: a sentence or a line ends before it
	nth   []int  // by token: how many words come before it
	link  []bool // by token: it is part of a web address
	found []Span
	steps int
}

// newScan cuts a text into tokens.
func newScan(text string) *scan {
	s := &scan{text: text}
	var b strings.Builder
	b.Grow(len(text))
	type piece struct {
		is            sort
		a, z          int // in b
		from, to, n   int
		first, capAll bool
	}
	var list []piece
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		s.steps++
		at := i
		i += n
		f, is := fold(r)
		if f == 0 {
			if len(list) > 0 && is == end { // no width: part of what it stands in
				continue
			}
			continue
		}
		a := b.Len()
		b.WriteRune(f)
		up := unicode.IsUpper(r)
		if k := len(list) - 1; k >= 0 && list[k].is == is && is != sign && is != line {
			p := &list[k]
			p.z, p.to, p.capAll = b.Len(), i, p.capAll && up
			p.n++
			continue
		}
		list = append(list, piece{is, a, b.Len(), at, i, 1, up, up})
	}
	folded := b.String()
	s.toks = make([]token, 0, len(list))
	for _, p := range list {
		s.toks = append(s.toks, token{p.is, folded[p.a:p.z], p.from, p.to, p.first, p.capAll && p.n > 1})
	}
	s.spelled()
	s.link = make([]bool, len(s.toks))
	s.nth = make([]int, len(s.toks)+1)
	stop := true
	for i, t := range s.toks {
		s.nth[i] = len(s.words)
		switch t.is {
		case word, number:
			s.words, s.stops = append(s.words, i), append(s.stops, stop)
			stop = false
		case line:
			stop = true
		case sign:
			if strings.Contains(".!?;…", t.s) {
				stop = stop || s.at(i+1).is != word && s.at(i+1).is != number
			}
		}
	}
	s.nth[len(s.toks)] = len(s.words)
	return s
}

// spelled joins letters that stand apart from each other, three or more: g m a i l.
func (s *scan) spelled() {
	out := s.toks[:0]
	for i := 0; i < len(s.toks); i++ {
		t := s.toks[i]
		if t.is == word && utf8.RuneCountInString(t.s) == 1 {
			j := i
			for j+2 < len(s.toks) && s.toks[j+1].is == space && len(s.toks[j+1].s) == 1 && s.toks[j+2].is == word && utf8.RuneCountInString(s.toks[j+2].s) == 1 {
				j += 2
			}
			if j >= i+4 {
				var b strings.Builder
				for k := i; k <= j; k += 2 {
					b.WriteString(s.toks[k].s)
				}
				t.s, t.to = b.String(), s.toks[j].to
				i = j
			}
		}
		out = append(out, t)
	}
	s.toks = out
}

// at is a token; outside of the text one that is nothing.
func (s *scan) at(i int) token {
	s.steps++
	if i < 0 || i >= len(s.toks) {
		return token{}
	}
	return s.toks[i]
}

// is reports whether a token is a certain sign.
func (s *scan) is(i int, signs string) bool {
	t := s.at(i)
	return t.is == sign && strings.Contains(signs, t.s)
}

// w is the k-th word or number; empty outside of the text.
func (s *scan) w(k int) string {
	s.steps++
	if k < 0 || k >= len(s.words) {
		return ""
	}
	return s.toks[s.words[k]].s
}

// stopped reports whether a sentence or line ends before the k-th word, or the text with the one before.
func (s *scan) stopped(k int) bool { return k < 0 || k >= len(s.stops) || s.stops[k] }

// near reports whether one of the n words before the k-th, in the same sentence, is in a set.
func (s *scan) near(k, n int, set map[string]bool) bool {
	for ; n > 0 && k > 0 && !s.stopped(k); n-- {
		k--
		if set[s.w(k)] {
			return true
		}
	}
	return false
}

// ahead reports whether one of the n words from the k-th on, in the same sentence, is in a set.
func (s *scan) ahead(k, n int, set map[string]bool) bool {
	for ; n > 0 && !s.stopped(k); n-- {
		if set[s.w(k)] {
			return true
		}
		k++
	}
	return false
}

// hit notes what was found from one token up to and with another.
func (s *scan) hit(k Kind, a, z int) {
	a, z = max(a, 0), min(z, len(s.toks)-1)
	if a <= z {
		s.found = append(s.found, Span{s.toks[a].from, s.toks[z].to, k})
	}
}

// hitWords is hit from the j-th up to and with the k-th word.
func (s *scan) hitWords(k Kind, j, z int) {
	j, z = max(j, 0), min(z, len(s.words)-1)
	if j <= z {
		s.hit(k, s.words[j], s.words[z])
	}
}

// words makes a set.
func words(list string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		out[w] = true
	}
	return out
}

var latin = map[rune]rune{}

func init() {
	for base, list := range map[rune]string{'a': "àáâãäåāă", 'c': "çćč", 'e': "èéêëēė", 'i': "ìíîïī", 'n': "ñń", 'o': "òóôõöøō", 's': "śš", 'u': "ùúûüū", 'y': "ýÿ", 'z': "źżž"} {
		for _, r := range list {
			latin[r] = base
		}
	}
}

// fold is a character as the finders read it, 0 for one without width, and its sort.
func fold(r rune) (rune, sort) {
	switch {
	case r < 0x80:
	case r >= 0xff01 && r <= 0xff5e: // full width
		r -= 0xfee0
	case r >= 0x2460 && r <= 0x2468: // in circles
		r = r - 0x2460 + '1'
	case r == 0x24ea:
		r = '0'
	case r >= 0x1d400 && r < 0x1d6a4: // mathematical letters
		if k := (r - 0x1d400) % 52; k < 26 {
			r = 'a' + k
		} else {
			r = 'a' + k - 26
		}
	case r >= 0x2010 && r <= 0x2015, r == 0x2212, r == 0xfe58, r == 0xfe63:
		r = '-'
	case r == 0x3002, r == 0x2024, r == 0xff61:
		r = '.'
	case r == 0xfe6b:
		r = '@'
	case r == 0x2028 || r == 0x2029:
		r = '\n'
	case r == 0xad, r == 0x20e3, r == 0x34f, r == 0x115f, r == 0x3164, r >= 0xfe00 && r <= 0xfe0f, unicode.Is(unicode.Cf, r):
		return 0, end
	case unicode.Is(unicode.Mn, r): // accents apart from their letters
		return 0, end
	}
	switch {
	case r >= '0' && r <= '9':
		return r, number
	case r >= 'a' && r <= 'z':
		return r, word
	case r >= 'A' && r <= 'Z':
		return r + 'a' - 'A', word
	case r == '\n' || r == '\r' || r == '\v' || r == '\f' || r == 0x85:
		return '\n', line
	case r == '\t':
		return '\t', sign // columns are not words of a sentence
	case r == ' ', unicode.Is(unicode.Zs, r):
		return ' ', space
	case r < 0x20:
		return 0, end
	}
	if d, ok := digit(r); ok {
		return d, number
	}
	if unicode.IsLetter(r) {
		r = unicode.ToLower(r)
		if base, ok := latin[r]; ok {
			r = base
		}
		return r, word
	}
	return r, sign
}

// digit is a decimal digit of any script as 0 to 9: Unicode keeps them in runs of ten.
func digit(r rune) (rune, bool) {
	if r < 0x660 || !unicode.Is(unicode.Nd, r) {
		return 0, false
	}
	for _, x := range unicode.Nd.R16 {
		if rune(x.Lo) <= r && r <= rune(x.Hi) {
			return '0' + (r-rune(x.Lo))%10, true
		}
	}
	for _, x := range unicode.Nd.R32 {
		if rune(x.Lo) <= r && r <= rune(x.Hi) {
			return '0' + (r-rune(x.Lo))%10, true
		}
	}
	return 0, false
}
