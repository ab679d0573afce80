package workroom

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

func (*Slice) ThingKind() Kind     { return KindSlice }
func (*CellInput) ThingKind() Kind { return KindInput }

// MaxSlice is the longest a slice may be; the tracker closes and reopens it there.
const MaxSlice = 24 * 3600

// clockSlack is how many seconds clocks may differ before a time counts as before the start or in the future.
const clockSlack = 300

const lateSuffix = "-late"

// LateID names the row that holds what became known of a slice only after the freeze of its week. No slice is reported under such an id.
func LateID(slice string) string { return slice + lateSuffix }

// wholeID is the slice that a row is of, which may be its late rest.
func wholeID(id string) string {
	for strings.HasSuffix(id, lateSuffix) {
		id = strings.TrimSuffix(id, lateSuffix)
	}
	return id
}

// CellID names a ten-minute cell of one device; input counts and shots use it as id.
func CellID(device string, cell int64) string { return fmt.Sprintf("%s.%d", device, cell) }

// ReportSlice brings a slice, and the input counts taken since the last report, into the diary. A slice is reported again with a higher rev
// while it grows. Week is the Monday of the week its start lies in.
type ReportSlice struct {
	Week  string      `json:"week"`
	Slice Slice       `json:"slice"`
	Input []CellInput `json:"input,omitempty"`
}

func (c ReportSlice) scope() Scope { return DiaryScope(c.Slice.Contract, c.Week) }

func (c ReportSlice) Op() Op { return OpReportSlice }
func (c ReportSlice) Scopes() []Scope {
	return []Scope{ContractScope(c.Slice.Contract), c.scope()}
}
func (c ReportSlice) Lane() string { return "diary:" + string(c.Slice.Contract) }
func (c ReportSlice) Wants() []Ref {
	k := ContractScope(c.Slice.Contract)
	return []Ref{{k, KindContract, string(c.Slice.Contract)}, {k, KindActivity, string(c.Slice.Activity)}, {c.scope(), KindSlice, c.Slice.ID},
		{c.scope(), KindSlice, LateID(c.Slice.ID)}, {c.scope(), KindSlice, LateID(LateID(c.Slice.ID))}}
}

func (c ReportSlice) Check() *Refusal {
	s := c.Slice
	switch {
	case !ValidID(s.ID) || !ValidID(string(s.Contract)) || !ValidID(string(s.Freelancer)) || !ValidID(s.Device) || !ValidID(s.Boot) ||
		s.Activity != "" && !ValidID(string(s.Activity)) || strings.HasSuffix(s.ID, lateSuffix):
		return Refuse(BadInput)
	case s.End < s.Start || s.End-s.Start > MaxSlice || s.Start < 0:
		return Bad("end", "A slice ends after its start and is at most 24 hours long.")
	case !validWeek(c.Week) || weekAt(s.Start).String() != c.Week:
		return Bad("week", "The slice does not lie in this week.")
	case s.Kind != Tracked && s.Kind != KeptIdle: // what is written in by hand comes by AddTime
		return Bad("kind", "Unknown kind of time.")
	case s.Close != "" && !slices.Contains(closeReasons, s.Close):
		return Bad("close", "Unknown reason for time to end.")
	case len(s.Flags) > 8 || slices.ContainsFunc(s.Flags, func(f string) bool { return !slices.Contains(sliceFlags, f) }):
		return Bad("flags", "Unknown flags on a stretch of time.")
	case len(c.Input) > 200:
		return Bad("input", "Too many input counts in one report.")
	}
	if r := CheckMemo(s.Memo); r != nil {
		return r
	}
	for _, in := range c.Input {
		if in.Device != s.Device || len(in.Minutes) > 10 {
			return Bad("input", "Input counts do not fit the slice.")
		}
		for _, m := range in.Minutes {
			if m.At/10 != in.Cell || m.Moved > 60 {
				return Bad("input", "Input counts do not fit their cell.")
			}
		}
	}
	return nil
}

// CheckMemo refuses a memo that says nothing or too much.
func CheckMemo(memo string) *Refusal {
	if Blank(memo) {
		return Refuse(MemoEmpty).on("memo")
	}
	return checkLabel("memo", "memo", memo, MaxMemo)
}

// Do keeps the report with the highest rev and joins the input counts. What was recorded under an activity archived meanwhile, or after the
// contract's end, or arrives after the freeze of its week, is kept and flagged, never dropped. A slice that closed is final: what is
// reported of it later changes nothing.
func (c ReportSlice) Do(a Asked, in Rows, out *Changes) *Refusal {
	k := ContractScope(c.Slice.Contract)
	n, known := Get[*Contract](in, Ref{k, KindContract, string(c.Slice.Contract)})
	if known == Absent {
		return Refuse(NoAccess)
	}
	if known == Held {
		switch {
		case n.Freelancer != a.By && n.Client != a.By:
			return Refuse(NoAccess)
		case n.Freelancer != a.By || c.Slice.Freelancer != a.By:
			return Refuse(FreelancerOnly)
		case !n.Status.Runs() && n.Status != Ended:
			return Refuse(ContractEnded)
		case c.Slice.Start < n.Started/1e6-clockSlack:
			return Bad("start", "This time lies before the contract started. It cannot be recorded on it.")
		}
	}
	if c.Slice.End > a.At.Unix()+clockSlack {
		return Refuse(InFuture)
	}
	old, had := Get[*Slice](in, Ref{c.scope(), KindSlice, c.Slice.ID})
	if had == Held {
		if r := c.Slice.follows(old); r != nil {
			return r
		}
		if old.Close != "" {
			return nil
		}
	}
	s, r := c.flagged(in)
	if r != nil {
		return r
	}
	switch {
	case had == Held && s.Rev <= old.Rev:
	case had == Held:
		c.grow(a, in, out, s, old)
	default:
		if frozen := FrozenBefore(a.At); had == Absent && s.Start < frozen {
			s.Flags, s.LateTo = flagged(s.Flags, FlagLate), min(s.End, frozen)
		}
		out.Put(c.scope(), s.ID, &s)
	}
	h := ReadHistory(in, c.Slice.Contract)
	for _, x := range c.Input {
		x.Until = 0
		id := CellID(x.Device, x.Cell)
		was, k := Get[*CellInput](in, Ref{c.scope(), KindInput, id})
		if k == Held && was.Until != 0 {
			continue // their time is over
		}
		if k == Held {
			x = joinInput(*was, x)
		}
		if h != nil {
			if left, due := h.Due(&x, a.At); due {
				x = *left.(*CellInput)
			}
		}
		out.Put(c.scope(), id, &x)
	}
	if len(out.List()) > 0 {
		out.Put(k, c.Week, &WeekMark{})
	}
	return nil
}

// follows refuses a report that makes another slice of the one that is there: all but its end, its close and its flags stands from the
// first report on, and its end goes back only where it closes (idle: at the last input).
func (s Slice) follows(old *Slice) *Refusal {
	switch {
	case old.Freelancer != s.Freelancer || old.Device != s.Device || old.Contract != s.Contract || old.Boot != s.Boot || old.Seq != s.Seq:
		return Refuse(NoAccess)
	case s.Start != old.Start || s.Kind != old.Kind || s.Activity != old.Activity || s.Memo != old.Memo:
		return Bad("start", "A stretch of time keeps its start, activity and memo. Anything else is a stretch of its own.")
	case s.Rev > old.Rev && s.End < old.End && s.Close == "" && old.Close == "":
		return Bad("end", "A stretch of time that goes on cannot become shorter.")
	}
	return nil
}

// flagged is the slice with the flags this rule gives: of those that came with the report only the device's own are kept.
func (c ReportSlice) flagged(in Rows) (Slice, *Refusal) {
	s := c.Slice
	s.Flags = slices.DeleteFunc(slices.Clone(s.Flags), func(f string) bool { return f != FlagClockCorrected && f != FlagClockUncertain })
	s.LateTo, s.CodeTo, s.WorkTo, s.Out, s.Back = 0, 0, 0, nil, 0
	if h := ReadHistory(in, s.Contract); h != nil {
		h.flag(&s)
	}
	if s.Activity != "" {
		act, k := Get[*Activity](in, Ref{ContractScope(s.Contract), KindActivity, string(s.Activity)})
		switch {
		case k == Absent:
			return s, Refuse(ActivityGone).on("activity")
		case k == Held && act.Archived != 0 && s.End > act.Archived/1e6:
			s.Flags, s.CodeTo = flagged(s.Flags, FlagCodeInactive), max(s.Start, act.Archived/1e6)
		}
	}
	return s, nil
}

// grow writes a later report of a slice. What the service learns of frozen time only after the freeze is late, but what it knew before
// stays as it was: the late rest becomes a row of its own beside the slice. Growth into time that is not frozen yet is in time. What is
// given back of frozen time counts no more and falls to nobody. What a closed week holds is sealed: nothing of it becomes shorter any more.
func (c ReportSlice) grow(a Asked, in Rows, out *Changes, s Slice, old *Slice) {
	frozen := FrozenBefore(a.At)
	rest, had := Get[*Slice](in, Ref{c.scope(), KindSlice, LateID(s.ID)})
	w := WeekOf(time.Unix(s.Start, 0))
	if h := ReadHistory(in, s.Contract); h != nil && h.State(w, a.At) == WeekClosed {
		left := old.leftOut()
		s.End, s.Flags, s.CodeTo = max(s.End, old.End), old.Flags, old.CodeTo
		if had == Held {
			s.End, left = max(s.End, rest.End), append(left, rest.leftOut()...)
		}
		h.flagFrom(&s, w.End().Unix(), left)
	}
	late := old.lateTo()
	said := s.End
	s.giveBack(old, frozen)
	if late > old.Start {
		if late == old.End && s.End > old.End {
			late = max(late, min(s.End, frozen))
		}
		s.Flags, s.LateTo = flagged(s.Flags, FlagLate), min(late, s.End)
	}
	switch {
	case late == s.End && late > old.Start:
	case had == Held && said <= old.End && !rest.timely(frozen):
		out.Remove(Ref{c.scope(), KindSlice, LateID(s.ID)})
	case had == Held, old.End < min(s.End, frozen):
		over := s
		over.ID, over.Start, over.End, over.Back, over.Flags = LateID(s.ID), old.End, said, 0, flagged(s.Flags, FlagLate)
		over.LateTo = max(over.Start, min(said, frozen))
		if had == Held {
			over.Start, over.End = rest.Start, max(said, rest.Start)
			over.LateTo = max(rest.lateTo(), min(said, frozen))
			if rest.timely(frozen) {
				over.LateTo = rest.lateTo()
				over.giveBack(rest, frozen)
				c.tail(in, out, &over, rest, said, frozen)
			}
		}
		if s.Back == 0 {
			s.End = old.End
		}
		s.LateTo = min(s.LateTo, s.End)
		out.Put(c.scope(), over.ID, &over)
	}
	out.Put(c.scope(), s.ID, &s)
}

// tail keeps what of the late rest of a slice became known after the freeze of the next week, into which the rest reaches: it is late, and
// what the rest had of that week in time stays in time. It becomes a row of its own, as the rest is one.
func (c ReportSlice) tail(in Rows, out *Changes, over, rest *Slice, said, frozen int64) {
	ref := Ref{c.scope(), KindSlice, LateID(over.ID)}
	_, had := Get[*Slice](in, ref)
	switch {
	case said > rest.End:
		n := *over
		n.ID, n.Start, n.End, n.Flags, n.LateTo = ref.ID, rest.End, said, flagged(over.Flags, FlagLate), min(said, max(rest.End, frozen))
		out.Put(ref.Scope, ref.ID, &n)
		over.End = rest.End
	case had == Held:
		out.Remove(ref)
	}
}

// timely reports whether a part of the slice that is frozen came in time.
func (s *Slice) timely(frozen int64) bool { return s.lateTo() < min(s.End, frozen) }

func flagged(flags []string, f string) []string {
	if slices.Contains(flags, f) {
		return flags
	}
	return append(append([]string{}, flags...), f)
}

// validWeek reports whether the text names a week by its Monday.
func validWeek(s string) bool {
	w, err := ParseWeek(s)
	return err == nil && w.String() == s
}
