package store

import (
	"fmt"
	"slices"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// making are the commands that make a room, and with an offer its invitation.
var making = []workroom.Op{workroom.OpCreateRoom, workroom.OpCreateDirect, workroom.OpCreateContract}

// Makes reports whether a command of this op counts for Rooms.
func Makes(op workroom.Op) bool { return slices.Contains(making, op) }

// Unanswered reports whether the newest messages of a room, so many, were all last written by one account and since a moment. What this batch
// writes is not among them.
func (b *Batch) Unanswered(room workroom.Scope, by workroom.AccountID, many int, since time.Time) (bool, error) {
	var n int
	err := b.tx.QueryRowContext(b.ctx, `SELECT count(*) FROM (SELECT actor, at FROM thing WHERE scope = ? AND kind = ? ORDER BY born DESC LIMIT ?) newest
		WHERE actor = ? AND at > ?`, room, string(workroom.KindMessage), many, by, since.UnixMicro()).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("count unanswered messages: %w", err)
	}
	return n == many, nil
}

// Rooms is how many rooms and invitations an account has made since a moment, and when the oldest of them was made; those of this batch are
// among them.
func (b *Batch) Rooms(who workroom.AccountID, since time.Time) (n int, oldest time.Time, err error) {
	var at int64
	err = b.tx.QueryRowContext(b.ctx, `SELECT count(*), COALESCE(min(at), 0) FROM command
		WHERE account = ? AND at > ? AND op IN ('CreateRoom', 'CreateDirect', 'CreateContract') AND status = 'ok'`, who, since.UnixMicro()).Scan(&n, &at)
	if err != nil {
		return 0, oldest, fmt.Errorf("count new rooms: %w", err)
	}
	for _, r := range b.freshRecords {
		if r.Account == who && r.Status == wire.OK && Makes(r.Op) {
			n++
			if at == 0 {
				at = r.At
			}
		}
	}
	return n, time.UnixMicro(at), nil
}
