package replica

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// BenchmarkEnqueue compares the whole of an enqueue (rule, outbox row, effects, reads, draft) with a bare commit of one row under the same
// settings on the same disk, in turns. x/bare is the ratio (D-05; the goal is at most 1.5).
func BenchmarkEnqueue(b *testing.B) {
	r := open(b, filepath.Join(b.TempDir(), "copy.db"), manual())
	openRoom(b, r)
	bare, err := dial(ctx, filepath.Join(b.TempDir(), "bare.db"), writeQuery)
	must(b, err)
	defer bare.close()
	_, err = bare.Exec(`CREATE TABLE row(n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE, args BLOB)`)
	must(b, err)
	var ours, theirs time.Duration
	args := make([]byte, 100)
	for i := 0; b.Loop(); i++ {
		at := time.Now()
		_, err := r.Enqueue(ctx, workroom.SendMessage{Room: room, Text: "a message of usual length, as people write them"}, EnqueueOpts{ClearDraft: room})
		must(b, err)
		ours += time.Since(at)
		b.StopTimer()
		at = time.Now()
		must(b, bare.within("BEGIN IMMEDIATE", func() error {
			_, err := bare.Exec(`INSERT INTO row(id,args) VALUES(?,?)`, fmt.Sprint(i), args)
			return err
		}))
		theirs += time.Since(at)
		b.StartTimer()
	}
	b.ReportMetric(float64(ours)/float64(theirs), "x/bare")
}

// BenchmarkRebase applies a page of 500 rows before 3,000 waiting commands (sync.md §7).
func BenchmarkRebase(b *testing.B) {
	r := joined(b)
	for range 3000 {
		_, err := r.Enqueue(ctx, workroom.SendMessage{Room: "elsewhere", Text: "x"}, EnqueueOpts{})
		must(b, err)
	}
	seq := int64(2)
	for b.Loop() {
		p := Page{Scope: roomScope, Epoch: "e1", Gen: 1, After: seq}
		for range 500 {
			seq++
			p.Things = append(p.Things, message(b, fmt.Sprint("m", seq), seq, "you", "hello"))
		}
		p.Page = wire.Page{Things: p.Things, Seq: seq}
		must(b, r.Apply(ctx, p))
	}
}

// BenchmarkWindow reads the newest 200 of a long room, with waiting messages in it.
func BenchmarkWindow(b *testing.B) {
	r := joined(b)
	p := Page{Scope: roomScope, Epoch: "e1", Gen: 1, After: 2}
	for seq := int64(3); seq < 20_000; seq++ {
		p.Things = append(p.Things, message(b, fmt.Sprint("m", seq), seq, "you", "hello"))
	}
	p.Page = wire.Page{Things: p.Things, Seq: 19_999}
	must(b, r.Apply(ctx, p))
	for range 20 {
		say(b, r, "waiting")
	}
	for b.Loop() {
		w, err := r.Window(ctx, roomScope, workroom.KindMessage, 0, 200)
		if err != nil || len(w.Rows) != 200 {
			b.Fatal(len(w.Rows), err)
		}
	}
}
