package courier

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// parallelParts is how many parts of one file are under way at a time.
const parallelParts = 3

// upload brings a file to the service in parts. It may be cut off anywhere and begun again: the service says which parts are missing.
// vanished says that the local bytes are not there, which no retry can cure.
func (c *Courier) upload(ctx context.Context, id string) (vanished bool, err error) {
	rows, err := c.rep.Attempt(ctx, id)
	if err != nil || len(rows) == 0 {
		return false, err
	}
	u, err := replica.DecodeUpload(&rows[0])
	if err != nil {
		return false, &wire.Error{Status: 400, Code: workroom.BadInput, Retry: workroom.RetryNever, Final: true, Text: "This upload cannot be read by this version of Trestle."}
	}
	f, err := c.blobs.Open(u.SHA)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || info.Size() != u.Size {
		return true, nil // not the bytes that were attached
	}
	client := c.asker()
	out, err := client.NewFile(ctx, wire.NewFile{ID: u.ID, Scope: u.Scope, Name: u.Name, Size: u.Size, Type: u.Type, Parts: u.Parts})
	if err != nil {
		return false, c.fresh(client, err)
	}
	if out.Complete {
		return false, nil
	}
	var done atomic.Int64
	done.Store(u.Size)
	for i, sha := range u.Parts {
		if slices.Contains(out.Missing, sha) {
			done.Add(-partLen(i, u.Size))
		}
	}
	c.rep.Carried(id, replica.Progress{Done: done.Load(), Total: u.Size})
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(parallelParts)
	sent := map[string]bool{}
	for i, sha := range u.Parts {
		if sent[sha] || !slices.Contains(out.Missing, sha) {
			continue // there, or the same bytes as another part
		}
		sent[sha] = true
		g.Go(func() error {
			if err := c.fail(PointPart); err != nil {
				return err
			}
			part, err := readPart(f, i, u.Size)
			if err != nil {
				return err
			}
			if err := client.PutPart(gctx, out.Space, sha, part); err != nil {
				return err
			}
			n := done.Add(int64(len(part)))
			c.rep.Carried(id, replica.Progress{Done: min(n, u.Size), Total: u.Size})
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return false, c.fresh(client, err)
	}
	if err := c.fail(PointComplete); err != nil {
		return false, err
	}
	return false, c.fresh(client, client.Complete(ctx, u.ID))
}

func partLen(i int, size int64) int64 {
	return min(wire.PartSize, size-int64(i)*wire.PartSize)
}

func readPart(f *os.File, i int, size int64) ([]byte, error) {
	b := make([]byte, partLen(i, size))
	if _, err := f.ReadAt(b, int64(i)*wire.PartSize); err != nil {
		return nil, fmt.Errorf("read part %d: %w", i, err)
	}
	return b, nil
}

// Fetch brings a file's bytes, or with a width of 320 or 1,280 its preview, into the local blobs and answers their hash. What is here
// already is not asked for.
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
	v, err, _ := c.one.Do(name, func() (any, error) { return c.fetch(ctx, scope, id, name, width) })
	if err != nil {
		return "", err
	}
	return v.(string), nil
}

func (c *Courier) fetch(ctx context.Context, scope workroom.Scope, id workroom.FileID, name string, width int) (string, error) {
	var body io.Reader
	want := int64(-1)
	if width != 0 {
		b, err := c.asker().Thumb(ctx, id, width)
		if err != nil {
			return "", err
		}
		body = bytes.NewReader(b)
	} else {
		r, size, err := c.asker().Download(ctx, id, 0)
		if err != nil {
			return "", err
		}
		defer r.Close()
		body, want = r, size
	}
	sha, size, err := c.blobs.Put(body)
	if err != nil {
		return "", fmt.Errorf("keep what was fetched: %w", err)
	}
	if want >= 0 && size != want {
		return "", fmt.Errorf("fetch file: %d of %d bytes came", size, want)
	}
	return sha, c.rep.KnowFile(ctx, name, scope, sha, size)
}

// Older brings the next 50 older messages of a room. It answers false when all are here.
func (c *Courier) Older(ctx context.Context, scope workroom.Scope) (bool, error) {
	v, err, _ := c.one.Do("older "+string(scope), func() (any, error) {
		want, more, err := c.rep.BeginHistory(ctx, scope)
		if err != nil || !more {
			return false, err
		}
		out, err := c.asker().Range(ctx, wire.Range{Scope: scope, Before: want.Before, Limit: 50, Min: want.Min})
		if err != nil {
			failed := c.rep.Apply(context.WithoutCancel(ctx), replica.History{Want: want, Failed: true})
			return false, errors.Join(err, failed)
		}
		return out.More, c.rep.Apply(ctx, replica.History{Want: want, RangeOut: *out})
	})
	more, _ := v.(bool)
	return more, err
}
