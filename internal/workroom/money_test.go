package workroom

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// Example 15, T-19: 33.33 an hour for 7260 s is 67.2155, which rounds to 67.22.
func TestExample15_Money(t *testing.T) {
	for _, c := range []struct{ rate, seconds, want int64 }{
		{3333, 7260, 6722},
		{3600, 1, 1},
		{1800, 1, 1}, // exactly half a cent
		{1799, 1, 0},
		{100_000_000, 168 * 3600, 16_800_000_000},
		{math.MaxInt64, 1, 2562047788015216},
		{math.MaxInt64, math.MaxInt64, math.MaxInt64},
		{0, 3600, 0}, {5000, 0, 0}, {-1, 3600, 0}, {5000, -3600, 0},
	} {
		if got := Amount(c.rate, c.seconds); got != c.want {
			t.Errorf("Amount(%d, %d) = %d, want %d", c.rate, c.seconds, got, c.want)
		}
	}
}

func TestT19_AmountIsExact(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		rate, s := rapid.Int64Range(1, 1e12).Draw(r, "rate"), rapid.Int64Range(1, 1e7).Draw(r, "seconds")
		x := new(big.Int).Mul(big.NewInt(rate), big.NewInt(s))
		x.Add(x, big.NewInt(1800)).Quo(x, big.NewInt(3600))
		if !x.IsInt64() {
			r.Skip("beyond int64")
		}
		if got := Amount(rate, s); got != x.Int64() {
			r.Fatalf("Amount(%d, %d) = %d, want %s", rate, s, got, x)
		}
	})
}

func TestT19_MinutesOfRowsAddUp(t *testing.T) {
	got := Minutes([]int64{90, 90, 59, 3600})
	if got[0] != 1 || got[1] != 1 || got[2] != 1 || got[3] != 60 { // 3839 s = 63 min: one left over, to the row that lost 59 s
		t.Errorf("minutes %v", got)
	}
	rapid.Check(t, func(r *rapid.T) {
		rows := rapid.SliceOf(rapid.Int64Range(0, 7*86400)).Draw(r, "rows")
		var seconds, minutes int64
		for i, m := range Minutes(rows) {
			if d := m*60 - rows[i]; d <= -60 || d >= 60 || rows[i]%60 == 0 && d != 0 {
				r.Fatalf("row of %d s shows %d min", rows[i], m)
			}
			seconds, minutes = seconds+rows[i], minutes+m
		}
		if minutes != seconds/60 {
			r.Fatalf("rows show %d min of %d s", minutes, seconds)
		}
	})
	if s := HoursMinutes(38*60 + 5); s != "38:05" {
		t.Errorf("38:05 shown as %s", s)
	}
}

// Example 9, T-15: L = 36 000 s, 35 700 used; ten minutes more are half in and half over.
func TestExample09_Limit(t *testing.T) {
	w, _ := ParseWeek("2026-11-21")
	list := []*Slice{
		slice("a", "x", at(t, "2026-11-17 08:00:00"), at(t, "2026-11-17 08:00:00")+35700),
		slice("b", "x", at(t, "2026-11-18 10:00:00"), at(t, "2026-11-18 10:10:00")),
	}
	got := WalkLimit(Pieces(list, Claim(list, nil), nil), w, 36000)
	if in := BillableSeconds(got); in != 36000 {
		t.Errorf("%d s in the limit, want 36000", in)
	}
	last := got[len(got)-1]
	if !last.Over || last.From != at(t, "2026-11-18 10:05:00") || last.Seconds() != 300 {
		t.Errorf("over the limit: %+v", last)
	}
	segs := Segments(got, nil, nil)
	if s := segs[len(segs)-1]; s.Seconds != 600 || s.Over != 300 {
		t.Errorf("last segment %d s, %d over", s.Seconds, s.Over)
	}
	if n := BillableSeconds(WalkLimit(Pieces(list, Claim(list, nil), nil), w, NoLimit)); n != 36300 {
		t.Errorf("without limit %d s", n)
	}
}

// Example 10, T-15 and T-16: time that arrives before the freeze counts in order of time, not of arrival; later it is late.
func TestExample10_Late(t *testing.T) {
	w, _ := ParseWeek("2026-11-16")
	friday := slice("fri", "x", at(t, "2026-11-20 08:00:00"), at(t, "2026-11-20 18:00:00"))
	tuesday := slice("tue", "x", at(t, "2026-11-17 08:00:00"), at(t, "2026-11-17 08:30:00"))
	list := []*Slice{friday, tuesday}
	got := WalkLimit(Pieces(list, Claim(list, nil), nil), w, 36000)
	if BillableSeconds(got) != 36000 || got[0].Slice != "tue" || got[0].Over || !got[2].Over || got[2].Seconds() != 1800 {
		t.Errorf("arrived in time: %+v", got)
	}
	late := *tuesday
	late.Flags = []string{FlagLate}
	list = []*Slice{friday, &late}
	got = WalkLimit(Pieces(list, Claim(list, nil), nil), w, 36000)
	if BillableSeconds(got) != 36000 || got[0].Billable() || got[0].Over || got[1].Over {
		t.Errorf("arrived late: %+v", got)
	}
}

// T-19: billing by whole segments, and the tie that goes to whoever owns the first tracked second.
func TestT19_WholeSegments(t *testing.T) {
	base := at(t, "2026-11-20 10:00:00")
	list := []*Slice{
		slice("a", "x", base, base+300), slice("b", "y", base+300, base+600), // a half each
		slice("c", "x", base+600, base+901), slice("d", "x", base+1200, base+1499),
	}
	owned := Claim(list, nil)
	ties := TieCells(owned)
	for contract, want := range map[ContractID]int64{"x": 1200, "y": 0} {
		var mine []*Slice
		var cells []Cell
		for _, s := range list {
			if s.Contract == contract {
				mine, cells = append(mine, s), append(cells, ties[s.Key()]...)
			}
		}
		if got := WholeSegments(Pieces(mine, owned, nil), cells, NoLimit); got != want {
			t.Errorf("contract %s bills %d s, want %d", contract, got, want)
		}
	}
	if got := WholeSegments(Pieces(list[:1], owned, nil), ties[keyOf("a", list)], 400); got != 400 {
		t.Errorf("beyond the limit: %d", got)
	}
}
