package app

// MayView is what I may do in a room, by its kind and my role in it.
type MayView struct {
	Write     bool `json:"write"`
	Rename    bool `json:"rename"`
	Archive   bool `json:"archive"`
	Unarchive bool `json:"unarchive"`
	Add       bool `json:"add"`   // people, into this room; from a direct room into a new one
	Roles     bool `json:"roles"` // make admins, and members again
	HandOver  bool `json:"handOver"`
	Leave     bool `json:"leave"`
	// LeaveWhy says why not: owner (hand over first), contract (its two sides stay) or direct; "" where one may.
	LeaveWhy string `json:"leaveWhy"`
}

// PrefIn sets what I keep about a room for myself. What is null stays as it is.
type PrefIn struct {
	Room      string  `json:"room"`
	Favourite *bool   `json:"favourite"`
	Hidden    *bool   `json:"hidden"`
	Level     *string `json:"level"` // all, mentions or none
}

// NewRoomIn makes a group room with people in it.
type NewRoomIn struct {
	Room   string   `json:"room"` // its id, made by the caller so that asking twice makes one; "" = made here
	Name   string   `json:"name"`
	People []string `json:"people"` // accounts
	Whole  bool     `json:"whole"`  // they see the whole history, else what is written from now on
}

// PersonIn names an account.
type PersonIn struct {
	Account string `json:"account"`
}

// DirectView is the direct room with somebody, which need not be there yet: the first message makes it.
type DirectView struct {
	Room string `json:"room"`
	Here bool   `json:"here"`
	Name string `json:"name"` // of the other person
	Why  string `json:"why"`  // why nothing can be sent to them: blocked; "" if it can
}

// AddIn lets people into a room. In a direct room that makes a new group room, called Name or by the names of those in it.
type AddIn struct {
	Room   string   `json:"room"`
	People []string `json:"people"`
	Whole  bool     `json:"whole"`
	Name   string   `json:"name"`
}

// MemberIn names a member of a room.
type MemberIn struct {
	Room    string `json:"room"`
	Account string `json:"account"`
}

// RoleIn makes a member an admin, or an admin a member.
type RoleIn struct {
	Room    string `json:"room"`
	Account string `json:"account"`
	Role    string `json:"role"` // admin or member
}

// RenameIn gives a room another name.
type RenameIn struct {
	Room string `json:"room"`
	Name string `json:"name"`
}

// ArchiveIn closes a group room for writing, or opens it again.
type ArchiveIn struct {
	Room     string `json:"room"`
	Archived bool   `json:"archived"`
}

// MemberRow is one person of a room's People.
type MemberRow struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Role        string `json:"role"` // owner, admin, member, client or freelancer
	Me          bool   `json:"me"`
	Owner       bool   `json:"owner"` // owns the room, whatever the role is called
	Since       int64  `json:"since"`
	Waiting     bool   `json:"waiting"` // the service does not know of it yet
	CanRemove   bool   `json:"canRemove"`
	CanAdmin    bool   `json:"canAdmin"`  // be made an admin
	CanMember   bool   `json:"canMember"` // be made a member again
	CanHandOver bool   `json:"canHandOver"`
	CanMessage  bool   `json:"canMessage"` // in a direct room
	CanBlock    bool   `json:"canBlock"`
	BlockWhy    string `json:"blockWhy"` // contract: an active one stands between us; blocked: they are already; "" where one can
}

// MembersView is a room's People: owner and admins first, then by name.
type MembersView struct {
	Members []MemberRow `json:"members"`
	May     MayView     `json:"may"`
}

// PeopleIn searches the address book.
type PeopleIn struct {
	Query string `json:"query"` // the beginning of a word of the name; "" = everybody
	Limit int64  `json:"limit"` // 0 = 50
}

// PlaceRow is a room or contract in which one knows somebody.
type PlaceRow struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// KnownRow is a person of the address book with where one knows them from.
type KnownRow struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	Rooms     []PlaceRow `json:"rooms"`
	Contracts []PlaceRow `json:"contracts"`
	Direct    string     `json:"direct"` // our direct room, if it is here
	Blocked   bool       `json:"blocked"`
	At        int64      `json:"at"` // of the newest message in a room we share
}

// PeopleView is the address book: everybody one shares a room or contract with, those one met lately first.
type PeopleView struct {
	People []KnownRow `json:"people"`
	More   bool       `json:"more"`
}
