package service

import (
	"context"
	"time"

	"trestle/internal/service/store"
)

// How long the service keeps what nobody finished.
const (
	keepUnfinished = 30 * 24 * time.Hour // an upload that was never completed; its sender announces it again
	keepUnnamed    = 24 * time.Hour      // a part that no announced file lists
)

// sweep removes uploads that were given up, and then parts that no file lists. The bytes go while the lock is held: an upload announced
// before it lists its parts and so keeps them, one announced after it is told that they are missing.
func (s *Service) sweep(ctx context.Context) error {
	now := s.now()
	err := s.store.Write(ctx, func(tx store.Tx) error { return tx.DropUnfinished(ctx, now.Add(-keepUnfinished).UnixMicro()) })
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
		gone := 0
		err := s.store.Write(ctx, func(tx store.Tx) error {
			unlisted, err := tx.Unlisted(ctx, space, now.Add(-keepUnnamed).UnixMicro())
			if err != nil {
				return err
			}
			for _, sha := range unlisted {
				if err := tx.DropPart(ctx, space, sha); err != nil {
					return err
				}
				if err := s.files.Remove(ctx, space, sha); err != nil {
					return err
				}
			}
			gone = len(unlisted)
			return nil
		})
		if err != nil {
			return err
		}
		if gone > 0 {
			s.log.InfoContext(ctx, "swept parts", "space", space, "parts", gone)
		}
	}
	return nil
}
