package replica

import (
	"context"
	"fmt"
	"path/filepath"

	"trestle/internal/outbox"
)

// catchUp takes in what unsent.json knows and the file does not. A damaged or lost -wal is no error to SQLite: the file opens as it was some
// commits ago, and what was done since is missing without a trace. Commits are one after the other, so the numbers of commands tell whether
// the file is behind: fewer were given than unsent.json saw.
func (r *Replica) catchUp(ctx context.Context) error {
	note, err := readUnsent(filepath.Join(filepath.Dir(r.path), unsentName))
	if err != nil {
		r.o.Logf("%v", err) // the file itself is whole
		return nil
	}
	if note == nil || note.Account != r.o.Account || note.Service != r.o.Service {
		return nil
	}
	return r.write(ctx, true, func(t *tx) error {
		var next int64
		if _, err := t.scan(`SELECT seq FROM sqlite_sequence WHERE name='outbox'`, nil, &next); err != nil {
			return fmt.Errorf("read the last number: %w", err)
		}
		if next > note.Next {
			return nil
		}
		if next < note.Next {
			if err := t.putLost(note); err != nil {
				return err
			}
		}
		for _, d := range note.Drafts {
			if err := t.putDraft(d, true); err != nil {
				return err
			}
		}
		return nil
	})
}

// putLost puts back the commands the file lost.
func (t *tx) putLost(note *Unsent) error {
	rows, err := outbox.ListFull(t)
	if err != nil {
		return err
	}
	byID := map[string]Kept{}
	for i := range rows {
		byID[rows[i].ID] = kept(&rows[i])
	}
	for _, k := range note.Outbox {
		var one int
		if _, here := byID[k.ID]; here {
			continue
		} else if sent, err := t.scan(`SELECT 1 FROM sent WHERE id=?`, []any{k.ID}, &one); err != nil {
			return fmt.Errorf("look for what was acked: %w", err)
		} else if !sent {
			byID[k.ID] = k
		}
	}
	t.r.o.Logf("the copy had lost %d commands; they are put back from unsent.json", len(byID)-len(rows))
	for _, q := range []string{`DELETE FROM effect`, `DELETE FROM effect_read`, `DELETE FROM outbox`} {
		if _, err := t.Exec(q); err != nil {
			return fmt.Errorf("put lost commands back: %w", err)
		}
	}
	t.tell(OutboxScope)
	return t.putBack(byID, note.Next)
}
