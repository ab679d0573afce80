package replica

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migrate brings the file to this program's schema. A file of a newer program is left untouched and answers ErrNewer. A file with
// something in it is copied to backups/ first.
func migrate(ctx context.Context, path string, fail func(string) error) error {
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
		if _, err := backUp(ctx, db, path, fmt.Sprintf("%s-%d.db", BackupBefore, newest), fail); err != nil {
			return fmt.Errorf("before the schema changes: %w", err)
		}
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, steps)
	if err != nil {
		return fmt.Errorf("prepare migrations: %w", err)
	}
	for {
		if err := fail(PointMigrate); err != nil {
			return err
		}
		if _, err := p.UpByOne(ctx); errors.Is(err, goose.ErrNoNextVersion) {
			return nil
		} else if err != nil {
			return fmt.Errorf("bring the copy to schema %d: %w", newest, err)
		}
	}
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
