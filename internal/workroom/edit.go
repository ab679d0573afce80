package workroom

import (
	"time"
	"unicode/utf8"
)

// Wording is what a message said before it was edited. At is when it began to say so, Unix µs: the moment it was written or last edited.
type Wording struct {
	Text string `json:"text"`
	At   int64  `json:"at"`
}

// What an edited message keeps of what it said (M-26). The characters are counted together, so that one message stays far below what a
// page of a pull may hold.
const (
	MaxWordings     = 20
	MaxWordingsText = 60_000 // characters of all of them
)

// DeleteWithin is how long a message of an interview or contract room may be deleted: what was said there is evidence (M-27).
const DeleteWithin = 15 * time.Minute

// Evidence reports whether what is said in a room of this kind may be deleted for DeleteWithin only; elsewhere any time.
func (k RoomKind) Evidence() bool { return k == InterviewRoom || k == ContractRoom }

// EditMessage gives a message of one's own other words. Its files stay; what it said before is kept and can be read by everyone who can
// read the message.
type EditMessage struct {
	Room    RoomID `json:"room"`
	Message string `json:"message"`
	Text    string `json:"text"`
	// Contact is why the new words hold contact details before a contract, if they do. Without one the message keeps the reason it has.
	Contact ContactReason `json:"contact,omitempty"`
}

// DeleteMessage takes the words, files, reactions and earlier wordings of a message of one's own away. What stays is that there was a
// message, whose, and when it was deleted.
type DeleteMessage struct {
	Room    RoomID `json:"room"`
	Message string `json:"message"`
}

func (c EditMessage) Op() Op          { return OpEditMessage }
func (c EditMessage) Scopes() []Scope { return []Scope{RoomScope(c.Room)} }
func (c EditMessage) Lane() string    { return string(RoomScope(c.Room)) }
func (c EditMessage) Wants() []Ref    { return aboutMessage(c.Room, c.Message) }

// FoldKey is the message: of edits that wait only the newest matters.
func (c EditMessage) FoldKey() string { return c.Message }

func (c EditMessage) Check() *Refusal {
	n := utf8.RuneCountInString(c.Text)
	switch {
	case !ValidID(string(c.Room)) || !ValidID(c.Message):
		return Refuse(NoAccess)
	case !utf8.ValidString(c.Text):
		return Bad("text", "The text is not readable as UTF-8.")
	case n > MaxMessage:
		return Bad("text", "The message has %d characters; the limit is %d.", n, MaxMessage)
	}
	return c.Contact.check()
}

// Do sets the words and keeps the ones before. Over a message that says so already it changes nothing.
func (c EditMessage) Do(a Asked, in Rows, out *Changes) *Refusal {
	m, r := ownMessage(a.By, in, c.Room, c.Message)
	switch {
	case m == nil || r != nil:
		return r
	case m.Deleted != 0:
		return Refuse(Gone)
	case Blank(c.Text) && len(m.Files) == 0:
		return Bad("text", "Write something, or delete the message.")
	case m.Text == c.Text:
		return nil
	}
	n := *m
	was := Wording{Text: m.Text, At: m.At}
	if m.Edited != 0 {
		was.At = m.Edited
	}
	n.Wordings = keptWordings(append(append([]Wording{}, m.Wordings...), was))
	n.Text, n.Edited = c.Text, a.At.UnixMicro()
	if c.Contact != "" {
		n.Contact = c.Contact
	}
	out.Put(RoomScope(c.Room), c.Message, &n)
	return nil
}

// keptWordings are the newest of them within both limits, the last one always.
func keptWordings(list []Wording) []Wording {
	from, n := len(list), 0
	for from > 0 && len(list)-from < MaxWordings {
		n += utf8.RuneCountInString(list[from-1].Text)
		if n > MaxWordingsText && from < len(list) {
			break
		}
		from--
	}
	return list[from:]
}

func (c DeleteMessage) Op() Op          { return OpDeleteMessage }
func (c DeleteMessage) Scopes() []Scope { return []Scope{RoomScope(c.Room)} }
func (c DeleteMessage) Lane() string    { return string(RoomScope(c.Room)) }
func (c DeleteMessage) Wants() []Ref    { return aboutMessage(c.Room, c.Message) }

func (c DeleteMessage) Check() *Refusal {
	if !ValidID(string(c.Room)) || !ValidID(c.Message) {
		return Refuse(NoAccess)
	}
	return nil
}

// Do leaves the message in its place without anything it said. The row lives on, so that a room keeps its gapless numbers and everyone
// sees where something was; its files become tombstones, and their bytes go.
func (c DeleteMessage) Do(a Asked, in Rows, out *Changes) *Refusal {
	if r := mayWithdraw(a.By, in, c.Room); r != nil {
		return r
	}
	s := RoomScope(c.Room)
	m, k := Get[*Message](in, Ref{s, KindMessage, c.Message})
	switch {
	case k == Absent:
		return Refuse(Gone)
	case m != nil && m.Author != a.By:
		return Refuse(AuthorOnly)
	case m == nil || m.Deleted != 0:
		return nil
	}
	room, k := Get[*Room](in, Ref{s, KindRoom, string(c.Room)})
	if k == Held && room.Kind.Evidence() && a.At.Sub(time.UnixMicro(m.At)) > DeleteWithin {
		return Refuse(TooLate)
	}
	for _, f := range m.Files {
		ref := Ref{s, KindFile, string(f.ID)}
		if x, k := Get[*File](in, ref); k == Held && x.Message == c.Message {
			out.Remove(ref)
		}
	}
	out.Put(s, c.Message, &Message{Author: m.Author, At: m.At, Composed: m.Composed, Above: m.Above, Deleted: a.At.UnixMicro()})
	return nil
}

func aboutMessage(room RoomID, message string) []Ref {
	s := RoomScope(room)
	return []Ref{{s, KindRoom, string(room)}, {s, KindMessage, message}}
}

// message reads a message of a room in which the caller may write; nil without a refusal where this copy cannot tell.
func message(by AccountID, in Rows, room RoomID, id string) (*Message, *Refusal) {
	if r := mayPost(by, in, room); r != nil {
		return nil, r
	}
	m, k := Get[*Message](in, Ref{RoomScope(room), KindMessage, id})
	if k == Absent {
		return nil, Refuse(Gone)
	}
	return m, nil
}

// ownMessage is message, and its author is the caller.
func ownMessage(by AccountID, in Rows, room RoomID, id string) (*Message, *Refusal) {
	m, r := message(by, in, room, id)
	if m != nil && m.Author != by {
		return nil, Refuse(AuthorOnly)
	}
	return m, r
}
