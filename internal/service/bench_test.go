package service

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"trestle/internal/service/pgtest"
	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// bench is a service with one room of one person, on one engine, and the same tables bare.
type bench struct {
	service *Service
	anna    *person
	bare    *sql.DB

	mu    sync.Mutex
	began time.Time
	wrote time.Duration // in the transactions of commands, from BEGIN to what follows the commit
}

// point is told of each place that a transaction passes; it never fails.
func (x *bench) point(p string) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	switch p {
	case store.PointBegin:
		x.began = time.Now()
	case store.PointUntold:
		x.wrote += time.Since(x.began)
	}
	return nil
}

// onEngines runs a benchmark on each engine, with every commit on the disk.
func onEngines(b *testing.B, run func(b *testing.B, x *bench)) {
	b.Run("sqlite", func(b *testing.B) {
		data := b.TempDir()
		if s, err := New(Config{Data: data}); err != nil || s.Close() != nil { // makes the tables
			b.Fatal(err)
		}
		x := &bench{bare: plain(b, "sqlite3", "file:"+filepath.Join(data, "service.db")+"?_journal_mode=WAL&_synchronous=FULL&_txlock=immediate&_secure_delete=on")}
		x.open(b, Config{})
		run(b, x)
	})
	b.Run("postgres", func(b *testing.B) {
		b.Setenv("POSTGRES_SYNC", "on")
		address := pgtest.New(b)
		if s, err := New(Config{Data: b.TempDir(), DB: address}); err != nil || s.Close() != nil {
			b.Fatal(err)
		}
		x := &bench{bare: plain(b, "pgx", address+"&default_query_exec_mode=simple_protocol")}
		x.open(b, Config{DB: pgtest.New(b)})
		run(b, x)
	})
}

func plain(b *testing.B, driver, address string) *sql.DB {
	b.Helper()
	db, err := sql.Open(driver, address)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("INSERT INTO head (scope, root, space, seq, tag, floor, msgs, digest) VALUES ('r:r1', 'r:r1', 'k-k1', 0, '', 0, 0, 0)"); err != nil {
		b.Fatal(err)
	}
	return db
}

func (x *bench) open(b *testing.B, cfg Config) {
	cfg.Fail = x.point
	s, _ := start(b, cfg)
	x.service = s
	x.anna = join(b, &wire.Client{Base: wire.LocalBase, HTTP: localClient(s)}, "anna")
	o := offer(x.anna, "k1", "r1", secret)
	o.Self, o.Invitation = true, ""
	x.anna.does("k1", o)
}

const usual = "a message of a usual length, as people write them"

// send stores messages through the service, so many at once.
func (x *bench) send(b *testing.B, from, n int) {
	cmds := make([]wire.Command, n)
	for j := range cmds {
		cmds[j] = x.anna.command(fmt.Sprintf("%024d", from+j), say("r1", usual))
	}
	for _, r := range x.anna.send(cmds...) {
		if r.Status != wire.OK {
			b.Fatalf("%+v", r)
		}
	}
}

// write stores the rows that as many messages are, in one transaction with a statement a table and nothing else.
func (x *bench) write(b *testing.B, from, n int) {
	var things, tags, records []string
	for j := from; j < from+n; j++ {
		things = append(things, fmt.Sprintf(`('r:r1', 'message', '%024d', %d, %d, 1, %d, FALSE, '%s', %d, '{"author":"%s","text":"%s","at":%d}')`,
			j, j+1, j+1, j+1, x.anna.id, time.Now().UnixMicro(), x.anna.id, usual, time.Now().UnixMicro()))
		tags = append(tags, fmt.Sprintf("('r:r1', %d, '0123456789ab', %d)", j+1, time.Now().UnixMicro()))
		records = append(records, fmt.Sprintf(`('%s', '%024d', 'd', %d, 'SendMessage', '%064d', 'ok', '', '', '', '{"r:r1":%d}', %d)`,
			x.anna.id, j, j, j, j+1, time.Now().UnixMicro()))
	}
	tx, err := x.bare.Begin()
	if err != nil {
		b.Fatal(err)
	}
	for _, q := range []string{
		fmt.Sprintf("UPDATE head SET seq = %d, tag = '0123456789ab', msgs = %d, digest = %d WHERE scope = 'r:r1'", from+n, from+n, from),
		"INSERT INTO thing (scope, kind, id, seq, born, rev, mn, gone, actor, at, body) VALUES " + strings.Join(things, ", "),
		"INSERT INTO tagged (scope, seq, tag, at) VALUES " + strings.Join(tags, ", "),
		"INSERT INTO command (account, id, device, n, op, hash, status, code, detail, field, seqs, at) VALUES " + strings.Join(records, ", "),
	} {
		if _, err := tx.Exec(q); err != nil {
			b.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkCommand sends messages one by one and 32 at a time, in turn with bare transactions of the same rows on the same engine, as durable.
// The metric command/bare is the time of the server's own transaction, in which it locks, reads, decides and writes, as a multiple of the bare
// one's; the goal is 1.5. The metric request/bare is the whole question as its sender sees it: both halves of HTTP and JSON, who asks, the queue.
func BenchmarkCommand(b *testing.B) {
	onEngines(b, func(b *testing.B, x *bench) {
		at := 0
		for _, together := range []int{1, 32} {
			b.Run(fmt.Sprintf("%d together", together), func(b *testing.B) {
				var mine, bare time.Duration
				n := 0
				x.wrote = 0
				for b.Loop() {
					begin := time.Now()
					x.send(b, at, together)
					middle := time.Now()
					x.write(b, at, together)
					mine, bare = mine+middle.Sub(begin), bare+time.Since(middle)
					at, n = at+together, n+together
				}
				b.ReportMetric(float64(x.wrote)/float64(bare), "command/bare")
				b.ReportMetric(float64(mine)/float64(bare), "request/bare")
				b.ReportMetric(float64(n)/mine.Seconds(), "commands/s")
			})
		}
	})
}

// BenchmarkGroups compares 32 messages together with 32 one after the other, in the same run. The goal is 4.
func BenchmarkGroups(b *testing.B) {
	onEngines(b, func(b *testing.B, x *bench) {
		const n = 32
		var single, group time.Duration
		at := 0
		for b.Loop() {
			begin := time.Now()
			for range n {
				x.send(b, at, 1)
				at++
			}
			middle := time.Now()
			x.send(b, at, n)
			at += n
			single, group = single+middle.Sub(begin), group+time.Since(middle)
		}
		b.ReportMetric(float64(single)/float64(group), "times-single")
	})
}

// BenchmarkWriters has sixteen devices send one message at a time, all into one room or each into a room of its own, so that writers gather
// what queues during their commits.
func BenchmarkWriters(b *testing.B) {
	onEngines(b, func(b *testing.B, x *bench) {
		const devices = 16
		for d := range devices {
			o := offer(x.anna, fmt.Sprint("own", d), fmt.Sprint("own", d), secret)
			o.Self, o.Invitation = true, ""
			x.anna.does(fmt.Sprint("own", d), o)
		}
		for _, rooms := range []int{1, devices} {
			b.Run(fmt.Sprintf("%d rooms", rooms), func(b *testing.B) {
				var all sync.WaitGroup
				for d := range devices {
					who := *x.anna
					room := workroom.RoomID(fmt.Sprint("own", d%rooms))
					all.Go(func() {
						for i := 0; i < b.N/devices+1; i++ {
							if r := who.send(who.command(newID(), say(room, usual)))[0]; r.Status != wire.OK {
								b.Errorf("%+v", r)
							}
						}
					})
				}
				all.Wait()
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commands/s")
			})
		}
	})
}

// Ratios of one run, which hold on any machine: a group of 32 is at least three times as fast as its commands one by one (sync.md, "Proof
// expected"). Only with TRESTLE_PROOF, since other work on the machine would be measured too.
func TestT13_GroupsAreFaster(t *testing.T) {
	if os.Getenv("TRESTLE_PROOF") == "" {
		t.Skip("a ratio of times: only with TRESTLE_PROOF")
	}
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			cfg := Config{}
			if engine == "postgres" {
				cfg.DB = pgtest.New(t)
			}
			s, _ := start(t, cfg)
			anna := join(t, &wire.Client{Base: wire.LocalBase, HTTP: localClient(s)}, "anna")
			o := offer(anna, "k1", "r1", secret)
			o.Self, o.Invitation = true, ""
			anna.does("k1", o)
			var single, group time.Duration
			for range 40 {
				begin := time.Now()
				for range 32 {
					anna.does(newID(), say("r1", usual))
				}
				middle := time.Now()
				var cmds []wire.Command
				for range 32 {
					cmds = append(cmds, anna.command(newID(), say("r1", usual)))
				}
				anna.send(cmds...)
				single, group = single+middle.Sub(begin), group+time.Since(middle)
			}
			ratio := float64(single) / float64(group)
			t.Logf("T13: %s: a group of 32 is %.1f times as fast as single commands", engine, ratio)
			if ratio < 3 {
				t.Errorf("%s: only %.1f times", engine, ratio)
			}
		})
	}
}
