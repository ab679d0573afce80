package search

import (
	"slices"
	"unicode"
	"unicode/utf8"
)

// Span is a stretch of a text, in byte offsets.
type Span struct{ Start, End int }

// Marks are the stretches of a text that the words and phrases of a query stand at, in order and apart from each other, for a page to
// highlight. It finds what Matches matches, wherever it stands.
func (q Query) Marks(text string) []Span {
	words := cut(text)
	have := make([]string, len(words))
	for i, w := range words {
		have[i] = w.fold
	}
	var out []Span
	for _, t := range q.Tokens {
		want := Words(t.Value)
		if t.Op != Word || t.Bad != "" || len(want) == 0 {
			continue
		}
		for i := 0; i+len(want) <= len(have); i++ {
			if t.at(have[i:], want) {
				out = append(out, Span{words[i].Start, words[i+len(want)-1].End})
			}
		}
	}
	slices.SortFunc(out, func(a, b Span) int { return a.Start - b.Start })
	joined := out[:0]
	for _, s := range out {
		if n := len(joined); n > 0 && s.Start <= joined[n-1].End {
			joined[n-1].End = max(joined[n-1].End, s.End)
			continue
		}
		joined = append(joined, s)
	}
	return joined
}

// Without is a text without one token of it, as its chip leaves when it is closed.
func Without(text string, t Token) string {
	before, after := text[:t.Start], text[t.End:]
	for before != "" {
		r, n := utf8.DecodeLastRuneInString(before)
		if !unicode.IsSpace(r) {
			break
		}
		before = before[:len(before)-n]
	}
	for after != "" {
		r, n := utf8.DecodeRuneInString(after)
		if !unicode.IsSpace(r) {
			break
		}
		after = after[n:]
	}
	if before == "" || after == "" {
		return before + after
	}
	return before + " " + after
}
