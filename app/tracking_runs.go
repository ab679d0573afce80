package app

import (
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"

	"trestle/internal/input"
	"trestle/internal/tracker"
)

// This file keeps by which clocks the runs recorded that could not compare theirs with the service's, so that the first comparison of a
// later run of the same start of the system puts their time right too (T-03).

// uncompared are such runs of one start of the system.
type uncompared struct {
	System string        `json:"system"`
	Runs   []tracker.Run `json:"runs"`
}

func (s *Session) runsPath() string { return filepath.Join(s.dir, "tracker-runs.json") }

// readRuns reads the earlier runs of this start of the system; none where that cannot be told, or the file is damaged.
func (s *Session) readRuns() []tracker.Run {
	body, err := os.ReadFile(s.runsPath())
	if err != nil {
		return nil
	}
	var x uncompared
	if err := json.Unmarshal(body, &x); err != nil || x.System == "" || x.System != input.BootID() {
		return nil
	}
	return x.Runs
}

// noteRun adds this run, before its first time is on the disk. One that knows the service's time already needs it not.
func (t *tracking) noteRun() {
	t.clockMu.Lock()
	run, learnt := t.clock.Run(t.boot), t.clock.Learnt()
	t.clockMu.Unlock()
	system := input.BootID()
	if t.noted || learnt || system == "" {
		return
	}
	body, err := json.Marshal(uncompared{system, append(t.s.readRuns(), run)})
	if err == nil {
		err = writeWhole(t.s.runsPath(), body, 0o600)
	}
	if err != nil {
		slog.Warn("keep by which clock time is recorded", "error", traceOf(err))
		return
	}
	t.noted = true
}

// forgetRuns ends what noteRun began: what they recorded is right now, and must not be moved again.
func (s *Session) forgetRuns() {
	if err := os.Remove(s.runsPath()); err != nil && !errors.Is(err, os.ErrNotExist) {
		slog.Warn("forget by which clock time was recorded", "error", traceOf(err))
	}
}
