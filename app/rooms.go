package app

import (
	"context"
	"sort"
	"strings"

	"trestle/internal/markup"
	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// Rooms is the message screen.
type Rooms struct{ c *Core }

// List is the sidebar: the rooms with their newest line, unread first among those of equal standing is the page's choice.
func (r *Rooms) List() (out RoomList, err error) {
	defer guard(&err)
	s, err := r.c.here()
	if err != nil {
		return out, err
	}
	return s.roomList()
}

func (s *Session) roomList() (RoomList, error) {
	ctx := context.Background()
	out := RoomList{Rooms: []RoomRow{}}
	rows, err := s.replica.Rooms(ctx)
	if err != nil {
		return out, err
	}
	unread, err := s.replica.UnreadAll(ctx)
	if err != nil {
		return out, err
	}
	drafts, err := s.replica.Drafts(ctx)
	if err != nil {
		return out, err
	}
	draft := map[workroom.RoomID]string{}
	for _, d := range drafts {
		draft[d.Room] = draftLine(d)
	}
	refused, err := s.refusedIn()
	if err != nil {
		return out, err
	}
	prefs, err := s.replica.All(ctx, workroom.AccountScope(s.me()), workroom.KindPref)
	if err != nil {
		return out, err
	}
	favourite := map[string]bool{}
	for _, p := range prefs {
		if v, ok := p.Thing.(*workroom.Pref); ok {
			favourite[p.ID] = v.Favourite
		}
	}
	for _, x := range rows {
		room, ok := x.Thing.(*workroom.Room)
		if !ok {
			continue
		}
		id := workroom.RoomID(x.ID)
		row := RoomRow{
			ID: x.ID, Name: room.Name, Kind: string(room.Kind), Contract: string(room.Contract), At: room.Made / 1000, Unread: unread[id],
			Favourite: favourite[x.ID], Draft: draft[id], Archived: room.Archived || x.Archive,
		}
		people, err := s.people(id)
		if err != nil {
			return out, err
		}
		row.Other = others(people)
		newest, err := s.replica.Newest(ctx, id)
		if err != nil {
			return out, err
		}
		if newest != nil {
			if m, ok := newest.Thing.(*workroom.Message); ok {
				row.At, row.Mine = m.At/1000, m.Author == s.me()
				row.Preview = lineOf(m, people)
				if !row.Mine {
					row.By = nameIn(people, string(m.Author))
				}
			}
		}
		refused[workroom.RoomScope(id)].mark(&row)
		out.Rooms = append(out.Rooms, row)
		out.Unread += row.Unread
	}
	sort.SliceStable(out.Rooms, func(i, j int) bool { return out.Rooms[i].At > out.Rooms[j].At })
	return out, nil
}

func draftLine(d replica.Draft) string {
	if line := strings.TrimSpace(d.Text); line != "" {
		return cut(oneLine(line), 120)
	}
	if len(d.Files) > 0 {
		return d.Files[0].Name
	}
	return ""
}

// cut shortens a text to n characters.
func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// people lists a room's members, oneself last.
func (s *Session) people(room workroom.RoomID) ([]Person, error) {
	rows, err := s.replica.All(context.Background(), workroom.RoomScope(room), workroom.KindMember)
	if err != nil {
		return nil, err
	}
	out := []Person{}
	for _, r := range rows {
		if m, ok := r.Thing.(*workroom.Member); ok {
			out = append(out, Person{ID: r.ID, Name: m.Name, Role: string(m.Role), Me: r.ID == s.st.Account})
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return !out[i].Me && out[j].Me })
	return out, nil
}

func others(people []Person) string {
	var names []string
	for _, p := range people {
		if !p.Me {
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

// Open is a room with its newest messages.
func (r *Rooms) Open(in RoomIn) (out RoomView, err error) {
	defer guard(&err)
	s, err := r.c.here()
	if err != nil {
		return out, err
	}
	id, room, err := s.room(in.Room)
	if err != nil {
		return out, err
	}
	out = RoomView{ID: in.Room, Name: room.Name, Kind: string(room.Kind), Contract: string(room.Contract), Archived: room.Archived}
	if out.People, err = s.people(id); err != nil {
		return out, err
	}
	if room.Kind.Evidence() {
		out.DeleteWithin = workroom.DeleteWithin.Milliseconds()
	}
	if c, _, err := s.contract(string(room.Contract)); err == nil {
		out.Status = string(c.Status)
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
	if out.Unread, err = s.replica.Unread(ctx, id); err != nil {
		return out, err
	}
	if out.Window, err = s.window(id, "", 100); err != nil {
		return out, err
	}
	out.FirstNew, err = s.firstNew(id, out.Window.Messages, out.Unread)
	return out, err
}

// room reads a room that is here.
func (s *Session) room(id string) (workroom.RoomID, *workroom.Room, error) {
	if !workroom.ValidID(id) {
		return "", nil, workroom.Refuse(workroom.NoAccess)
	}
	room := workroom.RoomID(id)
	r, known, err := s.replica.Thing(context.Background(), workroom.Ref{Scope: workroom.RoomScope(room), Kind: workroom.KindRoom, ID: id})
	if err != nil {
		return "", nil, err
	}
	t, ok := r.Thing.(*workroom.Room)
	if known != workroom.Held || !ok {
		return "", nil, workroom.Refuse(workroom.NoAccess)
	}
	if r.Archive && !t.Archived { // no longer open to this account, but kept to be read
		closed := *t
		closed.Archived = true
		t = &closed
	}
	return room, t, nil
}

// SaveDraft keeps what is being written.
func (r *Rooms) SaveDraft(in DraftIn) (out Draft, err error) {
	defer guard(&err)
	s, err := r.c.here()
	if err != nil {
		return out, err
	}
	room, _, err := s.room(in.Room)
	if err != nil {
		return out, err
	}
	d := replica.Draft{Room: room, Text: in.Text, Cursor: int(in.Cursor)}
	for _, id := range in.Files {
		_, ref, err := s.staged(id, workroom.RoomScope(room))
		if err != nil {
			continue // taken away meanwhile
		}
		d.Files = append(d.Files, ref)
	}
	if err := s.replica.SaveDraft(context.Background(), d); err != nil {
		return out, err
	}
	return s.draft(room)
}

func (s *Session) draft(room workroom.RoomID) (Draft, error) {
	d, err := s.replica.Draft(context.Background(), room)
	out := Draft{Text: d.Text, Cursor: int64(d.Cursor), Files: []FileRow{}}
	for _, f := range d.Files {
		out.Files = append(out.Files, fileRow(f))
	}
	return out, err
}

// Read moves the read marker of a room up to a message number, never back.
func (r *Rooms) Read(in ReadIn) (err error) {
	defer guard(&err)
	s, err := r.c.here()
	if err != nil {
		return err
	}
	room, _, err := s.room(in.Room)
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
		cmd.E = m.E
	}
	_, err = s.enqueue(cmd, enqueueOpts{})
	return err
}

// Favourite keeps a room among the favourites, or not.
func (r *Rooms) Favourite(in FavouriteIn) (err error) {
	defer guard(&err)
	s, err := r.c.here()
	if err != nil {
		return err
	}
	room, _, err := s.room(in.Room)
	if err != nil {
		return err
	}
	_, err = s.enqueue(workroom.SetPref{Room: room, Who: s.me(), Favourite: new(in.Favourite)}, enqueueOpts{})
	return err
}
