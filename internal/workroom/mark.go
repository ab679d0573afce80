package workroom

import (
	"cmp"
	"slices"
	"time"
)

// TimeMark is an edit of stored time, stored itself: who gave which seconds of which slices another activity or memo, let them win over
// others, or took a stretch of the contract's time away. It is never changed; a later mark is laid over it. The marks of a week are
// therefore also its log: both sides can read who changed what, and when. The source is tracker.md §2.
type TimeMark struct {
	What     MarkWhat   `json:"what"`
	Contract ContractID `json:"contract"`
	Spans    []MarkSpan `json:"spans"`
	Value    string     `json:"value,omitempty"` // activity id or memo
	By       AccountID  `json:"by"`
	At       int64      `json:"at"`                // Unix µs; rises with the order of the service within a week
	Seconds  int64      `json:"seconds,omitempty"` // of a cut: how much of the contract's time it took
	In       Week       `json:"-"`                 // in whose diary it stands, zero for any; not stored, Diary.Add fills it in
	Unknown  `json:"-"`
}

// MarkSpan is a stretch of one slice, or with an empty Slice of the whole contract. From and To are Unix seconds.
type MarkSpan struct {
	Slice string `json:"slice,omitempty"`
	From  int64  `json:"from"`
	To    int64  `json:"to"`
}

func (*TimeMark) ThingKind() Kind { return KindMark }

// Edits are the marks laid out for Claim and Pieces, in the order in which the service took them; of two contracts' marks of the same
// microsecond the order is that of the contracts, so that everybody has the same.
func Edits(marks []*TimeMark) []Mark {
	order := slices.Clone(marks)
	slices.SortStableFunc(order, func(a, b *TimeMark) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Contract, b.Contract))
	})
	var out []Mark
	for _, m := range order {
		for _, s := range m.Spans {
			one := Mark{What: m.What, Contract: m.Contract, Interval: Interval{s.From, s.To}, Value: m.Value, In: m.In}
			if s.Slice != "" {
				one.Slices = []string{s.Slice}
			}
			out = append(out, one)
		}
	}
	return out
}

// Limits of marks.
const (
	MaxSpans = 300
	maxCut   = 25 * 3600 // seconds: a day of the longest
)

// MarkTime gives stretches of slices another activity or memo, or lets them win over what they overlap. Week is the one the slices lie in.
type MarkTime struct {
	Contract ContractID `json:"contract"`
	Week     string     `json:"week"`
	What     MarkWhat   `json:"what"` // code, memo or owner
	Value    string     `json:"value,omitempty"`
	Spans    []MarkSpan `json:"spans"`
}

func (c MarkTime) scope() Scope    { return DiaryScope(c.Contract, c.Week) }
func (c MarkTime) Op() Op          { return OpMarkTime }
func (c MarkTime) Scopes() []Scope { return []Scope{ContractScope(c.Contract), c.scope()} }
func (c MarkTime) Lane() string    { return "diary:" + string(c.Contract) }
func (c MarkTime) Wants() []Ref {
	k := ContractScope(c.Contract)
	out := []Ref{{k, KindContract, string(c.Contract)}}
	if c.What == MarkCode && c.Value != "" {
		out = append(out, Ref{k, KindActivity, c.Value})
	}
	for _, s := range c.Spans {
		out = append(out, Ref{c.scope(), KindSlice, s.Slice})
	}
	return out
}

func (c MarkTime) Check() *Refusal {
	switch {
	case !ValidID(string(c.Contract)) || !validWeek(c.Week):
		return Refuse(BadInput)
	case len(c.Spans) == 0 || len(c.Spans) > MaxSpans:
		return Bad("spans", "Choose 1 to %d stretches of time.", MaxSpans)
	}
	for _, s := range c.Spans {
		if !ValidID(s.Slice) || s.From < 0 || s.To <= s.From || s.To-s.From > MaxSlice {
			return Bad("spans", "A stretch of time ends after its start and is at most 24 hours long.")
		}
	}
	switch c.What {
	case MarkMemo:
		return CheckMemo(c.Value)
	case MarkCode:
		if c.Value != "" && !ValidID(c.Value) {
			return Refuse(BadInput)
		}
	case MarkOwner:
		if c.Value != "" {
			return Refuse(BadInput)
		}
	default:
		return Bad("what", "This cannot be changed.")
	}
	return nil
}

// Do writes the mark. The freelancer may until the freeze; the client only says which activity, until the review of the week ends.
func (c MarkTime) Do(a Asked, in Rows, out *Changes) *Refusal {
	n, r := party(a, in, c.Contract)
	if r != nil {
		return r
	}
	archived := false
	if c.What == MarkCode && c.Value != "" {
		act, k := Get[*Activity](in, Ref{ContractScope(c.Contract), KindActivity, c.Value})
		if k == Absent {
			return Refuse(ActivityGone).on("activity")
		}
		archived = k == Held && act.Archived != 0
	}
	h := ReadHistory(in, c.Contract)
	for _, s := range c.Spans {
		x, k := Get[*Slice](in, Ref{c.scope(), KindSlice, s.Slice})
		if k == Absent {
			return Refuse(Gone)
		}
		if archived && k == Held && x.Activity != ActivityID(c.Value) { // it may go back to what it was recorded under
			return Refuse(ActivityGone).on("activity")
		}
		if k == Held && (s.To <= x.Start || s.From >= max(x.End, x.Start+1)) {
			return Bad("spans", "This does not lie in its stretch of time.")
		}
		if n != nil {
			if r := h.mayMark(a, c.What, s.From); r != nil {
				return r
			}
		}
	}
	m := &TimeMark{What: c.What, Contract: c.Contract, Spans: c.Spans, Value: c.Value, By: a.By, At: markedAt(a, in, c.scope())}
	out.Put(c.scope(), a.ID, m)
	out.Put(ContractScope(c.Contract), c.Week, &WeekMark{})
	return nil
}

// party is the contract, if it is here, of one of its two sides who may say something about its time: it has been started.
func party(a Asked, in Rows, id ContractID) (*Contract, *Refusal) {
	n, k := Get[*Contract](in, Ref{ContractScope(id), KindContract, string(id)})
	switch {
	case k == Absent:
		return nil, Refuse(NoAccess)
	case k == Unheld:
		return nil, nil
	case n.Freelancer != a.By && n.Client != a.By || n.Started == 0:
		return nil, Refuse(NoAccess)
	}
	return n, nil
}

// mayMark says whether one of the two sides may change the time at an instant in this way now, and if not why not.
func (h *History) mayMark(a Asked, what MarkWhat, at int64) *Refusal {
	t, n := time.Unix(at, 0), h.contract
	switch {
	case n.Client == a.By && what == MarkCode:
		if h.State(WeekOf(t), a.At) == WeekClosed {
			return Refuse(WeekOver)
		}
	case n.Freelancer != a.By:
		return Refuse(FreelancerOnly)
	case Frozen(t, a.At):
		return Refuse(WeekFrozen)
	}
	return nil
}

// MayMark says whether an account may change the time of a contract, of which h is the history, at an instant (Unix seconds) in this way at now, and if not why not.
func MayMark(h *History, who AccountID, what MarkWhat, at int64, now time.Time) *Refusal {
	if h.contract.Freelancer != who && h.contract.Client != who {
		return Refuse(NoAccess)
	}
	return h.mayMark(Asked{By: who, At: now}, what, at)
}

// markedAt is the moment of a new mark: now, and in any case after every mark the week has, whatever clocks say.
func markedAt(a Asked, in Rows, s Scope) int64 {
	at := a.At.UnixMicro()
	refs, _ := in.All(s, KindMark)
	for _, r := range refs {
		if m, k := Get[*TimeMark](in, r); k == Held {
			at = max(at, m.At+1)
		}
	}
	return at
}

// CutTime takes the time of a contract in [From, To) away, and the screenshots taken in it, whatever of it arrives later (T-08). Time is
// not handed to anybody else by it. Week is that of From; the one before is read because slices of it may reach over.
type CutTime struct {
	Contract ContractID `json:"contract"`
	Week     string     `json:"week"`
	From     int64      `json:"from"`
	To       int64      `json:"to"`
}

func (c CutTime) scope() Scope { return DiaryScope(c.Contract, c.Week) }

// before is the diary of the week before.
func (c CutTime) before() Scope { return DiaryScope(c.Contract, weekBefore(c.Week)) }

func (c CutTime) Op() Op { return OpCutTime }
func (c CutTime) Scopes() []Scope {
	return []Scope{ContractScope(c.Contract), c.scope(), c.before()}
}
func (c CutTime) Lane() string { return "diary:" + string(c.Contract) }
func (c CutTime) Wants() []Ref {
	return []Ref{{ContractScope(c.Contract), KindContract, string(c.Contract)}}
}

func (c CutTime) Check() *Refusal {
	switch {
	case !ValidID(string(c.Contract)) || !validWeek(c.Week):
		return Refuse(BadInput)
	case c.From < 0 || c.To <= c.From || c.To-c.From > maxCut:
		return Bad("to", "Choose at most a day of time, its end after its start.")
	case weekAt(c.From).String() != c.Week || weekAt(c.To-1).String() != c.Week:
		return Bad("week", "This does not lie in the week.")
	}
	return nil
}

// Do writes the mark, with how much it took, and removes the screenshots. The screenshots are gone at once; who deleted what and when stays.
func (c CutTime) Do(a Asked, in Rows, out *Changes) *Refusal {
	n, r := party(a, in, c.Contract)
	if r != nil {
		return r
	}
	if n != nil {
		if r := ReadHistory(in, c.Contract).mayMark(a, MarkCut, c.From); r != nil {
			return r
		}
		if c.To > a.At.Unix()+CellSeconds+clockSlack {
			return Refuse(InFuture)
		}
	}
	cut := Interval{c.From, c.To}
	m := &TimeMark{What: MarkCut, Contract: c.Contract, Spans: []MarkSpan{{From: c.From, To: c.To}}, By: a.By, At: markedAt(a, in, c.scope())}
	held := ReadDiary(in, c.before(), c.scope())
	for _, p := range held.Pieces() {
		if part, ok := p.meet(cut); ok {
			m.Seconds += part.Seconds()
		}
	}
	weeks := []string{c.Week}
	for _, s := range []Scope{c.before(), c.scope()} {
		refs, _ := in.All(s, KindShot)
		for _, r := range refs {
			if x, k := Get[*Shot](in, r); k == Held && c.From <= x.At && x.At < c.To {
				out.Remove(r)
				weeks = append(weeks, s.Part())
			}
		}
	}
	out.Put(c.scope(), a.ID, m)
	slices.Sort(weeks)
	for _, w := range slices.Compact(weeks) {
		out.Put(ContractScope(c.Contract), w, &WeekMark{})
	}
	return nil
}

// cutAt reports whether a mark of a diary takes an instant away.
func cutAt(in Rows, s Scope, at int64) bool {
	refs, _ := in.All(s, KindMark)
	for _, r := range refs {
		m, k := Get[*TimeMark](in, r)
		if k != Held || m.What != MarkCut {
			continue
		}
		if slices.ContainsFunc(m.Spans, func(s MarkSpan) bool { return s.From <= at && at < s.To }) {
			return true
		}
	}
	return false
}

// weekBefore names the week before one; an unreadable one is answered as it is.
func weekBefore(week string) string {
	w, err := ParseWeek(week)
	if err != nil {
		return week
	}
	return w.Previous().String()
}
