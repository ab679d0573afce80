package workroom

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Limits of notepads. An account may keep of them, of markers and of preferences as many as it will ever see rooms.
const (
	MaxNote  = 100_000 // characters of one
	MaxNotes = 2000
	maxOwn   = 10_000 // rooms of which an account keeps a marker, or a preference
)

// another reports whether an account may keep one more thing of a kind; yes where this copy cannot tell.
func another(in Rows, who AccountID, kind Kind, most int) bool {
	all, k := in.All(AccountScope(who), kind)
	return k != Held || len(all) < most
}

// Note is an account's notepad of one room, in the account's own scope: nobody else ever reads it (M-35). Its id is the room.
//
// Other is set while two texts stand that could not be made one, because the same lines were changed in different ways on two devices. Both
// are kept until the person chooses; Text is the one that reached the service first.
type Note struct {
	Text    string `json:"text"`
	At      int64  `json:"at"` // when Text last changed, Unix µs
	Other   string `json:"other,omitempty"`
	OtherAt int64  `json:"other_at,omitempty"`
	Unknown `json:"-"`
}

// ThingKind is KindNote.
func (*Note) ThingKind() Kind { return KindNote }

// SetNote writes the caller's notepad of a room. Besides the text it says which text it began from, so that the rule can merge it with what
// another device wrote meanwhile: Base is that text's NoteMark, Back turns Text into it and is left out where it would be large.
//
// Chosen says that the person looked at the other text of that mark and decided: it is dropped unless it became another one meanwhile.
type SetNote struct {
	Room   RoomID
	Who    AccountID
	Text   string
	Base   string
	Back   []Hunk
	Chosen string
}

// noteArgs is SetNote on the wire. A long text travels packed, so that the longest notepad still fits into one batch of commands in any
// alphabet.
type noteArgs struct {
	Room   RoomID    `json:"room"`
	Who    AccountID `json:"who"`
	Text   string    `json:"text,omitempty"`
	Packed []byte    `json:"packed,omitempty"` // Text by DEFLATE
	Base   string    `json:"base,omitempty"`
	Back   []Hunk    `json:"back,omitempty"`
	Chosen string    `json:"chosen,omitempty"`
}

// Sizes in bytes of what a SetNote carries.
const (
	packFrom = 32 << 10 // texts from here on are packed
	maxBack  = 24 << 10 // of the lines in Back
	maxNoteB = 4 * MaxNote
)

// NewNote is the command that puts text in the place of base, which is what the person saw when they began to write.
func NewNote(room RoomID, who AccountID, base, text string) SetNote {
	c := SetNote{Room: room, Who: who, Text: text, Base: NoteMark(base)}
	back := diffLines(linesOf(text), linesOf(base))
	size := 0
	for _, h := range back {
		size += 24
		for _, line := range h.Ins {
			size += 3 + len(line)
		}
	}
	if size <= maxBack {
		c.Back = back
	}
	return c
}

// NoteMark names a text of a notepad: the first half of its SHA-256 in hex, empty for no text.
func NoteMark(text string) string {
	if text == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}

// MarshalJSON packs a long text.
func (c SetNote) MarshalJSON() ([]byte, error) {
	a := noteArgs{Room: c.Room, Who: c.Who, Text: c.Text, Base: c.Base, Back: c.Back, Chosen: c.Chosen}
	if len(c.Text) > packFrom && utf8.ValidString(c.Text) {
		var b bytes.Buffer
		w, err := flate.NewWriter(&b, flate.BestCompression)
		if err != nil {
			return nil, fmt.Errorf("pack a note: %w", err)
		}
		if _, err := io.WriteString(w, c.Text); err != nil {
			return nil, fmt.Errorf("pack a note: %w", err)
		}
		if err := w.Close(); err != nil {
			return nil, fmt.Errorf("pack a note: %w", err)
		}
		a.Text, a.Packed = "", b.Bytes()
	}
	return json.Marshal(a)
}

// UnmarshalJSON unpacks it, and refuses what unpacks to more than a notepad may hold.
func (c *SetNote) UnmarshalJSON(b []byte) error {
	var a noteArgs
	if err := json.Unmarshal(b, &a); err != nil {
		return err
	}
	*c = SetNote{Room: a.Room, Who: a.Who, Text: a.Text, Base: a.Base, Back: a.Back, Chosen: a.Chosen}
	if len(a.Packed) == 0 {
		return nil
	}
	text, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(a.Packed)), maxNoteB+1))
	if err != nil {
		return fmt.Errorf("unpack a note: %w", err)
	}
	if len(text) > maxNoteB {
		return fmt.Errorf("unpack a note: more than %d bytes", maxNoteB)
	}
	c.Text = string(text)
	return nil
}

// Op is OpSetNote.
func (c SetNote) Op() Op { return OpSetNote }

// Scopes is the caller's own one.
func (c SetNote) Scopes() []Scope { return []Scope{AccountScope(c.Who)} }

// Lane is that of the account's own things.
func (c SetNote) Lane() string { return string(AccountScope(c.Who)) }

// FoldKey is the room: while one waits, only its newest text matters.
func (c SetNote) FoldKey() string { return string(c.Room) }

// Wants is the notepad.
func (c SetNote) Wants() []Ref { return []Ref{{AccountScope(c.Who), KindNote, string(c.Room)}} }

// Joined is the newer text over what the older began from. Only one that goes on from the older's text takes its place; any other follows
// it, for the rule to merge: nothing typed is lost by folding.
func (c SetNote) Joined(older Command) Command {
	o, ok := older.(SetNote)
	if !ok || o.Room != c.Room || o.Who != c.Who || c.Base != NoteMark(o.Text) || o.Chosen != "" && c.Chosen != "" && o.Chosen != c.Chosen {
		return SetNote{} // does not pass Check: the newer one goes as a command of its own
	}
	if c.Chosen == "" {
		c.Chosen = o.Chosen
	}
	if base, known := o.base(); known {
		return withChosen(NewNote(c.Room, c.Who, base, c.Text), c.Chosen)
	}
	c.Base, c.Back = o.Base, nil
	return c
}

func withChosen(c SetNote, chosen string) SetNote {
	c.Chosen = chosen
	return c
}

// base is the text the command began from, if it tells.
func (c SetNote) base() (string, bool) {
	if c.Base == "" {
		return "", true
	}
	text, ok := applyHunks(c.Text, c.Back)
	return text, ok && NoteMark(text) == c.Base
}

// Check refuses what is too long, and what cannot be read.
func (c SetNote) Check() *Refusal {
	n := utf8.RuneCountInString(c.Text)
	switch {
	case !ValidID(string(c.Room)) || !ValidID(string(c.Who)):
		return Refuse(NoAccess)
	case !utf8.ValidString(c.Text):
		return Bad("text", "The text is not readable as UTF-8.")
	case n > MaxNote:
		return Bad("text", "The notepad has %d characters; the limit is %d.", n, MaxNote)
	case len(c.Base) > 64 || len(c.Chosen) > 64:
		return Refuse(BadInput)
	}
	return nil
}

// Do writes the text. What another device wrote meanwhile is merged with it by lines; where both changed the same lines both texts stay, for
// the person to choose. What cannot be kept at all is refused with its text kept.
func (c SetNote) Do(a Asked, in Rows, out *Changes) *Refusal {
	if a.By != c.Who {
		return Refuse(NoAccess)
	}
	was := &Note{}
	old, k := Get[*Note](in, c.Wants()[0])
	switch {
	case k == Held:
		was = old
	case k == Absent && c.Text != "" && !another(in, c.Who, KindNote, MaxNotes):
		return Bad("text", "There are %d notepads, which is the most.", MaxNotes)
	}
	n := *was
	if c.Chosen != "" && NoteMark(n.Other) == c.Chosen {
		n.Other, n.OtherAt = "", 0
	}
	now := a.At.UnixMicro()
	if r := c.write(&n, now); r != nil {
		return r
	}
	if n.Other == n.Text {
		n.Other, n.OtherAt = "", 0
	}
	if n.Text != was.Text {
		n.At = now
	}
	if n.Text == was.Text && n.Other == was.Other {
		return nil
	}
	out.Put(AccountScope(c.Who), string(c.Room), &n)
	return nil
}

// write brings the command's text into the note.
func (c SetNote) write(n *Note, now int64) *Refusal {
	base, known := c.base()
	switch {
	case c.Text == n.Text:
		return nil
	case c.Base == NoteMark(n.Text):
		n.Text = c.Text
		return nil
	case n.Other != "" && c.Base == NoteMark(n.Other): // somebody goes on writing the other text
		n.Other, n.OtherAt = c.Text, now
		return nil
	}
	if strings.Trim(n.Text, "\n") == "" { // emptied there and changed here: what was changed stays
		n.Text = c.Text
		return nil
	}
	if known {
		if text, clean := mergeTexts(base, n.Text, c.Text); clean && utf8.RuneCountInString(text) <= MaxNote {
			n.Text = text
			return nil
		}
	}
	other := c.Text
	if n.Other != "" { // a third text: all that both others say stands in one
		if !known {
			base = ""
		}
		other, _ = mergeTexts(base, n.Other, c.Text)
	}
	if strings.Trim(other, "\n") == "" { // emptied here and changed there: what was changed stays
		return nil
	}
	if utf8.RuneCountInString(other) > MaxNote {
		return (&Refusal{Code: TooLarge, Text: "This notepad was changed on another device too, and both texts together are too long. Choose one of them first."}).on("text")
	}
	n.Other, n.OtherAt = other, now
	return nil
}
