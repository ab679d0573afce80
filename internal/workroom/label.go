package workroom

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// OneLine is a text as people write it into a field of one line: without white space around it, and each run of it within, be it two spaces or
// a line break that was pasted, made one space. What nobody sees stays, for checkLabel to refuse.
func OneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// checkLabel refuses a title, code or memo that is too long, or that SafeLabel would change. what is how the sentence calls it.
func checkLabel(field, what, s string, limit int) *Refusal {
	if n := utf8.RuneCountInString(s); n > limit {
		return Bad(field, "The %s has %d characters; the limit is %d.", what, n, limit)
	}
	if s != SafeLabel(s, limit) {
		return Bad(field, "The %s has a line break or a hidden character.", what)
	}
	return nil
}

// Skeleton is a label as the eye takes it: two labels of one skeleton cannot be told apart by who reads them. Letters are folded as Unicode's
// NFKC_Casefold does (ß is ss, ﬁ is fi, a letter and its accent are one), what has no width is dropped, and what is blank is one space. Labels
// that differ in nothing but case have one skeleton always. Letters of two scripts that look alike keep theirs.
func Skeleton(s string) string {
	s = cases.Fold().String(norm.NFKC.String(strings.ToLower(s)))
	return OneLine(norm.NFKC.String(strings.Map(func(r rune) rune {
		switch {
		case r == '\u2800': // the Braille sign without a dot
			return ' '
		case unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r):
			return -1
		}
		return r
	}, s)))
}
