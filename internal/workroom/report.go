package workroom

import (
	"unicode/utf8"
)

// Reason says why something is reported to the service's administrator (P-20).
type Reason string

// Reasons of a report, in the order in which they are offered.
const (
	AsksToSpend   Reason = "spend"   // asks me to spend money to apply: gift cards, checks, equipment
	WantsContact  Reason = "contact" // wants contact details before a contract
	PaysOutside   Reason = "payment" // payment up front or outside
	BuysAccount   Reason = "account" // wants to buy my account
	FalseSkills   Reason = "skills"
	Scam          Reason = "scam" // a suspicious link
	Threats       Reason = "abuse"
	SomethingElse Reason = "other" // needs a note
)

// Reasons are all of them, in order.
var Reasons = []Reason{AsksToSpend, WantsContact, PaysOutside, BuysAccount, FalseSkills, Scam, Threats, SomethingElse}

// MaxReportNote is how many characters the note of a report has.
const MaxReportNote = 2000

// Outcome is what came of a report.
type Outcome string

// Outcomes. The administrator may warn who was reported, remove the message, suspend the account, or do nothing of that.
const (
	ReportOpen Outcome = ""
	Dismissed  Outcome = "dismissed"
	Warned     Outcome = "warned"
	Removed    Outcome = "removed"
	Suspended  Outcome = "suspended"
)

// Report is a report as who made it keeps it, in their own scope. What was reported is kept by the service apart, for its administrator.
type Report struct {
	Person  AccountID `json:"person"`
	Name    string    `json:"name"`
	Room    RoomID    `json:"room,omitempty"`
	Message string    `json:"message,omitempty"`
	Reason  Reason    `json:"reason"`
	Note    string    `json:"note,omitempty"`
	At      int64     `json:"at"` // Unix µs
	Outcome Outcome   `json:"outcome,omitempty"`
	Decided int64     `json:"decided,omitempty"` // Unix µs
	Unknown `json:"-"`
}

func (*Report) ThingKind() Kind { return KindReport }

// MakeReport reports a message of a room, or a person one shares a room with. The service keeps what is reported with what stands around it,
// as it is in that moment.
type MakeReport struct {
	Who     AccountID `json:"who"`
	Person  AccountID `json:"person"`
	Name    string    `json:"name"` // of the person, as the author's copy has it
	Room    RoomID    `json:"room"` // where the message stands, or where both are
	Message string    `json:"message,omitempty"`
	Reason  Reason    `json:"reason"`
	Note    string    `json:"note,omitempty"`
	// Seen is what the message said where it was reported. Until the report arrives its author may have deleted it, and the service has no
	// word of it any more; then the administrator reads this, as what the reporter says.
	Seen string `json:"seen,omitempty"`
}

func (c MakeReport) Op() Op          { return OpMakeReport }
func (c MakeReport) Lane() string    { return string(AccountScope(c.Who)) }
func (c MakeReport) Scopes() []Scope { return []Scope{AccountScope(c.Who), RoomScope(c.Room)} }
func (c MakeReport) Wants() []Ref {
	out := aboutMember(c.Room, c.Person)
	if c.Message != "" {
		out = append(out, Ref{RoomScope(c.Room), KindMessage, c.Message})
	}
	return out
}

func (c MakeReport) Check() *Refusal {
	known := false
	for _, r := range Reasons {
		known = known || r == c.Reason
	}
	switch {
	case !ValidID(string(c.Who)) || !ValidID(string(c.Person)) || !ValidID(string(c.Room)) || c.Who == c.Person || c.Message != "" && !ValidID(c.Message):
		return Refuse(BadInput)
	case !known:
		return Bad("reason", "Choose a reason.")
	case !utf8.ValidString(c.Note):
		return Bad("note", "The note is not readable as UTF-8.")
	case utf8.RuneCountInString(c.Note) > MaxReportNote:
		return Bad("note", "The note has %d characters; the limit is %d.", utf8.RuneCountInString(c.Note), MaxReportNote)
	case !utf8.ValidString(c.Seen) || utf8.RuneCountInString(c.Seen) > MaxMessage || c.Seen != "" && c.Message == "":
		return Bad("seen", "What was reported is not as expected.")
	case c.Reason == SomethingElse && Blank(c.Note):
		return Bad("note", "Write what is wrong: this reason needs a note.")
	}
	return checkName("name", c.Name)
}

// Do writes down that it was reported. Whoever is in the room may report what stands there and who is or was in it.
func (c MakeReport) Do(a Asked, in Rows, out *Changes) *Refusal {
	if a.By != c.Who {
		return Refuse(NoAccess)
	}
	if _, r := standing(a.By, in, c.Room); r != nil {
		return r
	}
	name := c.Name
	switch m, k := Get[*Member](in, Ref{RoomScope(c.Room), KindMember, string(c.Person)}); k {
	case Absent:
		return Refuse(Gone)
	case Held:
		name = m.Name
	}
	if c.Message != "" {
		m, k := Get[*Message](in, Ref{RoomScope(c.Room), KindMessage, c.Message})
		if k == Absent || k == Held && m.Author != c.Person {
			return Refuse(Gone)
		}
	}
	out.Put(AccountScope(c.Who), a.ID, &Report{
		Person: c.Person, Name: name, Room: c.Room, Message: c.Message, Reason: c.Reason, Note: c.Note, At: a.At.UnixMicro(),
	})
	return nil
}

// Notice is a sentence of the service's administrator to an account, with when it was written, Unix µs.
type Notice struct {
	Text string `json:"text"`
	At   int64  `json:"at"`
}
