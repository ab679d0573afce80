package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"trestle/internal/workroom"
)

// MaxDevices is how many devices an account may have ever had.
const MaxDevices = 500

// ErrDevices says that an account has too many devices.
var ErrDevices = errors.New("too many devices")

// Incarnation reads which copy of a profile sends under a device's id; "" if none told yet.
func (tx Tx) Incarnation(ctx context.Context, who workroom.AccountID, device string) (string, error) {
	var is string
	err := tx.QueryRowContext(ctx, "SELECT incarnation FROM device WHERE account = ? AND id = ?", who, device).Scan(&is)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("read device: %w", err)
	}
	return is, nil
}

// SetIncarnation notes the first copy that sends under a device's id, and answers which one it is. A device that is not known yet is made.
func (tx Tx) SetIncarnation(ctx context.Context, who workroom.AccountID, device, inc string, at int64) (string, error) {
	var n int
	err := tx.QueryRowContext(ctx, "SELECT count(*) FROM device WHERE account = ? AND id <> ?", who, device).Scan(&n)
	if err != nil {
		return "", fmt.Errorf("count devices: %w", err)
	}
	if n >= MaxDevices {
		return "", ErrDevices
	}
	var is string
	err = tx.QueryRowContext(ctx, `INSERT INTO device (id, account, name, incarnation, pruned_n, seen) VALUES (?, ?, '', ?, 0, ?)
		ON CONFLICT (account, id) DO UPDATE SET incarnation = CASE WHEN device.incarnation = '' THEN EXCLUDED.incarnation ELSE device.incarnation END
		RETURNING incarnation`, device, who, inc, at).Scan(&is)
	if err != nil {
		return "", fmt.Errorf("write device: %w", err)
	}
	return is, nil
}

// Pruned is the highest number of a device's commands whose record is no longer kept (sync.md §9).
func (b *Batch) Pruned(who workroom.AccountID, device string) (int64, error) {
	k := Asking{who, device}
	if n, ok := b.pruned[k]; ok {
		return n, nil
	}
	var n int64
	err := b.tx.QueryRowContext(b.ctx, "SELECT pruned_n FROM device WHERE account = ? AND id = ?", who, device).Scan(&n)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("read device: %w", err)
	}
	b.pruned[k] = n
	return n, nil
}
