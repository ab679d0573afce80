package timesheet

import (
	"cmp"
	"encoding/binary"
	"errors"
	"slices"

	"trestle/internal/workroom"
)

// Tally is what one contract's week comes down to in one zone: seconds and money by day, activity and class. It has no memos and no hours of
// the day, so a week of a thousand slices is a few dozen lines. A store may keep it encoded, and drop it when the week changes.
type Tally []Line

// Line is one sum of a tally, or an entry counted for itself.
type Line struct {
	Day      Day
	Activity workroom.ActivityID
	Class    Class
	Manual   bool // written in by hand, whatever its class
	Memo     string
	Seconds  int64
	Amount   int64 // minor units
}

// Lines makes a line of each entry, memos kept.
func Lines(list []Entry) Tally {
	out := make(Tally, 0, len(list))
	for _, e := range list {
		out = append(out, Line{e.Day, e.Activity, e.Class, e.How == workroom.Manual, e.Memo, e.Seconds(), e.Amount})
	}
	return out
}

// Sum adds up entries by day, activity and class.
func Sum(list []Entry) Tally {
	out := Lines(list)
	for i := range out {
		out[i].Memo = ""
	}
	slices.SortFunc(out, func(a, b Line) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Activity, b.Activity), cmp.Compare(a.Class, b.Class), cmp.Compare(bit(a.Manual), bit(b.Manual)))
	})
	n := 0
	for _, l := range out {
		if n > 0 && out[n-1].Day == l.Day && out[n-1].Activity == l.Activity && out[n-1].Class == l.Class && out[n-1].Manual == l.Manual {
			out[n-1].Seconds, out[n-1].Amount = out[n-1].Seconds+l.Seconds, out[n-1].Amount+l.Amount
			continue
		}
		out[n] = l
		n++
	}
	return out[:n]
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

const tallyVersion = 1

// Encode writes a tally without memos in a few bytes a line: a version, the activities named, then for each line the step in days, the number
// of its activity, class and hand in one byte, seconds, amount.
func (t Tally) Encode() []byte {
	out := []byte{tallyVersion}
	var ids []workroom.ActivityID
	number := map[workroom.ActivityID]uint64{}
	for _, l := range t {
		if _, ok := number[l.Activity]; !ok {
			number[l.Activity] = uint64(len(ids))
			ids = append(ids, l.Activity)
		}
	}
	out = binary.AppendUvarint(out, uint64(len(ids)))
	for _, id := range ids {
		out = binary.AppendUvarint(out, uint64(len(id)))
		out = append(out, id...)
	}
	out = binary.AppendUvarint(out, uint64(len(t)))
	var day Day
	for _, l := range t {
		out = binary.AppendVarint(out, int64(l.Day-day))
		day = l.Day
		out = binary.AppendUvarint(out, number[l.Activity])
		out = append(out, byte(l.Class)<<1|byte(bit(l.Manual)))
		out = binary.AppendUvarint(out, uint64(l.Seconds))
		out = binary.AppendUvarint(out, uint64(l.Amount))
	}
	return out
}

var errTally = errors.New("not a tally of this version")

// DecodeTally reads what Encode wrote. Anything else is an error, and the tally is to be made anew.
func DecodeTally(b []byte) (Tally, error) {
	if len(b) == 0 || b[0] != tallyVersion {
		return nil, errTally
	}
	r := reader{b: b[1:]}
	ids := make([]workroom.ActivityID, r.count())
	for i := range ids {
		ids[i] = workroom.ActivityID(r.bytes(r.count()))
	}
	out := make(Tally, r.count())
	var day Day
	for i := range out {
		day += Day(r.step())
		a, c := r.number(), r.byte()
		if r.bad || a >= uint64(len(ids)) || Class(c>>1) >= classes {
			return nil, errTally
		}
		out[i] = Line{Day: day, Activity: ids[a], Class: Class(c >> 1), Manual: c&1 == 1, Seconds: int64(r.number()), Amount: int64(r.number())}
	}
	if r.bad || len(r.b) > 0 {
		return nil, errTally
	}
	return out, nil
}

// reader takes numbers off the front of bytes; bad once they do not hold what is asked.
type reader struct {
	b   []byte
	bad bool
}

func (r *reader) number() uint64 {
	n, k := binary.Uvarint(r.b)
	if k <= 0 {
		r.b, r.bad = nil, true
		return 0
	}
	r.b = r.b[k:]
	return n
}

func (r *reader) step() int64 {
	n, k := binary.Varint(r.b)
	if k <= 0 {
		r.b, r.bad = nil, true
		return 0
	}
	r.b = r.b[k:]
	return n
}

// count is a number of things that follow, each of at least a byte.
func (r *reader) count() int {
	n := r.number()
	if n > uint64(len(r.b)) {
		r.b, r.bad = nil, true
		return 0
	}
	return int(n)
}

func (r *reader) bytes(n int) []byte {
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

func (r *reader) byte() byte {
	if len(r.b) == 0 {
		r.bad = true
		return 0
	}
	out := r.b[0]
	r.b = r.b[1:]
	return out
}
