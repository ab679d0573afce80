package app

import (
	"context"

	"trestle/internal/markup"
	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// Files is the Files & links panel: what is here of the room, newest first.
func (r *Rooms) Files(in RoomIn) (out FilesView, err error) {
	defer guard(&err)
	out = FilesView{Files: []FileRow{}, Links: []LinkRow{}}
	s, err := r.c.here()
	if err != nil {
		return out, err
	}
	room, _, err := s.room(in.Room)
	if err != nil {
		return out, err
	}
	if out.Files, err = s.roomFiles(room, replica.MaxWindow); err != nil {
		return out, err
	}
	people, err := s.people(room)
	if err != nil {
		return out, err
	}
	w, err := s.replica.Window(context.Background(), workroom.RoomScope(room), workroom.KindMessage, 0, replica.MaxWindow)
	if err != nil {
		return out, err
	}
	for i := len(w.Rows) - 1; i >= 0; i-- {
		m, ok := w.Rows[i].Thing.(*workroom.Message)
		if !ok {
			continue
		}
		for _, u := range markup.Links(m.Text, markup.Options{}) {
			link, err := ParseLink(u, u)
			if err != nil {
				continue
			}
			out.Links = append(out.Links, LinkRow{URL: u, Host: link.Host, By: nameIn(people, string(m.Author)), At: m.At / 1000})
		}
	}
	return out, nil
}

// roomFiles lists the newest files of a room.
func (s *Session) roomFiles(room workroom.RoomID, limit int) ([]FileRow, error) {
	out := []FileRow{}
	w, err := s.replica.Window(context.Background(), workroom.RoomScope(room), workroom.KindFile, 0, limit)
	if err != nil {
		return out, err
	}
	people, err := s.people(room)
	if err != nil {
		return out, err
	}
	for i := len(w.Rows) - 1; i >= 0; i-- {
		f, ok := w.Rows[i].Thing.(*workroom.File)
		if !ok {
			continue
		}
		row := fileRow(f.FileRef)
		row.By, row.At, row.Room = nameIn(people, string(f.Author)), f.At/1000, string(room)
		out = append(out, row)
	}
	return out, nil
}
