package app

import (
	"context"
	"log/slog"
	"time"

	"trestle/internal/workroom"
)

// expireEvery is how often it is looked for pictures and counts whose time is over.
const expireEvery = 6 * time.Hour

// expireFirst is how long the first look waits, so that the service can tell the time before: by a wrong clock much would be read anew.
const expireFirst = time.Minute

// followExpiry takes pictures and input counts off this computer when their time is over (W-27), whether the service is reached or not. It
// waits by after, which is time.After.
func (s *Session) followExpiry(ctx context.Context, after func(time.Duration) <-chan time.Time) {
	for wait := expireFirst; ; {
		select {
		case <-ctx.Done():
			return
		case <-after(wait):
		}
		now := time.Now()
		offset, at, told := s.courier.Offset()
		if told {
			now = expiryNow(now, offset, at)
		}
		s.expire(ctx, now, told)
		wait = expireEvery
		if !told {
			wait /= 12 // the service may be reached soon
		}
	}
}

// bestNow is this computer's clock, put right by the service's where the service told it since the start.
func (s *Session) bestNow() (now time.Time, told bool) {
	offset, _, told := s.courier.Offset()
	return time.Now().Add(offset), told
}

// expiryNow is the service's time by a comparison at an instant, but never later than what passed since: this computer's clock may have been
// set meanwhile.
func expiryNow(now time.Time, offset time.Duration, at time.Time) time.Time {
	best, passed := now.Round(0).Add(offset), at.Round(0).Add(offset+now.Sub(at))
	if passed.Before(best) {
		return passed
	}
	return best
}

// expire does it once. What is nowhere else goes only by a clock that the service told: this machine's alone may be wrong by months.
func (s *Session) expire(ctx context.Context, now time.Time, told bool) {
	n, err := s.replica.Expire(ctx, now, told)
	if err != nil && ctx.Err() == nil {
		slog.Error("expire pictures", "error", traceOf(err))
	}
	if s.track != nil && told {
		n += s.track.shots.expire(ctx, now)
	}
	if n > 0 {
		slog.Info("pictures and counts were kept as long as the contract says", "gone", n)
	}
}

// expire drops pictures that were never sent and whose time is over.
func (h *shots) expire(ctx context.Context, now time.Time) (n int) {
	for _, one := range h.waiting() {
		history := workroom.LongestKept()
		if c, _, err := h.t.s.contract(string(one.Shot.Contract)); err == nil {
			if known, err := h.t.s.history(ctx, one.Shot.Contract, c); err == nil {
				history = known
			}
		}
		if now.Before(history.KeptUntil(time.Unix(one.Shot.At, 0))) {
			continue
		}
		h.drop(one)
		n++
	}
	return n
}

// expiryRows are the lines of a stretch of time in the log that say what is not kept any more.
func (b *book) expiryRows(from, to time.Time) (out []TimeLogRow) {
	for week, e := range b.expiries {
		w, err := workroom.ParseWeek(week)
		if err != nil || !w.Start().Before(to) || !from.Before(w.End()) {
			continue
		}
		out = append(out, TimeLogRow{At: e.At / 1000, What: "expired", From: w.Start().UnixMilli(), To: w.End().UnixMilli(), Value: e.Says()})
	}
	return out
}
