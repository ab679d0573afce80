package replica

import (
	"context"
	"errors"
	"slices"

	"trestle/internal/workroom"
)

// tx is one write transaction: the statements, what it changed, and the scopes it looked up.
type tx struct {
	*link
	r       *Replica
	changed map[workroom.Scope]bool
	scopes  map[workroom.Scope]*scopeRow
	after   []func()
	wipes   bool     // it takes something away that is to leave the disk
	deleted []string // messages and files that were deleted in it
}

func (t *tx) tell(s workroom.Scope) { t.changed[s] = true }

// write runs one transaction: durable waits for the disk. When it is committed the scopes it changed are announced.
func (r *Replica) write(ctx context.Context, durable bool, fn func(*tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	r.mu.Lock()
	t, err := r.attempt(durable, fn)
	if errors.Is(err, ErrDiskFull) && r.dropBallast() && durable {
		t, err = r.attempt(durable, fn)
	}
	if err == nil && t.wipes {
		r.wiping.due = true
	}
	r.mu.Unlock()
	if err != nil {
		r.suspect(err)
		return err
	}
	for _, f := range t.after {
		f()
	}
	if t.wipes {
		r.stir()
	}
	if t.changed[OutboxScope] || t.changed[DraftScope] {
		r.unsentDirty.Store(true)
	}
	if len(t.changed) > 0 {
		out := make([]workroom.Scope, 0, len(t.changed))
		for s := range t.changed {
			out = append(out, s)
		}
		slices.Sort(out)
		r.stir()
		r.o.Changed(out)
	}
	return nil
}

var errClosed = errors.New("the copy is closed")

// attempt runs one transaction once.
func (r *Replica) attempt(durable bool, fn func(*tx) error) (*tx, error) {
	l := r.pull
	if durable {
		l = r.full
	}
	if l == nil {
		return nil, errClosed
	}
	if r.low && !durable {
		return nil, ErrDiskFull // what can be pulled again leaves the space to what cannot
	}
	t := &tx{link: l, r: r, changed: map[workroom.Scope]bool{}, scopes: map[workroom.Scope]*scopeRow{}}
	return t, typed("write to the copy", l.within("BEGIN IMMEDIATE", func() error {
		if err := fn(t); err != nil {
			return err
		}
		if err := errors.Join(t.dropTallies(), t.dropDeleted()); err != nil {
			return err
		}
		return r.o.Fail(PointCommit)
	}))
}

// read runs fn over one moment of the file.
func (r *Replica) read(ctx context.Context, fn func(*link) error) error {
	var l *link
	select {
	case <-r.closed:
		return errClosed
	default:
	}
	select {
	case l = <-r.readers:
	case <-r.closed:
		return errClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { r.readers <- l }()
	err := typed("read the copy", l.within("BEGIN", func() error { return fn(l) }))
	r.suspect(err)
	return err
}

func (t *tx) meta(k string) (string, error) {
	var v string
	_, err := t.scan(`SELECT v FROM meta WHERE k=?`, []any{k}, &v)
	return v, err
}

func (t *tx) setMeta(k, v string) error {
	_, err := t.Exec(`INSERT INTO meta(k,v) VALUES(?,?) ON CONFLICT(k) DO UPDATE SET v=excluded.v`, k, v)
	return err
}
