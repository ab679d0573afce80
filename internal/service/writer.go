package service

import (
	"context"
	"maps"
	"runtime/debug"
	"sync"

	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Limits of the writer.
const (
	maxTogether = 32 // commands of one transaction
	maxQueue    = 4096
	maxRows     = 500 // rows one command may write
	maxScopes   = 4
	maxPanics   = 3
)

// writer runs commands one batch after the other: it takes what queued during its last commit and never waits to fill up (sync.md §3).
type writer struct {
	s    *Service
	mu   sync.Mutex
	wake *sync.Cond
	list []*item
	end  bool
	gone chan struct{}

	panics map[string]int // by account and command id; only the goroutine of the writer looks
}

func newWriter(s *Service) *writer {
	w := &writer{s: s, gone: make(chan struct{}), panics: map[string]int{}}
	w.wake = sync.NewCond(&w.mu)
	go w.loop()
	return w
}

// add queues a question's commands; false if there is too much to do.
func (w *writer) add(items []*item) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.end || len(w.list)+len(items) > maxQueue {
		return false
	}
	w.list = append(w.list, items...)
	w.wake.Signal()
	return true
}

func (w *writer) stop() {
	w.mu.Lock()
	w.end = true
	w.wake.Signal()
	w.mu.Unlock()
	<-w.gone
}

func (w *writer) loop() {
	defer close(w.gone)
	for {
		w.mu.Lock()
		for len(w.list) == 0 && !w.end {
			w.wake.Wait()
		}
		n := min(len(w.list), maxTogether)
		batch := w.list[:n:n]
		w.list = w.list[n:]
		if len(w.list) == 0 {
			w.list = nil
		}
		end := w.end
		w.mu.Unlock()
		if end {
			for _, x := range batch {
				w.answer(x, later(x, workroom.Busy, ""))
			}
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

// batch stores commands in one transaction; if the database fails on it, one by one, so that one bad command costs no other.
func (w *writer) batch(items []*item) {
	ctx := context.Background() // a caller who leaves does not undo what others sent
	o, err := w.transaction(ctx, items)
	switch {
	case err == nil:
		for _, h := range o.hints {
			w.s.hub.Tell(h.Head, h.To)
		}
		for g, lanes := range o.stopped {
			maps.Copy(g.stopped, lanes)
		}
		for i, x := range items {
			w.answer(x, o.results[i])
		}
	case store.IsFull(err):
		p := w.s.fail(ctx, "store commands", err)
		for _, x := range items {
			w.answer(x, later(x, p.Code, p.Detail))
		}
	case len(items) > 1:
		for _, x := range items {
			w.batch([]*item{x})
		}
	default:
		p := w.s.incident(ctx, "store a command", err, stackOf(err))
		r := later(items[0], p.Code, p.Detail+" Incident "+p.Incident+".")
		items[0].group.stopped[items[0].cmd.Lane] = true
		w.answer(items[0], r)
	}
}

func (w *writer) answer(x *item, r wire.Result) {
	x.group.results[x.index] = r
	x.group.left--
	if x.group.left == 0 {
		close(x.group.done)
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
	o = &outcome{results: make([]wire.Result, len(items)), stopped: map[*group]map[string]bool{}}
	err = w.s.store.Write(ctx, func(tx store.Tx) error {
		b := store.NewBatch(ctx, tx)
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
		var err error
		o.hints, err = b.Flush()
		return err
	})
	return o, err
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
