package service

import (
	"context"
	"errors"
	"slices"

	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

const maxExpect = 4

// asExpected looks whether what a person saw when they decided is still so; moved if not. A command may only name things of its own scopes.
func (w *writer) asExpected(b *store.Batch, x *item, scopes []workroom.Scope) (*workroom.Refusal, error) {
	if len(x.cmd.Expect) > maxExpect {
		return workroom.Bad("expect", "A command expects at most %d things.", maxExpect), nil
	}
	for _, e := range x.cmd.Expect {
		if !slices.Contains(scopes, e.Scope) || len(e.ID) > 200 || e.Rev < 0 {
			return workroom.Bad("expect", "A command expects things of its own scopes only."), nil
		}
		ok, err := b.Holds(x.caller.Account, refOf(e), e.Rev)
		if err != nil {
			return nil, err
		}
		if !ok {
			return workroom.Refuse(workroom.Moved), nil
		}
	}
	return nil, nil
}

func refOf(e wire.Expect) workroom.Ref {
	return workroom.Ref{Scope: e.Scope, Kind: e.Kind, ID: e.ID}
}

// present are the things that a command expected otherwise, as they stand now and as its author may see them.
func (w *writer) present(b *store.Batch, x *item) ([]wire.Thing, error) {
	var out []wire.Thing
	for i, e := range x.cmd.Expect {
		if i == maxExpect || !e.Scope.Valid() || len(e.ID) > 200 {
			break
		}
		t, ok, err := b.Present(x.caller.Account, refOf(e))
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, t)
		}
	}
	return out, nil
}

// sameCopy notes which copy of a profile sends under a device's id, and refuses any other: two copies would number their commands over
// each other.
func (s *Service) sameCopy(ctx context.Context, c Caller, inc string) error {
	if !workroom.ValidID(inc) {
		return workroom.Bad("inc", "The copy of the profile has no proper id.")
	}
	if s.copies.is(c, inc) {
		return nil
	}
	is := ""
	err := s.store.Read(ctx, func(tx store.Tx) (err error) {
		is, err = tx.Incarnation(ctx, c.Account, c.Device)
		return err
	})
	if err == nil && is == "" {
		err = s.store.Write(ctx, func(tx store.Tx) (err error) {
			is, err = tx.SetIncarnation(ctx, c.Account, c.Device, inc, s.now().UnixMicro())
			return err
		})
	}
	switch {
	case errors.Is(err, store.ErrDevices):
		return workroom.Refuse(workroom.Quota)
	case err != nil:
		return s.fail(ctx, "look which copy sends", err)
	case is != inc:
		s.log.InfoContext(ctx, "two copies of a profile", "account", c.Account, "device", c.Device)
		return workroom.Refuse(workroom.DeviceCloned)
	}
	s.copies.add(c, inc)
	return nil
}
