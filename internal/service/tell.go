package service

import (
	"context"

	"trestle/internal/service/live"
	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// tell says what a committed transaction wrote to those who may know, as their rights were in that transaction.
func (s *Service) tell(hints []store.Hint) {
	for _, h := range hints {
		e := encoder{s: s}
		for _, r := range h.To {
			s.hub.Tell(r.Account, live.Note{Head: h.Head, Moved: h.Moved, Gen: r.Gen, Rows: e.rows(h.Frames, r.FromBorn)})
		}
	}
}

// encoder writes frames down once for all readers who are shown the same of them.
type encoder struct {
	s    *Service
	done map[int64][]*live.Rows // by how many dated things are hidden
}

// rows are the frames as a reader sees them: of dated things only what was born since they may look.
func (e *encoder) rows(frames []store.Frame, from int64) []*live.Rows {
	hidden := int64(0)
	for _, f := range frames {
		for _, t := range f.Things {
			if t.Kind.Dated() && t.Born < from {
				hidden = max(hidden, t.Born+1)
			}
		}
	}
	if out, ok := e.done[hidden]; ok {
		return out
	}
	var out []*live.Rows
	for _, f := range frames {
		if !e.s.hub.Watched(f.Scope) {
			continue
		}
		r := wire.Rows{Scope: f.Scope, Prev: f.Prev, Seq: f.Seq, Tag: f.Tag, Msgs: f.Msgs, Things: []wire.Thing{}}
		for _, t := range f.Things {
			if !t.Kind.Dated() || t.Born >= hidden {
				r.Things = append(r.Things, t)
			}
		}
		x, err := live.Encode(r)
		if err != nil { // a hint is told in its place
			e.s.log.Error("encode rows", "scope", f.Scope, "error", err.Error())
			continue
		}
		out = append(out, x)
	}
	if e.done == nil {
		e.done = map[int64][]*live.Rows{}
	}
	e.done[hidden] = out
	return out
}

// watch replaces the scopes whose rows a connection of the caller is sent. The heads are read after that, so that nothing falls between.
func (s *Service) watch(ctx context.Context, in *wire.Watch) (*wire.WatchOut, error) {
	if len(in.Scopes) > wire.MaxWatch {
		return nil, workroom.Bad("scopes", "At most %d scopes can be watched at once.", wire.MaxWatch)
	}
	who := callerOf(ctx).Account
	var scopes []workroom.Scope
	for _, sc := range in.Scopes {
		if sc.Valid() {
			scopes = append(scopes, sc)
		}
	}
	if !s.hub.Watch(in.Conn, who, scopes) {
		return nil, workroom.Refuse(workroom.NoAccess)
	}
	out := &wire.WatchOut{Heads: []wire.Head{}}
	if len(scopes) == 0 {
		return out, nil
	}
	err := s.store.Read(ctx, func(tx store.Tx) (err error) {
		out.Heads, err = tx.HeadsOf(ctx, who, scopes)
		return err
	})
	if err != nil {
		return nil, s.fail(ctx, "watch", err)
	}
	return out, nil
}

// beacon reads the heads of those scopes that an account may read by now. With an error there is none this time.
func (s *Service) beacon(ctx context.Context, who workroom.AccountID, scopes []workroom.Scope) []wire.BeaconHead {
	var out []wire.BeaconHead
	err := s.store.Read(ctx, func(tx store.Tx) error {
		heads, err := tx.HeadsOf(ctx, who, scopes)
		for _, h := range heads {
			out = append(out, wire.BeaconHead{Scope: h.Scope, Seq: h.Seq, Tag: h.Tag})
		}
		return err
	})
	if err != nil {
		s.fail(ctx, "read heads for a beacon", err)
		return nil
	}
	return out
}
