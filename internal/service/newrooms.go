package service

import (
	"fmt"
	"time"

	"trestle/internal/service/store"
	"trestle/internal/workroom"
)

// aDay is over what new rooms and invitations are counted.
const aDay = 24 * time.Hour

// mayMake puts a new room or invitation off that is one too many of its author's within a day (P-25): it goes out by itself when the oldest
// of them is a day old.
func (w *writer) mayMake(b *store.Batch, x *item) (*workroom.Refusal, error) {
	most := w.s.cfg.Limits.Rooms
	if most < 0 || !store.Makes(x.does.Op()) {
		return nil, nil
	}
	now := w.s.now()
	n, oldest, err := b.Rooms(x.caller.Account, now.Add(-aDay))
	if err != nil || n < most {
		return nil, err
	}
	left := max(oldest.Add(aDay).Sub(now), time.Minute)
	wait := fmt.Sprintf("%d hours", int((left+time.Hour-1)/time.Hour))
	if left <= time.Hour {
		wait = fmt.Sprintf("%d minutes", int((left+time.Minute-1)/time.Minute))
	}
	return &workroom.Refusal{Code: workroom.Rate, Text: fmt.Sprintf("%d new rooms and invitations are possible a day. This one goes out by itself in %s.", most, wait)}, nil
}
