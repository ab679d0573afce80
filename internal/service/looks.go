package service

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"trestle/internal/service/store"
	"trestle/internal/workroom"
)

// witness writes down who is handed a picture of a work diary (T-09): before a byte of it leaves, so that nobody sees one unseen, whatever
// program they use. Many pictures are asked for at once, so what is asked while one transaction is written goes into the next together.
type witness struct {
	mu      sync.Mutex
	waiting []*looked
	turn    sync.Mutex // held by who writes
}

// looked is one delivery.
type looked struct {
	file *store.File
	who  workroom.AccountID
	seen workroom.Seen
	done bool
	err  error
}

// mostLooks is how many deliveries are written together.
const mostLooks = 64

// privately reports whether a file is a picture of a work diary that somebody else than its freelancer asks for.
func privately(f *store.File, who workroom.AccountID) bool {
	return f.Root.Kind() == "k" && f.Owner != who
}

// witnessed writes down that the caller is handed a file, if it is a picture of a work diary. Without that it is not handed out.
func (s *Service) witnessed(ctx context.Context, f *store.File, large bool) error {
	who := callerOf(ctx).Account
	if !privately(f, who) {
		return nil
	}
	x := &looked{file: f, who: who, seen: workroom.Seen{At: s.now().Unix(), Large: large}}
	l := &s.witness
	l.mu.Lock()
	l.waiting = append(l.waiting, x)
	l.mu.Unlock()
	l.turn.Lock()
	defer l.turn.Unlock()
	if x.done {
		return x.err
	}
	l.mu.Lock()
	n := min(len(l.waiting), mostLooks)
	batch := slices.Clone(l.waiting[:n])
	l.waiting = l.waiting[n:]
	if !slices.Contains(batch, x) { // behind more than one transaction holds: those before write theirs themselves
		batch = append(batch, x)
		l.waiting = slices.DeleteFunc(l.waiting, func(y *looked) bool { return y == x })
	}
	l.mu.Unlock()
	err := s.writeLooks(context.WithoutCancel(ctx), batch)
	for _, y := range batch {
		y.done = true
		y.err = cmp.Or(y.err, err)
	}
	return x.err
}

// writeLooks runs the rule of NoteLooks for deliveries, in the name of those who look, in one transaction.
func (s *Service) writeLooks(ctx context.Context, batch []*looked) error {
	type reader struct {
		who   workroom.AccountID
		scope workroom.Scope
	}
	var hints []store.Hint
	err := s.store.Write(ctx, func(tx store.Tx) error {
		hints = nil
		told := map[reader]*workroom.NoteLooks{}
		var order []reader
		var lock []workroom.Scope
		for _, x := range batch {
			x.err = nil
			ref, ok, err := tx.ShotOf(ctx, x.file)
			if err != nil {
				return err
			}
			if !ok { // deleted a moment ago
				x.err = workroom.Refuse(workroom.Gone)
				continue
			}
			k := reader{x.who, ref.Scope}
			if told[k] == nil {
				told[k] = &workroom.NoteLooks{Contract: workroom.ContractID(ref.Scope.Owner()), Week: ref.Scope.Part(), Who: x.who}
				order, lock = append(order, k), append(lock, told[k].Scopes()...)
			}
			told[k].Looks = append(told[k].Looks, workroom.LookAt{Shot: ref.ID, Seen: x.seen})
		}
		if len(order) == 0 {
			return nil
		}
		b := store.NewBatch(ctx, tx)
		if err := b.Lock(lock...); err != nil {
			return err
		}
		now := s.now()
		for _, k := range order {
			view := b.View(told[k].Scopes())
			changes, r := workroom.Run(*told[k], workroom.Asked{By: k.who, At: now}, view)
			switch {
			case view.Err != nil:
				return view.Err
			case r != nil:
				return r
			case len(changes) == 0: // of the last minutes already
				continue
			}
			if _, _, err := b.Write(k.who, now, "", changes); err != nil {
				return err
			}
		}
		var err error
		hints, err = b.Flush()
		return err
	})
	if err == nil {
		s.tell(hints)
	}
	return err
}
