package workroom

import (
	"fmt"
	"slices"
	"time"
)

// Adjustment is a line beside the bill of a week, which itself stands as it was frozen: late time that the client approved, or what both sides
// settled a dispute by. It is never changed. It stands in the diary of its week; the id is that of the command.
type Adjustment struct {
	Kind     AdjustmentKind `json:"kind"`
	Week     string         `json:"week"`
	Of       []Interval     `json:"of,omitempty"`      // of late time: what was approved
	Seconds  int64          `json:"seconds,omitempty"` // of it
	Rate     int64          `json:"rate,omitempty"`    // minor units an hour, of the week
	Amount   int64          `json:"amount"`            // minor units; below 0 what the client gets back
	Currency string         `json:"currency"`
	Dispute  string         `json:"dispute,omitempty"` // id of the one that it settles
	Text     string         `json:"text,omitempty"`
	By       AccountID      `json:"by"` // who approved or accepted
	At       int64          `json:"at"` // Unix µs
	Unknown  `json:"-"`
}

// AdjustmentKind says where an adjustment comes from.
type AdjustmentKind string

// Kinds of an adjustment.
const (
	AdjustLate    AdjustmentKind = "late"
	AdjustDispute AdjustmentKind = "dispute"
)

// ThingKind is KindAdjustment.
func (*Adjustment) ThingKind() Kind { return KindAdjustment }

// ApproveTime lets time that came after the freeze of its week count after all (T-16). Only the client may. Of names the stretches as the
// client saw them: what arrives meanwhile in others is not approved with them, and nothing is approved twice. What the client
// approves by name and amount is not held to the weekly limit, which is there to keep time from being billed that nobody looked at.
type ApproveTime struct {
	Contract ContractID `json:"contract"`
	Week     string     `json:"week"`
	Of       []Interval `json:"of"`
}

func (c ApproveTime) scope() Scope  { return DiaryScope(c.Contract, c.Week) }
func (c ApproveTime) before() Scope { return DiaryScope(c.Contract, weekBefore(c.Week)) }

// Op is OpApproveTime.
func (c ApproveTime) Op() Op { return OpApproveTime }

// Scopes are the contract's, the week's diary and that of the week before, whose slices may reach over.
func (c ApproveTime) Scopes() []Scope {
	return []Scope{ContractScope(c.Contract), c.scope(), c.before()}
}

// Lane is that of the contract's adjustments, so that nothing of it holds up recorded time.
func (c ApproveTime) Lane() string { return "adjust:" + string(c.Contract) }

// Wants is the contract.
func (c ApproveTime) Wants() []Ref {
	return []Ref{{ContractScope(c.Contract), KindContract, string(c.Contract)}}
}

// Check refuses what names no stretch of the week.
func (c ApproveTime) Check() *Refusal {
	switch {
	case !ValidID(string(c.Contract)) || !validWeek(c.Week):
		return Refuse(BadInput)
	case len(c.Of) == 0 || len(c.Of) > MaxSpans:
		return Bad("of", "Choose 1 to %d stretches of time.", MaxSpans)
	}
	for _, in := range c.Of {
		if in.From < 0 || in.To <= in.From || weekAt(in.From).String() != c.Week || weekAt(in.To-1).String() != c.Week {
			return Bad("of", "This does not lie in the week.")
		}
	}
	return nil
}

// Do writes the adjustment.
func (c ApproveTime) Do(a Asked, in Rows, out *Changes) *Refusal {
	n, r := party(a, in, c.Contract)
	switch {
	case r != nil || n == nil:
		return r
	case n.Client != a.By:
		return Refuse(ClientOnly)
	}
	w, err := ParseWeek(c.Week)
	if err != nil {
		return Refuse(BadInput)
	}
	late := ReadDiary(in, c.before(), c.scope()).Late(w)
	done := ReadAdjustments(in, c.scope())
	open := Open(late, done)
	some := func(list []Interval) (out []Interval, seconds int64) {
		var wanted intervals
		for _, x := range c.Of {
			wanted.claim(x)
		}
		for _, x := range list {
			for _, part := range wanted.overlaps(x) {
				out, seconds = append(out, part), seconds+part.Seconds()
			}
		}
		return out, seconds
	}
	if _, n := some(late); n == 0 {
		return Refuse(Gone)
	}
	of, seconds := some(open)
	if seconds == 0 { // all of it was approved before
		return nil
	}
	h := ReadHistory(in, c.Contract)
	if rest := Seconds(open) - seconds; rest > 0 {
		if r := h.mayGoOn(a.By); r != nil {
			return r
		}
		if len(done) >= maxAdjustments {
			return &Refusal{Code: TooMany, Field: "of", Text: fmt.Sprintf("There are %d lines beside the bill of this week. Approve all that is left at once.", len(done))}
		}
	}
	t := h.Of(w)
	amount := LateWorth(t.Rate, done, seconds)
	out.Put(c.scope(), a.ID, &Adjustment{Kind: AdjustLate, Week: c.Week, Of: of, Seconds: seconds, Rate: t.Rate, Amount: amount, Currency: t.Currency,
		By: a.By, At: a.At.UnixMicro()})
	k := ContractScope(c.Contract)
	out.Put(k, a.ID, &Turn{What: TurnApproved, By: a.By, At: h.next(a), Week: c.Week, Seconds: seconds, Amount: amount})
	out.Put(k, c.Week, &WeekMark{})
	return nil
}

// maxAdjustments is how many lines stand beside the bill of a week before all that is left has to be approved at once.
const maxAdjustments = 100

// LateWorth is what so many seconds more of late time come to beside what was approved of the week already: all of it is rounded once, so
// that time approved in pieces comes to what it comes to at once.
func LateWorth(rate int64, done []*Adjustment, seconds int64) int64 {
	var had int64
	for _, x := range done {
		if x.Kind == AdjustLate {
			seconds, had = seconds+x.Seconds, had+x.Amount
		}
	}
	return max(0, Amount(rate, seconds)-had)
}

// Seconds is how much time stretches hold that do not overlap.
func Seconds(list []Interval) (n int64) {
	for _, in := range list {
		n += in.Seconds()
	}
	return n
}

// Late is the time of a week that came after its freeze and is unbilled for that alone, in order, neighbours joined.
func (d *Diary) Late(w Week) []Interval {
	span := Interval{w.Start().Unix(), w.End().Unix()}
	var out []Interval
	for _, p := range d.Pieces() {
		if in, ok := span.meet(p.Interval); ok && p.Late && !p.AfterEnd {
			out = append(out, in)
		}
	}
	return joined(out)
}

// Open is what of late time is not approved yet, in order.
func Open(late []Interval, adjusted []*Adjustment) []Interval {
	var done intervals
	for _, x := range adjusted {
		for _, in := range x.Of {
			done.claim(in)
		}
	}
	var out []Interval
	for _, in := range late {
		out = append(out, done.without(in)...)
	}
	return out
}

// ReadAdjustments reads the adjustments of a week from the scope of its diary, in order of time.
func ReadAdjustments(in Rows, diary Scope) []*Adjustment {
	var out []*Adjustment
	refs, _ := in.All(diary, KindAdjustment)
	for _, r := range refs {
		if x, k := Get[*Adjustment](in, r); k == Held {
			out = append(out, x)
		}
	}
	slices.SortStableFunc(out, func(a, b *Adjustment) int { return int(a.At - b.At) })
	return out
}

// MayApprove says why an account may not approve late time of a contract, nil if it may.
func MayApprove(n *Contract, who AccountID) *Refusal {
	switch {
	case who != n.Client && who != n.Freelancer || n.Started == 0:
		return Refuse(NoAccess)
	case who != n.Client:
		return Refuse(ClientOnly)
	}
	return nil
}

// Ended reports whether a week is over at now.
func (w Week) Ended(now time.Time) bool { return !now.Before(w.End()) }
