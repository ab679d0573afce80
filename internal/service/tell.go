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
	if s.failAt(PointTell) != nil {
		return // nobody is told: they find out by asking
	}
	s.people.told(hints)
	for _, h := range hints {
		e := &encoder{s: s, all: s.nodes != nil && len(h.To) <= fewReaders}
		for _, r := range h.To {
			s.hub.Tell(r.Account, live.Note{Head: h.Head, Moved: h.Moved, Gen: r.Gen, Rows: e.rows(h.Frames, r.FromBorn)})
		}
		if s.nodes != nil {
			s.nodes.tell(h, e)
		}
	}
}

// endToken closes the streams of a token that is no longer good, on every node.
func (s *Service) endToken(who workroom.AccountID, hash string) {
	s.hub.End(hash)
	if s.nodes != nil {
		s.nodes.endToken(who, hash)
	}
}

// Points of the service itself where it can be made to fail, beside those of its store.
const (
	PointAnswer = "service.answer" // commands are stored, their sender is not told
	PointTell   = "service.tell"   // commands are stored, no listener is told
)

// Points lists all failpoints of a service (Config.Fail).
func Points() []string {
	return append(store.Points(), PointAnswer, PointTell)
}

func (s *Service) failAt(point string) error {
	if s.cfg.Fail == nil {
		return nil
	}
	return s.cfg.Fail(point)
}

// encoder writes frames down once for all readers who are shown the same of them.
type encoder struct {
	s    *Service
	all  bool                   // whether or not somebody here watches: the other nodes are told too
	done map[int64][]*live.Rows // by what is hidden
}

// hidden is the born number below which a reader is shown no dated thing of these frames, 0 if they are shown all.
func (e *encoder) hidden(frames []store.Frame, from int64) int64 {
	n := int64(0)
	for _, f := range frames {
		for _, t := range f.Things {
			if t.Kind.Dated() && t.Born < from {
				n = max(n, t.Born+1)
			}
		}
	}
	return n
}

// rows are the frames as a reader sees them: of dated things only what was born since they may look.
func (e *encoder) rows(frames []store.Frame, from int64) []*live.Rows {
	hidden := e.hidden(frames, from)
	if out, ok := e.done[hidden]; ok {
		return out
	}
	var out []*live.Rows
	for _, f := range frames {
		if !e.all && !e.s.hub.Watched(f.Scope) {
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
	found := s.hub.Watch(in.Conn, who, scopes)
	if !found && s.nodes != nil {
		var err error
		if found, err = s.nodes.watch(ctx, in.Conn, who, scopes); err != nil {
			return nil, err
		}
	}
	if !found {
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
