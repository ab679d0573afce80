// Package markup turns the text people type in messages and notes into safe HTML, into plain text, and into the links and
// people it names. It is the only place that knows the formatting rules (rows ): the service, the search index,
// notices and every screen ask here, so all of them agree on what is bold and what is a link.
//
// What it returns as HTML is safe to insert as it is: everything a person typed is escaped, the only elements are p, br,
// strong, em, del, code, pre, blockquote, a and span (for notes also ul, ol, li and h1 to h6), and the only addresses are
// http, https and mailto. It never looks anything up, never opens anything and keeps no state; the names of mentioned people come from the caller.
package markup

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Options say how a text is read. The zero value reads a message and leaves mentions as they are stored.
type Options struct {
	// Name gives the present name of an account, without "@"; false when the account is not known here.
	// A mention of an unknown account stays text.
	Name func(account string) (name string, ok bool)
	// Notes reads the text as a notepad: lists, headings and [text](address) links as well.
	Notes bool
}

// HTML returns text as safe HTML: a sequence of p, pre and blockquote elements (and ul, ol, h1–h6 for notes), without
// surrounding element; empty for a text of nothing but space.
//
// A link is <a href="ADDRESS" data-link="HOST" rel="noopener noreferrer">: HOST is where it really leads, in ASCII. A mention is
// <span class="mention" data-account="ID">@Name</span>. Up to three emoji alone are each <span class="emoji big">.
func HTML(text string, o Options) string {
	var w htmlWriter
	doc := parse(text, o)
	if doc.onlyEmoji() {
		w.big = true
	}
	w.blocks(doc.blocks)
	return w.String()
}

// Plain returns what a reader sees, without markup: line breaks stay, a blank line parts blocks, quoted lines begin with "> ".
// It is what the search index holds.
func Plain(text string, o Options) string {
	return plainBlocks(parse(text, o).blocks, true)
}

// Preview returns the text as one line of at most max characters (an ellipsis counts as one), for room lists and notices.
// Quotes are left out unless there is nothing else.
func Preview(text string, max int, o Options) string {
	blocks := parse(text, o).blocks
	line := strings.Join(strings.Fields(plainBlocks(blocks, false)), " ")
	if line == "" {
		line = strings.Join(strings.Fields(plainBlocks(blocks, true)), " ")
	}
	if max <= 0 || utf8.RuneCountInString(line) <= max {
		return line
	}
	return strings.TrimRightFunc(string([]rune(line)[:max-1]), unicode.IsSpace) + "…"
}

// Links returns the addresses the text links to, as a link would open them, each once, in the order they are written.
func Links(text string, o Options) []string {
	var found []string
	seen := map[string]bool{}
	walk(parse(text, o).blocks, func(t *token) {
		if t.kind == tokLink && !seen[t.link.href] {
			seen[t.link.href] = true
			found = append(found, t.link.href)
		}
	})
	return found
}

// Mentions returns the accounts the text mentions, each once, in the order they are written. Mentions inside code do not count.
// Whether an account exists is the caller's to check: Options.Name is not asked.
func Mentions(text string) []string {
	var found []string
	seen := map[string]bool{}
	everyone := Options{Name: func(string) (string, bool) { return "", true }}
	walk(parse(text, everyone).blocks, func(t *token) {
		if t.kind == tokMention && !seen[t.account] {
			seen[t.account] = true
			found = append(found, t.account)
		}
	})
	return found
}

// walk calls visit for every inline token, in order.
func walk(blocks []block, visit func(*token)) {
	for i := range blocks {
		for j := range blocks[i].inline {
			visit(&blocks[i].inline[j])
		}
		walk(blocks[i].children, visit)
	}
}

// document is a text taken apart.
type document struct {
	blocks []block
}

func parse(text string, o Options) document {
	p := blockParser{o: o}
	return document{p.blocks(strings.Split(clean(text), "\n"), 0)}
}

// clean makes the input valid UTF-8 with "\n" as the only line end, no control characters but tab, and none that turn the direction of
// what follows: letters bring their own direction, and an override only serves to make a text read as another.
func clean(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r', r == '\u2028', r == '\u2029', r == '\v', r == '\f', r == '\u0085':
			return '\n'
		case r == '\n', r == '\t':
			return r
		case unicode.IsControl(r), r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
			return -1
		}
		return r
	}, text)
}
