package replica

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"trestle/internal/outbox"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// EnqueueOpts goes with a command.
type EnqueueOpts struct {
	ID         string        // the command's id, a UUIDv7; empty = a new one
	After      []string      // commands of this device that must be accepted first; uploads, and what creates the room or contract, are added by themselves
	About      string        // what a waiting command is about, for the screen that shows it
	At         time.Time     // the moment of the act; zero = now
	Hold       time.Duration // how long it waits at least before it goes out, so that it can be taken back whole; at most outbox.MaxWait
	ClearDraft workroom.RoomID
	Uploads    []Upload // files that go first, stored in the same transaction
	// Seen are the revs a screen showed of things this copy does not hold, such as an offer looked at by its link; they stand in for the
	// copy's own where a command expects such a thing.
	Seen []wire.Expect
	// Tracked goes with the report of a slice that is still open: the heartbeat of the same moment, in the same transaction. A report that
	// closes the slice ends what is being recorded.
	Tracked *Tracked
}

// settle is how long commands wait for a newer one of their kind before they go out: a read marker until reading rests,
// a notepad until typing rests, and how far others are told one has read.
var settle = map[workroom.Op]time.Duration{
	workroom.OpSetMarker: 1500 * time.Millisecond, workroom.OpSetNote: 2 * time.Second, workroom.OpSetReceipt: 2 * time.Second,
}

// Enqueue runs a command's rule over base ⊕ effects and stores it with what it changes. When it returns, the act is on the disk and on
// screen. A *workroom.Refusal is for the person, at once, and nothing was stored. The id answered is that of the row the command went
// into: where a newer act replaces a waiting one in place, the older one's.
func (r *Replica) Enqueue(ctx context.Context, c workroom.Command, o EnqueueOpts) (string, error) {
	if ref := c.Check(); ref != nil {
		return "", ref
	}
	if o.ID == "" {
		o.ID = r.o.NewID()
	}
	if !workroom.ValidID(o.ID) || len(o.After) > maxAfter {
		return "", workroom.Refuse(workroom.BadInput)
	}
	if o.At.IsZero() {
		o.At = r.o.Now()
	}
	if x, ok := c.(workroom.Composer); ok {
		c = x.ComposedAt(o.At.UnixMicro())
	}
	args, err := workroom.EncodeCommand(c)
	if err != nil {
		return "", err
	}
	if len(args) > outbox.MaxBytes {
		return "", workroom.Refuse(workroom.TooLarge)
	}
	id := o.ID
	err = r.write(ctx, true, func(t *tx) error {
		var err error
		if c, args, err = t.above(c, args); err != nil {
			return err
		}
		if id, err = t.enqueue(c, args, o); err != nil {
			return err
		}
		t.tell(OutboxScope)
		if err := t.track(c, o.Tracked); err != nil {
			return err
		}
		if o.ClearDraft == "" {
			return nil
		}
		return t.clearDraft(o.ClearDraft)
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

// above says in a message what stood above it when it was written, unless it says so already. Other commands stay as they are.
func (t *tx) above(c workroom.Command, args []byte) (workroom.Command, []byte, error) {
	m, ok := c.(workroom.SendMessage)
	if !ok || m.Above != 0 {
		return c, args, nil
	}
	s, err := findScope(t.link, workroom.RoomScope(m.Room))
	if err != nil {
		return nil, nil, err
	}
	if s != nil { // of what is here: the rest may still be on its way
		if _, err := t.scan(`SELECT mn FROM base WHERE sc=? AND kind='message' ORDER BY born DESC LIMIT 1`, []any{s.sc}, &m.Above); err != nil {
			return nil, nil, fmt.Errorf("find what stands above a message: %w", err)
		}
	}
	if m.Above <= 0 {
		m.Above = -1
	}
	args, err = workroom.EncodeCommand(m)
	return m, args, err
}

func (t *tx) enqueue(c workroom.Command, args []byte, o EnqueueOpts) (string, error) {
	for _, u := range o.Uploads {
		if err := t.enqueueUpload(u, o.At); err != nil {
			return "", err
		}
		o.After = append(o.After, string(u.ID))
	}
	if err := t.mayWrite(c); err != nil {
		return "", err
	}
	parents, err := t.parents(o.After)
	if err != nil {
		return "", err
	}
	if parents, err = t.creators(parents, c.Scopes()); err != nil {
		return "", err
	}
	if !opensScopes(c) {
		if parents, err = t.questions(parents, c.Scopes()); err != nil {
			return "", err
		}
	}
	row := &outbox.Row{
		ID: o.ID, Account: t.r.o.Account, Device: t.r.Device(), Lane: c.Lane(), Op: c.Op(), V: workroom.Ops[c.Op()].V, Args: args,
		After: parents, About: o.About, At: o.At.UnixMicro(),
	}
	if x, ok := c.(workroom.Expecter); ok {
		if row.Expect, err = t.expects(x.Expects(), o.Seen); err != nil {
			return "", err
		}
	}
	if d := max(settle[row.Op], min(o.Hold, outbox.MaxWait)); d > 0 {
		row.NotBefore = o.At.Add(d).UnixMicro()
	}
	if f, ok := c.(workroom.Folder); ok {
		row.Fold = f.FoldKey()
		if id, done, err := t.fold(c, row); done || err != nil {
			return id, err
		}
	}
	v := t.view(all)
	changes, refusal := workroom.Run(c, asked(row), v)
	if v.err != nil {
		return "", v.err
	}
	if refusal != nil {
		return "", refusal
	}
	if err := outbox.Insert(t, row); err != nil {
		return "", err
	}
	if workroom.Ops[row.Op].Class != workroom.AtOnce {
		return row.ID, nil
	}
	effects, err := t.plan(changes, v, row.Pos)
	if err != nil {
		return "", err
	}
	if err := t.store(row.N, row.Account, row.At, effects, v.reads); err != nil {
		return "", err
	}
	for _, ch := range changes {
		t.tell(ch.Ref.Scope)
	}
	return row.ID, nil
}

// mayWrite refuses at once what goes into an archive, unless it is what lets the account in again.
func (t *tx) mayWrite(c workroom.Command) error {
	if j, ok := c.(workroom.Joiner); ok && j.Joins() {
		return nil
	}
	for _, name := range c.Scopes() {
		s, err := t.scope(name)
		if err != nil {
			return err
		}
		if s.state == Archived {
			return &workroom.Refusal{Code: workroom.NoAccess, Text: "This is kept as an archive, to read only: it is not open to you any more."}
		}
	}
	return nil
}

// fold puts a newer command into the place of a waiting one of the same op, lane and fold key that was never attempted: the row keeps
// its id, n and pos. It declines where the newer one names a parent written after that row.
func (t *tx) fold(c workroom.Command, newer *outbox.Row) (string, bool, error) {
	old, err := outbox.Foldable(t, newer.Op, newer.Lane, newer.Fold)
	if err != nil || old == nil {
		return "", false, err
	}
	for _, id := range newer.After {
		if p, err := outbox.ByID(t, id); err != nil {
			return "", false, err
		} else if p == nil || p.Pos >= old.Pos {
			return "", false, nil
		}
		if !slices.Contains(old.After, id) {
			old.After = append(old.After, id)
		}
	}
	if m, ok := c.(workroom.Merger); ok {
		was, err := outbox.Decode(*old)
		if err != nil {
			return "", false, nil
		}
		c = m.Joined(was)
		if c.Check() != nil || c.Lane() != old.Lane {
			return "", false, nil
		}
		if newer.Args, err = workroom.EncodeCommand(c); err != nil {
			return "", false, err
		}
		if len(newer.Args) > outbox.MaxBytes {
			return "", false, nil
		}
	}
	old.V, old.Args, old.At, old.NotBefore, old.Expect = newer.V, newer.Args, newer.At, newer.NotBefore, newer.Expect
	v := t.view(old.N)
	if _, refusal := workroom.Run(c, asked(old), v); refusal != nil {
		return "", true, refusal
	} else if v.err != nil {
		return "", true, v.err
	}
	if err := outbox.Replace(t, old); err != nil {
		return "", true, err
	}
	differs, err := t.rerun(old.N)
	if err != nil {
		return "", true, err
	}
	return old.ID, true, t.rebase(differs)
}
