package app

import (
	"context"
	"slices"
	"time"

	"trestle/internal/replica"
	"trestle/internal/search"
	"trestle/internal/workroom"
)

// Search is the search screen: messages and file names in everything that is on this computer, with or without a network.
type Search struct{ c *Core }

// Find searches what is on this computer.
func (x *Search) Find(in FindIn) (out FindView, err error) {
	defer guard(&err)
	out = FindView{Hits: []HitRow{}, Chips: []ChipRow{}, Behind: []string{}, Rooms: []RoomHits{}}
	s, err := x.c.here()
	if err != nil {
		return out, err
	}
	found, err := s.found(in)
	if err != nil {
		return out, err
	}
	ctx := context.Background()
	q := search.Query{Tokens: found.Tokens}
	out.Asked, out.Next = !q.Empty(), found.Next
	for _, t := range found.Tokens {
		if t.Op == search.Word && t.Bad == "" {
			continue
		}
		c := ChipRow{Op: string(t.Op), Value: t.Value, Bad: t.Bad, Without: search.Without(in.Text, t)}
		if t.Bad == "" && !t.Day.IsZero() {
			c.Day = t.Day.Format("2006-01-02")
		}
		out.Chips = append(out.Chips, c)
	}
	if out.Indexing, err = s.replica.Indexing(ctx); err != nil {
		return out, err
	}
	rooms, err := s.searched(in, q)
	if err != nil {
		return out, err
	}
	if out.Asked && in.From == 0 {
		for _, r := range rooms {
			behind, err := s.behind(r.scope)
			if err != nil {
				return out, err
			}
			if behind {
				out.Behind = append(out.Behind, r.Name)
			}
		}
	}
	between, err := s.between()
	if err != nil {
		return out, err
	}
	h := hits{s: s, q: q, blocked: between.blocked, rooms: map[workroom.Scope]*hitRoom{}}
	for _, row := range found.Rows {
		hit, ok, err := h.row(row)
		if err != nil {
			return out, err
		}
		if ok {
			out.Hits = append(out.Hits, hit)
		}
	}
	if out.Asked && in.From == 0 && in.Room == "" {
		if out.Rooms, out.Over, err = h.count(ctx); err != nil {
			return out, err
		}
	}
	return out, nil
}

// found asks the copy. Days are those of this computer's time zone (S-07).
func (s *Session) found(in FindIn) (replica.Found, error) {
	var room workroom.RoomID
	if in.Room != "" {
		id, _, err := s.room(in.Room)
		if err != nil {
			return replica.Found{}, err
		}
		room = id
	}
	return s.replica.Find(context.Background(), search.Parse(in.Text, time.Local), room, max(in.From, 0))
}

// searchedRoom is a room that a search looks into.
type searchedRoom struct {
	scope workroom.Scope
	*workroom.Room
}

// searched lists the rooms a search looks into.
func (s *Session) searched(in FindIn, q search.Query) ([]searchedRoom, error) {
	rows, err := s.replica.Rooms(context.Background())
	if err != nil {
		return nil, err
	}
	names := q.Values(search.In)
	var out []searchedRoom
	for _, x := range rows {
		room, ok := x.Thing.(*workroom.Room)
		if !ok || in.Room != "" && x.ID != in.Room {
			continue
		}
		if in.Room == "" && len(names) > 0 && !slices.ContainsFunc(names, func(n string) bool { return search.Named(room.Name, n) }) {
			continue
		}
		out = append(out, searchedRoom{x.Scope, room})
	}
	return out, nil
}

// behind reports whether the service has older messages of a room than are here.
func (s *Session) behind(scope workroom.Scope) (bool, error) {
	w, err := s.replica.Window(context.Background(), scope, workroom.KindMessage, 0, 1)
	return w.Older, err
}
