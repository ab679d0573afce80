// Package workroom holds the nouns of Trestle as the people who use it say them, and the rules that say what they may do with them.
//
// It is the vocabulary of the whole program: rooms, messages, contracts, activities, slices. A rule is a pure function from the rows it
// reads to the rows it writes; the service runs it with authority, the desktop runs the same one on its copy so that a person sees the
// effect at once. Nothing here does I/O, reads a clock or rolls a die, and the package imports nothing of ours.
package workroom

import (
	"strings"
)

// Ids are distinct types so that one cannot be passed for another. Each is a UUIDv7 made where the thing was made.
type (
	AccountID  string
	RoomID     string
	ContractID string
	ActivityID string
	FileID     string
)

// Scope is the unit of access and of order: who may read it may read all of it, and its changes are numbered by one counter. The first
// letters name the kind of scope, the rest what it belongs to.
type Scope string

// AccountScope holds what is one account's own: grants, settings, read markers.
func AccountScope(a AccountID) Scope { return Scope("a:" + string(a)) }

// RoomScope holds a room, its members, messages and files.
func RoomScope(r RoomID) Scope { return Scope("r:" + string(r)) }

// ContractScope holds a contract, its terms, activities and weeks; both sides read it.
func ContractScope(c ContractID) Scope { return Scope("k:" + string(c)) }

// ClientScope holds what only the client's side of a contract reads, such as invitations.
func ClientScope(c ContractID) Scope { return Scope("k:" + string(c) + ":c") }

// DiaryScope holds the slices, input counts and shots of one contract in the week that begins on the given Monday (YYYY-MM-DD, UTC).
func DiaryScope(c ContractID, week string) Scope { return Scope("d:" + string(c) + ":" + week) }

// Kind is the scope's first letters: "a", "r", "rc", "k" or "d".
func (s Scope) Kind() string {
	k, _, _ := strings.Cut(string(s), ":")
	return k
}

// Owner is the id behind the kind: the account, room or contract.
func (s Scope) Owner() string {
	parts := strings.SplitN(string(s), ":", 3)
	if len(parts) < 2 {
		return ""
	}
	return parts[1]
}

// Part is what follows the owner: "c" for a client's side, the Monday of a diary week, else empty.
func (s Scope) Part() string {
	parts := strings.SplitN(string(s), ":", 3)
	if len(parts) < 3 {
		return ""
	}
	return parts[2]
}

// Root is the scope that decides who may read this one. A diary week follows its contract and receipts follow their room; every other scope
// decides for itself.
func (s Scope) Root() Scope {
	switch s.Kind() {
	case "d":
		return ContractScope(ContractID(s.Owner()))
	case "rc":
		return RoomScope(RoomID(s.Owner()))
	}
	return s
}

// Valid reports whether the scope is one this program knows how to read.
func (s Scope) Valid() bool {
	owner, part := s.Owner(), s.Part()
	if !ValidID(owner) {
		return false
	}
	switch s.Kind() {
	case "a", "r", "rc":
		return s == Scope(s.Kind()+":"+owner)
	case "k":
		return part == "" && s == Scope("k:"+owner) || part == "c"
	case "d":
		return validWeek(part)
	}
	return false
}

// ValidID reports whether an id is well formed: 1 to 64 letters, digits, '-' or '_'.
func ValidID(id string) bool {
	if len(id) == 0 || len(id) > 64 {
		return false
	}
	for _, r := range id {
		switch {
		case r >= '0' && r <= '9', r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r == '-', r == '_':
		default:
			return false
		}
	}
	return true
}
