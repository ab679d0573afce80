package workroom

import "strings"

// Profile is what an account says about itself to those it shares a room with, and how it writes on each of its devices. It lies in the
// account's own scope, so that all devices agree, and others never pull it: the service answers them from it, as far as it says so. Its id is
// the account.
type Profile struct {
	Zone string `json:"zone,omitempty"` // IANA name of the time zone, such as "Europe/Lisbon"; empty while unknown
	// Shy is set while nobody is told whether the account is here; NoReceipts while nobody is told how far it has read.
	Shy        bool `json:"shy,omitempty"`
	NoReceipts bool `json:"no_receipts,omitempty"`
	// Enter is what the key does in the box under a room (K-02); empty while the account never chose, and each device does as it is set.
	Enter   Enter `json:"enter,omitempty"`
	Unknown `json:"-"`
}

// Enter is what the key Enter does while one writes.
type Enter string

// Either sends, and the other is for Ctrl+Enter.
const (
	EnterSends Enter = "send"
	EnterLine  Enter = "line" // a new line
)

// ThingKind is KindProfile.
func (*Profile) ThingKind() Kind { return KindProfile }

// SetProfile sets those fields of the caller's profile that it names.
type SetProfile struct {
	Who      AccountID `json:"who"`
	Zone     *string   `json:"zone,omitempty"`
	Presence *bool     `json:"presence,omitempty"` // whether others are told that the account is here
	Receipts *bool     `json:"receipts,omitempty"` // whether others are told how far it has read
	Enter    Enter     `json:"enter,omitempty"`    // what Enter does; empty leaves it
}

// Op is OpSetProfile.
func (c SetProfile) Op() Op { return OpSetProfile }

// Scopes is the caller's own one.
func (c SetProfile) Scopes() []Scope { return []Scope{AccountScope(c.Who)} }

// Lane is that of the account's own things.
func (c SetProfile) Lane() string { return string(AccountScope(c.Who)) }

// FoldKey is the same for all: while one waits, the newer joins it.
func (c SetProfile) FoldKey() string { return "profile" }

// Wants is the profile.
func (c SetProfile) Wants() []Ref { return []Ref{{AccountScope(c.Who), KindProfile, string(c.Who)}} }

// Joined adds what only the older one names.
func (c SetProfile) Joined(older Command) Command {
	o, ok := older.(SetProfile)
	if !ok {
		return c
	}
	if c.Zone == nil {
		c.Zone = o.Zone
	}
	if c.Presence == nil {
		c.Presence = o.Presence
	}
	if c.Receipts == nil {
		c.Receipts = o.Receipts
	}
	if c.Enter == "" {
		c.Enter = o.Enter
	}
	return c
}

// Check refuses a zone that has not the shape of a name. Whether there is such a zone is asked by who shows its time.
func (c SetProfile) Check() *Refusal {
	if !ValidID(string(c.Who)) {
		return Refuse(NoAccess)
	}
	if c.Zone != nil && !zoneName(*c.Zone) {
		return Bad("zone", "This is not the name of a time zone.")
	}
	if c.Enter != "" && c.Enter != EnterSends && c.Enter != EnterLine {
		return Bad("enter", "Enter sends, or makes a new line.")
	}
	return nil
}

func zoneName(s string) bool {
	return len(s) <= 64 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") == ""
}

// Do sets the fields named.
func (c SetProfile) Do(a Asked, in Rows, out *Changes) *Refusal {
	if a.By != c.Who {
		return Refuse(NoAccess)
	}
	was := &Profile{}
	if old, k := Get[*Profile](in, c.Wants()[0]); k == Held {
		was = old
	}
	n := *was
	if c.Zone != nil {
		n.Zone = *c.Zone
	}
	if c.Presence != nil {
		n.Shy = !*c.Presence
	}
	if c.Receipts != nil {
		n.NoReceipts = !*c.Receipts
	}
	if c.Enter != "" {
		n.Enter = c.Enter
	}
	if n.Zone == was.Zone && n.Shy == was.Shy && n.NoReceipts == was.NoReceipts && n.Enter == was.Enter {
		return nil
	}
	out.Put(AccountScope(c.Who), string(c.Who), &n)
	return nil
}
