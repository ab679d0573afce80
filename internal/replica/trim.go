package replica

import (
	"context"
	"fmt"

	"trestle/internal/workroom"
)

// KeepMessages is how many of a room's newest messages a copy keeps by itself. Older ones are asked from the service again when somebody
// scrolls to them.
const KeepMessages = 100_000

// Trim takes the older messages and files of a scope, with their index entries and stale stretches, off this machine and keeps the newest
// ones. It answers how many rows went.
func (r *Replica) Trim(ctx context.Context, scope workroom.Scope, keep int) (int64, error) {
	gone := int64(0)
	err := r.write(ctx, false, func(t *tx) error {
		gone = 0
		s, err := t.scope(scope)
		if err != nil || s.state != Whole {
			return err
		}
		lo, ok, err := oldest(t.link, s.sc)
		if err != nil || !ok {
			return err
		}
		var edge int64
		if ok, err = t.scan(`SELECT born FROM base WHERE sc=? AND kind='message' AND gone=0 AND born>=? ORDER BY born DESC LIMIT 1 OFFSET ?`,
			[]any{s.sc, lo, max(keep, 1) - 1}, &edge); err != nil || !ok || edge <= lo {
			return err
		}
		m := touched{}
		if err := t.sweep(m, `sc=? AND kind IN ('message','file') AND born<?`, s.sc, edge); err != nil {
			return err
		}
		for _, q := range []string{
			`UPDATE span SET lo=?2 WHERE sc=?1 AND state='have' AND lo<?2`,
			`DELETE FROM span WHERE sc=?1 AND state<>'have' AND ?2>0`,
		} {
			if _, err := t.Exec(q, s.sc, edge); err != nil {
				return fmt.Errorf("trim %s: %w", scope, err)
			}
		}
		gone = int64(len(m))
		t.tell(scope)
		return t.rebase(m)
	})
	return gone, err
}

// trimAll trims every room that is much longer than it is to be.
func (r *Replica) trimAll(ctx context.Context) error {
	cursors, err := r.Cursors(ctx)
	if err != nil {
		return err
	}
	for _, c := range cursors {
		if c.Hold != Whole || c.Msgs < KeepMessages+KeepMessages/10 {
			continue
		}
		if _, err := r.Trim(ctx, c.Scope, KeepMessages); err != nil {
			return err
		}
	}
	return nil
}
