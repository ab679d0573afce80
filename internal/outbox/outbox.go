// Package outbox is what a person did and the service does not have yet: the rows of commands waiting in the replica's file, and the
// logic that says which state each is in and which go out next.
//
// Facts are stored, states are computed (sync.md §8). The package opens no file and starts no transaction: replica does both and hands
// its transaction in. It never talks to the network; courier asks it what to send.
package outbox

import (
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Verdict is the final word on a row that stays: the service's refusal, or that this program cannot carry it.
type Verdict string

// Verdicts. A row without one still wants to be sent.
const (
	None        Verdict = ""
	Rejected    Verdict = "rejected"
	Quarantined Verdict = "quarantined" // unreadable here, or known to the service with other content
	Confirm     Verdict = "confirm"     // acked once, lost by the service; the person says whether it still holds
)

// MaxFails is how many errors of the service one command may meet alone before it is set aside (sync.md §8).
const MaxFails = 5

// Row is one waiting command. Times are Unix µs.
type Row struct {
	N         int64 // number on this device, rising; a retry takes a new one
	Pos       int64 // place in the lane; a retry keeps it
	ID        string
	Account   workroom.AccountID
	Device    string
	Lane      string
	Op        workroom.Op
	V         int
	Args      []byte // nil in lists made only to choose from
	Size      int    // bytes of Args
	After     []string
	About     string // what the row is about, for a screen that waits for it
	Fold      string
	At        int64
	Attempts  int
	NotBefore int64
	Verdict   Verdict
	Code      workroom.Code
	Text      string // sentence of the refusal
	Field     string
	Expect    []wire.Expect // what the person looked at when they decided
	Recovered bool          // acked once, then lost by the service, and offered again
	Fails     int           // errors of the service for this command alone
	Flying    bool          // with the service at this moment; never stored
}

// Holds reports whether the row is refused and keeps the later ones of its lane waiting. One the person is only asked about holds nothing.
func (r *Row) Holds() bool {
	return r.Verdict != None && r.Verdict != Confirm && workroom.Ops[r.Op].Policy == workroom.Hold
}

// State of a row, computed from its facts and those of the rows around it.
//
//	queued ──attempt──► sending ──► acked (moves to sent)            held:    a refused row of a holding kind stands before it in the lane
//	   ▲                   ├──► later: not_before, queued again       waiting: an `after` parent is neither acked nor earlier in the batch,
//	   │                   │                                            or one stands before it that waits so
//	   └───────────────────┘    └──► rejected | quarantined: stays until the person decides
//	   ▲
//	   └── offered again after the service lost its history ── acked ──► confirm: the person decides whether a class W one still holds
type State string

// States.
const (
	Queued   State = "queued"
	Sending  State = "sending"
	Later    State = "later"
	Held     State = "held"
	Waiting  State = "waiting"
	Refused  State = "rejected"
	SetAside State = "quarantined"
	Asking   State = "confirm" // see Confirm
)

// States computes the state of every row at now (Unix µs). Rows must be all that are stored, in order of pos.
func States(rows []Row, now int64) map[string]State {
	lanes := map[string]string{} // of the rows passed already
	blocked, stuck := map[string]bool{}, map[string]bool{}
	out := make(map[string]State, len(rows))
	for i := range rows {
		r := &rows[i]
		s := stateOf(r, lanes, blocked[r.Lane], now)
		if s == Queued && stuck[r.Lane] {
			s = Waiting // behind one that waits
		}
		stuck[r.Lane] = stuck[r.Lane] || s == Waiting
		out[r.ID] = s
		if r.Holds() {
			blocked[r.Lane] = true
		}
		if r.Verdict == None {
			lanes[r.ID] = r.Lane
		}
	}
	return out
}

func stateOf(r *Row, earlier map[string]string, held bool, now int64) State {
	switch {
	case r.Verdict == Rejected:
		return Refused
	case r.Verdict == Quarantined:
		return SetAside
	case r.Verdict == Confirm:
		return Asking
	case r.Flying:
		return Sending
	case held:
		return Held
	case waits(r, earlier):
		return Waiting
	case !r.due(now):
		return Later
	}
	return Queued
}

// waits reports whether a parent is neither acked nor in front of the row in its own lane. An ack takes the parent out of After, so a
// name that is not stored any more was discarded, and the row waits for the person.
func waits(r *Row, earlier map[string]string) bool {
	for _, id := range r.After {
		if earlier[id] != r.Lane {
			return true
		}
	}
	return false
}
