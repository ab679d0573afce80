package proof

import (
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

var (
	simSeed = flag.Uint64("proof.seed", 0, "run the simulator with this one seed and trace it")
	simFrom = flag.Uint64("proof.from", 1, "first seed of the simulator")
	simN    = flag.Int("proof.seeds", 0, "seeds of the simulator; 0 = what the size says")
	simSans = flag.String("proof.without", "", "kinds of faults that the simulator leaves out, with commas between")
	simMax  = flag.Int("proof.maxfail", 5, "failed seeds after which the simulator stops")
	simLen  = flag.Int("proof.ops", 0, "acts of people in a run of the simulator; 0 = what the size says")
)

// simResult is what came of a run.
type simResult struct {
	seed   uint64
	hash   string
	events int
	counts map[string]int
	cover  *coverage
	can    map[string]bool
	bad    []Violation
	tail   string
	hist   *History
}

// newSimWorld is a world in which nothing has happened yet; it is made and ended inside a bubble.
func newSimWorld(t testing.TB, cfg simConfig, dir string) *simWorld {
	dice := &simChance{Source: rand.NewPCG(cfg.seed, 0x7e57)}
	return &simWorld{t: t, cfg: cfg, rng: rand.New(dice), dice: dice, names: &simNames{rand.New(rand.NewPCG(cfg.seed, 1))}, dir: dir, now: time.Now(), start: time.Now(), hist: NewHistory(time.Now().UnixMicro()),
		cover: newCoverage(), acts: map[workroom.Scope][]int64{}, first: map[string]wire.Result{}, marks: map[string]int64{}, ever: map[string]bool{}, whole: map[string]bool{}, idle: map[string]bool{}, erased: map[string]bool{}, aims: aimsOf(cfg.seed), counts: map[string]int{}, epochs: map[string]string{}}
}

// simulate runs one seed in a bubble of its own.
func simulate(t *testing.T, cfg simConfig) (out simResult) {
	dir := simDir(t)
	synctest.Test(t, func(t *testing.T) {
		w := newSimWorld(t, cfg, dir)
		defer w.end() // after a Fatal too: a bubble with something left in it would end the whole run
		w.run()
		out = simResult{seed: cfg.seed, hash: w.hist.Hash(), events: len(w.hist.Events()), counts: w.counts, cover: w.cover, can: w.can, bad: w.bad, hist: w.hist}
		if len(w.bad) > 0 {
			dev, _, _ := strings.Cut(strings.TrimPrefix(w.bad[0].Text, "["), "]")
			out.tail = w.hist.Tail(25, w.bad[0].About) + "  … and on the device\n" + w.hist.Tail(12, dev) + "  … and the last of all\n" + w.hist.Tail(15)
		}
	})
	return out
}

// run is one life of a small company.
func (w *simWorld) run() {
	if w.cfg.faults == nil {
		w.cfg.faults = map[string]bool{}
		for _, f := range append(slices.Clone(wayFaults), worldFaults...) {
			if w.chance(0.5) {
				w.cfg.faults[f] = true
			}
		}
	}
	for f := range strings.SplitSeq(*simSans, ",") {
		delete(w.cfg.faults, f)
	}
	w.intensity = []float64{0.02, 0.08, 0.2, 0.35}[w.rng.IntN(4)]
	if w.chance(0.5) {
		w.pageLimit = 1 + w.rng.IntN(5)
	}
	w.up()
	w.can = w.abilities()
	for _, n := range []string{"ann", "ben", "cleo"}[:2+w.rng.IntN(2)] {
		w.people = append(w.people, &simPerson{name: n, email: n + "@example.com"})
	}
	for _, p := range w.people {
		w.join(p)
	}
	for w.chance(0.5) && len(w.devs) < 5 {
		w.join(w.people[w.rng.IntN(len(w.people))])
	}
	w.faulty = true
	gap := []time.Duration{50 * time.Millisecond, time.Second, 10 * time.Second, time.Minute}[w.rng.IntN(4)]
	for range w.cfg.ops {
		w.until(w.now.Add(w.span(0, 2*gap)))
		if len(w.bad) > 0 {
			return
		}
		w.count("ops")
		if d := w.devs[w.rng.IntN(len(w.devs))]; w.cfg.faults["failpoint"] && d.on && d.armed == "" && w.chance(0.08) {
			d.armed = simPoints[w.rng.IntN(len(simPoints))]
		}
		if w.cfg.faults["churn"] && w.abilities()["churn"] && w.chance(0.06) {
			w.churn()
		}
		if w.chance(0.06) {
			w.shake()
		} else {
			w.work()
		}
		w.settle()
	}
	w.drain()
}

// drain ends all faults and lets everything come to rest; then the whole is compared.
func (w *simWorld) drain() {
	w.faulty = false
	w.pageLimit = 0
	w.note(Event{Kind: "service", Op: "faults end"})
	if w.svc == nil {
		w.up()
	}
	for _, d := range w.devs {
		d.armed, d.offline, d.old = "", time.Time{}, false
		if d.on {
			d.stop()
		}
		d.start()
		d.checkKept("at the end of the faults")
	}
	// L1: a lane that may go goes within the back-off's cap; some turns, because one answer lets the next go.
	for range 30 {
		w.until(w.now.Add(time.Minute))
		if len(w.bad) > 0 || w.still() {
			break
		}
	}
	if len(w.bad) == 0 && !w.still() {
		for _, d := range w.devs {
			rows, err := d.rep.Rows(simCtx)
			w.must("read the outbox", err)
			w.fail(CheckL1Moves(rows, mayGo(rows, d.clock()) || d.acts > 0, d.name)...)
		}
	}
	for _, d := range w.devs {
		clear(d.pulls)
	}
	w.until(w.now.Add(3 * time.Minute)) // L2 and I9: what was said without frames is found by the next heads
	if len(w.bad) == 0 {
		w.compare()
	}
}

// still reports whether nothing can go any more without a person.
func (w *simWorld) still() bool {
	for _, d := range w.devs {
		if !d.on || d.acts > 0 {
			return false
		}
		rows, err := d.rep.Rows(simCtx)
		w.must("read the outbox", err)
		if mayGo(rows, d.clock()) {
			return false
		}
	}
	return true
}

// compare holds every copy against the service's SQL.
func (w *simWorld) compare() {
	records, err := w.truth.Records()
	w.must("read records", err)
	now, err := OpenTruth(w.dbPath())
	w.must("read the service's database", err)
	defer now.Close()
	w.fail(CheckI1CommitOrder(w.truth, now)...)
	w.fail(CheckI2Gapless(now, records, w.acts)...)
	if now.Tagged { // a database of the first slice counted otherwise
		w.fail(CheckI18Digest(now)...)
	}
	w.fail(CheckI7LaneOrder(w.hist.Events())...)
	w.fail(CheckI14Monotonic(w.hist.Events())...)
	for i := range w.bad {
		w.bad[i].Text = "[service] " + w.bad[i].Text
	}
	for _, d := range w.devs {
		v, err := CheckI9Convergence(d.look, now)
		w.must("compare "+d.name, err)
		w.fail(v...)
		v, err = CheckI8ViewPurity(d.look)
		w.must("compare "+d.name, err)
		w.fail(v...)
		d.checkKept("at the end")
		sent, err := d.look.Sent()
		w.must("compare "+d.name, err)
		rows, err := d.look.Waiting()
		w.must("compare "+d.name, err)
		w.fail(CheckI16Heal(now, d.who.id, sent)...)
		// What changed nothing when it was accepted moved no number: its record can be lost without a trace, and nothing of it is.
		did := slices.DeleteFunc(slices.Clone(sent), func(a Acked) bool { return w.idle[string(d.who.id)+" "+a.ID] })
		w.fail(CheckI6AckTruth(did, rows, records, now, d.who.id)...)
		for _, c := range w.contracts {
			if d.cursors[workroom.RoomScope(c.room)].Hold == replica.Whole {
				n, err := d.rep.Unread(simCtx, c.room)
				w.must("count unread", err)
				h, err := d.look.Scope(workroom.RoomScope(c.room))
				w.must("read a room", err)
				w.fail(CheckI20Unread(now, h, d.who.id, c.room, n)...)
			}
		}
		for s, n := range d.pulls {
			if n > 6 {
				w.fail(broken("I9", string(s), "%s pulled %d times although nothing happened", d.name, n))
			}
		}
		d.named()
	}
	w.count("histories compared")
}

// end closes everything, so that the bubble can.
func (w *simWorld) end() {
	for _, d := range w.devs {
		d.broke = false
		d.stop()
	}
	w.down()
}

// TestT2_Simulation runs many seeds, each a life of its own, with a random part of all faults, and checks every invariant on the way and at
// the end. A seed that fails is run again alone with -proof.seed.
func TestT2_Simulation(t *testing.T) {
	seeds, ops := Size(6, 40, 300, 20_000), Size(120, 150, 400, 400)
	if *simN > 0 {
		seeds = *simN
	}
	if *simLen > 0 {
		ops = *simLen
	}
	from := *simFrom
	if *simSeed > 0 {
		from, seeds = *simSeed, 1
	}
	cover, counts, can := newCoverage(), map[string]int{}, map[string]bool{}
	failed, events := 0, 0
	var mu sync.Mutex
	places := make(chan bool, runtime.NumCPU())
	t.Run("seeds", func(t *testing.T) {
		for seed := from; seed < from+uint64(seeds); seed++ {
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				t.Parallel()
				places <- true
				defer func() { <-places }()
				mu.Lock()
				enough := failed >= *simMax
				mu.Unlock()
				if enough {
					t.Skip("enough seeds have failed")
				}
				r := simulate(t, simConfig{seed: seed, ops: ops, frames: seed%10 != 0})
				mu.Lock()
				defer mu.Unlock()
				cover.add(r.cover)
				events += r.events
				can = r.can
				for k, n := range r.counts {
					counts[k] += n
				}
				t.Logf("seed %d: history %s, %d events", seed, r.hash, r.events)
				if len(r.bad) > 0 {
					failed++
					t.Errorf("seed %d (replay: -run TestT2_Simulation -proof.seed %d -proof.ops %d), history %s, %d events:\n%s%s", seed, seed, ops, r.hash, r.events, words(r.bad), r.tail)
					keepHistory(t, r)
				}
			})
		}
	})
	table, share := cover.table(can)
	Report(t, "T2", "%d seeds, %d ops, %d events, %d failed, %d faults fired: %s; %s", seeds, counts["ops"], events, failed, total(cover.fired), sorted(cover.fired), sorted(counts))
	Report(t, "T2", "fault × operation pairs seen: %.1f %%\n%s", 100*share, table)
	if seeds >= 300 && share < 0.95 {
		t.Errorf("only %.1f %% of the pairs of fault and operation were seen", 100*share)
	}
}

// TestT2_SameSeedSameHistory is what makes a failure worth anything: it can be had again.
func TestT2_SameSeedSameHistory(t *testing.T) {
	for seed := uint64(901); seed < 901+uint64(Size(2, 4, 10, 50)); seed++ {
		cfg := simConfig{seed: seed, ops: 80, frames: true}
		a, b := simulate(t, cfg), simulate(t, cfg)
		if a.hash != b.hash {
			t.Errorf("seed %d gives %s, then %s (%d and %d events)\n%s", seed, a.hash, b.hash, a.events, b.events, firstDifference(a.hist, b.hist))
		}
	}
}

func firstDifference(a, b *History) string {
	for i, e := range a.Events() {
		if i >= len(b.Events()) || b.Events()[i] != e {
			h := &History{events: a.events[max(0, i-8):min(i+3, len(a.events))]}
			g := &History{events: b.events[max(0, i-8):min(i+3, len(b.events))]}
			return "first:\n" + h.Tail(11) + "second:\n" + g.Tail(11)
		}
	}
	return "the second is longer"
}

func words(list []Violation) string {
	var b strings.Builder
	for i, v := range list {
		if i == 6 {
			fmt.Fprintf(&b, "  … and %d more\n", len(list)-6)
			break
		}
		fmt.Fprintf(&b, "  %s\n", v)
	}
	return b.String()
}

// keepHistory writes a failed run's history where TRESTLE_PROOF_OUT says.
func keepHistory(t *testing.T, r simResult) {
	dir := os.Getenv("TRESTLE_PROOF_OUT")
	if dir == "" {
		return
	}
	f, err := os.Create(filepath.Join(dir, "seed-"+strconv.FormatUint(r.seed, 10)+".jsonl"))
	if err != nil {
		t.Log(err)
		return
	}
	defer f.Close()
	if _, err := r.hist.WriteTo(f); err != nil {
		t.Log(err)
	}
}

func sorted(m map[string]int) string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, fmt.Sprint(k, " ", m[k]))
	}
	return strings.Join(out, ", ")
}

func total(m map[string]int) (n int) {
	for _, x := range m {
		n += x
	}
	return n
}
