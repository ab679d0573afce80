package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/uptrace/bun"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// tagged is the tag that a number of a scope was given with: two histories that both count to it have different ones.
type tagged struct {
	bun.BaseModel `bun:"table:tagged"`

	Scope workroom.Scope `bun:"scope,pk"`
	Seq   int64          `bun:"seq,pk"`
	Tag   string         `bun:"tag"`
	At    int64          `bun:"at"`
}

// MaxChanges is how many changed things a cursor may be behind before opening anew is cheaper.
const MaxChanges = 5000

// tagAt is the tag of a number; "" if it is not known any more, or never was.
func (tx Tx) tagAt(ctx context.Context, h *head, seq int64) (string, error) {
	if seq == h.Seq {
		return h.Tag, nil
	}
	var tag string
	err := tx.QueryRowContext(ctx, "SELECT tag FROM tagged WHERE scope = ? AND seq = ?", h.Scope, seq).Scan(&tag)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("read a tag: %w", err)
	}
	return tag, nil
}

// reset says why a pull cannot go on from a cursor, or "". A cursor is believed if the number is one this history gave, with its tag. Numbers
// from before tags were kept are believed as they are; one whose tag was pruned cannot be, so its scope is opened anew.
func (tx Tx) reset(ctx context.Context, h *head, in wire.Pull) (wire.Reset, error) {
	switch {
	case in.After < 0, in.After > h.Seq:
		return wire.ResetFork, nil
	case in.After < h.Floor:
		return wire.ResetPurged, nil
	case in.After == 0:
		return "", nil
	}
	tag, err := tx.tagAt(ctx, h, in.After)
	switch {
	case err != nil:
		return "", err
	case tag != "" && tag != in.Tag:
		return wire.ResetFork, nil
	case tag == "" && in.After > h.Untagged:
		return wire.ResetTooLong, nil
	}
	return "", nil
}

// tooLong reports whether more changed after a cursor than is worth pulling.
func (tx Tx) tooLong(ctx context.Context, s workroom.Scope, after int64) (bool, error) {
	var n int
	err := tx.QueryRowContext(ctx, "SELECT count(*) FROM (SELECT 1 FROM thing WHERE scope = ? AND seq > ? LIMIT ?) AS x", s, after, MaxChanges+1).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("count changes: %w", err)
	}
	return n > MaxChanges, nil
}
