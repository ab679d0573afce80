package replica

import (
	"fmt"

	"trestle/internal/workroom"
)

// A message is changed after it was sent: it is edited, deleted, reacted to. While such a change waits, its effect stands in the place of the
// service's row, and this file says what of the row holds on beneath it.

// Numbered reports whether the service has the thing, whatever waits to change it.
func (r *Row) Numbered() bool { return r.Born < newBorn }

// numberBeneath gives the rows on which a change waits the message numbers that the service gave them: they are read and unread by these.
func numberBeneath(l *link, rows []Row) error {
	for i := range rows {
		x := &rows[i]
		if x.N == 0 || !x.Numbered() || x.Kind != workroom.KindMessage {
			continue
		}
		if _, err := l.scan(`SELECT mn FROM base WHERE sc=(SELECT sc FROM scope WHERE name=?) AND kind=? AND id=?`,
			[]any{string(x.Scope), string(x.Kind), x.ID}, &x.Num); err != nil {
			return fmt.Errorf("read the number of a message: %w", err)
		}
	}
	return nil
}

// madeBy is who wrote a message or sent a file, and when (Unix µs). A row on which a change waits carries who changes it, and when.
func madeBy(x *Row) (workroom.AccountID, int64) {
	switch t := x.Thing.(type) {
	case *workroom.Message:
		return t.Author, t.At
	case *workroom.File:
		return t.Author, t.At
	}
	return x.By, x.At
}
