package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"gocloud.dev/blob"

	"trestle/internal/wire"
)

// A part whose sender lost the connection in its middle may come in pieces. They belong to their sender alone, since nothing says yet that
// they are what the hash promises, and are joined to a part when all are there.

func pieceKey(owner, sha string, at, n int64) string {
	return fmt.Sprintf("u/%s/%s/%08d-%08d", owner, sha, at, n)
}

type piece struct {
	key   string
	at, n int64
}

// PutPiece keeps n bytes of a part from byte at on. The piece is held in memory, so n is at most wire.PieceSize.
func (f *Files) PutPiece(ctx context.Context, owner, sha string, at, n int64, r io.Reader) error {
	if at < 0 || n < 1 || n > wire.PieceSize || at+n > wire.PartSize {
		return fmt.Errorf("write a piece: %w", ErrMismatch)
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(r, b); errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return fmt.Errorf("write a piece: %w", ErrMismatch)
	} else if err != nil {
		return fmt.Errorf("write a piece: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, f.patrol)
	defer cancel()
	key := pieceKey(owner, sha, at, n)
	if err := f.bucket.WriteAll(ctx, key, b, &blob.WriterOptions{ContentType: "application/octet-stream", BeforeWrite: private}); err != nil {
		return away("write a piece", err)
	}
	return f.sync(key)
}

// Held says of each part of a sender that is here in pieces how many bytes there are from its beginning without a gap.
func (f *Files) Held(ctx context.Context, owner string) (map[string]int64, error) {
	out := map[string]int64{}
	err := f.list(ctx, "u/"+owner+"/", func(o *blob.ListObject) error {
		if sha, p, ok := pieceOf(o.Key); ok && o.Size == p.n && p.at <= out[sha] { // keys come in the order of at
			out[sha] = max(out[sha], p.at+p.n)
		}
		return nil
	})
	for sha, n := range out {
		if n == 0 {
			delete(out, sha)
		}
	}
	return out, err
}

func pieceOf(key string) (sha string, p piece, ok bool) {
	w := strings.Split(key, "/")
	if len(w) != 4 {
		return "", p, false
	}
	from, length, found := strings.Cut(w[3], "-")
	at, err1 := strconv.ParseInt(from, 10, 64)
	n, err2 := strconv.ParseInt(length, 10, 64)
	return w[2], piece{key, at, n}, found && err1 == nil && err2 == nil && at >= 0 && n > 0
}

func (f *Files) pieces(ctx context.Context, owner, sha string) ([]piece, error) {
	var list []piece
	err := f.list(ctx, "u/"+owner+"/"+sha+"/", func(o *blob.ListObject) error {
		if _, p, ok := pieceOf(o.Key); ok && o.Size == p.n {
			list = append(list, p)
		}
		return nil
	})
	slices.SortFunc(list, func(a, b piece) int {
		if a.at != b.at {
			return int(a.at - b.at)
		}
		return int(b.n - a.n)
	})
	return list, err
}

// Join makes a part of size bytes out of its sender's pieces, which must be there without a gap, and removes them. Pieces that do not give
// what the hash promises are removed too, and the error is ErrMismatch.
func (f *Files) Join(ctx context.Context, owner, space, sha string, size int64) error {
	list, err := f.pieces(ctx, owner, sha)
	if err != nil {
		return err
	}
	in := &joined{f: f, ctx: ctx, list: list}
	defer in.close()
	if err := f.Put(ctx, space, sha, size, in); err != nil && !errors.Is(err, ErrMismatch) {
		return err
	} else if err != nil {
		return errors.Join(err, f.drop(ctx, list))
	}
	return f.drop(ctx, list)
}

func (f *Files) drop(ctx context.Context, list []piece) error {
	for _, p := range list {
		if err := f.remove(ctx, p.key); err != nil {
			return err
		}
	}
	return nil
}

// joined reads pieces one after the other, the overlap of two of them once.
type joined struct {
	f    *Files
	ctx  context.Context
	list []piece
	at   int64
	open *blob.Reader
	end  int64
}

func (j *joined) Read(p []byte) (int, error) {
	for {
		if j.open != nil {
			n, err := j.open.Read(p)
			j.at += int64(n)
			if n > 0 {
				return n, nil
			}
			if err != nil && err != io.EOF {
				return 0, away("read a piece", err)
			}
			j.close()
			if j.at < j.end {
				return 0, fmt.Errorf("read a piece: %w", io.ErrUnexpectedEOF)
			}
		}
		for len(j.list) > 0 && j.list[0].at+j.list[0].n <= j.at {
			j.list = j.list[1:]
		}
		if len(j.list) == 0 || j.list[0].at > j.at {
			return 0, io.EOF
		}
		next := j.list[0]
		r, err := j.f.bucket.NewRangeReader(j.ctx, next.key, j.at-next.at, -1, nil)
		if missing(err) {
			return 0, fmt.Errorf("read a piece: %w", io.ErrUnexpectedEOF)
		} else if err != nil {
			return 0, away("read a piece", err)
		}
		j.open, j.end = r, next.at+next.n
	}
}

func (j *joined) close() {
	if j.open != nil {
		_ = j.open.Close()
		j.open = nil
	}
}

// Stored is one object of the store, as the sweep looks at it.
type Stored struct {
	Space, SHA string // of a part; empty for a piece
	Size       int64
	At         time.Time // when it came
	key        string
}

// Parts calls fn for each part of the store, in no promised order.
func (f *Files) Parts(ctx context.Context, fn func(Stored) error) error {
	return f.list(ctx, "p/", func(o *blob.ListObject) error {
		if w := strings.Split(o.Key, "/"); len(w) == 3 {
			return fn(Stored{Space: w[1], SHA: w[2], Size: o.Size, At: o.ModTime, key: o.Key})
		}
		return nil
	})
}

// DropPieces removes pieces that came before a time: their sender gave up, or sends them again. It answers how many.
func (f *Files) DropPieces(ctx context.Context, before time.Time) (int, error) {
	var list []piece
	err := f.list(ctx, "u/", func(o *blob.ListObject) error {
		if o.ModTime.Before(before) {
			list = append(list, piece{key: o.Key})
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return len(list), f.drop(ctx, list)
}

func (f *Files) list(ctx context.Context, prefix string, fn func(*blob.ListObject) error) error {
	if f.dir != "" {
		return f.walk(ctx, prefix, fn)
	}
	ctx, g := f.guard(ctx)
	defer g.end()
	for it := f.bucket.List(&blob.ListOptions{Prefix: prefix}); ; {
		o, err := it.Next(ctx)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return away("list the store of files", g.cause(err))
		}
		g.timer.Stop() // what the caller does with it is not the store's time
		if err := fn(o); err != nil {
			return err
		}
		g.touch()
	}
}

// walk lists a folder. The driver's own listing fails when a file goes while it looks, as half-written ones do all the time.
func (f *Files) walk(ctx context.Context, prefix string, fn func(*blob.ListObject) error) error {
	root := filepath.Join(f.dir, filepath.FromSlash(prefix))
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err == nil {
			err = ctx.Err()
		}
		if errors.Is(err, fs.ErrNotExist) || err == nil && e.IsDir() {
			return nil
		}
		if err != nil {
			return err
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		} else if err != nil {
			return err
		}
		rel, err := filepath.Rel(f.dir, path)
		if err != nil {
			return err
		}
		return fn(&blob.ListObject{Key: filepath.ToSlash(rel), Size: info.Size(), ModTime: info.ModTime()})
	})
	if err != nil {
		return fmt.Errorf("list the folder of files: %w", err)
	}
	return nil
}
