package markup

import (
	_ "embed"
	"encoding/json"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Emoji is one row of the emoji table, as the emoji panel shows it.
type Emoji struct {
	Text   string   // the emoji itself
	Label  string   // its name in English
	Group  int      // 0 smileys, 1 people, 3 animals, 4 food, 5 travel, 6 activities, 7 objects, 8 symbols, 9 flags
	Names  []string // what is typed between colons, as on GitHub; may be empty
	Search []string // further words to find it by
}

// emojiJSON is made by build/emoji.mjs from emojibase-data, MIT licence (emoji.LICENSE).
//
//go:embed emoji.json
var emojiJSON []byte

// EmojiJSON returns the table as it is embedded, for the page: rows of [emoji, label, group, [names], [search words]].
// The bytes must not be changed.
func EmojiJSON() []byte { return emojiJSON }

// AllEmoji returns the table in the order panels use. The slice must not be changed.
func AllEmoji() []Emoji { return table().all }

type emojiTable struct {
	all     []Emoji
	byName  map[string]string
	bare    map[string]bool // emoji without variation selectors and skin tones
	longest int             // runes of the longest of bare
}

var table = sync.OnceValue(func() *emojiTable {
	var rows [][]json.RawMessage
	if err := json.Unmarshal(emojiJSON, &rows); err != nil {
		panic("markup: embedded emoji table: " + err.Error())
	}
	t := &emojiTable{byName: map[string]string{}, bare: map[string]bool{}}
	for _, row := range rows {
		var e Emoji
		for i, to := range []any{&e.Text, &e.Label, &e.Group, &e.Names, &e.Search} {
			if err := json.Unmarshal(row[i], to); err != nil {
				panic("markup: embedded emoji table: " + err.Error())
			}
		}
		t.all = append(t.all, e)
		for _, name := range e.Names {
			t.byName[name] = e.Text
		}
		bare := bareEmoji(e.Text)
		t.bare[bare] = true
		t.longest = max(t.longest, utf8.RuneCountInString(bare))
	}
	return t
})

// bareEmoji drops what only changes an emoji's look.
func bareEmoji(s string) string {
	return strings.Map(func(r rune) rune {
		if isLook(r) {
			return -1
		}
		return r
	}, s)
}

// isLook reports the emoji variation selector and the five skin tones.
func isLook(r rune) bool { return r == 0xFE0F || r >= 0x1F3FB && r <= 0x1F3FF }

// shortcodeAt recognises a known :name: at s[i]. A name of digits alone counts only where no letter or digit touches it, so
// that 12:100:30 stays a time.
func shortcodeAt(s string, i int) (emoji string, length int, ok bool) {
	end, digits := i+1, true
	for ; end < len(s) && end-i <= 40; end++ {
		c := s[end]
		if c == ':' {
			break
		}
		if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_' || c == '+' || c == '-') {
			return "", 0, false
		}
		digits = digits && c >= '0' && c <= '9'
	}
	if end >= len(s) || s[end] != ':' {
		return "", 0, false
	}
	if digits && (isWord(lastRune(s[:i])) || isWord(firstRune(s[end+1:]))) {
		return "", 0, false
	}
	emoji, ok = table().byName[s[i+1:end]]
	return emoji, end + 1 - i, ok
}

// emojiIn counts the emoji of s if s is nothing but emoji and space.
func emojiIn(s string) (parts []string, ok bool) {
	for s = strings.TrimLeftFunc(s, unicode.IsSpace); s != ""; s = strings.TrimLeftFunc(s, unicode.IsSpace) {
		n := emojiAt(s)
		if n == 0 {
			return nil, false
		}
		parts = append(parts, s[:n])
		s = s[n:]
	}
	return parts, true
}

// emojiAt returns the bytes of the longest emoji s begins with, 0 if none.
func emojiAt(s string) int {
	t := table()
	best, runes := 0, 0
	var bare strings.Builder
	for i, r := range s {
		if !isLook(r) {
			if runes++; runes > t.longest {
				break
			}
			bare.WriteRune(r)
		} else if i == 0 {
			return 0
		}
		if r >= 0x80 && t.bare[bare.String()] || r == 0x20E3 && t.bare[bare.String()] {
			best = i + utf8.RuneLen(r)
		}
	}
	return best
}

// onlyEmoji reports a text of one to three emoji and nothing else, which is shown large.
func (d document) onlyEmoji() bool {
	if len(d.blocks) != 1 || d.blocks[0].kind != paragraph {
		return false
	}
	count := 0
	for _, t := range d.blocks[0].inline {
		switch t.kind {
		case tokEmoji:
			count++
		case tokText:
			parts, ok := emojiIn(t.text)
			if !ok {
				return false
			}
			count += len(parts)
		default:
			return false
		}
		if count > 3 {
			return false
		}
	}
	return count > 0
}
