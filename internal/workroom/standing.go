package workroom

import (
	"slices"
	"unicode/utf8"
)

// EndReason says why a contract was ended.
type EndReason string

// Reasons to end a contract.
const (
	EndDone     EndReason = "done"     // the work is done
	EndUnneeded EndReason = "unneeded" // it is not needed any more
	EndTerms    EndReason = "terms"    // the two could not agree on terms
	EndQuality  EndReason = "quality"  // it was not what was agreed on
	EndOther    EndReason = "other"    // as the text says
)

// MaxEndText is how many characters the words about an end hold.
const MaxEndText = 1000

// PauseContract pauses a contract or lets it go on; only the client may (W-35). The tracker stops. What is recorded meanwhile, by a computer
// that has not heard of it, is kept, unbilled and shown to both.
type PauseContract struct {
	Contract ContractID `json:"contract"`
	Week     string     `json:"week"` // in which it was given
	On       bool       `json:"on"`
}

// Op is OpPauseContract.
func (c PauseContract) Op() Op { return OpPauseContract }

// Scopes are the contract's and the diaries in which what is recorded just now may lie.
func (c PauseContract) Scopes() []Scope { return standingScopes(c.Contract, c.Week) }

// Lane is the contract's.
func (c PauseContract) Lane() string { return string(ContractScope(c.Contract)) }

// Wants is the contract.
func (c PauseContract) Wants() []Ref {
	return []Ref{{ContractScope(c.Contract), KindContract, string(c.Contract)}}
}

// Check refuses what names no contract or week.
func (c PauseContract) Check() *Refusal {
	if !ValidID(string(c.Contract)) || !validWeek(c.Week) {
		return Refuse(BadInput)
	}
	return nil
}

// Do writes the turn and the contract. Pausing what is paused changes nothing.
func (c PauseContract) Do(a Asked, in Rows, out *Changes) *Refusal {
	n, r := party(a, in, c.Contract)
	if r != nil || n == nil {
		return r
	}
	t := &Turn{What: TurnResumed, By: a.By}
	if c.On {
		t.What = TurnPaused
	}
	if r := n.mayTurn(a.By, t.What); r != nil {
		return r
	}
	if c.On == (n.Status == Paused) {
		return nil
	}
	if h := ReadHistory(in, c.Contract); c.On {
		if r := h.mayChange(a.By, h.next(a)); r != nil {
			return r
		}
	}
	changed := *n
	changed.Status = Active
	if c.On {
		changed.Status = Paused
	}
	return stand(a, in, out, c.Scopes(), t, &changed)
}

// EndContract ends a contract with a reason. Either side may (W-35).
type EndContract struct {
	Contract ContractID `json:"contract"`
	Week     string     `json:"week"` // in which it was given
	Reason   EndReason  `json:"reason"`
	Text     string     `json:"text,omitempty"`
}

// Op is OpEndContract.
func (c EndContract) Op() Op { return OpEndContract }

// Scopes are the contract's and the diaries in which what is recorded just now may lie.
func (c EndContract) Scopes() []Scope { return standingScopes(c.Contract, c.Week) }

// Lane is the contract's.
func (c EndContract) Lane() string { return string(ContractScope(c.Contract)) }

// Wants is the contract.
func (c EndContract) Wants() []Ref {
	return []Ref{{ContractScope(c.Contract), KindContract, string(c.Contract)}}
}

// Check refuses an end without a reason.
func (c EndContract) Check() *Refusal {
	if !ValidID(string(c.Contract)) || !validWeek(c.Week) {
		return Refuse(BadInput)
	}
	switch c.Reason {
	case EndDone, EndUnneeded, EndTerms, EndQuality:
	case EndOther:
		if Blank(c.Text) {
			return Bad("text", "Say in a few words why the contract ends.")
		}
	default:
		return Bad("reason", "Choose why the contract ends.")
	}
	if utf8.RuneCountInString(c.Text) > MaxEndText {
		return Bad("text", "This has at most %d characters.", MaxEndText)
	}
	return nil
}

// Settled reports whether the rows show the contract ended by whoever asks.
func (c EndContract) Settled(a Asked, in Rows) bool {
	h := ReadHistory(in, c.Contract)
	if h == nil || h.contract.Status != Ended || len(h.turns) == 0 {
		return false
	}
	last := h.turns[len(h.turns)-1]
	return last.What == TurnEnded && last.By == a.By
}

// Do writes the turn and the contract.
func (c EndContract) Do(a Asked, in Rows, out *Changes) *Refusal {
	n, r := party(a, in, c.Contract)
	if r != nil || n == nil {
		return r
	}
	if r := n.mayTurn(a.By, TurnEnded); r != nil {
		return r
	}
	changed := *n
	changed.Status = Ended
	return stand(a, in, out, c.Scopes(), &Turn{What: TurnEnded, By: a.By, Reason: c.Reason, Text: c.Text}, &changed)
}

func standingScopes(id ContractID, week string) []Scope {
	return []Scope{ContractScope(id), DiaryScope(id, weekBefore(week)), DiaryScope(id, week)}
}

// stand writes how a contract stands from now on. Time that is here already and lies after that, because a clock ran ahead or this was given
// back after a restore, is flagged as if it came now: the order of arrival makes no difference.
func stand(a Asked, in Rows, out *Changes, scopes []Scope, t *Turn, n *Contract) *Refusal {
	id := ContractID(scopes[0].Owner())
	before := ReadHistory(in, id)
	t.At = before.next(a)
	if t.What == TurnEnded {
		n.Ended = t.At
	}
	out.Put(scopes[0], a.ID, t)
	out.Put(scopes[0], string(id), n)
	h := HistoryOf(n, append(before.Turns(), t))
	for _, d := range scopes[1:] {
		w, err := ParseWeek(d.Part())
		if err != nil || h.State(w, a.At) == WeekClosed {
			continue
		}
		refs, _ := in.All(d, KindSlice)
		touched := false
		for _, r := range refs {
			s, k := Get[*Slice](in, r)
			if k != Held || s.End <= t.At/1e6 {
				continue
			}
			flagged := *s
			h.flag(&flagged)
			out.Put(d, r.ID, &flagged)
			touched = true
		}
		if touched {
			out.Put(scopes[0], d.Part(), &WeekMark{})
		}
	}
	return nil
}

// flag marks what of a slice lies in a pause of the contract or after its end.
func (h *History) flag(s *Slice) {
	var out []Interval
	for _, stop := range h.Stops() {
		if part, ok := stop.meet(Interval{s.Start, s.End}); ok {
			out = append(out, part)
		}
	}
	s.leaveOut(out)
}

// flagFrom is flag for what of a slice lies at or after an instant (Unix seconds); before it the stretches are those given.
func (h *History) flagFrom(s *Slice, at int64, before []Interval) {
	out := within(before, Interval{s.Start, at})
	h.flag(s)
	s.leaveOut(append(out, within(s.leftOut(), Interval{at, s.End})...))
}

// leftOut are the stretches of a slice in which the contract was paused or had ended.
func (s *Slice) leftOut() []Interval {
	out := slices.Clone(s.Out)
	if from := s.since(FlagAfterEnd, s.WorkTo); from < s.End {
		out = append(out, Interval{from, s.End})
	}
	return joined(out)
}

// leaveOut says in which stretches of a slice the contract was paused or had ended.
func (s *Slice) leaveOut(out []Interval) {
	s.Flags = slices.DeleteFunc(slices.Clone(s.Flags), func(f string) bool { return f == FlagAfterEnd })
	s.WorkTo, s.Out = 0, nil
	var all intervals // a slice and its late rest may both know of one
	for _, x := range out {
		all.claim(x)
	}
	if out = all; len(out) == 0 {
		return
	}
	s.Flags, s.WorkTo = flagged(s.Flags, FlagAfterEnd), s.End
	if last := out[len(out)-1]; last.To == s.End {
		s.WorkTo, out = last.From, out[:len(out)-1]
	}
	if len(out) > 0 {
		s.Out = out
	}
}

// within are the parts of stretches that lie in another.
func within(list []Interval, in Interval) []Interval {
	var out []Interval
	for _, x := range list {
		if part, ok := x.meet(in); ok {
			out = append(out, part)
		}
	}
	return out
}
