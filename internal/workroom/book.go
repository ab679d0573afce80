package workroom

import (
	"cmp"
	"slices"
	"strings"
)

// Diary is what computes the time of one contract, or of all contracts of one freelancer, as rows read at one moment.
type Diary struct {
	Slices   []*Slice
	Marks    []*TimeMark
	Claims   map[SliceKey]*Claimed // where other contracts are not seen
	Shots    []*Shot
	Approved []Approval
}

// Approval is late time of a contract that its client approved, as an Adjustment says.
type Approval struct {
	Contract ContractID
	ID       string // of the adjustment
	At       int64  // Unix µs
	Of       []Interval
}

// NewDiary is a diary without rows.
func NewDiary() *Diary { return &Diary{Claims: map[SliceKey]*Claimed{}} }

// ReadDiary reads what computes the time of a contract from the scopes of some weeks.
func ReadDiary(in Rows, scopes ...Scope) *Diary {
	d := NewDiary()
	for _, s := range scopes {
		for _, kind := range []Kind{KindSlice, KindMark, KindClaim, KindAdjustment} {
			refs, _ := in.All(s, kind)
			for _, r := range refs {
				if t, k := in.Row(r); k == Held {
					d.Add(r, t)
				}
			}
		}
	}
	return d
}

// Add takes in a row of a diary scope; of kinds that do not compute time nothing.
func (d *Diary) Add(r Ref, t Thing) {
	w, _ := ParseWeek(r.Scope.Part()) // diary scopes name a week; of any other nothing is added
	switch t := t.(type) {
	case *Slice:
		n := *t
		n.In = w
		d.Slices = append(d.Slices, &n)
	case *TimeMark:
		n := *t
		n.In = w
		d.Marks = append(d.Marks, &n)
	case *Claimed:
		d.Claims[SliceKey{ContractID(r.Scope.Owner()), w, strings.TrimSuffix(r.ID, claimSuffix)}] = t
	case *Shot:
		d.Shots = append(d.Shots, t)
	case *Adjustment:
		if len(t.Of) > 0 {
			d.Approved = append(d.Approved, Approval{ContractID(r.Scope.Owner()), r.ID, t.At, t.Of})
		}
	}
}

// Edits are the marks of the diary, those included that approvals of late time, and screenshots marked as deleted, stand for.
func (d *Diary) Edits() []Mark {
	out := append(Edits(d.Marks), CutsOf(d.Shots)...)
	order := slices.Clone(d.Approved)
	slices.SortFunc(order, func(a, b Approval) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Contract, b.Contract), cmp.Compare(a.ID, b.ID))
	})
	for _, a := range order {
		for _, in := range a.Of {
			out = append(out, Mark{What: markApproved, Contract: a.Contract, Interval: in})
		}
	}
	return out
}

// Owned answers what each slice owns: of the freelancer's whole timeline where all of it is in the diary, else of what is seen less what
// the service says that other contracts own.
func (d *Diary) Owned() map[SliceKey][]Interval {
	owned := Claim(d.Slices, d.Edits())
	for k, list := range owned {
		c := d.Claims[k]
		if c == nil {
			continue
		}
		var left []Interval
		for _, in := range list {
			left = append(left, intervals(c.Shadow).without(in)...)
		}
		owned[k] = left
	}
	return owned
}

// Pieces is the diary's time as it is shown, reported and billed, before the weekly limit.
func (d *Diary) Pieces() []Piece { return Pieces(d.Slices, d.Owned(), d.Edits()) }
