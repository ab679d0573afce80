package service

import (
	"context"
	"fmt"

	"trestle/internal/service/store"
	"trestle/internal/workroom"
)

// Act writes changes that no command of a person asks for: what the service does of itself, in the name of an account. They get their
// numbers, are stored and told like those of a command; nobody is asked whether they may.
func (s *Service) Act(ctx context.Context, by workroom.AccountID, changes []workroom.Change) error {
	var hints []store.Hint
	err := s.store.Write(ctx, func(tx store.Tx) error {
		b := store.NewBatch(ctx, tx)
		var scopes []workroom.Scope
		for _, c := range changes {
			scopes = append(scopes, c.Ref.Scope, c.Ref.Scope.Root())
			if c.Ref.Kind == workroom.KindGrant { // who may read a scope changes only under its lock
				scopes = append(scopes, workroom.Scope(c.Ref.ID))
			}
		}
		err := b.Lock(scopes...)
		if err != nil {
			return err
		}
		if _, _, err = b.Write(by, s.now(), "", changes); err != nil {
			return err
		}
		hints, err = b.Flush()
		return err
	})
	if err != nil {
		return fmt.Errorf("act: %w", err)
	}
	s.tell(hints)
	return nil
}
