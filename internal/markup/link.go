package markup

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// link is an address this package is willing to make a link of.
type link struct {
	href  string // what opens: host in ASCII, the rest percent-encoded
	shown string // what stands in the text: as typed, but the host as hostNames shows it
	host  string // where it leads, in ASCII; without port
}

// maxLink is the longest address, in bytes, that becomes a link; the opener takes no longer one.
const maxLink = 2048

// schemeBefore returns where the scheme begins that s ends in, or -1 if it ends in none of ours.
func schemeBefore(s string) int {
	for _, scheme := range [...]string{"https", "http", "mailto", ours} {
		if n := len(s) - len(scheme); n >= 0 && strings.EqualFold(s[n:], scheme) {
			return n
		}
	}
	return -1
}

// linkAt recognises an address at the start of s, whose scheme ends before s[colon]. Trailing punctuation and a bracket that
// closes something before it belong to the sentence. Addresses with a user name, without a real host, or of any other scheme are
// not links. If it is none, length says how much is not to be looked at again.
func (p *parser) linkAt(s string, colon int) (l link, length int, ok bool) {
	switch s[colon-1] | 0x20 {
	case 'o':
		return p.mailLink(s, colon+1)
	case 'e':
		return p.placeLink(s)
	}
	if !strings.HasPrefix(s[colon+1:], "//") {
		return link{}, 0, false
	}
	after := colon + 3
	// The host is judged before the rest is looked at: a text of many bad addresses is then read only once.
	authority := s[after : after+authorityEnd(s[after:])]
	p.steps += len(authority)
	end := after + len(authority)
	bare := end == len(s) || strings.IndexByte("/?#", s[end]) < 0 // nothing follows the host
	if bare {
		if end < len(s) && s[end] == '@' {
			return link{}, 0, false
		}
		authority = trimAddress(authority)
		end = after + len(authority)
	}
	host, shown, port, ok := splitHost(authority)
	if !ok {
		return link{}, 0, false
	}
	if !bare {
		end += addressEnd(s[end:])
		p.steps += 2 * (end - after)
		end = after + len(trimAddress(s[after:end]))
	}
	rest := s[after+len(authority) : end]
	name := host
	if strings.Contains(host, ":") {
		name, shown = "["+host+"]", "["+shown+"]"
	}
	scheme := "https"
	if colon == len("http") {
		scheme = "http"
	}
	l = link{href: scheme + "://" + name + port + encoded(rest), shown: s[:after] + shown + port + rest, host: host}
	return l, end, end <= maxLink && len(l.href) <= maxLink
}

// authorityEnd is the first byte that cannot belong to host and port. What is longer than any host is none.
func authorityEnd(s string) int {
	for i := 0; i < len(s); i++ {
		if strings.IndexByte("/?#@", s[i]) >= 0 || i > 320 {
			return i
		}
		if n := stopsAt(s[i:]); n > 0 {
			return i
		}
	}
	return len(s)
}

// addressEnd is the first byte that cannot belong to an address.
func addressEnd(s string) int {
	for i := 0; i < len(s); i++ {
		if stopsAt(s[i:]) > 0 {
			return i
		}
	}
	return len(s)
}

// stops marks the ASCII characters that end an address: space, quotes, angle brackets, ticks and the backslash, which browsers take
// for a slash.
var stops = func() (table [256]bool) {
	for c := range 256 {
		table[c] = c <= ' ' || c == 0x7f || strings.IndexByte("<>\"`\\|^", byte(c)) >= 0
	}
	return table
}()

// stopsAt returns the size of the first character of s if it cannot belong to an address, else 0: besides stops, what cannot be
// seen, and the quotes and closing punctuation of scripts written without spaces. s may begin inside a character.
func stopsAt(s string) int {
	if s[0] < utf8.RuneSelf {
		if stops[s[0]] {
			return 1
		}
		return 0
	}
	if !utf8.RuneStart(s[0]) {
		return 0
	}
	r, size := utf8.DecodeRuneInString(s)
	if r == unicode.ReplacementChar || unseen(r) && r != 0xfe0f && r != 0x200d || strings.ContainsRune("“”«»‹›。，、；：？！）】》」』", r) {
		return size
	}
	return 0
}

// trimAddress drops what the sentence put behind the address.
func trimAddress(s string) string {
	var surplus map[byte]int // closing brackets of a kind without an opening one
	for s != "" {
		switch c := s[len(s)-1]; c {
		case '?', '!', '.', ',', ':', ';', '*', '_', '~', '\'':
		case ')', ']', '}':
			if surplus == nil {
				surplus = map[byte]int{
					')': strings.Count(s, ")") - strings.Count(s, "("),
					']': strings.Count(s, "]") - strings.Count(s, "["),
					'}': strings.Count(s, "}") - strings.Count(s, "{"),
				}
			}
			if surplus[c] <= 0 {
				return s
			}
			surplus[c]--
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

// splitHost takes HOST or HOST:PORT apart: the host in ASCII, as it is shown, and the port with its colon.
func splitHost(authority string) (ascii, shown, port string, ok bool) {
	name := authority
	if strings.HasPrefix(name, "[") {
		end := strings.IndexByte(name, ']')
		if end < 0 {
			return "", "", "", false
		}
		addr, err := netip.ParseAddr(name[1:end])
		if err != nil || !addr.Is6() || addr.Zone() != "" {
			return "", "", "", false
		}
		ascii, name = addr.String(), name[end+1:]
		if name != "" && name[0] != ':' {
			return "", "", "", false
		}
		shown = ascii
	}
	if i := strings.IndexByte(name, ':'); i >= 0 {
		n, err := strconv.ParseUint(name[i+1:], 10, 16)
		if err != nil || n == 0 {
			return "", "", "", false
		}
		name, port = name[:i], ":"+strconv.FormatUint(n, 10)
	}
	if ascii == "" {
		ascii, shown, ok = hostNames(name)
		return ascii, shown, port, ok
	}
	return ascii, shown, port, true
}

const hexDigits = "0123456789ABCDEF"

// encoded percent-encodes what may not stand in an address. A % that begins no code is one itself, as in "100%".
func encoded(s string) string {
	var b strings.Builder
	from := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '%' && (i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2])) || c >= utf8.RuneSelf || c == '{' || c == '}' {
			b.WriteString(s[from:i])
			b.Write([]byte{'%', hexDigits[c>>4], hexDigits[c&15]})
			from = i + 1
		}
	}
	if from == 0 {
		return s
	}
	b.WriteString(s[from:])
	return b.String()
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f'
}

// mailLink recognises mailto:LOCAL@HOST with no more than a subject and a body: a mail program could be told to attach a file or
// to write to somebody else.
func (p *parser) mailLink(s string, after int) (link, int, bool) {
	const localChars = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.!#$&'*+-/=_~"
	at := after
	for at < len(s) && at-after <= 64 && strings.IndexByte(localChars, s[at]) >= 0 {
		at++
	}
	p.steps += at - after
	if at == after || at-after > 64 || at == len(s) || s[at] != '@' {
		return link{}, 0, false
	}
	local, domain := s[after:at], s[at+1:at+1+authorityEnd(s[at+1:])]
	p.steps += len(domain)
	end := at + 1 + len(domain)
	query := ""
	if end < len(s) && s[end] == '?' {
		whole := end + addressEnd(s[end:])
		p.steps += 2 * (whole - end)
		query = trimAddress(s[end:whole])
		if query == "?" {
			query = ""
		}
	} else if domain = trimAddress(domain); end < len(s) && s[end] == '@' {
		return link{}, 0, false
	}
	ascii, shown, ok := hostNames(domain)
	if !ok {
		return link{}, 0, false
	}
	end = at + 1 + len(domain) + len(query)
	l := link{href: "mailto:" + local + "@" + ascii, shown: s[:after] + local + "@" + shown + query, host: ascii}
	if query == "" {
		return l, end, true
	}
	values, err := url.ParseQuery(query[1:])
	if err != nil {
		return link{}, end, false
	}
	for key, v := range values {
		if key != "subject" && key != "body" || len(v) > 1 || key == "subject" && strings.ContainsFunc(v[0], unicode.IsControl) {
			return link{}, end, false
		}
	}
	l.href += "?" + strings.ReplaceAll(values.Encode(), "+", "%20")
	return l, end, end <= maxLink && len(l.href) <= maxLink
}
