package app

import (
	"context"
	"errors"
	"fmt"
	"github.com/gabriel-vasile/mimetype"
	"image"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"trestle/internal/annotate"
	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// Attachments turns files of this computer into files of a room, and back.
type Attachments struct{ c *Core }

func fileRow(f workroom.FileRef) FileRow {
	return FileRow{ID: string(f.ID), Name: f.Name, Size: f.Size, Type: f.Type, W: int64(f.W), H: int64(f.H), Picture: isPicture(f), State: "here"}
}

// isPicture reports whether a small picture of the file can be shown.
func isPicture(f workroom.FileRef) bool {
	if f.W == 0 || f.H == 0 {
		return false
	}
	switch f.Type {
	case "image/png", "image/jpeg", "image/gif":
		return true
	}
	return false
}

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
	a.c.mu.Lock()
	f := a.c.face
	a.c.mu.Unlock()
	if f == nil || f.Dialogs() == nil {
		return out, Fail(CodeNotHere, "The browser chooses files itself.")
	}
	// A person may look for a file for longer than a call may take: the answer comes by event.
	go func() {
		paths, err := f.Dialogs().OpenFiles(context.Background(), "Attach files")
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

// Stage attaches bytes that the page put.
func (a *Attachments) Stage(in StageIn) (out Staged, err error) {
	defer guard(&err)
	out = Staged{Files: []FileRow{}, Refused: []Refused{}}
	s, err := a.c.here()
	if err != nil {
		return out, err
	}
	room, _, err := s.room(in.Room)
	if err != nil {
		return out, err
	}
	path, err := a.c.puts.path(in.Put)
	if err != nil {
		return out, err
	}
	defer os.Remove(path)
	s.takeOne(&out, path, in.Name, workroom.RoomScope(room))
	return out, nil
}

// takePaths stages each file it can and names each it cannot: a folder, an empty one, one too large, one that vanished.
func (s *Session) takePaths(paths []string, scope workroom.Scope) Staged {
	out := Staged{Files: []FileRow{}, Refused: []Refused{}}
	for _, p := range paths {
		s.takeOne(&out, p, filepath.Base(p), scope)
	}
	return out
}

func (s *Session) takeOne(out *Staged, path, name string, scope workroom.Scope) {
	name = workroom.SafeName(name)
	info, err := os.Stat(path)
	limit := s.core.caps.MaxFile
	switch {
	case err != nil:
		out.Refused = append(out.Refused, Refused{name, "The file cannot be read: " + reason(err).Error() + "."})
	case !info.Mode().IsRegular():
		out.Refused = append(out.Refused, Refused{name, "Only files can be attached, not folders."})
	case info.Size() == 0:
		out.Refused = append(out.Refused, Refused{name, "The file is empty."})
	case info.Size() > limit:
		out.Refused = append(out.Refused, Refused{name, fmt.Sprintf("The file is larger than the limit of %s. Send a link instead.", bytesText(limit))})
	default:
		u, err := s.stagePath(path, name, scope)
		if err != nil {
			out.Refused = append(out.Refused, Refused{name, AsFailure(err).Message})
			return
		}
		_, ref, err := s.staged(string(u.ID), scope)
		if err != nil {
			out.Refused = append(out.Refused, Refused{name, AsFailure(err).Message})
			return
		}
		out.Files = append(out.Files, fileRow(ref))
	}
}

func bytesText(n int64) string {
	switch {
	case n >= 1<<30:
		return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%d bytes", n)
}

// stageMemo remembers what was staged, so that sending need not read it again.
type stageMemo struct {
	mu   sync.Mutex
	list map[string]stagedFile
}

type stagedFile struct {
	upload replica.Upload
	ref    workroom.FileRef
}

// stagePath copies a file into the blobs. From here on the original may vanish.
func (s *Session) stagePath(path, name string, scope workroom.Scope) (replica.Upload, error) {
	f, err := os.Open(path)
	if err != nil {
		return replica.Upload{}, Fail("gone", "The file cannot be read: "+reason(err).Error()+".")
	}
	defer f.Close()
	sha, size, err := s.blobs.Put(f)
	if err != nil {
		return replica.Upload{}, err
	}
	return s.stageBlob(newID(), sha, size, name, scope)
}

// stageBlob makes bytes that are in the blobs a file that can be attached.
func (s *Session) stageBlob(id, sha string, size int64, name string, scope workroom.Scope) (replica.Upload, error) {
	ctx := context.Background()
	u := replica.Upload{ID: workroom.FileID(id), Scope: scope, Name: workroom.SafeName(name), Size: size, SHA: sha, Type: "application/octet-stream"}
	f, err := s.blobs.Open(sha)
	if err != nil {
		return u, err
	}
	defer f.Close()
	ref := workroom.FileRef{}
	if t, err := mimetype.DetectReader(f); err == nil {
		u.Type, _, _ = strings.Cut(t.String(), ";")
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return u, err
	}
	if strings.HasPrefix(u.Type, "image/") {
		if c, _, err := image.DecodeConfig(f); err == nil && c.Width <= annotate.MaxSide && c.Height <= annotate.MaxSide && c.Width*c.Height <= annotate.MaxPixels {
			ref.W, ref.H = c.Width, c.Height
		}
	}
	if u.Parts, err = s.blobs.Parts(sha); err != nil {
		return u, err
	}
	ref.ID, ref.Name, ref.Size, ref.Type = u.ID, u.Name, u.Size, u.Type
	if err := s.replica.KnowFile(ctx, id, scope, sha, size); err != nil {
		return u, err
	}
	s.memo.mu.Lock()
	s.memo.list[id] = stagedFile{u, ref}
	s.memo.mu.Unlock()
	return u, nil
}

// staged answers a staged file again, also after a restart, when only the draft and the blobs remember it.
func (s *Session) staged(id string, scope workroom.Scope) (replica.Upload, workroom.FileRef, error) {
	s.memo.mu.Lock()
	f, ok := s.memo.list[id]
	s.memo.mu.Unlock()
	if ok && f.upload.Scope == scope {
		return f.upload, f.ref, nil
	}
	gone := Fail("gone", "An attached file is no longer on this computer. Attach it again; your text is kept.")
	if ok || !workroom.ValidID(id) {
		return replica.Upload{}, workroom.FileRef{}, gone
	}
	ctx := context.Background()
	d, err := s.replica.Draft(ctx, workroom.RoomID(scope.Owner()))
	if err != nil {
		return replica.Upload{}, workroom.FileRef{}, err
	}
	for _, ref := range d.Files {
		if string(ref.ID) != id {
			continue
		}
		sha, size, here, err := s.replica.LocalFile(ctx, id)
		if err != nil {
			return replica.Upload{}, workroom.FileRef{}, err
		}
		if !here {
			break
		}
		u, err := s.stageBlob(id, sha, size, ref.Name, scope)
		return u, ref, err
	}
	return replica.Upload{}, workroom.FileRef{}, gone
}

// Fetch brings a file's bytes to this computer.
func (a *Attachments) Fetch(in IDIn) (out FileRow, err error) {
	defer guard(&err)
	s, err := a.c.here()
	if err != nil {
		return out, err
	}
	ref, room, err := s.findFile(in.ID)
	if err != nil {
		return out, err
	}
	if _, err := s.bytesOf(context.Background(), in.ID, 0); err != nil {
		return out, err
	}
	out = fileRow(ref)
	out.Room = string(room)
	return out, nil
}

// Save asks where to, with the system's own dialog, and writes the file there. It never opens it.
func (a *Attachments) Save(in IDIn) (out SavedOut, err error) {
	defer guard(&err)
	s, err := a.c.here()
	if err != nil {
		return out, err
	}
	ref, _, err := s.findFile(in.ID)
	if err != nil {
		return out, err
	}
	a.c.mu.Lock()
	f := a.c.face
	a.c.mu.Unlock()
	if f == nil || f.Dialogs() == nil {
		return out, Fail(CodeNotHere, "The browser saves files itself.")
	}
	go func() {
		path, err := f.Dialogs().SaveFile(context.Background(), "Save file", ref.Name)
		if err != nil || path == "" {
			return
		}
		var saved SavedOut
		if err = s.saveTo(in.ID, path); err == nil {
			saved.Path = path
			a.c.Events.Publish("saved", saved)
		} else {
			a.c.Events.Publish("failed", AsFailure(err))
		}
	}()
	return out, nil
}

func (s *Session) saveTo(id, path string) error {
	f, err := s.bytesOf(context.Background(), id, 0)
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
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return Fail(CodeNoFolder, "The file cannot be written there: "+reason(err).Error()+".")
	}
	return nil
}

// dropped stages files dropped on the window; the page knows into which room.
func (c *Core) dropped(paths []string) any {
	s, err := c.here()
	room := c.state.get().Settings.LastRoom
	if err != nil || room == "" {
		return Staged{Files: []FileRow{}, Refused: []Refused{}}
	}
	return s.takePaths(paths, workroom.RoomScope(workroom.RoomID(room)))
}
