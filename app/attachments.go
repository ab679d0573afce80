package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/gabriel-vasile/mimetype"

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

// findFile finds what is known of a file in any room.
func (s *Session) findFile(id string) (workroom.FileRef, workroom.RoomID, error) {
	if !workroom.ValidID(id) {
		return workroom.FileRef{}, "", workroom.Refuse(workroom.NoAccess)
	}
	rooms, err := s.replica.Rooms(context.Background())
	if err != nil {
		return workroom.FileRef{}, "", err
	}
	for _, r := range rooms {
		x, known, err := s.replica.Thing(context.Background(), workroom.Ref{Scope: workroom.RoomScope(workroom.RoomID(r.ID)), Kind: workroom.KindFile, ID: id})
		if err != nil {
			return workroom.FileRef{}, "", err
		}
		if f, ok := x.Thing.(*workroom.File); ok && known == workroom.Held {
			return f.FileRef, workroom.RoomID(r.ID), nil
		}
	}
	return workroom.FileRef{}, "", workroom.Refuse(workroom.NoAccess)
}

// bytesOf opens a file, or its small picture of the given width, from the blobs, or else from the service.
func (s *Session) bytesOf(ctx context.Context, id string, width int) (*os.File, error) {
	key := id
	if width > 0 {
		key = fmt.Sprintf("%s@%d", id, width)
	}
	if sha, _, ok, err := s.replica.LocalFile(ctx, key); err != nil {
		return nil, err
	} else if ok {
		if f, err := s.blobs.Open(sha); err == nil {
			return f, nil
		}
	}
	if width > 0 {
		if f, err := s.ownThumb(ctx, id, key, width); f != nil || err != nil {
			return f, err
		}
	}
	scope, err := s.scopeOf(id)
	if err != nil {
		return nil, err
	}
	sha, err := s.courier.Fetch(ctx, scope, workroom.FileID(id), width)
	if err != nil {
		return nil, err
	}
	return s.blobs.Open(sha)
}

// scopeOf finds the scope whose readers may read a file: a room's, or the diary week of a screenshot.
func (s *Session) scopeOf(id string) (workroom.Scope, error) {
	if _, room, err := s.findFile(id); err == nil {
		return workroom.RoomScope(room), nil
	}
	shots, err := s.replica.Everywhere(context.Background(), "d:", workroom.KindShot)
	if err != nil {
		return "", err
	}
	for _, r := range shots {
		if x, ok := r.Thing.(*workroom.Shot); ok && string(x.File) == id {
			return r.Scope, nil
		}
	}
	return "", workroom.Refuse(workroom.NoAccess)
}

// ownThumb makes a small picture from bytes that are here; nil where they are not.
func (s *Session) ownThumb(ctx context.Context, id, key string, width int) (*os.File, error) {
	sha, _, ok, err := s.replica.LocalFile(ctx, id)
	if err != nil || !ok {
		return nil, err
	}
	f, err := s.blobs.Open(sha)
	if err != nil {
		return nil, nil // gone from the disk: ask the service
	}
	defer f.Close()
	img, err := decodePicture(f)
	if err != nil {
		return nil, err
	}
	jpg, err := annotate.Thumbnail(img, width)
	if err != nil {
		return nil, err
	}
	small, size, err := s.blobs.Put(bytes.NewReader(jpg))
	if err != nil {
		return nil, err
	}
	if err := s.replica.KnowFile(ctx, key, workroom.AccountScope(s.me()), small, size); err != nil {
		return nil, err
	}
	return s.blobs.Open(small)
}

// files is how the faces reach bytes.
func (c *Core) files() Files {
	return Files{
		Open: func(ctx context.Context, id string, width int) (StoredFile, error) {
			s, err := c.here()
			if err != nil {
				return StoredFile{}, err
			}
			return s.storedFile(ctx, id, width)
		},
		Put: c.puts.put,
	}
}

// storedFile opens a file for a page: a held screenshot, a captured display, or a file of a room or diary.
func (s *Session) storedFile(ctx context.Context, id string, width int) (StoredFile, error) {
	if s.track != nil {
		if f, err := os.Open(s.track.shots.picturePath(id)); err == nil {
			return StoredFile{Content: f, Type: "image/jpeg", Inline: true, ModTime: time.Now()}, nil
		}
	}
	if path := s.captures.picture(id); path != "" {
		f, err := os.Open(path)
		return StoredFile{Content: f, Type: "image/png", Inline: true}, err
	}
	out := StoredFile{}
	if width > 0 {
		width = max(32, min(width, 1280))
		if width <= 320 {
			width = 320
		} else {
			width = 1280
		}
		out.Type, out.Inline = "image/jpeg", true
	} else if ref, _, err := s.findFile(id); err == nil {
		out.Name, out.Type = ref.Name, ref.Type
	} else {
		out.Type, out.Inline = "image/jpeg", true // a diary picture, made by this program
	}
	f, err := s.bytesOf(ctx, id, width)
	if err != nil {
		return out, err
	}
	out.Content = f
	return out, nil
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

// puts collects the pieces of files that a page sends, each in a file of its own until it is staged.
type puts struct {
	dir string
	mu  sync.Mutex
}

func newPuts(dir string) *puts {
	_ = os.RemoveAll(dir) // what was left half sent
	return &puts{dir: dir}
}

// put writes a piece where it belongs. A piece may come twice; a gap is refused.
func (p *puts) put(_ context.Context, id string, at int64, piece []byte) (int64, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := os.MkdirAll(p.dir, 0o700); err != nil {
		return 0, err
	}
	f, err := os.OpenFile(filepath.Join(p.dir, id), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	next := at + int64(len(piece))
	if at > info.Size() || next > workroom.MaxFileSize {
		return info.Size(), Fail(CodeBadInput, "The piece does not follow the one before, or the file is too large.")
	}
	if _, err := f.WriteAt(piece, at); err != nil {
		return 0, Fail("disk", "The file could not be kept: "+reason(err).Error()+".")
	}
	return next, nil
}

// path is where the pieces of an id lie.
func (p *puts) path(id string) (string, error) {
	if !fileID.MatchString(id) {
		return "", Fail(CodeBadInput, "There is no such file.")
	}
	path := filepath.Join(p.dir, id)
	if _, err := os.Stat(path); err != nil {
		return "", Fail("gone", "The file did not arrive whole. Attach it again.")
	}
	return path, nil
}
