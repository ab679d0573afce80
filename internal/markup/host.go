package markup

import (
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// hosts maps a typed host name to the one that is asked for.
var hosts = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.BidiRule(), idna.StrictDomainName(true), idna.VerifyDNSLength(true))

// hostNames returns the ASCII form of a typed host and the form to show, which is that same name: in its own letters where those
// can be taken for no others, else in ASCII. So a letter borrowed from another script cannot pass for the one it resembles.
func hostNames(typed string) (ascii, shown string, ok bool) {
	typed = strings.TrimSuffix(typed, ".")
	ascii, plain := asciiHost(typed)
	if !plain {
		var err error
		if ascii, err = hosts.ToASCII(typed); err != nil || strings.ContainsAny(ascii, ":/?#@[]% ") || strings.HasSuffix(ascii, ".") {
			return "", "", false
		}
	}
	if ascii == "" {
		return "", "", false
	}
	last := ascii[strings.LastIndexByte(ascii, '.')+1:]
	if last[0] >= '0' && last[0] <= '9' { // a browser reads 127.1, 0x7f.1 and 2130706433 as an address: not what it says
		if _, err := netip.ParseAddr(ascii); err != nil {
			return "", "", false
		}
		return ascii, ascii, true
	}
	if strings.Contains(ascii, "xn--") {
		if letters, err := hosts.ToUnicode(ascii); err == nil && distinct(letters) {
			return ascii, letters, true
		}
	}
	return ascii, ascii, true
}

// asciiHost returns s in lower case if it is a host of letters, digits and hyphens, none of it encoded.
func asciiHost(s string) (host string, ok bool) {
	if s == "" || len(s) > 253 {
		return "", false
	}
	lower, label := true, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '.':
			if label == 0 || s[i-1] == '-' {
				return "", false
			}
			label = 0
			continue
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '-' && label > 0:
		case c >= 'A' && c <= 'Z':
			lower = false
		default:
			return "", false
		}
		if label++; label > 63 || label == 4 && strings.EqualFold(s[i-3:i+1], "xn--") {
			return "", false
		}
	}
	if label == 0 || s[len(s)-1] == '-' {
		return "", false
	}
	if lower {
		return s, true
	}
	return strings.ToLower(s), true
}

// distinct reports whether a host in its own letters can be read as no other: all letters are of one script, digits are the ASCII ones,
// nothing is in it that looks like a slash or a dot, and Latin letters are those of languages, not phonetic signs.
func distinct(host string) bool {
	script := ""
	for _, r := range host {
		switch {
		case r == '.' || r == '-' || r >= '0' && r <= '9':
			continue
		case r < utf8.RuneSelf: // the mapping leaves only a to z
		case !unicode.IsLetter(r) && !unicode.IsMark(r):
			return false
		}
		s := scriptOf(r)
		switch {
		case s == "" || script != "" && s != script:
			return false
		case s == "Latin" && !usualLatin(r), (s == "Cyrillic" || s == "Greek") && unicode.IsMark(r):
			return false
		}
		script = s
	}
	return true
}

// usualLatin reports the letters of Latin-1, Latin Extended-A and Vietnamese but those easily taken for others (dotless i, kra, long s).
func usualLatin(r rune) bool {
	switch r {
	case 'ı', 'ĸ', 'ſ', 'ŉ', 'ŀ', 'þ', 'ð':
		return false
	}
	return r < 0x180 || r == 'ơ' || r == 'ư' || r >= 0x1ea0 && r <= 0x1ef9
}

// scriptOf names the script of a letter; those that Japanese and Korean combine count as one. Empty if it is of none in particular.
func scriptOf(r rune) string {
	switch {
	case unicode.Is(unicode.Latin, r):
		return "Latin"
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul), r == 'ー':
		return "East Asian"
	case unicode.In(r, unicode.Common, unicode.Inherited):
		return ""
	}
	for name, table := range unicode.Scripts {
		if unicode.Is(table, r) {
			return name
		}
	}
	return ""
}
