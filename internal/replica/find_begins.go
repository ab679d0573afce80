package replica

import (
	"fmt"
	"slices"
	"strings"

	"trestle/internal/search"
	"trestle/internal/workroom"
)

// mostBegun is how many words of the index one that is begun is looked up as. Where more begin with it, the index gathers their lists by
// itself, which takes as long as they are: up to this many it is a tenth of that, and the newest of each are all that is read.
const mostBegun = 256

// wordsMatch asks for the words of one token: side by side, in the column of pairs where they are characters of a script without spaces; and
// one that is begun, as every word of the index that begins with it, which are those of begunBy.
func wordsMatch(t search.Token, begun []string) string {
	words := search.Words(t.Value)
	phrase := func(last string) string {
		return `"` + strings.Join(append(slices.Clone(words[:len(words)-1]), last), " ") + `"`
	}
	last := words[len(words)-1]
	if !t.Begins {
		if pairs := search.Pairs(words); len(pairs) == len(words)-1 && len(pairs) > 0 {
			return `{pair}:"` + strings.Join(pairs, " ") + `"`
		}
		return `{text}:` + phrase(last)
	}
	if len(begun) > mostBegun {
		return `{text}:` + phrase(last) + ` *`
	}
	any := []string{phrase(last)} // it may be none of the index: then nothing is found, and it is no error
	for _, w := range begun {
		if w != last {
			any = append(any, phrase(w))
		}
	}
	return `{text}:(` + strings.Join(any, " OR ") + `)`
}

// begunBy are the words of the index that begin with the one that is begun, at most one more than mostBegun; a question has one at most.
func begunBy(l *link, q search.Query) ([]string, error) {
	for _, t := range q.Tokens {
		if t.Begins && t.Bad == "" {
			words := search.Words(t.Value)
			return beginning(l, words[len(words)-1])
		}
	}
	return nil, nil
}

// beginningQuery reads so many places of the words between two, in their order.
const beginningQuery = `SELECT DISTINCT term FROM (SELECT term FROM terms WHERE term>=? AND term<? ORDER BY term LIMIT ?) ORDER BY term`

// How many places of the index one look for words reads at first and at most. A word stands once for every place; one that fills a look is
// passed over by looking behind it. That is a way of its own through all pieces of the index, and in one that has no word behind it, past all
// places of the word before, as of a "the" for whoever types "thea"; so it is done for few of them.
const (
	firstLook = 500
	mostLook  = 8000
)

// beginning lists the words of the index that begin with one, in their order, at most one more than mostBegun.
func beginning(l *link, with string) ([]string, error) {
	var out []string
	from, look := with, firstLook
	for len(out) <= mostBegun {
		some, err := wordsBetween(l, from, with+"\U0010FFFF", look)
		if err != nil {
			return nil, fmt.Errorf("look words up: %w", err)
		}
		if len(some) == 0 {
			return out, nil
		}
		out = append(out, some...)
		from = some[len(some)-1] + "\x01" // comes before whatever a word may go on with
		if look *= 4; len(some) == 1 {
			look = firstLook
		}
		look = min(look, mostLook)
	}
	return out[:mostBegun+1], nil
}

func wordsBetween(l *link, from, until string, look int) (out []string, err error) {
	rows, err := l.Query(beginningQuery, from, until, look)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var word string
		if err := rows.Scan(&word); err != nil {
			return nil, err
		}
		out = append(out, word)
	}
	return out, rows.Err()
}

// walkedBegun is how many of the newest rows that meet all else are read for a word that more than mostBegun begin with.
const walkedBegun = 4000

const walkQuery = `SELECT rowid,sc,kind,id,text FROM find WHERE find MATCH ? AND rowid>=? AND rowid<? ORDER BY rowid DESC LIMIT ?`

// newestBegun reads the newest rows themselves where so many words begin with one that the index would gather their lists: what begins so
// many words mostly stands in every few rows, so that a page is full long before the lists are read. It answers what it found, a page and one
// more at most, and the place before which the index is to be asked for the rest; lo if there is none.
func newestBegun(l *link, q search.Query, begun []string, people []workroom.AccountID, rooms []workroom.Scope, lo, hi int64) ([]hit, int64, error) {
	at := slices.IndexFunc(q.Tokens, func(t search.Token) bool { return t.Begins && t.Bad == "" })
	if at < 0 || len(begun) <= mostBegun {
		return nil, hi, nil
	}
	first := strings.Join(search.Words(q.Tokens[at].Value), " ") // the index holds a text as its words with a space between
	behind := " " + first
	match, ok, err := matchOf(l, search.Query{Tokens: slices.Delete(slices.Clone(q.Tokens), at, at+1)}, nil, people, rooms)
	if err != nil || !ok {
		return nil, lo, err
	}
	rows, err := l.Query(walkQuery, match, lo, hi, walkedBegun)
	if err != nil {
		return nil, hi, fmt.Errorf("search the newest: %w", err)
	}
	defer rows.Close()
	var out []hit
	n := 0
	for ; len(out) <= FindLimit && rows.Next(); n++ {
		var h hit
		var text string
		if err := rows.Scan(&h.rowid, &h.sc, &h.kind, &h.id, &text); err != nil {
			return nil, hi, fmt.Errorf("search the newest: %w", err)
		}
		if hi = h.rowid; strings.HasPrefix(text, first) || strings.Contains(text, behind) {
			out = append(out, h)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, hi, fmt.Errorf("search the newest: %w", err)
	}
	if len(out) <= FindLimit && n < walkedBegun {
		hi = lo // all were read
	}
	return out, hi, nil
}
