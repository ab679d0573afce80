package app

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"trestle/internal/markup"
	"trestle/internal/replica"
	"trestle/internal/search"
	"trestle/internal/workroom"
)

// Search is the search screen: messages and file names in everything that is on this computer, with or without a network.
type Search struct{ c *Core }

// FindIn is what was typed, for one room or all, and which page of it.
type FindIn struct {
	Text string `json:"text"`
	Room string `json:"room"` // find in this room; "" = in all
	From int64  `json:"from"` // FindView.Next of the page before; 0 = the first
}

// FindView is a page of hits, newest first.
type FindView struct {
	Asked    bool       `json:"asked"` // something can be searched for
	Hits     []HitRow   `json:"hits"`
	Next     int64      `json:"next"` // leads to older hits; 0 = these are the last
	Chips    []ChipRow  `json:"chips"`
	Indexing bool       `json:"indexing"` // something that is here cannot be found yet: ask again in a moment
	Behind   []string   `json:"behind"`   // names of the rooms searched whose older messages are at the service only; with the first page
	Rooms    []RoomHits `json:"rooms"`    // where hits are, most first, also outside of what in: asks for; with the first page of a search in all rooms
	Over     bool       `json:"over"`     // there are more hits than Rooms counts
}

// ChipRow is an operator as typed, or a word that cannot be searched for.
type ChipRow struct {
	Op      string `json:"op"` // from, in, before, after; "" for a word
	Value   string `json:"value"`
	Day     string `json:"day"`     // of before and after, as 2006-01-02
	Bad     string `json:"bad"`     // why it is left out, a sentence; "" = it counts
	Without string `json:"without"` // what was typed, without it
}

// HitRow is a message or a file that was found.
type HitRow struct {
	ID       string    `json:"id"`
	Kind     string    `json:"kind"` // message or file
	Room     string    `json:"room"`
	RoomName string    `json:"roomName"`
	Contract string    `json:"contract"`
	Closed   bool      `json:"closed"`  // the room is kept to be read
	Message  string    `json:"message"` // where it stands
	Author   string    `json:"author"`
	Name     string    `json:"name"`
	At       int64     `json:"at"`
	Waiting  bool      `json:"waiting"` // not at the service yet
	Parts    []Part    `json:"parts"`
	Files    []FileRow `json:"files"`
	Folded   bool      `json:"folded"` // written by somebody one blocked: nothing of it is told here, the room shows it when asked
}

// Part is a piece of a found text; Hit is set on what was searched for.
type Part struct {
	Text string `json:"text"`
	Hit  bool   `json:"hit"`
}

// RoomHits is how many hits a room has.
type RoomHits struct {
	Room     string `json:"room"`
	Name     string `json:"name"`
	Contract string `json:"contract"`
	Hits     int64  `json:"hits"`
}

// FetchOut is what came of asking the service for older messages.
type FetchOut struct {
	More   bool   `json:"more"`   // there are older ones still
	Reason string `json:"reason"` // why it ended early, a sentence; "" = it did not
}

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

// Bounds of one call of Fetch. A page calls again while there is more.
const (
	fetchTime  = 3 * time.Second
	fetchPages = 40 // of a room
)

// Fetch brings older messages of the rooms a search looks into from the service, so that they can be searched too; some pages a call.
func (x *Search) Fetch(in FindIn) (out FetchOut, err error) {
	defer guard(&err)
	s, err := x.c.here()
	if err != nil {
		return out, err
	}
	found, err := s.found(in)
	if err != nil {
		return out, err
	}
	rooms, err := s.searched(in, search.Query{Tokens: found.Tokens})
	if err != nil {
		return out, err
	}
	ctx, stop := context.WithTimeout(s.ctx, fetchTime)
	defer stop()
	for _, r := range rooms {
		for range fetchPages {
			behind, err := s.behind(r.scope)
			if err != nil {
				return out, err
			}
			if !behind || ctx.Err() != nil {
				break
			}
			if _, err := s.courier.Older(ctx, r.scope); err != nil {
				if errors.Is(err, context.DeadlineExceeded) && ctx.Err() != nil {
					break
				}
				out.More, out.Reason = true, AsFailure(err).Message
				return out, nil
			}
		}
		behind, err := s.behind(r.scope)
		if err != nil {
			return out, err
		}
		out.More = out.More || behind
	}
	return out, nil
}

// hits makes rows for the page, reading each room once.
type hits struct {
	s       *Session
	q       search.Query
	blocked map[workroom.AccountID]bool // by me
	rooms   map[workroom.Scope]*hitRoom
}

type hitRoom struct {
	id     workroom.RoomID
	room   *workroom.Room
	people []Person
}

func (h *hits) at(scope workroom.Scope) (*hitRoom, error) {
	if r, known := h.rooms[scope]; known {
		return r, nil
	}
	h.rooms[scope] = nil
	id, room, err := h.s.room(scope.Owner())
	if err != nil {
		if no := (*workroom.Refusal)(nil); errors.As(err, &no) {
			return nil, nil // left meanwhile
		}
		return nil, err
	}
	people, err := h.s.people(id)
	if err != nil {
		return nil, err
	}
	h.rooms[scope] = &hitRoom{id, room, people}
	return h.rooms[scope], nil
}

func (h *hits) row(x replica.Row) (HitRow, bool, error) {
	r, err := h.at(x.Scope)
	if err != nil || r == nil {
		return HitRow{}, false, err
	}
	out := HitRow{
		ID: x.ID, Kind: string(x.Kind), Room: string(r.id), RoomName: r.room.Name, Contract: string(r.room.Contract), Closed: r.room.Archived,
		Waiting: x.Waits() && !x.Numbered(), Files: []FileRow{},
	}
	var author workroom.AccountID
	switch t := x.Thing.(type) {
	case *workroom.Message:
		out.Message, author, out.At = x.ID, t.Author, t.At/1000
		out.Parts = parts(oneLine(markup.Plain(t.Text, mentionsOf(r.people))), h.q)
		for _, f := range t.Files {
			out.Files = append(out.Files, fileRow(f))
		}
	case *workroom.File:
		out.Message, author, out.At = t.Message, t.Author, t.At/1000
		out.Parts = parts(t.Name, h.q)
		out.Files = append(out.Files, fileRow(t.FileRef))
	default:
		return out, false, nil
	}
	out.Author, out.Name = string(author), nameIn(r.people, string(author))
	if h.blocked[author] { // as the room folds it (P-24)
		out.Folded, out.Parts, out.Files = true, []Part{}, []FileRow{}
	}
	return out, true, nil
}

// How much of a found text a page shows, in characters: what stands before the first hit, and all of it.
const (
	hitBefore = 80
	hitLength = 280
)

// parts cuts a text of one line around its first hit, with what was searched for apart from the rest.
func parts(text string, q search.Query) []Part {
	marks := q.Marks(text)
	from, until := 0, len(text)
	if len(marks) > 0 {
		from = back(text, marks[0].Start, hitBefore)
	}
	n := 0
	for i := range text[from:] {
		if n++; n > hitLength {
			until = from + i
			break
		}
	}
	out := []Part{}
	add := func(s string, hit bool) {
		if s != "" {
			out = append(out, Part{s, hit})
		}
	}
	lead, at := "", from
	if from > 0 {
		lead = "… "
	}
	for _, m := range marks {
		if m.End > until {
			break
		}
		add(lead+text[at:m.Start], false)
		add(text[m.Start:m.End], true)
		lead, at = "", m.End
	}
	tail := text[at:until]
	if until < len(text) {
		tail += "…"
	}
	add(lead+tail, false)
	return out
}

// back is where a text begins that holds n characters before an offset, at the beginning of a word where there is one.
func back(text string, at, n int) int {
	r := []rune(text[:at])
	if len(r) <= n {
		return 0
	}
	from := at - len(string(r[len(r)-n:]))
	if space := strings.IndexByte(text[from:at], ' '); space >= 0 {
		return from + space + 1
	}
	return from
}
