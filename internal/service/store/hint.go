package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Hint is what to tell once a transaction has been committed: a root scope's new number, who may know of it, and what each command wrote
// into the scopes below that root.
type Hint struct {
	Head   wire.HintHead
	Moved  bool // the root itself has a new number; else only scopes below it have
	To     []Reader
	Frames []Frame
}

// Reader is an account that may read a root scope, as of the transaction that the hint is of.
type Reader struct {
	Account  workroom.AccountID
	Gen      int64
	FromBorn int64
}

// Frame is what one command wrote into one scope.
type Frame struct {
	Scope  workroom.Scope
	Prev   int64
	Seq    int64
	Tag    string
	Msgs   int64
	Things []wire.Thing
}

// frame keeps what a command wrote, a frame for each scope.
func (b *Batch) frame(scopes map[workroom.Scope]*head, things []wire.Thing) {
	at := map[workroom.Scope]int{}
	for _, t := range things {
		i, ok := at[t.Scope]
		if !ok {
			h := scopes[t.Scope]
			i = len(b.frames)
			at[t.Scope] = i
			b.frames = append(b.frames, Frame{Scope: h.Scope, Prev: h.Seq - 1, Seq: h.Seq, Tag: h.Tag, Msgs: h.Msgs})
		}
		b.frames[i].Things = append(b.frames[i].Things, t)
	}
}

// hints gathers what to tell, a hint for each root with something new, and reads whom from the rights as this transaction leaves them.
func (b *Batch) hints(heads []*head) ([]Hint, error) {
	var out []Hint
	at := map[workroom.Scope]int{}
	of := func(root workroom.Scope) *Hint {
		i, ok := at[root]
		if !ok {
			i = len(out)
			at[root] = i
			out = append(out, Hint{Head: wire.HintHead{Scope: root}})
		}
		return &out[i]
	}
	for _, h := range heads {
		x := of(h.Root)
		if h.Scope == h.Root {
			x.Head.Seq, x.Head.Msgs, x.Moved = h.Seq, h.Msgs, true
		}
	}
	for _, f := range b.frames {
		x := of(f.Scope.Root())
		x.Frames = append(x.Frames, f)
	}
	for i := range out {
		root := out[i].Head.Scope
		if err := b.allRights(root); err != nil {
			return nil, err
		}
		for r, a := range b.access {
			if r.Root == root && a.Gen > 0 && !a.Gone {
				out[i].To = append(out[i].To, Reader{Account: a.Account, Gen: a.Gen, FromBorn: a.FromBorn})
			}
		}
		slices.SortFunc(out[i].To, func(x, y Reader) int { return strings.Compare(string(x.Account), string(y.Account)) })
	}
	return out, nil
}

// Readers lists who may read a root scope.
func (tx Tx) Readers(ctx context.Context, root workroom.Scope) ([]Reader, error) {
	rows, err := tx.QueryContext(ctx, "SELECT account, gen, from_born FROM access WHERE root = ? AND NOT gone", root)
	if err != nil {
		return nil, fmt.Errorf("read whom to tell: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var out []Reader
	for rows.Next() {
		var r Reader
		if err := rows.Scan(&r.Account, &r.Gen, &r.FromBorn); err != nil {
			return nil, fmt.Errorf("read whom to tell: %w", err)
		}
		out = append(out, r)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read whom to tell: %w", err)
	}
	return out, nil
}
