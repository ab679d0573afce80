package timesheet

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"trestle/internal/workroom"
)

// Record is an entry with everything an export says of it.
type Record struct {
	Entry
	Contract *Contract
	Activity *workroom.Activity // nil without one
	Counts   Counts
}

// Counts are what the input counters saw during an entry. They mean nothing, not zero, where Measured is false. Where a part of them is not
// kept any more (W-27), what is left is not told either: it would look like the whole.
type Counts struct {
	Keys, Clicks, Scrolls, Active int
	Measured                      bool
	Expired                       bool
}

// Records fills in what exports say of a contract's entries. A minute that two entries share counts for the first of them alone, so counts add
// up; time that was written in by hand or kept has none.
func Records(c *Contract, list []Entry, inputs []*workroom.CellInput) []Record {
	minutes, gone := merge(inputs), map[int64]bool{}
	for _, in := range inputs {
		gone[in.Cell] = gone[in.Cell] || in.Until != 0
	}
	out := make([]Record, len(list))
	counted := int64(-1)
	for i, e := range list {
		out[i] = Record{Entry: e, Contract: c, Activity: c.Activities[e.Piece.Activity]}
		if e.How != workroom.Tracked {
			continue
		}
		for m := max(e.From/60, counted+1); m*60 < e.To; m++ {
			counted = m
			k := &out[i].Counts
			k.Expired = k.Expired || gone[m/10]
			n, ok := minutes[m]
			if !ok || !n.Measured {
				continue
			}
			k.Measured, k.Keys, k.Clicks, k.Scrolls = true, k.Keys+n.Keys, k.Clicks+n.Clicks, k.Scrolls+n.Scrolls
			if n.Keys+n.Clicks+n.Scrolls > 0 {
				k.Active++
			}
		}
		if out[i].Counts.Expired {
			out[i].Counts = Counts{Expired: true}
		}
	}
	return out
}

// merge adds up the devices of each minute. Of several records of one device the larger count holds, because reports only grow.
func merge(inputs []*workroom.CellInput) map[int64]Counts {
	type key struct {
		device string
		at     int64
	}
	each := map[key]Counts{}
	for _, in := range inputs {
		for _, m := range in.Minutes {
			n := each[key{in.Device, m.At}]
			n.Measured = n.Measured || m.Measured()
			n.Keys, n.Clicks, n.Scrolls = larger(n.Keys, m.Keys), larger(n.Clicks, m.Clicks), larger(n.Scrolls, m.Scroll)
			each[key{in.Device, m.At}] = n
		}
	}
	out := make(map[int64]Counts, len(each))
	for k, n := range each {
		sum := out[k.at]
		out[k.at] = Counts{Keys: sum.Keys + n.Keys, Clicks: sum.Clicks + n.Clicks, Scrolls: sum.Scrolls + n.Scrolls, Measured: sum.Measured || n.Measured}
	}
	return out
}

func larger(n int, m *uint16) int {
	if m == nil {
		return n
	}
	return max(n, int(*m))
}

// InOrder sorts records by time, then contract.
func InOrder(list []Record) {
	slices.SortStableFunc(list, func(a, b Record) int {
		return cmp.Or(cmp.Compare(a.From, b.From), strings.Compare(string(a.Contract.ID), string(b.Contract.ID)))
	})
}

func (r Record) code() string {
	if r.Activity == nil {
		return ""
	}
	return r.Activity.Code
}

func (r Record) about() string {
	if r.Activity == nil {
		return ""
	}
	return r.Activity.About
}

func (r Record) billable() string {
	if r.Class.Billable() {
		return "Yes"
	}
	return "No"
}

// kind is how the time came to be, whatever becomes of it.
func (r Record) kind() string { return string(r.How) }

// flagExpired says in an export that counts were taken and are not kept any more.
const flagExpired = "counts_expired"

// flags names what is special about the time, separated by spaces.
func (r Record) flags() string {
	var out []string
	for _, f := range []struct {
		on   bool
		name string
	}{{r.Over, "over_limit"}, {r.Late, workroom.FlagLate}, {r.AfterEnd, workroom.FlagAfterEnd}, {r.Retired, workroom.FlagCodeInactive}, {r.Counts.Expired, flagExpired}} {
		if f.on {
			out = append(out, f.name)
		}
	}
	return strings.Join(out, " ")
}

// money writes minor units of the contract's currency.
func (r Record) money(n int64) string { return Minor(n, r.Contract.Terms.Currency) }

func (r Record) start(zone *time.Location) time.Time { return time.Unix(r.From, 0).In(zone) }
func (r Record) end(zone *time.Location) time.Time   { return time.Unix(r.To, 0).In(zone) }
