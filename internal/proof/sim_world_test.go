package proof

import (
	"bytes"
	"container/heap"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/alexedwards/argon2id"

	"trestle/internal/service"
	"trestle/internal/service/auth"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// The simulator (T2) runs the real service and real desktops' engines on one goroutine inside a synctest bubble: every request, every answer
// stored, every timer and every act of a person is an event in a queue that a seed decides. Nothing waits for real time, so hours of
// failures pass in a second, and the same seed always gives the same history.

func init() {
	auth.Params = &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32} // the cost of a password is not asked here
}

// simConfig says what happens in a run.
type simConfig struct {
	seed   uint64
	ops    int
	faults map[string]bool // kinds that may fire; nil lets the seed choose
	frames bool            // false drops every frame of the live channel (I19)
}

// simWorld is one run.
type simWorld struct {
	t     testing.TB
	cfg   simConfig
	rng   *rand.Rand
	dice  *simChance
	dir   string
	now   time.Time
	start time.Time
	queue simQueue
	seqNo int
	hist  *History
	cover *coverage

	svc    *service.Service // nil while it is down
	truth  *Truth
	acts   map[workroom.Scope][]int64 // numbers that no command has: sign-ups, the service's own acts
	first  map[string]wire.Result     // final answers by account and id
	marks  map[string]int64           // markers seen
	ever   map[string]bool            // accepted, in whatever history
	whole  map[string]bool            // files the service had whole once
	backup string                     // a copy of the service's database
	forked bool

	restores int // how often it went back

	people      []*simPerson
	devs        []*simDevice
	contracts   []*simContract
	ids         int
	faulty      bool // faults may fire
	intensity   float64
	bad         []Violation
	counts      map[string]int
	pageLimit   int // pulls ask for so few rows; 0 for the usual
	epochs      map[string]string
	can         map[string]bool
	traced      string
	armed       string        // the service's next failpoint
	names       *simNames     // where the service's ids and tags come from
	answerDelay time.Duration // of the answer that is being asked for
}

type simPerson struct {
	name    string
	email   string
	id      workroom.AccountID
	service string
	devices int
}

// simContract is what the people of a run know of a contract.
type simContract struct {
	id         workroom.ContractID
	room       workroom.RoomID
	secret     string
	client     *simPerson
	freelancer *simPerson
	activities []workroom.ActivityID
	made       *simDevice
}

const simPassword = "correct horse battery staple"

type simEvent struct {
	at  time.Time
	seq int
	do  func()
}

type simQueue []simEvent

func (q simQueue) Len() int { return len(q) }
func (q simQueue) Less(i, j int) bool {
	if !q[i].at.Equal(q[j].at) {
		return q[i].at.Before(q[j].at)
	}
	return q[i].seq < q[j].seq
}
func (q simQueue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *simQueue) Push(x any)   { *q = append(*q, x.(simEvent)) }
func (q *simQueue) Pop() any {
	old := *q
	e := old[len(old)-1]
	*q = old[:len(old)-1]
	return e
}

// after puts an act into the queue.
func (w *simWorld) after(d time.Duration, do func()) {
	w.seqNo++
	heap.Push(&w.queue, simEvent{w.now.Add(d), w.seqNo, do})
}

// span is a random time between two.
func (w *simWorld) span(lo, hi time.Duration) time.Duration {
	return lo + time.Duration(w.rng.Int64N(int64(hi-lo)+1)).Truncate(time.Microsecond)
}

func (w *simWorld) chance(p float64) bool { return w.rng.Float64() < p }

func (w *simWorld) newID(kind string) string {
	w.ids++
	return fmt.Sprintf("%s-%d", kind, w.ids)
}

// simNames gives the service the bytes of its ids and tags: the same in each run of a seed.
type simNames struct{ r *rand.Rand }

func (n *simNames) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(n.r.Uint32())
	}
	return len(p), nil
}

// simChance counts how often it is asked.
type simChance struct {
	rand.Source
	n int
}

func (c *simChance) Uint64() uint64 { c.n++; return c.Source.Uint64() }

func (w *simWorld) note(e Event) { e.Rolls = w.dice.n; w.hist.Add(w.now.UnixMicro(), e) }

func (w *simWorld) count(what string) { w.counts[what]++ }

// fail notes violations; the run ends with the first.
func (w *simWorld) fail(v ...Violation) { w.bad = append(w.bad, v...) }

func (w *simWorld) must(what string, err error) {
	if err != nil {
		w.t.Helper()
		w.t.Fatalf("seed %d: %s: %v", w.cfg.seed, what, err)
	}
}

// until works off the queue up to a moment, or until something is wrong.
func (w *simWorld) until(end time.Time) {
	for len(w.queue) > 0 && len(w.bad) == 0 {
		e := w.queue[0]
		if e.at.After(end) {
			break
		}
		heap.Pop(&w.queue)
		w.sleepTo(e.at)
		e.do()
		w.settle()
	}
	if len(w.bad) == 0 {
		w.sleepTo(end)
	}
}

func (w *simWorld) sleepTo(at time.Time) {
	if d := at.Sub(w.now); d > 0 {
		time.Sleep(d)
		synctest.Wait()
	}
	w.now = time.Now()
	w.collect()
}

// settle lets what an event set off come to rest, and looks after each device.
func (w *simWorld) settle() {
	synctest.Wait()
	w.collect()
	for _, d := range w.devs {
		d.attend()
	}
	w.trace()
}

// trace follows one command through a device's file, "ann1 m-61" in TRESTLE_PROOF_TRACE: for finding out, in a failing seed, where it went.
func (w *simWorld) trace() {
	dev, id, ok := strings.Cut(os.Getenv("TRESTLE_PROOF_TRACE"), " ")
	if !ok {
		return
	}
	for _, d := range w.devs {
		if d.name != dev || !d.on {
			continue
		}
		at := "nowhere"
		rows, err := d.look.Waiting()
		w.must("read the outbox", err)
		for _, r := range rows {
			if r.ID == id {
				at = fmt.Sprintf("waits in %s at %d, attempts %d, verdict %q %s, edges %v", r.Lane, r.Pos, r.Attempts, r.Verdict, r.Code, r.After)
			}
		}
		sent, err := d.look.Sent()
		w.must("read what was sent", err)
		for _, a := range sent {
			if a.ID == id {
				at = "acked in " + w.epochs[a.Epoch] + fmt.Sprint(" ", a.Seqs)
			}
		}
		if at != w.traced {
			w.traced = at
			w.t.Logf("%9.3fs after event %d: %s of %s %s", w.now.Sub(w.start).Seconds(), len(w.hist.Events()), id, dev, at)
		}
	}
}

// simDir is a folder in memory where there is one.
func simDir(t testing.TB) string {
	dir, err := os.MkdirTemp("/dev/shm", "proof-*")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func (w *simWorld) data() string   { return filepath.Join(w.dir, "service") }
func (w *simWorld) dbPath() string { return filepath.Join(w.data(), "service.db") }

// up starts the service.
func (w *simWorld) up() {
	w.armed = ""
	svc, err := service.New(service.Config{Data: w.data(), OpenJoin: true, Limits: service.Limits{Commands: -1, Burst: -1, SignUps: -1},
		Random: w.names, Fail: w.failpoint})
	w.must("start the service", err)
	w.svc = svc
	w.truth, err = OpenTruth(w.dbPath())
	w.must("read the service's database", err)
	w.truth.Forked = w.forked
	w.alias(w.truth.Epoch)
	w.note(Event{Kind: "service", Op: "up"})
}

// failpoint lets the service's next transaction fail at the armed place, once.
func (w *simWorld) failpoint(point string) error {
	if w.armed != point {
		return nil
	}
	w.armed = ""
	w.count("service failed " + point)
	return errSimCrash
}

func (w *simWorld) alias(epoch string) {
	if w.epochs[epoch] == "" {
		w.epochs[epoch] = fmt.Sprint("epoch", len(w.epochs)+1)
		w.hist.Alias(epoch, w.epochs[epoch])
	}
}

func (w *simWorld) down() {
	if w.svc == nil {
		return
	}
	w.must("close what reads the service's database", w.truth.Close())
	w.must("close the service", w.svc.Close())
	w.svc = nil
	synctest.Wait()
	w.note(Event{Kind: "service", Op: "down"})
}

// answerOf is an HTTP answer.
func answerOf(r *http.Request, status int, kind, body string, head ...string) *http.Response {
	h := http.Header{"Content-Type": {kind}}
	for i := 0; i+1 < len(head); i += 2 {
		h.Set(head[i], head[i+1])
	}
	return &http.Response{StatusCode: status, Status: http.StatusText(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: h,
		Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: r}
}

var errNoNetwork = errors.New("no network")

// serve lets the service answer a request here and now, and looks at what it said and did.
func (w *simWorld) serve(d *simDevice, op string, r *http.Request, body []byte) (*http.Response, error) {
	if w.svc == nil {
		return nil, errNoNetwork
	}
	r = r.Clone(r.Context())
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	r.RequestURI = r.URL.RequestURI()
	var in wire.Commands
	if op == "commands" {
		if err := json.Unmarshal(body, &in); err != nil {
			w.fail(broken("wire", d.name, "a batch cannot be read: %v", err))
		}
		d.sends(&in, r)
	}
	rec := httptest.NewRecorder()
	w.svc.ServeHTTP(rec, r)
	synctest.Wait() // what it set off (a stream that ends with its token) is done before anything else
	res := rec.Result()
	res.Request = r
	said := rec.Body.Bytes()
	res.Body, res.ContentLength = io.NopCloser(bytes.NewReader(said)), int64(len(said))
	if rec.Code >= 500 {
		w.count("answered 5xx")
	}
	if op == "sign-up" && rec.Code == http.StatusOK {
		var in wire.Signed
		if json.Unmarshal(said, &in) == nil {
			w.hist.Alias(string(in.Account), d.who.name)
		}
	}
	if r.Method == http.MethodPost && op != "open" && op != "watch" {
		w.observe()
	}
	w.note(Event{Kind: "served", Dev: d.name, Op: op, Status: fmt.Sprint(rec.Code), Text: pathOf(r)})
	if rec.Code == http.StatusOK {
		w.inspect(d, op, r, &in, said)
	}
	return res, nil
}

// pathOf is what a request is about, without the tags and epochs that differ from run to run.
func pathOf(r *http.Request) string {
	q := r.URL.Query()
	q.Del("tag")
	q.Del("epoch")
	return strings.TrimPrefix(r.URL.Path, "/v1/") + " " + q.Encode()
}

// observe reads what a write changed, and notes it.
func (w *simWorld) observe() {
	before := maps.Clone(w.truth.Heads)
	w.must("read the service's database", w.truth.Refresh())
	for _, s := range slices.Sorted(maps.Keys(w.truth.Heads)) {
		h := w.truth.Heads[s]
		was, ok := before[s]
		if ok && was.Seq == h.Seq {
			continue
		}
		w.note(Event{Kind: "wrote", Scope: string(s), Seq: h.Seq, Text: w.truth.Epoch})
		if ok && h.Seq < was.Seq {
			w.fail(broken("I1", string(s), "the head went from %d back to %d", was.Seq, h.Seq))
		}
		if s.Kind() != "a" {
			continue
		}
		for _, r := range w.truth.Things[s] {
			if r.Kind != workroom.KindMarker || r.Seq <= was.Seq || r.Gone {
				continue
			}
			var m workroom.Marker
			if json.Unmarshal([]byte(r.Body), &m) != nil {
				continue
			}
			k := string(s) + " " + r.ID
			if v := m.E<<32 | m.N; v < w.marks[k] {
				w.fail(broken("I14", string(s), "the marker of %s went back to (%d, %d)", r.ID, m.N, m.E))
			} else {
				w.marks[k] = v
			}
		}
	}
}

// reads is what an answer shows.
type simShown struct {
	Things  []wire.Thing `json:"things"`
	Scopes  []simOpened  `json:"scopes"`
	Results []struct {
		Things []wire.Thing `json:"things"`
	} `json:"results"`
}

type simOpened struct {
	wire.Opened
	Head wire.Head `json:"-"`
}

// inspect is the ear at the socket: what an answer shows must be open to the account that asks (I10), and an answer to a command must be
// the same each time (I4).
func (w *simWorld) inspect(d *simDevice, op string, asked *http.Request, in *wire.Commands, said []byte) {
	who := d.who.id
	defer d.named()
	show := func(list []wire.Thing) { w.fail(CheckI10NoLeak(w.truth, who, list)...) }
	switch op {
	case "heads":
		var h wire.Heads
		if json.Unmarshal(said, &h) == nil {
			w.fail(CheckI10Heads(w.truth, who, h.Scopes)...)
		}
	case "commands":
		var out wire.CommandsOut
		if json.Unmarshal(said, &out) != nil {
			return
		}
		for i, r := range out.Results {
			show(r.Things)
			w.answered(d, in, i, r)
		}
	case "complete":
		w.whole[strings.TrimSuffix(strings.TrimPrefix(asked.URL.Path, "/v1/files/"), "/complete")] = true
	case "pull":
		var p wire.Page
		if json.Unmarshal(said, &p) != nil {
			return
		}
		show(p.Things)
		w.page(d, asked, &p)
	case "open", "range", "things":
		var x simShown
		if json.Unmarshal(said, &x) != nil {
			return
		}
		show(x.Things)
		for _, o := range x.Scopes {
			show(o.Hot)
			show(o.Tail)
		}
	}
}

// page looks at a page as it is given.
func (w *simWorld) page(d *simDevice, r *http.Request, p *wire.Page) {
	q := r.URL.Query()
	num := func(k string) int64 { n, _ := strconv.ParseInt(q.Get(k), 10, 64); return n }
	in := wire.Pull{Scope: workroom.Scope(strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, "/v1/scope/"), "/pull")),
		Epoch: q.Get("epoch"), Gen: num("gen"), After: num("after"), Tag: q.Get("tag")}
	if p.Reset != "" {
		w.count("reset " + string(p.Reset))
	}
	w.fail(CheckI15ForkFound(w.truth, d.who.id, in, p)...)
	w.fail(CheckI2Whole(w.truth, d.who.id, in, p)...)
}

// answered compares a result with the first final one, and notes the order of first acceptance.
func (w *simWorld) answered(d *simDevice, in *wire.Commands, i int, r wire.Result) {
	if i >= len(in.Cmds) || r.Status != wire.OK && r.Status != wire.Rejected {
		return
	}
	c := in.Cmds[i]
	k := string(d.who.id) + " " + c.ID
	if old, ok := w.first[k]; ok {
		if !d.clone || r.Code != workroom.IDReuse { // two copies of a profile may word it differently
			w.fail(CheckI4SameAnswer(c.ID, c.Op, old, r)...)
		}
		return
	}
	w.first[k] = r
	w.note(Event{Kind: string(r.Status), Dev: d.name, Op: string(c.Op), ID: c.ID, Status: string(r.Code)})
	if r.Status == wire.Rejected {
		w.count("refused")
		if !d.clone {
			w.fail(CheckI4OneEffect(w.truth, d.who.id, c.ID, c.Op, r)...)
		}
		return
	}
	w.count("accepted")
	if w.ever[k] { // once more, in a later history
		return
	}
	w.ever[k] = true
	e := Event{Kind: "accepted", Dev: d.name, Op: string(c.Op), ID: c.ID, Lane: c.Lane, Seq: d.placeOf(c.ID)}
	if kept := d.kept[c.ID]; kept != nil {
		for _, p := range kept.after {
			if x, ok := w.first[string(d.who.id)+" "+p]; d.kept[p] != nil && d.kept[p].op != workroom.OpUpload && (!ok || x.Status != wire.OK) {
				e.Status, e.Text = "orphan", p
			}
		}
	}
	if kept := d.kept[c.ID]; e.Seq != 0 && kept != nil && !kept.again {
		w.note(e)
	}
}

// operate is an act of the service itself: what the commands of a later version will do by the same door.
func (w *simWorld) operate(what string, by workroom.AccountID, changes []workroom.Change) bool {
	svc, ok := any(w.svc).(interface {
		Act(context.Context, workroom.AccountID, []workroom.Change) error
	})
	if w.svc == nil || !ok {
		return false
	}
	w.armed = ""
	before := maps.Clone(w.truth.Heads)
	err := svc.Act(context.Background(), by, changes)
	w.must(what, err)
	w.observe()
	for s, h := range w.truth.Heads {
		for q := before[s].Seq + 1; q <= h.Seq; q++ {
			w.acts[s] = append(w.acts[s], q)
		}
	}
	w.note(Event{Kind: "act", Op: what})
	return true
}

// keepBackup copies the service's database as it is.
func (w *simWorld) keepBackup() {
	if w.svc == nil {
		return
	}
	w.backup = filepath.Join(w.dir, fmt.Sprintf("%s.db", w.newID("backup")))
	db, err := sql.Open("sqlite3", "file:"+w.dbPath()+"?_busy_timeout=5000")
	w.must("back the service up", err)
	_, err = db.Exec(`VACUUM INTO ?`, w.backup)
	w.must("back the service up", errors.Join(err, db.Close()))
	w.note(Event{Kind: "service", Op: "backup"})
}

// restore puts the older database in place; with a new epoch as a restore does, without one as somebody does who copies files.
func (w *simWorld) restore(epoch bool) {
	w.down()
	for _, end := range []string{"", "-wal", "-shm"} {
		os.Remove(w.dbPath() + end)
	}
	b, err := os.ReadFile(w.backup)
	w.must("read the backup", err)
	w.must("restore", os.WriteFile(w.dbPath(), b, 0o600))
	if epoch {
		db, err := sql.Open("sqlite3", "file:"+w.dbPath())
		w.must("restore", err)
		_, err = db.Exec(`UPDATE meta SET v=? WHERE k='epoch'`, w.newID("epoch"))
		w.must("restore", errors.Join(err, db.Close()))
	}
	w.forked = !epoch
	w.restores++
	w.up()
	for s, list := range w.acts {
		w.acts[s] = slices.DeleteFunc(list, func(q int64) bool { return q > w.truth.Heads[s].Seq })
	}
	records, err := w.truth.Records()
	w.must("read records", err)
	had := map[string]bool{}
	for _, r := range records {
		had[string(r.Account)+" "+r.ID] = true
	}
	for _, k := range slices.Sorted(maps.Keys(w.first)) {
		if !had[k] {
			delete(w.first, k)
			if _, id, ok := strings.Cut(k, " "); ok && w.ever[k] {
				w.note(Event{Kind: "undone", ID: id})
			}
		}
	}
	clear(w.marks)
	for _, d := range w.devs {
		d.lost = !epoch
	}
	w.note(Event{Kind: "service", Op: "restored", Text: fmt.Sprint("new epoch ", epoch)})
}
