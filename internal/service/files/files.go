// Package files keeps the bytes of uploads in parts by their SHA-256, in a folder or in a bucket that several nodes share, and makes
// previews of pictures. Nothing is kept on a node itself, and a part is streamed, never held whole. The package knows no accounts: who may
// read what is decided above, in service.
package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"
)

// Files is an open store of parts (p/<space>/<sha256>), of pieces of parts that are on their way (u/<owner>/<sha256>/…) and of previews
// (t/…). Its methods may be called from any goroutine.
type Files struct {
	dir    string // of a folder; "" for any other store
	bucket *blob.Bucket
	put    streamer      // writes a part whose hash and length are known without holding it; nil: as any other bytes
	thumbs chan struct{} // one preview at a time
	patrol time.Duration // how long the store may show no progress
}

// streamer writes exactly size bytes of r under a key. It answers errExists where the key is there already and must not be replaced.
type streamer func(ctx context.Context, key, sha string, size int64, replace bool, r io.Reader) error

// How long a store may do nothing before it counts as away.
const patience = 30 * time.Second

// Errors that callers tell apart.
var (
	// ErrMismatch says that the bytes of a part are not those its hash and length promised.
	ErrMismatch = errors.New("the part's bytes do not fit its hash")
	// ErrLost says that a part which should be there is not, or is not whole. Trying again does not help; sending it again does.
	ErrLost = errors.New("a part is lost")
	// ErrAway says that the store does not answer, or answers with a failure of its own. Trying later can help.
	ErrAway = errors.New("the store of files does not answer")

	errExists = errors.New("it is there already")
)

// Close closes the store.
func (f *Files) Close() error { return f.bucket.Close() }

func partKey(space, sha string) string { return "p/" + space + "/" + sha }

// Size is the length of a part in bytes, and whether it is there.
func (f *Files) Size(ctx context.Context, space, sha string) (int64, bool, error) {
	ctx, cancel := context.WithTimeout(ctx, f.patrol)
	defer cancel()
	a, err := f.bucket.Attributes(ctx, partKey(space, sha))
	switch {
	case missing(err):
		return 0, false, nil
	case err != nil:
		return 0, false, away("look for a part", err)
	}
	return a.Size, true, nil
}

// Has reports whether a part is there.
func (f *Files) Has(ctx context.Context, space, sha string) (bool, error) {
	_, ok, err := f.Size(ctx, space, sha)
	return ok, err
}

// Remove removes a part; one that is not there is no error.
func (f *Files) Remove(ctx context.Context, space, sha string) error {
	return f.remove(ctx, partKey(space, sha))
}

func (f *Files) remove(ctx context.Context, key string) error {
	ctx, cancel := context.WithTimeout(ctx, f.patrol)
	defer cancel()
	if err := f.bucket.Delete(ctx, key); err != nil && !missing(err) {
		return away("remove a part", err)
	}
	return nil
}

// Check lists one name, so that a node can tell whether it is ready. Asking for a single name would not do: that a bucket does not exist
// looks like a name that does not.
func (f *Files) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, f.patrol)
	defer cancel()
	if _, _, err := f.bucket.ListPage(ctx, blob.FirstPageToken, 1, &blob.ListOptions{Delimiter: "/"}); err != nil {
		return away("ask the store of files", err)
	}
	return nil
}

func missing(err error) bool { return err != nil && gcerrors.Code(err) == gcerrors.NotFound }

func exists(err error) bool {
	return errors.Is(err, errExists) || err != nil && gcerrors.Code(err) == gcerrors.FailedPrecondition
}

// away marks an error as the store's own. A caller that went away is not the store's fault.
func away(doing string, err error) error {
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return fmt.Errorf("%s: %w: %w", doing, ErrAway, err)
}

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

// sync brings a file of a folder and the folders that name it to the disk, since "complete" promises the bytes. Other stores promise it
// with their answer.
func (f *Files) sync(key string) error {
	if f.dir == "" {
		return nil
	}
	full := filepath.Join(f.dir, filepath.FromSlash(key))
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
