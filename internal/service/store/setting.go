package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// settingKey begins the keys of settings in the table of what a service knows of itself.
const settingKey = "setting."

// Setting reads what the service's administrator chose; empty if nothing was.
func (tx Tx) Setting(ctx context.Context, k string) (string, error) {
	var v string
	err := tx.QueryRowContext(ctx, "SELECT v FROM meta WHERE k = ?", settingKey+k).Scan(&v)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("read the setting %s: %w", k, err)
	}
	return v, nil
}

// SetSetting keeps what the administrator chose, for every node.
func (tx Tx) SetSetting(ctx context.Context, k, v string) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO meta (k, v) VALUES (?, ?) ON CONFLICT (k) DO UPDATE SET v = EXCLUDED.v", settingKey+k, v)
	if err != nil {
		return fmt.Errorf("write the setting %s: %w", k, err)
	}
	return nil
}
