package replica

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Reasons of a backup, which begin its file's name.
const (
	BackupDaily  = "daily"   // by itself, once a day while the program runs
	BackupByHand = "by-hand" // asked for
	BackupBefore = "pre"     // before the schema changed
	BackupPart   = "part"    // as the others, but there was space only for what cannot be pulled again
)

// keepBackups is how many of each reason stay.
const keepBackups = 2

// Backup is one copy of the copy.
type Backup struct {
	Path   string
	At     time.Time
	Size   int64 // bytes
	Reason string
	Whole  bool // false: only what cannot be pulled again
}

// Backups lists the backups beside this copy, newest first.
func (r *Replica) Backups() []Backup { return backups(r.path) }

// BackupsOf lists the backups beside the copy at path, which need not be open, newest first.
func BackupsOf(path string) []Backup { return backups(path) }

func backups(path string) []Backup {
	dir := filepath.Join(filepath.Dir(path), "backups")
	list, err := os.ReadDir(dir)
	if err != nil {
		return nil // none was ever made
	}
	var out []Backup
	for _, e := range list {
		reason, _, ok := strings.Cut(strings.TrimSuffix(e.Name(), ".db"), "~")
		if before := strings.HasPrefix(e.Name(), BackupBefore+"-"); before {
			reason, ok = BackupBefore, true
		}
		info, err := e.Info()
		if !ok || err != nil || !strings.HasSuffix(e.Name(), ".db") {
			continue
		}
		out = append(out, Backup{Path: filepath.Join(dir, e.Name()), At: info.ModTime(), Size: info.Size(), Reason: reason, Whole: reason != BackupPart})
	}
	slices.SortFunc(out, func(a, b Backup) int { return cmp.Or(b.At.Compare(a.At), strings.Compare(b.Path, a.Path)) })
	return out
}

// BackUp copies the file as one moment of it, while it is in use, and answers the new backup's path. The two newest of each reason stay.
func (r *Replica) BackUp(ctx context.Context, reason string) (string, error) {
	db, err := sql.Open("sqlite3", dsn(r.path, "_busy_timeout=5000&_secure_delete=on"))
	if err != nil {
		return "", fmt.Errorf("back up: %w", err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	name := fmt.Sprintf("%s~%s.db", reason, r.o.Now().UTC().Format("20060102T150405.000000Z"))
	return backUp(ctx, db, r.path, name, r.o.Fail)
}

// irreplaceable are the tables the service cannot give back.
var irreplaceable = []string{"meta", "outbox", "sent", "draft", "file", "goose_db_version"}

// backUp makes the backup of that name: whole, or where the disk has no space for that, of the irreplaceable tables.
func backUp(ctx context.Context, db *sql.DB, path, name string, fail func(string) error) (string, error) {
	dir := filepath.Join(filepath.Dir(path), "backups")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("make backup folder: %w", err)
	}
	size := int64(0)
	for _, end := range []string{"", "-wal"} {
		if info, err := os.Stat(path + end); err == nil {
			size += info.Size()
		}
	}
	part := false
	if free, err := freeSpace(path); err == nil && free < size+reserve {
		part = true
		_, rest, _ := strings.Cut(name, "~")
		if rest == "" {
			rest = name
		}
		name = BackupPart + "~" + rest
	}
	to := filepath.Join(dir, name)
	tmp := to + ".tmp"
	if err := os.Remove(tmp); err != nil && !os.IsNotExist(err) {
		return "", fmt.Errorf("clear old backup: %w", err)
	}
	err := error(nil)
	if part {
		err = copyPart(ctx, db, tmp)
	} else if _, err = db.ExecContext(ctx, `VACUUM INTO ?`, tmp); err != nil {
		err = typed("back up", err)
	}
	if err == nil {
		err = fail(PointBackup)
	}
	if err == nil {
		err = syncFile(tmp)
	}
	if err == nil {
		err = os.Rename(tmp, to)
	}
	if err != nil {
		os.Remove(tmp)
		return "", typed("back up", err)
	}
	syncDir(dir)
	kept := map[string]int{}
	for _, b := range backups(path) {
		if kept[b.Reason]++; kept[b.Reason] > keepBackups {
			_ = removeStore(b.Path)
		}
	}
	return to, nil
}

// reserve is how much of the disk (bytes) a whole backup leaves free.
const reserve = 64 << 20

// copyPart writes the irreplaceable tables into a file of their own.
func copyPart(ctx context.Context, db *sql.DB, to string) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, `ATTACH ? AS part`, to); err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	defer conn.ExecContext(context.WithoutCancel(ctx), `DETACH part`)
	for _, table := range irreplaceable {
		var made string
		if err := conn.QueryRowContext(ctx, `SELECT sql FROM main.sqlite_master WHERE type='table' AND name=?`, table).Scan(&made); err != nil {
			return fmt.Errorf("back up %s: %w", table, err)
		}
		_, columns, ok := strings.Cut(made, "(")
		if !ok {
			return fmt.Errorf("back up %s: it has an unexpected form", table)
		}
		for _, q := range []string{`CREATE TABLE part.` + table + `(` + columns, `INSERT INTO part.` + table + ` SELECT * FROM main.` + table} {
			if _, err := conn.ExecContext(ctx, q); err != nil {
				return typed("back up "+table, err)
			}
		}
	}
	_, err = conn.ExecContext(ctx, `UPDATE part.sqlite_sequence SET seq=(SELECT seq FROM main.sqlite_sequence WHERE name='outbox') WHERE name='outbox'
		AND EXISTS (SELECT 1 FROM main.sqlite_sequence WHERE name='outbox')`)
	return typed("back up", err)
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	err = f.Sync()
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return err
}

// Restore opens the copy at path from a backup. The present files are set aside, never deleted, and everything unsent in them is taken
// along; what the service has is pulled again. Nobody may have the copy open.
func Restore(path, backup string, o Options) (*Replica, error) {
	o = o.complete()
	if err := checkFile(context.Background(), backup); err != nil {
		return nil, err
	}
	r, err := replaceCopy(path, o, Rescue{Cause: "a backup was chosen", Chosen: true}, func() (string, error) { return backup, nil })
	if err != nil {
		return nil, err
	}
	return r.started(), nil
}
