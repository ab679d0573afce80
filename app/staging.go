package app

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/gabriel-vasile/mimetype"
	"golang.org/x/text/unicode/norm"

	"trestle/internal/annotate"
	"trestle/internal/blob"
	"trestle/internal/exif"
	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// This file is how a file of this computer becomes one that can be attached: looked at, copied into the blobs, described.

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
	given := name
	name = workroom.SafeName(norm.NFC.String(name)) // some systems take letters apart in names
	no := func(f *Failure) {
		out.Refused = append(out.Refused, Refused{Name: name, Reason: f.Message, Code: f.Code})
	}
	info, err := os.Stat(path)
	limit, refused := s.limits()
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
	case workroom.RefusedType(name, "", refused) != "":
		no(AsFailure(workroom.RefuseType(workroom.RefusedType(name, "", refused))))
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
		row := fileRow(ref)
		row.Was = renamed(given, ref.Name)
		out.Files = append(out.Files, row)
	}
}

// renamed is what a file was called that goes by another name, as it can be shown; "" where nobody would see a difference.
func renamed(given, name string) string {
	was := workroom.SafeLabel(norm.NFC.String(given), len(given))
	if was == workroom.SafeLabel(name, len(name)) {
		return ""
	}
	if short := workroom.SafeLabel(was, workroom.MaxName); short != was {
		return short + "…"
	}
	return was
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
	if _, refused := s.limits(); workroom.RefusedType(u.Name, u.Type, refused) != "" {
		return u, workroom.RefuseType(workroom.RefusedType(u.Name, u.Type, refused))
	}
	if strings.HasPrefix(u.Type, "image/") {
		if c, _, err := image.DecodeConfig(f); err == nil && c.Width <= annotate.MaxSide && c.Height <= annotate.MaxSide && c.Width*c.Height <= annotate.MaxPixels {
			ref.W, ref.H = c.Width, c.Height
			if _, err := f.Seek(0, io.SeekStart); err != nil {
				return u, err
			}
			ref.W, ref.H = exif.Read(f).Side(ref.W, ref.H)
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

// dropped stages files dropped on the window; the page knows into which room.
func (c *Core) dropped(paths []string) any {
	s, err := c.here()
	room := c.state.get().Settings.LastRoom
	if err != nil || room == "" {
		return Staged{Files: []FileRow{}, Refused: []Refused{}}
	}
	return s.takePaths(paths, workroom.RoomScope(workroom.RoomID(room)))
}
