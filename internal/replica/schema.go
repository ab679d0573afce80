package replica

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migrate brings the file to this program's schema. A file of a newer program is left untouched and answers ErrNewer. A file with
// something in it is copied to backups/ first.
func migrate(ctx context.Context, path string) error {
	steps, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	names, err := fs.Glob(steps, "*.sql")
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	newest, present := int64(len(names)), int64(0)
	if info, err := os.Stat(path); err == nil && info.Size() > 0 {
		if present, err = schemaOf(ctx, path); err != nil {
			return err
		}
		if present > newest {
			return ErrNewer
		}
		if present == newest {
			return nil
		}
	}
	db, err := sql.Open("sqlite3", dsn(path, writeQuery+"&_txlock=immediate"))
	if err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if present > 0 {
		if err := backup(ctx, db, filepath.Join(filepath.Dir(path), "backups", fmt.Sprintf("pre-%d.db", newest))); err != nil {
			return err
		}
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, steps)
	if err != nil {
		return fmt.Errorf("prepare migrations: %w", err)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("bring the copy to schema %d: %w", newest, err)
	}
	return nil
}

// schemaOf reads the file's schema number without writing to it.
func schemaOf(ctx context.Context, path string) (int64, error) {
	db, err := sql.Open("sqlite3", dsn(path, readQuery))
	if err != nil {
		return 0, fmt.Errorf("open %s: %w", path, err)
	}
	defer db.Close()
	var tables int
	if err := db.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_master WHERE name='goose_db_version'`).Scan(&tables); err != nil {
		return 0, fmt.Errorf("look at the schema: %w", err)
	}
	if tables == 0 {
		return 0, nil
	}
	var v int64
	if err := db.QueryRowContext(ctx, `SELECT COALESCE(MAX(version_id),0) FROM goose_db_version WHERE is_applied`).Scan(&v); err != nil {
		return 0, fmt.Errorf("look at the schema: %w", err)
	}
	return v, nil
}

// backup copies the file as one moment of it; an older backup of the same name is replaced only when the new one is complete.
func backup(ctx context.Context, db *sql.DB, to string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return fmt.Errorf("make backup folder: %w", err)
	}
	tmp := to + ".tmp"
	if err := os.Remove(tmp); err != nil && !os.IsNotExist(err) {
		return fmt.Errorf("clear old backup: %w", err)
	}
	if _, err := db.ExecContext(ctx, `VACUUM INTO ?`, tmp); err != nil {
		return fmt.Errorf("back up before migration: %w", err)
	}
	f, err := os.OpenFile(tmp, os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("back up before migration: %w", err)
	}
	err = f.Sync()
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(tmp, to)
	}
	if err != nil {
		return fmt.Errorf("back up before migration: %w", err)
	}
	return nil
}
