package replica

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"trestle/internal/outbox"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

const (
	me   = workroom.AccountID("me")
	room = workroom.RoomID("room")
)

var (
	ctx       = context.Background()
	roomScope = workroom.RoomScope(room)
	mine      = workroom.AccountScope(me)
)

func options() Options { return Options{Service: "svc", Account: me, Device: "dev"} }

// folder is a folder of a test's own. It is taken down file by file, by which a handle that was left open is found on Windows; Wine does not know
// what t.TempDir does it by.
func folder(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "replica-*")
	must(t, err)
	t.Cleanup(func() { takeDown(t, dir) })
	return dir
}

func takeDown(t testing.TB, dir string) {
	t.Helper()
	var all []string
	must(t, filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		all = append(all, path)
		return err
	}))
	for _, path := range slices.Backward(all) {
		if err := os.Remove(path); err != nil {
			t.Errorf("something is still open: %v", err)
		}
	}
}

func open(t testing.TB, path string, o Options) *Replica {
	t.Helper()
	r, err := Open(path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

func fresh(t testing.TB) *Replica {
	return open(t, filepath.Join(folder(t), "copy with space #1.db"), options())
}

func body(t testing.TB, x workroom.Thing) json.RawMessage {
	t.Helper()
	b, err := workroom.Encode(x)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func thing(t testing.TB, s workroom.Scope, id string, seq int64, x workroom.Thing) wire.Thing {
	w := wire.Thing{Scope: s, Kind: x.ThingKind(), ID: id, Seq: seq, Born: seq, Rev: 1, By: me, At: seq, Body: body(t, x)}
	if m, ok := x.(*workroom.Message); ok {
		w.By, w.Num = m.Author, seq-2
	}
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// joined is a copy that holds its account and one room with two members; the room stands at seq 2.
func joined(t testing.TB) *Replica {
	r := fresh(t)
	openRoom(t, r)
	return r
}

func openRoom(t testing.TB, r *Replica) {
	t.Helper()
	must(t, r.Apply(ctx, Epoch{"e1"}))
	must(t, r.Apply(ctx, Opened{"e1", []wire.Opened{
		{Scope: mine, Gen: 1, Seq: 1, Hot: []wire.Thing{thing(t, mine, "me", 1, &workroom.Account{Name: "Me"})}},
		{Scope: roomScope, Gen: 1, Seq: 2, Hot: []wire.Thing{
			thing(t, roomScope, "room", 1, &workroom.Room{Name: "Room"}),
			thing(t, roomScope, "me", 1, &workroom.Member{Name: "Me"}),
			thing(t, roomScope, "you", 2, &workroom.Member{Name: "You"}),
		}},
	}}))
}

func say(t testing.TB, r *Replica, text string) string {
	t.Helper()
	id, err := r.Enqueue(ctx, workroom.SendMessage{Room: room, Text: text}, EnqueueOpts{})
	must(t, err)
	return id
}

func message(t testing.TB, id string, seq int64, by workroom.AccountID, text string) wire.Thing {
	return thing(t, roomScope, id, seq, &workroom.Message{Author: by, Text: text, At: seq})
}

func page(t testing.TB, r *Replica, s workroom.Scope, things ...wire.Thing) {
	t.Helper()
	c, err := r.Cursor(ctx, s)
	must(t, err)
	p := Page{Scope: s, Epoch: "e1", Gen: c.Gen, After: c.Seq}
	p.Seq = c.Seq
	for _, x := range things {
		p.Things = append(p.Things, x)
		p.Seq, p.Msgs = max(p.Seq, x.Seq), max(p.Msgs, x.Num)
	}
	must(t, r.Apply(ctx, p))
}

func answer(t testing.TB, r *Replica, results ...wire.Result) {
	t.Helper()
	answerIn(t, r, "e1", results...)
}

func answerIn(t testing.TB, r *Replica, epoch string, results ...wire.Result) {
	t.Helper()
	must(t, r.Apply(ctx, Results{Epoch: epoch, Results: results, Until: time.Now().Add(time.Hour)}))
}

// texts is the room as the screen shows it; a waiting message carries its state.
func texts(t testing.TB, r *Replica) string {
	t.Helper()
	w, err := r.Window(ctx, roomScope, workroom.KindMessage, 0, 0)
	must(t, err)
	var out []string
	for _, x := range w.Rows {
		s := x.Thing.(*workroom.Message).Text
		if x.N != 0 {
			s += ":" + string(x.State)
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

func expect(t testing.TB, r *Replica, want string) {
	t.Helper()
	if got := texts(t, r); got != want {
		t.Errorf("room shows %q, want %q", got, want)
	}
	checkI8(t, r)
}

// checkI8 is I8: effects equal the rules run again from scratch, by order of n.
func checkI8(t testing.TB, r *Replica) {
	t.Helper()
	dump := func() string {
		var b strings.Builder
		must(t, r.read(ctx, func(l *link) error {
			rows, err := l.Query(`SELECT sc,kind,id,n,born,gone,COALESCE(body,'') FROM effect ORDER BY sc,kind,id,n`)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				var sc, n, born, gone int64
				var kind, id, body string
				if err := rows.Scan(&sc, &kind, &id, &n, &born, &gone, &body); err != nil {
					return err
				}
				fmt.Fprintln(&b, sc, kind, id, n, born, gone, body)
			}
			return rows.Err()
		}))
		return b.String()
	}
	before := dump()
	rows, err := r.Rows(ctx)
	must(t, err)
	must(t, r.write(ctx, false, func(t *tx) error {
		for _, row := range rows {
			if _, err := t.clear(row.N); err != nil {
				return err
			}
		}
		byN := map[int64]outbox.Row{}
		var ns []int64
		for _, row := range rows {
			byN[row.N] = row
			ns = append(ns, row.N)
		}
		for len(ns) > 0 {
			k := 0
			for i := range ns {
				if ns[i] < ns[k] {
					k = i
				}
			}
			if _, err := t.rerun(ns[k]); err != nil {
				return err
			}
			ns = append(ns[:k], ns[k+1:]...)
		}
		return nil
	}))
	if after := dump(); after != before {
		t.Errorf("I8: effects are not what the rules say\nstored:\n%srun again:\n%s", before, after)
	}
}

func TestChanged_TellsScopes(t *testing.T) {
	var told []string
	o := options()
	o.Changed = func(s []workroom.Scope) { told = append(told, fmt.Sprint(s)) }
	r := open(t, filepath.Join(folder(t), "c.db"), o)
	openRoom(t, r)
	told = nil
	say(t, r, "x")
	if fmt.Sprint(told) != "[[outbox r:room]]" {
		t.Errorf("told %v", told)
	}
}

func TestPlans_MergeWithoutSorting(t *testing.T) {
	r := joined(t)
	must(t, r.read(ctx, func(l *link) error {
		for _, q := range []string{windowQuery, onwardsQuery, allQuery, oneQuery} {
			args := []any{1, "message", 0, 9, 200}
			switch q {
			case allQuery:
				args = args[:2]
			case oneQuery:
				args = []any{1, "message", "x"}
			}
			rows, err := l.Query(`EXPLAIN QUERY PLAN `+q, args...)
			if err != nil {
				return err
			}
			var plan strings.Builder
			for rows.Next() {
				var a, b, c int
				var line string
				if err := rows.Scan(&a, &b, &c, &line); err != nil {
					return err
				}
				plan.WriteString(line + "\n")
			}
			rows.Close()
			if strings.Contains(plan.String(), "TEMP B-TREE") || strings.Contains(plan.String(), "SCAN base") || strings.Contains(plan.String(), "SCAN b\n") {
				t.Errorf("%s\n%s", q, plan.String())
			}
			if (q == windowQuery || q == onwardsQuery) && !strings.Contains(plan.String(), "MERGE") {
				t.Errorf("no MERGE in %s\n%s", q, plan.String())
			}
		}
		return nil
	}))
}

func TestOpen_NewerAndForeignUntouched(t *testing.T) {
	path := filepath.Join(folder(t), "c.db")
	r := open(t, path, options())
	o := options()
	o.Account = "other"
	if _, err := Open(path, o); !errors.Is(err, ErrForeign) {
		t.Errorf("I22: another account's file: %v", err)
	}
	_, err := r.full.Exec(`INSERT INTO goose_db_version(version_id,is_applied) VALUES(99,1)`)
	must(t, err)
	must(t, r.Close())
	var f *Fault
	if _, err := Open(path, options()); !errors.Is(err, ErrNewer) || !errors.As(err, &f) || f.Text == "" {
		t.Errorf("a newer file: %v", err)
	}
}
