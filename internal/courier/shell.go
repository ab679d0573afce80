package courier

import (
	"context"
	"errors"
	"slices"

	"trestle/internal/outbox"
	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// finish is the second half of an act: it stores what the first half was answered and says what came of it; nil for nothing to tell.
type finish func(ctx context.Context) event

// told is a finish that has nothing left to store.
func told(ev event) finish { return func(context.Context) event { return ev } }

// do does one act and tells what came of it.
func (c *Courier) do(ctx context.Context, a act) {
	switch a.(type) {
	case actConnect:
		c.post(ctx, evStream{c.listen(ctx, func(e wire.Event) { c.post(ctx, evFrame{e}) })})
		return
	case actOpen, actPull:
		c.reading <- struct{}{}
		defer func() { <-c.reading }()
	}
	if ev := c.ask(ctx, a)(ctx); ev != nil {
		c.post(ctx, ev)
	}
}

// ask does the first half of an act: it reads the copy and asks the service, and stores nothing of the answer. The attempt of a command
// is counted here, on the disk, because it must stand before the command can be anywhere.
func (c *Courier) ask(ctx context.Context, a act) finish {
	switch a := a.(type) {
	case actHeads:
		return c.heads(ctx)
	case actOpen:
		return c.open(ctx, a)
	case actPull:
		return c.pull(ctx, a.scope)
	case actFrames:
		return func(ctx context.Context) event { return c.frames(ctx, a) }
	case actWatch:
		client := c.asker()
		out, err := client.Watch(ctx, wire.Watch{Conn: a.conn, Scopes: a.scopes})
		if err != nil {
			return told(evWatched{conn: a.conn, err: c.fresh(client, err)})
		}
		return told(evWatched{a.conn, a.turn, out.Heads, nil})
	case actCut:
		c.cutStream()
	case actCompare:
		return c.compareNext(ctx)
	case actGone:
		return func(ctx context.Context) event { return c.gone(ctx, a.scopes) }
	case actWeeks:
		list, err := c.rep.WeeksBehind(ctx)
		return told(evWeeks{list, err})
	case actChoose:
		rows, err := c.rep.Rows(ctx)
		if err != nil {
			c.o.Logf("look at the outbox: %v", err)
		}
		return told(evRows{a.gen, rows, err})
	case actSend:
		out, err := c.send(ctx, a.ids)
		return told(evSent{a.lane, a.ids, out, err})
	case actUpload:
		vanished, err := c.upload(ctx, a.id)
		return told(evUploaded{a.id, vanished, err})
	case actApply:
		return func(ctx context.Context) event { return c.settle(ctx, a) }
	case actPutOff:
		return func(ctx context.Context) event {
			err := c.rep.Defer(ctx, a.until, a.code, a.text, a.ids[0])
			c.rep.Landed(a.ids...)
			return evApplied{a.lane, err}
		}
	case actStrike:
		return func(ctx context.Context) event { return c.strike(ctx, a) }
	case actRenew:
		return func(ctx context.Context) event { return c.renew(ctx, a) }
	case actLand:
		c.rep.Landed(a.ids...)
		return told(evApplied{a.lane, nil})
	}
	return told(nil)
}

// frames stores rows of the live channel, one command after the other, as far as they go.
func (c *Courier) frames(ctx context.Context, a actFrames) event {
	done := evFramed{scope: a.scope}
	for _, f := range a.rows {
		if done.err = c.fail(PointFrame); done.err == nil {
			done.err = c.rep.Apply(ctx, replica.Frame{Epoch: a.epoch, Rows: f})
		}
		if done.err != nil {
			return done
		}
		done.mark = mark{f.Gen, f.Seq, f.Tag}
		done.grant = done.grant || grants(f.Things)
	}
	return done
}

func (c *Courier) strike(ctx context.Context, a actStrike) event {
	set, err := c.rep.Strike(ctx, a.ids[0], a.until, a.code, a.text)
	if set {
		c.o.Logf("set aside %s: the service failed over it %d times", a.ids[0], outbox.MaxFails)
	}
	c.rep.Landed(a.ids...)
	return evApplied{a.lane, err}
}

// gone removes scopes that are not open to the account any more. While commands the service had acked and lost are on their way back to it,
// one of them may be what makes the scope there: nothing is removed before they are settled (sync.md §12).
func (c *Courier) gone(ctx context.Context, scopes []workroom.Scope) event {
	rows, err := c.rep.Rows(ctx)
	if err == nil {
		states := outbox.States(rows, c.o.Now().UnixMicro())
		for i := range rows {
			if s := states[rows[i].ID]; rows[i].Recovered && (s == outbox.Queued || s == outbox.Sending || s == outbox.Later) {
				return evGone{kept: true}
			}
		}
		err = c.fail(PointGone)
	}
	if err == nil {
		err = c.rep.Apply(ctx, replica.Gone{Scopes: scopes})
	}
	if err != nil {
		c.o.Logf("remove what is gone: %v", err)
		return evGone{kept: true}
	}
	return evGone{scopes: scopes}
}

func (c *Courier) settle(ctx context.Context, a actApply) event {
	err := c.fail(PointResults)
	if err == nil {
		err = c.rep.Apply(ctx, a.Results)
	}
	if err != nil {
		c.o.Logf("store the service's answers: %v", err)
		ids := make([]string, len(a.Results.Results))
		for i, r := range a.Results.Results {
			ids[i] = r.ID
		}
		c.rep.Landed(ids...) // the same ids go again, and the service gives the same answers
	}
	return evApplied{a.lane, err}
}

// listen holds the live channel until it ends and says why it did.
func (c *Courier) listen(ctx context.Context, on func(wire.Event)) error {
	ctx, cut := context.WithCancelCause(ctx)
	defer cut(nil)
	c.mu.Lock()
	c.cut = func() { cut(errCut) }
	client := c.client
	c.mu.Unlock()
	err := client.Events(ctx, on)
	if errors.Is(context.Cause(ctx), errCut) {
		return errCut
	}
	return c.fresh(client, err)
}

// heads asks for the heads under the tag of the cursors held, and makes a new epoch known before anything of it is looked at.
func (c *Courier) heads(ctx context.Context) finish {
	epoch, err := c.rep.Epoch(ctx)
	if err != nil {
		return told(evHeads{err: err})
	}
	cursors, err := c.rep.Cursors(ctx)
	if err != nil {
		return told(evHeads{err: err})
	}
	tag := ""
	if epoch != "" {
		var held []wire.Head
		ahead := false
		for _, x := range cursors {
			if replica.Root(x.Scope) && x.Hold == replica.Whole {
				held = append(held, wire.Head{Scope: x.Scope, Gen: x.Gen, Seq: x.Seq})
				ahead = ahead || x.Ahead > x.Seq
			}
		}
		if !ahead { // what was acked beyond the cursors has to show in the heads themselves
			tag = wire.HeadsTag(epoch, held)
		}
	}
	client := c.asker()
	out, err := client.Heads(ctx, tag)
	if err != nil {
		return told(evHeads{err: c.fresh(client, err)})
	}
	c.tellClock()
	if out.Same {
		return told(evHeads{heads: out, cursors: cursors})
	}
	if !c.ours(out.Scopes) {
		return told(evHeads{err: c.fresh(client, errForeign)})
	}
	return func(ctx context.Context) event {
		if err := c.fail(PointHeads); err != nil {
			return evHeads{err: err}
		}
		if out.Epoch != epoch {
			if err := c.rep.Apply(ctx, replica.Epoch{Epoch: out.Epoch}); err != nil {
				return evHeads{err: err}
			}
		}
		cursors, err := c.rep.Cursors(ctx)
		if err != nil {
			return evHeads{err: err}
		}
		return evHeads{heads: out, cursors: cursors}
	}
}

// ours reports whether heads are those of this copy's account: each account reads its own scope and nobody else's.
func (c *Courier) ours(heads []wire.Head) bool {
	mine := workroom.AccountScope(c.rep.Account())
	return slices.ContainsFunc(heads, func(h wire.Head) bool { return h.Scope == mine })
}

// errForeign says that the token is another account's. Nothing of this copy is sent or removed under it.
var errForeign = &wire.Error{Code: workroom.SignedOut, Retry: workroom.RetryAuth,
	Text: "Somebody else is signed in here. Sign in as the account whose work this is; everything waiting is kept."}

func (c *Courier) open(ctx context.Context, a actOpen) finish {
	client := c.asker()
	out, err := client.Open(ctx, wire.Open{Scopes: a.scopes, Tail: a.tail})
	if err != nil {
		return told(evOpened{scopes: a.scopes, err: c.fresh(client, err)})
	}
	return func(ctx context.Context) event {
		if client != c.asker() {
			return evOpened{scopes: a.scopes, err: errReplaced} // the answer to another token, perhaps another account's
		}
		err := c.fail(PointOpened)
		if err == nil {
			err = c.rep.Apply(ctx, replica.Opened{Epoch: out.Epoch, Scopes: out.Scopes})
		}
		if err != nil {
			return evOpened{scopes: a.scopes, err: err}
		}
		marks := map[workroom.Scope]mark{}
		for _, o := range out.Scopes {
			if !o.Gone {
				marks[o.Scope] = mark{o.Gen, o.Seq, o.Tag}
			}
		}
		return evOpened{scopes: a.scopes, marks: marks}
	}
}

func (c *Courier) pull(ctx context.Context, s workroom.Scope) finish {
	cur, err := c.rep.Cursor(ctx, s)
	if err != nil {
		return told(evPulled{scope: s, err: err})
	}
	if cur.Hold != replica.Whole {
		return told(evPulled{scope: s, reset: unheld})
	}
	epoch, err := c.rep.Epoch(ctx)
	if err != nil {
		return told(evPulled{scope: s, err: err})
	}
	client := c.asker()
	page, err := client.Pull(ctx, wire.Pull{Scope: s, Epoch: epoch, Gen: cur.Gen, After: cur.Seq, Tag: cur.Tag})
	if err != nil {
		return told(evPulled{scope: s, err: c.fresh(client, err)})
	}
	if page.Reset == "" && (page.Seq < cur.Seq || !page.More && page.Seq < cur.Ahead) {
		page.Reset = wire.ResetFork // the service's numbers end before the cursor, or before what it acked earlier
	}
	if page.Reset != "" {
		return func(ctx context.Context) event { return c.reset(ctx, s, page.Reset) }
	}
	return func(ctx context.Context) event {
		err := c.fail(PointPage)
		if err == nil {
			err = c.rep.Apply(ctx, replica.Page{Scope: s, Epoch: epoch, Gen: cur.Gen, After: cur.Seq, Page: *page})
		}
		if errors.Is(err, replica.ErrStale) {
			return evPulled{scope: s, mark: mark{cur.Gen, cur.Seq, cur.Tag}, more: true} // it was opened anew meanwhile
		}
		if errors.Is(err, replica.ErrFork) {
			return c.reset(ctx, s, wire.ResetFork)
		}
		if err != nil {
			return evPulled{scope: s, err: err}
		}
		done := evPulled{scope: s, mark: mark{cur.Gen, page.Seq, page.Tag}, more: page.More, grant: grants(page.Things)}
		if c.differs(ctx, s, page) {
			done.reset = unlike
		}
		return done
	}
}

// Reasons of this side to open a scope anew.
const (
	unheld wire.Reset = "unheld" // it is not here whole
	unlike wire.Reset = "unlike" // its digest is not the service's
)

// reset makes room for a scope's true state. A fork is one of everything: the service was put back to an earlier day, so the copy gives up
// all its cursors, and what this account had acked is offered again (replica.Fork; sync.md §12).
func (c *Courier) reset(ctx context.Context, s workroom.Scope, why wire.Reset) event {
	c.o.Logf("open %s anew: %s", s, why)
	if why != wire.ResetFork {
		return evPulled{scope: s, reset: why}
	}
	err := c.fail(PointFork)
	if err == nil {
		err = c.rep.Apply(ctx, replica.Fork{Scope: s})
	}
	return evPulled{scope: s, reset: why, err: err}
}

func grants(things []wire.Thing) bool {
	return slices.ContainsFunc(things, func(x wire.Thing) bool { return x.Kind == workroom.KindGrant })
}

// send counts the attempt on the disk, then asks. Commands go out byte for byte as they were stored.
func (c *Courier) send(ctx context.Context, ids []string) (*wire.CommandsOut, error) {
	rows, err := c.rep.Attempt(ctx, ids...)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	if err := c.fail(PointAttempted); err != nil {
		return nil, err
	}
	in := wire.Commands{Device: c.rep.Device(), Inc: c.rep.Incarnation()}
	for i := range rows {
		r := &rows[i]
		in.Cmds = append(in.Cmds, wire.Command{ID: r.ID, N: r.N, Lane: r.Lane, Op: r.Op, V: r.V, Args: r.Args, After: r.After, Expect: r.Expect})
	}
	client := c.asker()
	out, err := client.Commands(ctx, in)
	if err == nil {
		err = c.fail(PointAnswered)
	}
	return out, c.fresh(client, err)
}
