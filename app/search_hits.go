package app

import (
	"errors"
	"strings"

	"trestle/internal/markup"
	"trestle/internal/replica"
	"trestle/internal/search"
	"trestle/internal/workroom"
)

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
		row := fileRow(t.FileRef)
		if t.Deleted != 0 {
			row.DeletedBy = nameIn(r.people, string(t.DeletedBy))
		}
		out.Files = append(out.Files, row)
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
