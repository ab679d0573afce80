package app

import (
	"context"
	"sort"
	"strings"

	"trestle/internal/markup"
	"trestle/internal/workroom"
)

// Rooms is the message screen.
type Rooms struct{ c *Core }

// cut shortens a text to n characters.
func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// present are those of a room's people who are in it now.
func present(people []Person) []Person {
	out := []Person{}
	for _, p := range people {
		if !p.Left {
			out = append(out, p)
		}
	}
	return out
}

// rank puts those who are there before oneself, and oneself before those who left.
func rank(p Person) int {
	switch {
	case p.Left:
		return 2
	case p.Me:
		return 1
	}
	return 0
}

// people lists a room's members, oneself behind the others, and last those who left, whose names are still needed for what they wrote.
func (s *Session) people(room workroom.RoomID) ([]Person, error) {
	rows, err := s.replica.All(context.Background(), workroom.RoomScope(room), workroom.KindMember)
	if err != nil {
		return nil, err
	}
	out := []Person{}
	for _, r := range rows {
		if m, ok := r.Thing.(*workroom.Member); ok {
			out = append(out, Person{ID: r.ID, Name: m.Name, Role: string(m.Role), Me: r.ID == s.st.Account, Left: m.Left != 0, Business: m.Business})
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return rank(out[i]) < rank(out[j]) })
	return out, nil
}

func others(people []Person) string {
	var names []string
	for _, p := range people {
		if !p.Me && !p.Left {
			names = append(names, p.Name)
		}
	}
	return strings.Join(names, ", ")
}

// mentionsOf names the people of a room to the markup, and which of them is oneself.
func mentionsOf(people []Person) markup.Options {
	me := ""
	for _, p := range people {
		if p.Me {
			me = p.ID
		}
	}
	return markup.Options{Me: me, Name: func(account string) (string, bool) {
		for _, p := range people {
			if p.ID == account {
				return p.Name, true
			}
		}
		return "", false
	}}
}

func nameIn(people []Person, id string) string {
	for _, p := range people {
		if p.ID == id {
			return p.Name
		}
	}
	return "Somebody"
}

// Open is a room with the messages to show first, or read once more with those that are shown.
func (r *Rooms) Open(in OpenIn) (out RoomView, err error) {
	defer guard(&err)
	s, err := r.c.here()
	if err != nil {
		return out, err
	}
	id, room, err := s.room(in.Room)
	if err != nil && in.To != "" {
		return s.toBe(in)
	}
	if err != nil {
		return out, err
	}
	out = RoomView{ID: in.Room, Name: room.Name, Kind: string(room.Kind), Contract: string(room.Contract), Archived: room.Archived}
	people, err := s.people(id)
	if err != nil {
		return out, err
	}
	out.People, out.May = present(people), s.may(room, people)
	if !party(people) {
		out.Contract = ""
	}
	out.Made, out.MadeBy = room.Made/1000, ""
	if room.By != "" {
		out.MadeBy = nameIn(people, string(room.By))
	}
	if room.Kind.Evidence() {
		out.DeleteWithin = workroom.DeleteWithin.Milliseconds()
	}
	if c, _, err := s.contract(string(room.Contract)); err == nil {
		out.Status = string(c.Status)
	}
	if room.Kind == workroom.InterviewRoom && party(people) {
		out.Offer = s.offerBar(string(room.Contract))
	}
	ctx := context.Background()
	if p, known, err := s.replica.Thing(ctx, workroom.Ref{Scope: workroom.AccountScope(s.me()), Kind: workroom.KindPref, ID: in.Room}); err != nil {
		return out, err
	} else if v, ok := p.Thing.(*workroom.Pref); ok && known == workroom.Held {
		out.Favourite = v.Favourite
	}
	if out.Draft, err = s.draft(id); err != nil {
		return out, err
	}
	read, err := s.replica.Reading(ctx, id)
	if err != nil {
		return out, err
	}
	out.Unread = read.Unread
	if in.First != "" {
		if out.FirstNew, _, err = s.replica.FirstUnread(ctx, id); err != nil {
			return out, err
		}
		out.Window, err = s.again(id, in.First, in.Last)
		return out, err
	}
	out.Window, out.FirstNew, err = s.opening(id, read)
	return out, err
}

// in is the session and a room that is here, as nearly every act of a room begins.
func (r *Rooms) in(id string) (*Session, workroom.RoomID, *workroom.Room, error) {
	s, err := r.c.here()
	if err != nil {
		return nil, "", nil, err
	}
	room, about, err := s.room(id)
	return s, room, about, err
}

// room reads a room that is here.
func (s *Session) room(id string) (workroom.RoomID, *workroom.Room, error) {
	if !workroom.ValidID(id) {
		return "", nil, workroom.Refuse(workroom.NoAccess)
	}
	room := workroom.RoomID(id)
	r, known, err := s.replica.Room(context.Background(), room)
	if err != nil {
		return "", nil, err
	}
	t, ok := r.Thing.(*workroom.Room)
	if known != workroom.Held || !ok {
		return "", nil, workroom.Refuse(workroom.NoAccess)
	}
	if !t.Archived && (r.Archive || s.offerOver(t)) { // no longer open to this account, but kept to be read; or the offer is over
		closed := *t
		closed.Archived = true
		t = &closed
	}
	return room, t, nil
}

// Read moves the read marker of a room up to a message number, never back.
func (r *Rooms) Read(in ReadIn) (err error) {
	defer guard(&err)
	s, room, _, err := r.in(in.Room)
	if err != nil {
		return err
	}
	ctx := context.Background()
	cmd := workroom.SetMarker{Room: room, Who: s.me(), N: in.Num, Head: in.Num}
	x, known, err := s.replica.Thing(ctx, workroom.Ref{Scope: workroom.AccountScope(s.me()), Kind: workroom.KindMarker, ID: in.Room})
	if err != nil {
		return err
	}
	if m, ok := x.Thing.(*workroom.Marker); ok && known == workroom.Held {
		if in.Num <= m.N {
			return nil
		}
		// What I wrote before the room was marked as unread reads nothing, however little of it is read since.
		cmd.E, cmd.Head = m.E, max(in.Num, m.Head)
	}
	if _, err = s.enqueue(cmd, enqueueOpts{}); err != nil {
		return err
	}
	return s.tellRead(room, in.Num)
}

// Favourite keeps a room among the favourites, or not.
func (r *Rooms) Favourite(in FavouriteIn) (err error) {
	defer guard(&err)
	s, room, _, err := r.in(in.Room)
	if err != nil {
		return err
	}
	_, err = s.enqueue(workroom.SetPref{Room: room, Who: s.me(), Favourite: new(in.Favourite)}, enqueueOpts{})
	return err
}
