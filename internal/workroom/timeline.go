package workroom

import (
	"cmp"
	"slices"
	"strings"
)

// How stored facts become what people see; every step is a pure function of the set it is given, whatever the order of arrival:
//
//	slices ──Claim──► owned intervals ──Pieces──► pieces ──WalkLimit──► pieces marked over the limit ──► Segments, Grid, Amount
//
// Claim needs all slices of one freelancer, over all devices and contracts; the later steps may be given one contract's only.

// Interval is the stretch [From, To) in Unix seconds.
type Interval struct {
	From int64 `json:"from"`
	To   int64 `json:"to"`
}

// Seconds is the interval's length.
func (i Interval) Seconds() int64 { return i.To - i.From }

func (i Interval) meet(o Interval) (Interval, bool) {
	m := Interval{max(i.From, o.From), min(i.To, o.To)}
	return m, m.From < m.To
}

// MarkWhat says what a mark changes.
type MarkWhat string

// What a mark may change.
const (
	MarkCut   MarkWhat = "cut"   // takes the contract's time in the range away, whenever its slices arrive
	MarkCode  MarkWhat = "code"  // gives the named slices another activity in the range; Value is its id, empty for none
	MarkMemo  MarkWhat = "memo"  // gives the named slices another memo in the range; Value is the memo
	MarkOwner MarkWhat = "owner" // lets the named slices win the range over others they overlap
)

// markApproved is what an approval of late time stands for: the range is the contract's for good. It is no mark that anybody gives.
const markApproved MarkWhat = "approved"

// Mark is an edit of stored time that leaves the slices as they are. Marks are given in the order of the service; where two of one What
// meet, the later wins instant by instant.
type Mark struct {
	What     MarkWhat
	Contract ContractID
	Slices   []string // ids of the contract's; not used by a cut
	Interval
	Value string
	In    Week // in whose diary the slices stand; zero for any
}

// names reports whether a mark that has the id of a slice means that slice: ids are a contract's own in each week.
func (m Mark) names(s *Slice) bool {
	return (m.Contract == "" || m.Contract == s.Contract) && (m.In == Week{} || m.In == s.Key().Week)
}

// SliceKey names a slice among all of one freelancer. Its id alone does not: whoever records time makes ids up, and may give one to
// several slices, on several contracts or in several weeks.
type SliceKey struct {
	Contract ContractID
	Week     Week // in whose diary it stands
	ID       string
}

// Key is the name of the slice among all of its freelancer.
func (s *Slice) Key() SliceKey {
	w := s.In
	if w == (Week{}) {
		w = weekAt(s.Start)
	}
	return SliceKey{s.Contract, w, s.ID}
}

func (k SliceKey) compare(o SliceKey) int {
	return cmp.Or(cmp.Compare(k.Contract, o.Contract), cmp.Compare(k.Week.n, o.Week.n), strings.Compare(k.ID, o.ID))
}

// CutsOf are the cuts that deleted screenshots stand for: the whole cell of that contract.
func CutsOf(shots []*Shot) []Mark {
	var out []Mark
	for _, s := range shots {
		if s.Reason == ShotDeleted {
			out = append(out, Mark{What: MarkCut, Contract: s.Contract,
				Interval: Interval{s.Cell * CellSeconds, (s.Cell + 1) * CellSeconds}})
		}
	}
	return out
}

// cellsOf cuts an interval at the ten-minute lines.
func cellsOf(in Interval) func(yield func(Cell, Interval) bool) {
	return func(yield func(Cell, Interval) bool) {
		for from := in.From; from < in.To; {
			c := cellAt(from)
			to := min(in.To, (int64(c)+1)*CellSeconds)
			if !yield(c, Interval{from, to}) {
				return
			}
			from = to
		}
	}
}

// Piece is a stretch of one slice that the slice owns, less what was cut away, under one activity and one memo. Diary, reports and bills
// read pieces and nothing else. [From, To) are whole seconds.
type Piece struct {
	Slice      string
	Freelancer AccountID
	Contract   ContractID
	Interval
	Activity ActivityID
	Memo     string
	How      SliceKind
	Over     bool // beyond the weekly limit, by WalkLimit
	Late     bool // came after the freeze
	AfterEnd bool // recorded after the contract had ended, or while it was paused
	Retired  bool // its activity was archived meanwhile
}

// Billable reports whether the piece counts for money.
func (p Piece) Billable() bool { return !p.Over && !p.Late && !p.AfterEnd }

// Pieces cuts slices into pieces: what owned (the answer of Claim) leaves to each slice, less the cuts of its contract, divided where
// marks give parts of it another activity or memo. The answer is in order of time. A slice that owned does not name owns nothing.
func Pieces(list []*Slice, owned map[SliceKey][]Interval, marks []Mark) []Piece {
	cuts := map[ContractID]*intervals{}
	edits := map[string][]Mark{}
	for _, m := range marks {
		switch m.What {
		case MarkCut:
			if cuts[m.Contract] == nil {
				cuts[m.Contract] = new(intervals)
			}
			cuts[m.Contract].claim(m.Interval)
		case MarkCode, MarkMemo:
			for _, id := range m.Slices {
				edits[id] = append(edits[id], m)
			}
		}
	}
	var out []Piece
	of := func(s *Slice, id string) []Mark {
		return slices.DeleteFunc(slices.Clone(edits[id]), func(m Mark) bool { return !m.names(s) })
	}
	for _, s := range newest(list) {
		stretches := owned[s.Key()]
		if len(stretches) == 0 {
			continue
		}
		whole, own := of(s, wholeID(s.ID)), of(s, s.ID)
		for _, in := range stretches {
			if s.Back != 0 {
				if in.To = min(in.To, s.Back); in.From >= in.To {
					continue
				}
			}
			kept := []Interval{in}
			if c := cuts[s.Contract]; c != nil {
				kept = c.without(in)
			}
			for _, k := range kept {
				out = append(out, s.pieces(k, whole, own)...)
			}
		}
	}
	slices.SortFunc(out, func(a, b Piece) int { return cmp.Or(cmp.Compare(a.From, b.From), strings.Compare(a.Slice, b.Slice)) })
	return out
}

// pieces divides one owned stretch where edits and flags begin and end, and joins neighbours that came out alike. What is late of a slice
// is edited with it: whole are the edits that name the slice it belongs to.
func (s *Slice) pieces(in Interval, whole, own []Mark) []Piece {
	edits := whole
	if strings.HasSuffix(s.ID, lateSuffix) {
		edits = append(slices.Clone(whole), own...)
	}
	late, retired, after := s.lateTo(), s.since(FlagCodeInactive, s.CodeTo), s.since(FlagAfterEnd, s.WorkTo)
	edges := []int64{in.From, in.To}
	add := func(list ...int64) {
		for _, e := range list {
			if in.From < e && e < in.To {
				edges = append(edges, e)
			}
		}
	}
	add(late, retired, after)
	for _, o := range s.Out {
		add(o.From, o.To)
	}
	for _, m := range edits {
		add(m.From, m.To)
	}
	slices.Sort(edges)
	var out []Piece
	for i := range len(edges) - 1 {
		at := edges[i]
		p := Piece{
			Slice: s.ID, Freelancer: s.Freelancer, Contract: s.Contract, Interval: Interval{at, edges[i+1]},
			Activity: s.Activity, Memo: s.Memo, How: s.Kind, Late: at < late, AfterEnd: at >= after || s.out(at), Retired: at >= retired,
		}
		if p.Seconds() == 0 {
			continue
		}
		for _, m := range edits {
			if _, ok := m.meet(p.Interval); !ok {
				continue
			}
			if m.What == MarkCode {
				p.Activity, p.Retired = ActivityID(m.Value), false
			} else {
				p.Memo = m.Value
			}
		}
		if n := len(out); n > 0 && out[n-1].alike(p) {
			out[n-1].To = p.To
		} else {
			out = append(out, p)
		}
	}
	return out
}

// out reports whether the contract was paused at an instant of the slice.
func (s *Slice) out(at int64) bool {
	return slices.ContainsFunc(s.Out, func(o Interval) bool { return o.From <= at && at < o.To })
}

// alike reports whether two pieces differ in nothing but their time.
func (p Piece) alike(o Piece) bool {
	p.Interval, o.Interval = Interval{}, Interval{}
	return p == o
}

// intervals is a set of seconds as sorted stretches that neither overlap nor touch.
type intervals []Interval

// claim adds in to the set and answers the parts of it that were not there yet.
func (t *intervals) claim(in Interval) []Interval {
	list := *t
	// [i, j) are the stretches that overlap or touch in.
	i, _ := slices.BinarySearchFunc(list, in.From, func(e Interval, from int64) int { return cmp.Compare(e.To, from) })
	j := i
	var free []Interval
	from, union := in.From, in
	for ; j < len(list) && list[j].From <= in.To; j++ {
		if from < list[j].From {
			free = append(free, Interval{from, min(list[j].From, in.To)})
		}
		from = max(from, list[j].To)
		union = Interval{min(union.From, list[j].From), max(union.To, list[j].To)}
	}
	if from < in.To {
		free = append(free, Interval{from, in.To})
	}
	*t = slices.Replace(list, i, j, union)
	return free
}

// without answers what is left of in when every stretch of the set is taken out.
func (t intervals) without(in Interval) []Interval {
	copied := slices.Clone(t)
	return copied.claim(in)
}

// Without is what is left of in when stretches are taken out of it. They must not overlap; their order does not matter.
func Without(in Interval, out []Interval) []Interval {
	var t intervals
	for _, x := range out {
		t.claim(x)
	}
	return t.without(in)
}

// joined sorts stretches that do not overlap and joins those that touch.
func joined(list []Interval) []Interval {
	slices.SortFunc(list, func(a, b Interval) int { return cmp.Compare(a.From, b.From) })
	var out []Interval
	for _, in := range list {
		if n := len(out); n > 0 && out[n-1].To == in.From {
			out[n-1].To = in.To
		} else {
			out = append(out, in)
		}
	}
	return out
}
