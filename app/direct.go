package app

import (
	"context"

	"trestle/internal/workroom"
)

// Direct says which room one writes to somebody in, made or not (M-01).
func (r *Rooms) Direct(in PersonIn) (out DirectView, err error) {
	defer guard(&err)
	s, err := r.c.here()
	if err != nil {
		return out, err
	}
	if !workroom.ValidID(in.Account) || in.Account == s.st.Account {
		return out, workroom.Refuse(workroom.NotKnown)
	}
	book, err := s.addressBook()
	if err != nil {
		return out, err
	}
	k, err := s.meets(book, in.Account)
	if err != nil {
		return out, err
	}
	out = DirectView{Room: string(workroom.DirectID(s.me(), workroom.AccountID(in.Account))), Name: k.Name, Here: k.Direct != ""}
	if k.Blocked {
		out.Why = "blocked"
	}
	return out, nil
}

// opened makes the direct room that a message to somebody goes into, if it is not here: its command goes before the message, in the same lane.
// Any other room is as it is, and a message that could not be sent opens none.
func (s *Session) opened(in SendIn) error {
	id, other := workroom.RoomID(in.Room), workroom.AccountID(in.To)
	if in.To == "" || id != workroom.DirectID(s.me(), other) {
		return nil
	}
	if _, known, err := s.replica.Room(context.Background(), id); err != nil || known == workroom.Held {
		return err
	}
	text := in.Text
	if workroom.Blank(text) && len(in.Files) > 0 {
		text = "files"
	}
	if r := (workroom.SendMessage{Room: id, Text: text, Reply: in.Reply}).Check(); r != nil {
		return r
	}
	book, err := s.addressBook()
	if err != nil {
		return err
	}
	k, err := s.meets(book, in.To)
	if err != nil {
		return err
	}
	_, err = s.enqueue(workroom.CreateDirect{Room: id, Who: s.me(), Name: s.name(), Other: other, OtherName: k.Name, Via: k.via}, enqueueOpts{})
	return err
}
