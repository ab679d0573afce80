package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"

	"trestle/internal/watch"
	"trestle/internal/workroom"
)

// This file is the life of a watched copy: it begins when a file is opened or saved, and ends when the person says so, when the file is
// deleted for everybody, or when its room is not open any more.

// follow begins to watch a copy that was just written, or opened again.
func (w *watching) follow(id string, room workroom.RoomID, ref workroom.FileRef, path string, ours bool) {
	if w.s.core.kind != "desktop" {
		return // nobody is there who could be asked
	}
	info, err := os.Stat(path)
	if err != nil {
		return
	}
	sha, err := w.markOf(path, watch.Stamp{Size: info.Size(), Time: info.ModTime().UnixNano()})
	if err != nil {
		slog.Warn("watch a copy", "error", traceOf(err))
		return
	}
	message := ""
	if x, err := w.s.fileThing(id, room); err == nil {
		message = x.Message
	}
	w.mu.Lock()
	if i := slices.IndexFunc(w.list.Copies, func(c *fileCopy) bool { return c.Path == path }); i >= 0 {
		if w.list.Copies[i].File == id && ours { // opened once more: what it was sent as stays
			w.mu.Unlock()
			return
		}
		w.list.Copies = slices.Delete(w.list.Copies, i, i+1)
	}
	w.list.Copies = append(w.list.Copies, &fileCopy{ID: newID(), File: id, Room: string(room), Message: message, Name: ref.Name, Path: path, SHA: sha,
		Known: watch.Stamp{Size: info.Size(), Time: info.ModTime().UnixNano()}, Ours: ours})
	if n := len(w.list.Copies); n > mostCopies {
		w.list.Copies = slices.Clone(w.list.Copies[n-mostCopies:])
	}
	err = w.save()
	w.mu.Unlock()
	if err != nil {
		slog.Warn("watch a copy", "error", traceOf(err))
	}
	w.rewatch(filepath.Dir(path))
}

// concerned reports whether a copy is of a room that changed. It is asked after each transaction.
func (w *watching) concerned(scopes []workroom.Scope) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.ContainsFunc(w.list.Copies, func(c *fileCopy) bool {
		return slices.Contains(scopes, workroom.RoomScope(workroom.RoomID(c.Room)))
	})
}

// rooms are the rooms that copies are of.
func (w *watching) rooms() []workroom.Scope {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []workroom.Scope
	for _, c := range w.list.Copies {
		out = append(out, workroom.RoomScope(workroom.RoomID(c.Room)))
	}
	return out
}

// told forgets the copies of files that were deleted, and of rooms that are not open any more. Copies in the program's own folder go; what a
// person saved is theirs.
func (w *watching) told(scopes []workroom.Scope) {
	w.mu.Lock()
	var list []*fileCopy
	for _, c := range w.list.Copies {
		if slices.Contains(scopes, workroom.RoomScope(workroom.RoomID(c.Room))) {
			list = append(list, c)
		}
	}
	w.mu.Unlock()
	for _, c := range list {
		_, _, err := w.s.fileOf(c.File)
		if refused := (*workroom.Refusal)(nil); errors.As(err, &refused) {
			if err := w.forget(c.ID); err != nil {
				slog.Warn("forget a copy", "error", traceOf(err))
			}
		}
	}
}

// forget watches a copy no more.
func (w *watching) forget(id string) error {
	w.mu.Lock()
	i := slices.IndexFunc(w.list.Copies, func(c *fileCopy) bool { return c.ID == id })
	if i < 0 {
		w.mu.Unlock()
		return nil
	}
	c := w.list.Copies[i]
	w.list.Copies = slices.Delete(w.list.Copies, i, i+1)
	err := w.save()
	w.mu.Unlock()
	w.rewatch(filepath.Dir(c.Path))
	w.s.core.changed(scopeWatch)
	if _, _, e := w.s.fileOf(c.File); c.Ours && e != nil {
		err = errors.Join(err, w.s.dropOpened(c.File))
	}
	return err
}

// copyOf finds a copy that a person is asked about.
func (w *watching) copyOf(id string) (fileCopy, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.list.Copies {
		if c.ID == id {
			return *c, nil
		}
	}
	return fileCopy{}, &workroom.Refusal{Code: workroom.Gone, Text: "This file is not watched any more."}
}

// answered notes that what a copy is now was sent, in a message, or said no to ("").
func (w *watching) answered(id, sha, message string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.list.Copies {
		if c.ID == id {
			c.SHA, c.Changed = sha, ""
			if message != "" {
				c.Message = message
			}
		}
	}
	w.s.core.changed(scopeWatch)
	return w.save()
}

// fileThing is a file of a room as Files & links knows it.
func (s *Session) fileThing(id string, room workroom.RoomID) (*workroom.File, error) {
	x, known, err := s.replica.Thing(context.Background(), workroom.Ref{Scope: workroom.RoomScope(room), Kind: workroom.KindFile, ID: id})
	if err != nil {
		return nil, err
	}
	f, ok := x.Thing.(*workroom.File)
	if known != workroom.Held || !ok {
		return nil, workroom.Refuse(workroom.NoAccess)
	}
	return f, nil
}

// hashOf is the hex SHA-256 of a file. It ends with ctx, however large the file is.
func hashOf(ctx context.Context, path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("hash a file: %w", err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, readUntil{ctx, f}); err != nil {
		return "", fmt.Errorf("hash a file: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// readUntil reads until its context ends.
type readUntil struct {
	ctx context.Context
	r   io.Reader
}

func (r readUntil) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}
