package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/uptrace/bun"
)

// A part in the table is one whose bytes are in the store of files. It ends in steps, each one statement, so that nodes which work at the
// same time agree:
//
//	held ──no file lists it──► doomed ──an hour later, still so, not pinned──► taken ──bytes removed──► (no row)
//	  ▲                          │ announced again, or sent again
//	  └──────────────────────────┘
//
// Whoever announces a file pins the parts that need not be sent, in the transaction that lists them: from then on the part cannot be taken
// for a day. A part that is taken counts as missing, and whoever sends it is told to come back in a moment.

// Pin keeps those parts of a list that a space holds from being swept before a time, and answers their sizes.
func (tx Tx) Pin(ctx context.Context, space string, shas []string, until int64) (map[string]int64, error) {
	return tx.sizes(ctx, "UPDATE part SET pinned = ?, doomed = 0 WHERE space = ? AND sha IN (?) AND taken = 0 RETURNING sha, size", until, space, bun.List(shas))
}

// Parts reads the sizes of those parts of a list that a space holds.
func (tx Tx) Parts(ctx context.Context, space string, shas []string) (map[string]int64, error) {
	return tx.sizes(ctx, "SELECT sha, size FROM part WHERE space = ? AND sha IN (?) AND taken = 0", space, bun.List(shas))
}

func (tx Tx) sizes(ctx context.Context, query string, args ...any) (map[string]int64, error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read parts: %w", err)
	}
	defer func() { _ = rows.Close() }()
	out := map[string]int64{}
	for rows.Next() {
		var sha string
		var size int64
		if err := rows.Scan(&sha, &size); err != nil {
			return nil, fmt.Errorf("read parts: %w", err)
		}
		out[sha] = size
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read parts: %w", err)
	}
	return out, nil
}

// AddPart notes that a space holds a part, pinned until a time. False says that the part is being removed at this moment: its bytes must be
// sent once more.
func (tx Tx) AddPart(ctx context.Context, space, sha string, size, at, until int64) (bool, error) {
	res, err := tx.ExecContext(ctx, `INSERT INTO part (space, sha, size, at, pinned) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (space, sha) DO UPDATE SET size = EXCLUDED.size, pinned = EXCLUDED.pinned, doomed = 0 WHERE part.taken = 0`, space, sha, size, at, until)
	if err != nil {
		return false, fmt.Errorf("write part: %w", err)
	}
	return changed(res), nil
}

// LosePart forgets a part whose bytes are not there, so that whoever has them is asked for them.
func (tx Tx) LosePart(ctx context.Context, space, sha string) error {
	if _, err := tx.ExecContext(ctx, "DELETE FROM part WHERE space = ? AND sha = ? AND taken = 0", space, sha); err != nil {
		return fmt.Errorf("forget a part: %w", err)
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

// PartState is a part as the sweep sees it.
type PartState struct {
	SHA                       string
	Size                      int64
	At, Pinned, Doomed, Taken int64
}

// PartsOf are the parts of a space by their hashes.
func (tx Tx) PartsOf(ctx context.Context, space string) (map[string]PartState, error) {
	var list []PartState
	if err := tx.NewRaw("SELECT sha, size, at, pinned, doomed, taken FROM part WHERE space = ?", space).Scan(ctx, &list); err != nil {
		return nil, fmt.Errorf("read parts: %w", err)
	}
	out := make(map[string]PartState, len(list))
	for _, p := range list {
		out[p.SHA] = p
	}
	return out, nil
}

// Listed are the parts that the files of a space list.
func (tx Tx) Listed(ctx context.Context, space string) (map[string]bool, error) {
	var lists []string
	if err := tx.NewRaw("SELECT parts FROM file WHERE space = ?", space).Scan(ctx, &lists); err != nil {
		return nil, fmt.Errorf("read files: %w", err)
	}
	out := map[string]bool{}
	for _, l := range lists {
		var parts []string
		if err := json.Unmarshal([]byte(l), &parts); err != nil {
			return nil, fmt.Errorf("read files: %w", err)
		}
		for _, p := range parts {
			out[p] = true
		}
	}
	return out, nil
}

// Doom is the first pass: it notes of parts that no file lists when that was found. Those pinned beyond now are left alone.
func (tx Tx) Doom(ctx context.Context, space string, shas []string, now int64) error {
	return tx.each(ctx, shas, "UPDATE part SET doomed = ? WHERE space = ? AND sha IN (?) AND doomed = 0 AND taken = 0 AND pinned <= ?", now, space, nil, now)
}

// Spare takes the note of the first pass back from parts that a file lists again.
func (tx Tx) Spare(ctx context.Context, space string, shas []string) error {
	return tx.each(ctx, shas, "UPDATE part SET doomed = 0 WHERE space = ? AND sha IN (?) AND taken = 0", space, nil)
}

// each runs a statement for a list of hashes, a few hundred at a time; they stand where an argument is nil.
func (tx Tx) each(ctx context.Context, shas []string, query string, args ...any) error {
	for len(shas) > 0 {
		n := min(len(shas), 500)
		a := make([]any, len(args))
		for i, x := range args {
			if a[i] = x; x == nil {
				a[i] = bun.List(shas[:n])
			}
		}
		if _, err := tx.ExecContext(ctx, query, a...); err != nil {
			return fmt.Errorf("mark parts: %w", err)
		}
		shas = shas[n:]
	}
	return nil
}

// Take is the second pass: a part doomed at or before a time, and still not pinned, is given to the caller, who has until then to remove its
// bytes. False says that somebody announced it meanwhile, or that another node has it.
func (tx Tx) Take(ctx context.Context, space, sha string, doomed, now, until int64) (bool, error) {
	res, err := tx.ExecContext(ctx, `UPDATE part SET taken = ? WHERE space = ? AND sha = ? AND taken < ? AND (taken > 0 OR doomed > 0 AND doomed <= ? AND pinned <= ?)`,
		until, space, sha, now, doomed, now)
	if err != nil {
		return false, fmt.Errorf("take a part: %w", err)
	}
	return changed(res), nil
}

// TakeStray gives the caller bytes in the store that no row names, under the same promise as Take.
func (tx Tx) TakeStray(ctx context.Context, space, sha string, now, until int64) (bool, error) {
	res, err := tx.ExecContext(ctx, "INSERT INTO part (space, sha, size, at, doomed, taken) VALUES (?, ?, 0, ?, ?, ?) ON CONFLICT (space, sha) DO NOTHING",
		space, sha, now, now, until)
	if err != nil {
		return false, fmt.Errorf("take a part: %w", err)
	}
	return changed(res), nil
}

// DropPart forgets a part that the caller took until that time and has removed.
func (tx Tx) DropPart(ctx context.Context, space, sha string, until int64) error {
	if _, err := tx.ExecContext(ctx, "DELETE FROM part WHERE space = ? AND sha = ? AND taken = ?", space, sha, until); err != nil {
		return fmt.Errorf("forget a part: %w", err)
	}
	return nil
}
