package markup

import (
	_ "embed"
	"encoding/json"
	"strings"
	"sync"
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

// shortcodeAt recognises a known :name: at s[i]. In the middle of a word, or behind another colon that is text, it is none, and
// a name of digits alone counts only where no letter or digit touches it: so file:end:3, std::end::x and 12:100:30 stay.
// The text that is not yet a token begins at lit.
func (p *parser) shortcodeAt(s string, i, lit int) (emoji string, length int, ok bool) {
	end, digits := i+1, true
	for ; end < len(s) && end-i <= 40; end++ {
		c := s[end]
		if c == ':' {
			break
		}
		if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_' || c == '+' || c == '-') {
			p.steps += end - i
			return "", 0, false
		}
		digits = digits && c >= '0' && c <= '9'
	}
	p.steps += end - i
	if end >= len(s) || s[end] != ':' || end == i+1 || i > lit && s[i-1] == ':' {
		return "", 0, false
	}
	if emoji, ok = table().byName[s[i+1:end]]; !ok {
		return "", 0, false
	}
	before, after := inWord(lastRune(s[:i])), inWord(firstRune(s[end+1:]))
	if before && after || digits && (before || after) {
		return "", 0, false
	}
	return emoji, end + 1 - i, true
}

// countEmoji counts the emoji of s, up to four, if s is nothing but emoji and space.
func countEmoji(s string) (n int, ok bool) {
	for s = strings.TrimLeft(s, " \t\n"); s != "" && n < 4; s = strings.TrimLeft(s, " \t\n") {
		size := emojiAt(s)
		if size == 0 {
			return 0, false
		}
		n++
		s = s[size:]
	}
	return n, true
}

// emojiAt returns the bytes of the longest emoji s begins with, 0 if none.
func emojiAt(s string) int {
	if c := s[0]; c < utf8.RuneSelf && c != '#' && c != '*' && (c < '0' || c > '9') {
		return 0
	}
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
		if r >= utf8.RuneSelf && t.bare[bare.String()] {
			best = i + utf8.RuneLen(r)
		}
	}
	return best
}

// onlyEmoji reports a text of one to three emoji and nothing else, which is shown large.
func (p *parser) onlyEmoji(blocks []block) bool {
	if len(blocks) != 1 || blocks[0].kind != paragraph {
		return false
	}
	count := 0
	for _, t := range blocks[0].inline {
		switch t.kind {
		case tokEmoji:
			count++
		case tokText:
			n, ok := countEmoji(t.text)
			if !ok {
				return false
			}
			count += n
		default:
			return false
		}
		if count > 3 {
			return false
		}
	}
	return count > 0
}
