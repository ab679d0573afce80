package courier

import "context"

// renew gives this device another id, because the service saw two computers under one: a copied profile. What waits goes again under its
// own ids, so that whichever of the two brought it first, it is there once (sync.md §9).
func (c *Courier) renew(ctx context.Context, a actRenew) event {
	c.rep.Landed(a.ids...)
	device, inc := c.o.NewID(), c.o.NewID()
	err := c.fail(PointRenew)
	if err == nil {
		err = c.rep.Renew(ctx, device, inc)
	}
	if err == nil {
		c.o.Logf("this device has a new id: another computer uses a copy of its profile")
		c.o.Renewed(device, inc)
	}
	return evRenewed{a.lane, a.until, err}
}
