package service

import (
	"context"
	"hash/fnv"
	"maps"
	"runtime/debug"
	"sync"
	"time"

	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Limits of the writers.
const (
	maxTogether = 32 // commands of one transaction
	maxQueue    = 4096
	maxRows     = 500 // rows one command may write
	maxScopes   = 4
	maxPanics   = 3
	maxAfter    = 8
	sharedPens  = 8 // writers of a database that takes several transactions at once; one that does not has one
	awayTries   = 4 // a database that went away is asked so often, within about a second, before the commands are put off
)

// writers run commands. A lane is always the same writer's, whoever sends in it: so a busy room is one queue, and its head is not waited for
// by several transactions at once (sync.md §3, §17).
type writers struct {
	s    *Service
	mu   sync.Mutex
	list []*writer
	end  bool
}

// writer runs commands one batch after the other: it takes what queued during its last commit and never waits to fill up.
type writer struct {
	s    *Service
	of   *writers
	wake *sync.Cond
	list []*item
	gone chan struct{}
}

func newWriters(s *Service) *writers {
	n := 1
	if s.store.Shared() {
		n = sharedPens
	}
	ws := &writers{s: s, list: make([]*writer, n)}
	for i := range ws.list {
		w := &writer{s: s, of: ws, wake: sync.NewCond(&ws.mu), gone: make(chan struct{})}
		ws.list[i] = w
		go w.loop()
	}
	return ws
}

// add queues a question's commands, all or none; false if there is too much to do.
func (ws *writers) add(items []*item) bool {
	for _, x := range items {
		x.plan()
	}
	to := route(items, len(ws.list))
	more := make([]int, len(ws.list))
	for _, i := range to {
		more[i]++
	}
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if ws.end {
		return false
	}
	for i, w := range ws.list {
		if len(w.list)+more[i] > maxQueue {
			return false
		}
	}
	for i, x := range items {
		w := ws.list[to[i]]
		w.list = append(w.list, x)
		w.wake.Signal()
	}
	return true
}

// route says which of n writers takes each command: the one of its lane. Lanes that are joined by a command following one of another lane in
// the same question go together, so that the parent is written first; so does what is said, and what time is reported, after a contract was
// accepted.
func route(items []*item, n int) []int {
	to := make([]int, len(items))
	if n == 1 {
		return to
	}
	laneOf := map[string]string{} // of a command's id
	first := map[string]string{}  // of a lane: the lane it goes with
	accepted := ""                // the lane in which a contract begins
	find := func(lane string) string {
		for first[lane] != lane {
			lane = first[lane]
		}
		return lane
	}
	for _, x := range items {
		if _, ok := first[x.cmd.Lane]; !ok {
			first[x.cmd.Lane] = x.cmd.Lane
		}
		for _, id := range x.cmd.After {
			if parent, ok := laneOf[id]; ok {
				first[find(x.cmd.Lane)] = find(parent)
			}
		}
		if accepted != "" && (frees(x.does) || x.scopes != nil && timed(x.does)) {
			first[find(x.cmd.Lane)] = find(accepted)
		}
		if _, ok := x.does.(workroom.AcceptContract); ok {
			accepted = x.cmd.Lane
		}
		laneOf[x.cmd.ID] = x.cmd.Lane
	}
	for i, x := range items {
		h := fnv.New32a()
		_, _ = h.Write([]byte(find(x.cmd.Lane))) // never fails
		to[i] = int(h.Sum32() % uint32(n))
	}
	return to
}

// frees reports whether a contract allows more in a command: its sides may share contact details, in any room (P-06).
func frees(c workroom.Command) bool { _, ok := c.(workroom.Speaker); return ok }

// timed reports whether a command, sound in its shape, records time.
func timed(c workroom.Command) bool { _, ok := around(c); return ok }

// stop lets the batches being written finish and refuses what waits.
func (ws *writers) stop() {
	ws.mu.Lock()
	ws.end = true
	for _, w := range ws.list {
		w.wake.Signal()
	}
	ws.mu.Unlock()
	for _, w := range ws.list {
		<-w.gone
	}
}

func (w *writer) loop() {
	defer close(w.gone)
	for {
		w.of.mu.Lock()
		for len(w.list) == 0 && !w.of.end {
			w.wake.Wait()
		}
		n := min(len(w.list), maxTogether)
		batch := w.list[:n:n]
		w.list = w.list[n:]
		if len(w.list) == 0 {
			w.list = nil
		}
		end := w.of.end
		w.of.mu.Unlock()
		if end {
			w.putOff(batch, workroom.Busy, "")
			if len(batch) == 0 {
				return
			}
			continue
		}
		w.batch(batch)
	}
}

// outcome is what a transaction decided; it counts only after its commit.
type outcome struct {
	results []wire.Result
	stopped map[*group]map[string]bool
	hints   []store.Hint
}

// batch stores commands in one transaction; if the database fails on it, one by one, so that one bad command costs no other. A database that
// cannot be reached is asked again first: what it may have stored all the same is then answered from the records.
func (w *writer) batch(items []*item) {
	ctx := context.Background() // a caller who leaves does not undo what others sent
	o, err := w.transaction(ctx, items)
	for tries := 0; tries < awayTries && store.IsAway(err); tries++ {
		time.Sleep(50 * time.Millisecond << tries)
		o, err = w.transaction(ctx, items)
	}
	switch {
	case err == nil:
		w.s.tell(o.hints)
		for g, lanes := range o.stopped {
			g.stop(lanes)
		}
		for i, x := range items {
			x.group.answer(x.index, o.results[i])
			if _, ok := x.does.(workroom.SetBlock); ok {
				w.s.hurry()
			}
		}
	case store.IsAway(err):
		p := w.s.fail(ctx, "reach the database", err)
		w.putOff(items, workroom.Busy, p.Detail)
	case store.IsFull(err):
		p := w.s.fail(ctx, "store commands", err)
		w.putOff(items, p.Code, p.Detail)
	case len(items) > 1:
		for _, x := range items {
			w.batch([]*item{x})
		}
	default:
		p := w.s.incident(ctx, "store a command", err, stackOf(err))
		if stackOf(err) == "" {
			w.putOff(items, p.Code, p.Detail+" Incident "+p.Incident+".")
			return
		}
		r := w.poisoned(ctx, items[0], p)
		if holds(items[0], r) {
			items[0].group.stop(map[string]bool{items[0].cmd.Lane: true})
		}
		items[0].group.answer(items[0].index, r)
	}
}

// putOff answers "later" and lets what follows in the same lanes wait, so that nothing overtakes.
func (w *writer) putOff(items []*item, c workroom.Code, text string) {
	for _, x := range items {
		x.group.stop(map[string]bool{x.cmd.Lane: true})
		x.group.answer(x.index, later(x, c, text))
	}
}

func later(x *item, c workroom.Code, text string) wire.Result {
	if text == "" {
		text = workroom.Refuse(c).Text
	}
	return wire.Result{ID: x.cmd.ID, Status: wire.Later, Code: c, Text: text, Retry: workroom.RetryLater}
}

func (w *writer) transaction(ctx context.Context, items []*item) (o *outcome, err error) {
	defer func() {
		if p := recover(); p != nil { // the transaction was rolled back; the writer must live
			err = &panicked{p, string(debug.Stack())}
		}
	}()
	err = w.s.store.Write(ctx, func(tx store.Tx) error {
		o = &outcome{results: make([]wire.Result, len(items)), stopped: map[*group]map[string]bool{}}
		b := store.NewBatch(ctx, tx)
		if err := prepare(b, items, w.s.store.Shared()); err != nil {
			return err
		}
		for i, x := range items {
			r, err := w.decide(ctx, b, o, x)
			if err != nil {
				return err
			}
			o.results[i] = r
			if holds(x, r) {
				if o.stopped[x.group] == nil {
					o.stopped[x.group] = map[string]bool{}
				}
				o.stopped[x.group][x.cmd.Lane] = true
			}
		}
		for i, x := range items { // a later command of the batch may have ended a right that an earlier one's answer was made by (I10)
			if len(o.results[i].Things) == 0 {
				continue
			}
			things, err := w.visible(b, x.caller.Account, o.results[i].Things)
			if err != nil {
				return err
			}
			o.results[i].Things = things
		}
		var err error
		o.hints, err = b.Flush()
		return err
	})
	return o, err
}

// prepare locks all that the commands may touch and then reads, in one query, what they will ask for.
func prepare(b *store.Batch, items []*item, shared bool) error {
	var scopes []workroom.Scope
	var a store.Ahead
	for _, x := range items {
		scopes = append(scopes, x.scopes...)
		a.Records = append(a.Records, x.ahead.Records...)
		a.Devices = append(a.Devices, x.ahead.Devices...)
		a.Roots = append(a.Roots, x.ahead.Roots...)
		a.Things = append(a.Things, x.ahead.Things...)
	}
	more, err := neighbours(b, items)
	if err != nil {
		return err
	}
	if err := b.Lock(append(scopes, more...)...); err != nil {
		return err
	}
	if shared {
		if err := unmoved(b, items); err != nil {
			return err
		}
	}
	return b.Ahead(a)
}

// plan finds out, before anything is locked, which scopes a command may touch and what it will ask for. A command that will be refused
// for its shape touches nothing.
func (x *item) plan() {
	defer func() {
		if recover() != nil { // the same panic is met again when the command is decided, and answered there
			x.scopes, x.ahead = nil, store.Ahead{}
		}
	}()
	if !workroom.ValidID(x.cmd.ID) {
		return
	}
	who := x.caller.Account
	x.ahead.Records = append(x.ahead.Records, store.Asking{Account: who, ID: x.cmd.ID})
	if x.cmd.N > 0 {
		x.ahead.Devices = append(x.ahead.Devices, store.Asking{Account: who, ID: x.caller.Device})
	}
	if x.decode != nil || len(x.cmd.After) > maxAfter || x.does.Check() != nil {
		return
	}
	scopes := x.does.Scopes()
	if len(scopes) > maxScopes {
		return
	}
	for _, s := range scopes {
		if !s.Valid() {
			return
		}
	}
	x.scopes = scopes
	x.speaks, x.tells = speaks(x.does)
	for _, id := range x.cmd.After {
		if workroom.ValidID(id) {
			x.ahead.Records = append(x.ahead.Records, store.Asking{Account: who, ID: id})
		}
	}
	x.ahead.Things = append(x.ahead.Things, x.does.Wants()...)
	x.ahead.Things = append(x.ahead.Things, workroom.Ref{Scope: workroom.AccountScope(who), Kind: workroom.KindAccount, ID: string(who)}) // whether it may send
	for _, s := range scopes {
		switch s.Kind() {
		case "a":
			continue
		case "r": // nearly every command of a room asks who its sender is there; a message must be new
			x.ahead.Things = append(x.ahead.Things,
				workroom.Ref{Scope: s, Kind: workroom.KindMember, ID: string(who)}, workroom.Ref{Scope: s, Kind: workroom.KindMessage, ID: x.cmd.ID})
		}
		x.ahead.Roots = append(x.ahead.Roots, s.Root())
	}
}

// holds reports whether the rest of a command's lane must wait after this result.
func holds(x *item, r wire.Result) bool {
	switch r.Status {
	case wire.Later, wire.DepWait:
		return true
	case wire.Rejected:
		return workroom.Ops[x.cmd.Op].Policy == workroom.Hold
	}
	return false
}

// group is one question with its commands; a lane that stands still inside it does so for the commands that follow.
type group struct {
	mu      sync.Mutex
	results []wire.Result
	stopped map[string]bool // lanes
	left    int
	done    chan struct{}
}

func newGroup(n int) *group {
	return &group{results: make([]wire.Result, n), stopped: map[string]bool{}, left: n, done: make(chan struct{})}
}

// stands reports whether a lane waits after a command before.
func (g *group) stands(lane string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.stopped[lane]
}

func (g *group) stop(lanes map[string]bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	maps.Copy(g.stopped, lanes)
}

func (g *group) answer(i int, r wire.Result) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.results[i] = r
	g.left--
	if g.left == 0 {
		close(g.done)
	}
}
