package service

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/gabriel-vasile/mimetype"

	"trestle/internal/service/files"
	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

var shaPattern = regexp.MustCompile(`^[0-9a-f]{64}$`)

func checkFile(in *wire.NewFile, limit int64) *workroom.Refusal {
	switch {
	case !workroom.ValidID(string(in.ID)):
		return workroom.Bad("id", "The file has no proper id.")
	case !in.Scope.Valid():
		return workroom.Refuse(workroom.NoAccess)
	case in.Name == "" || in.Name != workroom.SafeName(in.Name):
		return workroom.Bad("name", "The file has a name that cannot be used.")
	case in.Size < 1:
		return workroom.Bad("size", "An empty file cannot be sent.")
	case in.Size > limit:
		return &workroom.Refusal{Code: workroom.TooLarge, Field: "size", Text: "The file is larger than this service takes."}
	case len(in.Type) > 127 || strings.ContainsFunc(in.Type, unicode.IsControl):
		return workroom.Bad("type", "The file is described in a way that cannot be used.")
	case int64(len(in.Parts)) != (in.Size+wire.PartSize-1)/wire.PartSize:
		return workroom.Bad("parts", "The parts do not fit the size.")
	}
	for _, p := range in.Parts {
		if !shaPattern.MatchString(p) {
			return workroom.Bad("parts", "A part is not named by its SHA-256.")
		}
	}
	return nil
}

// newFile announces an upload, or says again what is missing of it. Parts are looked for in the scope's own space only: elsewhere they would
// tell who has a file.
func (s *Service) newFile(ctx context.Context, in *wire.NewFile) (*wire.NewFileOut, error) {
	if r := checkFile(in, s.cfg.MaxFile); r != nil {
		return nil, r
	}
	who := callerOf(ctx).Account
	out := &wire.NewFileOut{Missing: []string{}}
	err := s.store.Write(ctx, func(tx store.Tx) error {
		if _, ok, err := tx.Access(ctx, who, in.Scope.Root()); err != nil {
			return err
		} else if !ok {
			return workroom.Refuse(workroom.NoAccess)
		}
		f, ok, err := tx.File(ctx, who, in.ID)
		if err != nil {
			return err
		}
		if ok && (f.Scope != in.Scope || f.Size != in.Size || !slices.Equal(f.Parts, in.Parts)) {
			return workroom.Refuse(workroom.IDReuse)
		}
		if !ok {
			space, there, err := tx.Space(ctx, in.Scope)
			if err != nil {
				return err
			}
			if !there {
				return workroom.Refuse(workroom.NoAccess)
			}
			f = &store.File{
				ID: in.ID, Owner: who, Scope: in.Scope, Root: in.Scope.Root(), Space: space, Name: in.Name, Size: in.Size, Type: in.Type,
				Parts: in.Parts, At: s.now().UnixMicro(),
			}
			if err := tx.AddFile(ctx, f); err != nil {
				return err
			}
		}
		out.Space, out.Complete = f.Space, f.Complete
		if f.Complete {
			return nil
		}
		out.Missing, err = s.missing(ctx, tx, f)
		return err
	})
	if err != nil {
		return nil, s.fail(ctx, "announce a file", err)
	}
	return out, nil
}

// missing lists the parts of a file that its space does not hold at their proper size.
func (s *Service) missing(ctx context.Context, tx store.Tx, f *store.File) ([]string, error) {
	have, err := tx.Parts(ctx, f.Space, f.Parts)
	if err != nil {
		return nil, err
	}
	out := []string{}
	for i, p := range f.Parts {
		if have[p] != partLen(f.Size, i) && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out, nil
}

// partLen is the length of part i of a file.
func partLen(size int64, i int) int64 { return min(wire.PartSize, size-int64(i)*wire.PartSize) }

// putPart takes the bytes of a part that its sender announced.
func (s *Service) putPart(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	space, sha := r.PathValue("space"), r.PathValue("sha")
	if !workroom.ValidID(trimSpace(space)) || !shaPattern.MatchString(sha) {
		wire.Fail(workroom.NoAccess).Write(w)
		return
	}
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(10 * time.Minute)) // in process there is no socket
	var expected bool
	err := s.store.Read(ctx, func(tx store.Tx) (err error) {
		expected, err = tx.Expects(ctx, callerOf(ctx).Account, space, sha)
		return err
	})
	if err == nil && !expected {
		err = workroom.Refuse(workroom.NoAccess)
	}
	if err != nil {
		s.fail(ctx, "take a part", err).Write(w)
		return
	}
	if r.ContentLength > wire.PartSize {
		wire.Fail(workroom.TooLarge).Write(w)
		return
	}
	n, err := s.files.Put(ctx, space, sha, r.Body)
	if errors.Is(err, files.ErrMismatch) {
		err = workroom.Bad("body", "The bytes of this part do not fit its SHA-256.")
	}
	if err == nil {
		err = s.store.Write(ctx, func(tx store.Tx) error { return tx.AddPart(ctx, space, sha, n, s.now().UnixMicro()) })
	}
	if err != nil {
		s.fail(ctx, "take a part", err).Write(w)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write([]byte("{}\n")) // the sender asks again if it missed this
}

// trimSpace takes the kind off a space's name; what is left is made of ids.
func trimSpace(space string) string {
	if len(space) > 2 && len(space) <= 66 {
		return space[2:]
	}
	return ""
}

// complete marks a file as uploaded once all its parts are there.
func (s *Service) complete(ctx context.Context, in *wire.FileOf) (*wire.None, error) {
	who := callerOf(ctx).Account
	if !workroom.ValidID(string(in.ID)) {
		return nil, workroom.Refuse(workroom.NoAccess)
	}
	err := s.store.Write(ctx, func(tx store.Tx) error {
		f, ok, err := tx.File(ctx, who, in.ID)
		if err != nil {
			return err
		}
		if !ok {
			return workroom.Refuse(workroom.NoAccess)
		}
		if f.Complete {
			return nil
		}
		left, err := s.missing(ctx, tx, f)
		if err != nil {
			return err
		}
		if len(left) > 0 {
			return workroom.Bad("parts", "%d parts of the file are missing.", len(left))
		}
		if strings.HasPrefix(f.Type, "image/") {
			if err := s.pictured(ctx, f); err != nil {
				return err
			}
		}
		return tx.CompleteFile(ctx, f)
	})
	if err != nil {
		return nil, s.fail(ctx, "complete a file", err)
	}
	return &wire.None{}, nil
}

// pictured looks at the first bytes of a file announced as a picture, and refuses one that is none of that kind.
func (s *Service) pictured(ctx context.Context, f *store.File) error {
	in := s.files.Read(ctx, f.Space, f.Parts, f.Size)
	defer func() { _ = in.Close() }()
	kind, err := mimetype.DetectReader(in)
	if err != nil {
		return fmt.Errorf("look at a picture: %w", err)
	}
	if !kind.Is(f.Type) {
		return workroom.Bad("type", "The file is not the kind of picture it was announced as.")
	}
	return nil
}

// readable finds a complete file that the caller may read: the owner always while in the scope, others once a command named it. Somebody
// may have announced another file under an id they learnt: one's own comes first, then the earliest, so that none takes another's place.
func (s *Service) readable(ctx context.Context, id workroom.FileID) (*store.File, error) {
	who := callerOf(ctx).Account
	var f *store.File
	if !workroom.ValidID(string(id)) {
		return nil, workroom.Refuse(workroom.NoAccess)
	}
	err := s.store.Read(ctx, func(tx store.Tx) error {
		list, err := tx.FilesCalled(ctx, id)
		if err != nil {
			return err
		}
		for _, x := range list {
			a, ok, err := tx.Access(ctx, who, x.Root)
			if err != nil {
				return err
			}
			if !ok || x.Owner != who && (x.Named == 0 || x.Named < a.FromBorn) {
				continue
			}
			if f == nil || x.Owner == who {
				f = x
			}
		}
		if f == nil {
			return workroom.Refuse(workroom.NoAccess)
		}
		return nil
	})
	return f, err
}

// download sends a file's bytes, or a range of them, as an attachment that nothing runs.
func (s *Service) download(w http.ResponseWriter, r *http.Request) {
	f, err := s.readable(r.Context(), workroom.FileID(r.PathValue("id")))
	if err != nil {
		s.fail(r.Context(), "read a file", err).Write(w)
		return
	}
	in := s.files.Read(r.Context(), f.Space, f.Parts, f.Size)
	defer func() { _ = in.Close() }()
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Cache-Control", "private, no-cache")
	h.Set("ETag", `"`+string(f.ID)+`"`)
	http.ServeContent(w, r, "", time.Time{}, in)
}

// thumb sends the preview of a picture.
func (s *Service) thumb(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	width, err := strconv.Atoi(r.URL.Query().Get("w"))
	if err != nil || !slices.Contains(files.Widths, width) {
		wire.ProblemOf(workroom.Bad("w", "A preview is 320 or 1280 pixels wide.")).Write(w)
		return
	}
	f, err := s.readable(ctx, workroom.FileID(r.PathValue("id")))
	var b []byte
	if err == nil {
		b, err = s.files.Thumb(ctx, string(f.Owner)+"."+string(f.ID), width, func() *files.Reader { return s.files.Read(ctx, f.Space, f.Parts, f.Size) })
	}
	if errors.Is(err, files.ErrNoPicture) {
		err = &workroom.Refusal{Code: workroom.BadInput, Text: "There is no preview of this file."}
	}
	if err != nil {
		s.fail(ctx, "make a preview", err).Write(w)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "image/jpeg")
	h.Set("Content-Length", strconv.Itoa(len(b)))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Cache-Control", "private, max-age=86400")
	_, _ = w.Write(b) // the reader has gone if this fails
}
