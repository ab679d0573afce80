package service

import (
	"context"
	"fmt"
	"slices"
	"time"

	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Expire takes the pictures and input counts out of the work diaries whose time is over at a moment (W-27): the rows become what
// workroom.Leave says, the bytes of the pictures go with their previews, and each week's log gets its line. It may run on any node and at
// any time; what is gone is not taken twice.
func (s *Service) Expire(ctx context.Context, now time.Time) error {
	var weeks []workroom.Scope
	err := s.store.Read(ctx, func(tx store.Tx) (err error) {
		weeks, err = tx.Pictured(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("expire pictures: %w", err)
	}
	gone := 0
	for _, d := range weeks {
		if !workroom.MayExpire(d.Part(), now) {
			continue
		}
		n, err := s.expireWeek(ctx, d, now)
		gone += n
		if err != nil {
			return fmt.Errorf("expire pictures: %w", err)
		}
	}
	if gone > 0 {
		s.log.InfoContext(ctx, "expired", "rows", gone)
	}
	return nil
}

// expireWeek does it in one diary week, in one transaction, and answers how many rows became less.
func (s *Service) expireWeek(ctx context.Context, d workroom.Scope, now time.Time) (n int, err error) {
	id := workroom.ContractID(d.Owner())
	k := workroom.ContractScope(id)
	var hints []store.Hint
	err = s.store.Write(ctx, func(tx store.Tx) error {
		n, hints = 0, nil
		b := store.NewBatch(ctx, tx)
		if err := b.Lock(k, d); err != nil {
			return err
		}
		view := b.View([]workroom.Scope{k, d})
		changes, files := workroom.ExpireWeek(view, id, d.Part(), now)
		if view.Err != nil {
			return view.Err
		}
		if len(changes) == 0 {
			return nil
		}
		c, known := workroom.Get[*workroom.Contract](view, workroom.Ref{Scope: k, Kind: workroom.KindContract, ID: string(id)})
		if known != workroom.Held {
			return view.Err
		}
		for _, f := range files {
			b.Erase(c.Freelancer, f, now)
		}
		n = len(changes) - 2 // the line in the log, and word of it
		for part := range slices.Chunk(changes, maxRows) {
			if _, _, err := b.Write("", now, "", part); err != nil {
				return err
			}
		}
		var err error
		hints, err = b.Flush()
		return err
	})
	if err == nil {
		s.tell(hints)
	}
	return n, err
}

// unpictured are the files of pictures that changes take out of the diary, and those a command names whose picture has no place in it any
// more. Their bytes go with the transaction.
func unpictured(b *store.Batch, x *item, changes []workroom.Change) (lost []workroom.FileID, err error) {
	stays := map[workroom.FileID]bool{}
	shots := false
	for _, c := range changes {
		if c.Ref.Kind != workroom.KindShot {
			continue
		}
		view := b.View([]workroom.Scope{c.Ref.Scope})
		if old, k := workroom.Get[*workroom.Shot](view, c.Ref); k == workroom.Held {
			lost = append(lost, old.Files()...)
		}
		if view.Err != nil {
			return nil, view.Err
		}
		if s, ok := c.Thing.(*workroom.Shot); ok {
			for _, f := range s.Files() {
				stays[f] = true
			}
		}
		shots = true
	}
	if f, ok := x.does.(workroom.AddShot); ok && shots {
		lost = append(lost, f.FileIDs()...)
	}
	return slices.DeleteFunc(lost, func(f workroom.FileID) bool { return stays[f] }), nil
}

// elsewhere refuses a screenshot whose picture was named before, unless by the same screenshot: a picture is of one segment, and goes with
// that one alone.
func (w *writer) elsewhere(b *store.Batch, x *item, file *store.File) *workroom.Refusal {
	c, ok := x.does.(workroom.AddShot)
	if !ok || file.Named == 0 {
		return nil
	}
	view := b.View(x.does.Scopes())
	if s, k := workroom.Get[*workroom.Shot](view, c.Ref()); k == workroom.Held && slices.Contains(s.Files(), file.ID) {
		return nil
	}
	return workroom.Bad("file", "This picture belongs to another screenshot.")
}

// placeless gives up the pictures of a screenshot that was refused for good, or for which there is no place in the diary: nobody waits for
// them, and nobody may look at them. What waits for something else to be accepted may be sent once more, so its pictures stay for a while.
func placeless(b *store.Batch, x *item, res wire.Result, at time.Time) error {
	c, ok := x.does.(workroom.AddShot)
	if !ok || res.Status != wire.OK && (res.Status != wire.Rejected || res.Code == workroom.DepFailed || res.Code == workroom.Internal || res.Code.LaneFatal()) {
		return nil
	}
	for _, id := range c.FileIDs() {
		file, ok, err := b.File(x.caller.Account, id)
		if err != nil {
			return err
		}
		if ok && file.Named == 0 {
			b.GiveUp(x.caller.Account, id, at)
		}
	}
	return nil
}
