// Package search reads what a person types into a search box: words and quoted phrases, and from: in: before: after: is: with a value each.
//
// It is pure: it knows no rooms, people or messages. Whoever asks it looks the names up and says which are not there. Nothing that can be
// typed is an error: a token that makes no sense is marked, and the rest is searched.
package search

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Op is what a token asks of a message.
type Op string

// Operators. A token without one is a word or phrase the text must hold.
const (
	Word   Op = ""
	From   Op = "from"   // written by a person of that name
	In     Op = "in"     // in a room of that name
	Before Op = "before" // on or before a day
	After  Op = "after"  // on or after a day
	Is     Op = "is"     // bookmarked: among one's bookmarks
)

// Bookmarked is what is: may ask for.
const Bookmarked = "bookmarked"

// Token is one part of what was typed, in its order. Start and End are byte offsets of it in the text, so that it can become a chip.
type Token struct {
	Op         Op
	Value      string // without quotes
	Quoted     bool   // a phrase: its words stand side by side
	Begins     bool   // a word may go on behind it: "caf" means "café", too
	Day        time.Time
	Start, End int
	Bad        string // why it is left out, in words for the person; empty = it counts
}

// Query is what was typed. A message must meet all its tokens; of several people or rooms one is enough.
type Query struct{ Tokens []Token }

// MaxTokens is how many tokens are looked at; what is typed behind them is left out.
const MaxTokens = 32

// Parse reads a search text. Days are those of the given zone. An operator's value ends at the first space unless it is quoted; an open
// quote runs to the end. The last word without quotes is taken for the beginning of one: a person who types is not done with it. It stays so
// behind a space or an operator, so that nothing that was found goes while the search is narrowed.
func Parse(text string, zone *time.Location) Query {
	var q Query
	for i := 0; i < len(text) && len(q.Tokens) < MaxTokens; {
		r, n := utf8.DecodeRuneInString(text[i:])
		if unicode.IsSpace(r) {
			i += n
			continue
		}
		t := Token{Start: i}
		if op, rest := operator(text[i:]); op != Word {
			t.Op = op
			i += rest
		}
		t.Value, t.Quoted, i = value(text, i)
		t.End = i
		t.check(zone)
		if t.Op != Word || t.Value != "" {
			q.Tokens = append(q.Tokens, t)
		}
	}
	for i := len(q.Tokens) - 1; i >= 0; i-- {
		if t := &q.Tokens[i]; t.Op == Word && !t.Quoted {
			t.Begins = t.Bad == "" && begins(Words(t.Value))
			break
		}
	}
	return q
}

// begins reports whether the last of some words says enough to be the beginning of others: three letters, or two of Hangul, which are more.
// A character of a script without spaces stands for itself, and what runs on behind it is found anyway.
func begins(words []string) bool {
	if len(words) == 0 {
		return false
	}
	last := words[len(words)-1]
	first, _ := utf8.DecodeRuneInString(last)
	n := utf8.RuneCountInString(last)
	return n >= 3 || n == 2 && unicode.Is(unicode.Hangul, first)
}

// operator reads "from:" and its like, in any case, and answers its length.
func operator(s string) (Op, int) {
	for _, op := range []Op{From, In, Before, After, Is} {
		if n := len(op); len(s) > n && s[n] == ':' && strings.EqualFold(s[:n], string(op)) {
			return op, n + 1
		}
	}
	return Word, 0
}

// quotes are what stands around a phrase; some systems put typographic ones in the place of those that are typed.
const quotes = "\"“”„«»"

// value reads a word or a quoted phrase at i and answers where it ends.
func value(s string, i int) (v string, quoted bool, end int) {
	if r, n := utf8.DecodeRuneInString(s[i:]); n > 0 && strings.ContainsRune(quotes, r) {
		i += n
		if j := strings.IndexAny(s[i:], quotes); j >= 0 {
			_, n = utf8.DecodeRuneInString(s[i+j:])
			return strings.TrimSpace(s[i : i+j]), true, i + j + n
		}
		return strings.TrimSpace(s[i:]), true, len(s)
	}
	end = i
	for end < len(s) {
		r, n := utf8.DecodeRuneInString(s[end:])
		if unicode.IsSpace(r) || strings.ContainsRune(quotes, r) && end > i {
			break
		}
		end += n
	}
	return s[i:end], false, end
}

func (t *Token) check(zone *time.Location) {
	switch {
	case t.Op == Word && len(Words(t.Value)) == 0:
		t.Bad = "Nothing in this can be searched for."
	case t.Op != Word && t.Value == "":
		t.Bad = "Write what follows " + string(t.Op) + ": right behind it."
	case t.Op == Is && !strings.EqualFold(t.Value, Bookmarked):
		t.Bad = "Only is:" + Bookmarked + " is known."
	case t.Op == Before || t.Op == After:
		day, ok := parseDay(t.Value, zone)
		if !ok {
			t.Bad = noDay(t.Value)
		}
		t.Day = day
	}
}

func parseDay(s string, zone *time.Location) (time.Time, bool) {
	for _, layout := range []string{"20060102", "2006-01-02"} {
		if day, err := time.ParseInLocation(layout, s, zone); err == nil && day.Year() >= 1 {
			return day, true
		}
	}
	return time.Time{}, false
}

// noDay says what is wrong with a day that is none.
func noDay(s string) string {
	digits := strings.ReplaceAll(s, "-", "")
	day := len(digits) == 8 && strings.Trim(digits[6:], "0123456789") == ""
	if month, err := time.Parse("200601", digits[:min(6, len(digits))]); err == nil && day {
		last := month.AddDate(0, 1, -1)
		return month.Month().String() + " has " + strconv.Itoa(last.Day()) + " days. Try " + last.Format("20060102") + "."
	}
	return "This is no date. Write it as 20150501 or 2015-05-01."
}

// Values are what was asked for by an operator, without the bad ones.
func (q Query) Values(op Op) []string {
	var out []string
	for _, t := range q.Tokens {
		if t.Op == op && t.Bad == "" {
			out = append(out, t.Value)
		}
	}
	return out
}

// Period is the time the days ask for: at or after from, before until. A zero time is no bound.
func (q Query) Period() (from, until time.Time) {
	for _, t := range q.Tokens {
		switch {
		case t.Bad != "":
		case t.Op == After && (from.IsZero() || t.Day.After(from)):
			from = t.Day
		case t.Op == Before:
			if next := t.Day.AddDate(0, 0, 1); until.IsZero() || next.Before(until) {
				until = next
			}
		}
	}
	return from, until
}

// Empty reports whether nothing is asked for.
func (q Query) Empty() bool {
	return !slices.ContainsFunc(q.Tokens, func(t Token) bool { return t.Bad == "" })
}

// Matches reports whether a text holds every word and phrase asked for, whatever the case and accents.
func (q Query) Matches(text string) bool {
	have := Words(text)
	for _, t := range q.Tokens {
		if t.Op != Word || t.Bad != "" {
			continue
		}
		if !t.in(have) {
			return false
		}
	}
	return true
}

// in reports whether the words of a text hold those of the token side by side.
func (t Token) in(have []string) bool {
	want := Words(t.Value)
	for i := 0; i+len(want) <= len(have); i++ {
		if t.at(have[i:], want) {
			return true
		}
	}
	return false
}

// at reports whether a text begins with the words of the token, of which the last may be the beginning of one.
func (t Token) at(have, want []string) bool {
	n := len(want) - 1
	return slices.Equal(have[:n], want[:n]) && (have[n] == want[n] || t.Begins && strings.HasPrefix(have[n], want[n]))
}

// Named reports whether a name answers to what was typed: its words begin, somewhere in a row, with those typed.
func Named(name, typed string) bool {
	have, want := Words(name), Words(typed)
	if len(want) == 0 {
		return false
	}
	for i := 0; i+len(want) <= len(have); i++ {
		all := true
		for j, w := range want {
			all = all && (have[i+j] == w || j == len(want)-1 && strings.HasPrefix(have[i+j], w))
		}
		if all {
			return true
		}
	}
	return false
}
