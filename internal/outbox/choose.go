package outbox

import (
	"slices"
	"sort"
	"strings"
	"time"

	"trestle/internal/workroom"
)

// Limits of one batch and of what is under way at once (sync.md §5, §8).
const (
	MaxBatch   = 64
	MaxBytes   = 256<<10 - 16<<10 // of arguments; the rest is left for the frame around them
	MaxLanes   = 4
	MaxUploads = 2
)

// MaxWait is the longest a row is put off. One that says to wait longer was put off by a clock that was set back since, and is due.
const MaxWait = 15 * time.Minute

// due reports whether a row that was put off may go at now (Unix µs).
func (r *Row) due(now int64) bool {
	return r.NotBefore <= now || r.NotBefore > now+MaxWait.Microseconds()
}

// Next chooses the batches to send now, each the front of one lane, in order: chat before the rest, then the lane that waited longest.
// Rows must be all that are stored, in order of pos. Lanes with a row under way count against MaxLanes and are left alone. served tells
// when a lane was last sent (any rising number), for fairness.
func Next(rows []Row, now int64, served map[string]int64) [][]Row {
	lanes := byLane(rows, func(r *Row) bool { return r.Op != workroom.OpUpload })
	free := MaxLanes
	var ready []string
	front := map[string][]Row{}
	for lane, list := range lanes {
		if flying(list) {
			free--
			continue
		}
		if b := batch(list, now); len(b) > 0 {
			front[lane] = b
			ready = append(ready, lane)
		}
	}
	sort.Slice(ready, func(i, j int) bool {
		a, b := ready[i], ready[j]
		if ca, cb := chat(a), chat(b); ca != cb {
			return ca
		}
		if served[a] != served[b] {
			return served[a] < served[b]
		}
		return front[a][0].Pos < front[b][0].Pos
	})
	var out [][]Row
	for _, lane := range ready {
		if free <= 0 {
			break
		}
		out = append(out, front[lane])
		free--
	}
	return out
}

// batch is the front of a lane that may go out together.
func batch(list []*Row, now int64) []Row {
	var out []Row
	size := 0
	front(list, func(r *Row) bool {
		if !r.due(now) || len(out) == MaxBatch || len(out) > 0 && size+r.Size > MaxBytes {
			return false
		}
		size += r.Size
		out = append(out, *r)
		return true
	})
	return out
}

// Still answers which rows of one lane, chosen to go out together, may still go: rows is all of the lane that is stored now, in order of pos.
// What was chosen from an older look does not pass a row that was refused, put back or put in before it since, nor a parent it was given.
func Still(rows []Row, chosen []string) []string {
	var out []string
	list := make([]*Row, len(rows))
	for i := range rows {
		list[i] = &rows[i]
	}
	front(list, func(r *Row) bool {
		if !slices.Contains(chosen, r.ID) {
			return false
		}
		out = append(out, r.ID)
		return true
	})
	return out
}

// front offers the rows of a lane one after the other to take, until it says no or one stands that cannot go: a refused row of a stepping kind
// is passed over, anything else that cannot go stops the lane. A parent that was taken is as good as an acked one, because the service runs
// them in order.
func front(list []*Row, take func(*Row) bool) {
	inside := map[string]bool{}
	for _, r := range list {
		if r.Verdict != None {
			if r.Holds() {
				return
			}
			continue
		}
		if slices.ContainsFunc(r.After, func(id string) bool { return !inside[id] }) || !take(r) {
			return
		}
		inside[r.ID] = true
	}
}

// NextUploads chooses the uploads to carry now, oldest first, so that at most MaxUploads are under way.
func NextUploads(rows []Row, now int64) []Row {
	free := MaxUploads
	var out []Row
	for i := range rows {
		if rows[i].Op == workroom.OpUpload && rows[i].Flying {
			free--
		}
	}
	for i := range rows {
		r := &rows[i]
		if r.Op == workroom.OpUpload && !r.Flying && r.Verdict == None && r.due(now) && len(r.After) == 0 && free > 0 {
			out = append(out, *r)
			free--
		}
	}
	return out
}

// Wake is the earliest moment (Unix µs) at which a row put off becomes ready, 0 if none is put off.
func Wake(rows []Row, now int64) int64 {
	var at int64
	for i := range rows {
		r := &rows[i]
		if r.Verdict == None && !r.Flying && !r.due(now) && (at == 0 || r.NotBefore < at) {
			at = r.NotBefore
		}
	}
	return at
}

func byLane(rows []Row, keep func(*Row) bool) map[string][]*Row {
	out := map[string][]*Row{}
	for i := range rows {
		if r := &rows[i]; keep(r) {
			out[r.Lane] = append(out[r.Lane], r)
		}
	}
	return out
}

func flying(list []*Row) bool {
	for _, r := range list {
		if r.Flying {
			return true
		}
	}
	return false
}

func chat(lane string) bool { return strings.HasPrefix(lane, "r:") }
