package service

import (
	"fmt"
	"time"

	"trestle/internal/service/store"
	"trestle/internal/workroom"
)

// aDay is over what new rooms and invitations are counted.
const aDay = 24 * time.Hour

// maxReports is how many reports an account may make within a day. Each is kept with the words around it, for a person to judge.
const maxReports = 50

// mayMake puts a new room or invitation, or a report, off that is one too many of its author's within a day (P-25): it goes out by itself when
// the oldest of them is a day old.
func (w *writer) mayMake(b *store.Batch, x *item) (*workroom.Refusal, error) {
	now, most, what, count := w.s.now(), w.s.cfg.Limits.Rooms, "new rooms and invitations", b.Rooms
	switch {
	case x.does.Op() == workroom.OpMakeReport:
		most, what, count = maxReports, "reports", b.Reported
	case !store.Makes(x.does.Op()):
		return nil, nil
	}
	if most < 0 {
		return nil, nil
	}
	n, oldest, err := count(x.caller.Account, now.Add(-aDay))
	if err != nil || n < most {
		return nil, err
	}
	left := max(oldest.Add(aDay).Sub(now), time.Minute)
	wait := fmt.Sprintf("%d hours", int((left+time.Hour-1)/time.Hour))
	if left <= time.Hour {
		wait = fmt.Sprintf("%d minutes", int((left+time.Minute-1)/time.Minute))
	}
	return &workroom.Refusal{Code: workroom.Rate, Text: fmt.Sprintf("%d %s are possible a day. This one goes out by itself in %s.", most, what, wait)}, nil
}
