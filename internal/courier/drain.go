package courier

import (
	"context"
	"errors"
	"fmt"
	"time"

	"trestle/internal/outbox"
)

// Drain returns when everything that can go has gone and everything there is has come: the sync verb. What the service refused, and what
// stands behind it, does not hold it up. Run must be running. If the person must sign in, or the context ends, the error says why.
func (c *Courier) Drain(ctx context.Context) error {
	c.mu.Lock()
	round, refused := c.m.headsRound, c.m.upgrade.refused
	c.mu.Unlock()
	c.post(ctx, evSync{})
	for {
		c.mu.Lock()
		quiet, dirty := c.m.quiet() && c.m.headsRound > round, c.m.dirty
		phase, why, tooOld := c.m.phase, c.m.why, c.m.upgrade.refused > refused
		moved := c.moved
		c.mu.Unlock()
		if phase == Paused || tooOld {
			return fmt.Errorf("sync: %w", why)
		}
		if quiet {
			if n, err := c.live(ctx); err != nil {
				return fmt.Errorf("sync: %w", err)
			} else if n == 0 && !dirty {
				return nil
			} else if n == 0 { // what was accepted may have opened something new
				c.post(ctx, evSync{})
			}
		}
		select {
		case <-moved:
		case <-time.After(time.Second): // a row may have become ready or been discarded without a step
		case <-ctx.Done():
			if why != nil {
				return fmt.Errorf("sync: %w", errors.Join(why, ctx.Err()))
			}
			return fmt.Errorf("sync: %w", ctx.Err())
		}
	}
}

// live counts the rows that can still go without a person.
func (c *Courier) live(ctx context.Context) (int, error) {
	rows, err := c.rep.Rows(ctx)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, s := range outbox.States(rows, c.o.Now().UnixMicro()) {
		if s == outbox.Queued || s == outbox.Sending || s == outbox.Later {
			n++
		}
	}
	return n, nil
}
