package app

import "trestle/internal/workroom"

// toBe is the direct room with somebody before its first message: it is on no screen of the other one and in no list, holds a draft, and is
// made by what is sent (M-01). Made stays 0.
func (s *Session) toBe(in OpenIn) (RoomView, error) {
	id, err := s.boxOf(in.Room, in.To)
	if err != nil {
		return RoomView{}, err
	}
	book, err := s.addressBook()
	if err != nil {
		return RoomView{}, err
	}
	k, err := s.meets(book, in.To)
	if err != nil {
		return RoomView{}, err
	}
	out := RoomView{ID: in.Room, Name: k.Name, Kind: string(workroom.DirectRoom), May: MayView{Write: !k.Blocked, LeaveWhy: "direct"},
		People: []Person{{ID: in.To, Name: k.Name, Role: string(workroom.Writer)}, {ID: string(s.me()), Name: s.st.Person, Role: string(workroom.Writer), Me: true}},
		Window: Window{Room: in.Room, Messages: []MessageRow{}, AtEnd: true}}
	out.Draft, err = s.draft(id)
	return out, err
}
