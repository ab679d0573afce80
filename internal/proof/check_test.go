package proof

import (
	"database/sql"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"trestle/internal/outbox"
	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// laws are the invariants of sync.md §16 and the limits; each has a function of the checker with its name in front.
var laws = []string{"I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "I9", "I10", "I11", "I12", "I13", "I14", "I15", "I16", "I17", "I18", "I19", "I20", "I21", "I22",
	"L1", "L2", "L3", "L4"}

const small = workroom.Scope("r:one")

func message(n int64, by workroom.AccountID) Row {
	id := "m" + string(rune('0'+n))
	return Row{Kind: workroom.KindMessage, ID: id, Seq: n, Born: n, Rev: 1, Num: n, By: by, Body: `{"author":"` + string(by) + `","text":"words","at":1}`}
}

// smallTruth is a service with one room of two people, in which ann said three things and deleted the second.
func smallTruth() *Truth {
	t := &Truth{Epoch: "e1", Tagged: true}
	t.forget()
	t.Things[small] = map[string]Row{}
	for n := int64(1); n <= 3; n++ {
		r := message(n, "ann")
		t.Things[small][r.Key()] = r
	}
	gone := message(2, "ann")
	gone.Seq, gone.Gone, gone.Body, gone.Rev = 4, true, "", 2
	t.Things[small][gone.Key()] = gone
	t.Dead[string(small)+" "+gone.Key()] = 4
	t.Tags[small] = map[int64]string{1: "t1", 2: "t2", 3: "t3", 4: "t4"}
	t.Rights["ann"] = map[workroom.Scope]Right{small: {Gen: 1}}
	t.Rights["ben"] = map[workroom.Scope]Right{small: {Gen: 2, From: 3}}
	t.Rights["eve"] = map[workroom.Scope]Right{small: {Gen: 1, Gone: true}}
	t.Named[small] = map[int64]map[workroom.AccountID]bool{4: {"ann": true, "ben": true}}
	t.Heads[small] = Head{Seq: 4, Msgs: 3, Tag: "t4", Digest: int64(t.Sum(small))}
	return t
}

// smallHeld is what ann's device has of it, in step.
func smallHeld() *Held {
	return &Held{Name: small, Gen: 1, Seq: 4, Msgs: 3, Tag: "t4", State: replica.Whole, Rows: maps.Clone(smallTruth().Things[small]), Spans: []Span{{Lo: 0, Hi: 1 << 62, State: "have"}}}
}

// changed is a row of ann's device with something else in it.
func changed(key string, change func(*Row)) *Held {
	h := smallHeld()
	r := h.Rows[key]
	change(&r)
	h.Rows[key] = r
	return h
}

func without(keys ...string) *Held {
	h := smallHeld()
	for _, k := range keys {
		delete(h.Rows, k)
	}
	return h
}

func smallView() *View {
	return &View{Waiting: []outbox.Row{{N: 1, ID: "c1", Op: workroom.OpSendMessage, Attempts: 1, Args: []byte(`{"room":"one","text":"a"}`)}, {N: 2, ID: "c2", Op: workroom.OpSendMessage}},
		Scopes: map[workroom.Scope]*Held{small: smallHeld()}, Effects: []Effect{{Kind: "message", ID: "c1", N: 1}}}
}

func viewWith(change func(*View)) *View {
	v := smallView()
	change(v)
	return v
}

func wires(rows ...Row) (out []wire.Thing) {
	for _, r := range rows {
		out = append(out, wire.Thing{Scope: small, Kind: r.Kind, ID: r.ID, Seq: r.Seq, Born: r.Born})
	}
	return out
}

func accepted(id string, place int64) Event {
	return Event{Kind: "accepted", Op: string(workroom.OpSendMessage), Dev: "ann1", Lane: "r:one", ID: id, Seq: place}
}

// smallCopy is the file of a device of ann's that is in step and in which one more message waits; spoil changes it behind its back.
func smallCopy(t *testing.T, spoil ...string) *Copy {
	t.Helper()
	path := filepath.Join(t.TempDir(), "copy.db")
	rep, err := replica.Open(path, replica.Options{Service: "s", Account: "ann", Device: "d", Manual: true})
	must(t, err)
	db, err := sql.Open("sqlite3", "file:"+path+"?_busy_timeout=5000")
	must(t, err)
	do := func(q string, args ...any) {
		t.Helper()
		_, err := db.Exec(q, args...)
		must(t, err)
	}
	h := smallHeld()
	do(`INSERT INTO scope(sc,name,gen,seq,tag,from_born,msgs,state) VALUES(77,?,?,?,?,0,?,?)`, string(h.Name), h.Gen, h.Seq, h.Tag, h.Msgs, string(h.State))
	do(`INSERT INTO span(sc,lo,hi,state) VALUES(77,0,?,'have')`, int64(1)<<62)
	for _, r := range h.Rows {
		do(`INSERT INTO base(sc,kind,id,seq,born,rev,mn,gone,actor,at,body) VALUES(77,?,?,?,?,?,?,?,?,?,?)`, r.Kind, r.ID, r.Seq, r.Born, r.Rev, r.Num, r.Gone, r.By, r.At, r.Body)
	}
	member := `{"role":"owner"}`
	do(`INSERT INTO base(sc,kind,id,seq,born,rev,mn,gone,actor,at,body) VALUES(77,'member','ann',1,1,1,0,0,'ann',0,?)`, member)
	do(`INSERT INTO base(sc,kind,id,seq,born,rev,mn,gone,actor,at,body) VALUES(77,'room','one',1,1,1,0,0,'ann',0,'{}')`)
	_, err = rep.Enqueue(bg, workroom.SendMessage{Room: "one", Text: "it waits"}, replica.EnqueueOpts{ID: "c1"})
	must(t, err)
	for _, q := range spoil {
		do(q)
	}
	must(t, rep.Close())
	must(t, db.Close())
	c, err := OpenCopy(path, "ann")
	must(t, err)
	t.Cleanup(func() { c.Close() })
	return c
}

// copyTruth is the service that smallCopy is in step with.
func copyTruth() *Truth {
	t := smallTruth()
	t.Things[small]["member/ann"] = Row{Kind: workroom.KindMember, ID: "ann", Seq: 1, Born: 1, Rev: 1, By: "ann", Body: `{"role":"owner"}`}
	t.Things[small]["room/one"] = Row{Kind: workroom.KindRoom, ID: "one", Seq: 1, Born: 1, Rev: 1, By: "ann", Body: `{}`}
	return t
}

// judged is one law broken by hand: what holds and what does not.
type judged struct {
	by         string // function of the checker
	what       string
	good, evil func(t *testing.T) []Violation
}

func says(v ...Violation) func(*testing.T) []Violation {
	return func(*testing.T) []Violation { return v }
}

func ofCopy(check func(*Copy) ([]Violation, error), spoil ...string) func(*testing.T) []Violation {
	return func(t *testing.T) []Violation {
		v, err := check(smallCopy(t, spoil...))
		must(t, err)
		return v
	}
}

func brokenByHand() []judged {
	truth, held := smallTruth(), smallHeld()
	record := func(id string, q int64) Record {
		return Record{Account: "ann", ID: id, Op: workroom.OpSendMessage, Status: "ok", Seqs: map[workroom.Scope]int64{small: q}}
	}
	records := []Record{record("m1", 1), record("m2", 2), record("m3", 3)}
	acts := map[workroom.Scope][]int64{small: {4}}
	late := smallTruth()
	r := late.Things[small]["message/m3"]
	r.Seq = 2
	late.Things[small]["message/m3"] = r
	alive := smallTruth()
	alive.Things[small]["message/m2"] = message(2, "ann")
	digest := smallTruth()
	digest.Heads[small] = Head{Seq: 4, Msgs: 3, Digest: digest.Heads[small].Digest + 1}
	acked := []Acked{{ID: "m1", Op: workroom.OpSendMessage, Epoch: "e1", Lane: string(small), Args: `{"room":"one","text":"words"}`}}
	never := []Acked{{ID: "mx", Op: workroom.OpSendMessage, Epoch: "e1", Lane: string(small), Args: `{"room":"one","text":"words"}`}}
	kept := map[string]Kept{"m1": {workroom.OpSendMessage, "words"}}
	pull := wire.Pull{Scope: small, Epoch: "e1", Gen: 1, After: 2, Tag: "t2"}
	whole := &wire.Page{Seq: 4, Things: wires(truth.Things[small]["message/m2"], truth.Things[small]["message/m3"])}
	row := outbox.Row{ID: "c1", Account: "ann", Op: workroom.OpSendMessage, Args: []byte(`{"room":"one"}`), Attempts: 1}
	cmd := wire.Command{ID: "c1", Op: workroom.OpSendMessage, Args: []byte(`{"room":"one"}`)}
	past := pull
	past.After, past.Tag = 9, "t9"
	other := pull
	other.Tag = "of another history"
	old, fresh := pull, pull
	old.Epoch, fresh.Gen = "e0", 2
	taken := `UPDATE scope SET state='` + string(replica.Taken) + `' WHERE sc=77`
	clean := []string{taken, `DELETE FROM base WHERE sc=77`, `DELETE FROM span WHERE sc=77`, `DELETE FROM effect WHERE sc=77`, `DELETE FROM outbox`}
	purge := func(c *Copy) ([]Violation, error) { return CheckI11Purge(c, small) }
	step := func(c *Copy) ([]Violation, error) { return CheckI9Convergence(c, copyTruth()) }

	return []judged{
		{"CheckI1CommitOrder", "a row below a head seen before", says(CheckI1CommitOrder(truth, smallTruth())...), says(CheckI1CommitOrder(smallTruth(), late)...)},
		{"CheckI2Gapless", "a number that nobody got", says(CheckI2Gapless(truth, records, acts)...), says(CheckI2Gapless(truth, records[:2], acts)...)},
		{"CheckI2Gapless", "a number given twice", says(CheckI2Gapless(truth, records, acts)...), says(CheckI2Gapless(truth, append(records, record("mx", 3)), acts)...)},
		{"CheckI2Gapless", "a number above the head", says(CheckI2Gapless(truth, records, acts)...), says(CheckI2Gapless(truth, append(records, record("mx", 5)), acts)...)},
		{"CheckI2Whole", "a page without a row", says(CheckI2Whole(truth, "ann", pull, whole)...), says(CheckI2Whole(truth, "ann", pull, &wire.Page{Seq: 4, Things: whole.Things[:1]})...)},
		{"CheckI3CursorHonesty", "an older row below the cursor", says(CheckI3CursorHonesty(held, truth)...),
			says(CheckI3CursorHonesty(changed("message/m2", func(r *Row) { r.Seq, r.Gone = 2, false }), truth)...)},
		{"CheckI3CursorHonesty", "a row that the service has not", says(CheckI3CursorHonesty(held, truth)...),
			says(CheckI3CursorHonesty(changed("message/m9", func(r *Row) { *r = message(4, "ann"); r.ID = "m9" }), truth)...)},
		{"CheckI3CursorHonesty", "other words", says(CheckI3CursorHonesty(held, truth)...), says(CheckI3CursorHonesty(changed("message/m3", func(r *Row) { r.Body = `{}` }), truth)...)},
		{"CheckI4SameAnswer", "ok, then refused", says(CheckI4SameAnswer("c1", "SendMessage", wire.Result{Status: wire.OK}, wire.Result{Status: wire.OK})...),
			says(CheckI4SameAnswer("c1", "SendMessage", wire.Result{Status: wire.OK}, wire.Result{Status: wire.Rejected, Code: workroom.Gone})...)},
		{"CheckI4OneEffect", "refused and there", says(CheckI4OneEffect(truth, "ann", "mx", "SendMessage", wire.Result{Status: wire.Rejected})...),
			says(CheckI4OneEffect(truth, "ann", "m1", "SendMessage", wire.Result{Status: wire.Rejected})...)},
		{"CheckI4Verbatim", "other bytes on resend", says(CheckI4Verbatim(cmd, row)...), says(CheckI4Verbatim(wire.Command{ID: "c1", Op: cmd.Op, Args: []byte(`{"room":"two"}`)}, row)...)},
		{"CheckI5NoLoss", "nowhere", says(CheckI5NoLoss(kept, nil, acked, func(string) bool { return false })...), says(CheckI5NoLoss(kept, nil, nil, func(string) bool { return false })...)},
		{"CheckI5NoLoss", "without its text", says(CheckI5NoLoss(kept, nil, acked, func(string) bool { return false })...),
			says(CheckI5NoLoss(kept, []outbox.Row{{ID: "m1", Args: []byte(`{"room":"one","text":""}`)}}, nil, func(string) bool { return false })...)},
		{"CheckI6AckTruth", "acked without a record", says(CheckI6AckTruth(acked, nil, records, truth, "ann")...), says(CheckI6AckTruth(never, nil, records, truth, "ann")...)},
		{"CheckI7LaneOrder", "the second before the first", says(CheckI7LaneOrder([]Event{accepted("a", 1), accepted("b", 2)})...), says(CheckI7LaneOrder([]Event{accepted("b", 2), accepted("a", 1)})...)},
		{"CheckI7LaneOrder", "a child before its parent", says(CheckI7LaneOrder([]Event{accepted("a", 1)})...),
			says(CheckI7LaneOrder([]Event{{Kind: "accepted", Op: "SetMarker", ID: "a", Status: "orphan", Text: "p"}})...)},
		{"CheckI8ViewPurity", "an effect that no rule says", ofCopy(CheckI8ViewPurity), ofCopy(CheckI8ViewPurity, `UPDATE effect SET body='{"author":"ann","text":"other","at":1}'`)},
		{"CheckI8ViewPurity", "an effect that is missing", ofCopy(CheckI8ViewPurity), ofCopy(CheckI8ViewPurity, `DELETE FROM effect`)},
		{"CheckI8ViewPurity", "an effect left by an ack", ofCopy(CheckI8ViewPurity), ofCopy(CheckI8ViewPurity, `DELETE FROM outbox`)},
		{"CheckI9Convergence", "behind at the end", ofCopy(step), ofCopy(step, `UPDATE scope SET seq=3 WHERE sc=77`)},
		{"CheckI9Convergence", "not held at the end", ofCopy(step), ofCopy(step, `UPDATE scope SET state='' WHERE sc=77`)},
		{"CheckI10NoLeak", "from before the right", says(CheckI10NoLeak(truth, "ben", wires(message(3, "ann")))...), says(CheckI10NoLeak(truth, "ben", wires(message(1, "ann")))...)},
		{"CheckI10NoLeak", "after the right", says(CheckI10NoLeak(truth, "ann", wires(message(1, "ann")))...), says(CheckI10NoLeak(truth, "eve", wires(message(3, "ann")))...)},
		{"CheckI10Heads", "told of a room", says(CheckI10Heads(truth, "ben", []wire.Head{{Scope: small}})...), says(CheckI10Heads(truth, "eve", []wire.Head{{Scope: small}})...)},
		{"CheckI10Frame", "told of a number", says(CheckI10Frame(truth, "ben", small, 4, nil)...), says(CheckI10Frame(truth, "eve", small, 4, nil)...)},
		{"CheckI10Frame", "told of rows from before", says(CheckI10Frame(truth, "ben", small, 4, wires(message(3, "ann")))...), says(CheckI10Frame(truth, "ben", small, 4, wires(message(1, "ann")))...)},
		{"CheckI11Purge", "a row that is left", ofCopy(purge, clean...), ofCopy(purge, taken, `DELETE FROM span WHERE sc=77`)},
		{"CheckI11Purge", "a file that is left", ofCopy(purge, clean...), ofCopy(purge, append(clean, `INSERT INTO file(id,scope,sha,size) VALUES('f1','r:one','x',1)`)...)},
		{"CheckI12NoResurrection", "alive at the service", says(CheckI12NoResurrection(held, truth)...), says(CheckI12NoResurrection(held, alive)...)},
		{"CheckI12NoResurrection", "alive in a copy", says(CheckI12NoResurrection(held, truth)...), says(CheckI12NoResurrection(changed("message/m2", func(r *Row) { r.Gone = false }), truth)...)},
		{"CheckI13SpanTruth", "a hole in a span", says(CheckI13SpanTruth(held, truth, "ann")...), says(CheckI13SpanTruth(without("message/m3"), truth, "ann")...)},
		{"CheckI14Monotonic", "a cursor goes back", says(CheckI14Monotonic([]Event{{Kind: "cursor", Dev: "d", Scope: "r:one", Gen: 1, Seq: 3}, {Kind: "cursor", Dev: "d", Scope: "r:one", Gen: 1, Seq: 4}})...),
			says(CheckI14Monotonic([]Event{{Kind: "cursor", Dev: "d", Scope: "r:one", Gen: 1, Seq: 4}, {Kind: "cursor", Dev: "d", Scope: "r:one", Gen: 1, Seq: 3}})...)},
		{"CheckI14Monotonic", "a marker goes back", says(CheckI14Monotonic([]Event{{Kind: "marker", Scope: "a:ann", ID: "one", Seq: 4}})...),
			says(CheckI14Monotonic([]Event{{Kind: "marker", Scope: "a:ann", ID: "one", Seq: 4}, {Kind: "marker", Scope: "a:ann", ID: "one", Seq: 3}})...)},
		{"CheckI15ForkFound", "a tag of another history", says(CheckI15ForkFound(truth, "ann", pull, whole)...), says(CheckI15ForkFound(truth, "ann", other, whole)...)},
		{"CheckI15ForkFound", "beyond the head", says(CheckI15ForkFound(truth, "ann", pull, whole)...), says(CheckI15ForkFound(truth, "ann", past, whole)...)},
		{"CheckI15ForkFound", "another epoch", says(CheckI15ForkFound(truth, "ann", pull, whole)...), says(CheckI15ForkFound(truth, "ann", old, whole)...)},
		{"CheckI15ForkFound", "another generation", says(CheckI15ForkFound(truth, "ann", pull, whole)...), says(CheckI15ForkFound(truth, "ann", fresh, whole)...)},
		{"CheckI16Heal", "an acked message is missing", says(CheckI16Heal(truth, "ann", acked)...), says(CheckI16Heal(truth, "ann", never)...)},
		{"CheckI17Compaction", "a row that the pull left out", says(CheckI17Compaction(small, 2, held.Rows, truth.Things[small])...),
			says(CheckI17Compaction(small, 2, without("message/m3").Rows, truth.Things[small])...)},
		{"CheckI17Compaction", "a purged tombstone that was not told", says(CheckI17Compaction(small, 2, held.Rows, without("message/m2").Rows)...),
			says(CheckI17Compaction(small, 2, alive.Things[small], without("message/m2").Rows)...)},
		{"CheckI18Digest", "another sum", says(CheckI18Digest(truth)...), says(CheckI18Digest(digest)...)},
		{"CheckI19FramesChangeNothing", "behind without frames", says(CheckI19FramesChangeNothing(smallView(), smallView())...),
			says(CheckI19FramesChangeNothing(smallView(), viewWith(func(v *View) { v.Scopes[small].Seq = 3 }))...)},
		{"CheckI19FramesChangeNothing", "a row only frames bring", says(CheckI19FramesChangeNothing(smallView(), smallView())...),
			says(CheckI19FramesChangeNothing(smallView(), viewWith(func(v *View) { delete(v.Scopes[small].Rows, "message/m3") }))...)},
		{"CheckI19FramesChangeNothing", "a room only held without", says(CheckI19FramesChangeNothing(smallView(), smallView())...),
			says(CheckI19FramesChangeNothing(viewWith(func(v *View) { clear(v.Scopes) }), smallView())...)},
		{"CheckI20Unread", "one too many", says(CheckI20Unread(truth, without(), "ben", "one", 1)...), says(CheckI20Unread(truth, without(), "ben", "one", 2)...)},
		{"CheckI21Schema", "a command that is missing", says(CheckI21Schema(smallView(), smallView())...), says(CheckI21Schema(smallView(), viewWith(func(v *View) { v.Waiting = v.Waiting[:1] }))...)},
		{"CheckI21Schema", "another order", says(CheckI21Schema(smallView(), smallView())...), says(CheckI21Schema(smallView(), viewWith(func(v *View) { slices.Reverse(v.Waiting) }))...)},
		{"CheckI21Schema", "other bytes of what was attempted", says(CheckI21Schema(smallView(), smallView())...),
			says(CheckI21Schema(smallView(), viewWith(func(v *View) { v.Waiting[0].Args = []byte(`{"text":"a","room":"one"}`) }))...)},
		{"CheckI21Schema", "a field that was dropped", says(CheckI21Schema(smallView(), smallView())...),
			says(CheckI21Schema(viewWith(func(v *View) { v.Scopes[small] = changed("message/m3", func(r *Row) { r.Body = `{"new":1}` }) }), smallView())...)},
		{"CheckI21Schema", "nothing shown", says(CheckI21Schema(smallView(), smallView())...), says(CheckI21Schema(smallView(), viewWith(func(v *View) { v.Effects = nil }))...)},
		{"CheckI22Isolation", "another's token", says(CheckI22Isolation("ann", row)...), says(CheckI22Isolation("ben", row)...)},
		{"CheckI22Refresh", "a new token drops", says(CheckI22Refresh([]outbox.Row{row}, []outbox.Row{row})...), says(CheckI22Refresh([]outbox.Row{row}, nil)...)},
		{"CheckL1Moves", "a lane that stands", says(CheckL1Moves([]outbox.Row{row}, false, "d")...), says(CheckL1Moves([]outbox.Row{row}, true, "d")...)},
		{"CheckL2Repaired", "a minute late", says(CheckL2Repaired(30, 35, "r:one")...), says(CheckL2Repaired(95, 35, "r:one")...)},
		{"CheckL3Memory", "an idle one", says(CheckL3Memory(40, 256)...), says(CheckL3Memory(41, 256)...)},
		{"CheckL3Memory", "a stalled one", says(CheckL3Memory(40, 256)...), says(CheckL3Memory(40, 257)...)},
		{"CheckL4BackInStep", "late", says(CheckL4BackInStep(500, 7)...), says(CheckL4BackInStep(500, 7.1)...)},
	}
}

// Every function of the checker is quiet about a history in which its law holds, and tells one by hand in which it does not, by the law's
// own name. "0 violations" says something only of a checker that can find some.
func TestCheckerFindsWhatIsBroken(t *testing.T) {
	for _, x := range brokenByHand() {
		t.Run(x.by+" "+x.what, func(t *testing.T) {
			if v := x.good(t); len(v) > 0 {
				t.Errorf("what holds is found broken: %s", words(v))
			}
			law := strings.TrimPrefix(x.by, "Check")
			v := x.evil(t)
			if !slices.ContainsFunc(v, func(v Violation) bool { return strings.HasPrefix(law, v.Invariant) }) {
				t.Errorf("it is not found: %v", v)
			}
		})
	}
}

// Each I and L is a named function of the checker, each of these is used by a run that has real histories, and each is shown able to fail.
func TestEachLawHasItsCheck(t *testing.T) {
	files, err := filepath.Glob("*.go")
	must(t, err)
	functions, used := map[string]bool{}, map[string]string{}
	set := token.NewFileSet()
	for _, name := range files {
		text, err := os.ReadFile(name)
		must(t, err)
		f, err := parser.ParseFile(set, name, text, 0)
		must(t, err)
		ast.Inspect(f, func(n ast.Node) bool {
			switch x := n.(type) {
			case *ast.FuncDecl:
				if x.Recv == nil && strings.HasPrefix(x.Name.Name, "Check") && strings.HasPrefix(name, "check") {
					functions[x.Name.Name] = true
				}
			case *ast.CallExpr:
				if id, ok := x.Fun.(*ast.Ident); ok && strings.HasPrefix(id.Name, "Check") && name != "check_test.go" {
					used[id.Name] = name
				}
			}
			return true
		})
	}
	able := map[string]bool{}
	for _, x := range brokenByHand() {
		able[x.by] = true
		if !functions[x.by] {
			t.Errorf("%s is no function of the checker", x.by)
		}
	}
	of := func(law string) (out []string) {
		for _, f := range slices.Sorted(maps.Keys(functions)) {
			if rest, ok := strings.CutPrefix(f, "Check"+law); ok && strings.Trim(rest[:1], "0123456789") != "" {
				out = append(out, f)
			}
		}
		return out
	}
	n := 0
	for _, law := range laws {
		list := of(law)
		n += len(list)
		if len(list) == 0 {
			t.Errorf("%s has no function of the checker", law)
		}
		for _, f := range list {
			if used[f] == "" {
				t.Errorf("%s is used by no run", f)
			}
			if !able[f] {
				t.Errorf("%s is not shown able to fail", f)
			}
		}
	}
	if n != len(functions) {
		t.Errorf("%d functions of the checker, %d of them named after a law", len(functions), n)
	}
}
