package files

import (
	"context"
	"errors"
	"fmt"
	"io"

	"gocloud.dev/blob"

	"trestle/internal/wire"
)

// Reader reads a file over its parts. It is an io.ReadSeeker, so http.ServeContent can answer ranges over a part's boundary. A part that is
// not there, or shorter than it was, is ErrLost.
type Reader struct {
	f     *Files
	ctx   context.Context
	space string
	parts []string
	size  int64
	at    int64
	part  int
	open  *blob.Reader
	guard *guard

	// Lost is the hash of the part that could not be read, if one was ErrLost.
	Lost string
	// Err is the first error of reading.
	Err error
}

// Read opens a file of so many bytes in these parts; all but the last have wire.PartSize. The caller closes it.
func (f *Files) Read(ctx context.Context, space string, parts []string, size int64) *Reader {
	return &Reader{f: f, ctx: ctx, space: space, parts: parts, size: size, part: -1}
}

// Seek is io.Seeker.
func (r *Reader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += r.at
	case io.SeekEnd:
		offset += r.size
	}
	if offset < 0 {
		return 0, errors.New("seek before the beginning of a file")
	}
	if offset != r.at {
		_ = r.Close() // opened again where it is read
		r.at = offset
	}
	return offset, nil
}

// Read is io.Reader.
func (r *Reader) Read(p []byte) (int, error) {
	n, err := r.read(p)
	if err != nil && err != io.EOF && r.Err == nil {
		r.Err = err
	}
	return n, err
}

func (r *Reader) read(p []byte) (int, error) {
	for r.at < r.size {
		part := int(r.at / wire.PartSize)
		if r.open == nil || part != r.part {
			if err := r.next(part); err != nil {
				return 0, err
			}
		}
		left := min((r.at/wire.PartSize+1)*wire.PartSize, r.size) - r.at
		r.guard.touch()
		n, err := r.open.Read(p[:min(int64(len(p)), left)])
		r.guard.timer.Stop() // whoever reads may take their time
		r.at += int64(n)
		switch {
		case n > 0:
			return n, nil
		case err == io.EOF && left > 0:
			return 0, r.lost(part, io.ErrUnexpectedEOF) // a part shorter than it was
		case err != nil:
			return 0, away("read a part", r.guard.cause(err))
		case len(p) == 0:
			return 0, nil
		}
	}
	return 0, io.EOF
}

// next opens the part that the next byte lies in.
func (r *Reader) next(part int) error {
	_ = r.Close()
	if part >= len(r.parts) {
		return fmt.Errorf("read a part: %w: %w", ErrLost, io.ErrUnexpectedEOF)
	}
	ctx, g := r.f.guard(r.ctx)
	o, err := r.f.bucket.NewRangeReader(ctx, partKey(r.space, r.parts[part]), r.at%wire.PartSize, -1, nil)
	g.timer.Stop()
	switch {
	case missing(err):
		g.end()
		return r.lost(part, err)
	case err != nil:
		err = away("read a part", g.cause(err))
		g.end()
		if size, there, e := r.f.Size(r.ctx, r.space, r.parts[part]); e == nil && there && size <= r.at%wire.PartSize {
			return r.lost(part, io.ErrUnexpectedEOF) // some stores refuse a range behind the end
		}
		return err
	}
	r.open, r.part, r.guard = o, part, g
	return nil
}

func (r *Reader) lost(part int, err error) error {
	r.Lost = r.parts[part]
	return fmt.Errorf("read a part: %w: %w", ErrLost, err)
}

// Close ends reading.
func (r *Reader) Close() error {
	if r.open == nil {
		return nil
	}
	err := r.open.Close()
	r.guard.end()
	r.open = nil
	return err
}
