package app

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/gabriel-vasile/mimetype"

	"trestle/internal/annotate"
	"trestle/internal/blob"
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

// Codes of files that are not taken, beside those of workroom.
const (
	codeGone     = "gone"       // it is not there, or cannot be read
	codeNotAFile = "not_a_file" // a folder, a pipe, a device
	codeEmpty    = "empty"
)

// takePaths stages each file it can and names each it cannot: a folder, an empty one, one too large, one that vanished.
func (s *Session) takePaths(paths []string, scope workroom.Scope) Staged {
	out := Staged{Files: []FileRow{}, Refused: []Refused{}}
	for _, p := range paths {
		s.takeOne(&out, newID(), p, filepath.Base(p), scope)
	}
	return out
}

func (s *Session) takeOne(out *Staged, id, path, name string, scope workroom.Scope) {
	name = workroom.SafeName(name)
	no := func(f *Failure) {
		out.Refused = append(out.Refused, Refused{Name: name, Reason: f.Message, Code: f.Code})
	}
	info, err := os.Stat(path)
	limit := s.core.caps.MaxFile
	switch {
	case err != nil:
		no(Fail(codeGone, "The file cannot be read: "+reason(err).Error()+"."))
	case info.IsDir():
		no(Fail(codeNotAFile, "Only files can be attached, not folders."))
	case !info.Mode().IsRegular(): // a pipe or a device is never opened: it may hang, or never end
		no(Fail(codeNotAFile, "Only files can be attached, and this is none: a pipe, a device or a socket."))
	case info.Size() == 0:
		no(Fail(codeEmpty, "The file is empty."))
	case info.Size() > limit:
		no(Fail(string(workroom.TooLarge), fmt.Sprintf("The file is larger than the limit of %s. Send a link instead.", bytesText(limit))))
	default:
		u, err := s.stagePath(id, path, name, scope)
		if errors.Is(err, errStopped) {
			return // the person knows
		}
		if err != nil {
			no(AsFailure(err))
			return
		}
		_, ref, err := s.staged(string(u.ID), scope)
		if err != nil {
			no(AsFailure(err))
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
func (s *Session) stagePath(id, path, name string, scope workroom.Scope) (replica.Upload, error) {
	ctx, told, end := s.transfers.begin(id, workroom.SafeName(name), scope)
	staged, err := s.blobs.Stage(ctx, path, told)
	if err = end(err); err != nil {
		var pe *fs.PathError
		if errors.As(err, &pe) {
			return replica.Upload{}, Fail("gone", "The file cannot be read: "+reason(pe).Error()+".")
		}
		return replica.Upload{}, err
	}
	return s.stageBlob(newID(), staged, name, scope)
}

// stagedBlob is what is known of bytes that are in the blobs.
func (s *Session) stagedBlob(sha string, size int64) (blob.Staged, error) {
	parts, err := s.blobs.Parts(sha)
	return blob.Staged{SHA: sha, Size: size, Parts: parts}, err
}

// stageBlob makes bytes that are in the blobs a file that can be attached.
func (s *Session) stageBlob(id string, staged blob.Staged, name string, scope workroom.Scope) (replica.Upload, error) {
	ctx := context.Background()
	u := replica.Upload{ID: workroom.FileID(id), Scope: scope, Name: workroom.SafeName(name), Size: staged.Size, SHA: staged.SHA,
		Parts: staged.Parts, Type: "application/octet-stream"}
	f, err := s.blobs.Open(u.SHA)
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
	ref.ID, ref.Name, ref.Size, ref.Type = u.ID, u.Name, u.Size, u.Type
	if err := s.replica.KnowFile(ctx, id, scope, u.SHA, u.Size); err != nil {
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
		staged, err := s.stagedBlob(sha, size)
		if err != nil {
			break // its bytes are gone, whatever the copy says
		}
		u, err := s.stageBlob(id, staged, ref.Name, scope)
		return u, ref, err
	}
	return replica.Upload{}, workroom.FileRef{}, gone
}

// Fetch begins to bring a file's bytes to this computer and says how it stands: "here", or "fetching". The rest comes by event "transfer".
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
