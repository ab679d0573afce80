package courier

import (
	"context"
	"errors"

	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Older brings the next 50 older messages of a room. It answers false when all are here.
func (c *Courier) Older(ctx context.Context, scope workroom.Scope) (bool, error) {
	v, err, _ := c.one.Do("older "+string(scope), func() (any, error) {
		want, more, err := c.rep.BeginHistory(ctx, scope)
		if err != nil || !more {
			return false, err
		}
		out, err := c.asker().Range(ctx, wire.Range{Scope: scope, Before: want.Before, Limit: 50, Min: want.Min})
		if err != nil {
			failed := c.rep.Apply(context.WithoutCancel(ctx), replica.History{Want: want, Failed: true})
			return false, errors.Join(err, failed)
		}
		return out.More, c.rep.Apply(ctx, replica.History{Want: want, RangeOut: *out})
	})
	more, _ := v.(bool)
	return more, err
}
