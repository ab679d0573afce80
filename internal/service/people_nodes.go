package service

import (
	"strings"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Notes about people between the nodes.
const (
	maxStates = 500  // of a note
	signsOf   = "p." // and the node: who is here there
)

// share tells the other nodes who is here.
func (n *nodes) share(states map[workroom.AccountID]wire.State) {
	part := map[workroom.AccountID]wire.State{}
	for who, state := range states {
		if part[who] = state; len(part) == maxStates {
			n.sendNote(signsOf+n.id, note{States: part})
			part = map[workroom.AccountID]wire.State{}
		}
	}
	if len(part) > 0 {
		n.sendNote(signsOf+n.id, note{States: part})
	}
}

// states takes in what another node says of people: who is here there; that somebody says something else of themselves; or, with neither,
// that it begins and knows nothing yet.
func (n *nodes) states(x note) {
	switch {
	case !workroom.ValidID(x.From):
	case len(x.States) > 0:
		n.s.people.here.heard(x.From, x.States)
	case x.Who != "":
		n.s.people.changed(x.Who)
	default:
		n.share(n.s.people.here.all())
	}
}

// used tells the node that has a connection how it is used; false if no node can have it. Whether it has is not waited for.
func (n *nodes) used(conn string, who workroom.AccountID, state wire.State) bool {
	node, rest, ok := strings.Cut(conn, ".")
	if !ok || node == n.id || !workroom.ValidID(node) || !workroom.ValidID(rest) {
		return false
	}
	n.sendNote("c."+conn, note{Conn: conn, Who: who, State: state})
	return true
}
