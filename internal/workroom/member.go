package workroom

// MaxMembers is how many people a room holds, those who have left among them.
const MaxMembers = 1000

// Owns reports whether a member owns a room of this kind: who made a group room or was handed it, and the client in the rooms of a contract
// (M-05). A direct room belongs to nobody.
func (m *Member) Owns(k RoomKind) bool { return m.Role == Owner || k.Evidence() && m.Role == Client }

// Leads reports whether a member may rename a room of this kind, and add and remove people: its owner and its admins.
func (m *Member) Leads(k RoomKind) bool { return m.Owns(k) || m.Role == Admin }

// Party reports whether a member is one of the two sides of a contract. They stay in its room: what is said there is between them.
func (m *Member) Party() bool { return m.Role == Client || m.Role == Freelancer }

// ReadsFrom is when a member's reading of the room begins, Unix µs: what was written before is closed to them; 0: nothing is.
func (m *Member) ReadsFrom() int64 {
	if m.Whole || m.Party() {
		return 0
	}
	return m.Since
}

// AddMember lets somebody into a room, with what is written from now on or with its whole history (M-06).
type AddMember struct {
	Room RoomID    `json:"room"`
	Who  AccountID `json:"who"`
	Name string    `json:"name"` // as the author's copy has it; on the service their account's own row counts
	// Whole opens the history to them; else they see what is written from now on.
	Whole bool `json:"whole,omitempty"`
	// Via is a room in which both are: nobody is let in whom nobody there knows. Who left the only room one shared is in no address book any
	// more (U-11) and is not brought back by it.
	Via RoomID `json:"via"`
}

// RemoveMember takes somebody out of a room, and with them their right to read it.
type RemoveMember struct {
	Room RoomID    `json:"room"`
	Who  AccountID `json:"who"`
}

// LeaveRoom takes its author out of a room.
type LeaveRoom struct {
	Room RoomID    `json:"room"`
	Who  AccountID `json:"who"`
}

// SetRole makes a member an admin, or an admin a member.
type SetRole struct {
	Room RoomID    `json:"room"`
	Who  AccountID `json:"who"`
	Role Role      `json:"role"` // Admin or Writer
}

// HandOver makes another member the owner of a group room. Who owned it becomes an admin.
type HandOver struct {
	Room RoomID    `json:"room"`
	Who  AccountID `json:"who"`
}

func (c AddMember) Op() Op            { return OpAddMember }
func (c AddMember) Lane() string      { return string(RoomScope(c.Room)) }
func (c AddMember) Grants() AccountID { return c.Who }
func (c AddMember) Scopes() []Scope {
	return []Scope{RoomScope(c.Room), AccountScope(c.Who), RoomScope(c.Via)}
}
func (c AddMember) Wants() []Ref {
	s := RoomScope(c.Room)
	return []Ref{{s, KindRoom, string(c.Room)}, {s, KindMember, string(c.Who)}, {RoomScope(c.Via), KindMember, string(c.Who)}, accountRef(c.Who)}
}
func (c AddMember) Check() *Refusal {
	if !ValidID(string(c.Room)) || !ValidID(string(c.Who)) || !ValidID(string(c.Via)) {
		return Refuse(BadInput)
	}
	return checkName("name", c.Name)
}

// Do writes the member and their right to read. Who is in the room already stays as they are.
func (c AddMember) Do(a Asked, in Rows, out *Changes) *Refusal {
	x, r := leading(a.By, in, c.Room)
	switch {
	case x == nil || r != nil:
		return r
	case x.room.Archived:
		return Refuse(RoomArchived)
	}
	s := RoomScope(c.Room)
	m, was := Get[*Member](in, Ref{s, KindMember, string(c.Who)})
	if was == Held && m.Left == 0 {
		return nil
	}
	if !acquainted(in, c.Via, a.By, c.Who) {
		return Refuse(NotKnown)
	}
	if r := reachable(in, a.By, c.Who); r != nil {
		return r
	}
	if all, _ := in.All(s, KindMember); len(all) >= MaxMembers && was != Held { // who left is counted still
		return Refuse(RoomFull)
	}
	name, r := accountName(in, c.Who, c.Name)
	if r != nil {
		return r
	}
	from := FromNow
	if c.Whole {
		from = 0
	}
	out.Put(s, string(c.Who), &Member{Name: name, Role: Writer, Since: a.At.UnixMicro(), Whole: c.Whole})
	grant(in, out, c.Who, s, Writer, from)
	if x.room.Shut { // the two who are apart are not alone in it any more
		n := *x.room
		n.Shut = false
		out.Put(s, string(c.Room), &n)
	}
	return nil
}

func (c RemoveMember) Op() Op            { return OpRemoveMember }
func (c RemoveMember) Lane() string      { return string(RoomScope(c.Room)) }
func (c RemoveMember) Grants() AccountID { return c.Who }
func (c RemoveMember) Scopes() []Scope   { return []Scope{RoomScope(c.Room), AccountScope(c.Who)} }
func (c RemoveMember) Wants() []Ref      { return aboutMember(c.Room, c.Who) }
func (c RemoveMember) Check() *Refusal   { return checkMember(c.Room, c.Who) }

// Do takes the member out. Their name stays with what they wrote.
func (c RemoveMember) Do(a Asked, in Rows, out *Changes) *Refusal {
	x, r := leading(a.By, in, c.Room)
	if x == nil || r != nil {
		return r
	}
	m, r := x.other(in, a.By, c.Who)
	switch {
	case m == nil || r != nil:
		return r
	case m.Left != 0:
		return nil
	case m.Party():
		return Refuse(PartyStays)
	case m.Role != Writer && !x.me.Owns(x.room.Kind):
		return Refuse(OwnerOnly)
	}
	gone(a, out, c.Room, c.Who, m)
	return nil
}

func (c LeaveRoom) Op() Op          { return OpLeaveRoom }
func (c LeaveRoom) Lane() string    { return string(RoomScope(c.Room)) }
func (c LeaveRoom) Scopes() []Scope { return []Scope{RoomScope(c.Room), AccountScope(c.Who)} }
func (c LeaveRoom) Wants() []Ref    { return aboutMember(c.Room, c.Who) }
func (c LeaveRoom) Check() *Refusal { return checkMember(c.Room, c.Who) }

// Do takes the author out. An owner hands the room over first.
func (c LeaveRoom) Do(a Asked, in Rows, out *Changes) *Refusal {
	if a.By != c.Who {
		return Refuse(NoAccess)
	}
	x, r := standing(a.By, in, c.Room)
	switch {
	case x == nil || r != nil:
		return r
	case x.room.Kind == DirectRoom:
		return Refuse(RoomKindNot)
	case x.me.Party():
		return Refuse(PartyStays)
	case x.me.Owns(x.room.Kind):
		return Refuse(OwnerStays)
	}
	gone(a, out, c.Room, c.Who, x.me)
	return nil
}

// gone writes down that a member is one no longer, and takes the right to read away in the same breath.
func gone(a Asked, out *Changes, room RoomID, who AccountID, m *Member) {
	n := *m
	n.Role, n.Left = Writer, a.At.UnixMicro()
	out.Put(RoomScope(room), string(who), &n)
	out.Remove(Ref{AccountScope(who), KindGrant, string(RoomScope(room))})
}

func (c SetRole) Op() Op          { return OpSetRole }
func (c SetRole) Lane() string    { return string(RoomScope(c.Room)) }
func (c SetRole) Scopes() []Scope { return []Scope{RoomScope(c.Room)} }
func (c SetRole) Wants() []Ref    { return aboutMember(c.Room, c.Who) }

// FoldKey is the member: of roles that wait only the newest matters.
func (c SetRole) FoldKey() string { return string(c.Who) }

func (c SetRole) Check() *Refusal {
	if c.Role != Admin && c.Role != Writer {
		return Bad("role", "A member is made an admin, or a member again.")
	}
	return checkMember(c.Room, c.Who)
}

// Do sets the wanted role.
func (c SetRole) Do(a Asked, in Rows, out *Changes) *Refusal {
	x, r := owning(a.By, in, c.Room)
	if x == nil || r != nil {
		return r
	}
	m, r := x.other(in, a.By, c.Who)
	switch {
	case m == nil || r != nil:
		return r
	case m.Left != 0:
		return Refuse(Gone)
	case m.Party():
		return Refuse(PartyStays)
	case m.Role == c.Role:
		return nil
	}
	n := *m
	n.Role = c.Role
	out.Put(RoomScope(c.Room), string(c.Who), &n)
	return nil
}

func (c HandOver) Op() Op          { return OpHandOver }
func (c HandOver) Lane() string    { return string(RoomScope(c.Room)) }
func (c HandOver) Scopes() []Scope { return []Scope{RoomScope(c.Room)} }
func (c HandOver) Wants() []Ref    { return aboutMember(c.Room, c.Who) }
func (c HandOver) Check() *Refusal { return checkMember(c.Room, c.Who) }

// Do changes the two roles. The rooms of a contract stay with its client.
func (c HandOver) Do(a Asked, in Rows, out *Changes) *Refusal {
	x, r := owning(a.By, in, c.Room)
	switch {
	case x == nil || r != nil:
		return r
	case x.room.Kind != GroupRoom:
		return Refuse(RoomKindNot)
	}
	m, r := x.other(in, a.By, c.Who)
	switch {
	case m == nil || r != nil:
		return r
	case m.Left != 0:
		return Refuse(Gone)
	}
	s := RoomScope(c.Room)
	me, other := *x.me, *m
	me.Role, other.Role = Admin, Owner
	out.Put(s, string(a.By), &me)
	out.Put(s, string(c.Who), &other)
	return nil
}

func aboutMember(room RoomID, who AccountID) []Ref {
	s := RoomScope(room)
	return []Ref{{s, KindRoom, string(room)}, {s, KindMember, string(who)}}
}

func checkMember(room RoomID, who AccountID) *Refusal {
	if !ValidID(string(room)) || !ValidID(string(who)) {
		return Refuse(NoAccess)
	}
	return nil
}
