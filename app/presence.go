package app

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"trestle/internal/courier"
	"trestle/internal/markup"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Presence is who is here and who writes (M-33), how far others have read, and what they are told of oneself. Nothing of it is known without
// a connection, and only this window's being used says that one is here: no key, no program, no time of last use leaves this computer.
type Presence struct{ c *Core }

// untouched is after how long a window that nobody touched counts as away.
const untouched = 10 * time.Minute

// using keeps whether this program's window is in use, and lets that lapse.
type using struct {
	mu    sync.Mutex
	lapse *time.Timer
	zone  string // that was told last
}

// Used says that the window was touched, or is hidden. A page says it again at most once a minute while it is touched.
func (p *Presence) Used(in UsedIn) (err error) {
	defer guard(&err)
	s, err := p.c.here()
	if err != nil {
		return err
	}
	s.use(in.Used)
	return s.tellZone(in.Zone)
}

func (s *Session) use(used bool) {
	s.using.mu.Lock()
	defer s.using.mu.Unlock()
	if s.using.lapse != nil {
		s.using.lapse.Stop()
	}
	state := wire.Away
	if used {
		state = wire.On
		s.using.lapse = time.AfterFunc(untouched, func() { s.courier.Here(wire.Away) })
	}
	s.courier.Here(state)
}

// tellZone keeps the time zone of this computer in the profile, once it is another.
func (s *Session) tellZone(zone string) error {
	s.using.mu.Lock()
	same := zone == "" || zone == s.using.zone
	s.using.zone = zone
	s.using.mu.Unlock()
	if same {
		return nil
	}
	p, known, err := s.profile()
	if err != nil || known == workroom.Unheld || p.Zone == zone {
		return err
	}
	_, err = s.enqueue(workroom.SetProfile{Who: s.me(), Zone: &zone}, enqueueOpts{})
	if refused := (*workroom.Refusal)(nil); errors.As(err, &refused) {
		return nil // a name the service would not take: others see no local time
	}
	return err
}

func (s *Session) profile() (workroom.Profile, workroom.Known, error) {
	x, known, err := s.replica.Thing(context.Background(), workroom.Ref{Scope: workroom.AccountScope(s.me()), Kind: workroom.KindProfile, ID: string(s.me())})
	if t, ok := x.Thing.(*workroom.Profile); ok && known == workroom.Held && err == nil {
		return *t, known, nil
	}
	return workroom.Profile{}, known, err
}

// Typing says that the person writes in a room; the page says it at most once in four seconds.
func (p *Presence) Typing(in RoomIn) (err error) {
	defer guard(&err)
	s, err := p.c.here()
	if err != nil {
		return err
	}
	room, _, err := s.room(in.Room)
	if err != nil {
		return err
	}
	s.goes(func() { _ = s.courier.Typing(s.ctx, room) }) // worth something now or not at all
	return nil
}

// People tells what is known now of people one shares a room with.
func (p *Presence) People(in SeenIn) (out SeenView, err error) {
	defer guard(&err)
	out.People = []PersonSeen{}
	s, err := p.c.here()
	if err != nil {
		return out, err
	}
	if s.courier.Status().Phase != courier.Online {
		return out, nil
	}
	ids := slices.DeleteFunc(slices.Clone(in.IDs), func(id string) bool { return !workroom.ValidID(id) || id == s.st.Account })
	ctx, cancel := context.WithTimeout(s.ctx, 5*time.Second)
	defer cancel()
	for part := range slices.Chunk(ids, wire.MaxPeople) {
		list, err := s.courier.People(ctx, part)
		if err != nil {
			return SeenView{People: []PersonSeen{}}, nil // blank, as without a connection
		}
		for _, x := range list {
			out.People = append(out.People, seen(x))
		}
	}
	out.Known = true
	return out, nil
}

func seen(x wire.Person) PersonSeen {
	row := PersonSeen{ID: string(x.ID), State: string(x.State), Zone: x.Zone}
	if x.Away != nil {
		row.Away = &AbsenceSeen{First: x.Away.First, Last: x.Away.Last, Text: markup.Preview(x.Away.Text, 160, markup.Options{})}
	}
	return row
}

// Privacy is what others are told of oneself.
func (p *Presence) Privacy() (out PrivacyView, err error) {
	defer guard(&err)
	s, err := p.c.here()
	if err != nil {
		return out, err
	}
	x, _, err := s.profile()
	return PrivacyView{Presence: !x.Shy, Receipts: !x.NoReceipts, Zone: x.Zone}, err
}

// SetPrivacy changes it. Where receipts end, those that were told are taken back.
func (p *Presence) SetPrivacy(in PrivacyIn) (err error) {
	defer guard(&err)
	s, err := p.c.here()
	if err != nil {
		return err
	}
	if _, err = s.enqueue(workroom.SetProfile{Who: s.me(), Presence: in.Presence, Receipts: in.Receipts}, enqueueOpts{}); err != nil {
		return err
	}
	if in.Receipts == nil || *in.Receipts {
		return nil
	}
	rooms, err := s.replica.Rooms(context.Background())
	if err != nil {
		return err
	}
	for _, r := range rooms {
		if err := s.takeBack(workroom.RoomID(r.ID)); err != nil {
			return err
		}
	}
	return nil
}

// told is how far others know that one has read a room, 0 for not at all.
func (s *Session) told(room workroom.RoomID) (int64, error) {
	x, known, err := s.replica.Thing(context.Background(), workroom.Ref{Scope: workroom.ReceiptScope(room), Kind: workroom.KindReceipt, ID: string(s.me())})
	if t, ok := x.Thing.(*workroom.Receipt); ok && known == workroom.Held && err == nil {
		return t.N, nil
	}
	return 0, err
}

// takeBack tells nobody any more how far one has read a room.
func (s *Session) takeBack(room workroom.RoomID) error {
	n, err := s.told(room)
	if err != nil || n == 0 {
		return err
	}
	return s.quietly(workroom.SetReceipt{Room: room, Who: s.me(), Off: true})
}

// tellRead tells the other members of a room that it was read up to a number, unless the person tells nobody. It is never more than was read.
func (s *Session) tellRead(room workroom.RoomID, num int64) error {
	p, _, err := s.profile()
	if err != nil {
		return err
	}
	if p.NoReceipts {
		return s.takeBack(room)
	}
	n, err := s.told(room)
	if err != nil || num <= n {
		return err
	}
	people, err := s.present(room)
	if err != nil || len(people) < 2 || len(people) > workroom.MaxReceipts {
		return err
	}
	return s.quietly(workroom.SetReceipt{Room: room, Who: s.me(), N: num})
}

// present are the people who are in a room now.
func (s *Session) present(room workroom.RoomID) ([]Person, error) {
	people, err := s.people(room)
	return slices.DeleteFunc(people, func(p Person) bool { return p.Left }), err
}

// quietly does what nobody asked for by itself: a refusal is no answer to anybody.
func (s *Session) quietly(c workroom.Command) error {
	_, err := s.enqueue(c, enqueueOpts{})
	if refused := (*workroom.Refusal)(nil); errors.As(err, &refused) {
		return nil
	}
	return err
}

// Receipts is how far the other present members of a room have read it.
func (p *Presence) Receipts(in RoomIn) (out ReceiptsView, err error) {
	defer guard(&err)
	out.Receipts = []ReceiptRow{}
	s, err := p.c.here()
	if err != nil {
		return out, err
	}
	room, r, err := s.room(in.Room)
	if err != nil {
		return out, err
	}
	own, _, err := s.profile()
	if err != nil || own.NoReceipts || r.Archived {
		return out, err
	}
	out.On = true
	people, err := s.present(room)
	if err != nil || len(people) > workroom.MaxReceipts {
		return out, err
	}
	rows, err := s.replica.All(context.Background(), workroom.ReceiptScope(room), workroom.KindReceipt)
	if err != nil {
		return out, err
	}
	read := map[string]int64{}
	for _, x := range rows {
		if t, ok := x.Thing.(*workroom.Receipt); ok {
			read[x.ID] = t.N
		}
	}
	for _, m := range people {
		n := read[m.ID]
		if n == 0 || m.Me {
			continue
		}
		x, _, err := s.replica.Thing(context.Background(), workroom.Ref{Scope: workroom.RoomScope(room), Kind: workroom.KindMember, ID: m.ID})
		if err != nil {
			return out, err
		}
		row := ReceiptRow{ID: m.ID, Name: m.Name, Num: n}
		if t, ok := x.Thing.(*workroom.Member); ok {
			row.From = t.ReadsFrom() / 1000
		}
		out.Receipts = append(out.Receipts, row)
	}
	return out, nil
}

// heardTyping and heardPresence hand what the service says of people to the pages.
func (s *Session) heardTyping(room workroom.RoomID, who workroom.AccountID) {
	s.goes(func() {
		people, err := s.present(room)
		at := slices.IndexFunc(people, func(p Person) bool { return p.ID == string(who) })
		if err != nil || at < 0 {
			return // nobody this copy knows to be in that room
		}
		s.core.Events.Publish("typing", map[string]string{"room": string(room), "who": string(who), "name": people[at].Name})
	})
}

func (s *Session) heardPresence(who workroom.AccountID, state wire.State) {
	s.core.Events.Publish("presence", map[string]string{"who": string(who), "state": string(state)})
}

// silent are the ops that nobody asked for by itself: that one waits or was dropped is nothing a person needs to hear of.
func silent(op workroom.Op) bool {
	switch op {
	case workroom.OpSetMarker, workroom.OpSetReceipt, workroom.OpSetLease, workroom.OpCloseWeek, workroom.OpNoteLooks:
		return true
	}
	return false
}
