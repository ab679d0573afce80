package replica

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// What was deleted leaves the disk while the program runs on (M-27). In the file itself SQLite overwrites it, secure_delete being on in all
// ways in and in the index; but the pages of before stand in the log of writes until that is moved into the file, the words among the commands
// kept for a restore, and the row in the backups and the copies that were set aside. The transaction that deletes takes the words from the commands
// and notes the rest, and the chores do that soon after.

// wipeEvery is how often, at most, the log is moved because of a deletion. It holds up a writer for the time of writing at most the 4 MB that
// SQLite lets the log grow to.
const wipeEvery = 2 * time.Second

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
	return t.scrubs(x.Scope, string(x.Kind), x.ID)
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

// wipe moves the log of writes into the file if something was deleted, and takes it out of the other files. It answers when to come again, 0 if
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
	if busy || err != nil {
		return wipeEvery
	}
	if err := r.scrub(ctx); err != nil && !errors.Is(err, errClosed) { // one of them is in use, or the disk is full
		r.o.Logf("take what was deleted out of backups: %v", err)
		r.mu.Lock()
		r.wiping.due = true
		r.mu.Unlock()
		return tendEvery
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
