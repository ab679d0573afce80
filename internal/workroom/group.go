package workroom

// CreateRoom makes a group room whose owner is its author (M-04). The people come by AddMember behind it.
type CreateRoom struct {
	Room RoomID    `json:"room"`
	Who  AccountID `json:"who"`
	Name string    `json:"name"` // of the room
	As   string    `json:"as"`   // the author's name; on the service their account's own row counts
}

// RenameRoom gives a room another name. A direct room has none: it is named by the other person.
type RenameRoom struct {
	Room RoomID `json:"room"`
	Name string `json:"name"`
}

// ArchiveRoom makes a group room read-only for everybody in it, or opens it again (M-08).
type ArchiveRoom struct {
	Room     RoomID `json:"room"`
	Archived bool   `json:"archived"`
}

func (c CreateRoom) Op() Op          { return OpCreateRoom }
func (c CreateRoom) Lane() string    { return string(RoomScope(c.Room)) }
func (c CreateRoom) Scopes() []Scope { return []Scope{AccountScope(c.Who), RoomScope(c.Room)} }
func (c CreateRoom) Wants() []Ref    { return []Ref{accountRef(c.Who)} }

// Space is empty: a group room is a space of its own.
func (c CreateRoom) Space() string { return "" }

func (c CreateRoom) Check() *Refusal {
	if !ValidID(string(c.Room)) || !ValidID(string(c.Who)) || c.Room.Direct() {
		return Refuse(BadInput)
	}
	if r := checkRoomName(c.Name); r != nil {
		return r
	}
	return checkName("as", c.As)
}

// Do writes the room, and its author as owner.
func (c CreateRoom) Do(a Asked, in Rows, out *Changes) *Refusal {
	if a.By != c.Who {
		return Refuse(NoAccess)
	}
	s := RoomScope(c.Room)
	if _, k := in.Row(Ref{s, KindRoom, string(c.Room)}); k == Held {
		return Refuse(NoAccess)
	}
	me, r := accountName(in, c.Who, c.As)
	if r != nil {
		return r
	}
	at := a.At.UnixMicro()
	out.Put(s, string(c.Room), &Room{Kind: GroupRoom, Name: c.Name, Made: at, By: c.Who})
	out.Put(s, string(c.Who), &Member{Name: me, Role: Owner, Since: at})
	grant(in, out, c.Who, s, Owner, 0)
	return nil
}

func (c RenameRoom) Op() Op          { return OpRenameRoom }
func (c RenameRoom) Scopes() []Scope { return []Scope{RoomScope(c.Room)} }
func (c RenameRoom) Lane() string    { return string(RoomScope(c.Room)) }
func (c RenameRoom) Wants() []Ref    { return []Ref{{RoomScope(c.Room), KindRoom, string(c.Room)}} }

// FoldKey is the room: of names that wait only the newest matters.
func (c RenameRoom) FoldKey() string { return string(c.Room) }

func (c RenameRoom) Check() *Refusal {
	if !ValidID(string(c.Room)) {
		return Refuse(NoAccess)
	}
	return checkRoomName(c.Name)
}

// Do sets the name.
func (c RenameRoom) Do(a Asked, in Rows, out *Changes) *Refusal {
	x, r := leading(a.By, in, c.Room)
	switch {
	case x == nil || r != nil:
		return r
	case x.room.Archived:
		return Refuse(RoomArchived)
	case x.room.Name == c.Name:
		return nil
	}
	n := *x.room
	n.Name = c.Name
	out.Put(RoomScope(c.Room), string(c.Room), &n)
	return nil
}

func (c ArchiveRoom) Op() Op          { return OpArchiveRoom }
func (c ArchiveRoom) Scopes() []Scope { return []Scope{RoomScope(c.Room)} }
func (c ArchiveRoom) Lane() string    { return string(RoomScope(c.Room)) }
func (c ArchiveRoom) Wants() []Ref    { return []Ref{{RoomScope(c.Room), KindRoom, string(c.Room)}} }
func (c ArchiveRoom) Check() *Refusal {
	if !ValidID(string(c.Room)) {
		return Refuse(NoAccess)
	}
	return nil
}

// Do closes or opens the room.
func (c ArchiveRoom) Do(a Asked, in Rows, out *Changes) *Refusal {
	x, r := standing(a.By, in, c.Room)
	switch {
	case x == nil || r != nil:
		return r
	case x.room.Kind != GroupRoom:
		return Refuse(NotArchivable)
	case !x.me.Leads(x.room.Kind):
		return Refuse(LeadersOnly)
	case x.room.Archived == c.Archived:
		return nil
	}
	n := *x.room
	n.Archived = c.Archived
	out.Put(RoomScope(c.Room), string(c.Room), &n)
	return nil
}

func checkRoomName(name string) *Refusal {
	switch {
	case name == "" || Blank(name):
		return Bad("name", "Give the room a name.")
	case name != SafeLabel(name, MaxName):
		return Bad("name", "The name of a room has at most %d characters, without line breaks.", MaxName)
	}
	return nil
}
