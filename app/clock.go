package app

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"trestle/internal/outbox"
	"trestle/internal/replica"
	"trestle/internal/tracker"
	"trestle/internal/workroom"
)

// clockEvery is how often the tracker compares its clock with the service's, after the first time.
const clockEvery = time.Minute

// clocked is told by the courier how far the service's clock is ahead of this computer's, before anything is sent: what was tracked by a
// wrong clock is put right first (tracker.md §5), also by a program that has no tracker of its own.
func (s *Session) clocked(offset time.Duration, at time.Time) {
	if s.track == nil {
		if len(s.readRuns()) > 0 {
			t := openTracking(s)
			t.compare(offset, at)
			t.shots.close()
		}
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

// compare takes in one comparison with the service: offset is its clock less this computer's at the moment at. The first of this run moves
// what was recorded by a wrong clock and nobody has yet, in this run and in earlier ones that could not compare.
func (t *tracking) compare(offset time.Duration, at time.Time) {
	now := time.Now()
	if d := now.Round(0).Sub(at.Round(0)) - now.Sub(at); d.Abs() > time.Second {
		return // the clock was set, or the computer slept, since: the next comparison will do
	}
	told := at.Round(0).Add(offset)
	t.clockMu.Lock()
	ticks := readClocks()
	first := !t.clock.Learnt()
	shift := t.clock.Learn(told.Sub(t.clock.Unskewed(ticks).Add(-now.Sub(at))))
	t.clockMu.Unlock()
	if !first {
		return
	}
	defer t.s.forgetRuns() // last: a correction that does not come to its end is finished by the next run
	by := map[string]time.Duration{}
	for _, r := range t.s.readRuns() {
		by[r.Boot] = r.Shift(told.Add(now.Sub(at)), ticks.Elapsed)
	}
	by[t.boot] = shift
	maps.DeleteFunc(by, func(_ string, d time.Duration) bool { return d == 0 })
	if len(by) == 0 {
		t.tell(t.present(), tracker.Skewed{})
		return
	}
	slog.Info("the tracker's clock was wrong", "by", shift.String(), "runs", len(by))
	sent, err := t.correct(by)
	if err != nil {
		slog.Error("put tracked time right", "error", traceOf(err))
	}
	t.tell(t.present(), tracker.Skewed{By: shift, Sent: sent[t.boot], Runs: by})
}

// moved says where a slice went: its pictures follow it.
type moved struct {
	week    string
	seconds int64
}

// correct moves what was never sent, by how much the clock of the run that recorded it was wrong: the slices, the pictures that belong to
// them, and where tracking began. What was moved before stays. It answers sentUntil.
func (t *tracking) correct(by map[string]time.Duration) (sent map[string]int64, err error) {
	ctx := context.Background()
	list, err := t.s.replica.Waiting(ctx)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(i replica.Item) bool { return i.Attempts > 0 || i.Verdict != outbox.None })
	if sent, err = t.sentUntil(ctx); err != nil {
		return nil, err
	}
	went := map[string]moved{}
	begun := map[int64]int64{} // by how much the slice was moved that began there
	for _, i := range list {
		switch c := i.Command.(type) {
		case workroom.ReportSlice:
			shift := by[c.Slice.Boot]
			if slices.Contains(c.Slice.Flags, workroom.FlagClockCorrected) {
				shift = 0
			}
			begun[c.Slice.Start] = int64(shift / time.Second)
			if shift == 0 {
				continue
			}
			c.Slice, c.Input = tracker.Corrected(c.Slice, c.Input, shift)
			c.Slice = tracker.Doubted(c.Slice, sent[c.Slice.Boot])
			c.Week = workroom.WeekOf(time.Unix(c.Slice.Start, 0)).String()
			went[c.Slice.ID] = moved{c.Week, int64(shift / time.Second)}
			err = t.edit(ctx, i, c)
		case workroom.AddShot:
			m, ok := went[c.Shot.Slice] // a picture always stands after its slice
			if !ok {
				continue
			}
			c.Shot, c.Week = movedShot(c.Shot, m.seconds), m.week
			err = t.edit(ctx, i, c)
		}
		if err != nil {
			return sent, err
		}
	}
	for _, i := range list { // a lease stands before its slice, and names no run: one without a slice yet is this run's
		c, ok := i.Command.(workroom.SetLease)
		if !ok {
			continue
		}
		seconds, known := begun[c.Since/1000]
		if !known {
			seconds = int64(by[t.boot] / time.Second)
		}
		if seconds == 0 {
			continue
		}
		c.Since += seconds * 1000
		if err := t.edit(ctx, i, c); err != nil {
			return sent, err
		}
	}
	t.shots.correct(went)
	return sent, nil
}

func (t *tracking) edit(ctx context.Context, i replica.Item, c workroom.Command) error {
	if _, err := t.s.replica.EditArgs(ctx, i.ID, c, i.After); err != nil {
		return fmt.Errorf("move %s: %w", i.ID, err)
	}
	return nil
}

// sentUntil is, for each run, the end of the last slice that the service has; none if it has none: what it has stays where it is.
func (t *tracking) sentUntil(ctx context.Context) (map[string]int64, error) {
	rows, err := t.s.replica.Everywhere(ctx, "d:", workroom.KindSlice)
	if err != nil {
		return nil, err
	}
	end := map[string]int64{}
	for _, r := range rows {
		if x, ok := r.Thing.(*workroom.Slice); ok && !r.Waits() {
			end[x.Boot] = max(end[x.Boot], x.End)
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
func (h *shots) correct(went map[string]moved) {
	for _, one := range h.waiting() {
		m, ok := went[one.Shot.Slice]
		if !ok {
			continue
		}
		h.mu.Lock()
		one.Shot = movedShot(one.Shot, m.seconds)
		if one.Week != "" {
			one.Week = m.week
		}
		h.mu.Unlock()
		_ = h.write(one)
	}
}
