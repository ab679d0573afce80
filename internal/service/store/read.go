package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Limits of reading.
const (
	PageLimit  = 500 // things of a pull
	TailLimit  = 50
	RangeLimit = 200
)

// dated are the kinds that stand in time order; of these an account sees what was born at or after its grant's from_born.
var dated = []workroom.Kind{workroom.KindMessage, workroom.KindFile}

// Heads lists all roots an account may read, sorted by scope.
func (tx Tx) Heads(ctx context.Context, who workroom.AccountID) ([]wire.Head, error) {
	rows, err := tx.QueryContext(ctx, `SELECT a.root, a.gen, h.seq, h.tag, h.msgs FROM access a JOIN head h ON h.scope = a.root
		WHERE a.account = ? AND NOT a.gone ORDER BY a.root`, who)
	if err != nil {
		return nil, fmt.Errorf("read heads: %w", err)
	}
	return headsOf(rows)
}

// HeadsOf reads the heads of those of the scopes that an account may read, scopes below a root too, sorted.
func (tx Tx) HeadsOf(ctx context.Context, who workroom.AccountID, scopes []workroom.Scope) ([]wire.Head, error) {
	rows, err := tx.QueryContext(ctx, `SELECT h.scope, a.gen, h.seq, h.tag, h.msgs FROM head h JOIN access a ON a.root = h.root
		WHERE a.account = ? AND NOT a.gone AND h.scope IN (?) ORDER BY h.scope`, who, bun.List(scopes))
	if err != nil {
		return nil, fmt.Errorf("read heads: %w", err)
	}
	return headsOf(rows)
}

func headsOf(rows *sql.Rows) ([]wire.Head, error) {
	defer func() { _ = rows.Close() }()
	out := []wire.Head{}
	for rows.Next() {
		var h wire.Head
		if err := rows.Scan(&h.Scope, &h.Gen, &h.Seq, &h.Tag, &h.Msgs); err != nil {
			return nil, fmt.Errorf("read heads: %w", err)
		}
		out = append(out, h)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read heads: %w", err)
	}
	return out, nil
}

// Open reads a scope's present state: undated things whole, dated ones from the newest message back, with the number they are true at.
func (tx Tx) Open(ctx context.Context, who workroom.AccountID, s workroom.Scope, tail int) (wire.Opened, error) {
	out := wire.Opened{Scope: s}
	a, ok, err := tx.Access(ctx, who, s.Root())
	if err != nil {
		return out, err
	}
	h, err := tx.headOf(ctx, s)
	if err != nil {
		return out, err
	}
	if !ok || h == nil {
		out.Gone = true
		return out, nil
	}
	out.Gen, out.Seq, out.Tag, out.Msgs, out.FromBorn = a.Gen, h.Seq, h.Tag, h.Msgs, a.FromBorn
	if out.Hot, err = tx.things(ctx, "scope = ? AND kind NOT IN (?) AND NOT gone ORDER BY kind, id", s, bun.List(dated)); err != nil {
		return out, err
	}
	out.Tail, out.Floor, err = tx.window(ctx, s, a.FromBorn, h.Seq+1, min(max(tail, 0), TailLimit))
	out.More = out.Floor > 0
	return out, err
}

// window reads the newest messages born from up to below before, and the files that came with them, oldest first. floor is the born of the
// oldest message if there are older ones, else 0.
func (tx Tx) window(ctx context.Context, s workroom.Scope, from, before int64, limit int) ([]wire.Thing, int64, error) {
	rows, err := tx.QueryContext(ctx, `SELECT born FROM thing WHERE scope = ? AND kind = ? AND NOT gone AND born >= ? AND born < ?
		ORDER BY born DESC LIMIT ?`, s, workroom.KindMessage, from, before, limit+1)
	if err != nil {
		return nil, 0, fmt.Errorf("read a window: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var borns []int64
	for rows.Next() {
		var b int64
		if err := rows.Scan(&b); err != nil {
			return nil, 0, fmt.Errorf("read a window: %w", err)
		}
		borns = append(borns, b)
	}
	if err := rows.Err(); err != nil {
		return nil, 0, fmt.Errorf("read a window: %w", err)
	}
	floor := int64(0)
	switch {
	case len(borns) > limit && limit == 0:
		return []wire.Thing{}, before, nil
	case len(borns) > limit:
		floor = borns[limit-1]
	}
	things, err := tx.things(ctx, "scope = ? AND kind IN (?) AND NOT gone AND born >= ? AND born < ? ORDER BY born, kind, id",
		s, bun.List(dated), max(from, floor), before)
	return things, floor, err
}

// ErrBehind says that this database has not yet reached the number the caller has seen.
var ErrBehind = errors.New("not as far as the caller")

// Pull reads what changed after a cursor, in order of seq, never cutting inside one seq. The new cursor is the last complete seq, or, if all
// is read, the head of this very moment. ok is false without access.
func (tx Tx) Pull(ctx context.Context, who workroom.AccountID, epoch string, in wire.Pull) (*wire.Page, bool, error) {
	a, ok, err := tx.Access(ctx, who, in.Scope.Root())
	if err != nil || !ok {
		return nil, false, err
	}
	h, err := tx.headOf(ctx, in.Scope)
	if err != nil || h == nil {
		return nil, false, err
	}
	if in.Epoch != epoch {
		return &wire.Page{Reset: wire.ResetEpoch, Things: []wire.Thing{}}, true, nil
	}
	if known, err := tx.recorded(ctx, who, in.Acked); err != nil {
		return nil, false, err
	} else if !known {
		return &wire.Page{Reset: wire.ResetFork, Things: []wire.Thing{}}, true, nil
	}
	why, err := tx.reset(ctx, h, in)
	if err != nil {
		return nil, false, err
	}
	switch {
	case why == wire.ResetFork && in.Tag != "": // said before all else: it is not this scope alone that has another history
	case in.Gen != a.Gen:
		return &wire.Page{Reset: wire.ResetGen, Things: []wire.Thing{}}, true, nil
	}
	if why != "" {
		return &wire.Page{Reset: why, Things: []wire.Thing{}}, true, nil
	}
	limit := in.Limit
	if limit <= 0 || limit > PageLimit {
		limit = PageLimit
	}
	const visible = " AND NOT (kind IN (?) AND born < ?)"
	things, err := tx.things(ctx, "scope = ? AND seq > ?"+visible+" ORDER BY seq, kind, id LIMIT ?", in.Scope, in.After, bun.List(dated), a.FromBorn, limit+1)
	if err != nil {
		return nil, false, err
	}
	p := &wire.Page{Things: things, Seq: h.Seq, Msgs: h.Msgs}
	if len(things) > limit {
		if long, err := tx.tooLong(ctx, in.Scope, in.After); err != nil {
			return nil, false, err
		} else if long {
			return &wire.Page{Reset: wire.ResetTooLong, Things: []wire.Thing{}}, true, nil
		}
		cut := things[limit].Seq
		if n := slices.IndexFunc(things, func(t wire.Thing) bool { return t.Seq == cut }); n > 0 {
			p.Things, p.Seq = things[:n], things[n-1].Seq
		} else { // One command wrote more than a page: its rows go together.
			p.Seq = cut
			if p.Things, err = tx.things(ctx, "scope = ? AND seq = ?"+visible+" ORDER BY kind, id", in.Scope, cut, bun.List(dated), a.FromBorn); err != nil {
				return nil, false, err
			}
		}
		p.More = p.Seq < h.Seq
	}
	if p.Tag, err = tx.tagAt(ctx, h, p.Seq); err != nil {
		return nil, false, err
	}
	if !p.More {
		p.Digest, err = tx.whole(ctx, h, a)
	}
	return p, err == nil, err
}

// Range reads a window of history. ok is false without access.
func (tx Tx) Range(ctx context.Context, who workroom.AccountID, in wire.Range) (*wire.RangeOut, bool, error) {
	a, ok, err := tx.Access(ctx, who, in.Scope.Root())
	if err != nil || !ok {
		return nil, false, err
	}
	h, err := tx.headOf(ctx, in.Scope)
	if err != nil || h == nil {
		return nil, false, err
	}
	if h.Seq < in.Min {
		return nil, false, ErrBehind
	}
	limit := in.Limit
	if limit <= 0 {
		limit = TailLimit
	}
	limit = min(limit, RangeLimit)
	out := &wire.RangeOut{AsOf: h.Seq, Hi: in.Before - 1}
	before := in.Before
	if in.Around != "" {
		if before, out.Hi, ok, err = tx.around(ctx, in.Scope, a.FromBorn, in.Around, limit, h.Seq); err != nil || !ok {
			return nil, false, err
		}
	} else if before <= 0 || before > h.Seq {
		before, out.Hi = h.Seq+1, h.Seq
	}
	out.Things, out.Lo, err = tx.window(ctx, in.Scope, a.FromBorn, before, limit)
	out.More = out.Lo > 0
	return out, true, err
}

// around finds where a window with the message in its middle ends: the born after its last message, and the last born it covers.
func (tx Tx) around(ctx context.Context, s workroom.Scope, from int64, id string, limit int, seq int64) (before, hi int64, ok bool, err error) {
	var born int64
	err = tx.QueryRowContext(ctx, "SELECT born FROM thing WHERE scope = ? AND kind = ? AND id = ? AND NOT gone AND born >= ?", s, workroom.KindMessage, id, from).
		Scan(&born)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, 0, false, nil
	}
	if err != nil {
		return 0, 0, false, fmt.Errorf("read around a message: %w", err)
	}
	err = tx.QueryRowContext(ctx, `SELECT born FROM thing WHERE scope = ? AND kind = ? AND NOT gone AND born > ? ORDER BY born LIMIT 1 OFFSET ?`,
		s, workroom.KindMessage, born, limit/2).Scan(&before)
	if errors.Is(err, sql.ErrNoRows) { // the newest are within the window
		return seq + 1, seq, true, nil
	}
	if err != nil {
		return 0, 0, false, fmt.Errorf("read around a message: %w", err)
	}
	return before, before - 1, true, nil
}

// Things reads single living things of one kind. ok is false without access.
func (tx Tx) Things(ctx context.Context, who workroom.AccountID, in wire.ThingsOf) ([]wire.Thing, bool, error) {
	a, ok, err := tx.Access(ctx, who, in.Scope.Root())
	if err != nil || !ok || len(in.IDs) == 0 {
		return []wire.Thing{}, ok, err
	}
	out, err := tx.things(ctx, "scope = ? AND kind = ? AND id IN (?) AND NOT gone AND NOT (kind IN (?) AND born < ?) ORDER BY born, id",
		in.Scope, in.Kind, bun.List(in.IDs), bun.List(dated), a.FromBorn)
	return out, true, err
}
