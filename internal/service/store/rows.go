package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/uptrace/bun"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// head is a scope's row.
type head struct {
	bun.BaseModel `bun:"table:head"`

	Scope  workroom.Scope `bun:"scope,pk"`
	Root   workroom.Scope `bun:"root"`
	Space  string         `bun:"space"`
	Seq    int64          `bun:"seq"`
	Tag    string         `bun:"tag"`
	Floor  int64          `bun:"floor"`
	Msgs   int64          `bun:"msgs"`
	Digest int64          `bun:"digest"`

	Untagged int64 `bun:"untagged"` // numbers up to this one are older than table tagged
}

const headColumns = "scope, root, space, seq, tag, floor, msgs, digest, untagged"

func (h *head) fields() []any {
	return []any{&h.Scope, &h.Root, &h.Space, &h.Seq, &h.Tag, &h.Floor, &h.Msgs, &h.Digest, &h.Untagged}
}

// thing is a thing's latest state, which is also the index of what changed.
type thing struct {
	bun.BaseModel `bun:"table:thing"`

	Scope workroom.Scope     `bun:"scope,pk"`
	Kind  workroom.Kind      `bun:"kind,pk"`
	ID    string             `bun:"id,pk"`
	Seq   int64              `bun:"seq"`
	Born  int64              `bun:"born"`
	Rev   int64              `bun:"rev"`
	Num   int64              `bun:"mn"`
	Gone  bool               `bun:"gone"`
	Actor workroom.AccountID `bun:"actor"`
	At    int64              `bun:"at"`
	Body  string             `bun:"body"`
}

const thingColumns = "scope, kind, id, seq, born, rev, mn, gone, actor, at, body"

func (t *thing) fields() []any {
	return []any{&t.Scope, &t.Kind, &t.ID, &t.Seq, &t.Born, &t.Rev, &t.Num, &t.Gone, &t.Actor, &t.At, &t.Body}
}

func (t *thing) ref() workroom.Ref { return workroom.Ref{Scope: t.Scope, Kind: t.Kind, ID: t.ID} }

func (t *thing) wire() wire.Thing {
	w := wire.Thing{
		Scope: t.Scope, Kind: t.Kind, ID: t.ID, Seq: t.Seq, Born: t.Born, Rev: t.Rev, Num: t.Num, Gone: t.Gone, By: t.Actor, At: t.At,
	}
	if t.Body != "" {
		w.Body = json.RawMessage(t.Body)
	}
	return w
}

// Access is an account's right to read a root scope.
type Access struct {
	bun.BaseModel `bun:"table:access"`

	Account  workroom.AccountID `bun:"account,pk"`
	Root     workroom.Scope     `bun:"root,pk"`
	Gen      int64              `bun:"gen"`
	Role     workroom.Role      `bun:"role"`
	FromBorn int64              `bun:"from_born"`
	Gone     bool               `bun:"gone"`
}

// invitation says which scope an invitation stands in.
type invitation struct {
	bun.BaseModel `bun:"table:invitation"`

	ID    string         `bun:"id,pk"`
	Scope workroom.Scope `bun:"scope"`
}

// Access reads a right; false if there is none now.
func (tx Tx) Access(ctx context.Context, who workroom.AccountID, root workroom.Scope) (Access, bool, error) {
	a := Access{Account: who, Root: root}
	err := tx.QueryRowContext(ctx, "SELECT gen, role, from_born, gone FROM access WHERE account = ? AND root = ?", who, root).
		Scan(&a.Gen, &a.Role, &a.FromBorn, &a.Gone)
	if errors.Is(err, sql.ErrNoRows) {
		return a, false, nil
	}
	if err != nil {
		return a, false, fmt.Errorf("read access: %w", err)
	}
	return a, !a.Gone, nil
}

func (tx Tx) head(ctx context.Context, s workroom.Scope) (*head, error) {
	h := &head{}
	err := tx.QueryRowContext(ctx, "SELECT "+headColumns+" FROM head WHERE scope = ?", s).Scan(h.fields()...)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read head: %w", err)
	}
	return h, nil
}

// headOf is the head of a scope for who may read it; nil if there is none. Receipts are there as soon as their room is: before the first of
// them their scope is empty, not absent.
func (tx Tx) headOf(ctx context.Context, s workroom.Scope) (*head, error) {
	h, err := tx.head(ctx, s)
	if err != nil || h != nil || s.Kind() != "rc" {
		return h, err
	}
	root, err := tx.head(ctx, s.Root())
	if err != nil || root == nil {
		return nil, err
	}
	return &head{Scope: s, Root: s.Root(), Space: root.Space}, nil
}

// things reads rows with a condition; the columns are those of the table.
func (tx Tx) things(ctx context.Context, where string, args ...any) ([]wire.Thing, error) {
	rows, err := tx.QueryContext(ctx, "SELECT "+thingColumns+" FROM thing WHERE "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read things: %w", err)
	}
	defer func() { _ = rows.Close() }()
	out := []wire.Thing{}
	for rows.Next() {
		var t thing
		if err := rows.Scan(t.fields()...); err != nil {
			return nil, fmt.Errorf("read things: %w", err)
		}
		out = append(out, t.wire())
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read things: %w", err)
	}
	return out, nil
}

// flat is a scope as a name that is safe in paths and addresses.
func flat(s workroom.Scope) string { return strings.ReplaceAll(string(s), ":", "-") }
