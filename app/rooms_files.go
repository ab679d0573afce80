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
	out.Links, err = s.roomLinks(room, people)
	return out, err
}

// Bounds of a list of links: so many of them, looked for in so many windows of messages.
const (
	mostLinks   = 500
	linkWindows = 100
)

// roomLinks lists the newest links that stand in the messages of a room that are here.
func (s *Session) roomLinks(room workroom.RoomID, people []Person) ([]LinkRow, error) {
	out := []LinkRow{}
	before, more := int64(0), true
	for n := 0; more && n < linkWindows && len(out) < mostLinks; n++ {
		w, err := s.replica.Window(context.Background(), workroom.RoomScope(room), workroom.KindMessage, before, replica.MaxWindow)
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
				out = append(out, LinkRow{URL: u, Host: link.Host, By: nameIn(people, string(m.Author)), At: m.At / 1000})
			}
		}
		if more = w.More && len(w.Rows) > 0; more {
			before = w.Rows[0].Born
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
