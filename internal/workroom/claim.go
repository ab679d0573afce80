package workroom

import "slices"

// Claimed is what the freelancer's other contracts and devices leave of a slice, for those who cannot see them: the stretches that belong
// to something else, and the cells whose first tracked second does. It names no other contract. The service computes it, in the diary of the
// slice's week; a slice that has all it covers has none, or an empty one if it had not before. The source is tracker.md §3.
type Claimed struct {
	Shadow  []Interval `json:"shadow,omitempty"`
	Second  []Cell     `json:"second,omitempty"`
	Unknown `json:"-"`
}

func (*Claimed) ThingKind() Kind { return KindClaim }

// claimSuffix makes the id of a slice that of its claim.
const claimSuffix = ".claim"

// ClaimID names the claim of a slice.
func ClaimID(slice string) string { return slice + claimSuffix }

// Arbitrate answers, by slice, what all the slices of one freelancer, over all contracts and devices, leave to each that does not have all
// of its own. It is a pure function of the set of slices and of the order of the owner marks and the approvals.
func Arbitrate(list []*Slice, marks []Mark) map[SliceKey]*Claimed {
	owned := Claim(list, marks)
	out := map[SliceKey]*Claimed{}
	of := func(k SliceKey) *Claimed {
		if out[k] == nil {
			out[k] = &Claimed{}
		}
		return out[k]
	}
	for _, s := range newest(list) {
		k := s.Key()
		if shadow := intervals(owned[k]).without(Interval{s.Start, s.End}); len(shadow) > 0 {
			of(k).Shadow = shadow
		}
	}
	counts := inTime(list, owned)
	first := map[Cell]ContractID{}
	for k, cells := range TieCells(counts) {
		for _, c := range cells {
			first[c] = k.Contract
		}
	}
	for k, list := range counts {
		seen := map[Cell]bool{}
		for _, in := range list {
			for c := range cellsOf(in) {
				if !seen[c] && first[c] != k.Contract {
					of(k).Second = append(of(k).Second, c)
				}
				seen[c] = true
			}
		}
	}
	return out
}

// Ties are the cells in which the contract has the first tracked second: of all cells it has time in, those in which nothing of another
// contract came before. It is what WholeSegments asks for.
func (d *Diary) Ties(contract ContractID) []Cell {
	var out []Cell
	for k, cells := range TieCells(inTime(d.Slices, d.Owned())) {
		if k.Contract != contract {
			continue
		}
		for _, c := range cells {
			if x := d.Claims[k]; x == nil || !slices.Contains(x.Second, c) {
				out = append(out, c)
			}
		}
	}
	slices.Sort(out)
	return out
}
