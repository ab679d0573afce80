package service

import (
	"context"
	"time"

	"trestle/internal/service/files"
	"trestle/internal/service/store"
)

// How long the service keeps what nobody finished.
const (
	keepUnfinished = 30 * 24 * time.Hour // an upload that was never completed; its sender announces it again
	keepUnasked    = 7 * 24 * time.Hour  // an upload that was completed and that no command named
	keepHope       = store.KeepRecords   // the same while a device that may hold the command stays away; and word of one that was given up
	keepUnnamed    = 24 * time.Hour      // a part that no announced file lists
	keepPieces     = 48 * time.Hour      // a piece of a part that was never made whole
	betweenPasses  = 50 * time.Minute    // from the first pass of the sweep to the second
	takenFor       = 2 * time.Minute     // a node has that long to remove the bytes of a part it took; then another may
	removeWithin   = time.Minute
	straysEach     = 24 * time.Hour // how often the whole store is listed for bytes that no row names
)

// Points of keeping and sweeping parts of files (Config.Fail); commands never meet them, so they are no part of Points.
const (
	PointKept  = "service.kept"  // a part's bytes are safe, its row is not written
	PointTaken = "service.taken" // the sweep took a part, its bytes are there
	PointSwept = "service.swept" // the part's bytes are gone, its row is there
)

// FilePoints lists the failpoints of parts of files.
func FilePoints() []string { return []string{PointKept, PointTaken, PointSwept} }

// sweep removes the files whose things are tombstones, uploads that were given up or that nothing ever named, and then in two passes the parts that no file lists. Any
// node may run it at any time; store.part says why none takes what another just promised to keep.
func (s *Service) sweep(ctx context.Context) error {
	now := s.now()
	err := s.sweepErased(ctx)
	if err == nil {
		err = s.sweepUnnamed(ctx)
	}
	if err == nil {
		err = s.store.Write(ctx, func(tx store.Tx) error {
			return tx.DropUnfinished(ctx, now.Add(-keepUnfinished).UnixMicro(), now.Add(-keepHope).UnixMicro())
		})
	}
	if err != nil {
		return err
	}
	var spaces []string
	err = s.store.Read(ctx, func(tx store.Tx) error {
		spaces, err = tx.Spaces(ctx)
		return err
	})
	if err != nil {
		return err
	}
	for _, space := range spaces {
		gone, err := s.sweepSpace(ctx, space)
		if gone > 0 {
			s.log.InfoContext(ctx, "swept parts", "space", space, "parts", gone)
		}
		if err != nil {
			return err
		}
	}
	if _, err := s.files.DropPieces(ctx, now.Add(-keepPieces)); err != nil {
		return err
	}
	if now.Sub(time.UnixMicro(s.strays.Load())) < straysEach {
		return nil
	}
	s.strays.Store(now.UnixMicro())
	return s.sweepStrays(ctx)
}

// sweepErased forgets files whose thing is a tombstone, and their previews.
func (s *Service) sweepErased(ctx context.Context) error {
	for {
		var list []*store.File
		err := s.store.Read(ctx, func(tx store.Tx) (err error) {
			list, err = tx.Erasable(ctx, 200)
			return err
		})
		if err != nil || len(list) == 0 {
			return err
		}
		for _, f := range list {
			if err := s.files.DropThumbs(ctx, string(f.Owner)+"."+string(f.ID)); err != nil {
				return err
			}
			if err := s.store.Write(ctx, func(tx store.Tx) error { return tx.DropFile(ctx, f) }); err != nil {
				return err
			}
		}
	}
}

// sweepUnnamed gives up complete uploads that no command named for a week, unless a device that may still hold the command has not been back
// since. A command that comes later all the same is refused in words, its text kept; an upload announced again begins anew.
func (s *Service) sweepUnnamed(ctx context.Context) error {
	now := s.now()
	for {
		var list []*store.File
		err := s.store.Read(ctx, func(tx store.Tx) (err error) {
			list, err = tx.Unnamed(ctx, now.Add(-keepUnasked).UnixMicro(), now.Add(-keepHope).UnixMicro(), keepUnasked.Microseconds(), 200)
			return err
		})
		if err != nil || len(list) == 0 {
			return err
		}
		given := 0
		for _, f := range list {
			if err := s.files.DropThumbs(ctx, string(f.Owner)+"."+string(f.ID)); err != nil {
				return err
			}
			err := s.store.Write(ctx, func(tx store.Tx) error {
				took, err := tx.GiveUp(ctx, f, now.UnixMicro())
				if took {
					given++
				}
				return err
			})
			if err != nil {
				return err
			}
		}
		if given == 0 { // others were faster with all of them
			return nil
		}
		s.log.InfoContext(ctx, "gave up uploads that nothing names", "files", given)
	}
}

// sweepSpace does both passes over a space: what was doomed in an earlier run and is still listed by no file goes, what is listed by none
// now is doomed for a later one.
func (s *Service) sweepSpace(ctx context.Context, space string) (gone int, err error) {
	now := s.now()
	us := now.UnixMicro()
	var parts map[string]store.PartState
	var listed map[string]bool
	err = s.store.Read(ctx, func(tx store.Tx) error {
		if parts, err = tx.PartsOf(ctx, space); err != nil {
			return err
		}
		listed, err = tx.Listed(ctx, space)
		return err
	})
	if err != nil {
		return 0, err
	}
	second := now.Add(-betweenPasses).UnixMicro()
	var doom, spare, take []string
	for sha, p := range parts {
		switch {
		case p.Taken > 0 && p.Taken < us, p.Taken == 0 && p.Doomed > 0 && p.Doomed <= second && !listed[sha] && p.Pinned <= us:
			take = append(take, sha)
		case p.Taken > 0:
		case listed[sha] && p.Doomed > 0:
			spare = append(spare, sha)
		case !listed[sha] && p.Doomed == 0 && p.At < now.Add(-keepUnnamed).UnixMicro():
			doom = append(doom, sha)
		}
	}
	if len(doom)+len(spare) > 0 {
		err = s.store.Write(ctx, func(tx store.Tx) error {
			if err := tx.Doom(ctx, space, doom, us); err != nil {
				return err
			}
			return tx.Spare(ctx, space, spare)
		})
	}
	for _, sha := range take {
		if err != nil {
			return gone, err
		}
		var took bool
		took, err = s.removePart(ctx, space, sha, func(ctx context.Context, tx store.Tx, now, until int64) (bool, error) {
			return tx.Take(ctx, space, sha, second, now, until)
		})
		if took {
			gone++
		}
	}
	return gone, err
}

// removePart takes a part and removes its bytes, and only then forgets it: until it is forgotten nobody can send it anew. The bytes are not
// touched any more once another node might have taken it over.
func (s *Service) removePart(ctx context.Context, space, sha string, take func(ctx context.Context, tx store.Tx, now, until int64) (bool, error)) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, removeWithin)
	defer cancel()
	now := s.now()
	until := now.Add(takenFor).UnixMicro()
	took := false
	err := s.store.Write(ctx, func(tx store.Tx) (err error) {
		took, err = take(ctx, tx, now.UnixMicro(), until)
		return err
	})
	if err != nil || !took {
		return false, err
	}
	if err := s.failAt(PointTaken); err != nil {
		return false, err
	}
	if err := s.files.Remove(ctx, space, sha); err != nil {
		return false, err
	}
	if err := s.failAt(PointSwept); err != nil {
		return false, err
	}
	return true, s.store.Write(ctx, func(tx store.Tx) error { return tx.DropPart(ctx, space, sha, until) })
}

// sweepStrays removes bytes that came long ago and that no row names: their sender or their node died before it could be noted.
func (s *Service) sweepStrays(ctx context.Context) error {
	old := s.now().Add(-keepPieces)
	known := map[string]map[string]store.PartState{}
	listed := map[string]map[string]bool{}
	gone := 0
	err := s.files.Parts(ctx, func(o files.Stored) error {
		if !o.At.Before(old) {
			return nil
		}
		if !shaPattern.MatchString(o.SHA) { // left half written in a folder
			return s.files.Remove(ctx, o.Space, o.SHA)
		}
		if known[o.Space] == nil {
			err := s.store.Read(ctx, func(tx store.Tx) (err error) {
				if known[o.Space], err = tx.PartsOf(ctx, o.Space); err != nil {
					return err
				}
				listed[o.Space], err = tx.Listed(ctx, o.Space)
				return err
			})
			if err != nil {
				return err
			}
		}
		if _, ok := known[o.Space][o.SHA]; ok {
			return nil
		}
		if listed[o.Space][o.SHA] { // a file needs it: the row was lost, not the bytes
			return s.keepPart(ctx, o.Space, o.SHA, o.Size)
		}
		took, err := s.removePart(ctx, o.Space, o.SHA, func(ctx context.Context, tx store.Tx, now, until int64) (bool, error) {
			return tx.TakeStray(ctx, o.Space, o.SHA, now, until)
		})
		if took {
			gone++
		}
		return err
	})
	if gone > 0 {
		s.log.InfoContext(ctx, "swept strays", "parts", gone)
	}
	return err
}
