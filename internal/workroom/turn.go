package workroom

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"
)

// Turn is one thing that happened to a contract after its start: one side changed terms, paused it, let it go on or ended it, approved late
// time or did something about a disputed week. Turns are never changed or removed: each second of work is judged by the terms of its time,
// and both sides can read who changed what, and when (W-29). They stand in the contract's scope; the id is that of the command.
type Turn struct {
	What    TurnWhat  `json:"what"`
	By      AccountID `json:"by"`
	At      int64     `json:"at"`              // Unix µs; rises with the order of the service within a contract
	Was     *Terms    `json:"was,omitempty"`   // of TurnTerms: the terms until then
	Terms   *Terms    `json:"terms,omitempty"` // and from then on
	Floor   int64     `json:"floor,omitempty"` // of a changed limit: seconds of its week that were within the limit then
	Reason  EndReason `json:"reason,omitempty"`
	Text    string    `json:"text,omitempty"`
	Week    string    `json:"week,omitempty"`    // of TurnApproved and what is done about a dispute
	Seconds int64     `json:"seconds,omitempty"` // approved
	Amount  int64     `json:"amount,omitempty"`  // approved, offered or settled by, in minor units
	Unknown `json:"-"`
}

// TurnWhat says what a turn did.
type TurnWhat string

// What a turn may do.
const (
	TurnTerms   TurnWhat = "terms"
	TurnPaused  TurnWhat = "paused"
	TurnResumed TurnWhat = "resumed"
	TurnEnded   TurnWhat = "ended"

	TurnRateAsked     TurnWhat = "rate_asked" // a lower rate; Amount is it
	TurnRateDeclined  TurnWhat = "rate_declined"
	TurnRateWithdrawn TurnWhat = "rate_withdrawn"

	TurnApproved  TurnWhat = "approved"  // late time
	TurnDisputed  TurnWhat = "disputed"  // a week
	TurnAnswered  TurnWhat = "answered"  // something was written in a dispute
	TurnOffered   TurnWhat = "offered"   // an amount to settle one by
	TurnSettled   TurnWhat = "settled"   // one, by the offer of the other side
	TurnWithdrawn TurnWhat = "withdrawn" // one
)

// ThingKind is KindTurn.
func (*Turn) ThingKind() Kind { return KindTurn }

// History is what became of a contract since its start, by which every second of it is judged. It is a pure function of the contract and its
// turns, whatever the order in which they are read.
type History struct {
	contract *Contract
	turns    []*Turn // in order
}

// HistoryOf is the history of a contract with these turns.
func HistoryOf(n *Contract, turns []*Turn) *History {
	h := &History{contract: n, turns: slices.Clone(turns)}
	slices.SortStableFunc(h.turns, func(a, b *Turn) int { return cmp.Compare(a.At, b.At) })
	return h
}

// ReadHistory reads the history of a contract; nil if the contract is not here.
func ReadHistory(in Rows, id ContractID) *History {
	s := ContractScope(id)
	n, k := Get[*Contract](in, Ref{s, KindContract, string(id)})
	if k != Held {
		return nil
	}
	var turns []*Turn
	refs, _ := in.All(s, KindTurn)
	for _, r := range refs {
		if t, k := Get[*Turn](in, r); k == Held {
			turns = append(turns, t)
		}
	}
	return HistoryOf(n, turns)
}

// Turns are the contract's turns, oldest first.
func (h *History) Turns() []*Turn { return h.turns }

// Contract is the contract the history is of.
func (h *History) Contract() *Contract { return h.contract }

// changes are the turns that changed terms, oldest first.
func (h *History) changes() []*Turn {
	var out []*Turn
	for _, t := range h.turns {
		if t.What == TurnTerms && t.Was != nil && t.Terms != nil {
			out = append(out, t)
		}
	}
	return out
}

// agreed are the terms as they stood just before a moment (Unix µs), whatever of them counts only later.
func (h *History) agreed(before int64) Terms {
	list := h.changes()
	if len(list) == 0 {
		return h.contract.Terms
	}
	out := *list[0].Was
	for _, t := range list {
		if t.At < before {
			out = *t.Terms
		}
	}
	return out
}

// At is what counts at an instant: the rate and the limit are those of its week, all else is as it was agreed then.
func (h *History) At(t time.Time) Terms {
	out := h.agreed(t.UnixMicro() + 1)
	return h.weekly(out, WeekOf(t))
}

// Of are the terms a week is billed and reviewed by: the rate as agreed before it began (W-23), the limit as last changed in it (W-24), all
// else as agreed at its end.
func (h *History) Of(w Week) Terms { return h.weekly(h.agreed(w.End().UnixMicro()), w) }

// weekly puts the rate and the limit of a week into terms.
func (h *History) weekly(t Terms, w Week) Terms {
	t.Rate = h.agreed(w.Start().UnixMicro()).Rate
	limit, last := h.limit(w, w.End().UnixMicro())
	t.Unlimited = limit == NoLimit
	if !t.Unlimited {
		t.Limit = limit
	}
	if last != nil && last.Terms.limit() != NoLimit && last.Terms.limit() < limit {
		t.Lowered, t.Least = last.At/1e6+clockSlack, last.Terms.limit()
	}
	return t
}

// LimitOf is how many seconds of a week are within its limit, of the contract's pieces as they are now, NoLimit for all. Where the limit was
// lowered in the week, what of the time before that still stands is within it, and what was deleted of it makes no room for new time.
func (t Terms) LimitOf(pieces []Piece, w Week) int64 {
	if t.Lowered == 0 || t.Unlimited {
		return t.limit()
	}
	stands, span := int64(0), Interval{w.Start().Unix(), min(w.End().Unix(), t.Lowered)}
	for _, p := range pieces {
		if in, ok := p.meet(span); ok && !p.Late && !p.AfterEnd {
			stands += in.Seconds()
		}
	}
	return max(t.Least, min(t.Limit, stands))
}

// Limit is how many seconds of a week are within the limit, NoLimit for all. What was agreed last in the week counts for the whole of it, but
// a limit that was lowered takes nothing away that was within it at that moment.
func (h *History) Limit(w Week) int64 {
	out, _ := h.limit(w, w.End().UnixMicro())
	return out
}

// limit is the week's limit as it was agreed before a moment (Unix µs), and the turn of the week that said so, nil if there was none.
func (h *History) limit(w Week, before int64) (out int64, last *Turn) {
	out = h.agreed(w.Start().UnixMicro()).limit()
	for _, t := range h.changes() {
		if t.At < w.Start().UnixMicro() || t.At >= before || t.Was.limit() == t.Terms.limit() {
			continue
		}
		if out, last = t.Terms.limit(), t; out != NoLimit {
			out = max(out, t.Floor)
		}
	}
	return out, last
}

// Review is how long after the end of a week the client may review it, as agreed when it ended (T-16).
func (h *History) Review(w Week) time.Duration { return h.agreed(w.End().UnixMicro()).Review() }

// State is the week's state at now.
func (h *History) State(w Week, now time.Time) WeekState { return w.State(now, h.Review(w)) }

// KeptUntil is when the picture and the input counts of an instant may be removed: as many days after the end of its week as were agreed at
// that instant (W-27).
func (h *History) KeptUntil(at time.Time) time.Time {
	return WeekOf(at).End().AddDate(0, 0, h.agreed(at.UnixMicro()+1).Keep())
}

// mayShow reports whether a picture may be kept of an instant: the terms of its time ask for it, or those of before that whoever began to
// track under them still goes on with (terms change from the next start).
func (h *History) mayShow(full bool, from, at int64) bool {
	asks := func(t Terms) bool { return t.Shots == ShotsFull || !full && t.Shots == ShotsBlurred }
	since, until := (from-MaxSlice)*1e6, (at+1)*1e6
	if asks(h.agreed(since)) {
		return true
	}
	return slices.ContainsFunc(h.changes(), func(t *Turn) bool { return since <= t.At && t.At < until && (asks(*t.Terms) || asks(*t.Was)) })
}

// Stops are the stretches, in Unix seconds, in which the contract was paused or had ended, in order. What is recorded in them is unbilled.
func (h *History) Stops() []Interval {
	var out []Interval
	open := false
	from := func(us int64) {
		if !open {
			out, open = append(out, Interval{us / 1e6, math.MaxInt64}), true
		}
	}
	for _, t := range h.turns {
		switch t.What {
		case TurnPaused, TurnEnded:
			from(t.At)
		case TurnResumed:
			if open {
				out[len(out)-1].To, open = t.At/1e6, false
			}
		}
	}
	if h.contract.Ended != 0 {
		from(h.contract.Ended)
	}
	return slices.DeleteFunc(out, func(i Interval) bool { return i.To <= i.From })
}

// next is the moment of a new turn: when it was given, and in any case after all that happened to the contract before, whatever clocks say.
func (h *History) next(a Asked) int64 {
	at := max(a.given().UnixMicro(), h.contract.Started)
	if n := len(h.turns); n > 0 {
		at = max(at, h.turns[n-1].At+1)
	}
	return at
}

// How often one side may do something to a contract: every second of it is judged by all that happened to it, so that cannot go on without
// end. What answers the other side, or ends something, is not counted.
const (
	maxTurns     = 1000 // in all
	maxWeekTurns = 60   // changes of terms, pauses and requests of a week
)

// mayGoOn says why one side can do nothing more about the contract, nil if it can.
func (h *History) mayGoOn(who AccountID) *Refusal {
	if h.count(func(t *Turn) bool { return t.By == who }) >= maxTurns {
		return &Refusal{Code: TooMany, Text: "This contract was changed so often that no more can be changed of it. End it, and make a new one."}
	}
	return nil
}

// mayChange says why one side cannot change how the contract stands once more at a moment (Unix µs), nil if it can.
func (h *History) mayChange(who AccountID, at int64) *Refusal {
	w := weekAt(at / 1e6)
	n := h.count(func(t *Turn) bool {
		return t.By == who && weekAt(t.At/1e6) == w && (t.What == TurnTerms || t.What == TurnPaused || t.What == TurnRateAsked)
	})
	if n >= maxWeekTurns {
		return &Refusal{Code: TooMany, Text: fmt.Sprintf("This contract was changed %d times this week, which is the most. It can be changed again from Monday on.", n)}
	}
	return h.mayGoOn(who)
}

func (h *History) count(is func(*Turn) bool) (n int) {
	for _, t := range h.turns {
		n += truth(is(t))
	}
	return n
}

// limit is the weekly limit in seconds, NoLimit for none.
func (t Terms) limit() int64 {
	if t.Unlimited {
		return NoLimit
	}
	return t.Limit
}

// Bounds of the terms that have a usual value.
const (
	DefaultKeep = 90 // days
	minKeep     = 7
	maxKeep     = 730
	maxReview   = 14 // days
)

// Keep is how many days after their week pictures and input counts are kept.
func (t Terms) Keep() int { return cmp.Or(t.KeepDays, DefaultKeep) }

// Review is how long after its end a week may be reviewed.
func (t Terms) Review() time.Duration {
	if t.ReviewDays == 0 {
		return DefaultReview
	}
	return time.Duration(t.ReviewDays) * 24 * time.Hour
}
