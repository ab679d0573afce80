package app

import (
	"context"
	"strings"

	"trestle/internal/workroom"
)

// This file is what a person does with rooms and the people in them (M-01 to M-09).

// Set keeps what I want of a room for myself: favourite, hidden, of what I am told. A room is hidden as of its newest message; a newer one of
// somebody else brings it back.
func (r *Rooms) Set(in PrefIn) (err error) {
	defer guard(&err)
	s, room, _, err := r.in(in.Room)
	if err != nil {
		return err
	}
	c := workroom.SetPref{Room: room, Who: s.me(), Favourite: in.Favourite, Hidden: in.Hidden}
	if in.Hidden != nil && *in.Hidden {
		at, err := s.replica.Cursor(context.Background(), workroom.RoomScope(room))
		if err != nil {
			return err
		}
		c.HiddenAt = at.Msgs
	}
	if in.Level != nil {
		l := workroom.Level(*in.Level)
		if l == "all" {
			l = workroom.LevelAll
		}
		c.Level = &l
	}
	_, err = s.enqueue(c, enqueueOpts{})
	return err
}

// New makes a group room and lets people into it (M-04). Each person is a step of its own: one that is refused keeps nobody else out.
func (r *Rooms) New(in NewRoomIn) (out RoomIn, err error) {
	defer guard(&err)
	s, err := r.c.here()
	if err != nil {
		return out, err
	}
	if in.Room == "" {
		in.Room = newID()
	}
	room, err := s.newRoom(in)
	return RoomIn{string(room)}, err
}

func (s *Session) newRoom(in NewRoomIn) (workroom.RoomID, error) {
	book, err := s.addressBook()
	if err != nil {
		return "", err
	}
	for _, p := range in.People {
		if _, err := s.meets(book, p); err != nil {
			return "", err
		}
	}
	c := workroom.CreateRoom{Room: workroom.RoomID(in.Room), Who: s.me(), Name: roomName(in.Name), As: s.name()}
	if _, known, err := s.replica.Room(context.Background(), c.Room); err != nil || known == workroom.Held {
		return c.Room, err
	}
	if _, err := s.enqueue(c, enqueueOpts{}); err != nil {
		return "", err
	}
	return c.Room, s.let(c.Room, book, in.People, in.Whole)
}

// roomName is a name as somebody wrote it, on one line and at any length: one that is too long is refused by the rule, not cut.
func roomName(s string) string { return workroom.SafeLabel(s, len(s)) }

// let adds people to a room, one command each.
func (s *Session) let(room workroom.RoomID, book map[workroom.AccountID]*known, people []string, whole bool) error {
	for _, p := range people {
		k, err := s.meets(book, p)
		if err != nil {
			return err
		}
		via := k.via
		if via == room { // known by this room alone, so in it already
			continue
		}
		c := workroom.AddMember{Room: room, Who: workroom.AccountID(p), Name: k.Name, Whole: whole, Via: via}
		if _, err := s.enqueue(c, enqueueOpts{}); err != nil {
			return err
		}
	}
	return nil
}

// name is how others see me.
func (s *Session) name() string { return workroom.SafeLabel(s.st.Person, workroom.MaxName) }

// Add lets people into a room, with what is written from now on or with its whole history (M-06). In a direct room it makes a new group room
// with the two and them, and answers that one.
func (r *Rooms) Add(in AddIn) (out RoomIn, err error) {
	defer guard(&err)
	s, id, room, err := r.in(in.Room)
	if err != nil {
		return out, err
	}
	if len(in.People) == 0 {
		return out, workroom.Bad("people", "Choose whom to add.")
	}
	book, err := s.addressBook()
	if err != nil {
		return out, err
	}
	if room.Kind != workroom.DirectRoom {
		for _, p := range in.People {
			if _, err := s.meets(book, p); err != nil {
				return out, err
			}
		}
		return RoomIn{string(id)}, s.let(id, book, in.People, in.Whole)
	}
	people, err := s.people(id)
	if err != nil {
		return out, err
	}
	all := []string{}
	for _, p := range present(people) {
		if !p.Me {
			all = append(all, p.ID)
		}
	}
	name := in.Name
	if workroom.Blank(name) {
		names := []string{room.Name}
		for _, p := range in.People {
			if k := book[workroom.AccountID(p)]; k != nil {
				names = append(names, k.Name)
			}
		}
		name = workroom.SafeLabel(strings.Join(names, ", "), workroom.MaxName)
	}
	made, err := s.newRoom(NewRoomIn{Room: newID(), Name: name, People: append(all, in.People...), Whole: in.Whole})
	return RoomIn{string(made)}, err
}

// Remove takes somebody out of a room (M-07).
func (r *Rooms) Remove(in MemberIn) (err error) {
	defer guard(&err)
	return r.part(PartIn{in.Room, "remove", in.Account})
}

// Leave takes me out of a room (M-07). What I was writing there is kept under Not sent.
func (r *Rooms) Leave(in RoomIn) (err error) {
	defer guard(&err)
	return r.part(PartIn{Room: in.Room, What: "leave"})
}

// SetRole makes a member an admin, or an admin a member (M-05).
func (r *Rooms) SetRole(in RoleIn) (err error) {
	defer guard(&err)
	return r.does(in.Room, func(s *Session, room workroom.RoomID) workroom.Command {
		return workroom.SetRole{Room: room, Who: workroom.AccountID(in.Account), Role: workroom.Role(in.Role)}
	})
}

// HandOver makes somebody else the owner of a group room (M-05).
func (r *Rooms) HandOver(in MemberIn) (err error) {
	defer guard(&err)
	return r.part(PartIn{in.Room, "handover", in.Account})
}

// Rename gives a room another name (M-05).
func (r *Rooms) Rename(in RenameIn) (err error) {
	defer guard(&err)
	return r.does(in.Room, func(s *Session, room workroom.RoomID) workroom.Command {
		return workroom.RenameRoom{Room: room, Name: roomName(in.Name)}
	})
}

// Archive closes a group room for writing, or opens it again (M-08).
func (r *Rooms) Archive(in ArchiveIn) (err error) {
	defer guard(&err)
	return r.does(in.Room, func(s *Session, room workroom.RoomID) workroom.Command {
		return workroom.ArchiveRoom{Room: room, Archived: in.Archived}
	})
}

// does gives one command about a room that is here.
func (r *Rooms) does(id string, command func(*Session, workroom.RoomID) workroom.Command) error {
	s, room, _, err := r.in(id)
	if err != nil {
		return err
	}
	_, err = s.enqueue(command(s, room), enqueueOpts{})
	return err
}
