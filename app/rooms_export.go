package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"time"

	"trestle/internal/workroom"
)

// ExportView is how far a room is on its way into a file. It comes by event "export".
type ExportView struct {
	ID    string `json:"id"` // of the export; in a browser the file is fetched under it once it is done
	Name  string `json:"name"`
	Done  int64  `json:"done"` // messages and files
	Total int64  `json:"total"`
	State string `json:"state"`  // going, done, failed or cancelled
	Why   string `json:"reason"` // a sentence when failed
}

// EventExport carries an ExportView.
const EventExport = "export"

// roomExports are the exports of a session, running and done. The zero value is ready.
type roomExports struct {
	mu   sync.Mutex
	stop map[string]context.CancelFunc
	made map[string]ExportView // those that a page may fetch
}

// dir is where exports lie until the page has fetched them; it is emptied when the next one begins.
func (s *Session) exportDir() string { return filepath.Join(s.dir, "exports") }

func (s *Session) exportPath(id string) string { return filepath.Join(s.exportDir(), id+".zip") }

// Export begins to write all of a room that this account can see into one file: the messages to read and as JSON, a list of the files, and
// those that are on this computer. The window asks with the system's dialog where to; a browser fetches the file when it is done.
func (r *Rooms) Export(in RoomIn) (out ExportView, err error) {
	defer guard(&err)
	s, id, room, err := r.in(in.Room)
	if err != nil {
		return out, err
	}
	name := workroom.SafeName(room.Name + " " + time.Now().Format("2006-01-02") + ".zip")
	out = ExportView{ID: newID(), Name: name, State: "going"}
	ctx, cancel := context.WithCancel(s.ctx)
	s.exports.begin(out.ID, cancel)
	ask := r.c.dialogs()
	view := out
	s.goes(func() {
		defer cancel()
		path := s.exportPath(view.ID)
		if ask != nil {
			path, err = ask.SaveFile(ctx, "Save the room", name)
			if err != nil || path == "" {
				view.State = "cancelled"
				s.exports.end(view, false)
				r.c.Events.Publish(EventExport, view)
				return
			}
		}
		err := s.exportRoom(ctx, id, path, func(done, total int64) {
			view.Done, view.Total = done, total
			r.c.Events.Publish(EventExport, view)
		})
		switch {
		case err == nil:
			view.State, view.Done = "done", view.Total
		case ctx.Err() != nil:
			view.State = "cancelled"
		default:
			view.State, view.Why = "failed", AsFailure(err).Message
		}
		s.exports.end(view, ask == nil && err == nil)
		r.c.Events.Publish(EventExport, view)
		if err == nil && ask != nil {
			r.c.Events.Publish("saved", SavedOut{Path: path})
		}
	})
	return out, nil
}

// StopExport calls an export off; nothing of it stays.
func (r *Rooms) StopExport(in IDIn) (err error) {
	defer guard(&err)
	s, err := r.c.here()
	if err != nil {
		return err
	}
	s.exports.mu.Lock()
	cancel := s.exports.stop[in.ID]
	s.exports.mu.Unlock()
	if cancel != nil {
		cancel()
	}
	return nil
}

func (x *roomExports) begin(id string, cancel context.CancelFunc) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.stop == nil {
		x.stop, x.made = map[string]context.CancelFunc{}, map[string]ExportView{}
	}
	x.stop[id] = cancel
}

func (x *roomExports) end(v ExportView, kept bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	delete(x.stop, v.ID)
	if kept {
		x.made[v.ID] = v
	}
}

// exported opens an export that is done, for the page that asked for it; false if the id is of something else.
func (s *Session) exported(id string) (StoredFile, bool, error) {
	s.exports.mu.Lock()
	v, ok := s.exports.made[id]
	s.exports.mu.Unlock()
	if !ok {
		return StoredFile{}, false, nil
	}
	f, err := os.Open(s.exportPath(id))
	kind := "application/octet-stream"
	if filepath.Ext(v.Name) == ".zip" {
		kind = "application/zip"
	}
	return StoredFile{Content: f, Name: v.Name, Type: kind}, true, err
}

// exportRoom writes the file whole or not at all, readable by its owner alone.
func (s *Session) exportRoom(ctx context.Context, room workroom.RoomID, path string, told func(done, total int64)) error {
	x, err := s.gather(ctx, room, told)
	if err != nil {
		return err
	}
	if filepath.Dir(path) == s.exportDir() {
		if err := errors.Join(os.RemoveAll(s.exportDir()), os.MkdirAll(s.exportDir(), 0o700)); err != nil {
			return Fail(CodeNoFolder, "The file cannot be written: "+reason(err).Error()+".")
		}
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".trestle-*")
	if err != nil {
		return Fail(CodeNoFolder, "The file cannot be written there: "+reason(err).Error()+".")
	}
	defer os.Remove(tmp.Name())
	if err = errors.Join(x.write(ctx, tmp), tmp.Close()); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), path); err != nil {
		return Fail(CodeNoFolder, "The file cannot be written there: "+reason(err).Error()+".")
	}
	return nil
}
