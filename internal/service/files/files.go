// Package files keeps the bytes of uploads in parts by their SHA-256, in a folder (another bucket later), and makes previews of pictures.
// It knows no accounts: who may read what is decided above, in service.
package files

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	"gocloud.dev/gcerrors"

	"trestle/internal/wire"
)

// Files is an open folder of parts and previews.
type Files struct {
	dir    string
	bucket *blob.Bucket
	thumbs chan struct{} // one preview at a time
}

// Open opens or makes the folder.
func Open(dir string) (*Files, error) {
	b, err := fileblob.OpenBucket(dir, &fileblob.Options{CreateDir: true, DirFileMode: 0o700, NoTempDir: true, Metadata: fileblob.MetadataDontWrite})
	if err != nil {
		return nil, fmt.Errorf("open the folder of files: %w", err)
	}
	return &Files{dir: dir, bucket: b, thumbs: make(chan struct{}, 1)}, nil
}

// Close closes the folder.
func (f *Files) Close() error { return f.bucket.Close() }

// ErrMismatch says that the bytes of a part are not those its hash promised, or too many.
var ErrMismatch = errors.New("the part's bytes do not fit its hash")

// errPart marks a part that cannot be read though it should be there.
var errPart = errors.New("read a part")

func partKey(space, sha string) string { return "p/" + space + "/" + sha }

// private makes a file its owner's alone before a byte is in it.
func private(as func(any) bool) error {
	var f *os.File
	if !as(&f) {
		return nil // a bucket of another kind has no modes
	}
	if err := f.Chmod(0o600); err != nil {
		return fmt.Errorf("keep a file private: %w", err)
	}
	return nil
}

// Put reads a part to its end, and keeps it if its bytes fit the hash. It answers the part's size once it is safely on the disk.
func (f *Files) Put(ctx context.Context, space, sha string, r io.Reader) (int64, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w, err := f.bucket.NewWriter(ctx, partKey(space, sha), &blob.WriterOptions{ContentType: "application/octet-stream", BeforeWrite: private})
	if err != nil {
		return 0, fmt.Errorf("write a part: %w", err)
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(w, sum), io.LimitReader(r, wire.PartSize+1))
	if err == nil && (n == 0 || n > wire.PartSize || hex.EncodeToString(sum.Sum(nil)) != sha) {
		err = ErrMismatch
	}
	if err != nil {
		cancel() // a cancelled writer leaves nothing behind
		_ = w.Close()
		return 0, fmt.Errorf("write a part: %w", err)
	}
	if err := w.Close(); err != nil {
		return 0, fmt.Errorf("write a part: %w", err)
	}
	return n, f.sync("p", space, sha)
}

// sync brings a file and the folders that name it to the disk, since "complete" promises the bytes.
func (f *Files) sync(path ...string) error {
	full := filepath.Join(append([]string{f.dir}, path...)...)
	for _, p := range []string{full, filepath.Dir(full), filepath.Dir(filepath.Dir(full))} {
		if p != full && runtime.GOOS == "windows" { // folders cannot be synced there
			continue
		}
		mode := os.O_RDONLY
		if p == full && runtime.GOOS == "windows" {
			mode = os.O_RDWR
		}
		h, err := os.OpenFile(p, mode, 0)
		if err != nil {
			return fmt.Errorf("sync a part: %w", err)
		}
		if err := errors.Join(h.Sync(), h.Close()); err != nil {
			return fmt.Errorf("sync a part: %w", err)
		}
	}
	return nil
}

// Has reports whether a part is there.
func (f *Files) Has(ctx context.Context, space, sha string) (bool, error) {
	ok, err := f.bucket.Exists(ctx, partKey(space, sha))
	if err != nil {
		return false, fmt.Errorf("look for a part: %w", err)
	}
	return ok, nil
}

// Reader reads a file over its parts. It is an io.ReadSeeker, so http.ServeContent can answer ranges over a part's boundary.
type Reader struct {
	f     *Files
	ctx   context.Context
	space string
	parts []string
	size  int64
	at    int64
	part  int
	open  *blob.Reader
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
	for r.at < r.size {
		if part := int(r.at / wire.PartSize); r.open == nil || part != r.part {
			if part >= len(r.parts) {
				return 0, fmt.Errorf("%w: %w", errPart, io.ErrUnexpectedEOF)
			}
			_ = r.Close()
			o, err := r.f.bucket.NewRangeReader(r.ctx, partKey(r.space, r.parts[part]), r.at%wire.PartSize, -1, nil)
			if err != nil {
				return 0, fmt.Errorf("%w: %w", errPart, err)
			}
			r.open, r.part = o, part
		}
		left := min((r.at/wire.PartSize+1)*wire.PartSize, r.size) - r.at
		n, err := r.open.Read(p[:min(int64(len(p)), left)])
		r.at += int64(n)
		switch {
		case n > 0:
			return n, nil
		case err == io.EOF && left > 0:
			return 0, fmt.Errorf("%w: %w", errPart, io.ErrUnexpectedEOF) // a part shorter than it was
		case err != nil:
			return 0, fmt.Errorf("%w: %w", errPart, err)
		case len(p) == 0:
			return 0, nil
		}
	}
	return 0, io.EOF
}

// Close ends reading.
func (r *Reader) Close() error {
	if r.open == nil {
		return nil
	}
	err := r.open.Close()
	r.open = nil
	return err
}

func missing(err error) bool { return gcerrors.Code(err) == gcerrors.NotFound }

// Remove removes a part; one that is not there is no error.
func (f *Files) Remove(ctx context.Context, space, sha string) error {
	if err := f.bucket.Delete(ctx, partKey(space, sha)); err != nil && !missing(err) {
		return fmt.Errorf("remove a part: %w", err)
	}
	return nil
}
