package workroom

import (
	"maps"
	"slices"
)

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
// of its own. It is a pure function of the set of slices and of the order of the owner marks.
func Arbitrate(list []*Slice, marks []Mark) map[string]*Claimed {
	owned := Claim(list, marks)
	contract := map[string]ContractID{}
	out := map[string]*Claimed{}
	of := func(id string) *Claimed {
		if out[id] == nil {
			out[id] = &Claimed{}
		}
		return out[id]
	}
	for _, s := range newest(list) {
		contract[s.ID] = s.Contract
		if shadow := intervals(owned[s.ID]).without(Interval{s.Start, s.End}); len(shadow) > 0 {
			of(s.ID).Shadow = shadow
		}
	}
	first := map[Cell]ContractID{}
	for id, cells := range TieCells(owned) {
		for _, c := range cells {
			first[c] = contract[id]
		}
	}
	for _, id := range slices.Sorted(maps.Keys(owned)) {
		seen := map[Cell]bool{}
		for _, in := range owned[id] {
			for c := range cellsOf(in) {
				if !seen[c] && first[c] != contract[id] {
					of(id).Second = append(of(id).Second, c)
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
	owned := d.Owned()
	of := map[string]ContractID{}
	for _, s := range d.Slices {
		of[s.ID] = s.Contract
	}
	var out []Cell
	for id, cells := range TieCells(owned) {
		if of[id] != contract {
			continue
		}
		for _, c := range cells {
			if k := d.Claims[id]; k == nil || !slices.Contains(k.Second, c) {
				out = append(out, c)
			}
		}
	}
	slices.Sort(out)
	return out
}
