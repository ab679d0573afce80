package store

import (
	"context"
	"fmt"
	"slices"

	"trestle/internal/workroom"
)

// ShotOf finds the screenshot that a file is a picture of: its ref, and false if no living one is. It is looked for where the file was
// announced and under the number it was named by, and only if that fails among all of the contract's. Only what holds the file's id is read
// whole; _ in an id stands for any sign there, so that may be a few more.
func (tx Tx) ShotOf(ctx context.Context, f *File) (workroom.Ref, bool, error) {
	for _, q := range []struct {
		where string
		args  []any
	}{
		{"scope = ? AND kind = ? AND born = ?", []any{f.Scope, workroom.KindShot, f.Named}},
		{"scope = ? AND kind = ?", []any{f.Scope, workroom.KindShot}},
		{"scope >= ? AND scope < ? AND kind = ?", []any{"d:" + f.Root.Owner() + ":", "d:" + f.Root.Owner() + ";", workroom.KindShot}},
	} {
		if ref, ok, err := tx.shotWith(ctx, f.ID, "SELECT scope, id, body FROM thing WHERE NOT gone AND "+q.where+" AND body LIKE ?",
			append(q.args, `%:"`+string(f.ID)+`"%`)...); ok || err != nil {
			return ref, ok, err
		}
	}
	return workroom.Ref{}, false, nil
}

func (tx Tx) shotWith(ctx context.Context, id workroom.FileID, query string, args ...any) (ref workroom.Ref, ok bool, err error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return ref, false, fmt.Errorf("look for a screenshot: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		ref.Kind = workroom.KindShot
		var body string
		if err := rows.Scan(&ref.Scope, &ref.ID, &body); err != nil {
			return ref, false, fmt.Errorf("look for a screenshot: %w", err)
		}
		t, err := workroom.Decode(workroom.KindShot, []byte(body))
		if err != nil {
			return ref, false, fmt.Errorf("look for a screenshot: %w", err)
		}
		if s, is := t.(*workroom.Shot); is && slices.Contains(s.Files(), id) {
			return ref, true, nil
		}
	}
	if err := rows.Err(); err != nil {
		return ref, false, fmt.Errorf("look for a screenshot: %w", err)
	}
	return ref, false, nil
}
