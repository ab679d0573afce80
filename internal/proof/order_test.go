package proof

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"trestle/internal/service"
	"trestle/internal/service/pgtest"
	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

const (
	orderWriters = 12
	orderReaders = 3
	orderRooms   = 4
)

var errOrder = errors.New("a fault of the test")

// T4, I1 I2 I4 I7: twelve devices write messages, markers, settings, codes and time into some twenty scopes while three readers follow by
// cursor, and everything that can go wrong in a database goes wrong: transactions that pause before they commit, fail at any point, or fail
// after they committed; on PostgreSQL, behind two nodes, also deadlocks, forced 40001 and connections ended by the operator; on SQLite
// somebody else who holds the file's lock. No reader misses a row, no number is given twice or left out, and each command has one effect.
func TestT4_CommitOrder(t *testing.T) {
	total := Size(1_200, 3_000, 24_000, 400_000)
	t.Run("sqlite", func(t *testing.T) {
		data := t.TempDir()
		file := filepath.Join(data, "service.db")
		o := newOrder(t, "sqlite3", "file:"+(&url.URL{Path: file}).EscapedPath()+"?_txlock=immediate&_busy_timeout=5000", service.Config{Data: data})
		o.during(o.holdFile)
		o.run(total)
	})
	t.Run("postgres", func(t *testing.T) {
		u, err := url.Parse(pgtest.New(t))
		must(t, err)
		q := u.Query()
		plain := u.String()
		q.Set("application_name", "t4")
		u.RawQuery = q.Encode()
		address := u.String()
		o := newOrder(t, "pgx", plain, service.Config{Data: t.TempDir(), DB: address}, service.Config{Data: t.TempDir(), DB: address})
		pgtest.Exec(t, plain, "CREATE SEQUENCE forced", `CREATE FUNCTION force() RETURNS trigger LANGUAGE plpgsql AS $x$ BEGIN
			IF random() < 0.01 THEN PERFORM nextval('forced'); RAISE EXCEPTION 'forced' USING ERRCODE = '40001'; END IF; RETURN NEW; END $x$`,
			"CREATE TRIGGER force BEFORE INSERT ON command FOR EACH ROW EXECUTE FUNCTION force()")
		o.during(o.lockBackwards)
		o.during(o.endConnections)
		o.run(total)
		var forced int64
		must(t, o.outside.QueryRow("SELECT last_value - CASE WHEN is_called THEN 0 ELSE 1 END FROM forced").Scan(&forced))
		Report(t, "T4", "postgres: %d forced 40001, %d deadlocks, %d connections ended", forced, o.deadlocks.Load(), o.ended.Load())
		if forced == 0 || o.deadlocks.Load() == 0 || o.ended.Load() == 0 {
			t.Error("a fault was never met")
		}
	})
}

// order is one run: the nodes, who writes, and what was acknowledged.
type order struct {
	t       *testing.T
	outside *sql.DB // past the service
	nodes   []*wire.Client
	anna    wire.Signed
	epoch   string
	rooms   []orderRoom
	scopes  []workroom.Scope

	mu    sync.Mutex
	acked map[string]map[workroom.Scope]int64 // command to the seqs it was given

	faulty                                         atomic.Bool
	stop                                           chan struct{}
	faults                                         sync.WaitGroup
	rows, again, failed, deadlocks, ended, hogging atomic.Int64
}

type orderRoom struct {
	k workroom.ContractID
	r workroom.RoomID
}

func newOrder(t *testing.T, driver, outside string, nodes ...service.Config) *order {
	o := &order{t: t, acked: map[string]map[workroom.Scope]int64{}, stop: make(chan struct{})}
	for _, cfg := range nodes {
		cfg.OpenJoin, cfg.Limits, cfg.Fail = true, unlimited, o.fail
		s, err := service.New(cfg)
		must(t, err)
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
		o.nodes = append(o.nodes, &wire.Client{Base: wire.LocalBase, HTTP: &http.Client{Transport: service.Local(s)}, Version: "1.0.0"})
	}
	db, err := sql.Open(driver, outside)
	must(t, err)
	t.Cleanup(func() { _ = db.Close() })
	o.outside = db
	in, err := o.nodes[0].SignUp(bg, wire.SignUp{Name: "Anna", Email: "anna@example.com", Password: password, Device: "first"})
	must(t, err)
	o.anna = *in
	w := &orderWriter{o: o, client: o.as(0, in.Token)}
	for i := range orderRooms {
		x := orderRoom{k: workroom.ContractID(fmt.Sprint("k", i)), r: workroom.RoomID(fmt.Sprint("r", i))}
		o.rooms = append(o.rooms, x)
		w.send(w.command(string(x.k), ownContract(x.k, x.r, *in)))
		o.scopes = append(o.scopes, workroom.RoomScope(x.r), workroom.ContractScope(x.k), workroom.DiaryScope(x.k, orderWeek()))
	}
	o.scopes = append(o.scopes, workroom.AccountScope(in.Account))
	h, err := w.client.Heads(bg, "")
	must(t, err)
	o.epoch = h.Epoch
	return o
}

func orderWeek() string { return workroom.WeekOf(time.Now()).String() }

func (o *order) as(node int, token string) *wire.Client {
	c := *o.nodes[node%len(o.nodes)]
	c.Token, c.Service = token, o.anna.Service
	return &c
}

// fail makes one transaction in four pause before its commit, and some fail, before or after it.
func (o *order) fail(point string) error {
	if !o.faulty.Load() {
		return nil
	}
	switch {
	case point == store.PointCommit && rand.IntN(4) == 0:
		time.Sleep(rand.N(3 * time.Millisecond))
	case point != store.PointRead && point != store.PointBegin && rand.IntN(400) == 0:
		o.failed.Add(1)
		return errOrder
	}
	return nil
}

// during runs a fault over and over while there is writing.
func (o *order) during(fault func()) {
	o.faults.Go(func() {
		for {
			select {
			case <-o.stop:
				return
			default:
				if o.faulty.Load() {
					fault()
				}
				time.Sleep(rand.N(30 * time.Millisecond))
			}
		}
	})
}

// lockBackwards takes a contract's head and then that of its diary, the wrong way round.
func (o *order) lockBackwards() {
	tx, err := o.outside.Begin()
	if err != nil {
		return
	}
	defer func() { _ = tx.Rollback() }()
	x := o.rooms[rand.IntN(len(o.rooms))]
	for _, s := range []workroom.Scope{workroom.ContractScope(x.k), workroom.DiaryScope(x.k, orderWeek())} {
		if _, err := tx.Exec("SELECT seq FROM head WHERE scope = '" + string(s) + "' FOR UPDATE"); err != nil {
			return
		}
		time.Sleep(rand.N(5 * time.Millisecond))
	}
}

// endConnections ends one of the service's connections, whatever it is doing.
func (o *order) endConnections() {
	time.Sleep(100 * time.Millisecond)
	var pid int64
	err := o.outside.QueryRow(`SELECT pid FROM pg_stat_activity WHERE application_name = 't4' AND state <> 'idle' ORDER BY random() LIMIT 1`).Scan(&pid)
	if err == nil {
		if _, err = o.outside.Exec(fmt.Sprintf("SELECT pg_terminate_backend(%d)", pid)); err == nil {
			o.ended.Add(1)
		}
	}
}

// holdFile takes the file's write lock as a backup or another program may.
func (o *order) holdFile() {
	if tx, err := o.outside.Begin(); err == nil {
		time.Sleep(rand.N(5 * time.Millisecond))
		o.hogging.Add(1)
		_ = tx.Rollback()
	}
}

func (o *order) run(total int) {
	t := o.t
	var writing, reading sync.WaitGroup
	done := make(chan struct{})
	readers := make([]*orderReader, orderReaders)
	for i := range readers {
		readers[i] = &orderReader{o: o, limit: 20 + 60*i, at: map[workroom.Scope]wire.Pull{}, has: map[workroom.Ref]orderRow{}}
		for n := range o.nodes {
			readers[i].clients = append(readers[i].clients, o.as(n, o.anna.Token))
		}
		reading.Go(func() { readers[i].follow(done) })
	}
	before := o.count("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
	for i := range orderWriters {
		in, err := o.nodes[0].SignIn(bg, wire.SignIn{Email: "anna@example.com", Password: password, Device: fmt.Sprint("d", i)})
		must(t, err)
		w := &orderWriter{o: o, i: i, client: o.as(i, in.Token)}
		writing.Go(func() { w.write(total / orderWriters) })
	}
	o.faulty.Store(true)
	writing.Wait()
	o.faulty.Store(false)
	close(o.stop)
	o.faults.Wait()
	close(done)
	reading.Wait()
	if t.Failed() {
		return
	}
	truth := &orderReader{o: o, limit: 500, at: map[workroom.Scope]wire.Pull{}, has: map[workroom.Ref]orderRow{}, clients: []*wire.Client{o.as(0, o.anna.Token)}}
	truth.round()
	lost := 0
	for i, r := range readers {
		for ref, want := range truth.has {
			if got := r.has[ref]; got != want {
				if lost++; lost < 10 {
					t.Errorf("I1: reader %d has %s as %+v, the service as %+v", i, ref, got, want)
				}
			}
		}
		if len(r.has) != len(truth.has) {
			t.Errorf("I2: reader %d has %d rows, the service %d", i, len(r.has), len(truth.has))
		}
	}
	o.checkNumbers(truth)
	time.Sleep(1200 * time.Millisecond) // PostgreSQL tells of deadlocks about a second late
	o.deadlocks.Store(o.count("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()") - before)
	Report(t, "T4", "%s: %d writers, %d readers, %d commands in %d scopes, %d rows written, %d faults at failpoints, %d holds of the file, %d commands asked again, %d pages read, %d lost",
		t.Name(), orderWriters, orderReaders, len(o.acked), len(truth.at), o.rows.Load(), o.failed.Load(), o.hogging.Load(), o.again.Load(),
		readers[0].pages+readers[1].pages+readers[2].pages, lost)
}

// count answers a number from outside; 0 where there is none.
func (o *order) count(q string) (n int64) {
	_ = o.outside.QueryRow(q).Scan(&n)
	return n
}

// checkNumbers asks the tables themselves: each number of a scope was given once and the newest row has the head's, messages are numbered
// from 1 without a gap, and every acknowledged command stands there once with the numbers that were acknowledged.
func (o *order) checkNumbers(truth *orderReader) {
	for q, what := range map[string]string{
		"SELECT count(*) FROM head h WHERE seq <> (SELECT count(*) FROM tagged g WHERE g.scope = h.scope)":                        "I2: scopes with a number left out",
		"SELECT count(*) FROM head h WHERE seq <> (SELECT max(seq) FROM thing t WHERE t.scope = h.scope)":                         "I2: scopes whose newest row is not the head's",
		"SELECT count(*) FROM head h WHERE msgs <> (SELECT count(DISTINCT mn) FROM thing t WHERE t.scope = h.scope AND t.mn > 0)": "I2: rooms with a message number left out",
		"SELECT count(*) FROM head h WHERE msgs <> (SELECT count(*) FROM thing t WHERE t.scope = h.scope AND t.kind = 'message')": "I4: rooms with a message too many or too few",
		"SELECT count(*) FROM thing t WHERE kind = 'message' AND NOT EXISTS (SELECT 1 FROM command c WHERE c.id = t.id)":          "I4: messages without the record of their command",
		"SELECT count(*) FROM command WHERE status <> 'ok'":                                                                       "commands refused",
		"SELECT count(*) FROM head WHERE seq = 0":                                                                                 "heads of nothing",
		"SELECT count(*) FROM (SELECT scope FROM thing WHERE kind = 'message' GROUP BY scope, seq HAVING count(*) > 1) AS x":      "I2: numbers with two messages",
		fmt.Sprintf("SELECT count(*) - %d FROM command", len(o.acked)):                                                            "I4: records more or fewer than commands",
	} {
		var n int64
		must(o.t, o.outside.QueryRow(q).Scan(&n))
		if n != 0 {
			o.t.Errorf("%s: %d", what, n)
		}
	}
	last := map[string]int64{} // by room and writer
	for i := range orderWriters {
		for n := 0; ; n++ {
			id := orderID(i, n)
			seqs, ok := o.acked[id]
			if !ok {
				break
			}
			for s, seq := range seqs {
				ref := workroom.Ref{Scope: s, Kind: workroom.KindMessage, ID: id}
				row, is := truth.has[ref]
				if s.Kind() != "r" {
					continue
				}
				if !is || row.born != seq || row.rev != 1 {
					o.t.Errorf("I4: %s was acknowledged at %d and stands as %+v", ref, seq, row)
				}
				k := fmt.Sprint(s, " ", i)
				if seq <= last[k] {
					o.t.Errorf("I7: %s stands at %d, after %d", ref, seq, last[k])
				}
				last[k] = seq
			}
		}
	}
}

func orderID(writer, n int) string { return fmt.Sprintf("c%d-%d", writer, n) }

// orderWriter is a device that sends what it has in groups, again until all of it is accepted.
type orderWriter struct {
	o      *order
	i      int
	n      int64
	client *wire.Client
	slices int64
}

func (w *orderWriter) command(id string, c workroom.Command) wire.Command {
	args, err := workroom.EncodeCommand(c)
	if err != nil {
		w.o.t.Error(err)
	}
	w.n++
	return wire.Command{ID: id, N: w.n, Lane: c.Lane(), Op: c.Op(), V: workroom.Ops[c.Op()].V, Args: args}
}

func (w *orderWriter) write(each int) {
	for n := 0; n < each && !w.o.t.Failed(); {
		var cmds []wire.Command
		for range 1 + rand.IntN(6) {
			if n < each {
				cmds = append(cmds, w.command(orderID(w.i, n), w.act(n)))
				n++
			}
		}
		w.send(cmds...)
	}
}

// act is what a device does next: mostly messages, and some of everything else.
func (w *orderWriter) act(n int) workroom.Command {
	room, who := w.o.rooms[rand.IntN(orderRooms)], w.o.anna.Account
	switch rand.IntN(10) {
	case 0:
		return workroom.SetMarker{Room: room.r, Who: who, N: int64(n), E: int64(n), Head: int64(n)}
	case 1:
		return workroom.SetPref{Room: room.r, Who: who, Favourite: new(n%2 == 0)}
	case 2:
		return workroom.SetActivity{Contract: room.k, ID: workroom.ActivityID(fmt.Sprint("act", w.i)), Code: fmt.Sprint("CODE", w.i), About: fmt.Sprint(n)}
	case 3:
		w.slices++
		now := time.Now().Unix()
		return workroom.ReportSlice{Week: orderWeek(), Slice: workroom.Slice{ID: fmt.Sprintf("s%d-%d", w.i, n), Rev: 1, Freelancer: who, Contract: room.k,
			Device: fmt.Sprint("d", w.i), Boot: "boot", Seq: w.slices, Start: now, End: now, Memo: "working", Kind: workroom.Tracked}}
	}
	return workroom.SendMessage{Room: room.r, Text: fmt.Sprint(n)}
}

// send asks until each command is accepted, as an outbox does: the same bytes, in the same order.
func (w *orderWriter) send(cmds ...wire.Command) {
	for round := 0; len(cmds) > 0; round++ {
		if round > 0 {
			w.o.again.Add(int64(len(cmds)))
			time.Sleep(rand.N(time.Millisecond << min(round, 7)))
		}
		if round > 2000 {
			w.o.t.Errorf("L1: %s never passes", cmds[0].ID)
			return
		}
		out, err := w.client.Commands(bg, wire.Commands{Device: "d", Cmds: cmds})
		if err != nil {
			continue
		}
		var left []wire.Command
		for i, r := range out.Results {
			switch r.Status {
			case wire.OK:
				seqs := map[workroom.Scope]int64{}
				for _, x := range r.Things {
					seqs[x.Scope] = x.Seq
				}
				w.o.rows.Add(int64(len(r.Things)))
				w.o.mu.Lock()
				w.o.acked[r.ID] = seqs
				w.o.mu.Unlock()
			case wire.Rejected:
				w.o.t.Errorf("%s %s: %+v", cmds[i].Op, cmds[i].ID, r)
				return
			default:
				left = append(left, cmds[i])
			}
		}
		cmds = left
	}
}

// orderReader follows every scope by cursor.
type orderReader struct {
	o       *order
	clients []*wire.Client
	limit   int
	pages   int
	at      map[workroom.Scope]wire.Pull
	has     map[workroom.Ref]orderRow
}

type orderRow struct{ seq, born, rev int64 }

func (r *orderReader) follow(done <-chan struct{}) {
	for last := false; !last && !r.o.t.Failed(); {
		select {
		case <-done:
			last = true
		default:
		}
		r.round()
	}
}

// round reads every scope to its end, each page from the next node.
func (r *orderReader) round() {
	for _, s := range r.o.scopes {
		for more := true; more; {
			in, ok := r.at[s]
			if !ok {
				in = wire.Pull{Scope: s, Epoch: r.o.epoch, Gen: 1, Limit: r.limit}
			}
			r.pages++
			p, err := r.clients[r.pages%len(r.clients)].Pull(context.Background(), in)
			if code := orderCode(err); code == workroom.NoAccess && in.After == 0 {
				break // a diary nobody wrote into yet
			} else if err != nil && r.o.faulty.Load() {
				continue // its connection was ended
			}
			if err != nil || p.Reset != "" {
				r.o.t.Errorf("%s after %d: %+v, %v", s, in.After, p, err)
				return
			}
			for _, x := range p.Things {
				if x.Seq <= in.After || x.Seq > p.Seq {
					r.o.t.Errorf("I1: %s %d came to a reader at %d, in a page up to %d", x.ID, x.Seq, in.After, p.Seq)
				}
				r.has[workroom.Ref{Scope: s, Kind: x.Kind, ID: x.ID}] = orderRow{x.Seq, x.Born, x.Rev}
			}
			in.After, in.Tag, more = p.Seq, p.Tag, p.More
			r.at[s] = in
		}
	}
}

func orderCode(err error) workroom.Code {
	var p *wire.Error
	if errors.As(err, &p) {
		return p.Code
	}
	return ""
}

// T4, the control: the same writers and readers over a table numbered by a sequence. It must lose rows, or the test above proves nothing:
// a sequence gives its numbers in the order of asking, and rows are seen in the order of commit.
func TestT4_ControlOnASequenceLosesRows(t *testing.T) {
	address := pgtest.New(t)
	pgtest.Exec(t, address, "CREATE TABLE control (n BIGSERIAL PRIMARY KEY, id TEXT NOT NULL)")
	db := pgtest.Open(t, address)
	defer func() { _ = db.Close() }()
	db.SetMaxOpenConns(orderWriters + orderReaders)
	total := Size(2_400, 6_000, 24_000, 200_000)
	var writing, reading sync.WaitGroup
	done := make(chan struct{})
	seen := make([]int, orderReaders)
	for i := range seen {
		reading.Go(func() {
			at := int64(0)
			for last := false; ; {
				if !last {
					select {
					case <-done:
						last = true
					default:
					}
				}
				got, err := controlPage(db, &at)
				if err != nil {
					t.Error(err)
					return
				}
				if seen[i] += got; last && got == 0 {
					return
				}
			}
		})
	}
	for w := range orderWriters {
		writing.Go(func() {
			for n := range total / orderWriters {
				tx, err := db.Begin()
				if err == nil {
					_, err = tx.Exec("INSERT INTO control (id) VALUES ('" + orderID(w, n) + "')")
					if rand.IntN(4) == 0 {
						time.Sleep(rand.N(3 * time.Millisecond))
					}
					err = errors.Join(err, tx.Commit())
				}
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	writing.Wait()
	close(done)
	reading.Wait()
	lost := 0
	for _, n := range seen {
		lost += total - n
	}
	Report(t, "T4", "control: %d rows numbered by a sequence, %d readers, %d lost", total, orderReaders, lost)
	if lost == 0 {
		t.Error("a cursor over a sequence lost nothing: this test cannot tell")
	}
}

// controlPage reads the next page and moves the cursor.
func controlPage(db *sql.DB, at *int64) (got int, err error) {
	rows, err := db.Query(fmt.Sprintf("SELECT n FROM control WHERE n > %d ORDER BY n LIMIT 500", *at))
	if err != nil {
		return 0, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := rows.Scan(at); err != nil {
			return got, err
		}
		got++
	}
	return got, rows.Err()
}
