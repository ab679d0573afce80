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
	masked   int  // of its digits so many are drawn, in circles or boxes or raised: nobody counts with these
}

// scan is one text on its way through the finders.
type scan struct {
	text  string
	toks  []token
	words []int  // tokens that are words or numbers
	stops []bool // by word: a sentence or a line ends before it
	nth   []int  // by token: how many words come before it
	link  []bool // by token: it is part of a web address
	han   bool   // some of it is written in Chinese characters
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
		han           bool
		masked        int
	}
	list := make([]piece, 0, len(text)/3+1) // a word and a space are some six bytes
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		s.steps++
		at := i
		i += n
		f, is := fold(r)
		if f == 0 { // no width: part of what it stands in
			if k := len(list) - 1; r == 0x20e3 && k >= 0 { // the box round a digit
				list[k].masked++
			}
			continue
		}
		a := b.Len()
		b.WriteRune(f)
		up, han, masked := unicode.IsUpper(r), is == word && r >= 0x2e80 && unicode.Is(unicode.Han, r), 0
		if is == number && drawn(r) {
			masked = 1
		}
		if k := len(list) - 1; k >= 0 && list[k].is == is && is != sign && is != line && list[k].han == han {
			p := &list[k]
			p.z, p.to, p.capAll = b.Len(), i, p.capAll && up
			p.n++
			p.masked += masked
			continue
		}
		list = append(list, piece{is, a, b.Len(), at, i, 1, up, up, han, masked})
		s.han = s.han || han
	}
	folded := b.String()
	s.toks = make([]token, 0, len(list))
	for _, p := range list {
		s.toks = append(s.toks, token{p.is, folded[p.a:p.z], p.from, p.to, p.first, p.capAll && p.n > 1, p.masked})
	}
	s.spelled()
	s.link = make([]bool, len(s.toks))
	s.nth = make([]int, len(s.toks)+1)
	s.words, s.stops = make([]int, 0, len(s.toks)/2+1), make([]bool, 0, len(s.toks)/2+1)
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

// spelled joins letters that stand apart from each other, three or more, and the two words of an application: g m a i l, whats app.
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
		if t.is == word && twoWords[t.s] && i+2 < len(s.toks) && s.toks[i+1].is == space && s.toks[i+2].s == "app" {
			t.s, t.to = "whatsapp", s.toks[i+2].to
			i += 2
		}
		out = append(out, t)
	}
	s.toks = out
}

// twoWords are the first halves of an application that some write in two.
var twoWords = words("whats wats watts")

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
