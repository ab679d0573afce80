package store

import (
	"context"
	"fmt"

	"trestle/internal/workroom"
)

// Verify recomputes a scope from its things and says how the head differs, or "". It checks that no number lies above the head, that rows
// are born and numbered in order, that messages are numbered densely, and the digest.
func (s *Store) Verify(ctx context.Context, sc workroom.Scope) (string, error) {
	said := ""
	err := s.Read(ctx, func(tx Tx) error {
		h, err := tx.head(ctx, sc)
		if err != nil || h == nil {
			said = "no such scope"
			return err
		}
		rows, err := tx.QueryContext(ctx, "SELECT "+thingColumns+" FROM thing WHERE scope = ? ORDER BY born, seq", sc)
		if err != nil {
			return fmt.Errorf("verify: %w", err)
		}
		defer func() { _ = rows.Close() }()
		var digest, messages, top int64
		for rows.Next() {
			var t thing
			if err := rows.Scan(t.fields()...); err != nil {
				return fmt.Errorf("verify: %w", err)
			}
			digest += t.digest()
			top = max(top, t.Seq)
			if t.Kind == workroom.KindMessage {
				messages++
				if h.Floor == 0 && t.Num != messages || t.Num < messages {
					said = fmt.Sprintf("message number %d where %d is due", t.Num, messages)
				}
			}
			if t.Born > t.Seq || t.Seq > h.Seq || t.Rev < 1 {
				said = fmt.Sprintf("a row born at %d has seq %d, rev %d, head %d", t.Born, t.Seq, t.Rev, h.Seq)
			}
		}
		switch {
		case top != h.Seq && h.Floor != h.Seq: // else the newest was a deletion, and its row is compacted
			said = fmt.Sprintf("the head is %d, the newest row %d", h.Seq, top)
		case messages > h.Msgs || h.Floor == 0 && messages != h.Msgs:
			said = fmt.Sprintf("the head counts %d messages, there are %d", h.Msgs, messages)
		case digest != h.Digest:
			said = "the digest differs"
		}
		return rows.Err()
	})
	return said, err
}
