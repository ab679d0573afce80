package replica

import (
	"context"
	"fmt"
	"strings"

	"trestle/internal/workroom"
)

// Deletion is a message that a person deleted and may still take back for some seconds. Until then it is no command: one that waits would
// hold up what is written after it, and one that went cannot be called off. The note of it is kept with the copy, so that a program that
// ends meanwhile deletes the message when it begins again.
type Deletion struct {
	Room    workroom.RoomID
	Message string
	At      int64 // when the person did it, Unix µs; given by NoteDeletion
}

const deletionKey = "deleting "

// NoteDeletion notes that a message is to be deleted, or with off that it is not, or is deleted.
func (r *Replica) NoteDeletion(ctx context.Context, d Deletion, on bool) error {
	if !workroom.ValidID(string(d.Room)) || !workroom.ValidID(d.Message) {
		return workroom.Refuse(workroom.BadInput)
	}
	k := deletionKey + string(d.Room) + " " + d.Message
	return r.write(ctx, true, func(t *tx) error {
		if on {
			return t.setMeta(k, fmt.Sprint(r.o.Now().UnixMicro()))
		}
		_, err := t.Exec(`DELETE FROM meta WHERE k=?`, k)
		return err
	})
}

// Deletions are the messages that are still to be deleted.
func (r *Replica) Deletions(ctx context.Context) ([]Deletion, error) {
	var out []Deletion
	err := r.read(ctx, func(l *link) error {
		rows, err := l.Query(`SELECT k,CAST(v AS INTEGER) FROM meta WHERE k>=? AND k<?`, deletionKey, deletionKey+"~")
		if err != nil {
			return fmt.Errorf("read what is to be deleted: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			var k string
			var at int64
			if err := rows.Scan(&k, &at); err != nil {
				return fmt.Errorf("read what is to be deleted: %w", err)
			}
			room, message, _ := strings.Cut(strings.TrimPrefix(k, deletionKey), " ")
			out = append(out, Deletion{workroom.RoomID(room), message, at})
		}
		return rows.Err()
	})
	return out, err
}
