package outbox

import (
	"fmt"
	"testing"

	"trestle/internal/workroom"
)

func row(n int64, lane string, op workroom.Op) Row {
	return Row{N: n, Pos: n, ID: fmt.Sprint("c", n), Lane: lane, Op: op, Size: 100}
}

func msg(n int64) Row { return row(n, "r:1", workroom.OpSendMessage) }

// Each arrow of the diagram over State is one case, named by the arrow.
func TestStates_Arrows(t *testing.T) {
	with := func(r Row, f func(*Row)) Row { f(&r); return r }
	for _, c := range []struct {
		arrow string
		rows  []Row
		want  State // of the last row
	}{
		{"enqueue → queued", []Row{msg(1)}, Queued},
		{"queued → sending", []Row{with(msg(1), func(r *Row) { r.Attempts, r.Flying = 1, true })}, Sending},
		{"sending → queued (cut off)", []Row{with(msg(1), func(r *Row) { r.Attempts = 1 })}, Queued},
		{"sending → later", []Row{with(msg(1), func(r *Row) { r.Attempts, r.NotBefore = 1, 200 })}, Later},
		{"later → queued (the clock was set back)", []Row{with(msg(1), func(r *Row) { r.Attempts, r.NotBefore = 1, 101+MaxWait.Microseconds() })}, Queued},
		{"acked → confirm (lost by the service)", []Row{with(msg(1), func(r *Row) { r.Verdict, r.Recovered = Confirm, true })}, Asking},
		{"one that asks does not hold", []Row{with(msg(1), func(r *Row) { r.Verdict = Confirm }), msg(2)}, Queued},
		{"one set aside holds by its policy", []Row{with(msg(1), func(r *Row) { r.Verdict = Quarantined }), msg(2)}, Held},
		{"one set aside of a step kind does not", []Row{with(row(1, "a:1", workroom.OpSetPref), func(r *Row) { r.Verdict = Quarantined }), row(2, "a:1", workroom.OpSetPref)}, Queued},
		{"later → queued", []Row{with(msg(1), func(r *Row) { r.Attempts, r.NotBefore = 1, 100 })}, Queued},
		{"sending → rejected", []Row{with(msg(1), func(r *Row) { r.Verdict = Rejected })}, Refused},
		{"sending → quarantined", []Row{with(msg(1), func(r *Row) { r.Verdict = Quarantined })}, SetAside},
		{"queued → held", []Row{with(msg(1), func(r *Row) { r.Verdict = Rejected }), msg(2)}, Held},
		{"another lane is not held", []Row{with(msg(1), func(r *Row) { r.Verdict = Rejected }), row(2, "r:2", workroom.OpSendMessage)}, Queued},
		{"a step kind does not hold", []Row{with(row(1, "a:1", workroom.OpSetPref), func(r *Row) { r.Verdict = Rejected }), row(2, "a:1", workroom.OpSetPref)}, Queued},
		{"held → queued (discarded)", []Row{msg(2)}, Queued},
		{"queued → waiting", []Row{row(1, "up:1", workroom.OpUpload), with(msg(2), func(r *Row) { r.After = []string{"c1"} })}, Waiting},
		{"behind one that waits", []Row{with(msg(1), func(r *Row) { r.After = []string{"x"} }), msg(2)}, Waiting},
		{"parent before it in the lane", []Row{msg(1), with(msg(2), func(r *Row) { r.After = []string{"c1"} })}, Queued},
		{"waiting stays when the parent was discarded", []Row{with(msg(2), func(r *Row) { r.After = []string{"c1"} })}, Waiting},
	} {
		if got := States(c.rows, 100)[c.rows[len(c.rows)-1].ID]; got != c.want {
			t.Errorf("%s: %s, want %s", c.arrow, got, c.want)
		}
	}
}

func TestNext_LanesAndLimits(t *testing.T) {
	var rows []Row
	for i := int64(1); i <= 70; i++ {
		rows = append(rows, msg(i))
	}
	b := Next(rows, 0, nil)
	if len(b) != 1 || len(b[0]) != MaxBatch || b[0][0].N != 1 || b[0][MaxBatch-1].N != MaxBatch {
		t.Fatalf("a batch of a long lane: %d batches", len(b))
	}
	rows[0].Flying = true
	if b := Next(rows, 0, nil); len(b) != 0 {
		t.Errorf("a lane went out twice at a time")
	}
	big := []Row{msg(1), msg(2), msg(3)}
	for i := range big {
		big[i].Size = 150 << 10
	}
	if b := Next(big, 0, nil); len(b[0]) != 1 {
		t.Errorf("%d large commands in a batch", len(b[0]))
	}
}

func TestNext_ChatFirstThenFair(t *testing.T) {
	rows := []Row{
		row(1, "diary:1", workroom.OpReportSlice), row(2, "k:1", workroom.OpSetActivity), row(3, "a:1", workroom.OpSetPref),
		row(4, "diary:2", workroom.OpReportSlice), msg(5), row(6, "up:1", workroom.OpUpload),
	}
	var got []string
	for _, b := range Next(rows, 0, map[string]int64{"diary:1": 9}) {
		got = append(got, b[0].Lane)
	}
	if want := []string{"r:1", "k:1", "a:1", "diary:2"}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("lanes %v, want %v", got, want)
	}
	for i := range rows[:4] {
		rows[i].Flying = true
	}
	if b := Next(rows, 0, nil); len(b) != 0 {
		t.Errorf("more than %d lanes under way", MaxLanes)
	}
	if u := NextUploads(rows, 0); len(u) != 1 || u[0].N != 6 {
		t.Errorf("uploads %v", u)
	}
}

// I7: nothing passes a row that cannot go, but a refused row of a stepping kind lets the lane go on.
func TestI7_LaneOrder(t *testing.T) {
	front := func(rows []Row) (n []int64) {
		for _, b := range Next(rows, 100, nil) {
			for _, r := range b {
				n = append(n, r.N)
			}
		}
		return n
	}
	a, b, c := msg(1), msg(2), msg(3)
	a.Verdict = Rejected
	if got := front([]Row{a, b}); len(got) != 0 {
		t.Errorf("passed a held head: %v", got)
	}
	a.Verdict, b.NotBefore = None, 200
	if got := fmt.Sprint(front([]Row{a, b, c})); got != "[1]" {
		t.Errorf("passed a row put off: %v", got)
	}
	b.NotBefore = 101 + MaxWait.Microseconds()
	if got := fmt.Sprint(front([]Row{a, b, c})); got != "[1 2 3]" {
		t.Errorf("a row put off by a clock that was set back: %v", got)
	}
	b.NotBefore, b.After = 0, []string{"upload"}
	if got := fmt.Sprint(front([]Row{a, b, c})); got != "[1]" {
		t.Errorf("passed a row whose parent waits: %v", got)
	}
	b.After = []string{"c1"}
	if got := fmt.Sprint(front([]Row{a, b, c})); got != "[1 2 3]" {
		t.Errorf("a parent earlier in the batch: %v", got)
	}
	p, q := row(1, "a:1", workroom.OpSetPref), row(2, "a:1", workroom.OpSetPref)
	p.Verdict = Rejected
	if got := fmt.Sprint(front([]Row{p, q})); got != "[2]" {
		t.Errorf("a step kind held its lane: %v", got)
	}
	// A retry has a new n at its old pos.
	a.N, a.Pos = 9, 1
	if got := fmt.Sprint(front([]Row{a, c})); got != "[9 3]" {
		t.Errorf("order by n, not pos: %v", got)
	}
}
