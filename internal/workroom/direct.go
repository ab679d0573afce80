package workroom

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// directPrefix begins the id of every direct room and of no other, so that nobody can take the place of one.
const directPrefix = "direct-"

// DirectID is the id of the direct room of two accounts, the same whoever asks: both may make it while neither is online, and it is one room
// (M-01). It is the prefix and 32 hex digits of the SHA-256 over the two ids in order.
func DirectID(a, b AccountID) RoomID {
	if b < a {
		a, b = b, a
	}
	h := sha256.Sum256([]byte(string(a) + "\x00" + string(b)))
	return RoomID(directPrefix + hex.EncodeToString(h[:16]))
}

// Direct reports whether an id is one that DirectID makes.
func (r RoomID) Direct() bool { return strings.HasPrefix(string(r), directPrefix) }

// Granter is a command that gives or takes one other account's right to a room of the command. The service lets it into that account's own
// scope to read, and to write that one grant.
type Granter interface{ Grants() AccountID }

// CreateDirect makes the direct room of its author and another person. It goes before the first message, in the same lane. Where the room is
// there already, made by the other one meanwhile, it says the room again, so that its answer brings it.
type CreateDirect struct {
	Room  RoomID    `json:"room"` // DirectID(Who, Other)
	Who   AccountID `json:"who"`
	Name  string    `json:"name"` // the author's, as their account says on the service
	Other AccountID `json:"other"`
	// OtherName is the other's name as the author's copy has it; on the service their account's own row counts.
	OtherName string `json:"other_name"`
	// Via is a room in which both are: who knows nobody in common reaches nobody.
	Via RoomID `json:"via"`
}

func (c CreateDirect) Op() Op            { return OpCreateDirect }
func (c CreateDirect) Lane() string      { return string(RoomScope(c.Room)) }
func (c CreateDirect) Joins() bool       { return true }
func (c CreateDirect) Grants() AccountID { return c.Other }
func (c CreateDirect) Scopes() []Scope {
	return []Scope{AccountScope(c.Who), AccountScope(c.Other), RoomScope(c.Room), RoomScope(c.Via)}
}
func (c CreateDirect) Wants() []Ref {
	return append(acquaintance(c.Via, c.Who, c.Other), accountRef(c.Who), accountRef(c.Other), Ref{RoomScope(c.Room), KindRoom, string(c.Room)})
}

func (c CreateDirect) Check() *Refusal {
	switch {
	case !ValidID(string(c.Who)) || !ValidID(string(c.Other)) || !ValidID(string(c.Via)) || c.Via == c.Room || c.Who == c.Other:
		return Refuse(BadInput)
	case c.Room != DirectID(c.Who, c.Other):
		return Refuse(NoAccess)
	}
	if r := checkName("name", c.Name); r != nil {
		return r
	}
	return checkName("other_name", c.OtherName)
}

// Do writes the room with both in it, on equal terms.
func (c CreateDirect) Do(a Asked, in Rows, out *Changes) *Refusal {
	if a.By != c.Who {
		return Refuse(NoAccess)
	}
	s := RoomScope(c.Room)
	if room, k := Get[*Room](in, Ref{s, KindRoom, string(c.Room)}); k == Held {
		out.Put(s, string(c.Room), room)
		for _, who := range []AccountID{c.Who, c.Other} {
			if m, k := Get[*Member](in, Ref{s, KindMember, string(who)}); k == Held {
				out.Put(s, string(who), m)
			}
		}
		return nil
	}
	if !acquainted(in, c.Via, c.Who, c.Other) {
		return Refuse(NotKnown)
	}
	if r := reachable(in, c.Who, c.Other); r != nil {
		return r
	}
	if r := reachable(in, c.Other, c.Who); r != nil { // what one's own copy knows of it
		return r
	}
	other, r := accountName(in, c.Other, c.OtherName)
	if r != nil {
		return r
	}
	me, r := accountName(in, c.Who, c.Name)
	if r != nil {
		return r
	}
	at := a.At.UnixMicro()
	out.Put(s, string(c.Room), &Room{Kind: DirectRoom, Made: at, By: c.Who})
	out.Put(s, string(c.Who), &Member{Name: me, Role: Writer, Since: at})
	out.Put(s, string(c.Other), &Member{Name: other, Role: Writer, Since: at})
	grant(in, out, c.Who, s, Writer, 0)
	grant(in, out, c.Other, s, Writer, 0)
	return nil
}

func accountRef(who AccountID) Ref { return Ref{AccountScope(who), KindAccount, string(who)} }

// acquaintance are the rows that show whether two people are in a room.
func acquaintance(via RoomID, who, other AccountID) []Ref {
	s := RoomScope(via)
	return []Ref{{s, KindMember, string(who)}, {s, KindMember, string(other)}}
}

// acquainted reports whether both are in the room now; yes where this copy cannot tell.
func acquainted(in Rows, via RoomID, who, other AccountID) bool {
	for _, ref := range acquaintance(via, who, other) {
		if m, k := Get[*Member](in, ref); k == Absent || k == Held && m.Left != 0 {
			return false
		}
	}
	return true
}

// accountName is the name an account has, or the one the command says where this copy does not hold the account.
func accountName(in Rows, who AccountID, said string) (string, *Refusal) {
	a, k := Get[*Account](in, accountRef(who))
	switch k {
	case Absent:
		return "", Refuse(NotKnown)
	case Held:
		return a.Name, nil
	}
	return said, nil
}

// signed is the name under which somebody offers or accepts a contract: their account's, or the one the command says where this copy holds no
// account. What a program says counts as little here as it does in a room.
func signed(in Rows, who AccountID, said string) string {
	if a, k := Get[*Account](in, accountRef(who)); k == Held {
		return a.Name
	}
	return said
}

func checkName(field, name string) *Refusal {
	if Blank(name) || name != SafeLabel(name, MaxName) {
		return Bad(field, "The name has 1 to %d characters.", MaxName)
	}
	return nil
}
