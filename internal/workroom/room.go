package workroom

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// RoomKind says what a room is for; it decides its owner and what may be done with it.
type RoomKind string

// Kinds of rooms.
const (
	DirectRoom    RoomKind = "direct"    // of two people; its id is DirectID
	GroupRoom     RoomKind = "group"     // of whoever its owner and admins add
	InterviewRoom RoomKind = "interview" // from the offer to its answer
	ContractRoom  RoomKind = "contract"
)

// Room is where messages stand. Contract is set for interview and contract rooms.
type Room struct {
	Kind     RoomKind   `json:"kind"`
	Name     string     `json:"name"`
	Contract ContractID `json:"contract,omitempty"`
	Archived bool       `json:"archived,omitempty"`
	Made     int64      `json:"made"` // Unix µs
	// Shut closes a room that two people have to themselves for writing, because one of them blocked the other.
	Shut bool `json:"shut,omitempty"`
	// By is who made it; rooms of the first versions do not say.
	By      AccountID `json:"by,omitempty"`
	Unknown `json:"-"`
}

// Member is an account in a room, with the name the others see.
type Member struct {
	Name  string `json:"name"`
	Role  Role   `json:"role"`
	Since int64  `json:"since"` // Unix µs
	// Whole says that what was written before Since is open to them too. A side of a contract sees all of its room without it; in rooms of
	// earlier versions nobody else has it.
	Whole bool `json:"whole,omitempty"`
	// Left is when they left or were removed, Unix µs; 0: they are in it. The row stays, for the name of who wrote what is there.
	Left int64 `json:"left,omitempty"`
	// Business marks a Business client, whom the service's administrator exempts from the rule about contact details (P-15). Only the service
	// writes it.
	Business bool `json:"business,omitempty"`
	Unknown  `json:"-"`
}

// Message is one entry of a room. Born, not At, is its order.
type Message struct {
	Author AccountID `json:"author"`
	Text   string    `json:"text"`
	At     int64     `json:"at"` // Unix µs, by the service once it has it
	Files  []FileRef `json:"files,omitempty"`
	// Composed is when it was written by the author's clock, Unix µs, kept only where that is more than 2 minutes before At: it waited
	// offline, or was recovered after the service lost it.
	Composed int64 `json:"composed_at,omitempty"`
	// Above is as SendMessage's; what others wrote in between is not read by it.
	Above int64 `json:"above,omitempty"`
	// Reply is the message of the same room that this one answers; it need not be here, or be any more.
	Reply string `json:"reply,omitempty"`
	// Edited is when Text was last changed, Unix µs; Wordings is what it said before, oldest first.
	Edited    int64      `json:"edited,omitempty"`
	Wordings  []Wording  `json:"wordings,omitempty"`
	Reactions []Reaction `json:"reactions,omitempty"`
	// Deleted is when its author took it away, Unix µs: the row stays, and says nothing.
	Deleted int64 `json:"deleted,omitempty"`
	// Removed says that the service's administrator took it away, not its author.
	Removed bool `json:"removed,omitempty"`
	// Auto marks an automatic answer of somebody who is away (M-34): the service wrote it in the author's name.
	Auto bool `json:"auto,omitempty"`
	// Contact is the reason its author named for contact details before a contract; empty if none was needed.
	Contact ContactReason `json:"contact,omitempty"`
	Unknown `json:"-"`
}

// FileRef names an uploaded file in a message. W and H are set for pictures, so that a list never grows when they load.
type FileRef struct {
	ID   FileID `json:"id"`
	Name string `json:"name"`
	Size int64  `json:"size"`
	Type string `json:"type"`
	W    int    `json:"w,omitempty"`
	H    int    `json:"h,omitempty"`
	// Deleted is when somebody took its bytes away, Unix µs, and DeletedBy who; nothing but this line is left of it then.
	Deleted   int64     `json:"deleted,omitempty"`
	DeletedBy AccountID `json:"deleted_by,omitempty"`
}

// File is a file of a room as Files & links lists it.
type File struct {
	FileRef
	Author  AccountID `json:"author"`
	Message string    `json:"message"`
	At      int64     `json:"at"`
	Unknown `json:"-"`
}

func (*Room) ThingKind() Kind    { return KindRoom }
func (*Member) ThingKind() Kind  { return KindMember }
func (*Message) ThingKind() Kind { return KindMessage }
func (*File) ThingKind() Kind    { return KindFile }

// Limits of product.md.
const (
	MaxMessage  = 10_000 // characters
	MaxFiles    = 10     // in one message
	MaxFileSize = 1 << 30
	MaxName     = 80
	MaxTitle    = 120
	MaxMemo     = 255
	MaxCode     = 32
	MaxCodeText = 255
)

// SendMessage writes a message into a room. Its files are uploaded first.
type SendMessage struct {
	Room  RoomID    `json:"room"`
	Text  string    `json:"text"`
	Files []FileRef `json:"files,omitempty"`
	// Composed is the moment of writing by the device's clock, Unix µs; 0 if it does not say. The desktop fills it in.
	Composed int64 `json:"composed_at,omitempty"`
	// Above is the number of the newest message that its author's copy had when it was written, -1 if it had none, 0 if it does not say.
	// The desktop fills it in. It raised no version either.
	Above int64 `json:"above,omitempty"`
	// Reply is the message that this one answers. It came after the first version and raised none: a service that does not know it still
	// takes the words.
	Reply string `json:"reply,omitempty"`
	// Contact is why it holds contact details before a contract, if it does.
	Contact ContactReason `json:"contact,omitempty"`
}

// ReadBy is the number up to which its author had read a room by writing the message of a number in it, of what Message.Above says.
func ReadBy(num, above int64) int64 {
	if above == 0 { // it does not say
		return num
	}
	return min(max(0, above), num)
}

// Composer is a command whose arguments carry the moment it was given, because what it makes may reach the service much later.
type Composer interface{ ComposedAt(us int64) Command }

// ComposedAt is the command with the moment it was given, unless it carries one already.
func (c SendMessage) ComposedAt(us int64) Command {
	if c.Composed == 0 {
		c.Composed = us
	}
	return c
}

// apart is how far the moment of writing must lie before that of arrival to be told (sync.md §14).
const apart = 2 * 60_000_000 // µs

func (c SendMessage) Op() Op          { return OpSendMessage }
func (c SendMessage) Scopes() []Scope { return []Scope{RoomScope(c.Room)} }
func (c SendMessage) Lane() string    { return string(RoomScope(c.Room)) }
func (c SendMessage) Wants() []Ref {
	s := RoomScope(c.Room)
	return []Ref{{s, KindRoom, string(c.Room)}}
}

// FileIDs are the files the message carries.
func (c SendMessage) FileIDs() []FileID {
	ids := make([]FileID, len(c.Files))
	for i, f := range c.Files {
		ids[i] = f.ID
	}
	return ids
}

func (c SendMessage) Check() *Refusal {
	if !ValidID(string(c.Room)) {
		return Refuse(NoAccess)
	}
	n := utf8.RuneCountInString(c.Text)
	switch {
	case !utf8.ValidString(c.Text):
		return Bad("text", "The text is not readable as UTF-8.")
	case n > MaxMessage:
		return Bad("text", "The message has %d characters; the limit is %d.", n, MaxMessage)
	case Blank(c.Text) && len(c.Files) == 0:
		return Bad("text", "Write something, or attach a file.")
	case c.Reply != "" && !ValidID(c.Reply):
		return Bad("reply", "The message this one answers has no proper id.")
	case len(c.Files) > MaxFiles:
		return Bad("files", "A message carries at most %d files; this one has %d.", MaxFiles, len(c.Files))
	}
	if r := c.Contact.check(); r != nil {
		return r
	}
	for _, f := range c.Files {
		if r := f.check(); r != nil {
			return r
		}
	}
	return nil
}

func (f FileRef) check() *Refusal {
	switch {
	case !ValidID(string(f.ID)):
		return Bad("files", "A file has no proper id.")
	case f.Size < 1:
		return Bad("files", "An empty file cannot be sent.")
	case f.Deleted != 0 || f.DeletedBy != "":
		return Bad("files", "A file that was deleted cannot be sent again.")
	case f.Size > MaxFileSize:
		return (&Refusal{Code: TooLarge, Text: "A file is larger than 1 GiB."}).on("files")
	case f.Name == "" || len(f.Name) > 255 || f.Name != SafeName(f.Name):
		return Bad("files", "A file has a name that cannot be used.")
	case len(f.Type) > 127 || strings.ContainsFunc(f.Type, unicode.IsControl) || f.W < 0 || f.H < 0 || f.W > 20_000 || f.H > 20_000,
		(f.W > 0) != (f.H > 0), f.W > 0 && !strings.HasPrefix(f.Type, "image/"):
		return Bad("files", "A file is described in a way that cannot be used.")
	}
	return nil
}

// Do writes the message and lists its files in the room.
func (c SendMessage) Do(a Asked, in Rows, out *Changes) *Refusal {
	s := RoomScope(c.Room)
	if r := mayPost(a.By, in, c.Room); r != nil {
		return r
	}
	if old, k := Get[*Message](in, Ref{s, KindMessage, a.ID}); k == Held && old.Author != a.By {
		return Refuse(NoAccess)
	}
	for _, f := range c.Files {
		old, k := Get[*File](in, Ref{s, KindFile, string(f.ID)})
		switch {
		case k == Held && old.Author != a.By:
			return Refuse(NoAccess)
		case k == Held && old.Message != a.ID: // deleted there it would still stand here
			return Bad("files", "A file of this was sent already. Attach it again.")
		}
	}
	at := a.At.UnixMicro()
	m := &Message{Author: a.By, Text: c.Text, At: at, Files: c.Files, Reply: c.Reply, Contact: c.Contact, Above: max(-1, c.Above)}
	if c.Composed > 0 && c.Composed < at-apart { // a clock that runs ahead says nothing
		m.Composed = c.Composed
	}
	out.Put(s, a.ID, m)
	for _, f := range c.Files {
		out.Put(s, string(f.ID), &File{FileRef: f, Author: a.By, Message: a.ID, At: at})
	}
	return nil
}

// mayPost refuses what is said in a room: one has to be in it, it is open, and nobody stands between the two of a direct one.
func mayPost(by AccountID, in Rows, room RoomID) *Refusal {
	if r := mayWithdraw(by, in, room); r != nil {
		return r
	}
	if r, k := Get[*Room](in, Ref{RoomScope(room), KindRoom, string(room)}); k == Held && r.Shut {
		return Refuse(Undeliverable)
	}
	return nil
}

// mayWithdraw refuses what is taken back in a room. That one of two blocked the other keeps neither from taking away what is theirs: nothing
// is delivered by it (P-24, M-27).
func mayWithdraw(by AccountID, in Rows, room RoomID) *Refusal {
	s := RoomScope(room)
	if m, k := Get[*Member](in, Ref{s, KindMember, string(by)}); k == Absent || k == Held && m.Left != 0 {
		return Refuse(NoAccess)
	}
	r, k := Get[*Room](in, Ref{s, KindRoom, string(room)})
	if k == Absent {
		return Refuse(NoAccess)
	}
	if k == Held && r.Archived {
		return Refuse(RoomArchived)
	}
	return nil
}

// Blank reports whether a text shows nothing: only spaces, controls, marks and fillers that draw nothing, and the Braille sign without a dot.
// The composer's blank answers the same; testdata/blank.json holds both to it.
func Blank(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return r != '\u2800' && !unicode.In(r, unicode.White_Space, unicode.Z, unicode.Cc, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
	})
}

// SafeName makes a name that is safe on every system out of what a person or a stranger's program called a file: the base name without
// controls, direction overrides and reserved characters, never empty, with one dot at its beginning at most and none at its end, at most 200
// bytes with its extension kept (safety.md §5).
func SafeName(name string) string {
	name = strings.ToValidUTF8(name, "_")
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	var b strings.Builder
	for _, r := range name {
		switch {
		case r < 0x20, r >= 0x7f && r < 0xa0, r == 0x61c, r == 0x200e, r == 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0xfeff:
		case strings.ContainsRune(`<>:"/\|?*`, r):
			b.WriteByte('_')
		default:
			b.WriteRune(r)
		}
	}
	name = strings.Trim(b.String(), ". \u00a0")
	if name == "" {
		return "file"
	}
	if strings.HasPrefix(strings.TrimLeft(b.String(), " \u00a0"), ".") { // ".env" is no "env"
		name = "." + name
	}
	stem, ext := name, ""
	if i := strings.LastIndexByte(name, '.'); i > 0 && len(name)-i <= 20 {
		stem, ext = name[:i], name[i:]
	}
	switch up := strings.ToUpper(strings.TrimSpace(firstDot(stem))); {
	case up == "CON", up == "PRN", up == "AUX", up == "NUL",
		len(up) == 4 && (strings.HasPrefix(up, "COM") || strings.HasPrefix(up, "LPT")) && up[3] >= '1' && up[3] <= '9':
		stem = "_" + stem
	}
	for len(stem)+len(ext) > 200 {
		_, n := utf8.DecodeLastRuneInString(stem)
		stem = stem[:len(stem)-n]
	}
	return strings.TrimRight(stem, ". ") + ext
}

func firstDot(s string) string {
	head, _, _ := strings.Cut(s, ".")
	return head
}

// SafeLabel is a display name or title made harmless: controls and direction overrides dropped, runs of space made one, trimmed, cut to
// max characters.
func SafeLabel(s string, max int) string {
	s = strings.ToValidUTF8(s, "")
	var b strings.Builder
	space := true
	n := 0
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			if space {
				continue
			}
			space, r = true, ' '
		case unicode.IsControl(r), r == 0x61c, r == 0x200e, r == 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0xfeff:
			continue
		default:
			space = false
		}
		if n == max {
			break
		}
		b.WriteRune(r)
		n++
	}
	return strings.TrimSpace(b.String())
}
