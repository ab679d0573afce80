package workroom

import "bytes"

// Level says of which messages of a room its owner is told.
type Level string

// Levels of notices. A direct room treats mentions as all: who writes there means one.
const (
	LevelAll      Level = "" // every message
	LevelMentions Level = "mentions"
	LevelNone     Level = "none"
)

// Pref is what an account keeps about a room for itself, on all its devices.
type Pref struct {
	Favourite bool `json:"favourite"`
	// Hidden takes the room out of the lists until somebody else writes in it: HiddenAt is the number its newest message had then, and a
	// later one of another author makes the room stand there again without any command (M-09).
	Hidden   bool  `json:"hidden,omitempty"`
	HiddenAt int64 `json:"hidden_at,omitempty"`
	Level    Level `json:"level,omitempty"`
	Unknown  `json:"-"`
}

func (*Pref) ThingKind() Kind { return KindPref }

// SetPref sets what it names of what an account keeps about a room, and leaves the rest: two devices that change different things of one
// room both have their way.
type SetPref struct {
	Room      RoomID    `json:"room"`
	Who       AccountID `json:"who"`
	Favourite *bool     `json:"favourite,omitempty"`
	// Hidden hides the room, or shows it again. HiddenAt goes with it: the number of the newest message before whoever hides the room.
	Hidden   *bool  `json:"hidden,omitempty"`
	HiddenAt int64  `json:"hidden_at,omitempty"`
	Level    *Level `json:"level,omitempty"`
}

func (c SetPref) Op() Op          { return OpSetPref }
func (c SetPref) Scopes() []Scope { return []Scope{AccountScope(c.Who)} }
func (c SetPref) Lane() string    { return string(AccountScope(c.Who)) }
func (c SetPref) FoldKey() string { return string(c.Room) }
func (c SetPref) Wants() []Ref    { return []Ref{{AccountScope(c.Who), KindPref, string(c.Room)}} }
func (c SetPref) Check() *Refusal {
	switch {
	case !ValidID(string(c.Room)) || !ValidID(string(c.Who)) || c.HiddenAt < 0:
		return Refuse(BadInput)
	case c.Level != nil && *c.Level != LevelAll && *c.Level != LevelMentions && *c.Level != LevelNone:
		return Bad("level", "Notifications of a room are for all messages, for mentions, or for none.")
	}
	return nil
}

// Joined is the newer command with what only the older one names.
func (c SetPref) Joined(older Command) Command {
	o, ok := older.(SetPref)
	if !ok || o.Room != c.Room {
		return c
	}
	if c.Favourite == nil {
		c.Favourite = o.Favourite
	}
	if c.Hidden == nil {
		c.Hidden, c.HiddenAt = o.Hidden, o.HiddenAt
	}
	if c.Level == nil {
		c.Level = o.Level
	}
	return c
}

// Do sets the wanted values; it never toggles.
func (c SetPref) Do(a Asked, in Rows, out *Changes) *Refusal {
	if a.By != c.Who {
		return Refuse(NoAccess)
	}
	var n Pref
	old, k := Get[*Pref](in, c.Wants()[0])
	switch {
	case k == Held:
		n = *old
	case k == Absent && !another(in, c.Who, KindPref, maxOwn):
		return Bad("room", "There are %d rooms with settings of their own, which is the most.", maxOwn)
	}
	if c.Favourite != nil {
		n.Favourite = *c.Favourite
	}
	if c.Hidden != nil {
		n.Hidden, n.HiddenAt = *c.Hidden, 0
		if n.Hidden {
			n.HiddenAt = c.HiddenAt
		}
	}
	if c.Level != nil {
		n.Level = *c.Level
	}
	out.Put(AccountScope(c.Who), string(c.Room), &n)
	return nil
}

// upgradePref makes arguments of the first version, which always named the favourite and nothing else, those of the second: they say so
// already, as whatever is named is set.
func upgradePref(args []byte) ([]byte, error) { return bytes.Clone(args), nil }
