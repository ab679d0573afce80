package workroom

import (
	"time"
	"unicode/utf8"
)

// MaxAway is the most characters of an out-of-office text.
const MaxAway = 1000

// maxAbsence is the longest absence, in µs: one that ends later was mistyped.
const maxAbsence = 5 * 366 * 24 * 3600 * 1_000_000

// Away is an account's out-of-office responder (M-34). While it is on, between From and To, the service answers each person once, and the
// others read that the person is away. What others may know of it is the answer and the dates; the thing itself is the account's own.
type Away struct {
	On   bool   `json:"on"`
	Text string `json:"text"`
	// First and Last are the first and the last day of the absence as the person chose them, YYYY-MM-DD in Zone; From and To are the moments
	// at which those days begin and end, Unix µs.
	First string `json:"first"`
	Last  string `json:"last"`
	Zone  string `json:"zone"`
	From  int64  `json:"from"`
	To    int64  `json:"to"`
	// Absence names this absence, so that nobody gets a second answer in it: the id of the command that began it.
	Absence string `json:"absence"`
	Unknown `json:"-"`
}

func (*Away) ThingKind() Kind { return KindAway }

// Now reports whether the person is away at a moment.
func (a *Away) Now(t time.Time) bool {
	us := t.UnixMicro()
	return a.On && us >= a.From && us < a.To
}

// Until is when the absence ends.
func (a *Away) Until() time.Time { return time.UnixMicro(a.To) }

// Dates are the days of an absence, both included, and the moments at which they begin and end, which only a program that knows the zone can
// say. They change together.
type Dates struct {
	First string `json:"first"`
	Last  string `json:"last"`
	Zone  string `json:"zone"`
	From  int64  `json:"from"`
	To    int64  `json:"to"`
}

// SetAway sets what it names of the caller's out-of-office responder and leaves the rest.
type SetAway struct {
	Who  AccountID `json:"who"`
	On   *bool     `json:"on,omitempty"`
	Text *string   `json:"text,omitempty"`
	When *Dates    `json:"when,omitempty"`
}

func (c SetAway) Op() Op          { return OpSetAway }
func (c SetAway) Scopes() []Scope { return []Scope{AccountScope(c.Who)} }
func (c SetAway) Lane() string    { return string(AccountScope(c.Who)) }
func (c SetAway) FoldKey() string { return "away" }
func (c SetAway) Wants() []Ref    { return []Ref{AwayOf(c.Who)} }

// AwayOf is where an account's out-of-office responder stands.
func AwayOf(who AccountID) Ref { return Ref{AccountScope(who), KindAway, string(who)} }

func (c SetAway) Check() *Refusal {
	if !ValidID(string(c.Who)) {
		return Refuse(BadInput)
	}
	if c.Text != nil {
		switch n := utf8.RuneCountInString(*c.Text); {
		case !utf8.ValidString(*c.Text):
			return Bad("text", "The text is not readable as UTF-8.")
		case n > MaxAway:
			return Bad("text", "The message has %d characters; the limit is %d.", n, MaxAway)
		}
	}
	if c.When != nil {
		return c.When.check()
	}
	return nil
}

func (d Dates) check() *Refusal {
	first, err := time.Parse(time.DateOnly, d.First)
	if err != nil {
		return Bad("first", "Choose the first day.")
	}
	last, err := time.Parse(time.DateOnly, d.Last)
	switch {
	case err != nil:
		return Bad("last", "Choose the last day.")
	case last.Before(first):
		return Bad("last", "The last day lies before the first.")
	case len(d.Zone) > 64 || d.From <= 0 || d.To <= d.From:
		return Refuse(BadInput)
	case d.To-d.From > maxAbsence:
		return Bad("last", "An absence is at most five years long.")
	}
	return nil
}

// Joined is the newer command with what only the older one names.
func (c SetAway) Joined(older Command) Command {
	o, ok := older.(SetAway)
	if !ok || o.Who != c.Who {
		return c
	}
	if c.On == nil {
		c.On = o.On
	}
	if c.Text == nil {
		c.Text = o.Text
	}
	if c.When == nil {
		c.When = o.When
	}
	return c
}

// Do sets the wanted values. A responder that is on has words and dates. An absence begins anew when the responder is switched on, or is given
// dates after those it had; other words and another end are the same absence.
func (c SetAway) Do(a Asked, in Rows, out *Changes) *Refusal {
	if a.By != c.Who {
		return Refuse(NoAccess)
	}
	var n Away
	if old, k := Get[*Away](in, AwayOf(c.Who)); k == Held {
		n = *old
	}
	if c.Text != nil {
		n.Text = *c.Text
	}
	if w := c.When; w != nil {
		if w.From >= n.To {
			n.Absence = a.ID
		}
		n.First, n.Last, n.Zone, n.From, n.To = w.First, w.Last, w.Zone, w.From, w.To
	}
	if c.On != nil {
		if *c.On && !n.On {
			n.Absence = a.ID
		}
		n.On = *c.On
	}
	switch {
	case !n.On:
	case Blank(n.Text):
		return Bad("text", "Write what others are answered.")
	case n.To == 0:
		return Bad("first", "Choose the first and the last day.")
	}
	out.Put(AccountScope(c.Who), string(c.Who), &n)
	return nil
}
