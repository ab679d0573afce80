package timesheet

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"trestle/internal/workroom"
)

// Key is something a report can be grouped by.
type Key string

// The keys. Client is the other way to say team while a team is one account; Memo needs lines with memos.
const (
	ByFreelancer Key = "freelancer"
	ByContract   Key = "contract"
	ByActivity   Key = "activity"
	ByDay        Key = "day"
	ByWeek       Key = "week"
	ByMonth      Key = "month"
	ByClient     Key = "client"
	ByKind       Key = "kind"
	ByMemo       Key = "memo"
)

var keys = []Key{ByFreelancer, ByContract, ByActivity, ByDay, ByWeek, ByMonth, ByClient, ByKind, ByMemo}

// ParseKeys reads a list of keys; each may stand once.
func ParseKeys(list []string) ([]Key, error) {
	var out []Key
	for _, s := range list {
		k := Key(s)
		if !slices.Contains(keys, k) {
			return nil, fmt.Errorf("%q is nothing to group by", s)
		}
		if slices.Contains(out, k) {
			return nil, fmt.Errorf("%q stands twice", s)
		}
		out = append(out, k)
	}
	return out, nil
}

// NoActivity stands for time without an activity, in filters and keys.
const NoActivity workroom.ActivityID = ""

// Query says what to add up. An empty filter lets everything through.
type Query struct {
	From, To    Day // both included
	Group       []Key
	Clients     []workroom.AccountID
	Contracts   []workroom.ContractID
	Freelancers []workroom.AccountID
	Activities  []workroom.ActivityID // NoActivity for time without one
	Kinds       []Class
}

// Totals are sums of time.
type Totals struct {
	Seconds  int64 `json:"seconds"`
	Billable int64 `json:"billable_seconds"`
	Manual   int64 `json:"manual_seconds"`
}

func (t *Totals) add(l Line) {
	t.Seconds += l.Seconds
	if l.Class.Billable() {
		t.Billable += l.Seconds
	}
	if l.Manual {
		t.Manual += l.Seconds
	}
}

// Money is an amount in minor units of a currency.
type Money struct {
	Amount   int64  `json:"amount_minor"`
	Currency string `json:"currency"`
}

// Row is one group: its keys, in the order of Query.Group, and what they add up to. Groups of several currencies have a row for each.
type Row struct {
	Keys []string
	Totals
	Money
}

// Result is a report.
type Result struct {
	Group  []Key
	Rows   []Row // in order of keys, then currency
	Totals Totals
	Money  []Money // by currency, in order of their names
}

// maxKeys is how many keys a query may group by.
const maxKeys = 6

// groupKey names a group by numbers: days as they are, everything else by its place among the names met, and last the currency's.
type groupKey [maxKeys + 1]int32

// Report adds up lines as they are given to Add. It is the one query behind screens, command line and exports.
type Report struct {
	q          Query
	codes      *Codes
	contract   func(workroom.ContractID) bool
	client     func(workroom.AccountID) bool
	freelancer func(workroom.AccountID) bool
	activity   func(workroom.ActivityID) bool
	kinds      [classes]bool
	rows       map[groupKey]*Row
	known      map[workroom.ActivityID]known
	names      []string
	number     map[string]int32
	totals     Totals
	money      map[string]int64
}

// known is what a report knows of an activity: the number of its name, and whether the filters want it.
type known struct {
	number int32
	wanted bool
}

// NewReport begins a report.
func NewReport(q Query, codes *Codes) (*Report, error) {
	if len(q.Group) > maxKeys {
		return nil, fmt.Errorf("a report is grouped by at most %d keys", maxKeys)
	}
	var ones []workroom.ActivityID
	for _, id := range q.Activities {
		ones = append(ones, codes.One(id))
	}
	r := &Report{q: q, codes: codes, contract: among(q.Contracts), client: among(q.Clients), freelancer: among(q.Freelancers), activity: among(ones),
		rows: map[groupKey]*Row{}, known: map[workroom.ActivityID]known{}, number: map[string]int32{}, money: map[string]int64{}}
	for c := range r.kinds {
		r.kinds[c] = len(q.Kinds) == 0 || slices.Contains(q.Kinds, Class(c))
	}
	return r, nil
}

func among[T comparable](list []T) func(T) bool {
	if len(list) == 0 {
		return func(T) bool { return true }
	}
	set := map[T]bool{}
	for _, x := range list {
		set[x] = true
	}
	return func(x T) bool { return set[x] }
}

// Wants reports whether a contract can have a line in the report at all.
func (r *Report) Wants(c *Contract) bool {
	return r.contract(c.ID) && r.client(c.Client) && r.freelancer(c.Freelancer)
}

// Takes reports whether a line of a contract that it wants passes the filters.
func (r *Report) Takes(l Line) bool {
	return l.Day >= r.q.From && l.Day <= r.q.To && r.kinds[l.Class] && r.activity(r.codes.One(l.Activity))
}

// Add counts lines of a contract.
func (r *Report) Add(c *Contract, t Tally) {
	if !r.Wants(c) {
		return
	}
	var k, before groupKey
	var amount int64
	var row *Row
	k[maxKeys] = r.num(c.Terms.Currency)
	for i, by := range r.q.Group {
		switch by {
		case ByFreelancer:
			k[i] = r.num(string(c.Freelancer))
		case ByContract:
			k[i] = r.num(string(c.ID))
		case ByClient:
			k[i] = r.num(string(c.Client))
		}
	}
	for _, l := range t {
		if l.Day < r.q.From || l.Day > r.q.To || !r.kinds[l.Class] {
			continue
		}
		a, ok := r.known[l.Activity]
		if !ok {
			one := r.codes.One(l.Activity)
			a = known{r.num(string(one)), r.activity(one)}
			r.known[l.Activity] = a
		}
		if !a.wanted {
			continue
		}
		for i, by := range r.q.Group {
			switch by {
			case ByActivity:
				k[i] = a.number
			case ByDay:
				k[i] = int32(l.Day)
			case ByWeek:
				k[i] = int32(l.Day.Monday())
			case ByMonth:
				k[i] = int32(l.Day.Month())
			case ByKind:
				k[i] = int32(l.Class)
			case ByMemo:
				k[i] = r.num(l.Memo)
			}
		}
		if row == nil || k != before {
			if row = r.rows[k]; row == nil {
				row = &Row{Keys: r.keys(k), Money: Money{Currency: c.Terms.Currency}}
				r.rows[k] = row
			}
			before = k
		}
		row.add(l)
		row.Amount += l.Amount
		r.totals.add(l)
		amount += l.Amount
	}
	if row != nil {
		r.money[c.Terms.Currency] += amount
	}
}

// num is the number of a name.
func (r *Report) num(name string) int32 {
	n, ok := r.number[name]
	if !ok {
		n = int32(len(r.names))
		r.number[name] = n
		r.names = append(r.names, name)
	}
	return n
}

// keys puts names in place of numbers.
func (r *Report) keys(k groupKey) []string {
	out := make([]string, len(r.q.Group))
	for i, by := range r.q.Group {
		switch by {
		case ByDay, ByWeek:
			out[i] = Day(k[i]).String()
		case ByMonth:
			out[i] = Day(k[i]).String()[:7]
		case ByKind:
			out[i] = Class(k[i]).String()
		default:
			out[i] = r.names[k[i]]
		}
	}
	return out
}

// Result is the report of what was added so far.
func (r *Report) Result() Result {
	out := Result{Group: r.q.Group, Totals: r.totals, Rows: make([]Row, 0, len(r.rows)), Money: []Money{}}
	for _, row := range r.rows {
		out.Rows = append(out.Rows, *row)
	}
	slices.SortFunc(out.Rows, func(a, b Row) int {
		return cmp.Or(slices.Compare(a.Keys, b.Keys), strings.Compare(a.Currency, b.Currency))
	})
	for c, n := range r.money {
		out.Money = append(out.Money, Money{n, c})
	}
	slices.SortFunc(out.Money, func(a, b Money) int { return strings.Compare(a.Currency, b.Currency) })
	return out
}
