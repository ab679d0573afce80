package workroom

import (
	"fmt"
	"math"
	"math/bits"
	"slices"
)

// NoLimit is the weekly limit of a contract that has none.
const NoLimit int64 = -1

// WalkLimit marks what lies beyond the weekly limit. It walks the seconds of one contract in week in order of time, whatever their kind;
// the first limit of them are in, the rest are Over. Pieces are divided at the edges of the week and where the limit is reached, and
// those outside the week are left out. Late time and time after the contract's end is never billed and uses nothing up.
func WalkLimit(pieces []Piece, week Week, limit int64) []Piece {
	span := Interval{week.Start().Unix(), week.End().Unix()}
	left := limit
	var out []Piece
	for _, p := range pieces {
		in, ok := p.meet(span)
		if !ok {
			continue
		}
		p.Interval, p.Over = in, false
		if limit < 0 || !p.Billable() {
			out = append(out, p)
			continue
		}
		if n := min(left, p.Seconds()); n > 0 {
			first := p
			first.To = p.From + n
			out = append(out, first)
			p.From, left = first.To, left-n
		}
		if p.Seconds() > 0 {
			p.Over = true
			out = append(out, p)
		}
	}
	return out
}

// BillableSeconds is how many seconds of the pieces count for money. Pieces that did not go through WalkLimit count as within the limit.
func BillableSeconds(pieces []Piece) int64 {
	var n int64
	for _, p := range pieces {
		if p.Billable() {
			n += p.Seconds()
		}
	}
	return n
}

// BilledSeconds is how many seconds of a week's pieces, which went through WalkLimit, are billed under the terms: exactly those in the limit,
// or by whole segments. ties are as WholeSegments takes them.
func BilledSeconds(pieces []Piece, ties []Cell, t Terms) int64 {
	if !t.Segments {
		return BillableSeconds(pieces)
	}
	if t.Lowered != 0 && len(pieces) > 0 {
		return WholeSegments(pieces, ties, t.LimitOf(pieces, weekAt(pieces[0].From)))
	}
	return WholeSegments(pieces, ties, t.limit())
}

// WholeSegments is how many seconds a contract that bills by whole segments bills for one week of its pieces: a segment counts 600 when
// more than half of it is billable, or exactly half and the contract owns the cell's first tracked second, else nothing. The sum stays
// within the limit. ties are the cells that answer the tie, of all slices of this contract (TieCells).
func WholeSegments(pieces []Piece, ties []Cell, limit int64) int64 {
	tie := map[Cell]bool{}
	for _, c := range ties {
		tie[c] = true
	}
	seconds := map[Cell]int64{}
	for _, p := range pieces {
		if p.Billable() {
			for c, part := range cellsOf(p.Interval) {
				seconds[c] += part.Seconds()
			}
		}
	}
	var sum int64
	for c, n := range seconds {
		if n > CellSeconds/2 || n == CellSeconds/2 && tie[c] {
			sum += CellSeconds
		}
	}
	if limit >= 0 {
		sum = min(sum, limit)
	}
	return sum
}

// Amount is what seconds of work cost at rateMinor minor units (cents) an hour: rateMinor × seconds / 3600, rounded half up. It is
// exact, no floating point takes part. It is meant to be called once per invoice line (one contract, one week): rounding smaller parts
// and adding them up gives another sum. Negative rates or seconds count as nothing; a result beyond int64 is held at its maximum.
func Amount(rateMinor, seconds int64) int64 {
	if rateMinor <= 0 || seconds <= 0 {
		return 0
	}
	hi, lo := bits.Mul64(uint64(rateMinor), uint64(seconds))
	lo, carry := bits.Add64(lo, 1800, 0)
	hi += carry
	if hi >= 3600 {
		return math.MaxInt64
	}
	q, _ := bits.Div64(hi, lo, 3600)
	if q > math.MaxInt64 {
		return math.MaxInt64
	}
	return int64(q)
}

// Minutes turns rows of seconds into rows of whole minutes that add up to the whole minutes of their sum. Each row is rounded down and
// the minutes left over go to the rows that lost most (largest remainder; of equals the first), so no row is off by a minute or more and
// a row of whole minutes never changes. Seconds must not be negative.
func Minutes(seconds []int64) []int64 {
	out := make([]int64, len(seconds))
	order := make([]int, len(seconds))
	var total, given int64
	for i, s := range seconds {
		out[i], order[i] = s/60, i
		total += s
		given += out[i]
	}
	slices.SortStableFunc(order, func(a, b int) int { return int(seconds[b]%60 - seconds[a]%60) })
	for k := range total/60 - given {
		out[order[k]]++
	}
	return out
}

// HoursMinutes writes minutes as h:mm, "0:05", "38:20".
func HoursMinutes(minutes int64) string { return fmt.Sprintf("%d:%02d", minutes/60, minutes%60) }
