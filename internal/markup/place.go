package markup

import "strings"

// ours is the scheme of links to places of the program.
const ours = "trestle"

// placeLink recognises a link of our own (D-10): trestle://room/ID, trestle://contract/ID, trestle://message/ID and the last one with
// ?room=ID. It leads to a place in the program and can do nothing else; anything that looks like one and is not stays text.
func (p *parser) placeLink(s string) (link, int, bool) {
	scheme, rest, ok := strings.Cut(s[:min(len(s), 180)], "://")
	if !ok || !strings.EqualFold(scheme, ours) {
		return link{}, 0, false
	}
	kind, rest, ok := strings.Cut(rest, "/")
	if !ok || kind != "room" && kind != "message" && kind != "contract" {
		return link{}, 0, false
	}
	n := placeID(rest)
	p.steps += n
	if n == 0 {
		return link{}, 0, false
	}
	length := len(ours+"://") + len(kind) + 1 + n
	if room, ok := strings.CutPrefix(rest[n:], "?room="); ok && kind == "message" {
		if m := placeID(room); m > 0 {
			p.steps += m
			length += len("?room=") + m
		}
	}
	return link{href: ours + s[len(ours):length], shown: s[:length], host: kind}, length, true
}

// placeID is how long the id is that s begins with, 0 for none or one that is too long.
func placeID(s string) int {
	n := 0
	for n < len(s) && (s[n] >= '0' && s[n] <= '9' || s[n]|0x20 >= 'a' && s[n]|0x20 <= 'z' || s[n] == '_' || s[n] == '-') {
		n++
	}
	if n > 64 {
		return 0
	}
	return n
}
