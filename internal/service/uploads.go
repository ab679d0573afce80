package service

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
	"unicode"

	"golang.org/x/sync/errgroup"

	"trestle/internal/service/files"
	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

var shaPattern = regexp.MustCompile(`^[0-9a-f]{64}$`)

func checkFile(in *wire.NewFile, limit int64, refused []string) *workroom.Refusal {
	if t := workroom.RefusedType(in.Name, in.Type, refused); t != "" {
		return workroom.RefuseType(t)
	}
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

// pinned is how long a part stays after its sender was told that it need not be sent (service.md §5).
const pinned = 24 * time.Hour

// newFile announces an upload, or says again what is missing of it. Parts are looked for in the scope's own space only: elsewhere they would
// tell who has a file. What is not missing is pinned in the same transaction, so that no node takes it before the file is complete.
func (s *Service) newFile(ctx context.Context, in *wire.NewFile) (*wire.NewFileOut, error) {
	if r := checkFile(in, s.cfg.MaxFile, s.cfg.RefuseTypes); r != nil {
		return nil, r
	}
	who := callerOf(ctx).Account
	var out *wire.NewFileOut
	err := s.store.Write(ctx, func(tx store.Tx) error {
		out = &wire.NewFileOut{Missing: []string{}}
		if err := s.mayUpload(ctx, tx, who); err != nil {
			return err
		}
		if _, ok, err := tx.Access(ctx, who, in.Scope.Root()); err != nil {
			return err
		} else if !ok {
			return workroom.Refuse(workroom.NoAccess)
		}
		f, err := s.announced(ctx, tx, who, in)
		if err != nil {
			return err
		}
		out.Space, out.Complete = f.Space, f.Complete
		if f.Complete {
			return nil
		}
		have, err := tx.Pin(ctx, f.Space, f.Parts, s.now().Add(pinned).UnixMicro())
		if err != nil {
			return err
		}
		out.Missing = missing(f, have)
		return nil
	})
	if err != nil {
		return nil, s.fail(ctx, "announce a file", err)
	}
	if len(out.Missing) > 0 {
		out.Held = s.held(ctx, who, out.Missing)
	}
	return out, nil
}

// announced finds an account's upload, or notes it.
func (s *Service) announced(ctx context.Context, tx store.Tx, who workroom.AccountID, in *wire.NewFile) (*store.File, error) {
	for {
		f, ok, err := tx.File(ctx, who, in.ID)
		if err != nil {
			return nil, err
		}
		if ok && f.Deleted() {
			return nil, workroom.Refuse(workroom.Gone)
		}
		if ok && f.Swept() && f.Scope == in.Scope && f.Size == in.Size {
			f.Name, f.Type, f.Parts, f.Named, f.At = in.Name, in.Type, in.Parts, 0, s.now().UnixMicro()
			return f, tx.Revive(ctx, f)
		}
		if ok && (f.Scope != in.Scope || f.Size != in.Size || !slices.Equal(f.Parts, in.Parts)) {
			return nil, workroom.Refuse(workroom.IDReuse)
		}
		if ok {
			return f, nil
		}
		space, there, err := tx.Space(ctx, in.Scope)
		if err != nil {
			return nil, err
		}
		if !there {
			return nil, workroom.Refuse(workroom.NoAccess)
		}
		if n, err := tx.UnnamedOf(ctx, who); err != nil {
			return nil, err
		} else if n >= maxUnnamed {
			return nil, &workroom.Refusal{Code: workroom.Quota, Text: fmt.Sprintf("%d files are at the service that nothing was sent with yet, which is the most. This one goes on by itself.", maxUnnamed)}
		}
		f = &store.File{
			ID: in.ID, Owner: who, Scope: in.Scope, Root: in.Scope.Root(), Space: space, Name: in.Name, Size: in.Size, Type: in.Type,
			Parts: in.Parts, At: s.now().UnixMicro(),
		}
		if added, err := tx.AddFile(ctx, f); added || err != nil {
			return f, err
		} // its owner was faster on another node: look again
	}
}

// held says how much of missing parts their sender has sent in pieces. A store that does not answer only means that they are sent again.
func (s *Service) held(ctx context.Context, who workroom.AccountID, parts []string) map[string]int64 {
	all, err := s.files.Held(ctx, string(who))
	if err != nil {
		s.log.WarnContext(ctx, "look for pieces", "error", err.Error())
		return nil
	}
	maps.DeleteFunc(all, func(sha string, _ int64) bool { return !slices.Contains(parts, sha) })
	return all
}

// missing lists the parts of a file that are not among those there at their proper size.
func missing(f *store.File, have map[string]int64) []string {
	out := []string{}
	for i, p := range f.Parts {
		if have[p] != partLen(f.Size, i) && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

// partLen is the length of part i of a file.
func partLen(size int64, i int) int64 { return min(wire.PartSize, size-int64(i)*wire.PartSize) }

// putPart takes the bytes of a part that its sender announced, or with Content-Range a piece of it.
func (s *Service) putPart(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	space, sha := r.PathValue("space"), r.PathValue("sha")
	if !workroom.ValidID(trimSpace(space)) || !shaPattern.MatchString(sha) {
		wire.Fail(workroom.NoAccess).Write(w)
		return
	}
	who := callerOf(ctx).Account
	var size int64
	err := s.store.Read(ctx, func(tx store.Tx) (err error) {
		size, err = tx.Expects(ctx, who, space, sha)
		return err
	})
	switch {
	case err == nil && size == 0:
		err = workroom.Refuse(workroom.NoAccess)
	case err == nil && r.ContentLength > wire.PartSize:
		err = workroom.Refuse(workroom.TooLarge)
	case err == nil:
		body := &patient{r: r.Body, c: http.NewResponseController(w)}
		if at := r.Header.Get("Content-Range"); at != "" {
			err = s.putPiece(ctx, who, space, sha, at, size, r.ContentLength, body)
		} else if r.ContentLength >= 0 && r.ContentLength != size {
			err = files.ErrMismatch
		} else if err = s.files.Put(ctx, space, sha, size, body); err == nil {
			err = s.keepPart(ctx, space, sha, size)
		}
	}
	if err != nil {
		s.fail(ctx, "take a part", fileTrouble(err)).Write(w)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write([]byte("{}\n")) // the sender asks again if it missed this
}

// putPiece keeps a piece, and makes the part whole with the last one.
func (s *Service) putPiece(ctx context.Context, who workroom.AccountID, space, sha, where string, size, length int64, body io.Reader) error {
	var first, last, total int64
	if n, err := fmt.Sscanf(where, "bytes %d-%d/%d", &first, &last, &total); n != 3 || err != nil || total != size || first < 0 || last < first || last >= size {
		return workroom.Bad("range", "This is no piece of that part.")
	}
	n := last - first + 1
	if n > wire.PieceSize || length >= 0 && length != n {
		return workroom.Bad("range", "A piece has at most %d bytes, as many as it says.", wire.PieceSize)
	}
	if err := s.files.PutPiece(ctx, string(who), sha, first, n, body); err != nil || last+1 < size {
		return err
	}
	if err := s.files.Join(ctx, string(who), space, sha, size); err != nil {
		return err
	}
	return s.keepPart(ctx, space, sha, size)
}

// keepPart notes a part whose bytes are safe.
func (s *Service) keepPart(ctx context.Context, space, sha string, size int64) error {
	if err := s.failAt(PointKept); err != nil {
		return err
	}
	kept := false
	err := s.store.Write(ctx, func(tx store.Tx) (err error) {
		now := s.now()
		kept, err = tx.AddPart(ctx, space, sha, size, now.UnixMicro(), now.Add(pinned).UnixMicro())
		return err
	})
	if err == nil && !kept { // a sweep is removing it; in a moment it can come anew
		err = busy()
	}
	return err
}

// patient gives each read of a body a minute, and the whole of it as long as it moves. In process there is no socket to limit.
type patient struct {
	r io.Reader
	c *http.ResponseController
}

func (p *patient) Read(b []byte) (int, error) {
	_ = p.c.SetReadDeadline(time.Now().Add(wire.Stall))
	return p.r.Read(b)
}

// fileTrouble makes what the store of files says an answer: wrong bytes and lost parts are told, a sender that left means later.
func fileTrouble(err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return err
	case errors.Is(err, files.ErrMismatch):
		return workroom.Bad("body", "The bytes of this part do not fit its SHA-256.")
	case errors.Is(err, files.ErrLost):
		return &workroom.Refusal{Code: workroom.Gone, Text: "A part of this file was lost at the service. Whoever sent it can attach it again."}
	case errors.Is(err, files.ErrAway):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, os.ErrDeadlineExceeded): // the sender left; nobody hears this
		return busy()
	}
	return err
}

// trimSpace takes the kind off a space's name; what is left is made of ids.
func trimSpace(space string) string {
	if len(space) > 2 && len(space) <= 66 {
		return space[2:]
	}
	return ""
}

// complete marks a file as uploaded once all its parts are there, by the table and in the store: a part that is not is forgotten, and its
// sender, who announces the file again, is asked for it.
func (s *Service) complete(ctx context.Context, in *wire.FileOf) (*wire.None, error) {
	who := callerOf(ctx).Account
	if !workroom.ValidID(string(in.ID)) {
		return nil, workroom.Refuse(workroom.NoAccess)
	}
	var f *store.File
	look := func(tx store.Tx) error {
		x, ok, err := tx.File(ctx, who, in.ID)
		switch {
		case err != nil:
			return err
		case !ok, x.Swept():
			return workroom.Refuse(workroom.NoAccess)
		case x.Deleted():
			return workroom.Refuse(workroom.Gone)
		}
		f = x
		if f.Complete {
			return nil
		}
		have, err := tx.Parts(ctx, f.Space, f.Parts)
		if err != nil {
			return err
		}
		if left := missing(f, have); len(left) > 0 {
			return workroom.Bad("parts", "%d parts of the file are missing.", len(left))
		}
		return nil
	}
	err := s.store.Read(ctx, look)
	if err == nil && !f.Complete {
		err = s.stored(ctx, f)
	}
	kind, details := "", false
	if err == nil && !f.Complete { // the store of files is not waited for under a lock
		kind, err = s.looked(ctx, f)
	}
	if err == nil && !f.Complete {
		details, err = s.detailed(ctx, f)
	}
	if err == nil && !f.Complete {
		err = s.store.Write(ctx, func(tx store.Tx) error {
			if err := look(tx); err != nil || f.Complete {
				return err
			}
			f.Type, f.Contact = kind, details
			return tx.CompleteFile(ctx, f)
		})
	}
	if err != nil {
		return nil, s.fail(ctx, "complete a file", fileTrouble(err))
	}
	return &wire.None{}, nil
}

// unsent says that parts of a file are to be sent again: nothing the sender did wrong, and nothing a person must decide.
func unsent(parts int) error {
	return &workroom.Refusal{Code: workroom.Busy, Field: "parts", Text: fmt.Sprintf("%d parts of the file are missing at the service. They are sent again.", parts)}
}

// stored looks for the parts of a file in the store of files, a few at a time, and forgets those that are not there as they should be.
func (s *Service) stored(ctx context.Context, f *store.File) error {
	var mu sync.Mutex
	var lost []string
	look, ctx := errgroup.WithContext(ctx)
	look.SetLimit(looks)
	for i, sha := range f.Parts {
		if slices.Contains(f.Parts[:i], sha) {
			continue
		}
		look.Go(func() error {
			size, there, err := s.files.Size(ctx, f.Space, sha)
			if err == nil && (!there || size != partLen(f.Size, i)) {
				mu.Lock()
				lost = append(lost, sha)
				mu.Unlock()
			}
			return err
		})
	}
	if err := look.Wait(); err != nil || len(lost) == 0 {
		return err
	}
	for _, sha := range lost {
		s.forget(ctx, f.Space, sha)
	}
	return unsent(len(lost))
}

// looks is how many parts of a file are looked for in the store at once.
const looks = 8

// readable finds a complete file that the caller may read: until a command names it the owner, then who may read so far back. Somebody
// may have announced another file under an id they learnt: one's own comes first, then the earliest, so that none takes another's place. Of
// one that was deleted those who could read it hear just that.
func (s *Service) readable(ctx context.Context, id workroom.FileID) (*store.File, error) {
	who := callerOf(ctx).Account
	var f *store.File
	if !workroom.ValidID(string(id)) {
		return nil, workroom.Refuse(workroom.NoAccess)
	}
	none := workroom.Refuse(workroom.NoAccess)
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
			if !ok || x.Named == 0 && x.Owner != who || x.Named > 0 && x.Named < a.FromBorn {
				continue
			}
			if gone, err := tx.Erased(ctx, x); gone || err != nil {
				if err != nil {
					return err
				}
				continue
			}
			if x.Deleted() {
				none = &workroom.Refusal{Code: workroom.Gone, Text: "This file was deleted."}
				continue
			}
			if f == nil || x.Owner == who {
				f = x
			}
		}
		if f == nil {
			return none
		}
		return nil
	})
	return f, err
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
		err = s.witnessed(ctx, f, width > files.Widths[0])
	}
	if err == nil {
		var in *files.Reader
		b, err = s.files.Thumb(ctx, string(f.Owner)+"."+string(f.ID), width, func() *files.Reader {
			in = s.files.Read(ctx, f.Space, f.Parts, f.Size)
			return in
		})
		if in != nil {
			s.lost(ctx, f, in)
		}
	}
	if errors.Is(err, files.ErrNoPicture) {
		err = &workroom.Refusal{Code: workroom.BadInput, Text: "There is no preview of this file."}
	}
	if err != nil {
		s.fail(ctx, "make a preview", fileTrouble(err)).Write(w)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "image/jpeg")
	h.Set("Content-Length", strconv.Itoa(len(b)))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Cache-Control", "private, max-age=86400")
	if f.Root.Kind() == "k" { // each look is written down, so none is answered from a cache
		h.Set("Cache-Control", "private, no-store")
	}
	_, _ = w.Write(b) // the reader has gone if this fails
}
