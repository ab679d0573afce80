package app

import (
	"context"
	"errors"
	"strings"

	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// SaveDraft keeps what stands in the box of a room (M-25).
func (r *Rooms) SaveDraft(in DraftIn) (out Draft, err error) {
	defer guard(&err)
	s, err := r.c.here()
	if err != nil {
		return out, err
	}
	d := replica.Draft{Room: workroom.RoomID(in.Room), Text: in.Text, Cursor: int(in.Cursor),
		Beside: replica.Beside{Reply: in.Reply, Edit: in.Edit, Words: in.Words, Cursor: int(in.Place), To: workroom.AccountID(in.To)}}
	room, err := s.boxOf(in.Room, in.To)
	if kept, asked := s.replica.KeepDraft(context.Background(), d, err == nil); kept || asked != nil { // the room was taken away meanwhile
		return Draft{Files: []FileRow{}}, asked
	}
	if err != nil {
		return out, err
	}
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

// boxOf is the room whose box is meant: one that is here, or the direct room with somebody that the first message will make.
func (s *Session) boxOf(id, to string) (workroom.RoomID, error) {
	room, _, err := s.room(id)
	if err == nil || to == "" || !workroom.ValidID(to) {
		return room, err
	}
	if own := workroom.DirectID(s.me(), workroom.AccountID(to)); string(own) == id {
		return own, nil
	}
	return "", err
}

func (s *Session) draft(room workroom.RoomID) (Draft, error) {
	d, err := s.replica.Draft(context.Background(), room)
	out := Draft{Text: d.Text, Cursor: int64(d.Cursor), Files: []FileRow{}}
	if err != nil {
		return out, err
	}
	for _, f := range d.Files {
		out.Files = append(out.Files, fileRow(f))
	}
	people, err := s.people(room)
	if err != nil {
		return out, err
	}
	if out.Reply, err = s.quote(room, d.Beside.Reply, people, nil); err != nil {
		return out, err
	}
	if out.Reply != nil && out.Reply.State == "deleted" {
		out.Reply = nil
	}
	if d.Beside.Edit == "" {
		return out, nil
	}
	m, err := s.message(room, d.Beside.Edit)
	if refused := (*workroom.Refusal)(nil); err != nil && !errors.As(err, &refused) {
		return out, err
	}
	if err != nil || m.Deleted != 0 { // there is nothing to edit any more, but the words are still somebody's
		out.Text = strings.TrimSpace(out.Text + "\n" + d.Beside.Words)
		return out, nil
	}
	out.Edit = &DraftEdit{Message: d.Beside.Edit, Text: m.Text, Files: len(m.Files) > 0, Words: d.Beside.Words, Cursor: int64(d.Beside.Cursor)}
	return out, nil
}
