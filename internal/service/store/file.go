package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// File is an upload: its parts by their SHA-256, and whose it is.
type File struct {
	ID       workroom.FileID
	Owner    workroom.AccountID
	Scope    workroom.Scope
	Root     workroom.Scope
	Space    string
	Name     string
	Size     int64
	Type     string   // a media type: as announced, and once it is complete, as its first bytes say
	Parts    []string // hex SHA-256 each
	Complete bool
	Named    int64 // born number of the first command that named it; 0 = none did, so only the owner may read it; below 0 = Swept
	At       int64
	Contact  bool // a text file that holds contact details
}

// Swept reports whether the bytes were given up because no command named the file for long; the row says so to one that comes late.
func (f *File) Swept() bool { return f.Named < 0 }

// Deleted reports whether somebody deleted the file: it lists no parts any more, and the row says so to whoever asks.
func (f *File) Deleted() bool { return f.Named > 0 && !f.Complete }

// File finds an account's own upload. An id is its owner's: others may have uploads under the same one.
func (tx Tx) File(ctx context.Context, owner workroom.AccountID, id workroom.FileID) (*File, bool, error) {
	list, err := tx.files(ctx, "owner = ? AND id = ?", owner, id)
	if err != nil || len(list) == 0 {
		return nil, false, err
	}
	return list[0], true, nil
}

// FilesCalled are the complete uploads under an id and those that were deleted since, whoever's they are, the earliest first.
func (tx Tx) FilesCalled(ctx context.Context, id workroom.FileID) ([]*File, error) {
	return tx.files(ctx, "id = ? AND (complete OR named > 0) ORDER BY at, owner", id)
}

func (tx Tx) files(ctx context.Context, where string, args ...any) ([]*File, error) {
	rows, err := tx.QueryContext(ctx, "SELECT id, owner, scope, root, space, name, size, type, parts, complete, named, at, contact FROM file WHERE "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read file: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var list []*File
	for rows.Next() {
		f := &File{}
		var parts string
		err := rows.Scan(&f.ID, &f.Owner, &f.Scope, &f.Root, &f.Space, &f.Name, &f.Size, &f.Type, &parts, &f.Complete, &f.Named, &f.At, &f.Contact)
		if err == nil {
			err = json.Unmarshal([]byte(parts), &f.Parts)
		}
		if err != nil {
			return nil, fmt.Errorf("read file: %w", err)
		}
		list = append(list, f)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read file: %w", err)
	}
	return list, nil
}

// AddFile announces an upload; false says that its owner announced one under this id at the same moment.
func (tx Tx) AddFile(ctx context.Context, f *File) (bool, error) {
	parts, _ := json.Marshal(f.Parts) // strings always marshal
	res, err := tx.ExecContext(ctx, `INSERT INTO file (id, owner, scope, root, space, name, size, type, parts, complete, named, at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?) ON CONFLICT (owner, id) DO NOTHING`, f.ID, f.Owner, f.Scope, f.Root, f.Space, f.Name, f.Size, f.Type,
		string(parts), f.Complete, f.At)
	if err != nil {
		return false, fmt.Errorf("write file: %w", err)
	}
	return changed(res), nil
}

// changed reports whether a statement changed a row.
func changed(res sql.Result) bool {
	n, err := res.RowsAffected() // both drivers know it
	return err == nil && n > 0
}

// CompleteFile marks an upload complete, and notes what was found in it.
func (tx Tx) CompleteFile(ctx context.Context, f *File) error {
	if _, err := tx.ExecContext(ctx, "UPDATE file SET complete = TRUE, type = ?, contact = ? WHERE owner = ? AND id = ?", f.Type, f.Contact, f.Owner, f.ID); err != nil {
		return fmt.Errorf("write file: %w", err)
	}
	return nil
}

// Expects is the length in bytes of a part that an account announced in a space in a file it has not completed, or 0.
func (tx Tx) Expects(ctx context.Context, who workroom.AccountID, space, sha string) (int64, error) {
	list, err := tx.files(ctx, "owner = ? AND space = ? AND NOT complete", who, space)
	if err != nil {
		return 0, err
	}
	for _, f := range list {
		if i := slices.Index(f.Parts, sha); i >= 0 {
			return min(wire.PartSize, f.Size-int64(i)*wire.PartSize), nil
		}
	}
	return 0, nil
}

// Space is where the parts of a scope's files go: that of the scope, else of its root.
func (tx Tx) Space(ctx context.Context, s workroom.Scope) (string, bool, error) {
	h, err := tx.head(ctx, s)
	if err == nil && h == nil {
		h, err = tx.head(ctx, s.Root())
	}
	if err != nil || h == nil {
		return "", false, err
	}
	return h.Space, true, nil
}

// File reads an account's upload inside a batch, as the commands before left it.
func (b *Batch) File(owner workroom.AccountID, id workroom.FileID) (*File, bool, error) {
	f, ok, err := b.tx.File(b.ctx, owner, id)
	if err != nil || !ok {
		return f, ok, err
	}
	k := upload{owner, id}
	if born, ok := b.named[k]; ok {
		f.Named = born
	}
	if _, gone := b.erased[k]; gone && f.Named > 0 {
		f.Complete, f.Parts = false, nil
	}
	if _, gone := b.given[k]; gone && f.Named == 0 {
		f.Named, f.Complete, f.Parts = -1, false, nil
	}
	return f, true, nil
}

// Name notes that a command of its owner names a file, which opens it to the readers of its scope.
func (b *Batch) Name(owner workroom.AccountID, id workroom.FileID, born int64) {
	b.named[upload{owner, id}] = born
}

// Erase takes the parts from a file that a command deleted: from the commit on nobody reads them, and the sweep removes those that no other
// file of the space lists. Its previews go by a job a moment later, when none that was begun before can still come.
func (b *Batch) Erase(owner workroom.AccountID, id workroom.FileID, at time.Time) {
	b.erased[upload{owner, id}] = at
}

// GiveUp takes the parts from a file that no command named, as Tx.GiveUp does: the sweep removes those that no other file of the space lists.
func (b *Batch) GiveUp(owner workroom.AccountID, id workroom.FileID, at time.Time) {
	b.given[upload{owner, id}] = at
}

// JobPreviews is the job that removes the previews of a deleted file; its argument is the owner and the id of the file with a dot between.
const JobPreviews = "drop previews"

// flushErased writes what Erase noted.
func (b *Batch) flushErased(w *sender) {
	for f := range b.erased {
		w.write(b.tx.NewUpdate().Table("file").Set("parts = '[]'").Set("complete = FALSE").Where("owner = ? AND id = ? AND named > 0", f.owner, f.id))
	}
	for f, at := range b.given {
		w.write(b.tx.NewUpdate().Table("file").Set("parts = '[]'").Set("complete = FALSE").Set("named = -1").Set("at = ?", at.UnixMicro()).
			Where("owner = ? AND id = ? AND named = 0", f.owner, f.id))
	}
}

// upload is the key of a file.
type upload struct {
	owner workroom.AccountID
	id    workroom.FileID
}

// Erased reports whether the thing that a command named a file by is a tombstone: its bytes go, and nobody reads them meanwhile.
func (tx Tx) Erased(ctx context.Context, f *File) (bool, error) {
	list, err := tx.files(ctx, "owner = ? AND id = ? AND "+erased, f.Owner, f.ID)
	return len(list) > 0, err
}

// Erasable are files whose thing is a tombstone, at most limit of them.
func (tx Tx) Erasable(ctx context.Context, limit int) ([]*File, error) {
	return tx.files(ctx, erased+" ORDER BY owner, id LIMIT ?", limit)
}

// A room's file has a thing under its id; a screenshot is found by the number it was born with.
const erased = `named > 0 AND EXISTS (SELECT 1 FROM thing AS t WHERE t.scope = file.scope AND t.gone
	AND (t.kind = 'file' AND t.id = file.id OR t.kind = 'shot' AND t.born = file.named))`

// DropFile forgets a file; its parts stay until the sweep finds that no other file lists them.
func (tx Tx) DropFile(ctx context.Context, f *File) error {
	if _, err := tx.ExecContext(ctx, "DELETE FROM file WHERE owner = ? AND id = ?", f.Owner, f.ID); err != nil {
		return fmt.Errorf("forget a file: %w", err)
	}
	return nil
}

// DropUnfinished forgets uploads announced before a time and never completed, and those that were given up before another.
func (tx Tx) DropUnfinished(ctx context.Context, before, swept int64) error {
	if _, err := tx.ExecContext(ctx, "DELETE FROM file WHERE NOT complete AND (named = 0 AND at < ? OR named < 0 AND at < ?)", before, swept); err != nil {
		return fmt.Errorf("forget unfinished files: %w", err)
	}
	return nil
}

// Unnamed are complete uploads announced before a time that no command named, at most limit of them. One that a device could still name
// stays: a device of its owner that was here when it was announced and did not come back a while later may hold the command. After another
// time none is waited for. All times are Unix µs; while is in µs.
func (tx Tx) Unnamed(ctx context.Context, before, last, while int64, limit int) ([]*File, error) {
	return tx.files(ctx, `complete AND named = 0 AND at < ? AND (at < ? OR NOT EXISTS (SELECT 1 FROM device AS d
		WHERE d.account = file.owner AND d.seen >= file.at - ? AND d.seen < file.at + ?)) ORDER BY owner, id LIMIT ?`, before, last, seenAfter, while, limit)
}

// seenAfter is how long after a device was here it may not yet be noted, in µs (UseToken).
const seenAfter = int64(2 * time.Hour / time.Microsecond)

// GiveUp takes the parts from a file that no command named, so that the sweep finds them, and leaves word of it. Whoever names it holds the
// lock of a scope it was announced for; so does this. False says that somebody was faster.
func (tx Tx) GiveUp(ctx context.Context, f *File, at int64) (bool, error) {
	b := NewBatch(ctx, tx)
	var lock []workroom.Scope
	for _, s := range []workroom.Scope{f.Scope, f.Root} {
		h, err := tx.head(ctx, s)
		if err != nil {
			return false, err
		}
		if h != nil && !slices.Contains(lock, s) {
			lock = append(lock, s)
		}
	}
	if err := b.Lock(lock...); err != nil {
		return false, err
	}
	res, err := tx.ExecContext(ctx, "UPDATE file SET complete = FALSE, parts = '[]', named = -1, at = ? WHERE owner = ? AND id = ? AND complete AND named = 0",
		at, f.Owner, f.ID)
	if err != nil {
		return false, fmt.Errorf("give up a file: %w", err)
	}
	return changed(res), nil
}

// Revive announces a file anew that was given up.
func (tx Tx) Revive(ctx context.Context, f *File) error {
	parts, _ := json.Marshal(f.Parts) // strings always marshal
	if _, err := tx.ExecContext(ctx, "UPDATE file SET name = ?, type = ?, parts = ?, named = 0, at = ? WHERE owner = ? AND id = ? AND named < 0",
		f.Name, f.Type, string(parts), f.At, f.Owner, f.ID); err != nil {
		return fmt.Errorf("write file: %w", err)
	}
	return nil
}
