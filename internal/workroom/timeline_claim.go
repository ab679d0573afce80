package workroom

import (
	"cmp"
	"slices"
	"strings"
)

// This file lays all slices of one freelancer on one timeline: whose each second is.

// Claim lays the slices of one freelancer on one timeline and answers which stretches each of them owns. The slices come in the order
// (late, tracked before kept idle before manual, start, device, id) and each takes what is still free; what it does not get is shadowed:
// stored, shown hatched, never billed. An owner mark puts its slice first in its range, but time that came late never takes anything from
// frozen time: of a slice that was late in part only the rest counts as in time. Late time that a client approved is that contract's before
// all other late time, and nobody else's even where no slice of the contract covers it any more: it was billed. Of several reports of one
// slice only that with the highest Rev counts. The source is tracker.md §6.
func Claim(list []*Slice, marks []Mark) map[SliceKey][]Interval {
	order := claims(newest(list))
	inTime := map[string][]claim{} // by id
	owned := make(map[SliceKey][]Interval, len(order))
	for _, c := range order {
		owned[c.key] = nil
		if !c.late {
			inTime[c.ID] = append(inTime[c.ID], c)
		}
	}
	var taken, billed intervals
	approved := map[ContractID]*intervals{}
	for _, m := range marks {
		if m.What != markApproved {
			continue
		}
		if approved[m.Contract] == nil {
			approved[m.Contract] = new(intervals)
		}
		for _, in := range billed.claim(m.Interval) {
			approved[m.Contract].claim(in)
		}
	}
	for _, m := range slices.Backward(marks) {
		if m.What != MarkOwner {
			continue
		}
		for _, id := range m.Slices {
			for _, c := range inTime[id] {
				if in, ok := m.meet(c.Interval); ok && m.names(c.Slice) {
					owned[c.key] = append(owned[c.key], taken.claim(in)...)
				}
			}
		}
	}
	late, _ := slices.BinarySearchFunc(order, true, func(c claim, late bool) int { return truth(c.late) - truth(late) })
	for _, c := range order[:late] {
		owned[c.key] = append(owned[c.key], taken.claim(c.Interval)...)
	}
	for _, c := range order[late:] {
		if a := approved[c.Contract]; a != nil {
			for _, in := range a.overlaps(c.Interval) {
				owned[c.key] = append(owned[c.key], taken.claim(in)...)
			}
		}
	}
	for _, in := range billed {
		taken.claim(in)
	}
	for _, c := range order[late:] {
		owned[c.key] = append(owned[c.key], taken.claim(c.Interval)...)
	}
	for k, list := range owned {
		owned[k] = joined(list)
	}
	return owned
}

// claim is what one slice asks for at once: all of it, or what is late of it apart from the rest.
type claim struct {
	*Slice
	Interval
	late bool
	key  SliceKey
}

// claims are the claims of slices in the order in which they are granted.
func claims(list []*Slice) []claim {
	out := make([]claim, 0, len(list))
	for _, s := range list {
		late, key := s.lateTo(), s.Key()
		if late > s.Start {
			out = append(out, claim{s, Interval{s.Start, late}, true, key})
		}
		if late < s.End {
			out = append(out, claim{s, Interval{late, s.End}, false, key})
		}
	}
	slices.SortFunc(out, func(a, b claim) int {
		return cmp.Or(
			cmp.Compare(truth(a.late), truth(b.late)),
			cmp.Compare(a.Kind.rank(), b.Kind.rank()),
			cmp.Compare(a.Start, b.Start),
			strings.Compare(a.Device, b.Device),
			strings.Compare(a.ID, b.ID),
			a.key.compare(b.key),
		)
	})
	return out
}

// newest keeps one report of each slice and drops empty ones.
func newest(list []*Slice) []*Slice {
	best := make(map[SliceKey]*Slice, len(list))
	for _, s := range list {
		k := s.Key()
		if b := best[k]; b == nil || cmp.Or(cmp.Compare(s.Rev, b.Rev), cmp.Compare(s.End, b.End)) > 0 {
			best[k] = s
		}
	}
	out := make([]*Slice, 0, len(best))
	for _, s := range best {
		if s.End > s.Start {
			out = append(out, s)
		}
	}
	return out
}

func (k SliceKind) rank() int {
	switch k {
	case Tracked:
		return 0
	case KeptIdle:
		return 1
	default:
		return 2
	}
}

func (s *Slice) flagged(flag string) bool { return slices.Contains(s.Flags, flag) }

// lateTo is the second before which the slice is late, its start if it is not late at all.
func (s *Slice) lateTo() int64 {
	switch {
	case !s.flagged(FlagLate):
		return s.Start
	case s.LateTo == 0:
		return s.End
	}
	return max(s.Start, min(s.LateTo, s.End))
}

// since is the second from which a flag holds, the slice's end if it does not.
func (s *Slice) since(flag string, at int64) int64 {
	if !s.flagged(flag) {
		return s.End
	}
	return max(s.Start, at)
}

// inTime is what of the stretches that slices own did not come late.
func inTime(list []*Slice, owned map[SliceKey][]Interval) map[SliceKey][]Interval {
	out := make(map[SliceKey][]Interval, len(owned))
	for _, s := range newest(list) {
		k := s.Key()
		if n := within(owned[k], Interval{s.lateTo(), s.End}); len(n) > 0 {
			out[k] = n
		}
	}
	return out
}

// TieCells lists, by slice, the cells whose first tracked second the slice owns, of the stretches that inTime answers. Where segments are
// billed whole, a cell shared to exactly one half goes to the contract of that slice; what comes late changes no bill and therefore no tie.
func TieCells(owned map[SliceKey][]Interval) map[SliceKey][]Cell {
	type claim struct {
		from int64
		key  SliceKey
	}
	first := map[Cell]claim{}
	for key, list := range owned {
		for _, in := range list {
			for c, part := range cellsOf(in) {
				if f, ok := first[c]; !ok || part.From < f.from {
					first[c] = claim{part.From, key}
				}
			}
		}
	}
	out := map[SliceKey][]Cell{}
	for c, f := range first {
		out[f.key] = append(out[f.key], c)
	}
	for _, list := range out {
		slices.Sort(list)
	}
	return out
}
