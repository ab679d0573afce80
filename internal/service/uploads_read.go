package service

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"trestle/internal/service/files"
	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// openFiles opens the store of the parts of files.
func (s *Service) openFiles(dir string) (err error) {
	if s.cfg.Blobs == "" {
		s.files, err = files.Open(filepath.Join(dir, "blobs"))
	} else {
		s.files, err = files.OpenURL(context.Background(), s.cfg.Blobs)
	}
	var none *files.NoDriver
	switch {
	case errors.As(err, &none):
		return &workroom.Refusal{Code: NoDriver, Field: "blobs", Text: "The store of files cannot be opened: " + none.Error() + "."}
	case err != nil && s.cfg.Blobs == "":
		return fmt.Errorf("%w (%w)", &workroom.Refusal{Code: DataUnwritable, Text: "The service's data folder cannot be written: " + dir}, err)
	case err != nil:
		return fmt.Errorf("%w (%w)", &workroom.Refusal{Code: BlobsUnusable, Field: "blobs", Text: "The service's store of files cannot be opened."}, err)
	}
	return nil
}

// BlobsUnusable says that the store of files cannot be opened.
const BlobsUnusable workroom.Code = "blobs_unusable"

// parts says what a file is made of to those who may read it.
func (s *Service) parts(ctx context.Context, in *wire.FileOf) (*wire.PartsOut, error) {
	f, err := s.readable(ctx, in.ID)
	if err != nil {
		return nil, s.fail(ctx, "read a file", err)
	}
	return &wire.PartsOut{Size: f.Size, Parts: f.Parts}, nil
}

// download sends a file's bytes, or a range of them, as an attachment that nothing runs. If-Range and If-None-Match go by a tag made of the
// bytes. A part that is lost, or a store that is away, is told in words as long as no byte was sent; after that the connection ends early,
// and whoever asks for the rest hears why.
func (s *Service) download(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	f, err := s.readable(ctx, workroom.FileID(r.PathValue("id")))
	if err == nil {
		err = s.witnessed(ctx, f, true)
	}
	if err != nil {
		s.fail(ctx, "read a file", err).Write(w)
		return
	}
	in := s.files.Read(ctx, f.Space, f.Parts, f.Size)
	defer func() { _ = in.Close() }()
	late := &late{ResponseWriter: w, status: http.StatusOK}
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Cache-Control", "private, no-cache")
	h.Set("ETag", tagOf(f))
	if f.Root.Kind() == "k" {
		h.Set("Cache-Control", "private, no-store")
	}
	http.ServeContent(late, r, "", time.Time{}, in)
	var p *wire.Problem
	switch {
	case in.Err != nil && ctx.Err() == nil:
		s.lost(ctx, f, in)
		p = s.fail(ctx, "read a file", fileTrouble(in.Err))
	case late.status >= 400 && !late.begun:
		p = unserved(late.status)
	default:
		late.begin()
		return
	}
	if late.begun {
		panic(http.ErrAbortHandler) // an answer that looks whole must not end here
	}
	for _, k := range []string{"Content-Length", "Content-Range", "Accept-Ranges", "ETag"} {
		h.Del(k)
	}
	if p.Status == http.StatusRequestedRangeNotSatisfiable {
		h.Set("Content-Range", fmt.Sprintf("bytes */%d", f.Size))
	}
	p.Write(w)
}

// unserved makes the answer where net/http does not give a file's bytes and would say why in words of its own.
func unserved(status int) *wire.Problem {
	r := workroom.Bad("", "The file cannot be sent in the way it was asked for.")
	switch status {
	case http.StatusRequestedRangeNotSatisfiable:
		r = workroom.Bad("range", "The file has no such range of bytes.")
	case http.StatusPreconditionFailed:
		r = workroom.Bad("if-match", "The file is another one than asked for.")
	}
	p := wire.ProblemOf(r)
	p.Status, p.Title = status, http.StatusText(status)
	return p
}

// tagOf names the bytes of a file.
func tagOf(f *store.File) string {
	sum := sha256.Sum256([]byte(strings.Join(f.Parts, "\n")))
	return `"` + hex.EncodeToString(sum[:16]) + `"`
}

// lost forgets a part that turned out not to be there, so that the next who sends a file with it is asked for it.
func (s *Service) lost(ctx context.Context, f *store.File, in *files.Reader) {
	if in.Lost == "" || !errors.Is(in.Err, files.ErrLost) {
		return
	}
	s.forget(ctx, f.Space, in.Lost)
}

// forget takes a part whose bytes are not in the store off the list of those that need not be sent.
func (s *Service) forget(ctx context.Context, space, sha string) {
	ctx = context.WithoutCancel(ctx)
	s.log.ErrorContext(ctx, "a part is lost", "space", space, "part", sha)
	if err := s.store.Write(ctx, func(tx store.Tx) error { return tx.LosePart(ctx, space, sha) }); err != nil {
		s.log.ErrorContext(ctx, "note a lost part", "error", err.Error())
	}
}

// late holds an answer's status back until its first byte, so that it can still become another answer. The words of a refusal are dropped:
// it becomes one of ours.
type late struct {
	http.ResponseWriter
	status int
	begun  bool
}

func (l *late) WriteHeader(status int) { l.status = status }

func (l *late) begin() {
	if !l.begun {
		l.begun = true
		l.ResponseWriter.WriteHeader(l.status)
	}
}

func (l *late) Write(b []byte) (int, error) {
	if l.status >= 400 {
		return len(b), nil
	}
	l.begin()
	return l.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (l *late) Unwrap() http.ResponseWriter { return l.ResponseWriter }
