package courier

import (
	"context"
	"errors"

	"trestle/internal/replica"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// olderPage is how many older messages are asked for in one go: the most a service gives (wire.Range). Whoever goes far back waits for many
// pages, and what is read backwards comes in windows of as many.
const olderPage = 200

// Older brings the next 200 older messages of a room. It answers false when all are here.
func (c *Courier) Older(ctx context.Context, scope workroom.Scope) (bool, error) {
	v, err, _ := c.one.Do("older "+string(scope), func() (any, error) {
		want, more, err := c.rep.BeginHistory(ctx, scope)
		if err != nil || !more {
			return false, err
		}
		out, err := c.asker().Range(ctx, wire.Range{Scope: scope, Before: want.Before, Limit: olderPage, Min: want.Min})
		if err != nil {
			failed := c.rep.Apply(context.WithoutCancel(ctx), replica.History{Want: want, Failed: true})
			return false, errors.Join(err, failed)
		}
		return out.More, c.rep.Apply(ctx, replica.History{Want: want, RangeOut: *out})
	})
	more, _ := v.(bool)
	return more, err
}
