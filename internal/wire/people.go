package wire

import (
	"context"

	"trestle/internal/workroom"
)

// The operations about people: who is here, who is writing. Nothing of it is stored, and losing any of it only means not to know.
var (
	OpTyping   = Post[TypingIn, None]("typing", "/v1/typing").Max(1 << 10)
	OpPresence = Post[PresenceIn, None]("presence", "/v1/presence").Max(1 << 10)
	OpPeople   = Get[PeopleOf, PeopleOut]("people", "/v1/people")
)

// MaxPeople is how many people can be asked about at once.
const MaxPeople = 100

// TypingEvery and TypingShown are, in seconds, how often a device says that its person writes, and how long that is shown (M-33).
const (
	TypingEvery = 4
	TypingShown = 6
)

// State is whether a person is here: On with a window used lately, Away with one that is hidden or was not used for a while, Off without a
// connection, or where the person does not tell.
type State string

// States of a person.
const (
	On   State = "on"
	Away State = "away"
	Off  State = "off"
)

// TypingIn says that the caller is writing in a room. The other members are told at most once in TypingEvery seconds.
type TypingIn struct {
	Room workroom.RoomID `json:"room"`
}

// PresenceIn says how a connection of the live channel is used now. It holds until the connection says otherwise or ends.
type PresenceIn struct {
	Conn  string `json:"conn"`
	State State  `json:"state"`
}

// PeopleOf asks about at most MaxPeople accounts.
type PeopleOf struct {
	IDs []string `query:"ids"`
}

// PeopleOut answers PeopleOf: those the caller shares a room with at this moment.
type PeopleOut struct {
	People []Person `json:"people"`
}

// Person is what others may know of an account now.
type Person struct {
	ID    workroom.AccountID `json:"id"`
	State State              `json:"state"`
	Zone  string             `json:"zone,omitempty"` // IANA name of the time zone
	Away  *Absence           `json:"away,omitempty"` // while it says it is out of office
}

// Absence is what a person who is out of office lets others read.
type Absence struct {
	First string `json:"first,omitempty"` // YYYY-MM-DD, the first day
	Last  string `json:"last,omitempty"`  // the last day
	Text  string `json:"text,omitempty"`
}

// Typing says that somebody is writing in a room that the listener is in.
type Typing struct {
	Scope workroom.Scope     `json:"s"`
	Who   workroom.AccountID `json:"who"`
}

// Presence says that somebody the listener shares a room with is here, away or gone, or changed what they tell of themselves.
type Presence struct {
	Who   workroom.AccountID `json:"who"`
	State State              `json:"state"`
}

func (o *PeopleOut) fits(q any) bool {
	in := q.(PeopleOf)
	for _, p := range o.People {
		asked := false
		for _, id := range in.IDs {
			asked = asked || id == string(p.ID)
		}
		if !asked || !p.State.Known() {
			return false
		}
	}
	return true
}

// Known reports whether this program knows the state.
func (s State) Known() bool { return s == On || s == Away || s == Off }

// Typing says that the caller is writing in a room.
func (c *Client) Typing(ctx context.Context, room workroom.RoomID) error {
	_, err := OpTyping.Do(ctx, c, TypingIn{room})
	return err
}

// Presence says how a connection is used.
func (c *Client) Presence(ctx context.Context, conn string, state State) error {
	_, err := OpPresence.Do(ctx, c, PresenceIn{conn, state})
	return err
}

// People asks what may be known of some people.
func (c *Client) People(ctx context.Context, ids []string) (*PeopleOut, error) {
	return OpPeople.Do(ctx, c, PeopleOf{ids})
}
