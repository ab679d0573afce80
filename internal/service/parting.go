package service

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"trestle/internal/service/store"
	"trestle/internal/workroom"
)

// jobPart closes or opens the rooms in which two people are alone, after one of them blocked the other or ended that.
const jobPart = "part two people"

// part brings the rooms that two people have to themselves, such as that of a contract which has ended, to what stands between them by now:
// nothing passes there either way (P-24). Their direct room is closed by the block itself; where there are others, messages fold. Done again
// it changes nothing.
func (s *Service) part(ctx context.Context, args string) error {
	var p twoPeople
	if err := json.Unmarshal([]byte(args), &p); err != nil {
		return fmt.Errorf("part two people: %w", err)
	}
	var shared []workroom.Scope
	err := s.store.Read(ctx, func(tx store.Tx) error {
		mine, err := tx.RoomsOf(ctx, p.By)
		if err != nil {
			return err
		}
		theirs, err := tx.RoomsOf(ctx, p.Other)
		for _, r := range mine {
			if slices.Contains(theirs, r) && !workroom.RoomID(r.Owner()).Direct() {
				shared = append(shared, r)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	own := workroom.AccountScope(p.By)
	for _, r := range shared {
		err := s.rewrite(ctx, []workroom.Scope{own, r}, func(b *store.Batch, view workroom.Rows, out *workroom.Changes) error {
			_, members, err := membersOf(b, workroom.RoomID(r.Owner()))
			if err != nil {
				return err
			}
			shut := false
			if x, k := workroom.Get[*workroom.Block](view, workroom.Ref{Scope: own, Kind: workroom.KindBlock, ID: string(p.Other)}); k == workroom.Held {
				others := othersOf(members, p.By)
				shut = x.Shut() && len(others) == 1 && others[0] == p.Other
			}
			room, k := workroom.Get[*workroom.Room](view, workroom.Ref{Scope: r, Kind: workroom.KindRoom, ID: r.Owner()})
			if k == workroom.Held && room.Shut != shut {
				n := *room
				n.Shut = shut
				out.Put(r, r.Owner(), &n)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
