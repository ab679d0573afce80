package app

import (
	"context"
	"slices"
	"sort"

	"trestle/internal/markup"
	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// List is the sidebar: the rooms with their newest line, newest first. Hidden ones are among them and say so: the page leaves them out of
// its lists and finds them in its searches.
func (r *Rooms) List() (out RoomList, err error) {
	defer guard(&err)
	s, err := r.c.here()
	if err != nil {
		return out, err
	}
	return s.roomList()
}

// aboutRooms is what the rows of the list are made from beside the rooms themselves, read once for all of them.
type aboutRooms struct {
	unread  map[workroom.RoomID]int64
	draft   map[workroom.RoomID]string
	pref    map[string]*workroom.Pref
	hidden  map[workroom.RoomID]bool
	refused map[workroom.Scope]refusals
	blocked map[workroom.AccountID]bool // by me
}

func (s *Session) aboutRooms(ctx context.Context) (about aboutRooms, err error) {
	if about.unread, err = s.replica.UnreadAll(ctx); err != nil {
		return about, err
	}
	drafts, err := s.replica.Drafts(ctx)
	if err != nil {
		return about, err
	}
	about.draft = map[workroom.RoomID]string{}
	for _, d := range drafts {
		people, err := s.people(d.Room)
		if err != nil {
			return about, err
		}
		about.draft[d.Room] = draftLine(d, people)
	}
	if about.refused, err = s.refusedIn(); err != nil {
		return about, err
	}
	if about.hidden, err = s.replica.Hidden(ctx); err != nil {
		return about, err
	}
	between, err := s.between()
	if err != nil {
		return about, err
	}
	about.blocked = between.blocked
	prefs, err := s.replica.All(ctx, workroom.AccountScope(s.me()), workroom.KindPref)
	if err != nil {
		return about, err
	}
	about.pref = map[string]*workroom.Pref{}
	for _, p := range prefs {
		if v, ok := p.Thing.(*workroom.Pref); ok {
			about.pref[p.ID] = v
		}
	}
	return about, nil
}

func (s *Session) roomList() (RoomList, error) {
	ctx := context.Background()
	out := RoomList{Rooms: []RoomRow{}}
	rows, err := s.replica.Rooms(ctx)
	if err != nil {
		return out, err
	}
	about, err := s.aboutRooms(ctx)
	if err != nil {
		return out, err
	}
	for _, x := range rows {
		room, ok := x.Thing.(*workroom.Room)
		if !ok {
			continue
		}
		row, err := s.roomRow(ctx, x, room, about)
		if err != nil {
			return out, err
		}
		out.Rooms = append(out.Rooms, row)
		if row.Level != string(workroom.LevelNone) { // as the tray counts (N-07, N-09)
			out.Unread += row.Unread
		}
	}
	sort.SliceStable(out.Rooms, func(i, j int) bool { return out.Rooms[i].At > out.Rooms[j].At })
	return out, nil
}

// roomRow is one line of the list.
func (s *Session) roomRow(ctx context.Context, x replica.Row, room *workroom.Room, about aboutRooms) (RoomRow, error) {
	id := workroom.RoomID(x.ID)
	if !room.Archived && s.offerOver(room) {
		closed := *room
		closed.Archived = true
		room = &closed
	}
	row := RoomRow{
		ID: x.ID, Name: room.Name, Kind: string(room.Kind), Contract: string(room.Contract), At: room.Made / 1000, Unread: about.unread[id],
		Draft: about.draft[id], Archived: room.Archived || x.Archive, Hidden: about.hidden[id], Level: levelName(about.pref[x.ID]),
	}
	if p := about.pref[x.ID]; p != nil {
		row.Favourite = p.Favourite
	}
	people, err := s.people(id)
	if err != nil {
		return row, err
	}
	if !party(people) {
		row.Contract = ""
	}
	here := present(people)
	row.Other, row.Members, row.May = others(people), int64(len(here)), s.may(room, people)
	row.May.Write = row.May.Write && !x.Archive
	for _, p := range here {
		if p.Me {
			row.Role = p.Role
		} else if len(here) == 2 {
			row.Person = p.ID
		}
	}
	if row.Unread > 0 && room.Kind != workroom.DirectRoom {
		if row.Named, err = s.namedIn(ctx, id); err != nil {
			return row, err
		}
	}
	newest, err := s.replica.Newest(ctx, id)
	if err != nil {
		return row, err
	}
	if newest != nil && s.isHeard(*newest) {
		row.Heard = true
	} else if newest != nil {
		last, err := s.heard(id)
		if err != nil {
			return row, err
		}
		row.Heard = last != ""
	}
	if newest != nil {
		if m, ok := newest.Thing.(*workroom.Message); ok {
			row.At, row.Mine = m.At/1000, m.Author == s.me()
			if !row.Mine {
				row.By = nameIn(people, string(m.Author))
			}
			if !about.blocked[m.Author] { // what they write is folded in the room, and so it is here (P-24)
				row.Preview = lineOf(m, people)
			}
		}
	}
	about.refused[workroom.RoomScope(id)].mark(&row)
	return row, nil
}

// namedIn reports whether one of the unread messages of a room names the account.
func (s *Session) namedIn(ctx context.Context, room workroom.RoomID) (bool, error) {
	rows, err := s.replica.UnreadNaming(ctx, room)
	return slices.ContainsFunc(rows, func(x replica.Row) bool {
		m, ok := x.Thing.(*workroom.Message)
		return ok && m.Author != s.me() && m.Deleted == 0 && s.mentioned(m)
	}), err
}

// levelName is what a person is told of in a room: "all", "mentions" or "none" (N-07).
func levelName(p *workroom.Pref) string {
	if p == nil || p.Level == workroom.LevelAll {
		return "all"
	}
	return string(p.Level)
}

func draftLine(d replica.Draft, people []Person) string {
	if line := markup.Preview(d.Text, 120, mentionsOf(people)); line != "" {
		return line
	}
	if len(d.Files) > 0 {
		return d.Files[0].Name
	}
	return ""
}
