package workroom

// place is a room and who asks in it.
type place struct {
	id   RoomID
	room *Room
	me   *Member
}

// standing reads a room and the caller in it; nil without a refusal where this copy cannot tell. Who is not in it is told that it is not here.
func standing(by AccountID, in Rows, room RoomID) (*place, *Refusal) {
	s := RoomScope(room)
	m, km := Get[*Member](in, Ref{s, KindMember, string(by)})
	r, kr := Get[*Room](in, Ref{s, KindRoom, string(room)})
	switch {
	case km == Absent || kr == Absent || km == Held && m.Left != 0:
		return nil, Refuse(NoAccess)
	case km == Unheld || kr == Unheld:
		return nil, nil
	}
	return &place{room, r, m}, nil
}

// leading is standing for what only the owner and the admins of a room may do. A direct room has none.
func leading(by AccountID, in Rows, room RoomID) (*place, *Refusal) {
	return standingAs(by, in, room, (*Member).Leads, LeadersOnly)
}

// owning is standing for what only the owner of a room may do. A direct room has none.
func owning(by AccountID, in Rows, room RoomID) (*place, *Refusal) {
	return standingAs(by, in, room, (*Member).Owns, OwnerOnly)
}

func standingAs(by AccountID, in Rows, room RoomID, may func(*Member, RoomKind) bool, no Code) (*place, *Refusal) {
	x, r := standing(by, in, room)
	switch {
	case x == nil || r != nil:
		return nil, r
	case x.room.Kind == DirectRoom:
		return nil, Refuse(RoomKindNot)
	case !may(x.me, x.room.Kind):
		return nil, Refuse(no)
	}
	return x, nil
}

// other is a member that the caller asks about, who is not the caller; nil without a refusal where this copy cannot tell.
func (x *place) other(in Rows, by, who AccountID) (*Member, *Refusal) {
	if by == who {
		return nil, Refuse(BadInput)
	}
	m, k := Get[*Member](in, Ref{RoomScope(x.id), KindMember, string(who)})
	if k == Absent {
		return nil, Refuse(Gone)
	}
	return m, nil
}
