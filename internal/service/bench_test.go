package service

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"trestle/internal/wire"
)

// BenchmarkCommand sends messages one by one, and 32 at a time, inside the program, beside a bare FULL commit of as many rows of the same
// size in the same run. The metric is how many commands pass in the time of one such row (1 = as fast as the bare rows).
func BenchmarkCommand(b *testing.B) {
	for _, together := range []int{1, 32} {
		b.Run(fmt.Sprintf("%d together", together), func(b *testing.B) {
			s, _ := start(b, Config{})
			c := &wire.Client{Base: wire.LocalBase, HTTP: localClient(s)}
			anna := join(b, c, "anna")
			o := offer(anna, "k1", "r1", secret)
			o.Self, o.Invitation = true, ""
			anna.does("k1", o)
			bare := bareCommit(b, together)
			b.ResetTimer()
			for i := 0; i < b.N; i += together {
				cmds := make([]wire.Command, together)
				for j := range cmds {
					cmds[j] = anna.command(fmt.Sprintf("m%d-%d", i, j), say("r1", "a message of a usual length, as people write them"))
				}
				for _, r := range anna.send(cmds...) {
					if r.Status != wire.OK {
						b.Fatalf("%+v", r)
					}
				}
			}
			b.StopTimer()
			each := b.Elapsed() / time.Duration(b.N)
			b.ReportMetric(float64(bare)/float64(each), "of-bare-rows")
			b.ReportMetric(float64(time.Second)/float64(each), "commands/s")
		})
	}
}

// BenchmarkWriters has eight devices send one message at a time, so that the writer gathers what queues during its commits.
func BenchmarkWriters(b *testing.B) {
	s, _ := start(b, Config{})
	c := &wire.Client{Base: wire.LocalBase, HTTP: localClient(s)}
	anna := join(b, c, "anna")
	o := offer(anna, "k1", "r1", secret)
	o.Self, o.Invitation = true, ""
	anna.does("k1", o)
	var all sync.WaitGroup
	b.ResetTimer()
	for d := range 8 {
		who := *anna
		all.Go(func() {
			for i := 0; i < b.N/8+1; i++ {
				who.send(who.command(fmt.Sprintf("m%d-%d", d, i), say("r1", "a message of a usual length, as people write them")))
			}
		})
	}
	all.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commands/s")
}

// bareCommit is the time of one row, in transactions of so many, with the same settings and nothing around.
func bareCommit(b *testing.B, together int) time.Duration {
	b.Helper()
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(b.TempDir(), "bare.db")+"?_journal_mode=WAL&_synchronous=FULL&_txlock=immediate&_secure_delete=on")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("CREATE TABLE t (a TEXT PRIMARY KEY, b TEXT); CREATE TABLE u (a TEXT PRIMARY KEY, b TEXT); CREATE TABLE h (a TEXT PRIMARY KEY, b BIGINT); INSERT INTO h VALUES ('r', 0)"); err != nil {
		b.Fatal(err)
	}
	const rounds = 200
	begin := time.Now()
	for i := range rounds {
		tx, err := db.Begin()
		if err != nil {
			b.Fatal(err)
		}
		for j := range together {
			k := fmt.Sprintf("key-%d-%d", i, j)
			for _, q := range []string{"INSERT INTO t VALUES (?, ?)", "INSERT INTO u VALUES (?, ?)"} {
				if _, err := tx.Exec(q, k, "a row of about the length that a message and its record have in the tables of the service"); err != nil {
					b.Fatal(err)
				}
			}
		}
		if _, err := tx.Exec("UPDATE h SET b = b + 1"); err != nil {
			b.Fatal(err)
		}
		if err := tx.Commit(); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(begin) / time.Duration(rounds*together)
}
