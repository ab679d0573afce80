package workroom

import (
	"strings"
	"unicode/utf8"
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
