package workroom

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"
)

// ManualEntry is time written in by hand: whole minutes of one week, or seconds of an import, in Unix seconds. ID becomes the slice's.
type ManualEntry struct {
	ID       string     `json:"id"`
	From     int64      `json:"from"`
	To       int64      `json:"to"`
	Activity ActivityID `json:"activity,omitempty"`
	Memo     string     `json:"memo"`
}

// MaxEntries is how many entries one command may bring.
const MaxEntries = 100

// AddTime writes time in by hand, where the contract allows it when it is written (T-14), also of the days before it was paused or ended. It
// is marked as manual everywhere, counts to the limit and is never protected. All entries lie in Week.
type AddTime struct {
	Contract ContractID    `json:"contract"`
	Week     string        `json:"week"`
	Who      AccountID     `json:"who"`
	Entries  []ManualEntry `json:"entries"`
	Imported bool          `json:"imported,omitempty"` // from another program's export: to the second, as it was measured there
}

func (c AddTime) scope() Scope  { return DiaryScope(c.Contract, c.Week) }
func (c AddTime) before() Scope { return DiaryScope(c.Contract, weekBefore(c.Week)) }

func (c AddTime) Op() Op { return OpAddTime }
func (c AddTime) Scopes() []Scope {
	return []Scope{ContractScope(c.Contract), c.scope(), c.before()}
}
func (c AddTime) Lane() string { return "diary:" + string(c.Contract) }
func (c AddTime) Wants() []Ref {
	k := ContractScope(c.Contract)
	out := []Ref{{k, KindContract, string(c.Contract)}}
	for _, e := range c.Entries {
		out = append(out, Ref{c.scope(), KindSlice, e.ID})
		if e.Activity != "" {
			out = append(out, Ref{k, KindActivity, string(e.Activity)})
		}
	}
	return out
}

func (c AddTime) Check() *Refusal {
	switch {
	case !ValidID(string(c.Contract)) || !ValidID(string(c.Who)) || !validWeek(c.Week):
		return Refuse(BadInput)
	case len(c.Entries) == 0 || len(c.Entries) > MaxEntries:
		return Bad("entries", "Write in 1 to %d stretches of time at once.", MaxEntries)
	}
	var taken intervals
	for _, e := range c.Entries {
		switch {
		case !ValidID(e.ID) || strings.HasSuffix(e.ID, lateSuffix) || e.Activity != "" && !ValidID(string(e.Activity)):
			return Refuse(BadInput)
		case e.From < 0 || e.To <= e.From || e.To-e.From > MaxSlice:
			return Bad("to", "The end lies after the start, by at most 24 hours.")
		case !c.Imported && (e.From%60 != 0 || e.To%60 != 0):
			return Bad("from", "Time is written in by whole minutes.")
		case weekAt(e.From).String() != c.Week || weekAt(e.To-1).String() != c.Week:
			return Bad("week", "This does not lie in the week.")
		}
		if r := CheckMemo(e.Memo); r != nil {
			return r
		}
		if free := taken.claim(Interval{e.From, e.To}); len(free) != 1 || free[0].Seconds() != e.To-e.From {
			return Refuse(Overlap)
		}
	}
	return nil
}

// Do writes the entries as slices. Where one of them overlaps time that is there, or that was deleted, none is written.
func (c AddTime) Do(a Asked, in Rows, out *Changes) *Refusal {
	if a.By != c.Who {
		return Refuse(NoAccess)
	}
	n, r := party(a, in, c.Contract)
	if r != nil {
		return r
	}
	if n != nil {
		switch {
		case n.Freelancer != a.By:
			return Refuse(FreelancerOnly)
		case !n.Terms.Manual:
			return Refuse(ManualOff)
		}
	}
	taken := ReadDiary(in, c.before(), c.scope()).taken()
	for _, e := range c.Entries {
		if old, k := Get[*Slice](in, Ref{c.scope(), KindSlice, e.ID}); k == Held {
			if old.Kind == Manual && old.Freelancer == c.Who && old.Start == e.From && old.End == e.To {
				continue // written in before
			}
			return Refuse(NoAccess)
		}
		if r := c.allowed(a, in, n, e); r != nil {
			return r
		}
		if len(taken.overlaps(Interval{e.From, e.To})) > 0 {
			return Refuse(Overlap)
		}
		out.Put(c.scope(), e.ID, &Slice{
			ID: e.ID, Rev: 1, Freelancer: c.Who, Contract: c.Contract, Device: a.Device, Boot: "manual", Start: e.From, End: e.To,
			Activity: e.Activity, Memo: e.Memo, Kind: Manual, Close: CloseStop,
		})
	}
	if len(out.List()) > 0 {
		out.Put(ContractScope(c.Contract), c.Week, &WeekMark{})
	}
	return nil
}

// allowed says why one entry may not be written in now.
func (c AddTime) allowed(a Asked, in Rows, n *Contract, e ManualEntry) *Refusal {
	k := ContractScope(c.Contract)
	switch {
	case e.To > a.At.Unix():
		return Refuse(InFuture)
	case Frozen(time.Unix(e.From, 0), a.At):
		return Refuse(WeekFrozen)
	case n != nil:
		if r := ReadHistory(in, c.Contract).MayHold(Interval{e.From, e.To}); r != nil {
			return r
		}
	}
	if e.Activity != "" {
		act, known := Get[*Activity](in, Ref{k, KindActivity, string(e.Activity)})
		if known == Absent || known == Held && act.Archived != 0 {
			return Refuse(ActivityGone).on("activity")
		}
		return nil
	}
	if n != nil && n.Terms.RequireActivity {
		refs, _ := in.All(k, KindActivity)
		for _, r := range refs {
			if act, known := Get[*Activity](in, r); known == Held && act.Archived == 0 {
				return Refuse(ActivityNeeded).on("activity")
			}
		}
	}
	return nil
}

// MayHold says why a stretch of time cannot be written into the contract by hand, nil if it can: the contract ran then, whatever became of it
// since.
func (h *History) MayHold(in Interval) *Refusal {
	if in.From < h.contract.Started/1e6-clockSlack {
		return Bad("from", "This time lies before the contract started. It cannot be recorded on it.")
	}
	for _, stop := range h.Stops() {
		if _, ok := stop.meet(in); ok && stop.To == math.MaxInt64 && h.contract.Status == Ended {
			return Bad("from", "The contract had ended in this time. It cannot be recorded on it.")
		} else if ok {
			return Bad("from", "The contract was paused in this time. It cannot be recorded on it.")
		}
	}
	return nil
}

// taken is where nothing can be written in: time that is there, whoever owns it, and time that was deleted.
func (d *Diary) taken() intervals {
	var out intervals
	for _, s := range newest(d.Slices) {
		out.claim(Interval{s.Start, s.End})
	}
	for _, m := range d.Edits() {
		if m.What == MarkCut {
			out.claim(m.Interval)
		}
	}
	return out
}

// Clash is a stretch of time that is in the way of an entry.
type Clash struct {
	Interval
	Contract ContractID
	Deleted  bool // it was deleted there
}

// Clashes are what of the diary stands in the way of [from, to), in order of time, and Gaps what is left of it in whole minutes.
func (d *Diary) Clashes(from, to int64) []Clash {
	var out []Clash
	want := Interval{from, to}
	for _, s := range newest(d.Slices) {
		if in, ok := want.meet(Interval{s.Start, s.End}); ok {
			out = append(out, Clash{Interval: in, Contract: s.Contract})
		}
	}
	for _, m := range d.Edits() {
		if in, ok := want.meet(m.Interval); ok && m.What == MarkCut {
			out = append(out, Clash{Interval: in, Contract: m.Contract, Deleted: true})
		}
	}
	slices.SortFunc(out, func(a, b Clash) int { return int(a.From - b.From) })
	return out
}

// Gaps are the whole minutes of [from, to) in which nothing stands in the way.
func (d *Diary) Gaps(from, to int64) []Interval {
	taken := d.taken()
	var out []Interval
	for _, in := range taken.without(Interval{from, to}) {
		in.From, in.To = floorDiv(in.From+59, 60)*60, floorDiv(in.To, 60)*60
		if in.To > in.From {
			out = append(out, in)
		}
	}
	return out
}

// overlaps are the parts of in that are in the set.
func (t intervals) overlaps(in Interval) []Interval {
	var out []Interval
	i, _ := slices.BinarySearchFunc(t, in.From, func(e Interval, from int64) int { return cmp.Compare(e.To, from) })
	for ; i < len(t) && t[i].From < in.To; i++ {
		if m, ok := t[i].meet(in); ok {
			out = append(out, m)
		}
	}
	return out
}
