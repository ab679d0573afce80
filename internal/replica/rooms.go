package replica

import (
	"context"
	"fmt"

	"trestle/internal/workroom"
)

// Rooms reads every room that is here and that the account has not left: leaving takes the room off the screen at once, before the service has
// heard of it. A direct room carries the name of the other person, which is how people call it.
func (r *Replica) Rooms(ctx context.Context) ([]Row, error) {
	list, err := r.Everywhere(ctx, "r:", workroom.KindRoom)
	if err != nil {
		return nil, err
	}
	left, err := r.left(ctx)
	if err != nil {
		return nil, err
	}
	out := list[:0]
	for _, x := range list {
		if left[x.Scope] && !x.Archive {
			continue
		}
		if room, ok := x.Thing.(*workroom.Room); ok && room.Kind == workroom.DirectRoom {
			named, err := r.namedDirect(ctx, x.Scope, room)
			if err != nil {
				return nil, err
			}
			x.Thing = named
		}
		out = append(out, x)
	}
	return out, nil
}

// Room reads one room as Rooms does. Known is Absent for one that the account has left.
func (r *Replica) Room(ctx context.Context, id workroom.RoomID) (Row, workroom.Known, error) {
	s := workroom.RoomScope(id)
	row, known, err := r.Thing(ctx, workroom.Ref{Scope: s, Kind: workroom.KindRoom, ID: string(id)})
	if err != nil || known != workroom.Held {
		return row, known, err
	}
	if !row.Archive {
		left, err := r.left(ctx)
		if err != nil {
			return row, known, err
		}
		if left[s] {
			return Row{Ref: row.Ref}, workroom.Absent, nil
		}
	}
	if room, ok := row.Thing.(*workroom.Room); ok && room.Kind == workroom.DirectRoom {
		named, err := r.namedDirect(ctx, s, room)
		if err != nil {
			return row, known, err
		}
		row.Thing = named
	}
	return row, known, nil
}

// left are the roots to which the account had a right that is gone, on the service or by an act of its own that waits.
func (r *Replica) left(ctx context.Context) (map[workroom.Scope]bool, error) {
	out := map[workroom.Scope]bool{}
	err := r.read(ctx, func(l *link) error {
		me, err := findScope(l, workroom.AccountScope(r.o.Account))
		if err != nil || me == nil {
			return err
		}
		rows, err := l.Query(`SELECT id FROM visible WHERE sc=? AND kind='grant' AND gone=1`, me.sc)
		if err != nil {
			return fmt.Errorf("read rights that are gone: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			var root workroom.Scope
			if err := rows.Scan(&root); err != nil {
				return fmt.Errorf("read rights that are gone: %w", err)
			}
			out[root] = true
		}
		return rows.Err()
	})
	return out, err
}

// namedDirect is a direct room with the name of the other person.
func (r *Replica) namedDirect(ctx context.Context, s workroom.Scope, room *workroom.Room) (*workroom.Room, error) {
	people, err := r.All(ctx, s, workroom.KindMember)
	if err != nil {
		return nil, err
	}
	n := *room
	for _, p := range people {
		if m, ok := p.Thing.(*workroom.Member); ok && p.ID != string(r.o.Account) {
			n.Name = m.Name
		}
	}
	return &n, nil
}
