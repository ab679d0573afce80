package courier

import (
	"slices"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Watch names what is on screen, at most 32 scopes: the service sends what is written there as it happens, and this copy learns at once of
// anything it missed. It replaces what was watched before and never blocks.
func (c *Courier) Watch(scopes ...workroom.Scope) {
	list := slices.Clone(scopes[:min(len(scopes), wire.MaxWatch)])
	slices.Sort(list)
	list = slices.Compact(list)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.look == nil && slices.Equal(list, c.m.live.want) || c.look != nil && slices.Equal(list, *c.look) {
		return
	}
	c.look = &list
	select {
	case c.looked <- struct{}{}:
	default:
	}
}

// looking is the newest wish of Watch.
func (c *Courier) looking() event {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.look == nil {
		return nil
	}
	ev := evWatch{*c.look}
	c.look = nil
	return ev
}
