package workroom

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Reaction is one emoji under a message and who put it there, in the order in which they did.
type Reaction struct {
	Emoji string      `json:"emoji"`
	By    []AccountID `json:"by"`
}

// MaxReactions is how many different emoji a message takes. Anybody may join one that is there.
const MaxReactions = 20

// React puts the caller's emoji under a message, or takes it away. It says which of the two is wanted, so that doing it twice is doing it
// once; each person has each emoji once.
type React struct {
	Room    RoomID `json:"room"`
	Message string `json:"message"`
	Emoji   string `json:"emoji"`
	On      bool   `json:"on"`
}

func (c React) Op() Op          { return OpReact }
func (c React) Scopes() []Scope { return []Scope{RoomScope(c.Room)} }
func (c React) Lane() string    { return string(RoomScope(c.Room)) }
func (c React) Wants() []Ref    { return aboutMessage(c.Room, c.Message) }

// FoldKey is the emoji of the message: of pressing it on and off while it waits only the last matters.
func (c React) FoldKey() string { return c.Message + " " + bareEmoji(c.Emoji) }

func (c React) Check() *Refusal {
	switch {
	case !ValidID(string(c.Room)) || !ValidID(c.Message):
		return Refuse(NoAccess)
	case !IsEmoji(c.Emoji):
		return Bad("emoji", "A reaction is one emoji.")
	}
	return nil
}

// Do sets or takes away the one reaction.
func (c React) Do(a Asked, in Rows, out *Changes) *Refusal {
	m, r := message(a.By, in, c.Room, c.Message)
	if m == nil || r != nil {
		return r
	}
	if m.Deleted != 0 {
		return Refuse(Gone)
	}
	at := slices.IndexFunc(m.Reactions, func(x Reaction) bool { return bareEmoji(x.Emoji) == bareEmoji(c.Emoji) })
	if (at >= 0 && slices.Contains(m.Reactions[at].By, a.By)) == c.On {
		return nil
	}
	n := *m
	n.Reactions = slices.Clone(m.Reactions)
	switch {
	case !c.On:
		by := slices.DeleteFunc(slices.Clone(n.Reactions[at].By), func(x AccountID) bool { return x == a.By })
		n.Reactions[at].By = by
		if len(by) == 0 {
			n.Reactions = slices.Delete(n.Reactions, at, at+1)
		}
	case at >= 0:
		n.Reactions[at].By = append(slices.Clone(n.Reactions[at].By), a.By)
	case len(n.Reactions) >= MaxReactions:
		return Bad("emoji", "A message takes %d different reactions.", MaxReactions)
	default:
		n.Reactions = append(n.Reactions, Reaction{c.Emoji, []AccountID{a.By}})
	}
	out.Put(RoomScope(c.Room), c.Message, &n)
	return nil
}

// IsEmoji reports whether a text looks like a single emoji: signs of Unicode's picture blocks with what joins and colours them, no letters,
// no spaces, nothing that turns the writing direction. It is a fence against text, not a list of what a font can draw.
func IsEmoji(s string) bool {
	if s == "" || len(s) > 64 || !utf8.ValidString(s) {
		return false
	}
	runes := []rune(s)
	if len(runes) >= 2 && len(runes) <= 3 && runes[len(runes)-1] == 0x20e3 { // a key: 1️⃣
		return (runes[0] >= '0' && runes[0] <= '9' || runes[0] == '#' || runes[0] == '*') && (len(runes) == 2 || runes[1] == 0xfe0f)
	}
	if half(runes[0]) { // a flag
		return len(runes) == 2 && half(runes[1])
	}
	if len(runes) > 12 {
		return false
	}
	signs, joined := 0, true
	for _, r := range runes {
		switch {
		case half(r):
			return false
		case r >= 0x1f3fb && r <= 0x1f3ff && signs > 0, r == 0xfe0f && signs > 0, r >= 0xe0020 && r <= 0xe007f && signs > 0: // skin, look, region
		case r == 0x200d && signs > 0:
			joined = true
		case picture(r):
			if !joined {
				return false
			}
			signs++
			joined = false
		default:
			return false
		}
	}
	return signs > 0 && runes[len(runes)-1] != 0x200d
}

// bareEmoji is an emoji without the sign that asks for its coloured look: with and without are the same reaction.
func bareEmoji(s string) string { return strings.ReplaceAll(s, "\ufe0f", "") }

// half reports whether a rune is one of the two letters of a flag.
func half(r rune) bool { return r >= 0x1f1e6 && r <= 0x1f1ff }

// picture reports whether a rune lies where Unicode has its emoji.
func picture(r rune) bool {
	switch r {
	case 0xa9, 0xae, 0x203c, 0x2049, 0x2122, 0x2139, 0x24c2, 0x3030, 0x303d, 0x3297, 0x3299:
		return true
	}
	return r >= 0x2190 && r <= 0x21ff || r >= 0x2300 && r <= 0x23ff || r >= 0x25a0 && r <= 0x27bf || r >= 0x2900 && r <= 0x297f ||
		r >= 0x2b00 && r <= 0x2bff || r >= 0x1f000 && r <= 0x1faff
}
