package blob

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Staged is what the store knows of bytes that it took in.
type Staged struct {
	SHA   string   // of the whole, hex SHA-256
	Size  int64    // bytes
	Parts []string // hex SHA-256 of each part of wire.PartSize bytes; the last may be shorter
}

// Changed says that a file was written to while it was being read.
const Changed workroom.Code = "changed"

// racy is how close to a copy a file's last change may lie before its time proves nothing: file systems count in steps.
const racy = 2 * time.Second

// Stage stores a copy of a file as it is now and hashes it in one pass, in memory that does not grow with the file. told, if not nil, hears
// how far it is. A file that is written to meanwhile is a *workroom.Refusal with the code Changed and nothing is stored: half of the old and
// half of the new would be a file that nobody ever had. Ending the context ends it.
func (s *Store) Stage(ctx context.Context, path string, told func(done, total int64)) (Staged, error) {
	f, err := os.Open(path)
	if err != nil {
		return Staged{}, fmt.Errorf("store file: %w", err)
	}
	defer f.Close()
	before, err := f.Stat()
	if err != nil {
		return Staged{}, fmt.Errorf("store file: %w", err)
	}
	if !before.Mode().IsRegular() {
		return Staged{}, fmt.Errorf("store file: %s is not a file", filepath.Base(path))
	}
	in := &watched{ctx: ctx, r: f, total: before.Size(), told: told}
	var out Staged
	check := func() error {
		after, err := f.Stat()
		if err != nil {
			return fmt.Errorf("store file: %w", err)
		}
		named, err := os.Stat(path) // an editor writes a new file under the old name
		changed := &workroom.Refusal{Code: Changed, Text: "The file was changed while it was being attached. Attach it again."}
		if err != nil || !os.SameFile(after, named) || in.done != before.Size() || after.Size() != before.Size() || !after.ModTime().Equal(before.ModTime()) {
			return changed
		}
		if time.Since(after.ModTime()) > racy {
			return nil
		}
		h := sha256.New()
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return fmt.Errorf("store file: %w", err)
		}
		if _, err := io.Copy(h, &watched{ctx: ctx, r: f}); err != nil {
			return fmt.Errorf("store file: %w", err)
		}
		if hexSum(h) != out.SHA {
			return changed
		}
		return nil
	}
	_, _, err = s.take(in, &out, check)
	return out, err
}

// watched is a reader that ends with its context and tells how far it is.
type watched struct {
	ctx         context.Context
	r           io.Reader
	done, total int64
	told        func(done, total int64)
}

func (w *watched) Read(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := w.r.Read(p)
	w.done += int64(n)
	if w.told != nil && n > 0 {
		w.told(w.done, w.total)
	}
	return n, err
}

// hasher hashes a file and its parts as it is written.
type hasher struct {
	whole, part hash.Hash
	left        int64 // bytes to the end of the part
	size        int64
	parts       []string
}

func newHasher() *hasher {
	return &hasher{whole: sha256.New(), part: sha256.New(), left: wire.PartSize}
}

// Write never fails.
func (h *hasher) Write(p []byte) (int, error) {
	n := len(p)
	for len(p) > 0 {
		k := min(int64(len(p)), h.left)
		h.whole.Write(p[:k])
		h.part.Write(p[:k])
		h.size += k
		if h.left -= k; h.left == 0 {
			h.close()
		}
		p = p[k:]
	}
	return n, nil
}

// close ends the part that is being hashed.
func (h *hasher) close() {
	h.parts = append(h.parts, hexSum(h.part))
	h.part.Reset()
	h.left = wire.PartSize
}

func (h *hasher) sum() Staged {
	if h.left < wire.PartSize {
		h.close()
	}
	return Staged{SHA: hexSum(h.whole), Size: h.size, Parts: h.parts}
}

// take stores all of r. check is asked once the bytes are read, with out filled, whether they may stay.
func (s *Store) take(r io.Reader, out *Staged, check func() error) (sha string, size int64, err error) {
	f, err := os.CreateTemp(s.tmp(), "put-*") // 0600
	if err != nil {
		return "", 0, fmt.Errorf("store bytes: %w", err)
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	h := newHasher()
	if _, err = io.CopyBuffer(onlyWriter{io.MultiWriter(f, h)}, onlyReader{r}, make([]byte, 256<<10)); err != nil {
		return "", 0, fmt.Errorf("store bytes: %w", err)
	}
	*out = h.sum()
	if check != nil {
		if err = check(); err != nil {
			return "", 0, err
		}
	}
	if err = s.keep(f, out.SHA); err != nil {
		return "", 0, fmt.Errorf("store bytes: %w", err)
	}
	return out.SHA, out.Size, nil
}

// keep brings a temporary file of the store to the disk and gives it its name.
func (s *Store) keep(f *os.File, sha string) error {
	to := s.Path(sha)
	folder := filepath.Dir(to)
	if s.Has(sha) {
		syncDir(folder) // whoever stored it may be about to
		return errors.Join(f.Close(), os.Remove(f.Name()))
	}
	if err := toDisk(f); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	switch err := os.Mkdir(folder, 0o700); {
	case err == nil:
		syncDir(filepath.Dir(folder)) // a new folder has a name too
	case !errors.Is(err, fs.ErrExist):
		return err
	}
	if err := os.Rename(f.Name(), to); err != nil {
		return err
	}
	syncDir(folder)
	return nil
}

// The two keep io.Copy from taking a short cut around the buffer.
type (
	onlyReader struct{ io.Reader }
	onlyWriter struct{ io.Writer }
)
