package courier

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"trestle/internal/blob"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// fetchTries is how often a download is begun again without a byte more.
const fetchTries = 5

// fetching is a download that one or more wait for.
type fetching struct {
	done    chan struct{}
	cancel  context.CancelCauseFunc
	waiting int
	sha     string
	err     error
}

// Fetch brings a file's bytes, or with a width of 320 or 1,280 its preview, into the local blobs and answers their hash. What is here
// already is not asked for. A cut is gone on from by itself a few times, and later where it stopped; each part is verified. It ends when
// nobody waits for it any more.
func (c *Courier) Fetch(ctx context.Context, scope workroom.Scope, id workroom.FileID, width int) (string, error) {
	name := string(id)
	if width != 0 {
		name += "@" + strconv.Itoa(width)
	}
	if sha, _, ok, err := c.rep.LocalFile(ctx, name); err != nil {
		return "", err
	} else if ok && c.blobs.Has(sha) {
		return sha, nil
	}
	f := c.join(ctx, scope, id, name, width)
	select {
	case <-f.done:
	case <-ctx.Done():
	}
	c.files.mu.Lock()
	if f.waiting--; f.waiting == 0 {
		f.cancel(context.Cause(ctx))
	}
	c.files.mu.Unlock()
	select {
	case <-f.done:
		return f.sha, f.err
	default:
		return "", ctx.Err()
	}
}

// join begins a download, or waits for the one under way.
func (c *Courier) join(ctx context.Context, scope workroom.Scope, id workroom.FileID, name string, width int) *fetching {
	c.files.mu.Lock()
	defer c.files.mu.Unlock()
	if f := c.files.downs[name]; f != nil && f.waiting > 0 {
		f.waiting++
		return f
	}
	if c.files.downs == nil {
		c.files.downs = map[string]*fetching{}
	}
	own, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	f := &fetching{done: make(chan struct{}), cancel: cancel, waiting: 1}
	c.files.downs[name] = f
	go func() {
		defer cancel(nil)
		if width != 0 {
			f.sha, f.err = c.fetchThumb(own, scope, id, name, width)
		} else {
			f.sha, f.err = c.fetchFile(own, scope, id, name)
		}
		c.files.mu.Lock()
		if c.files.downs[name] == f {
			delete(c.files.downs, name)
		}
		c.files.mu.Unlock()
		close(f.done)
	}()
	return f
}

// StopFetch calls the download of a file off. What came is kept for a day, in case it is asked for again.
func (c *Courier) StopFetch(id workroom.FileID) {
	c.files.mu.Lock()
	f := c.files.downs[string(id)]
	c.files.mu.Unlock()
	if f != nil {
		f.cancel(errStopped)
	}
}

func (c *Courier) fetchThumb(ctx context.Context, scope workroom.Scope, id workroom.FileID, name string, width int) (string, error) {
	b, err := c.asker().Thumb(ctx, id, width)
	if err != nil {
		return "", err
	}
	sha, size, err := c.blobs.Put(bytes.NewReader(b))
	if err != nil {
		return "", fmt.Errorf("keep what was fetched: %w", err)
	}
	return sha, c.keep(ctx, name, scope, sha, size)
}

// fetchFile downloads a file and tells how it goes.
func (c *Courier) fetchFile(ctx context.Context, scope workroom.Scope, id workroom.FileID, name string) (sha string, err error) {
	x := Transfer{ID: id, Scope: scope, Way: Down, State: Going}
	last := time.Time{}
	tell := func(done, total int64) {
		x.Done, x.Total = done, total
		if now := time.Now(); now.Sub(last) >= tellEvery || done == total {
			last = now
			c.files.tell(x)
		}
	}
	defer func() {
		switch {
		case err == nil:
			x.State = Done
		case errors.Is(context.Cause(ctx), errStopped), errors.Is(err, context.Canceled):
			x.State, err = Cancelled, context.Canceled
		default:
			x.State, x.Err = Failed, err
		}
		c.files.tell(x)
	}()
	about, err := c.asker().Parts(ctx, id)
	if err != nil {
		return "", err
	}
	p, err := c.blobs.Partial(name, about.Size, about.Parts)
	if err != nil {
		return "", fmt.Errorf("keep what was fetched: %w", err)
	}
	defer func() {
		var e *wire.Error
		end := p.Close
		if errors.As(err, &e) && e.Final { // it was deleted, or the right to it ended: nothing of it stays
			end = p.Drop
		}
		if no := end(); err == nil {
			err = no
		}
	}()
	tell(p.Have(), about.Size)
	for tries, had := 0, p.Have(); p.Have() < about.Size; {
		err := c.fetchRest(ctx, id, p, about.Size, tell)
		if err == nil {
			continue
		}
		if p.Have() > had {
			tries, had = 0, p.Have()
		}
		var e *wire.Error
		later := errors.Is(err, blob.ErrDamaged) || errors.As(err, &e) && e.Retry == workroom.RetryLater
		if tries++; tries >= fetchTries || !later || ctx.Err() != nil {
			return "", err
		}
		select {
		case <-ctx.Done():
			return "", context.Cause(ctx)
		case <-time.After(500 * time.Millisecond << tries):
		}
	}
	if sha, err = p.Keep(); err != nil {
		return "", fmt.Errorf("keep what was fetched: %w", err)
	}
	return sha, c.keep(ctx, name, scope, sha, about.Size)
}

// keep names bytes that came, unless what they are of ended meanwhile.
func (c *Courier) keep(ctx context.Context, name string, scope workroom.Scope, sha string, size int64) error {
	kept, err := c.rep.Fetched(ctx, name, scope, sha, size)
	if err != nil || kept {
		return err
	}
	return &wire.Error{Code: workroom.Gone, Retry: workroom.RetryNever, Final: true, Text: "This was deleted while it came."}
}

// fetchRest asks for what is missing and takes in what comes.
func (c *Courier) fetchRest(ctx context.Context, id workroom.FileID, p *blob.Partial, total int64, tell func(done, total int64)) error {
	body, size, err := c.asker().Download(ctx, id, p.Have())
	if err != nil {
		return err
	}
	defer body.Close()
	if size != total {
		return &wire.Error{Code: wire.Unexpected, Retry: workroom.RetryLater, Text: "The service sent another file than before."}
	}
	b := make([]byte, 256<<10)
	for {
		n, err := body.Read(b)
		if n = int(min(int64(n), total-p.Have())); n > 0 {
			if _, e := p.Write(b[:n]); e != nil {
				return e
			}
			tell(p.Have(), total)
		}
		switch {
		case p.Have() == total:
			return nil
		case err != nil: // the end too: it came too early
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return &wire.Error{Code: wire.Unreachable, Retry: workroom.RetryLater, Text: "The connection broke while the file came. It goes on where it stopped."}
		}
	}
}
