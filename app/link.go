package app

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/net/idna"
)

// linkLimit is the longest address that leaves the program, in bytes.
const linkLimit = 2048

// Link is an address outside the program that a person may open: http, https or
// mailto, with its host in ASCII and everything else percent-encoded. It is made
// by ParseLink only; nothing else ever reaches the system's opener.
type Link struct {
	// URL is the whole address in ASCII.
	URL string
	// Host is where it really leads, in ASCII: "xn--mnchen-3ya.de". For mailto
	// the domain of the first mailbox.
	Host string
	// Confirm says that the person is to be shown Host first, because what they
	// clicked on does not say where it leads, or because letters of several
	// scripts in the host can look like others.
	Confirm bool
}

func badLink(why string) error {
	return Fail(CodeBadLink, "This link is not opened: "+why+".")
}

// ParseLink reads an address as a browser would and refuses what a browser and
// a person may read differently. text is what the person clicked on, or empty if
// that was the address itself.
func ParseLink(raw, text string) (Link, error) {
	switch {
	case raw == "":
		return Link{}, badLink("it is empty")
	case len(raw) > linkLimit:
		return Link{}, badLink(fmt.Sprintf("it is longer than %d bytes", linkLimit))
	}
	for _, c := range raw {
		if c < 0x20 || c == 0x7f || c == unicode.ReplacementChar {
			return Link{}, badLink("it holds a control character")
		}
	}
	if raw != strings.TrimSpace(raw) {
		return Link{}, badLink("it begins or ends with a space")
	}
	if i := strings.IndexByte(raw, '\\'); i >= 0 && !strings.ContainsAny(raw[:i], "?#") {
		return Link{}, badLink("it holds a backslash") // a slash to browsers, not to others
	}
	scheme, _, _ := strings.Cut(raw, ":")
	switch strings.ToLower(scheme) {
	case "http", "https":
		return webLink(raw, text)
	case "mailto":
		return mailLink(raw, text)
	}
	return Link{}, badLink("only web pages and mail addresses are")
}

// webLink is ParseLink for http and https.
func webLink(raw, text string) (Link, error) {
	u, err := url.Parse(loosePercent(raw))
	if err != nil {
		return Link{}, badLink("it is not an address")
	}
	if u.User != nil {
		return Link{}, badLink("it carries a name or a password")
	}
	if u.Opaque != "" || u.Host == "" {
		return Link{}, badLink("it names no host")
	}
	host, err := asciiHost(u.Hostname())
	if err != nil {
		return Link{}, err
	}
	mixed := scriptsMix(u.Hostname())
	where := host
	if strings.Contains(host, ":") {
		where = "[" + host + "]"
	}
	if p := u.Port(); p != "" {
		n, err := strconv.ParseUint(p, 10, 16)
		if err != nil || n == 0 {
			return Link{}, badLink("its port is not a port")
		}
		where += ":" + strconv.FormatUint(n, 10)
	} else if strings.HasSuffix(u.Host, ":") {
		return Link{}, badLink("its port is not a port")
	}
	out := strings.ToLower(u.Scheme) + "://" + where + asciiPart(u.EscapedPath())
	if u.RawQuery != "" || u.ForceQuery {
		out += "?" + asciiPart(u.RawQuery)
	}
	if u.Fragment != "" {
		out += "#" + asciiPart(u.EscapedFragment())
	}
	if len(out) > 3*linkLimit {
		return Link{}, badLink("it is too long")
	}
	return Link{URL: out, Host: host, Confirm: mixed || !saysHost(text, raw, host)}, nil
}

var mailbox = regexp.MustCompile(`^[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]+@[^@\s]+$`)

// mailLink is ParseLink for mailto. Of its fields only cc, subject and body are
// kept: a mail program may take "attach" for a file of this computer.
func mailLink(raw, text string) (Link, error) {
	to, fields, _ := strings.Cut(raw[len("mailto:"):], "?")
	to, err := url.PathUnescape(loosePercent(to))
	if err != nil {
		return Link{}, badLink("it is not a mail address")
	}
	first := ""
	var boxes []string
	for box := range strings.SplitSeq(to, ",") {
		at := strings.LastIndexByte(box, '@')
		if at < 1 || !mailbox.MatchString(box) {
			return Link{}, badLink("it is not a mail address")
		}
		host, err := asciiHost(box[at+1:])
		if err != nil {
			return Link{}, badLink("it is not a mail address")
		}
		if first == "" {
			first = host
		}
		boxes = append(boxes, asciiPart(strings.NewReplacer("%", "%25", "?", "%3F", "#", "%23", "&", "%26").Replace(box[:at]))+"@"+host)
	}
	var kept []string
	for f := range strings.SplitSeq(fields, "&") {
		key, value, _ := strings.Cut(f, "=")
		key = strings.ToLower(key)
		value = asciiPart(loosePercent(value))
		low := strings.ToLower(value)
		switch {
		case key == "body":
		case key != "subject" && key != "cc":
			continue
		case strings.Contains(low, "%0a") || strings.Contains(low, "%0d"):
			return Link{}, badLink("it holds a line break where none belongs")
		}
		kept = append(kept, key+"="+value)
	}
	out := "mailto:" + strings.Join(boxes, ",")
	if len(kept) > 0 {
		out += "?" + strings.Join(kept, "&")
	}
	plain := strings.TrimPrefix(text, "mailto:")
	same := text == "" || strings.EqualFold(plain, to) || text == raw
	return Link{URL: out, Host: first, Confirm: !same || scriptsMix(to)}, nil
}

// hostNames is how browsers look a host up: mapped, checked, in ASCII.
var hostNames = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(true), idna.BidiRule(), idna.VerifyDNSLength(true))

// asciiHost answers a host in ASCII. Numbers that only a browser takes for an
// address (0x7f.1, 2130706433) are refused, and so is an address with a zone.
func asciiHost(host string) (string, error) {
	if strings.Contains(host, ":") {
		ip, err := netip.ParseAddr(host)
		if err != nil || ip.Zone() != "" {
			return "", badLink("its host is not an address")
		}
		return ip.String(), nil
	}
	if strings.Contains(host, "%") {
		return "", badLink("its host is written in code")
	}
	ascii, err := hostNames.ToASCII(strings.TrimSuffix(host, "."))
	if err != nil || ascii == "" {
		return "", badLink("its host is not one")
	}
	last := ascii[strings.LastIndexByte(ascii, '.')+1:]
	if last[0] >= '0' && last[0] <= '9' {
		if ip, err := netip.ParseAddr(ascii); err != nil || !ip.Is4() || ip.String() != ascii {
			return "", badLink("its host is a number")
		}
	}
	return ascii, nil
}

// loosePercent escapes each % that begins no code, as in "100%".
func loosePercent(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		b.WriteByte(s[i])
		if s[i] == '%' && (i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2])) {
			b.WriteString("25")
		}
	}
	return b.String()
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// asciiPart percent-encodes what is not ASCII, and what openers or shells might
// stumble over; what already is a code stays.
func asciiPart(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte("\"'`<>{}|^\\", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// saysHost reports whether what the person clicked on is the address itself, or
// begins with the host it leads to.
func saysHost(text, raw, host string) bool {
	if text == "" || text == raw {
		return true
	}
	t := strings.TrimSpace(text)
	if i := strings.Index(t, "://"); i >= 0 {
		t = t[i+3:]
	}
	if i := strings.IndexAny(t, "/?#"); i >= 0 {
		t = t[:i]
	}
	name, port, hasPort := strings.Cut(t, ":")
	if _, err := strconv.ParseUint(port, 10, 16); hasPort && err != nil {
		return false
	}
	shown, err := asciiHost(name)
	return err == nil && (shown == host || "www."+shown == host)
}

// scriptsMix reports whether a host has letters of more than one script.
// Chinese, Japanese and Korean are written in several at once.
func scriptsMix(host string) bool {
	if u, err := idna.ToUnicode(host); err == nil {
		host = u
	}
	seen := map[string]bool{}
	for _, c := range host {
		if !unicode.IsLetter(c) {
			continue
		}
		switch {
		case unicode.In(c, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo):
			seen["east"] = true
		case unicode.Is(unicode.Latin, c):
			seen["latin"] = true
		default:
			name := "other"
			for n, table := range unicode.Scripts {
				if unicode.Is(table, c) {
					name = n
					break
				}
			}
			seen[name] = true
		}
	}
	return len(seen) > 1
}

// openLimit is how long the opener may take to say that it failed. One that still runs then has started what it was to start: some stay
// until the browser is closed.
const openLimit = 3 * time.Second

// Open hands the address to the system's opener, as one argument and without a
// shell. It answers a Failure with CodeNotHere where there is no opener, or
// where that says that nothing here opens such an address.
func (l Link) Open() error { return l.open(openLimit) }

func (l Link) open(limit time.Duration) error {
	argv := openerFor(runtime.GOOS, l.URL)
	path, err := exec.LookPath(argv[0])
	if err != nil {
		return Fail(CodeNotHere, "This computer has no program that opens addresses ("+argv[0]+").")
	}
	cmd := exec.Command(path, argv[1:]...)
	cmd.WaitDelay = time.Second
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("open the link: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	late := time.NewTimer(limit)
	defer late.Stop()
	select {
	case err := <-ended:
		if _, failed := errors.AsType[*exec.ExitError](err); failed {
			return Fail(CodeNotHere, "No program on this computer opens this address.")
		}
	case <-late.C:
	}
	return nil
}

// openerFor answers the command that opens an address on a system.
func openerFor(system, address string) []string {
	switch system {
	case "windows":
		return []string{"rundll32", "url.dll,FileProtocolHandler", address}
	case "darwin":
		return []string{"open", address}
	}
	return []string{"xdg-open", address}
}

var placeLink = regexp.MustCompile(`^(?i:trestle)://(room|message|contract)/([A-Za-z0-9_-]{1,64})/?(?:\?room=([A-Za-z0-9_-]{1,64}))?$`)

// ParsePlace reads a link of our own, trestle://room/ID, message/ID?room=ID or contract/ID, and answers the place in the UI: "room/ID",
// "message/ID/ROOM". The room of a message may be left out. Such a link only navigates: it never acts, opens a file or changes the service.
func ParsePlace(link string) (string, error) {
	m := placeLink.FindStringSubmatch(link)
	if m == nil || m[3] != "" && m[1] != "message" {
		return "", Fail(CodeBadLink, "This Trestle link names no room, message or contract.")
	}
	if m[3] != "" {
		return m[1] + "/" + m[2] + "/" + m[3], nil
	}
	return m[1] + "/" + m[2], nil
}
