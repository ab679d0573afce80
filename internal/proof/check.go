package proof

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"trestle/internal/outbox"
	"trestle/internal/replica"
	"trestle/internal/workroom"
)

// Violation is an invariant of sync.md §16 that does not hold, and what shows it.
type Violation struct {
	Invariant string // "I3"
	About     string // scope, device or command; where to look in the history
	Text      string
}

func (v Violation) String() string { return v.Invariant + " " + v.About + ": " + v.Text }

func broken(invariant, about, text string, args ...any) Violation {
	return Violation{invariant, about, fmt.Sprintf(text, args...)}
}

// CheckI1CommitOrder is "once seq s was seen, no row with seq ≤ s of that scope appears later": what was read step by step, only above the
// head known each time, must be all there is.
func CheckI1CommitOrder(seen, now *Truth) (out []Violation) {
	for _, s := range slices.Sorted(maps.Keys(now.Things)) {
		for k, r := range now.Things[s] {
			if was, ok := seen.Things[s][k]; !ok || was.Seq != r.Seq {
				out = append(out, broken("I1", string(s), "%s has seq %d, below a head that was seen before it", k, r.Seq))
			}
		}
	}
	return out
}

// CheckI2Gapless is "seqs are 1..head": the numbers that commands and acts of the service itself got are those, each once.
func CheckI2Gapless(t *Truth, records []Record, acts map[workroom.Scope][]int64) (out []Violation) {
	given := map[workroom.Scope]map[int64]int{}
	give := func(s workroom.Scope, q int64) {
		if given[s] == nil {
			given[s] = map[int64]int{}
		}
		given[s][q]++
	}
	for _, r := range records {
		for s, q := range r.Seqs {
			give(s, q)
		}
	}
	for s, list := range acts {
		for _, q := range list {
			give(s, q)
		}
	}
	for _, s := range slices.Sorted(maps.Keys(t.Heads)) {
		for q := int64(1); q <= t.Heads[s].Seq; q++ {
			if n := given[s][q]; n != 1 {
				out = append(out, broken("I2", string(s), "number %d of %d was given %d times", q, t.Heads[s].Seq, n))
			}
			delete(given[s], q)
		}
		for q := range given[s] {
			out = append(out, broken("I2", string(s), "number %d lies above the head %d", q, t.Heads[s].Seq))
		}
	}
	return out
}

// CheckI3CursorHonesty compares one scope of a copy with the service: whatever the service has up to the copy's cursor is here, and
// nothing else; own acks ahead of the cursor are rows of the service too.
func CheckI3CursorHonesty(h *Held, t *Truth) (out []Violation) {
	if h == nil || h.State != replica.Whole {
		return nil
	}
	bad := func(text string, args ...any) { out = append(out, broken("I3", string(h.Name), text, args...)) }
	truth := t.Things[h.Name]
	if h.Seq > t.Heads[h.Name].Seq {
		bad("the cursor %d lies above the head %d", h.Seq, t.Heads[h.Name].Seq)
	}
	for _, k := range slices.Sorted(maps.Keys(h.Rows)) {
		d := h.Rows[k]
		s, ok := truth[k]
		switch {
		case d.Gone && (!ok || s.Gone):
		case d.Kind.Dated() && !h.In(d.Born): // of before a reset or ahead of a first look: a window that is asked for replaces it
		case t.Forked && (!ok || d.Seq > s.Seq || d.Seq == s.Seq && d.Seq > h.Seq): // an own ack of the history that was lost; the pull finds it
		case !ok && t.Heads[h.Name].Floor > 0:
		case !ok:
			bad("%s is here with seq %d and not at the service", k, d.Seq)
		case d.Seq > s.Seq:
			bad("%s is here with seq %d, the service has %d", k, d.Seq, s.Seq)
		case d.Seq < s.Seq && s.Seq <= h.Seq:
			bad("%s is here with seq %d, the service has %d (gone %t), the cursor is %d", k, d.Seq, s.Seq, s.Gone, h.Seq)
		case d.Seq == s.Seq && (d.Gone != s.Gone || d.Born != s.Born || d.Rev != s.Rev || d.Num != s.Num || d.By != s.By || !d.Gone && !sameText(d.Body, s.Body)):
			bad("%s of seq %d differs from the service's", k, d.Seq)
		}
	}
	for _, k := range slices.Sorted(maps.Keys(truth)) {
		s := truth[k]
		if _, ok := h.Rows[k]; !ok && !s.Gone && s.Seq <= h.Seq && !s.Kind.Dated() {
			bad("%s of seq %d is missing, the cursor is %d", k, s.Seq, h.Seq)
		}
	}
	return out
}

// CheckI13SpanTruth is "inside have nothing live is missing". A copy whose generation ended may lack what its account may not see any more.
func CheckI13SpanTruth(h *Held, t *Truth, who workroom.AccountID) (out []Violation) {
	if h == nil || h.State != replica.Whole {
		return nil
	}
	from := max(h.From, t.Rights[who][h.Name.Root()].From)
	for _, k := range slices.Sorted(maps.Keys(t.Things[h.Name])) {
		s := t.Things[h.Name][k]
		if _, ok := h.Rows[k]; !ok && s.Kind.Dated() && !s.Gone && s.Seq <= h.Seq && s.Born >= from && h.In(s.Born) {
			out = append(out, broken("I13", string(h.Name), "%s, born %d, seq %d, is missing inside a whole span; the cursor is %d", k, s.Born, s.Seq, h.Seq))
		}
	}
	return out
}

// CheckI12NoResurrection is "a tombstoned id never lives again": at the service, and in a copy whose cursor has passed the tombstone.
func CheckI12NoResurrection(h *Held, t *Truth) (out []Violation) {
	if h == nil {
		return nil
	}
	for k := range t.Things[h.Name] {
		dead, ok := t.Dead[string(h.Name)+" "+k]
		if !ok {
			continue
		}
		back := comesBack(k)
		if r := t.Things[h.Name][k]; !r.Gone && (!back || r.Seq <= dead) {
			out = append(out, broken("I12", string(h.Name), "%s lives again at the service after its end at %d", k, dead))
		}
		if now := t.Things[h.Name][k]; back && (!now.Gone || now.Seq > h.Seq) {
			continue // it is back, and the copy may not have come so far
		}
		if r, here := h.Rows[k]; here && !r.Gone && h.State == replica.Whole && h.Seq >= dead && (!r.Kind.Dated() || h.In(r.Born)) {
			out = append(out, broken("I12", string(h.Name), "%s of %d lives here after its end at %d; the cursor is %d", k, r.Seq, dead, h.Seq))
		}
	}
	return out
}

// comesBack reports whether what was removed may be there once more, under a later number: a grant and a member by being let in again, a
// bookmark by being kept again, a screenshot by another one of its segment, a late rest of time by growing again. Of these it is their last
// end that counts.
func comesBack(key string) bool {
	kind, _, _ := strings.Cut(key, "/")
	switch workroom.Kind(kind) {
	case workroom.KindMember, workroom.KindGrant, workroom.KindBookmark, workroom.KindShot:
		return true
	}
	return strings.HasSuffix(key, workroom.LateID(""))
}

// CheckI6AckTruth is "acked ⇒ its record exists in this epoch, or a re-offer is pending", or what it asked for is so already.
func CheckI6AckTruth(sent []Acked, waiting []outbox.Row, records []Record, t *Truth, who workroom.AccountID) (out []Violation) {
	ok := map[string]bool{}
	for _, r := range records {
		if r.Account == who && r.Status == "ok" {
			ok[r.ID] = true
		}
	}
	for _, w := range waiting {
		ok[w.ID] = true
	}
	for _, a := range sent {
		if a.Op == workroom.OpUpload || a.Epoch != t.Epoch || ok[a.ID] {
			continue
		}
		if c, err := workroom.DecodeCommand(a.Op, workroom.Ops[a.Op].V, []byte(a.Args)); err == nil {
			if s, is := c.(workroom.Settler); is && s.Settled(workroom.Asked{ID: a.ID, By: who}, TruthRows{t}) {
				continue
			}
		}
		out = append(out, broken("I6", a.ID, "%s counts as acked and the service has no record of it", a.Op))
	}
	return out
}

// CheckI7LaneOrder reads the "accepted" events: the messages a device's lane brings in for the first time have rising places (Seq), and
// none comes before a command it follows. What a service lost by going back to an older state ("undone") has no place any more: a person may
// word anew what came in there after it.
func CheckI7LaneOrder(events []Event) (out []Violation) {
	came := map[string][]Event{}
	for _, e := range events {
		switch {
		case e.Kind == "undone":
			for k := range came {
				came[k] = slices.DeleteFunc(came[k], func(was Event) bool { return was.ID == e.ID })
			}
		case e.Kind == "accepted" && e.Op == string(workroom.OpSendMessage):
			k := e.Dev + " " + e.Lane
			if n := len(came[k]); n > 0 && came[k][n-1].Seq > e.Seq {
				was := came[k][n-1]
				out = append(out, broken("I7", e.Lane, "%s at place %d of %s came after %s at place %d", e.ID, e.Seq, e.Dev, was.ID, was.Seq))
			}
			came[k] = append(came[k], e)
		case e.Kind == "accepted" && e.Status == "orphan":
			out = append(out, broken("I7", e.ID, "%s was accepted before %s, which it follows", e.Op, e.Text))
		}
	}
	return out
}

// CheckI9Convergence compares a copy in step with what its account may read at the service, whole.
func CheckI9Convergence(c *Copy, t *Truth) (out []Violation, err error) {
	view, err := c.View()
	if err != nil {
		return nil, err
	}
	for _, s := range slices.Sorted(maps.Keys(t.Heads)) {
		right, ok := t.Rights[c.Account][s.Root()]
		h := view.Scopes[s]
		switch {
		case !ok || right.Gone:
			if h != nil && h.State == replica.Whole {
				out = append(out, broken("I9", string(s), "still held without a right to it"))
			}
			continue
		case s.Kind() == "rc": // brought only while its room is on screen; a copy of it is checked by I3 like any other
			continue
		case h == nil || h.State != replica.Whole:
			out = append(out, broken("I9", string(s), "not held at the end"))
			continue
		case h.Seq != t.Heads[s].Seq || h.Gen != right.Gen:
			out = append(out, broken("I9", string(s), "held up to %d in gen %d, the service is at %d in gen %d", h.Seq, h.Gen, t.Heads[s].Seq, right.Gen))
		}
		out = append(out, CheckI3CursorHonesty(h, t)...)
		out = append(out, CheckI13SpanTruth(h, t, c.Account)...)
		out = append(out, CheckI12NoResurrection(h, t)...)
	}
	return out, nil
}

// CheckI11Purge is "after gone no row, index entry or blob is left, and the lane is not sent".
func CheckI11Purge(c *Copy, s workroom.Scope) (out []Violation, err error) {
	h, err := c.Scope(s)
	if err != nil || h == nil || h.State != replica.Taken {
		return nil, err
	}
	look := func(what, q string, args ...any) {
		var n int64
		if err == nil {
			n, err = c.count(q, args...)
		}
		if n > 0 {
			out = append(out, broken("I11", string(s), "%d %s are left of a scope that is gone", n, what))
		}
	}
	look("rows", `SELECT count(*) FROM base WHERE sc=?`, h.SC)
	look("spans", `SELECT count(*) FROM span WHERE sc=?`, h.SC)
	look("files", `SELECT count(*) FROM file WHERE scope=? AND id NOT IN (SELECT json_extract(args,'$.id') FROM outbox WHERE op='Upload')`, string(s))
	if s.Kind() != "a" {
		look("acked commands", `SELECT count(*) FROM sent WHERE lane=?`, string(s))
	}
	var finds int64
	if finds, err = c.count(`SELECT count(*) FROM sqlite_master WHERE name='find'`); err == nil && finds > 0 {
		look("index entries", `SELECT count(*) FROM find WHERE sc=?`, h.SC)
	}
	return out, err
}

// CheckI14Monotonic reads the "cursor" and "marker" events: neither goes back within one epoch and gen.
func CheckI14Monotonic(events []Event) (out []Violation) {
	last := map[string]int64{}
	for _, e := range events {
		switch e.Kind {
		case "cursor":
			k := fmt.Sprint(e.Dev, " ", e.Scope, " ", e.Gen, " ", e.Status)
			if was, ok := last[k]; ok && e.Seq < was && e.Text != "reset" {
				out = append(out, broken("I14", e.Scope, "the cursor of %s went from %d back to %d", e.Dev, was, e.Seq))
			}
			last[k] = e.Seq
		case "marker":
			k := e.Scope + " " + e.ID + " " + e.Status
			if was, ok := last[k]; ok && e.Seq < was {
				out = append(out, broken("I14", e.Scope, "the marker of %s went back", e.ID))
			}
			last[k] = e.Seq
		}
	}
	return out
}

// CheckI18Digest compares each stored digest with what the scope's things give.
func CheckI18Digest(t *Truth) (out []Violation) {
	for _, s := range slices.Sorted(maps.Keys(t.Heads)) {
		if have, want := uint64(t.Heads[s].Digest), uint64(t.Sum(s)); have != want {
			out = append(out, broken("I18", string(s), "the digest is stored as %016x, its things give %016x", have, want))
		}
	}
	return out
}

// CheckI20Unread recounts a room's unread messages from what the service has. A copy that does not reach back to the account's own newest
// message cannot know it and is left out; nor can one that still shows messages under the numbers they had before the service was set back.
func CheckI20Unread(t *Truth, h *Held, who workroom.AccountID, room workroom.RoomID, said int64) []Violation {
	s := workroom.RoomScope(room)
	right, ok := t.Rights[who][s]
	if !ok || right.Gone || t.Heads[s].Floor > 0 { // a purged tombstone takes its number along
		return nil
	}
	var m workroom.Marker
	if r, ok := t.Things[workroom.AccountScope(who)][string(workroom.KindMarker)+"/"+string(room)]; ok && !r.Gone {
		if x, err := workroom.Decode(workroom.KindMarker, []byte(r.Body)); err == nil {
			m = *x.(*workroom.Marker)
		}
	}
	read, mine, first := m.N, int64(0), int64(0)
	for _, r := range t.Things[s] {
		if r.Kind != workroom.KindMessage || r.Born < right.From {
			continue
		}
		x, here := h.Rows[r.Key()]
		if here && x.Seq == 0 && x.Num != r.Num {
			return nil
		}
		if r.By == who {
			if !here {
				return nil
			}
			above := int64(0)
			if !r.Gone {
				x, err := workroom.Decode(r.Kind, []byte(r.Body))
				if err != nil {
					return []Violation{broken("I20", string(s), "%s: %v", r.Key(), err)}
				}
				above = x.(*workroom.Message).Above
			}
			if to := workroom.ReadBy(r.Num, above); r.Num > max(m.N, m.Head) && (to >= m.Head || m.N >= m.Head) {
				read, mine = max(read, to), max(mine, r.Num)
			}
		}
		if first == 0 || r.Num < first {
			first = r.Num
		}
	}
	if right.From > 0 && first > 0 {
		read = max(read, first-1)
	}
	top, missed := max(read, mine), int64(0)
	passed := int64(0) // one's own, and the service's in one's own name: nobody's act and nothing to be read; and those of the blocked
	for _, r := range t.Things[s] {
		if r.Kind != workroom.KindMessage || r.Num <= read || r.Num < top && r.Gone || r.By == "" && r.Gone {
			continue
		}
		_, here := h.Rows[r.Key()]
		ours := r.By == who || t.blocks(who, r.By)
		if r.By == "" {
			x, err := workroom.Decode(r.Kind, []byte(r.Body))
			ours = err == nil && x.(*workroom.Message).Author == who
		}
		switch {
		case r.Num < top && here && !ours: // it came in above what one wrote
			missed++
		case r.Num > top && ours && !here:
			return nil
		case r.Num > top && ours:
			passed++
		}
	}
	if want := missed + max(0, t.Heads[s].Msgs-top-passed); said != want {
		return []Violation{broken("I20", string(s), "%d unread are shown, a recount gives %d (marker %d, head %d, read to %d, own newest %d, first %d, messages %d)",
			said, want, m.N, m.Head, read, mine, first, t.Heads[s].Msgs)}
	}
	return nil
}

// blocks reports whether an account has blocked another.
func (t *Truth) blocks(who, other workroom.AccountID) bool {
	r, ok := t.Things[workroom.AccountScope(who)][string(workroom.KindBlock)+"/"+string(other)]
	if !ok || r.Gone {
		return false
	}
	x, err := workroom.Decode(workroom.KindBlock, []byte(r.Body))
	if err != nil {
		return false
	}
	b, ok := x.(*workroom.Block)
	return ok && b.Mine != 0
}

// CheckL1Moves is "a retryable lane moves within the back-off cap after faults end": some time after that nothing may go any more without a
// person. may says whether a row still could.
func CheckL1Moves(rows []outbox.Row, may bool, device string) []Violation {
	if !may {
		return nil
	}
	for _, r := range rows {
		if r.Verdict == outbox.None {
			return []Violation{broken("L1", device, "%s %s still waits long after the faults ended: attempts %d, edges %v", r.Op, r.ID, r.Attempts, r.After)}
		}
	}
	return []Violation{broken("L1", device, "does not come to rest")}
}

// CheckL2Repaired is "a lost frame is repaired" by the next heads at the latest: in that many seconds after a row was written, a copy that
// hears no frame at all has it.
func CheckL2Repaired(seconds float64, limit float64, about string) []Violation {
	if seconds <= limit {
		return nil
	}
	return []Violation{broken("L2", about, "a row was there only after %.0f s", seconds)}
}

// sameText compares two bodies as JSON.
func sameText(a, b string) bool {
	if a == b {
		return true
	}
	var x, y any
	return json.Unmarshal([]byte(a), &x) == nil && json.Unmarshal([]byte(b), &y) == nil && reflect.DeepEqual(x, y)
}
