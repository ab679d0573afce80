package proof

import (
	"container/heap"
	"fmt"
	"math/rand/v2"
	"os"
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
	idle   map[string]bool            // accepted, and nothing was to be changed
	erased map[string]bool            // messages that were deleted, in whatever history
	backup string                     // a copy of the service's database
	forked bool

	restores int // how often it went back

	people      []*simPerson
	devs        []*simDevice
	contracts   []*simContract
	rooms       []workroom.RoomID // of people
	ids         int
	faulty      bool // faults may fire
	intensity   float64
	aims        []string // operations this run aims at
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
	manual     bool // time may be written in by hand
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
