package replica

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// What was deleted leaves the disk while the program runs on (M-27). In the file itself SQLite overwrites it, secure_delete being on in all
// ways in and in the index; but the pages of before stand in the log of writes until that is moved into the file, the words among the commands
// kept for a restore, and the row in the backups. The transaction that deletes takes the words from the commands and notes the rest, and the
// chores do that soon after.

// wipeEvery is how often, at most, the log is moved because of a deletion. It holds up a writer for the time of writing at most the 4 MB that
// SQLite lets the log grow to.
const wipeEvery = 2 * time.Second

// scrubKey begins the names of notes in meta: what is to be taken out of the backups, as "scope kind id"; every as kind and id means all of the
// scope.
const (
	scrubKey = "scrub "
	every    = "*"
)

// wiping is what was not wiped yet.
type wiping struct {
	due  bool      // something was deleted since the log was moved
	last time.Time // when that was tried
}

// deletes notes that this transaction takes something away that is to leave the disk.
func (t *tx) deletes() { t.wipes = true }

// took notes of a thing taken over from the service that its words are gone, if they are: it is a tombstone, or a message somebody deleted.
func (t *tx) took(x *wire.Thing, here bool) error {
	if !here || !x.Gone && !deletedMessage(x) {
		return nil
	}
	t.deletes()
	if x.Kind != workroom.KindMessage && x.Kind != workroom.KindFile {
		return nil
	}
	t.deleted = append(t.deleted, x.ID)
	return t.setMeta(scrubKey+string(x.Scope)+" "+string(x.Kind)+" "+x.ID, "1")
}

// deletedMessage reports whether a thing is a message that its author or an administrator took away; its row stays.
func deletedMessage(x *wire.Thing) bool {
	if x.Kind != workroom.KindMessage || !bytes.Contains(x.Body, []byte(`"deleted"`)) {
		return false
	}
	thing, err := workroom.Decode(x.Kind, x.Body)
	m, ok := thing.(*workroom.Message)
	return err == nil && ok && m.Deleted != 0
}

// dropDeleted forgets the commands that made what was deleted, and those that edited it: they lie here only to be offered again.
func (t *tx) dropDeleted() error {
	if len(t.deleted) == 0 {
		return nil
	}
	list, err := json.Marshal(t.deleted)
	if err != nil {
		return fmt.Errorf("forget deleted words: %w", err)
	}
	if _, err := t.Exec(dropSent, string(list)); err != nil {
		return fmt.Errorf("forget deleted words: %w", err)
	}
	return nil
}

// dropSent takes the words of messages, a list of ids, out of the commands that were acked.
const dropSent = `DELETE FROM sent WHERE op='SendMessage' AND id IN (SELECT value FROM json_each(?1))
	OR op='EditMessage' AND json_extract(args,'$.message') IN (SELECT value FROM json_each(?1))`

// wipe moves the log of writes into the file if something was deleted, and takes it out of the backups. It answers when to come again, 0 if
// nothing is left to do.
func (r *Replica) wipe(ctx context.Context) time.Duration {
	r.mu.Lock()
	now := r.o.Now()
	wait := wipeEvery - now.Sub(r.wiping.last)
	switch {
	case !r.wiping.due || r.full == nil:
		r.mu.Unlock()
		return 0
	case wait > 0 && wait <= wipeEvery:
		r.mu.Unlock()
		return wait
	}
	r.wiping.last = now
	busy, err := r.moveLog()
	r.wiping.due = busy || err != nil
	r.mu.Unlock()
	if err != nil {
		r.o.Logf("move the log of writes: %v", err)
	}
	if err := r.scrubBackups(ctx); err != nil && !errors.Is(err, errClosed) {
		r.o.Logf("take what was deleted out of the backups: %v", err)
	}
	if busy || err != nil {
		return wipeEvery
	}
	return 0
}

// moveLog moves the log of writes into the file and empties it, unless somebody reads an older moment of it for longer than an instant. It is
// called with mu held.
func (r *Replica) moveLog() (busy bool, err error) {
	if _, err := r.pull.conn.ExecContext(context.Background(), `PRAGMA busy_timeout=100`); err != nil {
		return false, err
	}
	var no, log, moved int
	_, err = r.pull.scan(`PRAGMA wal_checkpoint(TRUNCATE)`, nil, &no, &log, &moved)
	_, back := r.pull.conn.ExecContext(context.Background(), `PRAGMA busy_timeout=5000`)
	return no != 0, errors.Join(err, back)
}

// scrubbed is one thing, or with all a whole scope, that is to leave the backups, and what the service left of it.
type scrubbed struct {
	scope, kind, id string
	all, gone       bool
	body            sql.NullString
}

// scrubBackups takes what was deleted since out of the backups that stand beside the copy.
func (r *Replica) scrubBackups(ctx context.Context) error {
	var list []scrubbed
	if err := r.read(ctx, func(l *link) (err error) {
		list, err = toScrub(l)
		return err
	}); err != nil || len(list) == 0 {
		return err
	}
	for _, b := range r.Backups() {
		if err := scrub(ctx, b, list); err != nil {
			return fmt.Errorf("%s: %w", b.Reason, err)
		}
	}
	return r.write(ctx, false, func(t *tx) error {
		for _, x := range list {
			if _, err := t.Exec(`DELETE FROM meta WHERE k=?`, scrubKey+x.scope+" "+x.kind+" "+x.id); err != nil {
				return fmt.Errorf("note what was scrubbed: %w", err)
			}
		}
		return nil
	})
}

// toScrub lists what is to leave the backups.
func toScrub(l *link) (out []scrubbed, err error) {
	rows, err := l.Query(`SELECT k FROM meta WHERE k>=? AND k<?`, scrubKey, scrubKey+"~")
	if err != nil {
		return nil, fmt.Errorf("read what is to be scrubbed: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var k string
		if err := rows.Scan(&k); err != nil {
			return nil, fmt.Errorf("read what is to be scrubbed: %w", err)
		}
		if at := strings.Fields(strings.TrimPrefix(k, scrubKey)); len(at) == 3 {
			out = append(out, scrubbed{scope: at[0], kind: at[1], id: at[2], all: at[2] == every, gone: true})
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read what is to be scrubbed: %w", err)
	}
	for i := range out {
		x := &out[i]
		if _, err := l.scan(`SELECT gone,body FROM base WHERE sc=(SELECT sc FROM scope WHERE name=?) AND kind=? AND id=?`,
			[]any{x.scope, x.kind, x.id}, &x.gone, &x.body); err != nil {
			return nil, fmt.Errorf("read what is to be scrubbed: %w", err)
		}
	}
	return out, nil
}

// scrub takes things out of one backup. A row says what the service left of it; a scope that was taken away is as if it had never been read.
func scrub(ctx context.Context, b Backup, list []scrubbed) error {
	db, err := sql.Open("sqlite3", dsn(b.Path, "_journal_mode=DELETE&_busy_timeout=5000&_secure_delete=on&_txlock=immediate"))
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
	for _, x := range list {
		for _, q := range x.statements(b) {
			if _, err := t.ExecContext(ctx, q, x.scope, x.kind, x.id, x.gone, x.body); err != nil {
				return err
			}
		}
	}
	return t.Commit()
}

// statements take one thing out of a backup: ?1 is its scope, ?2 its kind, ?3 its id, ?4 and ?5 what is left of it.
func (x scrubbed) statements(b Backup) []string {
	const of = `sc=(SELECT sc FROM scope WHERE name=?1)`
	switch {
	case x.all && b.Whole:
		return []string{
			`DELETE FROM find WHERE rowid IN (SELECT found FROM base WHERE found<>0 AND ` + of + `)`,
			`DELETE FROM base WHERE ` + of, `DELETE FROM effect WHERE ` + of, `DELETE FROM span WHERE ` + of, `DELETE FROM ahead WHERE ` + of,
			`UPDATE scope SET gen=0,seq=0,tag='',msgs=0,state='' WHERE name=?1`,
			`DELETE FROM sent WHERE lane=?1`, `DELETE FROM outbox WHERE lane=?1`, `DELETE FROM draft WHERE room=substr(?1,3)`, `DELETE FROM file WHERE scope=?1`, dropShots,
		}
	case x.all:
		return []string{`DELETE FROM sent WHERE lane=?1`, `DELETE FROM outbox WHERE lane=?1`, `DELETE FROM draft WHERE room=substr(?1,3)`, `DELETE FROM file WHERE scope=?1`, dropShots}
	}
	words := []string{
		`DELETE FROM sent WHERE op='SendMessage' AND id=?3 OR op='EditMessage' AND json_extract(args,'$.message')=?3`,
		`DELETE FROM outbox WHERE op='SendMessage' AND id=?3 OR op='EditMessage' AND json_extract(args,'$.message')=?3`,
	}
	if !b.Whole {
		return words
	}
	return append(words,
		`DELETE FROM find WHERE rowid IN (SELECT found FROM base WHERE found<>0 AND `+of+` AND kind=?2 AND id=?3)`,
		`UPDATE base SET gone=?4,body=?5,found=0,look=1 WHERE `+of+` AND kind=?2 AND id=?3`,
		`DELETE FROM effect WHERE `+of+` AND kind=?2 AND id=?3`)
}
