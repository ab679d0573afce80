package service

import (
	"context"
	"sync"
	"time"

	"trestle/internal/service/live"
	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// people is what the service knows of people while it runs and stores nowhere: who is here, and who said a moment ago that they write.
type people struct {
	s     *Service
	here  *presence
	paces paces // of typing and of changes of presence

	mu    sync.Mutex
	typed map[typing]time.Time
	stale map[workroom.AccountID]bool // whose state is to be told
	wake  chan struct{}
	end   chan struct{}
	all   sync.WaitGroup
}

type typing struct {
	room workroom.RoomID
	who  workroom.AccountID
}

// How often a device may say that its person writes, or how it is used: far more than one that works as it should.
const (
	signsPerSecond = 1
	signsBurst     = 30
)

func newPeople(s *Service) *people {
	p := &people{
		s: s, here: newPresence(), typed: map[typing]time.Time{}, stale: map[workroom.AccountID]bool{}, wake: make(chan struct{}, 1), end: make(chan struct{}),
	}
	p.paces.set(Limits{Commands: signsPerSecond, Burst: signsBurst})
	p.here.tell = p.changed
	p.here.share = func(states map[workroom.AccountID]wire.State) {
		if s.nodes != nil {
			s.nodes.share(states)
		}
	}
	p.all.Go(p.run)
	return p
}

func (p *people) close() {
	close(p.end)
	p.all.Wait()
}

// changed notes that those who share a room with an account are to be told of it. It never waits.
func (p *people) changed(who workroom.AccountID) {
	p.mu.Lock()
	p.stale[who] = true
	p.mu.Unlock()
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// run tells of those who changed, one after the other: the question whom to tell is the database's.
func (p *people) run() {
	for {
		select {
		case <-p.end:
			return
		case <-p.wake:
		}
		p.mu.Lock()
		list := p.stale
		p.stale = map[workroom.AccountID]bool{}
		p.mu.Unlock()
		for who := range list {
			select {
			case <-p.end:
				return
			default:
				p.tell(who)
			}
		}
	}
}

// tell tells those connected here who share a room with an account, as rooms are now, how it is.
func (p *people) tell(who workroom.AccountID) {
	ctx := context.Background()
	var mates map[workroom.AccountID]bool
	state := wire.Off
	err := p.s.store.Read(ctx, func(tx store.Tx) error {
		list, err := p.s.known(ctx, tx, []workroom.AccountID{who})
		if err != nil {
			return err
		}
		state = list[0].State
		mates, err = tx.Mates(ctx, who)
		return err
	})
	if err != nil {
		p.s.fail(ctx, "read whom to tell of a person", err)
		return
	}
	here := p.s.hub.Here(func(yield func(workroom.AccountID) bool) {
		for m := range mates {
			if !yield(m) {
				return
			}
		}
	})
	for _, m := range here {
		p.s.hub.Sign(m, live.Sign{Presence: &wire.Presence{Who: who, State: state}})
	}
}

// tend forgets what is over.
func (p *people) tend() {
	p.paces.prune()
	p.mu.Lock()
	for t, at := range p.typed {
		if time.Since(at) > wire.TypingEvery*time.Second {
			delete(p.typed, t)
		}
	}
	p.mu.Unlock()
	p.here.tend()
}

// told looks through what a transaction wrote for what people say about themselves.
func (p *people) told(hints []store.Hint) {
	for _, h := range hints {
		if h.Head.Scope.Kind() != "a" {
			continue
		}
		for _, f := range h.Frames {
			for _, t := range f.Things {
				if t.Kind == workroom.KindProfile || t.Kind == workroom.KindAway {
					who := workroom.AccountID(h.Head.Scope.Owner())
					p.changed(who)
					if p.s.nodes != nil {
						p.s.nodes.sendNote(signsOf+p.s.nodes.id, note{Who: who})
					}
				}
			}
		}
	}
}

// known is what others may know of accounts now, whoever asks.
func (s *Service) known(ctx context.Context, tx store.Tx, ids []workroom.AccountID) ([]wire.Person, error) {
	own, err := tx.Own(ctx, ids, workroom.KindProfile, workroom.KindAway)
	if err != nil {
		return nil, err
	}
	out := make([]wire.Person, len(ids))
	for i, id := range ids {
		p := wire.Person{ID: id, State: s.people.here.of(id)}
		for _, t := range own[id] {
			switch t := t.(type) {
			case *workroom.Profile:
				p.Zone = t.Zone
				if t.Shy {
					p.State = wire.Off
				}
			case *workroom.Away:
				if t.Now(s.now()) {
					p.Away = &wire.Absence{First: t.First, Last: t.Last, Text: t.Text}
				}
			}
		}
		out[i] = p
	}
	return out, nil
}

// whoIs answers what may be known of those people whom the caller shares a room with at this moment.
func (s *Service) whoIs(ctx context.Context, in *wire.PeopleOf) (*wire.PeopleOut, error) {
	if len(in.IDs) > wire.MaxPeople {
		return nil, workroom.Bad("ids", "At most %d people can be asked about at once.", wire.MaxPeople)
	}
	var ids []workroom.AccountID
	for _, id := range in.IDs {
		if workroom.ValidID(id) {
			ids = append(ids, workroom.AccountID(id))
		}
	}
	out := &wire.PeopleOut{People: []wire.Person{}}
	if len(ids) == 0 {
		return out, nil
	}
	err := s.store.Read(ctx, func(tx store.Tx) error {
		mates, err := tx.Mates(ctx, callerOf(ctx).Account, ids...)
		if err != nil {
			return err
		}
		var open []workroom.AccountID
		for _, id := range ids {
			if mates[id] {
				open = append(open, id)
				delete(mates, id)
			}
		}
		if out.People, err = s.known(ctx, tx, open); err != nil {
			return err
		}
		return withhold(ctx, tx, callerOf(ctx).Account, out.People)
	})
	if err != nil {
		return nil, s.fail(ctx, "read what is known of people", err)
	}
	return out, nil
}

// slow answers how long a caller has to wait before the next sign, nil for not at all.
func (s *Service) slow(c Caller) error {
	if wait := s.people.paces.take(string(c.Account)+"."+c.token.Device, 1, time.Now()); wait > 0 {
		return tooFast(workroom.Refuse(workroom.Rate).Text, wait)
	}
	return nil
}

// typing tells the other members of a room that the caller writes. Nothing is stored, and in a room with many members nobody is told.
func (s *Service) typing(ctx context.Context, in *wire.TypingIn) (*wire.None, error) {
	c := callerOf(ctx)
	if !workroom.ValidID(string(in.Room)) {
		return nil, workroom.Refuse(workroom.NoAccess)
	}
	if err := s.slow(c); err != nil {
		return nil, err
	}
	var readers []store.Reader
	var mates map[workroom.AccountID]bool
	scope := workroom.RoomScope(in.Room)
	err := s.store.Read(ctx, func(tx store.Tx) error {
		_, ok, err := tx.Access(ctx, c.Account, scope)
		if err != nil {
			return err
		}
		if !ok {
			return workroom.Refuse(workroom.NoAccess)
		}
		if err := s.mayUpload(ctx, tx, c.Account); err != nil {
			return err
		}
		if !s.people.begins(typing{in.Room, c.Account}) {
			return nil
		}
		if readers, err = tx.Readers(ctx, scope); err != nil || len(readers) > fewReaders {
			return err
		}
		ids := make([]workroom.AccountID, len(readers))
		for i, r := range readers {
			ids[i] = r.Account
		}
		mates, err = tx.Mates(ctx, c.Account, ids...)
		return err
	})
	if err != nil {
		return nil, s.fail(ctx, "say who writes", err)
	}
	sign := &wire.Typing{Scope: scope, Who: c.Account}
	for who := range mates {
		s.hub.Sign(who, live.Sign{Typing: sign})
		if s.nodes != nil {
			s.nodes.sendNote("u."+string(who), note{Typing: sign})
		}
	}
	return &wire.None{}, nil
}

// begins notes that somebody writes, and reports whether it is to be told: not again within TypingEvery seconds.
func (p *people) begins(t typing) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if at, ok := p.typed[t]; ok && now.Sub(at) < wire.TypingEvery*time.Second {
		return false
	}
	p.typed[t] = now
	return true
}

// setPresence takes in how a connection of the caller is used, also one of another node.
func (s *Service) setPresence(ctx context.Context, in *wire.PresenceIn) (*wire.None, error) {
	c := callerOf(ctx)
	if !in.State.Known() || len(in.Conn) > 64 {
		return nil, workroom.Refuse(workroom.BadInput)
	}
	if err := s.slow(c); err != nil {
		return nil, err
	}
	if !s.used(in.Conn, c.Account, in.State) {
		if s.nodes == nil || !s.nodes.used(in.Conn, c.Account, in.State) {
			return nil, workroom.Refuse(workroom.NoAccess)
		}
	}
	return &wire.None{}, nil
}

// used takes in how a connection here is used; false if the account has none of that id here.
func (s *Service) used(conn string, who workroom.AccountID, state wire.State) bool {
	if !s.hub.Has(conn, who) {
		return false
	}
	s.people.here.set(conn, who, state)
	if !s.hub.Has(conn, who) { // it ended meanwhile
		s.people.here.leave(conn, who)
	}
	return true
}
