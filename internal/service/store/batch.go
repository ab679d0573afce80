package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sort"
	"time"

	"trestle/internal/workroom"
)

// Batch is what the commands of one transaction see and write: the database, and over it what the earlier ones wrote. Nothing reaches the
// tables before Flush.
type Batch struct {
	ctx     context.Context
	tx      Tx
	heads   map[workroom.Scope]*head // nil = no such scope
	rows    map[workroom.Ref]*thing  // nil = no such thing
	stored  map[workroom.Ref]bool    // the table has a row of it
	decoded map[workroom.Ref]workroom.Thing
	lists   map[list][]string // ids of living things, sorted
	access  map[Right]*Access
	rights  map[workroom.Scope]bool // roots of which access holds everybody's
	records map[Asking]*Record
	named   map[upload]int64
	erased  map[upload]time.Time
	given   map[upload]time.Time    // given up: named by nothing
	pruned  map[Asking]int64        // by account and device
	locked  map[workroom.Scope]bool // nil before Lock
	empty   []workroom.Scope        // heads made only to be locked

	dirtyHeads   map[workroom.Scope]bool
	dirtyRows    map[workroom.Ref]bool
	dirtyAccess  map[Right]bool
	invitations  []*invitation
	freshRecords []*Record
	tags         []*tagged
	frames       []Frame
}

type list struct {
	scope workroom.Scope
	kind  workroom.Kind
}

// NewBatch begins a batch in a write transaction. Lock comes next.
func NewBatch(ctx context.Context, tx Tx) *Batch {
	return &Batch{
		ctx: ctx, tx: tx,
		heads: map[workroom.Scope]*head{}, rows: map[workroom.Ref]*thing{}, stored: map[workroom.Ref]bool{}, decoded: map[workroom.Ref]workroom.Thing{}, lists: map[list][]string{}, access: map[Right]*Access{}, rights: map[workroom.Scope]bool{},
		records: map[Asking]*Record{}, named: map[upload]int64{}, erased: map[upload]time.Time{}, given: map[upload]time.Time{}, pruned: map[Asking]int64{},
		dirtyHeads: map[workroom.Scope]bool{}, dirtyRows: map[workroom.Ref]bool{}, dirtyAccess: map[Right]bool{},
	}
}

func (b *Batch) head(s workroom.Scope) (*head, error) {
	if h, ok := b.heads[s]; ok {
		return h, nil
	}
	h, err := b.tx.head(b.ctx, s)
	if err != nil {
		return nil, err
	}
	b.heads[s] = h
	return h, nil
}

// Exists reports whether anything was ever written into a scope.
func (b *Batch) Exists(s workroom.Scope) (bool, error) {
	h, err := b.head(s)
	return h != nil, err
}

// Access reads an account's right as the batch has it by now.
func (b *Batch) Access(who workroom.AccountID, root workroom.Scope) (Access, bool, error) {
	if a, ok := b.access[Right{who, root}]; ok {
		return *a, !a.Gone && a.Gen > 0, nil
	}
	if b.rights[root] {
		a := Access{Account: who, Root: root}
		b.access[Right{who, root}] = &a
		return a, false, nil
	}
	a, ok, err := b.tx.Access(b.ctx, who, root)
	if err != nil {
		return a, false, err
	}
	b.access[Right{who, root}] = &a
	return a, ok, nil
}

func (b *Batch) row(ref workroom.Ref) (*thing, error) {
	if t, ok := b.rows[ref]; ok {
		return t, nil
	}
	t := &thing{}
	err := b.tx.QueryRowContext(b.ctx, "SELECT "+thingColumns+" FROM thing WHERE scope = ? AND kind = ? AND id = ?", ref.Scope, ref.Kind, ref.ID).
		Scan(t.fields()...)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		t = nil
	case err != nil:
		return nil, fmt.Errorf("read %s: %w", ref.Kind, err)
	}
	b.rows[ref], b.stored[ref] = t, t != nil
	return t, nil
}

// Had reports whether there is or ever was a thing with this ref, tombstones included.
func (b *Batch) Had(ref workroom.Ref) (bool, error) {
	t, err := b.row(ref)
	return t != nil, err
}

func (b *Batch) list(s workroom.Scope, k workroom.Kind) ([]string, error) {
	if ids, ok := b.lists[list{s, k}]; ok {
		return ids, nil
	}
	rows, err := b.tx.QueryContext(b.ctx, "SELECT id FROM thing WHERE scope = ? AND kind = ? AND NOT gone", s, k)
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", k, err)
	}
	defer func() { _ = rows.Close() }()
	ids := []string{}
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("list %s: %w", k, err)
		}
		if _, changed := b.rows[workroom.Ref{Scope: s, Kind: k, ID: id}]; !changed {
			ids = append(ids, id)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("list %s: %w", k, err)
	}
	for ref, t := range b.rows {
		if ref.Scope == s && ref.Kind == k && t != nil && !t.Gone {
			ids = append(ids, ref.ID)
		}
	}
	sort.Strings(ids)
	b.lists[list{s, k}] = ids
	return ids, nil
}
