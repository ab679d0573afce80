package service

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"trestle/internal/service/live"
	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

const maxOpen = 100 // scopes of one open

// heads lists what the caller may read, or says that nothing changed.
func (s *Service) heads(ctx context.Context, in *wire.HeadsIn) (*wire.Heads, error) {
	who := callerOf(ctx).Account
	out := &wire.Heads{Epoch: s.store.Epoch}
	err := s.store.Read(ctx, func(tx store.Tx) (err error) {
		out.Scopes, err = tx.Heads(ctx, who)
		return err
	})
	if err != nil {
		return nil, s.fail(ctx, "read heads", err)
	}
	tag := `"` + wire.HeadsTag(out.Epoch, out.Scopes) + `"`
	out.Same = slices.ContainsFunc(strings.Split(in.IfNoneMatch, ","), func(t string) bool {
		return strings.TrimPrefix(strings.TrimSpace(t), "W/") == tag // a proxy may weaken it
	})
	return out, nil
}

// openScopes reads scopes at one moment. One that is absent or forbidden is answered as gone, both alike.
func (s *Service) openScopes(ctx context.Context, in *wire.Open) (*wire.OpenOut, error) {
	if len(in.Scopes) > maxOpen {
		return nil, workroom.Bad("scopes", "At most %d scopes can be opened at once.", maxOpen)
	}
	who := callerOf(ctx).Account
	out := &wire.OpenOut{Epoch: s.store.Epoch, Scopes: []wire.Opened{}}
	err := s.store.Read(ctx, func(tx store.Tx) error {
		for _, sc := range in.Scopes {
			if !sc.Valid() {
				out.Scopes = append(out.Scopes, wire.Opened{Scope: sc, Gone: true})
				continue
			}
			o, err := tx.Open(ctx, who, sc, in.Tail)
			if err != nil {
				return err
			}
			out.Scopes = append(out.Scopes, o)
		}
		return nil
	})
	if err != nil {
		return nil, s.fail(ctx, "open scopes", err)
	}
	return out, nil
}

func (s *Service) pull(ctx context.Context, in *wire.Pull) (*wire.Page, error) {
	if len(in.Acked) > wire.MaxAcked {
		return nil, workroom.Bad("acked", "At most %d commands can be asked about at once.", wire.MaxAcked)
	}
	if slices.ContainsFunc(in.Acked, func(id string) bool { return !workroom.ValidID(id) }) {
		return nil, workroom.Refuse(workroom.BadInput)
	}
	in.Acked = slices.Compact(slices.Sorted(slices.Values(in.Acked)))
	var out *wire.Page
	err := s.reading(ctx, in.Scope, func(tx store.Tx) (ok bool, err error) {
		out, ok, err = tx.Pull(ctx, callerOf(ctx).Account, s.store.Epoch, *in)
		return ok, err
	})
	return out, err
}

func (s *Service) rangeOf(ctx context.Context, in *wire.Range) (*wire.RangeOut, error) {
	if in.Around != "" && !workroom.ValidID(in.Around) {
		return nil, workroom.Refuse(workroom.NoAccess)
	}
	var out *wire.RangeOut
	err := s.reading(ctx, in.Scope, func(tx store.Tx) (ok bool, err error) {
		out, ok, err = tx.Range(ctx, callerOf(ctx).Account, *in)
		return ok, err
	})
	return out, err
}

func (s *Service) things(ctx context.Context, in *wire.ThingsOf) (*wire.ThingsOut, error) {
	if len(in.IDs) > 100 {
		return nil, workroom.Bad("ids", "At most 100 things can be read at once.")
	}
	if slices.ContainsFunc(in.IDs, func(id string) bool { return len(id) > 200 || strings.ContainsRune(id, 0) }) || len(in.Kind) > 32 || strings.ContainsRune(string(in.Kind), 0) {
		return nil, workroom.Refuse(workroom.BadInput)
	}
	out := &wire.ThingsOut{}
	err := s.reading(ctx, in.Scope, func(tx store.Tx) (ok bool, err error) {
		out.Things, ok, err = tx.Things(ctx, callerOf(ctx).Account, *in)
		return ok, err
	})
	return out, err
}

// reading runs do over one moment and turns "not there" and "not yours" into the same answer.
func (s *Service) reading(ctx context.Context, sc workroom.Scope, do func(store.Tx) (bool, error)) error {
	if !sc.Valid() {
		return workroom.Refuse(workroom.NoAccess)
	}
	found := false
	err := s.store.Read(ctx, func(tx store.Tx) (err error) {
		found, err = do(tx)
		return err
	})
	if err != nil {
		return s.fail(ctx, "read a scope", err)
	}
	if !found {
		return workroom.Refuse(workroom.NoAccess)
	}
	return nil
}

func (s *Service) digest(ctx context.Context, in *wire.DigestIn) (*wire.DigestOut, error) {
	if in.Lo < 0 || in.Hi < 0 || in.Hi-in.Lo > wire.MaxDigest {
		return nil, workroom.Bad("hi", "The digest of at most %d born numbers can be asked at once.", wire.MaxDigest)
	}
	var out *wire.DigestOut
	err := s.reading(ctx, in.Scope, func(tx store.Tx) (ok bool, err error) {
		out, ok, err = tx.Digest(ctx, callerOf(ctx).Account, *in)
		return ok, err
	})
	return out, err
}

// events opens the live channel.
func (s *Service) events(w http.ResponseWriter, r *http.Request) {
	c := callerOf(r.Context())
	if s.nodes != nil {
		s.nodes.listen(c.Account)
		defer s.nodes.leave(c.Account)
	}
	conn := s.hub.Join(c.Account, c.token.Hash)
	if conn == nil {
		busy().Write(w)
		return
	}
	defer s.people.here.leave(conn.ID, c.Account)
	defer s.hub.Leave(conn)
	hello := wire.Hello{Epoch: s.store.Epoch, Now: s.now().UnixMicro()}
	s.hub.Stream(w, r, conn, hello, live.Asks{
		Good: func() bool {
			_, ok, err := s.token(r.Context(), c.token.Hash, s.now())
			return ok || err != nil
		},
		Heads: func(scopes []workroom.Scope) []wire.BeaconHead { return s.beacon(r.Context(), c.Account, scopes) },
		Now:   s.now,
	})
}
