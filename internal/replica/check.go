package replica

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"

	"trestle/internal/outbox"
)

// suspectName, after the name of the copy, is a file that says a damaged page was met: the next start looks the whole copy through.
const suspectName = ".suspect"

// smallCopy is up to which size (bytes) a copy is looked through before it opens after an unclean end; a larger one is looked through
// beside the work, so that the start does not wait.
const smallCopy = 64 << 20

// suspect notes that a damaged page was met.
func (r *Replica) suspect(err error) {
	if !errors.Is(err, ErrDamaged) {
		return
	}
	if f, ferr := os.OpenFile(r.path+suspectName, os.O_WRONLY|os.O_CREATE, 0o600); ferr == nil {
		f.Close()
	}
}

// checkFile looks a database through, on a connection of its own.
func checkFile(ctx context.Context, path string) error {
	if _, err := os.Stat(path); err != nil { // the driver would make it
		return fmt.Errorf("look through %s: %w", path, err)
	}
	db, err := sql.Open("sqlite3", dsn(path, readQuery))
	if err != nil {
		return fmt.Errorf("look through %s: %w", path, err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	return quickCheck(db.QueryRowContext(ctx, `PRAGMA quick_check(1)`))
}

func quickCheck(row interface{ Scan(...any) error }) error {
	var said string
	if err := row.Scan(&said); err != nil {
		return typed("look the copy through", err)
	}
	if said != "ok" {
		return &Fault{Code: Damaged, Text: ErrDamaged.Text, Err: errors.New("quick_check: " + said)}
	}
	return nil
}

// lookThrough is what a start looks at: after an unclean end or a suspicion the whole file, always what cannot be pulled again.
func (r *Replica) lookThrough() error {
	_, statErr := os.Stat(r.path + suspectName)
	suspected := statErr == nil
	var unclean string
	if _, err := r.full.scan(`SELECT v FROM meta WHERE k='running'`, nil, &unclean); err != nil {
		return err
	}
	size := int64(0)
	if info, err := os.Stat(r.path); err == nil {
		size = info.Size()
	}
	if suspected || unclean != "" && size <= smallCopy {
		if err := quickCheck(r.full.conn.QueryRowContext(context.Background(), `PRAGMA quick_check(1)`)); err != nil {
			return err
		}
	}
	r.checkSoon = unclean != "" && size > smallCopy
	if suspected {
		if _, err := r.full.Exec(`INSERT INTO find(find) VALUES('integrity-check')`); err != nil { // the index alone is made anew
			if err := r.reindex(); err != nil {
				return err
			}
		}
		os.Remove(r.path + suspectName)
	}
	if _, err := outbox.ListFull(r.full); err != nil {
		return err
	}
	_, err := readDrafts(r.full, draftsQuery)
	return err
}
