package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// The fold is the one way a text becomes words, for what the index is told as for what is typed (S-01): a word is found by whatever has the
// same fold, and nothing behind this package folds or cuts again. A change of it asks for a migration that fills the index anew.

// word is a word of a text: its fold, and where it stands in the text as it was written.
type word struct {
	fold string
	Span
}

// Words cuts a text into its words as the index holds them: runs of letters and digits with the vowels written as marks, folded as Fold does.
// Where a script leaves no space between words (unspaced) each character is a word of its own, so that a run of them is a phrase.
func Words(s string) []string {
	var out []string
	for _, w := range cut(s) {
		out = append(out, w.fold)
	}
	return out
}

// Pairs are the neighbours among words of one character each (unspaced), as the index holds them beside the words; nil if there are none.
// Where such a run ends and another begins stands apart, which is no pair.
func Pairs(words []string) []string {
	var out []string
	for i, w := range words[:max(len(words)-1, 0)] {
		switch {
		case single(w) && single(words[i+1]):
			out = append(out, w+words[i+1])
		case len(out) > 0 && out[len(out)-1] != apart:
			out = append(out, apart)
		}
	}
	if n := len(out); n > 0 && out[n-1] == apart {
		out = out[:n-1]
	}
	return out
}

// apart is what Pairs puts between runs.
const apart = "0"

// single reports whether a word is one character of a script without spaces.
func single(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return unspaced(r)
}

// Fold takes away what people leave out as they type: case, accents and points, the forms of a letter that Unicode calls compatible, and the
// letters of asLetters. The vowel signs of Indic and Thai scripts, which are marks too, stay, and Hangul stays as syllables.
func Fold(s string) string {
	var b strings.Builder
	eachFolded(s, func(r rune, _ Span, _ bool) {
		if !dropped(r) {
			b.WriteRune(r)
		}
	})
	return norm.NFC.String(b.String())
}

// cut is where the words of a text stand.
func cut(s string) []word {
	var out []word
	var have []byte
	var at, from Span
	alone, wasApart := false, false
	end := func() {
		if len(have) > 0 {
			out = append(out, word{norm.NFC.String(string(have)), at})
		}
		have = have[:0]
	}
	eachFolded(s, func(r rune, in Span, apart bool) {
		if in != from {
			if apart || wasApart {
				end()
			}
			from, wasApart = in, apart
		}
		letter := isLetter(r)
		switch {
		case dropped(r):
			if len(have) > 0 {
				at.End = in.End
			}
			return
		case !letter && (len(have) == 0 || !unicode.Is(unicode.M, r)):
			end()
			return
		case letter && (alone || unspaced(r)):
			end()
		}
		if len(have) == 0 {
			at.Start, alone = in.Start, unspaced(r)
		}
		have, at.End = utf8.AppendRune(have, r), in.End
	})
	end()
	return out
}

// eachFolded hands on the folded characters of a text with where they come from. Apart are those of a sign that reads as letters but is no
// part of the word beside it: a trade mark, a fraction.
func eachFolded(s string, take func(r rune, in Span, apart bool)) {
	var piece []byte
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf && (i+1 == len(s) || s[i+1] < utf8.RuneSelf) {
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			take(rune(c), Span{i, i + 1}, false)
			i++
			continue
		}
		n := norm.NFKD.NextBoundaryInString(s[i:], true)
		if n <= 0 {
			n = len(s) - i
		}
		in := Span{i, i + n}
		piece = norm.NFKD.AppendString(piece[:0], s[i:i+n])
		first, _ := utf8.DecodeRuneInString(s[i:])
		apart := !isLetter(first)
		for rest := piece; !apart && len(rest) > 0; {
			r, size := utf8.DecodeRune(rest)
			apart, rest = !isLetter(r) && !unicode.Is(unicode.M, r), rest[size:]
		}
		if unicode.Is(unicode.M, first) || dropped(first) {
			apart = false
		}
		for rest := piece; len(rest) > 0; {
			r, size := utf8.DecodeRune(rest)
			rest = rest[size:]
			if r == utf8.RuneError {
				r = ' '
			}
			r = unicode.ToLower(r)
			if as, ok := asLetters[r]; ok {
				for _, r := range as {
					take(r, in, apart)
				}
				continue
			}
			take(r, in, apart)
		}
		i += n
	}
}

// asLetters are letters that no form of Unicode takes apart, as people type them who have no such key.
var asLetters = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ħ': "h", 'ŧ': "t", 'ŋ': "n", 'ı': "i", 'ς': "σ",
}

func isLetter(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z'
	}
	return unicode.IsLetter(r) || unicode.Is(unicode.N, r) || unicode.Is(unicode.Co, r) || emoji(r)
}

// emoji reports whether a character is a picture that people write among words, and look for as for one. The tone of a skin and what joins
// several into one say only how it looks.
func emoji(r rune) bool { return r >= 0x231A && unicode.Is(emojiTable, r) && !unicode.Is(unicode.N, r) }

var emojiTable = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x231A, Hi: 0x231B, Stride: 1},
		{Lo: 0x23E9, Hi: 0x23FA, Stride: 1},
		{Lo: 0x2600, Hi: 0x27BF, Stride: 1},
		{Lo: 0x2B05, Hi: 0x2B07, Stride: 1},
		{Lo: 0x2B1B, Hi: 0x2B1C, Stride: 1},
		{Lo: 0x2B50, Hi: 0x2B55, Stride: 5},
	},
	R32: []unicode.Range32{
		{Lo: 0x1F000, Hi: 0x1F0FF, Stride: 1}, // tiles, cards
		{Lo: 0x1F1E6, Hi: 0x1F1FF, Stride: 1}, // flags, of two letters each
		{Lo: 0x1F300, Hi: 0x1F3FA, Stride: 1},
		{Lo: 0x1F400, Hi: 0x1FAFF, Stride: 1},
	},
}

// unspaced reports whether a letter is of a script that is written without spaces between words, or an emoji, which needs none.
func unspaced(r rune) bool {
	return r >= 0x0E00 && (r == 'ー' || unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) || emoji(r))
}

// dropped reports whether the fold leaves a character out: accents, the points of Hebrew and Arabic, and what only says how a letter looks
// or where a line may break.
func dropped(r rune) bool {
	return r >= 0x00AD && unicode.Is(droppedTable, r)
}

var droppedTable = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x00AD, Hi: 0x00AD, Stride: 1}, // soft hyphen
		{Lo: 0x0300, Hi: 0x036F, Stride: 1}, // accents
		{Lo: 0x0591, Hi: 0x05BD, Stride: 1}, // Hebrew points
		{Lo: 0x05BF, Hi: 0x05BF, Stride: 1},
		{Lo: 0x05C1, Hi: 0x05C2, Stride: 1},
		{Lo: 0x05C4, Hi: 0x05C5, Stride: 1},
		{Lo: 0x05C7, Hi: 0x05C7, Stride: 1},
		{Lo: 0x0610, Hi: 0x061A, Stride: 1}, // Arabic points
		{Lo: 0x0640, Hi: 0x0640, Stride: 1}, // its stretched line
		{Lo: 0x064B, Hi: 0x065F, Stride: 1},
		{Lo: 0x0670, Hi: 0x0670, Stride: 1},
		{Lo: 0x06D6, Hi: 0x06DC, Stride: 1},
		{Lo: 0x06DF, Hi: 0x06E4, Stride: 1},
		{Lo: 0x06E7, Hi: 0x06E8, Stride: 1},
		{Lo: 0x06EA, Hi: 0x06ED, Stride: 1},
		{Lo: 0x08D3, Hi: 0x08E1, Stride: 1},
		{Lo: 0x08E3, Hi: 0x08FF, Stride: 1},
		{Lo: 0x180B, Hi: 0x180D, Stride: 1}, // variants of a letter
		{Lo: 0x1AB0, Hi: 0x1ACE, Stride: 1}, // more accents
		{Lo: 0x1DC0, Hi: 0x1DFF, Stride: 1},
		{Lo: 0x200C, Hi: 0x200D, Stride: 1}, // joiners
		{Lo: 0x2060, Hi: 0x2060, Stride: 1},
		{Lo: 0x20D0, Hi: 0x20F0, Stride: 1},
		{Lo: 0xFE00, Hi: 0xFE0F, Stride: 1},
		{Lo: 0xFE20, Hi: 0xFE2F, Stride: 1},
		{Lo: 0xFEFF, Hi: 0xFEFF, Stride: 1},
	},
	R32: []unicode.Range32{
		{Lo: 0x1F3FB, Hi: 0x1F3FF, Stride: 1}, // tones of a skin
		{Lo: 0xE0100, Hi: 0xE01EF, Stride: 1},
	},
}
