package markup

import (
	"unicode"
	"unicode/utf8"
)

// class is what a character is to the rules for emphasis: space, punctuation (symbols too), part of a word, or none of these.
type class uint8

const (
	other class = iota
	space
	punct
	word
)

var asciiClass = func() (table [utf8.RuneSelf]class) {
	for r := range rune(utf8.RuneSelf) {
		table[r] = unicodeClass(r)
	}
	return table
}()

func classOf(r rune) class {
	if r < utf8.RuneSelf {
		return asciiClass[r]
	}
	return unicodeClass(r)
}

func unicodeClass(r rune) class {
	switch {
	case unicode.IsSpace(r):
		return space
	case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r):
		return word
	case unicode.IsPunct(r), unicode.IsSymbol(r):
		return punct
	}
	return other
}

func isWord(r rune) bool { return classOf(r) == word }

// inWord reports a letter or digit of a script that puts spaces between words.
func inWord(r rune) bool { return classOf(r) == word && !isCJK(r) }

// isCJK reports letters of scripts written without spaces between words, where "inside a word" means nothing.
func isCJK(r rune) bool {
	return r >= 0x0e00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
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

// unseen reports characters that show nothing: they join or part letters, fill space, or are spaces.
func unseen(r rune) bool {
	switch r {
	case 0x034f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x2800, 0x3164, 0xffa0:
		return true
	}
	return unicode.IsSpace(r) || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Variation_Selector)
}

func runLength(s string, c byte) int {
	n := 0
	for n < len(s) && s[n] == c {
		n++
	}
	return n
}
