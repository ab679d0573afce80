package app

import (
	"context"

	"trestle/internal/markup"
	"trestle/internal/outbox"
	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// previewOf is a message as one line of plain text, mentions as they are written.
func previewOf(m *workroom.Message) string { return lineOf(m, nil) }

// lineOf is a message as one line of plain text, with the people of its room by name.
func lineOf(m *workroom.Message, people []Person) string {
	switch {
	case m.Removed:
		return "Message removed by an administrator"
	case m.Deleted != 0:
		return "Message deleted"
	}
	line := markup.Preview(m.Text, 160, mentionsOf(people))
	if line == "" && len(m.Files) > 0 {
		line = m.Files[0].Name
		if len(m.Files) > 1 {
			line += " and more"
		}
	}
	return cut(line, 160)
}

func (s *Session) messageRow(room workroom.RoomID, x replica.Row, m *workroom.Message, people []Person, beside besides) (MessageRow, error) {
	row := s.plainRow(x.ID, m, people)
	row.Unsaved = beside.unsaved[x.ID]
	s.hint(&row, m, room)
	var err error
	if row.Reply, err = s.quote(room, m.Reply, people, beside.blocked); err != nil {
		return row, err
	}
	row.Num, row.State, row.Again = x.Num, "sent", x.Recovered
	switch {
	case x.Waits() && x.Numbered():
		row.Changing = true
	case x.Waits():
		row.Num, row.State, row.Reason = 0, "waiting", beside.putOff[x.ID]
		if x.State == outbox.Sending {
			row.State = "sending"
		}
	}
	var t *workroom.Room
	if len(m.Files) > 0 && (!x.Waits() || x.Numbered()) { // what was never sent is taken back, not deleted
		_, t, _ = s.room(string(room))
	}
	for i := range row.Files {
		f := &row.Files[i]
		*f = s.fileInRoom(m.Files[i], m.Author, t, people)
		f.Room, f.By, f.At, f.Message = string(room), row.Name, row.At, x.ID
		if it, ok := beside.uploads[f.ID]; ok && f.Deleted == 0 {
			s.uploadState(f, it)
		}
	}
	return row, nil
}

func (s *Session) plainRow(id string, m *workroom.Message, people []Person) MessageRow {
	row := MessageRow{
		ID: id, Author: string(m.Author), Name: nameIn(people, string(m.Author)), Mine: m.Author == s.me(), Text: m.Text, At: m.At / 1000,
		HTML: markup.HTML(m.Text, mentionsOf(people)), Files: []FileRow{},
		Auto: m.Auto, Edited: m.Edited / 1000, Deleted: m.Deleted / 1000, Removed: m.Removed, Reactions: reactionRows(m.Reactions, people, s.me()),
	}
	for _, p := range people {
		if p.ID == row.Author {
			row.Role = p.Role
		}
	}
	for _, f := range m.Files {
		row.Files = append(row.Files, fileRow(f))
	}
	return row
}

// Send writes a message down and clears the room's draft in the same transaction. Sending the same id again changes nothing.
func (r *Rooms) Send(in SendIn) (out MessageRow, err error) {
	defer guard(&err)
	s, err := r.c.here()
	if err != nil {
		return out, err
	}
	return s.send(in)
}

func (s *Session) send(in SendIn) (MessageRow, error) {
	if err := s.opened(in); err != nil {
		return MessageRow{}, err
	}
	room, _, err := s.room(in.Room)
	if err != nil {
		return MessageRow{}, err
	}
	if in.ID == "" {
		in.ID = newID()
	}
	scope := workroom.RoomScope(room)
	if row, known, err := s.sentRow(room, in.ID); err != nil || known {
		return row, err
	}
	text, err := s.readable(room, in.Text)
	if err != nil {
		return MessageRow{}, err
	}
	cmd := workroom.SendMessage{Room: room, Text: text, Reply: in.Reply, Contact: workroom.ContactReason(in.Reason)}
	o := enqueueOpts{ID: in.ID, ClearDraft: room}
	for _, id := range in.Files {
		u, ref, err := s.staged(id, scope)
		if err != nil {
			return MessageRow{}, err
		}
		cmd.Files = append(cmd.Files, ref)
		o.Uploads = append(o.Uploads, u)
	}
	if _, err := s.enqueue(cmd, o); err != nil {
		return MessageRow{}, err
	}
	if err := s.unhide(room); err != nil {
		return MessageRow{}, err
	}
	row, _, err := s.sentRow(room, in.ID)
	return row, err
}

// unhide brings a hidden room back into the lists: who writes in it wants to see it there (M-09).
func (s *Session) unhide(room workroom.RoomID) error {
	x, known, err := s.replica.Thing(context.Background(), workroom.Ref{Scope: workroom.AccountScope(s.me()), Kind: workroom.KindPref, ID: string(room)})
	if err != nil || known != workroom.Held {
		return err
	}
	if p, ok := x.Thing.(*workroom.Pref); !ok || !p.Hidden {
		return nil
	}
	_, err = s.enqueue(workroom.SetPref{Room: room, Who: s.me(), Hidden: new(false)}, enqueueOpts{})
	return err
}

// sentRow finds a message by id, however far it got.
func (s *Session) sentRow(room workroom.RoomID, id string) (MessageRow, bool, error) {
	x, known, err := s.replica.Thing(context.Background(), workroom.Ref{Scope: workroom.RoomScope(room), Kind: workroom.KindMessage, ID: id})
	if err != nil || known != workroom.Held {
		return MessageRow{}, false, err
	}
	m, ok := x.Thing.(*workroom.Message)
	if !ok {
		return MessageRow{}, false, nil
	}
	people, err := s.people(room)
	if err != nil {
		return MessageRow{}, false, err
	}
	beside, err := s.besides(room)
	if err != nil {
		return MessageRow{}, false, err
	}
	row, err := s.messageRow(room, x, m, people, beside)
	return row, true, err
}
