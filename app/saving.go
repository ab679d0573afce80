package app

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
)

// Save asks where to, with the system's own dialog, and writes the file there. It never opens it.
func (a *Attachments) Save(in IDIn) (out SavedOut, err error) {
	defer guard(&err)
	s, err := a.c.here()
	if err != nil {
		return out, err
	}
	ref, room, err := s.fileOf(in.ID)
	if err != nil {
		return out, err
	}
	ask := a.c.dialogs()
	if ask == nil {
		return out, Fail(CodeNotHere, "The browser saves files itself.")
	}
	go func() {
		path, err := ask.SaveFile(context.Background(), "Save file", ref.Name)
		if err != nil || path == "" {
			return
		}
		var saved SavedOut
		if err = s.saveTo(in.ID, path); err == nil {
			saved.Path = path
			s.watching.follow(in.ID, room, ref, path, false)
			a.c.Events.Publish("saved", saved)
		} else if !stopped(err) {
			a.c.Events.Publish("failed", AsFailure(err))
		}
	}()
	return out, nil
}

func (s *Session) saveTo(id, path string) error {
	f, err := s.bytesOf(s.ctx, id, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	tmp, err := os.CreateTemp(filepath.Dir(path), ".trestle-*")
	if err != nil {
		return Fail(CodeNoFolder, "The file cannot be written there: "+reason(err).Error()+".")
	}
	defer os.Remove(tmp.Name())
	_, err = io.Copy(tmp, f)
	if err = errors.Join(err, tmp.Close()); err == nil {
		markForeign(tmp.Name())
		err = replaceFile(tmp.Name(), path)
	}
	if err != nil {
		return Fail(CodeNoFolder, "The file cannot be written there: "+reason(err).Error()+".")
	}
	return nil
}
