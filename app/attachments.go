package app

import (
	"context"
	"log/slog"
	"os"

	"trestle/internal/workroom"
)

// Attachments turns files of this computer into files of a room, and back.
type Attachments struct{ c *Core }

// Pick asks for files with the system's own dialog. Where the face has none, it answers that, and the page brings its own.
func (a *Attachments) Pick(in RoomIn) (out Staged, err error) {
	defer guard(&err)
	s, err := a.c.here()
	if err != nil {
		return out, err
	}
	room, _, err := s.room(in.Room)
	if err != nil {
		return out, err
	}
	ask := a.c.dialogs()
	if ask == nil {
		return out, Fail(CodeNotHere, "The browser chooses files itself.")
	}
	// A person may look for a file for longer than a call may take: the answer comes by event.
	go func() {
		paths, err := ask.OpenFiles(context.Background(), "Attach files")
		if err == nil && len(paths) > 0 {
			a.c.Events.Publish("picked", s.takePaths(paths, workroom.RoomScope(room)))
		}
	}()
	return Staged{Files: []FileRow{}, Refused: []Refused{}}, nil
}

// Verbs is what the command line may call beside the screens. Pages may not: a page names no path.
type Verbs struct{ c *Core }

// Take attaches files by path.
func (v *Verbs) Take(in TakeIn) (out Staged, err error) {
	defer guard(&err)
	s, err := v.c.here()
	if err != nil {
		return out, err
	}
	room, _, err := s.room(in.Room)
	if err != nil {
		return out, err
	}
	return s.takePaths(in.Paths, workroom.RoomScope(room)), nil
}

// Stage attaches bytes that the page put. A large file is read for longer than a call may take: how far it is comes by event "transfer"
// under the put's id, what became of it by "staged".
func (a *Attachments) Stage(in StageIn) (err error) {
	defer guard(&err)
	s, err := a.c.here()
	if err != nil {
		return err
	}
	room, _, err := s.room(in.Room)
	if err != nil {
		return err
	}
	path, err := a.c.puts.path(in.Put)
	if err != nil {
		return err
	}
	s.goes(func() {
		defer os.Remove(path)
		out := Staged{Files: []FileRow{}, Refused: []Refused{}}
		s.takeOne(&out, in.Put, path, in.Name, workroom.RoomScope(room))
		a.c.Events.Publish(EventStaged, StagedPut{Put: in.Put, Files: out.Files, Refused: out.Refused})
	})
	return nil
}

// Fetch begins to bring a file's bytes to this computer and says how it stands: "here", or "fetching". The rest comes by event "transfer".
func (a *Attachments) Fetch(in IDIn) (out FileRow, err error) {
	defer guard(&err)
	s, err := a.c.here()
	if err != nil {
		return out, err
	}
	ref, room, err := s.fileOf(in.ID)
	if err != nil {
		return out, err
	}
	out = fileRow(ref)
	out.Room = string(room)
	if s.isHere(in.ID) {
		return out, nil
	}
	out.State = "fetching"
	s.goes(func() {
		if f, err := s.bytesOf(s.ctx, in.ID, 0); err == nil {
			f.Close()
		} else if s.ctx.Err() == nil {
			slog.Info("fetch a file", "error", traceOf(err)) // the page heard it by its event
		}
	})
	return out, nil
}

// Stop calls a transfer off: a file being taken, an upload, a download. The message of an upload goes back into its box, with its files.
func (a *Attachments) Stop(in IDIn) (out EditedOut, err error) {
	defer guard(&err)
	out.Draft.Files = []FileRow{}
	s, err := a.c.here()
	if err != nil {
		return out, err
	}
	return s.stopTransfer(in.ID)
}

// Share sends staged files as a message of their own; what is being written in the room stays as it is (F-13). ID is made by the page.
func (a *Attachments) Share(in ShareIn) (err error) {
	defer guard(&err)
	s, err := a.c.here()
	if err != nil {
		return err
	}
	room, _, err := s.room(in.Room)
	if err != nil {
		return err
	}
	if in.ID == "" {
		in.ID = newID()
	}
	return s.share(room, in, "")
}

// share sends files as a message that is not the one in the box, perhaps as an answer.
func (s *Session) share(room workroom.RoomID, in ShareIn, reply string) error {
	if _, known, err := s.sentRow(room, in.ID); err != nil || known {
		return err
	}
	cmd := workroom.SendMessage{Room: room, Reply: reply}
	o := enqueueOpts{ID: in.ID}
	for _, id := range in.Files {
		u, ref, err := s.staged(id, workroom.RoomScope(room))
		if err != nil {
			return err
		}
		cmd.Files, o.Uploads = append(cmd.Files, ref), append(o.Uploads, u)
	}
	_, err := s.enqueue(cmd, o)
	return err
}
