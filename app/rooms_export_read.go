package app

import (
	"context"
	"slices"
	"time"

	"trestle/internal/markup"
	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// roomExport is a room as it is written: what it says of itself, its messages oldest first, and its files.
type roomExport struct {
	s       *Session
	Room    string           `json:"room"`
	Kind    string           `json:"kind"`
	Made    time.Time        `json:"made"`
	At      time.Time        `json:"exported"`
	By      string           `json:"by"`
	People  []exportedPerson `json:"people"`
	Partial string           `json:"partial,omitempty"` // why older messages are missing
	Message []exportedLine   `json:"messages"`
	Files   []exportedFile   `json:"files"`
	told    func(done, total int64)
	last    time.Time
}

type exportedPerson struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Role string `json:"role"`
}

type exportedLine struct {
	ID      string     `json:"id"`
	At      time.Time  `json:"at"`
	Author  string     `json:"author"`
	Name    string     `json:"name"`
	Text    string     `json:"text"`
	Reply   string     `json:"reply,omitempty"`
	Edited  *time.Time `json:"edited,omitempty"`
	Deleted *time.Time `json:"deleted,omitempty"`
	Removed bool       `json:"removed,omitempty"` // with Deleted: an administrator took it away
	Files   []string   `json:"files,omitempty"`
	Waiting bool       `json:"waiting,omitempty"` // it has not reached the service
	plain   string
}

type exportedFile struct {
	ID   string    `json:"id"`
	Name string    `json:"name"`
	Size int64     `json:"size"`
	Type string    `json:"type"`
	By   string    `json:"by"`
	At   time.Time `json:"at"`
	In   string    `json:"in,omitempty"` // its place in this archive; absent where its bytes are not on the computer
	sha  string
}

// tell says how far it is, not more often than a page can show.
func (x *roomExport) tell(done int, total int, force bool) {
	if now := time.Now(); force || now.Sub(x.last) >= tellEvery {
		x.last = now
		x.told(int64(done), int64(total))
	}
}

// gather reads the room, from the service too where this computer holds only the newest part.
func (s *Session) gather(ctx context.Context, room workroom.RoomID, told func(done, total int64)) (*roomExport, error) {
	_, r, err := s.room(string(room))
	if err != nil {
		return nil, err
	}
	people, err := s.people(room)
	if err != nil {
		return nil, err
	}
	x := &roomExport{s: s, Room: r.Name, Kind: string(r.Kind), Made: time.UnixMicro(r.Made).UTC(), At: time.Now().UTC(),
		By: s.st.Person, People: []exportedPerson{}, Message: []exportedLine{}, Files: []exportedFile{}, told: told}
	for _, p := range people {
		x.People = append(x.People, exportedPerson{p.ID, p.Name, p.Role})
	}
	scope := workroom.RoomScope(room)
	for {
		w, err := s.replica.Window(ctx, scope, workroom.KindMessage, 0, 1)
		if err != nil {
			return nil, err
		}
		if !w.Older {
			break
		}
		more, err := s.courier.Older(ctx, scope)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			x.Partial = "Older messages are at the service, which could not be reached."
			break
		}
		if !more {
			break
		}
	}
	err = s.eachBackwards(ctx, scope, workroom.KindMessage, func(row replica.Row) {
		if m, ok := row.Thing.(*workroom.Message); ok {
			x.Message = append(x.Message, lineOfExport(row, m, people))
		}
		x.tell(0, len(x.Message), false)
	})
	if err != nil {
		return nil, err
	}
	slices.Reverse(x.Message)
	err = s.eachBackwards(ctx, scope, workroom.KindFile, func(row replica.Row) {
		f, ok := row.Thing.(*workroom.File)
		if !ok {
			return
		}
		out := exportedFile{ID: row.ID, Name: f.Name, Size: f.Size, Type: f.Type, By: nameIn(people, string(f.Author)), At: time.UnixMicro(f.At).UTC()}
		if sha, _, here, err := s.replica.LocalFile(ctx, row.ID); err == nil && here && s.blobs.Has(sha) {
			out.sha = sha
		}
		x.Files = append(x.Files, out)
	})
	slices.Reverse(x.Files)
	return x, err
}

func lineOfExport(row replica.Row, m *workroom.Message, people []Person) exportedLine {
	l := exportedLine{ID: row.ID, At: time.UnixMicro(m.At).UTC(), Author: string(m.Author), Name: nameIn(people, string(m.Author)), Text: m.Text,
		Reply: m.Reply, Waiting: row.Num == 0, Removed: m.Removed, plain: markup.Plain(m.Text, mentionsOf(people))}
	if m.Edited > 0 {
		at := time.UnixMicro(m.Edited).UTC()
		l.Edited = &at
	}
	if m.Deleted > 0 {
		at := time.UnixMicro(m.Deleted).UTC()
		l.Deleted = &at
	}
	for _, f := range m.Files {
		l.Files = append(l.Files, f.Name)
	}
	return l
}

// eachBackwards walks all things of a dated kind that are here, newest first.
func (s *Session) eachBackwards(ctx context.Context, scope workroom.Scope, kind workroom.Kind, each func(replica.Row)) error {
	before := int64(0)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		w, err := s.replica.Window(ctx, scope, kind, before, replica.MaxWindow)
		if err != nil {
			return err
		}
		for i := len(w.Rows) - 1; i >= 0; i-- {
			each(w.Rows[i])
		}
		if !w.More || len(w.Rows) == 0 {
			return nil
		}
		before = w.Rows[0].Born
	}
}
