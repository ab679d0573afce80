package workroom

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Seal is what a closed week came down to, written down once: the facts, each by its fingerprint, what they add up to under the terms of
// then, and a sum over all of it and over the sum of the week sealed before. Both sides hold the rows and the seals, so either can compute
// every sum anew; whoever changed a second of a sealed week would have to change every seal after it, in both copies. What came late is not
// in it: it is unbilled and changes nothing.
type Seal struct {
	N        int64     `json:"n"`    // 1 for the contract's first
	Prev     string    `json:"prev"` // sum of the seal before, empty for the first
	Week     string    `json:"week"`
	Rate     int64     `json:"rate"` // terms when it was sealed
	Currency string    `json:"currency"`
	Limit    int64     `json:"limit"` // seconds, NoLimit for none
	Segments bool      `json:"segments,omitempty"`
	Rows     []SealRow `json:"rows"`
	Seconds  int64     `json:"seconds"`
	Billable int64     `json:"billable"`
	Amount   int64     `json:"amount"`
	Pieces   string    `json:"pieces"` // fingerprint of what is billed, second by second
	Sum      string    `json:"sum"`    // hex SHA-256 over all of the above
	At       int64     `json:"at"`     // Unix µs; when the service sealed it, not in the sum
	Unknown  `json:"-"`
}

// SealRow is the fingerprint of one fact: the first 16 hex digits of its SHA-256.
type SealRow struct {
	Kind Kind   `json:"k"`
	ID   string `json:"id"`
	Sum  string `json:"sum"`
}

// Chain is the newest seal of a contract: the next one is laid over it. It stands in the contract's scope.
type Chain struct {
	N       int64  `json:"n"`
	Week    string `json:"week"`
	Sum     string `json:"sum"`
	Unknown `json:"-"`
}

func (*Seal) ThingKind() Kind  { return KindSeal }
func (*Chain) ThingKind() Kind { return KindChain }

// SealOf computes the seal of a week from the diary rows of that week and the one before, under the terms given and over the seal before.
func SealOf(week Week, d *Diary, t Terms, prev Chain) *Seal {
	span := Interval{week.Start().Unix(), week.End().Unix()}
	s := &Seal{N: prev.N + 1, Prev: prev.Sum, Week: week.String(), Rate: t.Rate, Currency: t.Currency, Limit: t.Limit, Segments: t.Segments, Rows: []SealRow{}}
	counted := d.Pieces()
	s.Limit = t.LimitOf(counted, week)
	for _, x := range newest(d.Slices) {
		in, ok := span.meet(Interval{x.lateTo(), x.End})
		if !ok {
			continue
		}
		fact := *x
		fact.Start, fact.End, fact.Rev, fact.Close, fact.Flags, fact.Unknown = in.From, in.To, 0, "", nil, nil
		fact.LateTo, fact.CodeTo = 0, 0
		fact.leaveOut(within(x.leftOut(), in))
		if fact.WorkTo >= in.To {
			fact.WorkTo = 0
		}
		fact.Flags = nil
		s.Rows = append(s.Rows, SealRow{KindSlice, x.ID, fingerprint(fact)})
	}
	for _, m := range d.Marks {
		if slices.ContainsFunc(m.Spans, func(x MarkSpan) bool { _, ok := span.meet(Interval{x.From, x.To}); return ok }) {
			fact := *m
			fact.Unknown = nil
			s.Rows = append(s.Rows, SealRow{KindMark, fmt.Sprintf("%d", m.At), fingerprint(fact)})
		}
	}
	slices.SortFunc(s.Rows, func(a, b SealRow) int {
		return cmp.Or(strings.Compare(string(a.Kind), string(b.Kind)), strings.Compare(a.ID, b.ID), strings.Compare(a.Sum, b.Sum))
	})
	type line struct {
		From, To int64
		Slice    string
		Activity ActivityID
		Memo     string
		How      SliceKind
		Bills    bool
	}
	var lines []line
	var contract ContractID
	pieces := WalkLimit(counted, week, s.Limit)
	for _, p := range pieces {
		if p.Late {
			continue
		}
		contract = p.Contract
		s.Seconds += p.Seconds()
		lines = append(lines, line{p.From, p.To, p.Slice, p.Activity, p.Memo, p.How, p.Billable()})
	}
	s.Billable = BilledSeconds(pieces, d.Ties(contract), Terms{Limit: s.Limit, Unlimited: s.Limit == NoLimit, Segments: s.Segments})
	s.Amount = Amount(s.Rate, s.Billable)
	s.Pieces = fingerprint(lines)
	s.Sum = s.sum()
	return s
}

// sum is the hex SHA-256 over all of the seal but its sum and moment.
func (s *Seal) sum() string {
	n := *s
	n.Sum, n.At, n.Unknown = "", 0, nil
	h := sha256.Sum256([]byte("trestle seal 1\n" + canonical(n)))
	return hex.EncodeToString(h[:])
}

func fingerprint(v any) string {
	h := sha256.Sum256([]byte(canonical(v)))
	return hex.EncodeToString(h[:8])
}

func canonical(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error() // none of these types can fail
	}
	return string(b)
}

// Faults compares a seal with the rows of a copy: the diary rows of its week and the one before, and the sum that the seal before it has in
// this copy. The answer is empty if all of it is as it was sealed, else a sentence for each difference.
func (s *Seal) Faults(d *Diary, prev string) []string {
	w, err := ParseWeek(s.Week)
	if err != nil {
		return []string{"The seal names no week."}
	}
	var out []string
	if s.Prev != prev {
		out = append(out, "It does not follow the week sealed before it.")
	}
	t := Terms{Rate: s.Rate, Currency: s.Currency, Limit: s.Limit, Unlimited: s.Limit == NoLimit, Segments: s.Segments}
	now := SealOf(w, d, t, Chain{N: s.N - 1, Sum: s.Prev})
	out = append(out, differences(s.Rows, now.Rows)...)
	if len(out) == 0 && (now.Pieces != s.Pieces || now.Seconds != s.Seconds || now.Billable != s.Billable || now.Amount != s.Amount) {
		out = append(out, "What it adds up to is something else.")
	}
	if len(out) == 0 && (s.Sum != s.sum() || now.Sum != s.Sum) {
		out = append(out, "Its sum is not the one of what it says.")
	}
	return out
}

// differences are what the rows of a seal are not any more, a sentence each. An id may stand twice: for a fact of the week and for one of the
// week before that reaches into it.
func differences(was, now []SealRow) (out []string) {
	left := map[SealRow]int{}
	for _, r := range was {
		left[r]++
	}
	var other []SealRow
	for _, r := range now {
		if left[r] > 0 {
			left[r]--
		} else {
			other = append(other, r)
		}
	}
	missing := map[string]int{}
	for _, r := range was {
		if left[r] > 0 {
			left[r]--
			missing[string(r.Kind)+" "+r.ID]++
		}
	}
	for _, r := range other {
		k := string(r.Kind) + " " + r.ID
		if missing[k] > 0 {
			missing[k]--
			out = append(out, "Something was changed: "+k+".")
		} else {
			out = append(out, "Something was added: "+k+".")
		}
	}
	for _, k := range slices.Sorted(maps.Keys(missing)) {
		for range missing[k] {
			out = append(out, "Something is missing: "+k+".")
		}
	}
	return out
}

// CloseWeek has the service seal a week whose review is over. Either side's program asks for it, as soon as it sees one without a seal; what
// is in it only the service's rows decide.
type CloseWeek struct {
	Contract ContractID `json:"contract"`
	Week     string     `json:"week"`
}

func (c CloseWeek) scope() Scope  { return DiaryScope(c.Contract, c.Week) }
func (c CloseWeek) before() Scope { return DiaryScope(c.Contract, weekBefore(c.Week)) }
func (c CloseWeek) Op() Op        { return OpCloseWeek }
func (c CloseWeek) Scopes() []Scope {
	return []Scope{ContractScope(c.Contract), c.scope(), c.before()}
}
func (c CloseWeek) Lane() string    { return "seal:" + string(c.Contract) }
func (c CloseWeek) FoldKey() string { return c.Week }
func (c CloseWeek) Wants() []Ref {
	k := ContractScope(c.Contract)
	return []Ref{{k, KindContract, string(c.Contract)}, {k, KindChain, string(c.Contract)}, {k, KindWeek, c.Week}, {c.scope(), KindSeal, c.Week}}
}

func (c CloseWeek) Check() *Refusal {
	if !ValidID(string(c.Contract)) || !validWeek(c.Week) {
		return Refuse(BadInput)
	}
	return nil
}

// Do seals the week, once.
func (c CloseWeek) Do(a Asked, in Rows, out *Changes) *Refusal {
	n, r := party(a, in, c.Contract)
	if r != nil || n == nil {
		return r
	}
	w, err := ParseWeek(c.Week)
	if err != nil {
		return Refuse(BadInput)
	}
	h := ReadHistory(in, c.Contract)
	if h.State(w, a.At) != WeekClosed {
		return Refuse(WeekRuns)
	}
	k := ContractScope(c.Contract)
	if !holdsTime(in, c.Contract, w) {
		return Refuse(Gone)
	}
	if _, known := Get[*Seal](in, Ref{c.scope(), KindSeal, c.Week}); known != Absent {
		return nil
	}
	var prev Chain
	if last, known := Get[*Chain](in, Ref{k, KindChain, string(c.Contract)}); known == Held {
		prev = *last
	}
	s := SealOf(w, ReadDiary(in, c.before(), c.scope()), h.Of(w), prev)
	s.At = a.At.UnixMicro()
	out.Put(c.scope(), c.Week, s)
	out.Put(k, string(c.Contract), &Chain{N: s.N, Week: s.Week, Sum: s.Sum})
	out.Put(k, c.Week, &WeekMark{})
	return nil
}

// holdsTime reports whether there is anything in a week of a contract: in its own diary, or in that of the week before and reaching over.
func holdsTime(in Rows, id ContractID, w Week) bool {
	if _, known := Get[*WeekMark](in, Ref{ContractScope(id), KindWeek, w.String()}); known != Absent {
		return true
	}
	refs, _ := in.All(DiaryScope(id, w.Previous().String()), KindSlice)
	return slices.ContainsFunc(refs, func(r Ref) bool {
		s, k := Get[*Slice](in, r)
		return k == Held && s.ReachesInto(w)
	})
}

// ReachesInto reports whether a slice that began before a week goes on in it.
func (s *Slice) ReachesInto(w Week) bool {
	return s.Start < w.Start().Unix() && s.End > w.Start().Unix()
}

// SealDue reports whether a week of a contract, of which h is the history, can be sealed at now.
func SealDue(h *History, w Week, now time.Time) bool { return h.State(w, now) == WeekClosed }
