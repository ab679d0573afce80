package contact

import (
	"strings"
	"unicode/utf8"

	"trestle/internal/markup"
)

// mostShown is the longest text, in bytes, that is read as a message is shown: no message is longer, and a file is not shown so.
const mostShown = 64 << 10

// shown is a text without the marks that are typed to format it, as its reader sees it, with the byte each of its bytes has in the text: a
// number of which a half is bold is a number all the same. False if the two are the same.
func shown(text string) (string, []int, bool) {
	if len(text) > mostShown || !strings.ContainsAny(text, "*_~`\\") || !utf8.ValidString(text) {
		return "", nil, false
	}
	mark := make([]bool, len(text))
	some := false
	at, unit := 0, 0
	for _, s := range markup.Spans(text, markup.Options{}) { // in the order of where they begin
		if s.Kind != markup.SpanMark {
			continue
		}
		for unit < s.To && at < len(text) {
			r, n := utf8.DecodeRuneInString(text[at:])
			if unit >= s.From && r != '\n' {
				for k := range n {
					mark[at+k] = true
				}
				some = true
			}
			at += n
			unit++
			if r >= 0x10000 {
				unit++
			}
		}
	}
	if !some {
		return "", nil, false
	}
	var b strings.Builder
	from := make([]int, 0, len(text)+1)
	for i := range len(text) {
		if !mark[i] {
			b.WriteByte(text[i])
			from = append(from, i)
		}
	}
	return b.String(), append(from, len(text)), true
}
