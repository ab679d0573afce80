package replica

import (
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// loadOld puts the copy as a program of the first slice left it (commit c198b3f) at path: testdata/first-slice.db.gz, with commands of
// every kind waiting, one attempted, one refused, history in part, a tombstone, a draft. What that program showed of it is first-slice.txt, but
// for states: a row behind one that waits for an upload is called waiting by now.
func loadOld(t testing.TB, path string) {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "first-slice.db.gz"))
	must(t, err)
	defer f.Close()
	z, err := gzip.NewReader(f)
	must(t, err)
	b, err := io.ReadAll(z)
	must(t, err)
	must(t, os.WriteFile(path, b, 0o600))
}

// I21: a copy of the first slice opens with the same view, and lives on: its effects are what the rules of today say, what waits goes, what
// is older is asked for and found.
func TestI21_FirstSliceOpensWithTheSameView(t *testing.T) {
	path := filepath.Join(folder(t), "c.db")
	loadOld(t, path)
	o := manual()
	o.Now = func() time.Time { return time.Date(2026, 11, 20, 13, 0, 0, 0, time.UTC) }
	r := open(t, path, o)
	want, err := os.ReadFile(filepath.Join("testdata", "first-slice.txt"))
	must(t, err)
	if got := shown(t, r); got != string(want) {
		have, had := strings.Split(got, "\n"), strings.Split(string(want), "\n")
		for i := range max(len(have), len(had)) {
			if i >= len(have) || i >= len(had) || have[i] != had[i] {
				t.Errorf("line %d\nnow %s\nwas %s", i, append(have, make([]string, 99)...)[i], append(had, make([]string, 99)...)[i])
			}
		}
	}
	checkI8(t, r)
	if list := r.Backups(); len(list) != 1 || list[0].Reason != BackupBefore {
		t.Errorf("no backup from before: %+v", list)
	}
	page(t, r, roomScope, message(t, "01934000-0000-7000-8000-000000000001", 15, me, "sent and acked"), message(t, "m16", 16, "you", "sechzehn"))
	w, more, err := r.BeginHistory(ctx, roomScope)
	if err != nil || !more || w.Before != 8 {
		t.Fatalf("%+v %v %v", w, more, err)
	}
	must(t, r.Apply(ctx, History{Want: w, RangeOut: wire.RangeOut{Things: []wire.Thing{message(t, "m5", 5, "you", "fünf")}, Lo: 5, Hi: 7, AsOf: 16}}))
	for r.Tend(ctx) == 0 {
	}
	hits(t, r, "FUNF", "m5")
	hits(t, r, "vierzehn", "m14")
	hits(t, r, "cafe", "") // it was deleted
	must(t, r.Apply(ctx, Epoch{"e2"}))
	if list, _ := r.Waiting(ctx); len(list) != 11 || list[0].ID != "01934000-0000-7000-8000-000000000001" {
		t.Errorf("what it had acked is not offered again: %d", len(list))
	}
}

// shown is everything a screen would show of a copy, as text.
func shown(t testing.TB, r *Replica) string {
	t.Helper()
	var b strings.Builder
	for _, k := range []workroom.Kind{workroom.KindAccount, workroom.KindMarker, workroom.KindPref, workroom.KindRoom, workroom.KindMember, workroom.KindFile,
		workroom.KindContract, workroom.KindActivity, workroom.KindWeek, workroom.KindSlice} {
		rows, err := r.Everywhere(ctx, "", k)
		must(t, err)
		for _, x := range rows {
			fmt.Fprintln(&b, x.Scope, x.Kind, x.ID, x.Seq, x.Born, x.Rev, x.By, string(x.Body), x.N, x.Command, x.State)
		}
	}
	rooms, err := r.Rooms(ctx)
	must(t, err)
	for _, x := range rooms {
		w, err := r.Window(ctx, x.Scope, workroom.KindMessage, 0, 0)
		must(t, err)
		n, err := r.Unread(ctx, workroom.RoomID(x.ID))
		must(t, err)
		fmt.Fprintln(&b, x.ID, "unread", n, "older", w.Older)
		for _, m := range w.Rows {
			fmt.Fprintln(&b, m.ID, m.Seq, m.Born, string(m.Body), m.N, m.State)
		}
	}
	list, err := r.Outbox(ctx)
	must(t, err)
	for _, x := range list {
		fmt.Fprintln(&b, x.N, x.Pos, x.ID, x.Lane, x.Op, string(x.Args), x.After, x.About, x.Fold, x.At, x.Attempts, x.Verdict, x.Code, x.State)
	}
	drafts, err := r.Drafts(ctx)
	must(t, err)
	for _, d := range drafts {
		fmt.Fprintf(&b, "[{%s %s %v %d %d}]\n", d.Room, d.Text, d.Files, d.Cursor, d.At)
	}
	return b.String()
}
