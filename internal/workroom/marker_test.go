package workroom

import "testing"

// TestI20_MarkerMerge: over every marker of a small world, the merge is commutative, associative and idempotent, the greater e wins, then
// the greater n, and folding waiting commands merges as the rule does.
func TestI20_MarkerMerge(t *testing.T) {
	merge := func(a, b Marker) Marker {
		if b.Later(&a) {
			return b
		}
		return a
	}
	same := func(a, b Marker) bool { return a.N == b.N && a.E == b.E && a.Head == b.Head }
	var all []Marker
	for n := range int64(4) {
		for e := range int64(3) {
			for h := range int64(4) {
				all = append(all, Marker{N: n, E: e, Head: h})
			}
		}
	}
	bad := 0
	for _, a := range all {
		if !same(merge(a, a), a) {
			t.Fatalf("not idempotent: %+v", a)
		}
		for _, b := range all {
			ab := merge(a, b)
			if !same(ab, merge(b, a)) {
				bad++
			}
			if a.E > b.E && !same(ab, a) || a.E == b.E && a.N > b.N && !same(ab, a) {
				t.Fatalf("%+v does not win over %+v", a, b)
			}
			old, now := SetMarker{Room: "r", N: a.N, E: a.E, Head: a.Head}, SetMarker{Room: "r", N: b.N, E: b.E, Head: b.Head}
			if j := now.Joined(old).(SetMarker); j.N != ab.N || j.E != ab.E || j.Head != ab.Head {
				t.Fatalf("folding %+v and %+v gives %+v, the rule %+v", a, b, j, ab)
			}
			for _, c := range all {
				if !same(merge(ab, c), merge(a, merge(b, c))) {
					bad++
				}
			}
		}
	}
	if bad > 0 {
		t.Errorf("%d merges depend on their order", bad)
	}
}
