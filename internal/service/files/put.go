package files

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"

	"gocloud.dev/blob"

	"trestle/internal/wire"
)

// Put reads a part of size bytes to its end and keeps it if its bytes fit the hash; one that is there already counts as kept. It answers
// once the part is safe. A wrong byte, one too many or too few is ErrMismatch and leaves nothing behind; an error of r is answered as it is.
func (f *Files) Put(ctx context.Context, space, sha string, size int64, r io.Reader) error {
	if size < 1 || size > wire.PartSize {
		return fmt.Errorf("write a part: %w", ErrMismatch)
	}
	have, there, err := f.Size(ctx, space, sha)
	if err != nil {
		return err
	}
	in := &verified{r: r, sum: sha256.New(), want: sha, left: size}
	if there && have == size { // the sender's bytes are read all the same: whoever has not got them may not claim them
		if _, err := io.Copy(io.Discard, in); err != nil {
			return fmt.Errorf("write a part: %w", in.cause(err))
		}
		return nil
	}
	ctx, guard := f.guard(ctx)
	defer guard.end()
	in.guard = guard
	key := partKey(space, sha)
	if f.put != nil {
		err = f.put(ctx, key, sha, size, there, in)
	} else {
		err = f.stream(ctx, key, there, in)
	}
	switch {
	case in.err != nil: // of the bytes, not of the store
		return fmt.Errorf("write a part: %w", in.err)
	case exists(err): // somebody else was faster
		return nil
	case err != nil:
		return away("write a part", guard.cause(err))
	}
	return f.sync(key)
}

// stream copies into a writer of the bucket; a cancelled writer leaves nothing behind.
func (f *Files) stream(ctx context.Context, key string, replace bool, r io.Reader) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w, err := f.bucket.NewWriter(ctx, key, &blob.WriterOptions{ContentType: "application/octet-stream", BeforeWrite: private, IfNotExist: !replace})
	if err != nil {
		return err
	}
	if _, err := io.Copy(w, r); err != nil {
		cancel()
		_ = w.Close()
		return err
	}
	return w.Close()
}

// verified hands out the bytes of a part and says in the end whether they were the right ones. The last bytes are held back until that is
// known, so that a store which is told the length never gets a whole wrong part.
type verified struct {
	r     io.Reader
	sum   hash.Hash
	want  string
	left  int64
	err   error // what was wrong with the bytes
	guard *guard
}

func (v *verified) Read(p []byte) (int, error) {
	if v.err != nil {
		return 0, v.err
	}
	if v.left == 0 {
		return 0, io.EOF
	}
	v.guard.touch()
	n, err := v.r.Read(p[:min(int64(len(p)), v.left)])
	v.guard.touch()
	v.sum.Write(p[:n])
	v.left -= int64(n)
	switch {
	case v.left == 0:
		var more [1]byte
		if k, _ := io.ReadFull(v.r, more[:]); k > 0 || hex.EncodeToString(v.sum.Sum(nil)) != v.want {
			v.err = ErrMismatch
			return 0, v.err
		}
		return n, io.EOF
	case errors.Is(err, io.EOF):
		v.err = ErrMismatch
		return 0, v.err
	case err != nil:
		v.err = err
		return 0, err
	}
	return n, nil
}

func (v *verified) cause(err error) error {
	if v.err != nil {
		return v.err
	}
	return err
}

// guard ends an act of the store that makes no progress.
type guard struct {
	timer  *time.Timer
	limit  time.Duration
	cancel context.CancelCauseFunc
	ctx    context.Context
}

var errStalled = errors.New("it made no progress")

func (f *Files) guard(ctx context.Context) (context.Context, *guard) {
	ctx, cancel := context.WithCancelCause(ctx)
	g := &guard{limit: f.patrol, cancel: cancel, ctx: ctx}
	g.timer = time.AfterFunc(f.patrol, func() { cancel(errStalled) })
	return ctx, g
}

// touch says that there was progress.
func (g *guard) touch() {
	if g != nil {
		g.timer.Reset(g.limit)
	}
}

func (g *guard) end() {
	g.timer.Stop()
	g.cancel(nil)
}

// cause names a stall where the store only says "cancelled".
func (g *guard) cause(err error) error {
	if errors.Is(context.Cause(g.ctx), errStalled) {
		return errStalled
	}
	return err
}
