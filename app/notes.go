package app

import (
	"context"
	"strings"

	"trestle/internal/markup"
	"trestle/internal/workroom"
)

// Notepad is the personal notepad of each room (M-35). It is the account's own: nothing of it is ever in a room's scope, a search or a
// notice.
type Notepad struct{ c *Core }

// Open reads the notepad of a room.
func (n *Notepad) Open(in RoomIn) (out NoteView, err error) {
	defer guard(&err)
	s, err := n.c.here()
	if err != nil {
		return out, err
	}
	room, _, err := s.room(in.Room)
	if err != nil {
		return out, err
	}
	return s.notepad(room)
}

// Save writes it. What another device wrote meanwhile is merged by lines; the answer is what stands now.
func (n *Notepad) Save(in NoteIn) (out NoteView, err error) {
	defer guard(&err)
	s, err := n.c.here()
	if err != nil {
		return out, err
	}
	room, _, err := s.room(in.Room)
	if err != nil {
		return out, err
	}
	clean := strings.NewReplacer("\r\n", "\n", "\r", "\n")
	cmd := workroom.NewNote(room, s.me(), clean.Replace(in.Base), clean.Replace(in.Text))
	cmd.Chosen = in.Chosen
	if cmd.Base != workroom.NoteMark(cmd.Text) || cmd.Chosen != "" {
		if _, err := s.enqueue(cmd, enqueueOpts{}); err != nil {
			return out, err
		}
	}
	return s.notepad(room)
}

func (s *Session) notepad(room workroom.RoomID) (NoteView, error) {
	x, known, err := s.replica.Thing(context.Background(), workroom.Ref{Scope: workroom.AccountScope(s.me()), Kind: workroom.KindNote, ID: string(room)})
	t, ok := x.Thing.(*workroom.Note)
	if err != nil || known != workroom.Held || !ok {
		return NoteView{}, err
	}
	people, err := s.people(room)
	if err != nil {
		return NoteView{}, err
	}
	how := mentionsOf(people)
	how.Notes = true
	out := NoteView{Text: t.Text, HTML: markup.HTML(t.Text, how), At: t.At / 1000, Waits: x.Waits()}
	if t.Other != "" {
		out.Other = &OtherNote{Text: t.Other, HTML: markup.HTML(t.Other, how), At: t.OtherAt / 1000, Mark: workroom.NoteMark(t.Other)}
	}
	return out, nil
}
