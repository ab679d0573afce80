package workroom

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// seenBy is one contract's diary as its client has it: its own rows and what the service says of the rest.
func seenBy(k ContractID, list []*Slice, marks []*TimeMark, approved ...Approval) *Diary {
	all := &Diary{Marks: marks, Approved: approved}
	d := NewDiary()
	claims := Arbitrate(list, all.Edits())
	for _, s := range list {
		if s.Contract == k {
			at := DiaryScope(k, s.Key().Week.String())
			d.Add(Ref{at, KindSlice, s.ID}, s)
			if c := claims[s.Key()]; c != nil {
				d.Add(Ref{at, KindClaim, ClaimID(s.ID)}, c)
			}
		}
	}
	for _, a := range approved {
		if a.Contract == k {
			d.Approved = append(d.Approved, a)
		}
	}
	for _, m := range marks {
		if m.Contract == k {
			d.Marks = append(d.Marks, m)
		}
	}
	return d
}

// Example 8 as the two clients see it: neither learns of the other, and their times agree with the freelancer's.
func TestExample08_EachClientSeesItsOwn(t *testing.T) {
	a := slice("a", "x", at(t, "2026-11-20 10:00:00"), at(t, "2026-11-20 10:20:00"))
	b := slice("b", "y", at(t, "2026-11-20 10:12:00"), at(t, "2026-11-20 10:30:00"))
	list := []*Slice{a, b}
	swap := &TimeMark{What: MarkOwner, Contract: "y", At: 5, Spans: []MarkSpan{{"b", b.Start, a.End}}}
	for _, c := range []struct {
		marks []*TimeMark
		x, y  int64
	}{{nil, 1200, 600}, {[]*TimeMark{swap}, 720, 1080}} {
		if got := contractSeconds(seenBy("x", list, c.marks).Pieces()); got["x"] != c.x || len(got) != 1 {
			t.Errorf("x sees %v, want %d", got, c.x)
		}
		if got := contractSeconds(seenBy("y", list, c.marks).Pieces()); got["y"] != c.y || len(got) != 1 {
			t.Errorf("y sees %v, want %d", got, c.y)
		}
	}
}

// §9: the contract whose second comes later in a cell learns so, and that is all it learns.
func TestT19_TieOfASharedCell(t *testing.T) {
	base := at(t, "2026-11-20 10:00:00")
	list := []*Slice{slice("a", "x", base, base+300), slice("b", "y", base+300, base+600)}
	claims := Arbitrate(list, nil)
	if len(claims) != 1 || !reflect.DeepEqual(claims[list[1].Key()], &Claimed{Second: []Cell{cellAt(base)}}) {
		t.Fatalf("%+v", claims)
	}
	for k, want := range map[ContractID]int64{"x": 600, "y": 0} {
		d := seenBy(k, list, nil)
		if got := WholeSegments(d.Pieces(), d.Ties(k), NoLimit); got != want {
			t.Errorf("%s bills %d s, want %d", k, got, want)
		}
	}
}

// someApprovals draws what clients approved of late time, as if without looking.
func someApprovals(t *rapid.T) []Approval {
	rnd := rand.New(rand.NewSource(rapid.Int64().Draw(t, "approved")))
	out := make([]Approval, rnd.Intn(5))
	for i := range out {
		from := rnd.Int63n(24000)
		out[i] = Approval{Contract: []ContractID{"x", "y", "z"}[rnd.Intn(3)], ID: fmt.Sprint(i), At: rnd.Int63n(4), Of: []Interval{{from, from + 1 + rnd.Int63n(4000)}}}
	}
	return out
}

// storedTime draws what could be stored of one freelancer on three contracts and three devices, late in part or not, with marks. Some ids
// stand for several slices, of several contracts and weeks, as a program may have it that makes them up to its own ends.
func storedTime(t *rapid.T) ([]*Slice, []*TimeMark) {
	list := someSlices(t)
	rnd := rand.New(rand.NewSource(rapid.Int64().Draw(t, "late")))
	of, had := map[string]*Slice{}, map[SliceKey]bool{}
	for _, s := range list {
		made := *s
		made.ID, made.In = fmt.Sprintf("s%d", rnd.Intn(5)), Week{rnd.Int63n(3) - 2}
		if rnd.Intn(2) == 0 && !had[made.Key()] {
			*s = made
		}
		had[s.Key()] = true
		of[s.ID] = s
		if n := s.End - s.Start; n > 1 && s.flagged(FlagLate) && rnd.Intn(2) == 0 {
			s.LateTo = s.Start + 1 + rnd.Int63n(n-1)
		}
	}
	var marks []*TimeMark
	for i, m := range someMarks(t, list) {
		one := &TimeMark{What: m.What, Contract: of[m.Slices[0]].Contract, Value: m.Value, At: int64(i), Spans: []MarkSpan{{m.Slices[0], m.From, m.To}}}
		if m.What == MarkCut {
			one.Spans[0].Slice = ""
		}
		one.In = of[m.Slices[0]].Key().Week
		marks = append(marks, one)
	}
	return list, marks
}

// T-13, T-22: whatever is stored, each client's diary, from its own rows alone, shows for its contract exactly what the freelancer's shows
// from all of them; a cell holds at most 600 seconds over all contracts; the order of arrival means nothing; and no row a client gets
// names another contract.
func TestT13_EveryReaderSeesOneTimeline(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list, marks := storedTime(t)
		approved := someApprovals(t)
		all := &Diary{Slices: list, Marks: marks, Approved: approved}
		pieces := all.Pieces()
		cells := map[Cell]int64{}
		var last int64
		for _, p := range pieces {
			if p.From < last {
				t.Fatalf("two pieces at %d", p.From)
			}
			last = p.To
			for c, part := range cellsOf(p.Interval) {
				cells[c] += part.Seconds()
			}
		}
		for c, n := range cells {
			if n > CellSeconds {
				t.Fatalf("cell %d holds %d s", c, n)
			}
		}
		mixed := shuffled(t, list)
		if again := (&Diary{Slices: mixed, Marks: marks, Approved: approved}).Pieces(); !reflect.DeepEqual(again, pieces) {
			t.Fatalf("in another order\n%+v\nfirst\n%+v", again, pieces)
		}
		for _, k := range []ContractID{"x", "y", "z"} {
			var want []Piece
			for _, p := range pieces {
				if p.Contract == k {
					want = append(want, p)
				}
			}
			seen := seenBy(k, mixed, marks, approved...)
			if got := seen.Pieces(); !reflect.DeepEqual(got, want) {
				t.Fatalf("%s sees\n%+v\nand is\n%+v", k, got, want)
			}
			ties := map[Cell]bool{}
			for _, c := range all.Ties(k) {
				ties[c] = true
			}
			for _, c := range seen.Ties(k) {
				if !ties[c] {
					t.Fatalf("%s takes itself for the first of cell %d", k, c)
				}
				delete(ties, c)
			}
			if len(ties) != 0 {
				t.Fatalf("%s does not know to be the first of %v", k, ties)
			}
			body, err := json.Marshal([]any{seen.Slices, seen.Marks, slices.Collect(maps.Values(seen.Claims))})
			if err != nil {
				t.Fatal(err)
			}
			for _, other := range []string{"x", "y", "z"} {
				if other != string(k) && strings.Contains(string(body), `"contract":"`+other+`"`) {
					t.Fatalf("%s reads of %s: %s", k, other, body)
				}
			}
		}
	})
}
