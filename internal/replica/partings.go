package replica

import (
	"context"
	"fmt"
	"strings"

	"trestle/internal/workroom"
)

// Parting is what a person did with somebody in a room and may still take back for some seconds: What is "leave", "remove" or "handover", Who
// the account it is about. As with a Deletion, until then it is no command and nobody else hears of it, and the note of it is kept with the
// copy, so that a program that ends meanwhile does it when it begins again.
type Parting struct {
	Room workroom.RoomID
	What string
	Who  workroom.AccountID
}

const partingKey = "parting "

// NoteParting notes that something is to be done, or with off that it is not, or is done.
func (r *Replica) NoteParting(ctx context.Context, p Parting, on bool) error {
	if !workroom.ValidID(string(p.Room)) || !workroom.ValidID(string(p.Who)) || p.What == "" || strings.Contains(p.What, " ") {
		return workroom.Refuse(workroom.BadInput)
	}
	k := partingKey + p.What + " " + string(p.Room) + " " + string(p.Who)
	return r.write(ctx, true, func(t *tx) error {
		if on {
			return t.setMeta(k, fmt.Sprint(r.o.Now().UnixMicro()))
		}
		_, err := t.Exec(`DELETE FROM meta WHERE k=?`, k)
		return err
	})
}

// Partings are those that are still to be done.
func (r *Replica) Partings(ctx context.Context) ([]Parting, error) {
	var out []Parting
	err := r.read(ctx, func(l *link) error {
		rows, err := l.Query(`SELECT k FROM meta WHERE k>=? AND k<?`, partingKey, partingKey+"~")
		if err != nil {
			return fmt.Errorf("read who is to part: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			var k string
			if err := rows.Scan(&k); err != nil {
				return fmt.Errorf("read who is to part: %w", err)
			}
			if f := strings.Fields(strings.TrimPrefix(k, partingKey)); len(f) == 3 {
				out = append(out, Parting{workroom.RoomID(f[1]), f[0], workroom.AccountID(f[2])})
			}
		}
		return rows.Err()
	})
	return out, err
}
