package app

import (
	"context"
	"path/filepath"

	"trestle/internal/watch"
	"trestle/internal/workroom"
)

// Watching is what a person is asked about files on this computer's disk, and which folders are looked into.
type Watching struct{ c *Core }

// Changed are the files that were opened or saved from a room and changed on the disk since (D-07).
func (x *Watching) Changed() (out ChangedFiles, err error) {
	defer guard(&err)
	out.Files = []ChangedFile{}
	s, err := x.c.here()
	if err != nil {
		return out, err
	}
	w := s.watching
	w.mu.Lock()
	list := []fileCopy{}
	for _, c := range w.list.Copies {
		if c.Changed != "" {
			list = append(list, *c)
		}
		out.Polled = out.Polled || w.mode[copyKey+filepath.Dir(c.Path)] == watch.Polled
	}
	w.mu.Unlock()
	for _, c := range list {
		_, room, err := s.room(c.Room)
		if err != nil || room.Archived {
			continue // nothing can be sent there now
		}
		out.Files = append(out.Files, ChangedFile{ID: c.ID, Room: c.Room, RoomName: room.Name, Name: c.Name, Path: c.Path, At: c.At})
	}
	return out, nil
}

// SendVersion sends a changed file as it is now, under its name in the room, as an answer to the message of the version before.
func (x *Watching) SendVersion(in SendVersionIn) (err error) {
	defer guard(&err)
	s, err := x.c.here()
	if err != nil {
		return err
	}
	c, err := s.watching.copyOf(in.ID)
	if err != nil {
		return err
	}
	room, _, err := s.room(c.Room)
	if err != nil {
		return err
	}
	if in.Message == "" {
		in.Message = newID()
	}
	if _, known, err := s.sentRow(room, in.Message); err != nil || known {
		return err
	}
	out := Staged{Files: []FileRow{}, Refused: []Refused{}}
	s.takeOne(&out, newID(), c.Path, c.Name, workroom.RoomScope(room))
	if len(out.Refused) > 0 {
		return Fail(out.Refused[0].Code, out.Refused[0].Reason)
	}
	if len(out.Files) == 0 {
		return nil // called off
	}
	u, _, err := s.staged(out.Files[0].ID, workroom.RoomScope(room))
	if err != nil {
		return err
	}
	if err := s.share(room, ShareIn{ID: in.Message, Room: c.Room, Files: []string{out.Files[0].ID}}, c.Message); err != nil {
		return err
	}
	return s.watching.answered(c.ID, u.SHA, in.Message)
}

// NotNow says no to a changed file as it is now; after the next change the person is asked again.
func (x *Watching) NotNow(in IDIn) (err error) {
	defer guard(&err)
	s, err := x.c.here()
	if err != nil {
		return err
	}
	c, err := s.watching.copyOf(in.ID)
	if err != nil {
		return err
	}
	return s.watching.answered(c.ID, c.Changed, "")
}

// Stop watches a file no more.
func (x *Watching) Stop(in IDIn) (err error) {
	defer guard(&err)
	s, err := x.c.here()
	if err != nil {
		return err
	}
	return s.watching.forget(in.ID)
}

// Folders are the contracts a drop folder can be of, with the one they have (D-08).
func (x *Watching) Folders() (out DropFolders, err error) {
	defer guard(&err)
	out.Folders = []DropFolderRow{}
	s, err := x.c.here()
	if err != nil {
		return out, err
	}
	return s.watching.folders()
}

// Choose asks for a folder of a contract, with the system's own dialog; the answer comes by the event "changed".
func (x *Watching) Choose(in IDIn) (err error) {
	defer guard(&err)
	s, err := x.c.here()
	if err != nil {
		return err
	}
	ask := x.c.dialogs()
	if ask == nil {
		return Fail(CodeNotHere, "A folder can be chosen in the window only. Use the one that is offered.")
	}
	c, _, err := s.contract(in.ID)
	if err != nil {
		return err
	}
	go func() {
		path, err := ask.OpenFolder(context.Background(), "Folder for "+c.Title)
		if err == nil && path != "" {
			err = s.watching.begin(in.ID, path)
		}
		if err != nil {
			x.c.Events.Publish("failed", AsFailure(err))
		}
	}()
	return nil
}

// Make makes a contract's folder in the usual place and watches it.
func (x *Watching) Make(in IDIn) (err error) {
	defer guard(&err)
	s, err := x.c.here()
	if err != nil {
		return err
	}
	return s.watching.make(in.ID)
}

// Forget looks into a contract's folder no more; the folder and what is in it stay.
func (x *Watching) Forget(in IDIn) (err error) {
	defer guard(&err)
	s, err := x.c.here()
	if err != nil {
		return err
	}
	return s.watching.end(in.ID)
}

// TakeBack takes a file that a drop folder added out of the draft of a room again.
func (x *Watching) TakeBack(in FileIn) (err error) {
	defer guard(&err)
	s, err := x.c.here()
	if err != nil {
		return err
	}
	return s.undrop(in.Room, in.File)
}
