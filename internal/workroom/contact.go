package workroom

import (
	"maps"
	"path"
	"slices"
	"strings"
)

// ContactMode is how a service deals with contact details before a contract (P-05, R12).
type ContactMode string

// Modes. A service that was told nothing asks.
const (
	ContactAsk    ContactMode = "ask"    // held back until the writer names a reason
	ContactRefuse ContactMode = "refuse" // as that, and "these are none" is no reason
	ContactOff    ContactMode = "off"
)

// ContactReason is why somebody sent contact details before a contract all the same, as they said. It stays with what they wrote, for
// everybody to see.
type ContactReason string

// Reasons, by the rows of product.md they rest on.
const (
	ContactLegal     ContactReason = "legal"       // legal papers (P-08)
	ContactAccess    ContactReason = "access"      // an address needed for access to a system, for scoping (P-09)
	ContactPortfolio ContactReason = "portfolio"   // they stand in a portfolio (P-10)
	ContactNone      ContactReason = "not_contact" // these are no contact details
)

// ContactDetails says that something holds contact details which may not be shared before a contract.
const ContactDetails Code = "contact_details"

// Valid reports whether a mode is one of the three.
func (m ContactMode) Valid() bool { return m == ContactAsk || m == ContactRefuse || m == ContactOff }

// Reasons are those that a mode takes, in the order in which they are offered.
func (m ContactMode) Reasons() []ContactReason {
	switch m {
	case ContactOff:
		return nil
	case ContactRefuse:
		return []ContactReason{ContactLegal, ContactAccess, ContactPortfolio}
	}
	return []ContactReason{ContactLegal, ContactAccess, ContactPortfolio, ContactNone}
}

// Takes reports whether contact details may be sent for a reason.
func (m ContactMode) Takes(r ContactReason) bool {
	switch r {
	case ContactLegal, ContactAccess, ContactPortfolio:
		return true
	case ContactNone:
		return m != ContactRefuse
	}
	return m == ContactOff
}

func (r ContactReason) check() *Refusal {
	switch r {
	case "", ContactLegal, ContactAccess, ContactPortfolio, ContactNone:
		return nil
	}
	return Bad("contact", "This is none of the reasons that can be named.")
}

// Said is what a command lets others read. Field names the input that each text is.
type Said struct {
	Room   RoomID // whose members read it; empty if nobody is there yet
	Texts  []SaidText
	Reason ContactReason
	// Message is the one that is edited: a reason named for it before goes on holding.
	Message string
	// Contract is the offer that the texts are part of; once it was accepted they are words between its two sides.
	Contract ContractID
}

// SaidText is one text with the name of its field.
type SaidText struct{ Field, Text string }

// Speaker is a command whose words others read. Before a contract they may hold no contact details without a reason (P-01).
type Speaker interface{ Says() Said }

// Says are the words of the message and the names of its files, without their endings too: one can look like the end of an address.
func (c SendMessage) Says() Said {
	s := Said{Room: c.Room, Texts: []SaidText{{"text", c.Text}}, Reason: c.Contact}
	for _, f := range c.Files {
		s.Texts = append(s.Texts, SaidText{"files", f.Name}, SaidText{"files", strings.TrimSuffix(f.Name, path.Ext(f.Name))})
	}
	return s
}

// Says are the new words.
func (c EditMessage) Says() Said {
	return Said{Room: c.Room, Texts: []SaidText{{"text", c.Text}}, Reason: c.Contact, Message: c.Message}
}

// Says is what whoever holds the invitation reads before they answer.
func (c CreateContract) Says() Said {
	if c.Self {
		return Said{}
	}
	s := Said{Texts: []SaidText{{"title", c.Title}, {"about", c.About}}, Reason: c.Contact}
	for _, a := range c.Activities {
		s.Texts = append(s.Texts, SaidText{"activities", a.Code}, SaidText{"activities", a.About})
	}
	return s
}

// Says is what stands on an offer beside its title: whoever holds its link reads it before they answer, too. The client's list is nobody else's.
func (c SetActivity) Says() Said {
	if c.Contract == "" {
		return Said{}
	}
	return Said{Contract: c.Contract, Texts: []SaidText{{"code", c.Code}, {"about", c.About}}}
}

// Says is the name, which those who are asked in will read.
func (c CreateRoom) Says() Said { return Said{Texts: []SaidText{{"name", c.Name}}} }

// Says is the new name.
func (c RenameRoom) Says() Said { return Said{Room: c.Room, Texts: []SaidText{{"name", c.Name}}} }

// MayShareContact reports whether an account may share contact details in a room: every other member has had a contract with it that
// started, or is a Business client, or the account itself is one (P-06, P-07, P-15). In a room that waits for the answer to an offer there
// is somebody more, who is not there yet, until the one who may answer has come to ask about it. A room of the writer's own is nobody else's.
func MayShareContact(kind RoomKind, by AccountID, members map[AccountID]*Member, met func(AccountID) bool) bool {
	if me := members[by]; me != nil && me.Business {
		return true
	}
	asked := func(m *Member) bool { return m.Role == Freelancer }
	if kind == InterviewRoom && !slices.ContainsFunc(slices.Collect(maps.Values(members)), asked) {
		return false
	}
	for who, m := range members {
		if who != by && m.Left == 0 && !m.Business && !met(who) {
			return false
		}
	}
	return true
}
