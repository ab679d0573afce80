package courier

import (
	"context"
	"errors"
	"slices"

	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

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
				held = append(held, wire.Head{Scope: x.Scope, Gen: x.Gen, Seq: x.Seq, Tag: x.Tag})
				ahead = ahead || x.Ahead > x.Seq || x.Unproven > 0
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
	var acked []string
	if cur.Unproven > 0 {
		if acked, err = c.rep.Unproven(ctx, s); err != nil {
			return told(evPulled{scope: s, err: err})
		}
	}
	client := c.asker()
	page, err := client.Pull(ctx, wire.Pull{Scope: s, Epoch: epoch, Gen: cur.Gen, After: cur.Seq, Tag: cur.Tag, Acked: acked})
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
			err = c.rep.Apply(ctx, replica.Page{Scope: s, Epoch: epoch, Gen: cur.Gen, After: cur.Seq, Acked: acked, Page: *page})
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
