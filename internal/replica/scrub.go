package replica

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"trestle/internal/outbox"
	"trestle/internal/workroom"
)

// What was deleted leaves the other files, too, that the program itself keeps of a copy (M-27, T-08, W-27): the backups, and the copies that were
// set aside for one of them or because they were damaged. A note in meta says what is to go, until it is gone from all of them. What a person
// exported or copied is theirs.

// scrubKey begins the names of the notes, "scope kind id"; every as kind and id means all of the scope. Beside the service's scopes there are the
// two of a person's own: a command of the outbox, and the draft of a room.
const (
	scrubKey = "scrub "
	every    = "*"
	command  = "command" // kind, in OutboxScope
	draft    = "draft"   // kind, in DraftScope; the id is the room's
)

// scrubbed is one thing, or with all a whole scope, that is to leave the other files, and what the service left of it.
type scrubbed struct {
	scope     workroom.Scope
	kind, id  string
	all, gone bool
	body      sql.NullString
}

func (x *scrubbed) key() string { return scrubKey + string(x.scope) + " " + x.kind + " " + x.id }

// scrubs notes that something is to leave the other files.
func (t *tx) scrubs(scope workroom.Scope, kind, id string) error {
	t.deletes()
	return t.setMeta((&scrubbed{scope: scope, kind: kind, id: id}).key(), "1")
}

// scrubbing is what is to leave the other files, and what this copy has instead: drafts and commands in them become what they are here.
type scrubbing struct {
	things  []scrubbed
	drafts  map[workroom.RoomID]Draft
	waiting map[string][]byte // arguments of the commands that wait here
}

// store is one of the other files.
type store struct {
	path  string
	whole bool // false: only what cannot be pulled again
	aside bool // a copy that was set aside, else a backup
}

// stores lists the other files of the copy at a path.
func stores(path string) (out []store) {
	for _, b := range backups(path) {
		out = append(out, store{b.Path, b.Whole, false})
	}
	list, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "damaged", "*", filepath.Base(path)))
	for _, p := range list {
		out = append(out, store{p, true, true})
	}
	return out
}

// scrub takes what was deleted since out of the other files.
func (r *Replica) scrub(ctx context.Context) error {
	var s scrubbing
	if err := r.read(ctx, func(l *link) (err error) {
		s, err = toScrub(l)
		return err
	}); err != nil || len(s.things) == 0 {
		return err
	}
	var failed error
	for _, f := range stores(r.path) {
		if err := s.outOf(ctx, f); err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %w", filepath.Base(filepath.Dir(f.path)), err))
		}
	}
	if failed != nil {
		return failed
	}
	return r.write(ctx, false, func(t *tx) error {
		for _, x := range s.things {
			if _, err := t.Exec(`DELETE FROM meta WHERE k=?`, x.key()); err != nil {
				return fmt.Errorf("note what was scrubbed: %w", err)
			}
		}
		return nil
	})
}

// toScrub reads what is to leave the other files.
func toScrub(l *link) (s scrubbing, err error) {
	rows, err := l.Query(`SELECT k FROM meta WHERE k>=? AND k<?`, scrubKey, scrubKey+"~")
	if err != nil {
		return s, fmt.Errorf("read what is to be scrubbed: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var k string
		if err := rows.Scan(&k); err != nil {
			return s, fmt.Errorf("read what is to be scrubbed: %w", err)
		}
		if at := strings.SplitN(strings.TrimPrefix(k, scrubKey), " ", 3); len(at) == 3 {
			s.things = append(s.things, scrubbed{scope: workroom.Scope(at[0]), kind: at[1], id: at[2], all: at[2] == every, gone: true})
		}
	}
	if err := rows.Err(); err != nil || len(s.things) == 0 {
		return s, err
	}
	for i := range s.things {
		x := &s.things[i]
		if _, err := l.scan(`SELECT gone,body FROM base WHERE sc=(SELECT sc FROM scope WHERE name=?) AND kind=? AND id=?`,
			[]any{string(x.scope), x.kind, x.id}, &x.gone, &x.body); err != nil {
			return s, fmt.Errorf("read what is to be scrubbed: %w", err)
		}
	}
	s.drafts, s.waiting = map[workroom.RoomID]Draft{}, map[string][]byte{}
	drafts, err := readDrafts(l, draftsQuery)
	if err != nil {
		return s, err
	}
	for _, d := range drafts {
		s.drafts[d.Room] = d
	}
	list, err := outbox.ListFull(l)
	if err != nil {
		return s, err
	}
	for _, row := range list {
		s.waiting[row.ID] = row.Args
	}
	return s, nil
}

// outOf takes it out of one of the other files. A backup that is damaged is of no use to anybody and goes as a whole.
func (s *scrubbing) outOf(ctx context.Context, f store) error {
	if f.aside && !sound(ctx, f.path) {
		return markSpoilt(f.path)
	}
	err := s.inTransaction(ctx, f)
	if err != nil && !f.aside && errors.Is(checkFile(ctx, f.path), ErrDamaged) {
		return removeStore(f.path)
	}
	return err
}

func (s *scrubbing) inTransaction(ctx context.Context, f store) error {
	db, err := sql.Open("sqlite3", dsn(f.path, "_journal_mode=DELETE&_busy_timeout=5000&_secure_delete=on&_txlock=immediate"))
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	t, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = t.Rollback() }()
	w := wiper{Tx: t, ctx: ctx, s: s, has: map[string]bool{}}
	rows, err := t.QueryContext(ctx, `SELECT m.name||'.'||p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type='table'`)
	if err != nil {
		return err
	}
	for rows.Next() {
		var column string
		if err := rows.Scan(&column); err != nil {
			rows.Close()
			return err
		}
		w.has[column] = true
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	if err := w.run(f.whole); err != nil {
		return err
	}
	return t.Commit()
}

// asideKept is how long a copy that was set aside and cannot be read as a whole stays once something was deleted that may stand in it: as long
// as commands are kept to heal a restore. What could be read of it was taken in when it was set aside.
const asideKept = keepSent

// Files beside a copy that was set aside: whether it can be read as a whole was looked at once, and something was deleted since that could not be
// taken out of it.
const (
	soundName  = ".sound"
	spoiltName = ".spoilt"
)

// sound reports whether a copy that was set aside is whole, so that what is taken out of it is out of it.
func sound(ctx context.Context, path string) bool {
	if _, err := os.Stat(path + soundName); err == nil {
		return true
	}
	if _, err := os.Stat(path + spoiltName); err == nil || checkFile(ctx, path) != nil {
		return false
	}
	return os.WriteFile(path+soundName, nil, 0o600) == nil
}

func markSpoilt(path string) error {
	f, err := os.OpenFile(path+spoiltName, os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// dropSpoilt removes what of the copies set aside is damaged, may hold what was deleted, and is old.
func dropSpoilt(path string, now time.Time) error {
	var failed error
	for _, f := range stores(path) {
		if _, err := os.Stat(f.path + spoiltName); !f.aside || err != nil {
			continue
		}
		at, err := time.Parse("20060102T150405Z", filepath.Base(filepath.Dir(f.path))[:min(16, len(filepath.Base(filepath.Dir(f.path))))])
		if err != nil || now.Sub(at) >= asideKept {
			failed = errors.Join(failed, removeStore(f.path), os.Remove(f.path+spoiltName))
			_ = os.Remove(filepath.Join(filepath.Dir(f.path), unsentName)) // the damaged one that lay beside it
			_ = os.Remove(filepath.Dir(f.path))                            // if nothing else lies there
		}
	}
	return failed
}

// removeStore removes a database with what SQLite keeps beside it.
func removeStore(path string) error {
	var failed error
	for _, end := range []string{"", "-wal", "-shm", "-journal"} {
		if err := os.Remove(path + end); err != nil && !errors.Is(err, os.ErrNotExist) {
			failed = errors.Join(failed, err)
		}
	}
	return failed
}

// removeSalvage removes the folder of a salvage with the copy in it, file by file: Wine 8 does not know what os.RemoveAll does it by.
func removeSalvage(dir string) {
	_ = removeStore(filepath.Join(dir, "copy.db"))
	_ = os.Remove(filepath.Join(dir, "copy.db.tmp"))
	_ = os.Remove(dir)
}

// sweepHalves removes what a program that ended half-way left of copies of the copy: they hold all that it held then.
func sweepHalves(path string, now time.Time) {
	dir := filepath.Dir(path)
	halves, _ := filepath.Glob(filepath.Join(dir, "backups", "*.tmp"))
	journals, _ := filepath.Glob(filepath.Join(dir, "backups", "*.tmp-journal"))
	for _, p := range slices.Concat(halves, journals, []string{path + ".tmp", path + ".tmp-journal", filepath.Join(dir, unsentName+".tmp")}) {
		_ = os.Remove(p)
	}
	own, _ := filepath.Glob(filepath.Join(dir, "salvage-*"))
	asides, _ := filepath.Glob(filepath.Join(dir, "damaged", "*", "salvage-*"))
	for _, p := range slices.Concat(own, asides) { // another process may be reading one: only old ones
		if info, err := os.Stat(p); err == nil && now.Sub(info.ModTime()) > time.Hour {
			removeSalvage(p)
		}
	}
}
