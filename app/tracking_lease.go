package app

import (
	"context"
	"log/slog"
	"os"
	"slices"

	"trestle/internal/tracker"
	"trestle/internal/workroom"
)

// This file lets a person's computers know where tracking began last (T-13). It is told and heard, never waited for.

// tellLease says that tracking began here.
func (t *tracking) tellLease(e tracker.Lease) {
	name, err := os.Hostname()
	if err != nil {
		name = ""
	}
	cmd := workroom.SetLease{Who: t.s.me(), Device: t.s.replica.Device(), Name: workroom.SafeLabel(name, workroom.MaxName), Since: e.Since}
	if _, err := t.s.enqueue(cmd, enqueueOpts{}); err != nil {
		slog.Warn("tell where tracking began", "error", traceOf(err))
	}
}

// heardLease looks at where tracking began last, when the account's own scope changed.
func (s *Session) heardLease(scopes []workroom.Scope) {
	if s.track == nil || !slices.Contains(scopes, workroom.AccountScope(s.me())) {
		return
	}
	s.goes(func() {
		r, known, err := s.replica.Thing(s.ctx, workroom.LeaseOf(s.me()))
		l, ok := r.Thing.(*workroom.Lease)
		if err != nil || known != workroom.Held || !ok || l.Device == s.replica.Device() {
			return
		}
		name := l.Name
		if name == "" {
			name = "another computer"
		}
		_ = s.track.do(s.ctx, func() { _ = s.track.step(tracker.LeaseLearnt{Device: l.Device, Name: name, Since: l.Since}) })
	})
}

// Unbilled goes on beyond the weekly limit in what is tracked now (T-15).
func (t *Tracker) Unbilled() (out TrackerView, err error) {
	defer guard(&err)
	return t.act("", tracker.Unbilled{}, false)
}

// Reading says that somebody reads or is in a call, so that they are not called idle for an hour (T-10).
func (t *Tracker) Reading(in ReadingIn) (out TrackerView, err error) {
	defer guard(&err)
	k, err := t.tracking()
	if err != nil {
		return out, err
	}
	if err := k.do(context.Background(), func() { _ = k.step(tracker.Reading{On: in.On}) }); err != nil {
		return out, err
	}
	return k.s.trackerView("")
}
