package workroom

import (
	"fmt"
	"math/rand"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

func slice(id string, contract ContractID, from, to int64) *Slice {
	return &Slice{ID: id, Rev: 1, Freelancer: "f", Contract: contract, Device: "dev-" + id, Start: from, End: to,
		Activity: "ui", Memo: "work", Kind: Tracked}
}

// keyOf is the key of the slice with an id that stands alone in a list.
func keyOf(id string, list []*Slice) SliceKey {
	for _, s := range list {
		if s.ID == id {
			return s.Key()
		}
	}
	return SliceKey{}
}

func secondsOf(list []Interval) (n int64) {
	for _, in := range list {
		n += in.Seconds()
	}
	return n
}

func contractSeconds(pieces []Piece) map[ContractID]int64 {
	out := map[ContractID]int64{}
	for _, p := range pieces {
		out[p.Contract] += p.Seconds()
	}
	return out
}

// Example 8, T-13: two devices on one contract. The earlier slice owns the overlap.
func TestExample08_TwoDevices(t *testing.T) {
	a := slice("a", "x", at(t, "2026-11-20 10:00:00"), at(t, "2026-11-20 10:20:00"))
	b := slice("b", "x", at(t, "2026-11-20 10:12:00"), at(t, "2026-11-20 10:30:00"))
	for _, list := range [][]*Slice{{a, b}, {b, a}} {
		owned := Claim(list, nil)
		if secondsOf(owned[keyOf("a", list)]) != 1200 || secondsOf(owned[keyOf("b", list)]) != 600 {
			t.Errorf("owned %v", owned)
		}
		if shadowed := b.Seconds() - secondsOf(owned[keyOf("b", list)]); shadowed != 480 {
			t.Errorf("shadowed %d s, want 480", shadowed)
		}
	}
}

// Example 8, T-13: on two contracts the freelancer may hand the overlap over.
func TestExample08_SwapBetweenContracts(t *testing.T) {
	a := slice("a", "x", at(t, "2026-11-20 10:00:00"), at(t, "2026-11-20 10:20:00"))
	b := slice("b", "y", at(t, "2026-11-20 10:12:00"), at(t, "2026-11-20 10:30:00"))
	swap := []Mark{{What: MarkOwner, Slices: []string{"b"}, Interval: Interval{b.Start, a.End}}}
	for _, list := range [][]*Slice{{a, b}, {b, a}} {
		if got := contractSeconds(Pieces(list, Claim(list, nil), nil)); got["x"] != 1200 || got["y"] != 600 {
			t.Errorf("before the swap %v", got)
		}
		if got := contractSeconds(Pieces(list, Claim(list, swap), swap)); got["x"] != 720 || got["y"] != 1080 {
			t.Errorf("after the swap %v", got)
		}
	}
}

// Example 14, T-08: the deleted shot takes that contract's time in the cell, and nobody inherits it.
func TestExample14_Delete(t *testing.T) {
	cell := at(t, "2026-11-20 14:20:00")
	list := []*Slice{
		slice("a", "x", cell-600, cell+540),
		slice("b", "y", cell+480, cell+600), // 60 s of it shadowed by a
	}
	cuts := CutsOf([]*Shot{{Contract: "x", Cell: cell / CellSeconds, Reason: ShotDeleted}, {Contract: "y", Cell: cell / CellSeconds, Reason: ShotLocked}})
	got := map[ContractID]int64{}
	for _, s := range Segments(Pieces(list, Claim(list, nil), cuts), nil, nil) {
		if int64(s.Cell)*CellSeconds == cell {
			got[s.Contract] = s.Seconds
		}
	}
	if got["x"] != 0 || got["y"] != 60 {
		t.Errorf("after deleting: %v, want x 0, y 60", got)
	}
	// What arrives later in the cut cell is cut as well.
	list = append(list, slice("c", "x", cell+560, cell+640))
	if n := contractSeconds(Pieces(list, Claim(list, nil), cuts))["x"]; n != 600+40 {
		t.Errorf("x has %d s, want 640", n)
	}
}

// Late time never takes from frozen time, not even with an owner mark.
func TestT16_LateTimeLoses(t *testing.T) {
	frozen := slice("b", "x", 1200, 2400)
	late := slice("a", "y", 600, 2400)
	late.Flags = []string{FlagLate}
	list := []*Slice{late, frozen}
	mark := []Mark{{What: MarkOwner, Slices: []string{"a"}, Interval: Interval{600, 2400}}}
	if owned := Claim(list, mark); secondsOf(owned[keyOf("b", list)]) != 1200 || secondsOf(owned[keyOf("a", list)]) != 600 {
		t.Errorf("owned %v", owned)
	}
}

// T-13: tracked time comes before kept idle time and that before manual time, whenever they began.
func TestT13_KindsInOrder(t *testing.T) {
	manual, kept, tracked := slice("a", "x", 0, 3000), slice("b", "x", 0, 2000), slice("c", "x", 500, 1500)
	manual.Kind, kept.Kind = Manual, KeptIdle
	owned := Claim([]*Slice{manual, kept, tracked}, nil)
	want := map[SliceKey][]Interval{tracked.Key(): {{500, 1500}}, kept.Key(): {{0, 500}, {1500, 2000}}, manual.Key(): {{2000, 3000}}}
	if !reflect.DeepEqual(owned, want) {
		t.Errorf("owned %v, want %v", owned, want)
	}
}

// A later report of a slice replaces the earlier one.
func TestT21_OnlyTheNewestReportCounts(t *testing.T) {
	old, grown := slice("a", "x", 0, 600), slice("a", "x", 0, 900)
	grown.Rev = 2
	for _, list := range [][]*Slice{{old, grown, old}, {grown, old}} {
		if owned := Claim(list, nil); secondsOf(owned[keyOf("a", list)]) != 900 {
			t.Errorf("owned %v", owned)
		}
		if n := contractSeconds(Pieces(list, Claim(list, nil), nil))["x"]; n != 900 {
			t.Errorf("pieces %d s", n)
		}
	}
}

// someSlices draws slices of one freelancer over three contracts and three devices within a few hours, with every kind and flag. They come
// from a seed, because rapid's own numbers crowd around zero and hardly ever overlap.
func someSlices(r *rapid.T) []*Slice {
	rnd := rand.New(rand.NewSource(rapid.Int64().Draw(r, "slices")))
	list := make([]*Slice, rnd.Intn(40))
	for i := range list {
		from := rnd.Int63n(20000)
		s := slice(fmt.Sprintf("s%02d", i), []ContractID{"x", "y", "z"}[rnd.Intn(3)], from, from+rnd.Int63n(5000))
		s.Device = []string{"laptop", "desk", "phone"}[rnd.Intn(3)]
		s.Kind = []SliceKind{Tracked, Tracked, KeptIdle, Manual}[rnd.Intn(4)]
		s.Activity = []ActivityID{"", "api", "ui", "qa"}[rnd.Intn(4)]
		s.Memo = []string{"one", "two"}[rnd.Intn(2)]
		if rnd.Intn(5) == 0 {
			s.Flags = []string{FlagLate}
		}
		list[i] = s
	}
	return list
}

func someMarks(r *rapid.T, list []*Slice) []Mark {
	if len(list) == 0 {
		return nil
	}
	rnd := rand.New(rand.NewSource(rapid.Int64().Draw(r, "marks")))
	marks := make([]Mark, rnd.Intn(9))
	for i := range marks {
		from := rnd.Int63n(24000)
		marks[i] = Mark{
			What:     []MarkWhat{MarkCut, MarkCode, MarkMemo, MarkOwner}[rnd.Intn(4)],
			Contract: []ContractID{"x", "y", "z"}[rnd.Intn(3)],
			Slices:   []string{list[rnd.Intn(len(list))].ID},
			Interval: Interval{from, from + rnd.Int63n(4000)},
			Value:    []string{"", "qa", "three"}[rnd.Intn(3)],
		}
	}
	return marks
}

func shuffled(r *rapid.T, list []*Slice) []*Slice {
	out := append([]*Slice(nil), list...)
	rand.New(rand.NewSource(rapid.Int64().Draw(r, "seed"))).Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// T-13: the timeline is a function of the set of slices, whatever the order they arrive in.
func TestT13_ShuffledArrivalGivesOneTimeline(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		list := someSlices(r)
		marks := someMarks(r, list)
		want := Pieces(list, Claim(list, marks), marks)
		other := shuffled(r, list)
		if got := Pieces(other, Claim(other, marks), marks); !reflect.DeepEqual(got, want) {
			r.Fatalf("other order, other pieces:\n%v\n%v", got, want)
		}
		if got, want := TieCells(inTime(other, Claim(other, marks))), TieCells(inTime(list, Claim(list, marks))); !reflect.DeepEqual(got, want) {
			r.Fatalf("other ties:\n%v\n%v", got, want)
		}
	})
}

// Every second with a slice over it is owned exactly once.
func TestT13_EverySecondIsOwnedOnce(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		list := someSlices(r)
		owned := Claim(list, someMarks(r, list))
		var owners [30_000]string // someSlices lie within
		for _, s := range list {
			for _, in := range owned[s.Key()] {
				if in.From < s.Start || in.To > s.End {
					r.Fatalf("%s owns %v outside %d–%d", s.ID, in, s.Start, s.End)
				}
				for u := in.From; u < in.To; u++ {
					if o := owners[u]; o != "" {
						r.Fatalf("second %d owned by %s and %s", u, o, s.ID)
					}
					owners[u] = s.ID
				}
			}
		}
		for _, s := range list {
			for u := s.Start; u < s.End; u++ {
				if owners[u] == "" {
					r.Fatalf("second %d of %s owned by nobody", u, s.ID)
				}
			}
		}
	})
}
