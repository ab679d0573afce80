package courier

import (
	"context"
	"errors"

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
		err := c.listen(ctx, func(e wire.Event) {
			c.heardSign(e)
			c.post(ctx, evFrame{e})
		})
		c.lostSigns()
		c.post(ctx, evStream{err})
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
		out, lost, err := c.send(ctx, a.ids)
		return told(evSent{a.lane, a.ids, out, lost, err})
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

// send counts the attempt on the disk, then asks. Commands go out byte for byte as they were stored, under the epoch the copy knows; lost
// says that the service has another and ran nothing.
func (c *Courier) send(ctx context.Context, ids []string) (out *wire.CommandsOut, lost bool, err error) {
	epoch, err := c.rep.Epoch(ctx)
	if err != nil {
		return nil, false, err
	}
	rows, err := c.rep.Attempt(ctx, ids...)
	if err != nil || len(rows) == 0 {
		return nil, false, err
	}
	if err := c.fail(PointAttempted); err != nil {
		return nil, false, err
	}
	in := wire.Commands{Device: c.rep.Device(), Inc: c.rep.Incarnation(), Epoch: epoch}
	for i := range rows {
		r := &rows[i]
		in.Cmds = append(in.Cmds, wire.Command{ID: r.ID, N: r.N, Lane: r.Lane, Op: r.Op, V: r.V, Args: r.Args, After: r.After, Expect: r.Expect})
	}
	client := c.asker()
	if out, err = client.Commands(ctx, in); err == nil {
		err = c.fail(PointAnswered)
	} else if wire.Kept(err) {
		c.untry(ctx, rows)
	}
	lost = err == nil && epoch != "" && out.Epoch != epoch
	for i := 0; lost && i < len(out.Results); i++ {
		lost = out.Results[i].Status == wire.NotRun // a service that does not look at the epoch ran them
	}
	return out, lost, c.fresh(client, err)
}

// untry takes back the attempt of commands of which nothing left this computer, while they still count as under way.
func (c *Courier) untry(ctx context.Context, rows []outbox.Row) {
	ids := make([]string, len(rows))
	for i := range rows {
		ids[i] = rows[i].ID
	}
	if err := c.rep.Unattempt(context.WithoutCancel(ctx), ids...); err != nil {
		c.o.Logf("take an attempt back: %v", err)
	}
}
