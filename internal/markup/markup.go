// Package markup turns the text people type in messages and notes into safe HTML, into plain text, and into the links and
// people it names. It is the only place that knows the formatting rules (rows ): the service, the search index,
// mail, notices and every screen ask here, so all of them agree on what is bold and what is a link.
//
// What it returns as HTML is safe to insert as it is: everything a person typed is escaped, the only elements are p, br,
// strong, em, del, code, pre, blockquote, a and span (for notes also ul, ol, li and h1 to h6), and the only addresses are
// http, https and mailto, and places of our own. It never looks anything up, never opens anything and keeps no state; the names of mentioned people come from the caller.
//
// Every text is read in time proportional to its length, whatever stands in it. The cases in testdata/vectors.txt are the rules
// as examples: what is typed, its HTML, its text, its line in a notice and its words for the search.
package markup

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Options say how a text is read. The zero value reads a message and leaves mentions as they are stored.
type Options struct {
	// Name gives the present name of an account, without "@"; false when the account is not known here.
	// A mention of an unknown account stays text.
	Name func(account string) (name string, ok bool)
	// Me is the account that reads: mentions of it carry the class "me" as well. Empty for nobody.
	Me string
	// Notes reads the text as a notepad: lists, headings and [text](address) links as well.
	Notes bool
}

// HTML returns text as safe HTML: a sequence of p, pre and blockquote elements (and ul, ol, h1–h6 for notes), without
// surrounding element; empty for a text of nothing but space. It serves the screen and the HTML part of a mail alike.
//
// A link is <a href="ADDRESS" data-link="HOST" rel="noopener noreferrer">: HOST is where it really leads, in ASCII, and the text of a
// message's link says the same host. A mention is <span class="mention" data-account="ID">@Name</span>, of the reader
// class="mention me". Up to three emoji alone are each <span class="emoji big">.
func HTML(text string, o Options) string {
	p := newParser(o)
	defer p.free()
	w := htmlWriter{p: p}
	w.Grow(len(text) + len(text)/2 + 64)
	blocks := p.parse(text)
	w.big = p.onlyEmoji(blocks)
	w.blocks(blocks)
	return w.String()
}

// Plain returns what a reader sees, without markup: line breaks stay, a blank line parts blocks, quoted lines begin with "> ".
// It is the text part of a mail and what "Copy text" copies.
func Plain(text string, o Options) string {
	p := newParser(o)
	defer p.free()
	w := plainWriter{p: p, quotes: true}
	w.Grow(len(text))
	w.blocks(p.parse(text))
	return w.String()
}

// Preview returns the text as one line of at most max characters (an ellipsis counts as one; 0 for no bound), for room lists and
// notices. Quotes are left out unless there is nothing else. It never cuts an emoji or an accented letter in two.
func Preview(text string, max int, o Options) string {
	p := newParser(o)
	defer p.free()
	blocks := p.parse(text)
	w := plainWriter{p: p}
	w.blocks(blocks)
	line := oneLine(w.String())
	if line == "" {
		w = plainWriter{p: p, quotes: true}
		w.blocks(blocks)
		line = oneLine(w.String())
	}
	return shorten(line, max)
}

// Words returns what the search index holds of a message: its plain text without what is not words. Mentions are left out,
// because an index cannot follow a rename, and so are marks that only say how letters lie or where a word may be broken.
func Words(text string) string {
	p := newParser(everyone)
	defer p.free()
	w := plainWriter{p: p, quotes: true, words: true}
	w.Grow(len(text))
	w.blocks(p.parse(text))
	return w.String()
}

// Links returns the addresses the text links to, as a link would open them, each once, in the order they are written.
func Links(text string, o Options) []string {
	var found []string
	seen := map[string]bool{}
	p := newParser(o)
	defer p.free()
	walk(p.parse(text), func(t *token) {
		if t.kind == tokLink && !seen[t.more.link.href] {
			seen[t.more.link.href] = true
			found = append(found, t.more.link.href)
		}
	})
	return found
}

// Mentions returns the accounts the text mentions, each once, in the order they are written. Mentions inside code do not count.
// Whether an account exists is the caller's to check: Options.Name is not asked.
func Mentions(text string) []string {
	if !strings.Contains(text, "<@") {
		return nil
	}
	var found []string
	seen := map[string]bool{}
	p := newParser(everyone)
	defer p.free()
	walk(p.parse(text), func(t *token) {
		if t.kind == tokMention && !seen[t.more.account] {
			seen[t.more.account] = true
			found = append(found, strings.Clone(t.more.account))
		}
	})
	return found
}

// everyone knows every account, by no name.
var everyone = Options{Name: func(string) (string, bool) { return "", true }}

// walk calls visit for every inline token, in order; not for those inside the text of a link.
func walk(blocks []block, visit func(*token)) {
	for i := range blocks {
		for j := range blocks[i].inline {
			visit(&blocks[i].inline[j])
		}
		walk(blocks[i].children, visit)
	}
}

// parser takes one text apart. Its tokens and runs lie in two arrays that are used again for the next text.
type parser struct {
	o      Options
	tokens []token
	runs   []run
	open   []int32 // indices of runs that wait for their closing
	inLink bool    // inside the text of a link: no links, no mentions
	places bool    // keep where the lines and marks of blocks stand

	// steps counts the bytes and openers that were looked at. The tests hold it to a multiple of the length of the text: that is
	// the proof of linear time, and no clock is asked.
	steps int
}

var parsers = sync.Pool{New: func() any { return new(parser) }}

func newParser(o Options) *parser {
	p := parsers.Get().(*parser)
	p.o, p.inLink, p.places, p.steps = o, false, false, 0
	return p
}

// free gives the parser back; nothing of its tokens may be used afterwards. One long text does not keep its room for ever.
func (p *parser) free() {
	p.o = Options{}
	if cap(p.tokens) > 1<<14 || cap(p.runs) > 1<<14 {
		*p = parser{}
	}
	clear(p.tokens)
	clear(p.runs)
	p.tokens, p.runs, p.open = p.tokens[:0], p.runs[:0], p.open[:0]
	parsers.Put(p)
}

// parse takes text apart.
func (p *parser) parse(text string) []block {
	text = Clean(text)
	p.steps += len(text)
	return p.blocks(text, linesOf(text), 0)
}

// Clean makes the input valid UTF-8 with "\n" as the only line end, no control characters but tab, and none that turn the direction of
// what follows: letters bring their own direction, and an override only serves to make a text read as another.
func Clean(text string) string {
	if isClean(text) {
		return text
	}
	text = strings.ToValidUTF8(text, "\uFFFD")
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.Map(cleanRune, text)
}

// cleanRune is what Clean makes of a character; -1 for nothing.
func cleanRune(r rune) rune {
	switch {
	case r == '\r', r == '\u2028', r == '\u2029', r == '\v', r == '\f', r == '\u0085':
		return '\n'
	case r == '\n', r == '\t':
		return r
	case unicode.IsControl(r), r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
		return -1
	}
	return r
}

// isClean reports a text that Clean would return as it is; it may say no of one it would.
func isClean(s string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c < ' ' && c != '\n' && c != '\t', c == 0x7f:
			return false
		case c == 0xc2 && s[i+1] < 0xa0: // U+0080 to U+009F
			return false
		case c == 0xe2 && (s[i+1] == 0x80 && s[i+2] >= 0xa8 && s[i+2] <= 0xae || s[i+1] == 0x81 && s[i+2] >= 0xa6 && s[i+2] <= 0xa9):
			return false
		}
	}
	return true
}
