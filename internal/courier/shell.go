package courier

import (
	"context"
	"errors"
	"slices"

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
	case actLand:
		c.rep.Landed(a.ids...)
		return told(evApplied{a.lane, nil})
	}
	return told(nil)
}

func (c *Courier) gone(ctx context.Context, scopes []workroom.Scope) event {
	err := c.fail(PointGone)
	if err == nil {
		err = c.rep.Apply(ctx, replica.Gone{Scopes: scopes})
	}
	if err != nil {
		c.o.Logf("remove what is gone: %v", err) // the next heads say it again
	}
	return nil
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
		for _, x := range cursors {
			if replica.Root(x.Scope) && x.Hold == replica.Whole {
				held = append(held, wire.Head{Scope: x.Scope, Gen: x.Gen, Seq: x.Seq})
			}
		}
		tag = wire.HeadsTag(epoch, held)
	}
	client := c.asker()
	out, err := client.Heads(ctx, tag)
	if err != nil {
		return told(evHeads{err: c.fresh(client, err)})
	}
	if out.Same {
		return told(evHeads{heads: out, cursors: cursors})
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

func (c *Courier) open(ctx context.Context, a actOpen) finish {
	client := c.asker()
	out, err := client.Open(ctx, wire.Open{Scopes: a.scopes, Tail: a.tail})
	if err != nil {
		return told(evOpened{scopes: a.scopes, err: c.fresh(client, err)})
	}
	return func(ctx context.Context) event {
		err := c.fail(PointOpened)
		if err == nil {
			err = c.rep.Apply(ctx, replica.Opened{Epoch: out.Epoch, Scopes: out.Scopes})
		}
		if err != nil {
			return evOpened{scopes: a.scopes, err: err}
		}
		seqs := map[workroom.Scope]int64{}
		for _, o := range out.Scopes {
			if !o.Gone {
				seqs[o.Scope] = o.Seq
			}
		}
		return evOpened{scopes: a.scopes, seqs: seqs}
	}
}

func (c *Courier) pull(ctx context.Context, s workroom.Scope) finish {
	cur, err := c.rep.Cursor(ctx, s)
	if err != nil {
		return told(evPulled{scope: s, err: err})
	}
	if cur.Hold != replica.Whole {
		return told(evPulled{scope: s, reset: true})
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
	if page.Reset != "" {
		return told(evPulled{scope: s, reset: true})
	}
	return func(ctx context.Context) event {
		err := c.fail(PointPage)
		if err == nil {
			err = c.rep.Apply(ctx, replica.Page{Scope: s, Epoch: epoch, Gen: cur.Gen, After: cur.Seq, Page: *page})
		}
		if errors.Is(err, replica.ErrStale) {
			return evPulled{scope: s, seq: cur.Seq, more: true} // it was opened anew meanwhile
		}
		grant := slices.ContainsFunc(page.Things, func(x wire.Thing) bool { return x.Kind == workroom.KindGrant })
		return evPulled{scope: s, seq: page.Seq, more: page.More, grant: grant, err: err}
	}
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
	in := wire.Commands{Device: c.rep.Device()}
	for i := range rows {
		r := &rows[i]
		in.Cmds = append(in.Cmds, wire.Command{ID: r.ID, N: r.N, Lane: r.Lane, Op: r.Op, V: r.V, Args: r.Args, After: r.After})
	}
	client := c.asker()
	out, err := client.Commands(ctx, in)
	if err == nil {
		err = c.fail(PointAnswered)
	}
	return out, c.fresh(client, err)
}
