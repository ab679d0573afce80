package app

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"trestle/internal/outbox"
	"trestle/internal/tracker"
	"trestle/internal/workroom"
)

// clockEvery is how often the tracker compares its clock with the service's, after the first time.
const clockEvery = time.Minute

// clocked is told by the courier how far the service's clock is ahead of this computer's, before anything is sent: what was tracked by a
// wrong clock is put right first (tracker.md §5).
func (s *Session) clocked(offset time.Duration, at time.Time) {
	if s.track == nil {
		return
	}
	if err := s.track.do(s.ctx, func() { s.track.compare(offset, at) }); err != nil && s.ctx.Err() == nil {
		slog.Warn("compare the clocks", "error", traceOf(err))
	}
}

// clockAgain is how soon the clocks are compared again while something that a comparison could move is under way.
const clockAgain = time.Second

// followClock goes on comparing: what a clock drifts later counts from the next slice on.
func (s *Session) followClock(ctx context.Context) {
	var last time.Time
	wait := clockEvery
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		wait = clockEvery
		offset, at, ok := s.courier.Offset()
		if !ok || !at.After(last) {
			continue
		}
		if s.track != nil && s.track.underWay(ctx) { // it would stay where it is although, maybe, nothing of it leaves
			wait = clockAgain
			continue
		}
		last = at
		s.clocked(offset, at)
	}
}

// underWay reports whether recorded time is with the service, or on its way there, at this moment.
func (t *tracking) underWay(ctx context.Context) bool {
	rows, err := t.s.replica.Rows(ctx)
	return err == nil && slices.ContainsFunc(rows, func(r outbox.Row) bool { return r.Flying && r.Op == workroom.OpReportSlice })
}

// compare takes in one comparison with the service: offset is its clock less this computer's at the moment at. If the tracker's clock is
// found wrong for the first time in this run, what it recorded and nobody has yet is moved.
func (t *tracking) compare(offset time.Duration, at time.Time) {
	now := time.Now()
	if d := now.Round(0).Sub(at.Round(0)) - now.Sub(at); d.Abs() > time.Second {
		return // the clock was set, or the computer slept, since: the next comparison will do
	}
	t.clockMu.Lock()
	then := t.clock.Unskewed(readClocks()).Add(-now.Sub(at))
	shift := t.clock.Learn(at.Round(0).Add(offset).Sub(then))
	t.clockMu.Unlock()
	if shift == 0 {
		return
	}
	slog.Info("the tracker's clock was wrong", "by", shift.String())
	sent, err := t.correct(shift)
	if err != nil {
		slog.Error("put tracked time right", "error", traceOf(err))
	}
	t.tell(t.present(), tracker.Skewed{By: shift, Sent: sent})
}

// correct moves what this run recorded and was never sent: the slices, and the pictures that belong to them. It answers sentUntil.
func (t *tracking) correct(shift time.Duration) (sent int64, err error) {
	ctx := context.Background()
	list, err := t.s.replica.Waiting(ctx)
	if err != nil {
		return 0, err
	}
	seconds := int64(shift / time.Second)
	if sent, err = t.sentUntil(ctx); err != nil {
		return 0, err
	}
	weeks := map[string]string{} // of the slices moved
	for _, i := range list {
		if i.Attempts > 0 || i.Verdict != outbox.None {
			continue
		}
		var moved workroom.Command
		switch c := i.Command.(type) {
		case workroom.ReportSlice:
			if c.Slice.Boot != t.boot {
				continue
			}
			c.Slice, c.Input = tracker.Corrected(c.Slice, c.Input, shift)
			c.Slice = tracker.Doubted(c.Slice, sent)
			c.Week = workroom.WeekOf(time.Unix(c.Slice.Start, 0)).String()
			weeks[c.Slice.ID] = c.Week
			moved = c
		case workroom.AddShot:
			week, ok := weeks[c.Shot.Slice] // a picture always stands after its slice
			if !ok {
				continue
			}
			c.Shot = movedShot(c.Shot, seconds)
			c.Week = week
			moved = c
		case workroom.SetLease:
			c.Since += seconds * 1000
			moved = c
		default:
			continue
		}
		if _, err := t.s.replica.EditArgs(ctx, i.ID, moved, i.After); err != nil {
			return sent, fmt.Errorf("move %s: %w", i.ID, err)
		}
	}
	t.shots.correct(weeks, seconds)
	return sent, nil
}

// sentUntil is the end of the last slice of this run that the service has, 0 if it has none: what it has stays where it is.
func (t *tracking) sentUntil(ctx context.Context) (int64, error) {
	rows, err := t.s.replica.Everywhere(ctx, "d:", workroom.KindSlice)
	if err != nil {
		return 0, err
	}
	end := int64(0)
	for _, r := range rows {
		if x, ok := r.Thing.(*workroom.Slice); ok && x.Boot == t.boot && !r.Waits() {
			end = max(end, x.End)
		}
	}
	return end, nil
}

func movedShot(s workroom.Shot, seconds int64) workroom.Shot {
	s.At += seconds
	s.Cell = s.At / 600
	return s
}

// correct moves the pictures that are still held here, of slices that were moved.
func (h *shots) correct(weeks map[string]string, seconds int64) {
	for _, one := range h.waiting() {
		week, ok := weeks[one.Shot.Slice]
		if !ok {
			continue
		}
		h.mu.Lock()
		one.Shot = movedShot(one.Shot, seconds)
		if one.Week != "" {
			one.Week = week
		}
		h.mu.Unlock()
		_ = h.write(one)
	}
}
