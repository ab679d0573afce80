package markup

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
)

// link is an address this package is willing to make a link of.
type link struct {
	href  string // what opens: host in ASCII, the rest percent-encoded
	shown string // what stands in the text: as typed, but the host as host says
	host  string // where it leads, in ASCII; without port
}

// maxLink is the longest address, in bytes, that becomes a link; the opener takes no longer one.
const maxLink = 2048

// hosts maps a typed host name to the one that is asked for.
var hosts = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.BidiRule(), idna.StrictDomainName(true), idna.VerifyDNSLength(true))

// linkAt recognises an http, https or mailto address at the start of s and returns how many bytes it takes. Trailing
// punctuation and a bracket that closes something before it belong to the sentence. Addresses with a user name, without a
// real host, or of any other scheme are not links.
func linkAt(s string) (l link, length int, ok bool) {
	scheme, after := "", 0
	for _, p := range []string{"https://", "http://", "mailto:"} {
		if len(s) > len(p) && strings.EqualFold(s[:len(p)], p) {
			scheme, after = strings.TrimRight(p, ":/"), len(p)
			break
		}
	}
	if scheme == "" {
		return link{}, 0, false
	}
	raw := trimAddress(s[:addressEnd(s)])
	if len(raw) <= after || len(raw) > maxLink {
		return link{}, 0, false
	}
	if scheme == "mailto" {
		l, ok = mailLink(raw[after:], raw[:after])
	} else {
		l, ok = webLink(raw, scheme, after)
	}
	return l, len(raw), ok && len(l.href) <= maxLink
}

// addressEnd is the first byte that cannot belong to an address: space, quotes, angle brackets, ticks, backslash (which
// browsers take for a slash), invisible characters and the closing punctuation of scripts written without spaces.
func addressEnd(s string) int {
	for i, r := range s {
		switch {
		case i > maxLink, unicode.IsSpace(r), unicode.In(r, unicode.Cc, unicode.Cf), r == unicode.ReplacementChar:
			return i
		case strings.ContainsRune("<>\"`\\|^“”«»‹›。，、；：？！）】》」』", r):
			return i
		}
	}
	return len(s)
}

// trimAddress drops what the sentence put behind the address.
func trimAddress(s string) string {
	round := strings.Count(s, ")") - strings.Count(s, "(")
	square := strings.Count(s, "]") - strings.Count(s, "[")
	curly := strings.Count(s, "}") - strings.Count(s, "{")
	for s != "" {
		switch s[len(s)-1] {
		case '?', '!', '.', ',', ':', ';', '*', '_', '~', '\'':
		case ')':
			if round <= 0 {
				return s
			}
			round--
		case ']':
			if square <= 0 {
				return s
			}
			square--
		case '}':
			if curly <= 0 {
				return s
			}
			curly--
		default:
			if t := strings.TrimRight(s, "’…"); t != s {
				s = t
				continue
			}
			return s
		}
		s = s[:len(s)-1]
	}
	return s
}

func webLink(raw, scheme string, after int) (link, bool) {
	u, err := url.Parse(raw)
	if err != nil || u.User != nil || u.Opaque != "" || strings.Contains(u.Host, "%") {
		return link{}, false
	}
	port := u.Port()
	if port != "" {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return link{}, false
		}
		port = ":" + port
	} else if strings.HasSuffix(u.Host, ":") {
		return link{}, false
	}
	ascii, shown, ok := hostNames(u.Hostname())
	if !ok {
		return link{}, false
	}
	host := ascii
	if strings.Contains(ascii, ":") {
		host, shown = "["+ascii+"]", "["+ascii+"]"
	}
	rest := raw[after:]
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[i:]
	} else {
		rest = ""
	}
	u.Scheme, u.Host = scheme, host+port
	return link{href: u.String(), shown: raw[:after] + shown + port + rest, host: ascii}, true
}

func mailLink(address, prefix string) (link, bool) {
	whole, query, _ := strings.Cut(address, "?")
	local, domain, ok := strings.Cut(whole, "@")
	if !ok || local == "" || len(local) > 64 || strings.Trim(local, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.!#$&'*+-/=_~") != "" {
		return link{}, false
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return link{}, false
	}
	for key := range values { // a mail program could be told to attach a file or add a recipient
		if key != "subject" && key != "body" {
			return link{}, false
		}
	}
	ascii, shown, ok := hostNames(domain)
	if !ok || strings.Contains(ascii, ":") {
		return link{}, false
	}
	l := link{href: "mailto:" + local + "@" + ascii, shown: prefix + local + "@" + shown, host: ascii}
	if query != "" {
		l.href += "?" + strings.ReplaceAll(values.Encode(), "+", "%20")
		l.shown += "?" + query
	}
	return l, true
}

// hostNames returns the ASCII form of a typed host and the form to show: its own letters if they are all of one script, else
// ASCII, so that a letter borrowed from another script cannot pass for the one it resembles.
func hostNames(typed string) (ascii, shown string, ok bool) {
	if addr, err := netip.ParseAddr(typed); err == nil {
		return addr.String(), addr.String(), addr.Zone() == ""
	}
	ascii, err := hosts.ToASCII(typed)
	if err != nil || ascii == "" || strings.ContainsAny(ascii, ":/?#@[]% ") {
		return "", "", false
	}
	if strings.EqualFold(typed, ascii) {
		return ascii, typed, true
	}
	letters, err := hosts.ToUnicode(ascii)
	if err != nil || mixed(letters) {
		return ascii, ascii, true
	}
	return ascii, letters, true
}

// mixed reports whether the letters of s are of more than one script; those that Japanese and Korean combine count as one.
func mixed(s string) bool {
	first := ""
	for _, r := range s {
		if !unicode.IsLetter(r) {
			continue
		}
		script := scriptOf(r)
		if first == "" {
			first = script
		}
		if script != first || script == "" {
			return true
		}
	}
	return false
}

func scriptOf(r rune) string {
	if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) {
		return "East Asian"
	}
	if unicode.Is(unicode.Latin, r) {
		return "Latin"
	}
	for name, table := range unicode.Scripts {
		if unicode.Is(table, r) {
			return name
		}
	}
	return ""
}
