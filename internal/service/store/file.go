package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

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
	Type     string
	Parts    []string // hex SHA-256 each
	Complete bool
	Named    int64 // born number of the first command that named it; 0 = none did, so only the owner may read it
	At       int64
}

// File finds an account's own upload. An id is its owner's: others may have uploads under the same one.
func (tx Tx) File(ctx context.Context, owner workroom.AccountID, id workroom.FileID) (*File, bool, error) {
	list, err := tx.files(ctx, "owner = ? AND id = ?", owner, id)
	if err != nil || len(list) == 0 {
		return nil, false, err
	}
	return list[0], true, nil
}

// FilesCalled are the complete uploads under an id, whoever's they are, the earliest first.
func (tx Tx) FilesCalled(ctx context.Context, id workroom.FileID) ([]*File, error) {
	return tx.files(ctx, "id = ? AND complete ORDER BY at, owner", id)
}

func (tx Tx) files(ctx context.Context, where string, args ...any) ([]*File, error) {
	rows, err := tx.QueryContext(ctx, "SELECT id, owner, scope, root, space, name, size, type, parts, complete, named, at FROM file WHERE "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read file: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var list []*File
	for rows.Next() {
		f := &File{}
		var parts string
		err := rows.Scan(&f.ID, &f.Owner, &f.Scope, &f.Root, &f.Space, &f.Name, &f.Size, &f.Type, &parts, &f.Complete, &f.Named, &f.At)
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

// AddFile announces an upload.
func (tx Tx) AddFile(ctx context.Context, f *File) error {
	parts, _ := json.Marshal(f.Parts) // strings always marshal
	_, err := tx.ExecContext(ctx, `INSERT INTO file (id, owner, scope, root, space, name, size, type, parts, complete, named, at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)`, f.ID, f.Owner, f.Scope, f.Root, f.Space, f.Name, f.Size, f.Type, string(parts), f.Complete, f.At)
	if err != nil {
		return fmt.Errorf("write file: %w", err)
	}
	return nil
}

// CompleteFile marks an upload complete.
func (tx Tx) CompleteFile(ctx context.Context, f *File) error {
	if _, err := tx.ExecContext(ctx, "UPDATE file SET complete = TRUE WHERE owner = ? AND id = ?", f.Owner, f.ID); err != nil {
		return fmt.Errorf("write file: %w", err)
	}
	return nil
}

// Expects reports whether an account announced a part in a space and has not completed that file.
func (tx Tx) Expects(ctx context.Context, who workroom.AccountID, space, sha string) (bool, error) {
	rows, err := tx.QueryContext(ctx, "SELECT parts FROM file WHERE owner = ? AND space = ? AND NOT complete", who, space)
	if err != nil {
		return false, fmt.Errorf("read files: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var text string
		var parts []string
		if err := rows.Scan(&text); err != nil {
			return false, fmt.Errorf("read files: %w", err)
		}
		if err := json.Unmarshal([]byte(text), &parts); err != nil {
			return false, fmt.Errorf("read files: %w", err)
		}
		if slices.Contains(parts, sha) {
			return true, nil
		}
	}
	return false, rows.Err()
}

// Parts reads the sizes of those parts that a space holds.
func (tx Tx) Parts(ctx context.Context, space string, shas []string) (map[string]int64, error) {
	out := map[string]int64{}
	if len(shas) == 0 {
		return out, nil
	}
	rows, err := tx.QueryContext(ctx, "SELECT sha, size FROM part WHERE space = ? AND sha IN (?)", space, bun.List(shas))
	if err != nil {
		return nil, fmt.Errorf("read parts: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var sha string
		var size int64
		if err := rows.Scan(&sha, &size); err != nil {
			return nil, fmt.Errorf("read parts: %w", err)
		}
		out[sha] = size
	}
	return out, rows.Err()
}

// AddPart notes that a space holds a part.
func (tx Tx) AddPart(ctx context.Context, space, sha string, size, at int64) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO part (space, sha, size, at) VALUES (?, ?, ?, ?) ON CONFLICT (space, sha) DO NOTHING", space, sha, size, at)
	if err != nil {
		return fmt.Errorf("write part: %w", err)
	}
	return nil
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

// File reads an account's upload inside a batch.
func (b *Batch) File(owner workroom.AccountID, id workroom.FileID) (*File, bool, error) {
	return b.tx.File(b.ctx, owner, id)
}

// Name notes that a command of its owner names a file, which opens it to the readers of its scope.
func (b *Batch) Name(owner workroom.AccountID, id workroom.FileID, born int64) {
	b.named[upload{owner, id}] = born
}

// upload is the key of a file.
type upload struct {
	owner workroom.AccountID
	id    workroom.FileID
}

// DropUnfinished forgets uploads announced before a time and never completed.
func (tx Tx) DropUnfinished(ctx context.Context, before int64) error {
	if _, err := tx.ExecContext(ctx, "DELETE FROM file WHERE NOT complete AND at < ?", before); err != nil {
		return fmt.Errorf("forget unfinished files: %w", err)
	}
	return nil
}

// Spaces lists the spaces that hold parts.
func (tx Tx) Spaces(ctx context.Context) ([]string, error) {
	var out []string
	if err := tx.NewRaw("SELECT DISTINCT space FROM part ORDER BY space").Scan(ctx, &out); err != nil {
		return nil, fmt.Errorf("read spaces: %w", err)
	}
	return out, nil
}

// Unlisted are the parts of a space that came before a time and that no file lists.
func (tx Tx) Unlisted(ctx context.Context, space string, before int64) ([]string, error) {
	var old, lists []string
	if err := tx.NewRaw("SELECT sha FROM part WHERE space = ? AND at < ? ORDER BY sha", space, before).Scan(ctx, &old); err != nil {
		return nil, fmt.Errorf("read parts: %w", err)
	}
	if len(old) == 0 {
		return nil, nil
	}
	if err := tx.NewRaw("SELECT parts FROM file WHERE space = ?", space).Scan(ctx, &lists); err != nil {
		return nil, fmt.Errorf("read files: %w", err)
	}
	listed := map[string]bool{}
	for _, l := range lists {
		var parts []string
		if err := json.Unmarshal([]byte(l), &parts); err != nil {
			return nil, fmt.Errorf("read files: %w", err)
		}
		for _, p := range parts {
			listed[p] = true
		}
	}
	return slices.DeleteFunc(old, func(sha string) bool { return listed[sha] }), nil
}

// DropPart forgets a part.
func (tx Tx) DropPart(ctx context.Context, space, sha string) error {
	if _, err := tx.ExecContext(ctx, "DELETE FROM part WHERE space = ? AND sha = ?", space, sha); err != nil {
		return fmt.Errorf("forget a part: %w", err)
	}
	return nil
}
