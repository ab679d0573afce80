package service

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"trestle/internal/service/store"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

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
	if r, ok, err := w.pruned(b, x, res); ok || err != nil {
		return r, err
	}
	if x.group.stands(x.cmd.Lane) || o.stopped[x.group][x.cmd.Lane] {
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
		res = w.refuse(b, x, refusal)
		if err := placeless(b, x, res, w.s.now()); err != nil {
			return res, err
		}
		if res.Code == workroom.Moved {
			res.Things, err = w.present(b, x)
		}
		return res, err
	}
	space := ""
	if sp, ok := x.does.(workroom.Spacer); ok {
		space = sp.Space()
	}
	at := w.s.now()
	lost, err := unpictured(b, x, changes)
	if err != nil {
		return res, err
	}
	things, seqs, err := b.Write(x.caller.Account, at, space, changes)
	if err != nil {
		return res, err
	}
	if f, ok := x.does.(workroom.Filer); ok && len(changes) > 0 {
		for _, id := range f.FileIDs() {
			b.Name(x.caller.Account, id, seqs[changes[0].Ref.Scope])
		}
	}
	eraseDeleted(b, changes, at)
	for _, id := range lost {
		b.Erase(x.caller.Account, id, at)
	}
	if len(changes) > 0 {
		if err := w.arbitrate(b, x); err != nil {
			return res, err
		}
	}
	b.Keep(&store.Record{
		Account: x.caller.Account, ID: x.cmd.ID, Device: x.caller.Device, N: x.cmd.N, Op: x.cmd.Op, Hash: x.hash, Status: wire.OK, At: at.UnixMicro(),
	}, seqs)
	if err := w.answerAway(b, x); err != nil {
		return res, err
	}
	if err := w.blocked(b, x); err != nil {
		return res, err
	}
	if err := w.offered(b, changes); err != nil {
		return res, err
	}
	if err := w.reported(b, x); err != nil {
		return res, err
	}
	if len(changes) > 0 {
		if err := w.noticed(b, x); err != nil {
			return res, err
		}
	}
	res.Status = wire.OK
	if err := placeless(b, x, res, at); err != nil {
		return res, err
	}
	if len(changes) == 0 {
		res.Things, err = w.stands(b, x)
	} else {
		res.Things, err = w.visible(b, x.caller.Account, things)
	}
	return res, err
}

// stands are the things a command would have changed, had they not been so already: another device did the same before. Without them the
// caller's copy would show the state before until that device's change is pulled.
func (w *writer) stands(b *store.Batch, x *item) ([]wire.Thing, error) {
	out := []wire.Thing{}
	for _, ref := range x.does.Wants() {
		t, ok, err := b.Present(x.caller.Account, ref)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, t)
		}
	}
	return out, nil
}

// eraseDeleted takes the bytes from the files that changes mark as deleted, and from those that go with their message, whose author sent them.
func eraseDeleted(b *store.Batch, changes []workroom.Change, at time.Time) {
	author := workroom.AccountID("")
	for _, c := range changes {
		if m, ok := c.Thing.(*workroom.Message); ok && m.Deleted != 0 {
			author = m.Author
		}
	}
	for _, c := range changes {
		f, ok := c.Thing.(*workroom.File)
		switch {
		case ok && f.Deleted != 0:
			b.Erase(f.Author, f.ID, at)
		case c.Thing == nil && c.Ref.Kind == workroom.KindFile && author != "":
			b.Erase(author, workroom.FileID(c.Ref.ID), at)
		}
	}
}

// pruned answers a command that is older than the records that are kept: ok if what it created is there and is its author's, else expired,
// so that it never runs a second time (sync.md §9).
func (w *writer) pruned(b *store.Batch, x *item, res wire.Result) (wire.Result, bool, error) {
	if x.cmd.N <= 0 {
		return res, false, nil
	}
	n, err := b.Pruned(x.caller.Account, x.caller.Device)
	if err != nil || x.cmd.N > n {
		return res, false, err
	}
	made, err := b.Made(x.caller.Account, x.cmd.ID, x.scopes)
	if err != nil {
		return res, false, err
	}
	if made {
		res.Status = wire.OK
		return res, true, nil
	}
	return w.refuse(b, x, workroom.Refuse(workroom.Expired)), true, nil
}

// repeat answers a command that was answered before: the same once more, or id_reuse if it is another one.
func (w *writer) repeat(b *store.Batch, x *item, known *store.Record) (wire.Result, error) {
	res := wire.Result{ID: x.cmd.ID}
	if known.Hash != x.hash {
		return refused(res, workroom.Refuse(workroom.IDReuse)), nil
	}
	res.Status = known.Status
	if known.Status == wire.Rejected {
		res = refused(res, &workroom.Refusal{Code: known.Code, Text: known.Detail, Field: known.Field})
		var err error
		if res.Code == workroom.Moved {
			res.Things, err = w.present(b, x)
		}
		return res, err
	}
	things, err := b.Written(known)
	if err != nil {
		return res, err
	}
	res.Things, err = w.visible(b, x.caller.Account, things)
	return res, err
}

// visible leaves out what a command wrote where its author may not read: not any more, or not so far back (I10).
func (w *writer) visible(b *store.Batch, who workroom.AccountID, things []wire.Thing) ([]wire.Thing, error) {
	out := []wire.Thing{}
	for _, t := range things {
		a, ok, err := b.Access(who, t.Scope.Root())
		if err != nil {
			return nil, err
		}
		if ok && (!t.Kind.Dated() || t.Born >= a.FromBorn) {
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

// fault answers a command whose rule is broken: later, and the third time rejected, so that poison blocks a lane for a while only. How often
// it was stands in the database: the device may ask another node, or the same one after a restart.
func (w *writer) fault(ctx context.Context, b *store.Batch, x *item, fault error) (wire.Result, error) {
	w.s.faults.Add(1)
	n, err := b.Fault(x.caller.Account, x.cmd.ID, w.s.now())
	if err != nil {
		return wire.Result{}, err
	}
	p := w.s.incident(ctx, "run "+string(x.does.Op()), fault, stackOf(fault))
	r := &workroom.Refusal{Code: workroom.Internal, Text: p.Detail + " Incident " + p.Incident + "."}
	if n >= maxPanics {
		return w.refuse(b, x, r), nil
	}
	return later(x, r.Code, r.Text), nil
}

// poisoned counts a command that broke its transaction outside its rule, which took the count with it; the third time it is rejected in a
// transaction of its own.
func (w *writer) poisoned(ctx context.Context, x *item, why *wire.Problem) wire.Result {
	w.s.faults.Add(1)
	r := &workroom.Refusal{Code: workroom.Internal, Text: why.Detail + " Incident " + why.Incident + "."}
	res := later(x, r.Code, r.Text)
	err := w.s.store.Write(ctx, func(tx store.Tx) error {
		n, err := tx.Fault(ctx, x.caller.Account, x.cmd.ID, w.s.now())
		if err != nil || n < maxPanics {
			return err
		}
		b := store.NewBatch(ctx, tx)
		if err := b.Lock(); err != nil {
			return err
		}
		res = w.refuse(b, x, r)
		_, err = b.Flush()
		return err
	})
	if err != nil {
		w.s.incident(ctx, "count a fault", err, "")
		return later(x, r.Code, r.Text)
	}
	return res
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
