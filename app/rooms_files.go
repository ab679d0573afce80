package app

import (
	"context"
	"log/slog"
	"slices"
	"strings"

	"trestle/internal/markup"
	"trestle/internal/replica"
	"trestle/internal/search"
	"trestle/internal/workroom"
)

// fileRow is a file as a page gets it, without what only its room says: see inRoom.
func fileRow(f workroom.FileRef) FileRow {
	kind := kindOf(f)
	row := FileRow{ID: string(f.ID), Name: f.Name, Size: f.Size, Type: f.Type, W: int64(f.W), H: int64(f.H), Picture: kind == PictureFile, State: "here",
		Kind: string(kind), Program: workroom.IsProgram(f.Name, f.Type)}
	if f.Deleted != 0 {
		row.State, row.Deleted = "deleted", f.Deleted/1000
	}
	return row
}

// Files is the Files & links panel: what is here of the room, newest first (F-07, F-08). It works on the local copy; where older history is
// at the service only, it is asked for once all that is here was looked through, and the room changes when it has come.
func (r *Rooms) Files(in FilesIn) (out FilesView, err error) {
	defer guard(&err)
	out = FilesView{Files: []FileRow{}, Links: []LinkRow{}}
	s, room, t, err := r.in(in.Room)
	if err != nil {
		return out, err
	}
	people, err := s.people(room)
	if err != nil {
		return out, err
	}
	if in.Group != "links" {
		if err := s.findFiles(&out, room, t, people, in); err != nil {
			return out, err
		}
	}
	if in.Group == "links" || in.Group == "" && in.Before == "" {
		if err := s.findLinks(&out, room, people, in); err != nil {
			return out, err
		}
	}
	if in.Group == "links" { // with files asked for, these say it
		if out.Older, err = s.behind(workroom.RoomScope(room)); err != nil {
			return out, err
		}
	}
	return out, nil
}

// DeleteFile deletes a file of a room for everybody; a line that says so stays (F-11).
func (r *Rooms) DeleteFile(in FileIn) (err error) {
	defer guard(&err)
	s, room, _, err := r.in(in.Room)
	if err != nil {
		return err
	}
	_, err = s.enqueue(workroom.DeleteFile{Room: room, File: workroom.FileID(in.File)}, enqueueOpts{})
	return err
}

// OlderFiles asks the service for the room's history before what is here. Both lists of the panel grow when it has come.
func (r *Rooms) OlderFiles(in RoomIn) (err error) {
	defer guard(&err)
	s, room, _, err := r.in(in.Room)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(s.ctx, CallLimit*3/4)
	defer cancel()
	_, err = s.courier.Older(ctx, workroom.RoomScope(room))
	return err
}

// mostFiles is how many files a page of the panel holds.
const mostFiles = 100

// findFiles fills the files of a panel.
func (s *Session) findFiles(out *FilesView, room workroom.RoomID, t *workroom.Room, people []Person, in FilesIn) error {
	ctx := context.Background()
	scope := workroom.RoomScope(room)
	before := int64(0)
	if in.Before != "" {
		x, known, err := s.replica.Thing(ctx, workroom.Ref{Scope: scope, Kind: workroom.KindFile, ID: in.Before})
		if err != nil {
			return err
		}
		if known != workroom.Held {
			return workroom.Refuse(workroom.Gone)
		}
		before = x.Born
	}
	beside, err := s.besides(room)
	if err != nil {
		return err
	}
	named := namesWith(in.Words)
	for {
		w, err := s.replica.Window(ctx, scope, workroom.KindFile, before, replica.MaxWindow)
		if err != nil {
			return err
		}
		for i := len(w.Rows) - 1; i >= 0; i-- {
			f, ok := w.Rows[i].Thing.(*workroom.File)
			if !ok || in.Group != "" && groupOf(kindOf(f.FileRef)) != in.Group || !named(f.Name) {
				continue
			}
			if len(out.Files) >= mostFiles && w.Rows[i].Born != before {
				out.More = true
				return nil
			}
			before = w.Rows[i].Born
			row := s.fileInRoom(f.FileRef, f.Author, t, people)
			row.At, row.Room, row.Message = f.At/1000, string(room), f.Message
			if it, ok := beside.uploads[row.ID]; ok && row.Deleted == 0 {
				s.uploadState(&row, it)
				row.CanDelete = false // what was never sent is taken back with its message
			}
			out.Files = append(out.Files, row)
		}
		if !w.More || len(w.Rows) == 0 {
			out.Older = w.Older
			return nil
		}
		before = w.Rows[0].Born
	}
}

// fileInRoom is a file with what its room says of it: who sent it, who deleted it, and whether this account may.
func (s *Session) fileInRoom(f workroom.FileRef, author workroom.AccountID, t *workroom.Room, people []Person) FileRow {
	row := fileRow(f)
	row.By = nameIn(people, string(author))
	if f.Deleted != 0 {
		row.DeletedBy = nameIn(people, string(f.DeletedBy))
		return row
	}
	if t == nil || t.Archived {
		return row
	}
	for _, p := range people {
		if p.Me && !p.Left {
			row.CanDelete = workroom.MayDeleteFile(s.me(), &workroom.File{FileRef: f, Author: author}, t, &workroom.Member{Role: workroom.Role(p.Role)})
		}
	}
	return row
}

// groupOf is under which heading of the panel a kind of files stands.
func groupOf(k FileKind) string {
	switch k {
	case PictureFile, ImageFile:
		return "images"
	case TextFile, PDFFile, DocumentFile:
		return "documents"
	case AudioFile, VideoFile:
		return "media"
	}
	return "other"
}

// namesWith tells names in which each of some words stands, whatever their order, case and accents: "final plan" finds Plan_FINAL.pdf (F-08).
func namesWith(words string) func(name string) bool {
	wanted := strings.Fields(search.Fold(words))
	return func(name string) bool {
		name = search.Fold(name)
		return !slices.ContainsFunc(wanted, func(w string) bool { return !strings.Contains(name, w) })
	}
}

// Bounds of a page of links: after so many of them it ends with their message, and after so many windows of messages.
const (
	mostLinks   = 200
	linkWindows = 100
)

// findLinks fills the links of a panel: those in the newest messages of a room that are here, or in the newest before one.
func (s *Session) findLinks(out *FilesView, room workroom.RoomID, people []Person, in FilesIn) error {
	ctx := context.Background()
	scope := workroom.RoomScope(room)
	before := int64(0)
	if in.Before != "" {
		x, known, err := s.replica.Thing(ctx, workroom.Ref{Scope: scope, Kind: workroom.KindMessage, ID: in.Before})
		if err != nil {
			return err
		}
		if known != workroom.Held {
			return workroom.Refuse(workroom.Gone)
		}
		before = x.Born
	}
	named := namesWith(in.Words)
	for range linkWindows {
		w, err := s.replica.Window(ctx, scope, workroom.KindMessage, before, replica.MaxWindow)
		if err != nil {
			return err
		}
		for i := len(w.Rows) - 1; i >= 0; i-- {
			if len(out.Links) >= mostLinks {
				return nil
			}
			out.Further = w.Rows[i].ID
			m, ok := w.Rows[i].Thing.(*workroom.Message)
			if !ok || !strings.Contains(m.Text, ":") { // without one there is no link, and most have none
				continue
			}
			for _, u := range markup.Links(m.Text, markup.Options{}) {
				link, err := ParseLink(u, u)
				if err != nil || !named(u) {
					continue
				}
				out.Links = append(out.Links, LinkRow{Message: w.Rows[i].ID, URL: u, Host: link.Host, By: nameIn(people, string(m.Author)), At: m.At / 1000})
			}
		}
		if !w.More || len(w.Rows) == 0 {
			out.Further = ""
			return nil
		}
		before = w.Rows[0].Born
	}
	return nil
}

// roomFiles lists the newest files of a room that are still there.
func (s *Session) roomFiles(room workroom.RoomID, limit int) ([]FileRow, error) {
	out := FilesView{Files: []FileRow{}}
	_, t, err := s.room(string(room))
	if err != nil {
		return out.Files, nil // a contract whose room is not here, or not yet
	}
	people, err := s.people(room)
	if err != nil {
		return out.Files, err
	}
	if err := s.findFiles(&out, room, t, people, FilesIn{}); err != nil {
		slog.Error("list files", "error", traceOf(err))
		return out.Files, err
	}
	list := []FileRow{}
	for _, f := range out.Files {
		if f.Deleted == 0 && len(list) < limit {
			list = append(list, f)
		}
	}
	return list, nil
}
