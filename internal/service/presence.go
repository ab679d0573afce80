package service

import (
	"maps"
	"sync"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Times of presence.
const (
	// lingers is how long somebody whose last connection ended is still taken for being here: a restart or a change of networks is no going.
	lingers = 15 * time.Second
	// nodeForgets is after how long what another node said is not believed any more; each repeats what it knows once a minute.
	nodeForgets = 150 * time.Second
)

// presence is who is here, in memory alone: what the connections of this node say, and what the other nodes say of theirs. It is lost with
// the node, and told anew when people come back.
type presence struct {
	now   func() time.Time
	later func(time.Duration, func()) // time.AfterFunc, but in tests
	tell  func(workroom.AccountID)    // others are to be told of an account's state
	share func(map[workroom.AccountID]wire.State)

	mu    sync.Mutex
	conns map[workroom.AccountID]map[string]wire.State
	away  map[string]map[workroom.AccountID]heard
	told  map[workroom.AccountID]wire.State
}

// heard is what another node said of an account, and when.
type heard struct {
	state wire.State
	at    time.Time
}

func newPresence() *presence {
	return &presence{
		now: time.Now, later: func(d time.Duration, f func()) { time.AfterFunc(d, f) }, tell: func(workroom.AccountID) {},
		share: func(map[workroom.AccountID]wire.State) {},
		conns: map[workroom.AccountID]map[string]wire.State{}, away: map[string]map[workroom.AccountID]heard{}, told: map[workroom.AccountID]wire.State{},
	}
}

// set takes in how a connection of this node is used.
func (p *presence) set(conn string, who workroom.AccountID, state wire.State) {
	p.change(who, func() {
		if p.conns[who] == nil {
			p.conns[who] = map[string]wire.State{}
		}
		p.conns[who][conn] = state
	})
}

// leave takes in that a connection of this node ended. Where it was its account's last it counts a while longer, until the account comes back.
func (p *presence) leave(conn string, who workroom.AccountID) {
	p.mu.Lock()
	_, known := p.conns[who][conn]
	last := known && len(p.conns[who]) == 1
	p.mu.Unlock()
	drop := func() { p.change(who, func() { p.drop(conn, who) }) }
	switch {
	case last:
		p.later(lingers, drop)
	case known:
		drop()
	}
}

func (p *presence) drop(conn string, who workroom.AccountID) {
	delete(p.conns[who], conn)
	if len(p.conns[who]) == 0 {
		delete(p.conns, who)
	}
}

// change does something to what is known of an account, and tells what came of it: the others where its state is another, the other nodes
// where this node's part of it is.
func (p *presence) change(who workroom.AccountID, do func()) {
	p.mu.Lock()
	part := p.here(who)
	do()
	now := p.here(who)
	differs := p.differs(who)
	p.mu.Unlock()
	if part != now {
		p.share(map[workroom.AccountID]wire.State{who: now})
	}
	if differs {
		p.tell(who)
	}
}

// differs notes the state of an account, and reports whether it is another than the one noted before.
func (p *presence) differs(who workroom.AccountID) bool {
	state, was := p.state(who), p.told[who]
	if was == "" {
		was = wire.Off
	}
	if state == wire.Off {
		delete(p.told, who)
	} else {
		p.told[who] = state
	}
	return state != was
}

// of is the state of an account on all nodes.
func (p *presence) of(who workroom.AccountID) wire.State {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.state(who)
}

func (p *presence) state(who workroom.AccountID) wire.State {
	best := p.here(who)
	for _, node := range p.away {
		if h, ok := node[who]; ok {
			best = better(best, h.state)
		}
	}
	return best
}

// here is the state of an account by the connections of this node.
func (p *presence) here(who workroom.AccountID) wire.State {
	best := wire.Off
	for _, s := range p.conns[who] {
		best = better(best, s)
	}
	return best
}

// better is the one of two states in which a person is more here.
func better(a, b wire.State) wire.State {
	for _, s := range []wire.State{wire.On, wire.Away} {
		if a == s || b == s {
			return s
		}
	}
	return wire.Off
}

// all is the part of this node, for the others.
func (p *presence) all() map[workroom.AccountID]wire.State {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := make(map[workroom.AccountID]wire.State, len(p.conns))
	for who := range p.conns {
		out[who] = p.here(who)
	}
	return out
}

// heard takes in what another node says of some accounts.
func (p *presence) heard(node string, states map[workroom.AccountID]wire.State) {
	var tell []workroom.AccountID
	p.mu.Lock()
	for who, state := range states {
		if !workroom.ValidID(string(who)) || !state.Known() {
			continue
		}
		if p.away[node] == nil {
			p.away[node] = map[workroom.AccountID]heard{}
		}
		if state == wire.Off {
			delete(p.away[node], who)
		} else {
			p.away[node][who] = heard{state, p.now()}
		}
		if p.differs(who) {
			tell = append(tell, who)
		}
	}
	p.mu.Unlock()
	for _, who := range tell {
		p.tell(who)
	}
}

// tend repeats this node's part for the others and forgets what no other repeated.
func (p *presence) tend() {
	var tell []workroom.AccountID
	p.mu.Lock()
	for node, list := range p.away {
		for who, h := range maps.Clone(list) {
			if p.now().Sub(h.at) < nodeForgets {
				continue
			}
			delete(list, who)
			if p.differs(who) {
				tell = append(tell, who)
			}
		}
		if len(list) == 0 {
			delete(p.away, node)
		}
	}
	p.mu.Unlock()
	for _, who := range tell {
		p.tell(who)
	}
	if all := p.all(); len(all) > 0 {
		p.share(all)
	}
}
