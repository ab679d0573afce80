package app

import (
	"context"

	"trestle/internal/workroom"
)

// unsentOfRoom says what a change of a room, or of what one keeps about it, is. It reports whether the command is one.
func (s *Session) unsentOfRoom(row *UnsentRow, command workroom.Command) bool {
	switch c := command.(type) {
	case workroom.SetPref:
		row.What = prefWord(c)
		s.inRoom(row, c.Room)
	case workroom.CreateDirect:
		row.says("direct", c.OtherName)
	case workroom.CreateRoom:
		row.says("room", c.Name)
	case workroom.RenameRoom:
		row.says("rename", c.Name)
		s.inRoom(row, c.Room)
	case workroom.ArchiveRoom:
		row.What = "archive"
		if !c.Archived {
			row.What = "unarchive"
		}
		s.inRoom(row, c.Room)
	case workroom.AddMember:
		row.says("add", c.Name)
		s.inRoom(row, c.Room)
	case workroom.RemoveMember:
		row.says("remove", s.memberName(c.Room, c.Who))
		s.inRoom(row, c.Room)
	case workroom.LeaveRoom:
		row.What = "leave"
		s.inRoom(row, c.Room)
	case workroom.SetRole:
		row.says("member", s.memberName(c.Room, c.Who))
		if c.Role == workroom.Admin {
			row.What = "admin"
		}
		s.inRoom(row, c.Room)
	case workroom.HandOver:
		row.says("handover", s.memberName(c.Room, c.Who))
		s.inRoom(row, c.Room)
	default:
		return false
	}
	return true
}

// inRoom names the room a row belongs to, if it is here, and reports whether it is closed.
func (s *Session) inRoom(row *UnsentRow, id workroom.RoomID) (archived bool) {
	_, r, err := s.room(string(id))
	if err != nil {
		return false
	}
	row.Where, row.Room = r.Name, string(id)
	return r.Archived
}

// aboutMessage names the room of a message and quotes it as it stands.
func (s *Session) aboutMessage(row *UnsentRow, room workroom.RoomID, id string) {
	s.inRoom(row, room)
	r, known, err := s.replica.Thing(context.Background(), workroom.Ref{Scope: workroom.RoomScope(room), Kind: workroom.KindMessage, ID: id})
	if m, ok := r.Thing.(*workroom.Message); ok && err == nil && known == workroom.Held && !r.Gone {
		if between, err := s.between(); err == nil && !between.blocked[m.Author] { // else it is folded here, too (P-24)
			row.About = cut(previewOf(m), 200)
		}
	}
}

// prefWord is what a change of what one keeps about a room is called: by the first thing it names.
func prefWord(c workroom.SetPref) string {
	switch {
	case c.Hidden != nil && *c.Hidden:
		return "hide"
	case c.Hidden != nil:
		return "unhide"
	case c.Level != nil:
		return "level"
	case c.Favourite != nil && *c.Favourite:
		return "favourite"
	}
	return "unfavourite"
}

// memberName is what somebody in a room is called, "" where the room is not here.
func (s *Session) memberName(room workroom.RoomID, who workroom.AccountID) string {
	people, err := s.people(room)
	if err != nil {
		return ""
	}
	for _, p := range people {
		if p.ID == string(who) {
			return p.Name
		}
	}
	return ""
}
