package app

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"trestle/internal/replica"
	"trestle/internal/tracker"
	"trestle/internal/workroom"
)

// This file keeps recorded time on the disk: a heartbeat every quarter of a minute, and the report at the end of each segment, go into the
// store, one transaction each, so that a crash or a power cut costs at most what came after the last heartbeat (T-12).

// save puts the slice on the disk; a report goes to the outbox in the same transaction.
func (t *tracking) save(now time.Time, e tracker.Save) {
	slice := e.Slice
	if slice.Boot == t.boot {
		t.noteRun()
	}
	beat := &replica.Tracked{Slice: slice, Inputs: e.Inputs}
	if slice.Close != "" {
		beat = nil
	}
	stored := false
	if e.Report {
		cmd := workroom.ReportSlice{Week: workroom.WeekOf(time.Unix(slice.Start, 0)).String(), Slice: slice, Input: e.Inputs}
		_, err := t.s.enqueue(cmd, enqueueOpts{At: now, Tracked: beat})
		if err != nil {
			// The slice stays in a file under its own name, and the person is told: tracked time is never dropped.
			slog.Error("slice was not taken", "slice", slice.ID, "error", traceOf(err))
			t.setAside(slice, e.Inputs)
			t.say("A stretch of time could not be written to the store: "+AsFailure(err).Message+" It is kept in the data folder.", false)
		} else {
			stored = true
			t.sent[slice.ID] = true
			t.shots.reported(slice.ID)
		}
	}
	switch {
	case beat == nil && stored:
		t.open, t.inputs = nil, nil
	case beat == nil:
		t.forget()
	default:
		t.open, t.inputs = &slice, e.Inputs
		if !stored {
			t.beat(*beat)
		}
	}
}

// beat writes a heartbeat.
func (t *tracking) beat(x replica.Tracked) {
	if err := t.s.replica.KeepTracked(context.Background(), x); err != nil {
		slog.Error("heartbeat was not written", "error", traceOf(err))
		t.say("Time cannot be written to the disk right now: "+reason(err).Error()+". Tracking goes on; make room on the disk.", false)
	}
}

// setAside keeps a slice that the store refused in a file of its own.
func (t *tracking) setAside(slice workroom.Slice, inputs []workroom.CellInput) {
	body, err := json.Marshal(replica.Tracked{Slice: slice, Inputs: inputs})
	if err == nil {
		err = writeWhole(filepath.Join(t.s.dir, "unsent-"+slice.ID+".json"), body, 0o600)
	}
	if err != nil {
		slog.Error("set a slice aside", "error", traceOf(err))
	}
}

// forget says that nothing is being recorded any more.
func (t *tracking) forget() {
	t.open, t.inputs = nil, nil
	if err := t.s.replica.ForgetTracked(context.Background()); err != nil {
		slog.Error("forget the open slice", "error", traceOf(err))
	}
}

// findOpen closes what a crash left open, where its last heartbeat left it.
func (t *tracking) findOpen() {
	left, err := t.s.replica.Tracked(context.Background())
	if err != nil {
		slog.Error("what was being recorded is damaged and was given up", "error", traceOf(err))
		t.forget()
	}
	if left == nil {
		left = t.s.oldOpen()
	}
	if left == nil {
		t.s.forgetOldOpen()
		return
	}
	if had, known := t.s.slice(left.Slice); known && had.Close != "" {
		t.forget()
	} else {
		if known && had.Rev > left.Slice.Rev {
			left.Slice = *had // of an earlier program, which could end between a report and its heartbeat
		}
		_ = t.step(tracker.Found{Slice: left.Slice, Inputs: left.Inputs})
	}
	t.s.forgetOldOpen()
}

// recoverTime closes what a crash left open, in a program that has no tracker of its own: nobody else is tracking while it holds the
// folder. What is recovered goes out like any other time.
func (s *Session) recoverTime() {
	left, err := s.replica.Tracked(context.Background())
	if err == nil && left == nil && s.oldOpen() == nil {
		return
	}
	t := openTracking(s)
	t.findOpen()
	t.shots.settle()
	t.shots.close()
}

// Programs before this one kept the heartbeat in a file beside the store.

func (s *Session) oldOpenPath() string { return filepath.Join(s.dir, "open-slice.json") }

// oldOpen reads what such a program left open; nil for nothing. What cannot be read is set aside.
func (s *Session) oldOpen() *replica.Tracked {
	body, err := os.ReadFile(s.oldOpenPath())
	if err != nil {
		return nil
	}
	var x replica.Tracked
	if err := json.Unmarshal(body, &x); err != nil || !workroom.ValidID(x.Slice.ID) {
		_ = os.Rename(s.oldOpenPath(), s.oldOpenPath()+".damaged")
		slog.Error("the open slice is damaged and was set aside")
		return nil
	}
	return &x
}

func (s *Session) forgetOldOpen() {
	if err := os.Remove(s.oldOpenPath()); err != nil && !errors.Is(err, os.ErrNotExist) {
		slog.Error("forget the open slice", "error", traceOf(err))
	}
}
