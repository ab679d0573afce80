package replica

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"strings"
	"time"

	"trestle/internal/workroom"
)

// Reached reads what the service acknowledged in the last 14 days, in the order it was given, without read markers and without uploads, which
// their messages name. It belongs into an export of somebody the service does not let in any more: one that was set back may have lost it,
// and offers nothing to be sent again to an account it does not know.
func (r *Replica) Reached(ctx context.Context) ([]Kept, error) {
	var out []Kept
	err := r.read(ctx, func(l *link) error {
		rows, err := l.Query(`SELECT n,CASE pos WHEN 0 THEN n ELSE pos END,id,device,lane,op,v,args,at,about FROM sent WHERE acked>=? ORDER BY n`,
			r.o.Now().Add(-keepSent).UnixMicro())
		if err != nil {
			return fmt.Errorf("read what was acked: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			var k Kept
			if err := rows.Scan(&k.N, &k.Pos, &k.ID, &k.Device, &k.Lane, &k.Op, &k.V, &k.Args, &k.At, &k.About); err != nil {
				return fmt.Errorf("read what was acked: %w", err)
			}
			if k.worthReading() {
				out = append(out, k)
			}
		}
		return rows.Err()
	})
	return out, err
}

// worthReading leaves out of what was acked what says nothing to a person.
func (k *Kept) worthReading() bool { return k.Op != workroom.OpSetMarker && k.Op != workroom.OpUpload }

// acked reads the ids of what was acked, and what can be read of it for people.
func (s *salvage) acked(db *sql.DB) {
	columns := columnsOf(db, "sent", "id", "n", "pos", "device", "lane", "op", "v", "args", "at", "acked", "about")
	since := time.Now().Add(-keepSent).UnixMicro()
	byNumber(db, "sent", "rowid", columns, 0, func(cells []any) {
		var k Kept
		acked := int64(0)
		for i, c := range columns {
			if c == "acked" {
				acked = number(cells[i])
			} else {
				k.read(c, cells[i])
			}
		}
		s.sent[k.ID] = true
		if k.Pos == 0 {
			k.Pos = k.N
		}
		if acked >= since && k.sane() && k.worthReading() {
			s.Sent = append(s.Sent, k)
		}
	})
}

// reached puts what was acked into words.
func (u *Unsent) reached() []UnsentItem {
	var out []UnsentItem
	for i := range u.Sent {
		x := u.item(&u.Sent[i])
		x.State = "had reached the service"
		out = append(out, x)
	}
	return out
}

// WriteSent writes what had reached the service for people to read, under a heading of its own; nothing if there is nothing.
func (u *Unsent) WriteSent(w io.Writer, zone *time.Location) error {
	list := u.reached()
	if len(list) == 0 {
		return nil
	}
	var b strings.Builder
	b.WriteString("\nHAD REACHED THE SERVICE IN THE LAST 14 DAYS\nIt is listed because nobody is signed in: a service that was set back to an earlier state may not have it any more.\n")
	writeItems(&b, list, zone)
	_, err := io.WriteString(w, b.String())
	return err
}
