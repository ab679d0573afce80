package app

import (
	"context"

	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// MarkRoomIn says of a whole room that it is read, or not.
type MarkRoomIn struct {
	Room string `json:"room"`
	Read bool   `json:"read"`
}

// MarkRoom marks all of a room as read, or its newest message of somebody else as unread, on all devices of the account (M-29).
func (r *Rooms) MarkRoom(in MarkRoomIn) (err error) {
	defer guard(&err)
	s, room, _, err := r.in(in.Room)
	if err != nil {
		return err
	}
	if in.Read {
		at, err := s.replica.Cursor(context.Background(), workroom.RoomScope(room))
		if err != nil {
			return err
		}
		return r.Read(ReadIn{Room: in.Room, Num: at.Msgs})
	}
	last, err := s.heard(room)
	if err != nil {
		return err
	}
	if last == "" {
		return workroom.Refuse(workroom.Gone)
	}
	return r.MarkUnread(MessageIn{Room: in.Room, Message: last})
}

// heardWithin is how many of the newest messages are looked at for one of somebody else.
const heardWithin = 50

// heard is the newest message of somebody else that the service has and nobody took away; "" if there is none among the newest.
func (s *Session) heard(room workroom.RoomID) (string, error) {
	w, err := s.replica.Window(context.Background(), workroom.RoomScope(room), workroom.KindMessage, 0, heardWithin)
	if err != nil {
		return "", err
	}
	for i := len(w.Rows) - 1; i >= 0; i-- {
		if s.isHeard(w.Rows[i]) {
			return w.Rows[i].ID, nil
		}
	}
	return "", nil
}

func (s *Session) isHeard(x replica.Row) bool {
	m, ok := x.Thing.(*workroom.Message)
	return ok && m.Author != s.me() && m.Deleted == 0 && x.Num > 0
}
