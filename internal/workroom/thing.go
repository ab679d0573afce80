package workroom

import (
	"fmt"
	"maps"
	"slices"
)

// Kind names what a thing is. The kind is the key of a row beside scope and id.
type Kind string

// Kinds of things in the first letters of the alphabet they live in.
const (
	KindAccount    Kind = "account"    // a:  own name and e-mail
	KindGrant      Kind = "grant"      // a:  the right to read a root scope; id is that scope
	KindMarker     Kind = "marker"     // a:  read marker; id is the room
	KindPref       Kind = "pref"       // a:  favourite; id is the room
	KindNotices    Kind = "notices"    // a:  what one is told of; id is the account
	KindAway       Kind = "away"       // a:  out-of-office responder; id is the account
	KindBookmark   Kind = "bookmark"   // a:  id is the message
	KindNote       Kind = "note"       // a:  notepad of a room; id is the room
	KindProfile    Kind = "profile"    // a:  what others may know of an account; id is the account
	KindReceipt    Kind = "receipt"    // rc: how far a member has read; id is the account
	KindReport     Kind = "report"     // a:  id is that of the command
	KindBlock      Kind = "block"      // a:  id is the other account
	KindCode       Kind = "code"       // a:  an activity code of the client's own list
	KindRoom       Kind = "room"       // r:  id is the room
	KindMember     Kind = "member"     // r:  id is the account
	KindMessage    Kind = "message"    // r:  dated
	KindFile       Kind = "file"       // r:  dated
	KindContract   Kind = "contract"   // k:  id is the contract
	KindActivity   Kind = "activity"   // k:  an activity code of the contract
	KindTurn       Kind = "turn"       // k:  what became of the contract; id is that of the command
	KindWeek       Kind = "week"       // k:  id is the Monday; its seq is that of the diary scope
	KindInvitation Kind = "invitation" // k:…:c  id is the hex SHA-256 of the link's secret
	KindSlice      Kind = "slice"      // d:
	KindInput      Kind = "input"      // d:  id is device.cell
	KindShot       Kind = "shot"       // d:  id is device.cell
	KindMark       Kind = "mark"       // d:  an edit of time; id is that of the command
	KindClaim      Kind = "claim"      // d:  what other contracts leave of a slice; id by ClaimID
	KindAdjustment Kind = "adjustment" // d:  a line beside the bill of the week; id is that of the command
	KindDispute    Kind = "dispute"    // d:  of the week; id is that of the command
	KindSeal       Kind = "seal"       // d:  of a closed week; id is its Monday
	KindChain      Kind = "chain"      // k:  the newest seal; id is the contract
	KindLease      Kind = "lease"      // a:  where tracking began last; id is the account
	KindLook       Kind = "look"       // d:  who looked at a shot, and when; id by LookID
	KindExpiry     Kind = "expiry"     // d:  that pictures and counts of a week are gone; id is the week
)

// Kinds are those this program knows, sorted.
func Kinds() []Kind { return slices.Sorted(maps.Keys(kinds)) }

// Dated reports whether things of this kind stand in time order and are read in windows, newest first; the others are read whole.
func (k Kind) Dated() bool { return k == KindMessage || k == KindFile }

// Thing is a row's body: one noun of this package.
type Thing interface{ ThingKind() Kind }

// Ref names a thing.
type Ref struct {
	Scope Scope
	Kind  Kind
	ID    string
}

func (r Ref) String() string { return fmt.Sprintf("%s/%s/%s", r.Scope, r.Kind, r.ID) }

// Known says how far an answer of Rows may be trusted.
type Known int

// Answers of Rows.
const (
	Unheld Known = iota // this copy cannot tell; never said by the service
	Absent              // no such thing, or a tombstone
	Held
)

// Rows is all a rule may look at: one moment, no clock, no chance. A thing it hands out must not be changed in place.
type Rows interface {
	Row(Ref) (Thing, Known)
	All(Scope, Kind) ([]Ref, Known) // undated kinds only, in order of id
}

// Get is Rows.Row with the type named. A row of another type than asked counts as absent.
func Get[T Thing](in Rows, ref Ref) (T, Known) {
	var none T
	t, k := in.Row(ref)
	if k != Held {
		return none, k
	}
	v, ok := t.(T)
	if !ok {
		return none, Absent
	}
	return v, Held
}

// Change is one row a rule writes: a whole thing, or a removal when Thing is nil.
type Change struct {
	Ref   Ref
	Thing Thing
}

// Changes collects what a rule writes. The store adds seq, born, rev and mn.
type Changes struct{ list []Change }

// Put writes a whole thing.
func (c *Changes) Put(s Scope, id string, t Thing) {
	c.set(Change{Ref{s, t.ThingKind(), id}, t})
}

// Remove leaves a tombstone.
func (c *Changes) Remove(r Ref) { c.set(Change{Ref: r}) }

func (c *Changes) set(n Change) {
	for i := range c.list {
		if c.list[i].Ref == n.Ref {
			c.list[i] = n
			return
		}
	}
	c.list = append(c.list, n)
}

// List is what was written, in the order of writing, a ref at most once.
func (c *Changes) List() []Change { return c.list }

// Scopes are the distinct scopes written, sorted.
func (c *Changes) Scopes() []Scope {
	seen := map[Scope]bool{}
	var out []Scope
	for _, x := range c.list {
		if !seen[x.Ref.Scope] {
			seen[x.Ref.Scope] = true
			out = append(out, x.Ref.Scope)
		}
	}
	slices.Sort(out)
	return out
}
