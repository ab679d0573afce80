package app

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"trestle/internal/input"
	"trestle/internal/tracker"
	"trestle/internal/workroom"
)

// tracking runs the pure machine of internal/tracker: it owns the clock, the one timer, the input counter and the camera, and does what the
// machine orders. One goroutine steps the machine; everybody else asks it through do.
type tracking struct {
	s       *Session
	boot    string // names this run in its slices
	noted   bool   // it is among those of tracker-runs.json
	machine *tracker.Machine
	clockMu sync.Mutex
	clock   *tracker.Clock
	counter *input.Counter
	why     string // why nothing is counted
	edges   <-chan input.Edge
	acts    chan func()
	watch   <-chan struct{} // the next input, while somebody is waited for
	wake    time.Time       // of the machine, in its own time
	shots   *shots
	open    *workroom.Slice // as of the last save
	inputs  []workroom.CellInput
	sent    map[string]bool // slices that were reported
	cuts    map[cutCell]bool
	kept    []tracker.Question // as they were last written down

	mu         sync.Mutex
	snap       tracker.Snapshot
	live       *workroom.Slice // the open slice and its counts, for the screens
	liveInputs []workroom.CellInput
	clockNow   func() time.Time
	note       string
	more       bool // the note offers to start again
	relearning bool
}

func openTracking(s *Session) *tracking {
	t := &tracking{s: s, boot: newID(), acts: make(chan func()), sent: map[string]bool{}, cuts: map[cutCell]bool{}}
	t.clock = tracker.NewClock(time.Now(), readClocks())
	t.machine = tracker.New(tracker.Config{
		Freelancer: workroom.AccountID(s.st.Account), Device: s.replica.Device(), Boot: t.boot, NewID: newID,
		Random: func(n int64) int64 { return drawn(rand.Reader, min(n, drawWithin(n))) },
		Idle:   idleWithin,
	})
	t.clockNow = t.present
	n := s.note()
	t.note, t.more = n.Text, n.Offer
	t.shots = openShots(t, filepath.Join(s.dir, "shots"))
	return t
}

// drawWithin narrows the seconds in which a screenshot is drawn. A program draws in all of them; drawwithin_test.go, which is linked into the
// tests' own binaries alone, lets a test wait seconds instead of ten minutes.
var drawWithin = func(n int64) int64 { return n }

// idleWithin shortens the time without input after which somebody is called idle; nil, as in every program, waits what the contract says.
var idleWithin func(time.Duration) time.Duration

// run steps the machine until ctx ends, and then stops it, so that quitting ends the time.
func (t *tracking) run(ctx context.Context) {
	counter, err := input.Open(ctx)
	if err != nil {
		t.why = "Keys and clicks are not counted here: there is no display to count them on."
	} else {
		t.counter, t.why = counter, counter.Reason()
	}
	edges, err := input.Edges(ctx)
	if err == nil {
		t.edges = edges
	}
	t.learnContracts()
	t.findOpen()
	t.findQuestions()
	t.shots.settle()
	select {
	case e, ok := <-t.edges: // the screen is locked already: known before anybody can start
		if ok {
			t.edge(e)
		}
	default:
	}
	for {
		var alarm <-chan time.Time
		if !t.wake.IsZero() {
			now := t.present()
			alarm = time.After(max(t.wake.Sub(now), 0))
		}
		select {
		case <-ctx.Done():
			_ = t.step(tracker.Quit{})
			if t.counter != nil {
				t.counter.Stop()
			}
			t.shots.close()
			return
		case fn := <-t.acts:
			fn()
		case <-alarm:
			_ = t.step(tracker.Deadline{})
		case <-t.watch:
			t.watch = nil
			_ = t.step(nil)
		case e, ok := <-t.edges:
			if !ok {
				t.edges = nil
				continue
			}
			t.edge(e)
		}
		t.listen()
		t.s.core.trackerChanged()
	}
}

// do runs fn between two steps and waits for it, and until input is counted where it is now to be: who reads "tracking" may type at once.
func (t *tracking) do(ctx context.Context, fn func()) error {
	done := make(chan struct{})
	select {
	case t.acts <- func() { fn(); t.listen(); close(done) }:
		<-done
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-t.s.ended:
		return Fail("signed_out", "This session has ended.")
	}
}

func (t *tracking) edge(e input.Edge) {
	defer e.Done()
	switch e.Kind {
	case input.Locked:
		_ = t.step(tracker.Lock{})
	case input.Unlocked:
		_ = t.step(tracker.Unlock{})
	case input.Sleeping:
		_ = t.step(tracker.Sleeping{})
	case input.Woke:
		_ = t.step(tracker.Woke{})
	}
}

// readClocks looks at the system's two clocks that nobody can set.
func readClocks() tracker.Ticks {
	awake, elapsed := input.Uptime()
	return tracker.Ticks{Awake: awake, Elapsed: elapsed}
}

func (t *tracking) now() (time.Time, bool) {
	t.clockMu.Lock()
	defer t.clockMu.Unlock()
	return t.clock.Now(readClocks())
}

// present is the instant on the tracker's clock, for screens: it takes no notice of sleep.
func (t *tracking) present() time.Time {
	t.clockMu.Lock()
	defer t.clockMu.Unlock()
	return t.clock.At(readClocks())
}

// justNow is how long after the last input the counter may hold some that it has not fetched; with nobody at the keys it holds none.
const justNow = time.Second

// step brings the counts up to date and then tells the machine one event; nil only brings the counts.
func (t *tracking) step(ev tracker.Event) error {
	now, slept := t.now()
	if slept {
		t.tell(now, tracker.Slept{})
	}
	if t.counter != nil && t.machine.Snapshot().Listening {
		if _, alarm := ev.(tracker.Deadline); ev != nil && (!alarm || time.Since(t.counter.LastInput()) < justNow) {
			t.counter.Fetch() // somebody is at the keys, and this step may end the time
		}
		c := t.counter.Take()
		in := tracker.Input{Keys: c.Keys, Clicks: c.Clicks, Scrolls: c.Scrolls, Moves: c.Moves, Countable: c.Countable}
		if c.Presence {
			in.Presence, in.Ago = true, time.Since(t.counter.LastInput())
		}
		t.tell(now, in)
	}
	if ev == nil {
		return nil
	}
	return t.tell(now, ev)
}

func (t *tracking) tell(now time.Time, ev tracker.Event) error {
	effects, err := t.machine.Step(now, ev)
	for _, e := range effects {
		t.carry(now, e)
	}
	t.keepQuestions()
	t.mu.Lock()
	t.snap = t.machine.Snapshot()
	t.live, t.liveInputs = t.open, t.inputs
	t.mu.Unlock()
	return err
}

// cutCell is a segment of a contract that was deleted: no picture is taken in the rest of it.
type cutCell struct {
	contract workroom.ContractID
	cell     workroom.Cell
}

// dropCut throws away the pictures that are still held of deleted time, and takes none in the rest of its segments.
func (t *tracking) dropCut(k workroom.ContractID, in workroom.Interval) {
	err := t.do(context.Background(), func() {
		for c := workroom.CellOf(time.Unix(in.From, 0)); c.Start().Unix() < in.To; c++ {
			if !c.End().Before(t.present()) {
				t.cuts[cutCell{k, c}] = true
			}
		}
		for _, one := range t.shots.waiting() {
			if one.Shot.Contract == k && in.From <= one.Shot.At && one.Shot.At < in.To {
				t.shots.drop(one)
			}
		}
	})
	if err != nil {
		slog.Warn("drop pictures of deleted time", "error", traceOf(err))
	}
}

// wasReported reports whether the diary has the slice, so that its pictures can follow.
func (t *tracking) wasReported(id string) bool {
	if t.sent[id] {
		return true
	}
	rows, err := t.s.replica.Everywhere(context.Background(), "d:", workroom.KindSlice)
	if err != nil {
		return false
	}
	for _, r := range rows {
		if r.ID == id {
			t.sent[id] = true
			return true
		}
	}
	return false
}

// relearn asks the tracker's goroutine to read the contracts again, once for many changes.
func (t *tracking) relearn() {
	t.mu.Lock()
	asked := t.relearning
	t.relearning = true
	t.mu.Unlock()
	if asked {
		return
	}
	go func() {
		_ = t.do(context.Background(), func() {
			t.mu.Lock()
			t.relearning = false
			t.mu.Unlock()
			t.learnContracts()
		})
	}()
}

func (t *tracking) clearNote() {
	t.mu.Lock()
	t.note, t.more = "", false
	t.mu.Unlock()
	if err := os.Remove(t.s.notePath()); err != nil && !errors.Is(err, os.ErrNotExist) {
		slog.Warn("forget the tracker's note", "error", traceOf(err))
	}
}

// trackerNote is a sentence of the tracker that was not dismissed yet: it outlives the program, so that a crash is told to whoever comes
// next, also on the command line.
type trackerNote struct {
	Text  string `json:"text"`
	Offer bool   `json:"offer"`
}

func (s *Session) notePath() string { return filepath.Join(s.dir, "tracker-note.json") }

// note reads the sentence that waits; an empty one if there is none.
func (s *Session) note() trackerNote {
	var n trackerNote
	if body, err := os.ReadFile(s.notePath()); err == nil {
		_ = json.Unmarshal(body, &n)
	}
	return n
}

// listen lets the input counter run exactly while the machine listens: nothing is counted while nothing is tracked.
func (t *tracking) listen() {
	if t.counter == nil {
		return
	}
	if t.machine.Snapshot().Listening {
		if err := t.counter.Start(); err != nil {
			slog.Warn("input is not counted", "error", traceOf(err))
		}
	} else {
		t.counter.Stop()
		t.clock.Settle()
	}
}

// carry does one thing the machine ordered.
func (t *tracking) carry(now time.Time, e tracker.Effect) {
	switch e := e.(type) {
	case tracker.Save:
		t.save(now, e)
	case tracker.Drop:
		t.forget()
	case tracker.TakeShot:
		if !t.cuts[cutCell{e.Contract, workroom.Cell(e.Cell)}] {
			t.shots.take(e)
		}
	case tracker.KeepShot:
		t.shots.decide(takenFor{e.Slice, e.Cell}, true)
	case tracker.DropShot:
		t.shots.decide(takenFor{e.Slice, e.Cell}, false)
	case tracker.Lease:
		t.tellLease(e)
	case tracker.WatchInput:
		if t.counter != nil {
			t.watch = t.counter.Next()
		}
	case tracker.WakeAt:
		t.wake = e.At
	case tracker.Ask:
		t.s.core.tell("Time away", "Trestle asks what to do with it. Nothing is counted until you choose.", "tracker")
	case tracker.Notify:
		t.notify(e)
	}
}

// learnContracts tells the machine what can be tracked and how much of the week is used.
func (t *tracking) learnContracts() {
	now := t.present()
	for _, b := range t.s.books(now) {
		if b.contract.Freelancer != workroom.AccountID(t.s.st.Account) {
			continue
		}
		week := workroom.WeekOf(now)
		c := tracker.Contract{ID: b.id, Active: b.contract.Status == workroom.Active, Paused: b.contract.Status == workroom.Paused, Terms: b.contract.Terms,
			Limits: map[workroom.Week]int64{week: b.past().Limit(week)}, Activities: map[workroom.ActivityID]bool{}}
		for id, a := range b.activities {
			c.Activities[id] = a.Archived == 0
		}
		t.tell(now, tracker.TermsLearnt{Contract: c})
		var used int64
		for _, p := range inWeek(b.pieces(), week) {
			if (t.open == nil || p.Slice != t.open.ID) && !p.Late && !p.AfterEnd { // these use nothing up
				used += p.Seconds()
			}
		}
		t.tell(now, tracker.LimitLearnt{Contract: b.id, Week: week, Seconds: used})
	}
}

// notify turns what the machine tells into a sentence, shown in the panel and as a notice.
func (t *tracking) notify(e tracker.Notify) {
	title := t.s.title(e.Work.Contract)
	at := e.Since.In(time.Local).Format("15:04")
	switch e.What {
	case tracker.LimitInAnHour:
		t.say("One hour is left of this week's limit on "+title+".", false)
	case tracker.LimitInTen:
		t.say("Ten minutes are left of this week's limit on "+title+".", false)
	case tracker.LimitIsReached:
		t.say("This week's limit on "+title+" is reached, so tracking stopped.", false)
	case tracker.BeyondLimit:
		t.say("This week's limit on "+title+" is reached. You go on unbilled.", false)
	case tracker.WentIdle:
		t.say("No key, click or movement since "+at+": time on "+title+" ended there.", false)
	case tracker.Crashed:
		t.say("Trestle ended unexpectedly. Time on "+title+" is kept until "+at+"; tracking has not started again.", true)
	case tracker.TakenOver:
		t.say("Tracking began on "+e.Name+", so time on "+title+" ended here at "+at+".", true)
	case tracker.ContractIsPaused:
		t.say(title+" is paused, so tracking stopped.", false)
	case tracker.ContractIsEnded:
		t.say(title+" has ended, so tracking stopped.", false)
	}
}

// say keeps a sentence for the panel and shows it as a notice.
func (t *tracking) say(text string, offer bool) {
	t.mu.Lock()
	t.note, t.more = text, offer
	t.mu.Unlock()
	if body, err := json.Marshal(trackerNote{text, offer}); err == nil {
		if err := writeWhole(t.s.notePath(), body, 0o600); err != nil {
			slog.Warn("keep the tracker's note", "error", traceOf(err))
		}
	}
	t.s.core.tellOf(workroom.TopicLimit, "Time tracker", text, "tracker")
}

// running is the slice that is being tracked, nil for none.
func (t *tracking) running() *workroom.Slice {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.live
}

// snapshot is the machine's state as of its last step.
func (t *tracking) snapshot() (snap tracker.Snapshot, note string, offer bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.snap, t.note, t.more
}
