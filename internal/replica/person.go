package replica

import (
	"context"
	"errors"
	"slices"

	"trestle/internal/outbox"
	"trestle/internal/workroom"
)

// Item is one waiting command as the outbox screen shows it.
type Item struct {
	outbox.Row
	State    outbox.State
	Command  workroom.Command // nil for an upload, or if this program cannot read it
	Upload   *Upload          // of an upload
	Progress *Progress        // of an upload under way
	Present  *Row             // of one refused as moved: what it was about, as it is now; nil if that is not here
}

// Outbox lists everything that is waiting or was refused, in order of pos.
func (r *Replica) Outbox(ctx context.Context) ([]Item, error) {
	return r.items(ctx, func(Item) bool { return true })
}

// Waiting lists what is still on its way.
func (r *Replica) Waiting(ctx context.Context) ([]Item, error) {
	return r.items(ctx, func(i Item) bool { return i.Verdict == outbox.None })
}

// NotSent lists what the service refused and the person has not decided about.
func (r *Replica) NotSent(ctx context.Context) ([]Item, error) {
	return r.items(ctx, func(i Item) bool { return i.Verdict != outbox.None })
}

// About lists the waiting and refused commands that say they are about a thing.
func (r *Replica) About(ctx context.Context, about string) ([]Item, error) {
	return r.items(ctx, func(i Item) bool { return i.About == about })
}

func (r *Replica) items(ctx context.Context, keep func(Item) bool) ([]Item, error) {
	var rows []outbox.Row
	err := r.read(ctx, func(l *link) (err error) {
		rows, err = outbox.ListFull(l)
		return err
	})
	if err != nil {
		return nil, err
	}
	r.markFlying(rows)
	states := outbox.States(rows, r.o.Now().UnixMicro())
	var out []Item
	for _, row := range rows {
		i := Item{Row: row, State: states[row.ID]}
		if !keep(i) {
			continue
		}
		if row.Op == workroom.OpUpload {
			if u, err := DecodeUpload(&row); err == nil {
				i.Upload = &u
			}
			r.flyMu.Lock()
			if p, ok := r.carried[row.ID]; ok {
				i.Progress = &p
			}
			r.flyMu.Unlock()
		} else if c, err := outbox.Decode(row); err == nil {
			i.Command = c
		}
		if row.Code == workroom.Moved && len(row.Expect) > 0 {
			x := row.Expect[0]
			if now, known, err := r.Thing(ctx, workroom.Ref{Scope: x.Scope, Kind: x.Kind, ID: x.ID}); err != nil {
				return nil, err
			} else if known == workroom.Held {
				i.Present = &now
			}
		}
		out = append(out, i)
	}
	return out, nil
}

// Count is how many commands are still on their way, and how many were refused.
func (r *Replica) Count(ctx context.Context) (waiting, refused int, err error) {
	err = r.read(ctx, func(l *link) error {
		_, err := l.scan(`SELECT COALESCE(SUM(verdict=''),0),COALESCE(SUM(verdict<>''),0) FROM outbox`, nil, &waiting, &refused)
		return err
	})
	return waiting, refused, err
}

// Retry sends a command again that was refused, or that the service lost and asks about. The latter keeps its id; the former goes under a new id
// and number, at the place it had in its lane, and those that were refused because of it follow. The new id is answered. A *workroom.Refusal says that it cannot work, and nothing was changed.
func (r *Replica) Retry(ctx context.Context, id string) (string, error) {
	return r.decide(ctx, func(t *tx, m touched) (string, error) {
		row, err := t.refused(id)
		if err != nil {
			return "", err
		}
		return t.again(row, m)
	})
}

// EditArgs gives a refused or never attempted command other arguments, and other parents. A refused one goes again as by Retry.
func (r *Replica) EditArgs(ctx context.Context, id string, c workroom.Command, after []string) (string, error) {
	if ref := c.Check(); ref != nil {
		return "", ref
	}
	return r.decide(ctx, func(t *tx, m touched) (string, error) {
		row, err := outbox.ByID(t, id)
		if err != nil {
			return "", err
		}
		if row == nil {
			return "", workroom.Refuse(workroom.Gone)
		}
		if row.Op != c.Op() || row.Lane != c.Lane() || row.Verdict == outbox.Confirm {
			return "", workroom.Refuse(workroom.BadInput)
		}
		if x, ok := c.(workroom.Composer); ok {
			c = x.ComposedAt(row.At)
		}
		if row.Args, err = workroom.EncodeCommand(c); err != nil {
			return "", err
		}
		if c, row.Args, err = t.above(c, row.Args); err != nil {
			return "", err
		}
		if len(row.Args) > outbox.MaxBytes {
			return "", workroom.Refuse(workroom.TooLarge)
		}
		if row.After, err = t.parents(after); err != nil {
			return "", err
		}
		row.V = workroom.Ops[row.Op].V
		if row.Verdict != outbox.None {
			return t.again(row, m)
		}
		if err := t.mayChange(row); err != nil {
			return "", err
		}
		if err := outbox.Replace(t, row); err != nil {
			return "", err
		}
		differs, err := t.rerun(row.N)
		for s := range differs {
			m[s] = true
		}
		return row.ID, err
	})
}

// Discard takes a refused or never attempted command away for good. Those that needed it are refused.
func (r *Replica) Discard(ctx context.Context, id string) error {
	_, err := r.decide(ctx, func(t *tx, m touched) (string, error) {
		row, err := outbox.ByID(t, id)
		if err != nil || row == nil {
			return "", err
		}
		if row.Verdict == outbox.None && row.Op != workroom.OpUpload { // an upload nothing names yet can be called off any time
			if err := t.mayChange(row); err != nil {
				return "", err
			}
		}
		old, err := t.clear(row.N)
		if err != nil {
			return "", err
		}
		m.add(old)
		if err := outbox.Delete(t, row.N); err != nil {
			return "", err
		}
		if err := t.scrubs(OutboxScope, command, row.ID); err != nil {
			return "", err
		}
		if row.Op == workroom.OpUpload {
			if u, err := DecodeUpload(row); err == nil {
				if err := t.forgetFile(string(u.ID)); err != nil {
					return "", err
				}
			}
		}
		return "", t.refuseChildren(row.ID, "", m)
	})
	return err
}

func (r *Replica) decide(ctx context.Context, fn func(*tx, touched) (string, error)) (string, error) {
	var id string
	err := r.write(ctx, true, func(t *tx) (err error) {
		m := touched{}
		if id, err = fn(t, m); err != nil {
			return err
		}
		t.tell(OutboxScope)
		return t.rebase(m)
	})
	var ref *workroom.Refusal
	if errors.As(err, &ref) {
		return "", ref
	}
	if err == nil {
		r.acted()
	}
	return id, err
}

// mayChange refuses to touch a command that may be at the service already.
func (t *tx) mayChange(row *outbox.Row) error {
	if row.Attempts > 0 {
		return &workroom.Refusal{Code: workroom.Busy, Text: "This may have reached the service already. Wait until it answers."}
	}
	return nil
}

func (t *tx) refused(id string) (*outbox.Row, error) {
	row, err := outbox.ByID(t, id)
	if err != nil {
		return nil, err
	}
	if row == nil || row.Verdict == outbox.None {
		return nil, workroom.Refuse(workroom.Gone)
	}
	return row, nil
}

// confirm sends a command again that the service acked and lost, as it was: the service may know its id after all. It expects what the
// person sees now.
func (t *tx) confirm(row *outbox.Row, m touched) error {
	c, err := outbox.Decode(*row)
	if err != nil {
		return &workroom.Refusal{Code: workroom.ClientTooOld, Text: "This version of Trestle cannot read this. It is kept; please update."}
	}
	if x, ok := c.(workroom.Expecter); ok {
		if row.Expect, err = t.expects(x.Expects(), nil); err != nil {
			return err
		}
		if err := outbox.SetExpect(t, row.N, row.Expect); err != nil {
			return err
		}
	}
	if err := outbox.Judge(t, row.N, outbox.None, "", "", ""); err != nil {
		return err
	}
	row.Verdict = outbox.None
	effects, err := t.run(row)
	m.add(effects)
	return err
}

// again puts a refused row back under a new id and n at its old pos, then those that were refused because of it.
func (t *tx) again(row *outbox.Row, m touched) (string, error) {
	if row.Verdict == outbox.Confirm {
		return row.ID, t.confirm(row, m)
	}
	if _, err := t.parents(row.After); err != nil {
		return "", err
	}
	was := row.ID
	if row.Verdict == outbox.Rejected || row.Code == workroom.IDReuse {
		row.ID = t.r.o.NewID()
	}
	if row.Op != workroom.OpUpload {
		c, err := outbox.Decode(*row)
		if err != nil {
			return "", &workroom.Refusal{Code: workroom.ClientTooOld, Text: "This version of Trestle cannot read this. It is kept; please update."}
		}
		if n, ok := c.(workroom.Renamer); ok {
			c = n.WithID(row.ID)
			if row.Args, err = workroom.EncodeCommand(c); err != nil {
				return "", err
			}
			row.Lane = c.Lane()
		}
		row.At = t.r.o.Now().UnixMicro()
		v := t.view(all)
		if _, refusal := workroom.Run(c, asked(row), v); refusal != nil {
			return "", refusal
		} else if v.err != nil {
			return "", v.err
		}
	}
	if err := outbox.Delete(t, row.N); err != nil {
		return "", err
	}
	if row.ID != was {
		if err := t.scrubs(OutboxScope, command, was); err != nil { // what becomes of its words is asked of the new one
			return "", err
		}
	}
	row.NotBefore, row.Verdict = 0, outbox.None
	row.Recovered = row.Recovered && row.Op != workroom.OpUpload // wished anew: what becomes of it now counts for what names it
	if err := outbox.Insert(t, row); err != nil {
		return "", err
	}
	effects, err := t.run(row)
	if err != nil {
		return "", err
	}
	m.add(effects)
	kids, err := outbox.Children(t, was)
	if err != nil {
		return "", err
	}
	for i := range kids {
		k := &kids[i]
		if j := slices.Index(k.After, was); j >= 0 {
			k.After[j] = row.ID
		}
		if err := outbox.SetAfter(t, k.N, k.After); err != nil {
			return "", err
		}
		if k.Verdict != outbox.Rejected || k.Code != workroom.DepFailed {
			continue
		}
		if _, err := t.again(k, m); err != nil {
			var ref *workroom.Refusal
			if !errors.As(err, &ref) {
				return "", err
			} // it stays refused: another parent is missing, or its rule says no
		}
	}
	return row.ID, nil
}
