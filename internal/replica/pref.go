package replica

import (
	"context"
	"fmt"

	"trestle/internal/workroom"
)

// Hidden are the rooms the account keeps out of its lists now: those it hid and in which nobody else has written since (M-09). Nothing is
// stored when a newer message brings a room back; the next hiding begins from that message.
func (r *Replica) Hidden(ctx context.Context) (map[workroom.RoomID]bool, error) {
	out := map[workroom.RoomID]bool{}
	err := r.read(ctx, func(l *link) error {
		me, err := findScope(l, workroom.AccountScope(r.o.Account))
		if err != nil || me == nil {
			return err
		}
		rows, err := queryRows(l, me.name, allQuery, me.sc, string(workroom.KindPref))
		if err != nil {
			return err
		}
		for _, x := range rows {
			p, ok := x.Thing.(*workroom.Pref)
			if !ok || !p.Hidden {
				continue
			}
			back, err := r.written(l, workroom.RoomID(x.ID), p.HiddenAt)
			if err != nil {
				return err
			}
			if !back {
				out[workroom.RoomID(x.ID)] = true
			}
		}
		return nil
	})
	return out, err
}

// written reports whether somebody else has written in a room after the message with a number: numbers are dense, so of those after it not all
// are the account's own.
func (r *Replica) written(l *link, room workroom.RoomID, after int64) (bool, error) {
	s, err := findScope(l, workroom.RoomScope(room))
	if err != nil || s == nil || s.msgs <= after {
		return false, err
	}
	var mine int64
	if _, err := l.scan(`SELECT COUNT(*) FROM base WHERE sc=? AND kind='message' AND actor=? AND mn>?`, []any{s.sc, string(r.o.Account), after}, &mine); err != nil {
		return false, fmt.Errorf("count own messages: %w", err)
	}
	return s.msgs-after > mine, nil
}
