package service

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime/debug"
	"strings"
	"sync"
	"unicode"

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

// decide answers one command. An error is the database's and undoes the batch; everything else is a result.
func (w *writer) decide(ctx context.Context, b *store.Batch, o *outcome, x *item) (wire.Result, error) {
	res := wire.Result{ID: x.cmd.ID}
	if !workroom.ValidID(x.cmd.ID) || len(x.cmd.Op) > 64 || strings.ContainsFunc(string(x.cmd.Op), unicode.IsControl) || len(x.cmd.Lane) > 200 {
		return refused(res, workroom.Refuse(workroom.BadInput)), nil
	}
	known, err := b.Record(x.caller.Account, x.cmd.ID)
	if err != nil {
		return res, err
	}
	if known != nil {
		return w.repeat(b, x, known)
	}
	if x.group.stopped[x.cmd.Lane] || o.stopped[x.group][x.cmd.Lane] {
		res.Status = wire.NotRun
		return res, nil
	}
	changes, refusal, wait, err := w.run(b, x)
	if err != nil {
		if wait == "" {
			return res, err
		}
		return w.fault(ctx, b, x, err)
	}
	if wait != "" {
		res.Status, res.Retry = wait, workroom.RetryLater
		return res, nil
	}
	if refusal != nil {
		return w.refuse(b, x, refusal), nil
	}
	space := ""
	if sp, ok := x.does.(workroom.Spacer); ok {
		space = sp.Space()
	}
	at := w.s.now()
	things, seqs, err := b.Write(x.caller.Account, at, space, changes)
	if err != nil {
		return res, err
	}
	if f, ok := x.does.(workroom.Filer); ok && len(changes) > 0 {
		for _, id := range f.FileIDs() {
			b.Name(id, seqs[changes[0].Ref.Scope])
		}
	}
	b.Keep(&store.Record{
		Account: x.caller.Account, ID: x.cmd.ID, Device: x.caller.Device, N: x.cmd.N, Op: x.cmd.Op, Hash: x.hash, Status: wire.OK, At: at.UnixMicro(),
	}, seqs)
	res.Status = wire.OK
	res.Things, err = w.visible(b, x.caller.Account, things)
	return res, err
}

// repeat answers a command that was answered before: the same once more, or id_reuse if it is another one.
func (w *writer) repeat(b *store.Batch, x *item, known *store.Record) (wire.Result, error) {
	res := wire.Result{ID: x.cmd.ID}
	if known.Hash != x.hash {
		return refused(res, workroom.Refuse(workroom.IDReuse)), nil
	}
	res.Status = known.Status
	if known.Status == wire.Rejected {
		return refused(res, &workroom.Refusal{Code: known.Code, Text: known.Detail, Field: known.Field}), nil
	}
	things, err := b.Written(known)
	if err != nil {
		return res, err
	}
	res.Things, err = w.visible(b, x.caller.Account, things)
	return res, err
}

// visible leaves out what a command wrote where its author may not read.
func (w *writer) visible(b *store.Batch, who workroom.AccountID, things []wire.Thing) ([]wire.Thing, error) {
	out := []wire.Thing{}
	for _, t := range things {
		_, ok, err := b.Access(who, t.Scope.Root())
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, t)
		}
	}
	return out, nil
}

func refused(res wire.Result, r *workroom.Refusal) wire.Result {
	res.Status, res.Code, res.Text, res.Field, res.Retry = wire.Rejected, r.Code, r.Text, r.Field, r.Code.Retry()
	if res.Retry == workroom.RetryLater {
		res.Status = wire.Later
	}
	return res
}

// refuse records a refusal that is final, so that the same command always gets the same answer.
func (w *writer) refuse(b *store.Batch, x *item, r *workroom.Refusal) wire.Result {
	res := refused(wire.Result{ID: x.cmd.ID}, r)
	if res.Status == wire.Rejected {
		b.Keep(&store.Record{
			Account: x.caller.Account, ID: x.cmd.ID, Device: x.caller.Device, N: x.cmd.N, Op: x.cmd.Op, Hash: x.hash, Status: wire.Rejected,
			Code: r.Code, Detail: r.Text, Field: r.Field, At: w.s.now().UnixMicro(),
		}, nil)
	}
	return res
}

// fault answers a command whose rule is broken: later, and the third time rejected, so that poison blocks a lane for a while only.
func (w *writer) fault(ctx context.Context, b *store.Batch, x *item, fault error) (wire.Result, error) {
	k := string(x.caller.Account) + "." + x.cmd.ID
	w.panics[k]++
	p := w.s.incident(ctx, "run "+string(x.does.Op()), fault, stackOf(fault))
	r := &workroom.Refusal{Code: workroom.Internal, Text: p.Detail + " Incident " + p.Incident + "."}
	if w.panics[k] >= maxPanics {
		delete(w.panics, k)
		return w.refuse(b, x, r), nil
	}
	return later(x, r.Code, r.Text), nil
}

type panicked struct {
	value any
	stack string
}

func (p *panicked) Error() string {
	if e, ok := p.value.(interface{ RuntimeError() }); ok {
		return fmt.Sprint("panic: ", e)
	}
	return fmt.Sprintf("panic: %T", p.value) // the value may be a person's text
}

func stackOf(err error) string {
	var p *panicked
	if errors.As(err, &p) {
		return p.stack
	}
	return ""
}
