package replica

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"trestle/internal/workroom"
)

// recorded is a slice of "s" as a heartbeat or a report has it.
func recorded(id string, rev, end int64, closed workroom.CloseReason) workroom.Slice {
	return workroom.Slice{ID: id, Rev: rev, Freelancer: me, Contract: "k", Device: "dev", Boot: "b", Start: 600, End: end, Memo: "work",
		Kind: workroom.Tracked, Close: closed}
}

func trackedEnd(t *testing.T, what string, r *Replica, want int64) {
	t.Helper()
	x, err := r.Tracked(ctx)
	must(t, err)
	switch {
	case x == nil && want != 0:
		t.Errorf("%s: nothing is being recorded, want an end of %d", what, want)
	case x != nil && x.Slice.End != want:
		t.Errorf("%s: recorded until %d, want %d", what, x.Slice.End, want)
	}
}

// T-12: the heartbeat outlives a program that does not close its copy, goes with a report or not at all, and ends with the report that closes
// its slice and with no other.
func TestT12_HeartbeatAndReportAreOneTransaction(t *testing.T) {
	path := filepath.Join(folder(t), "c.db")
	o := manual()
	var broken error
	o.Fail = func(point string) error {
		if point == PointCommit {
			return broken
		}
		return nil
	}
	r := open(t, path, o)
	trackedEnd(t, "at first", r, 0)
	minute := []workroom.CellInput{{Device: "dev", Cell: 1, Minutes: []workroom.Minute{{At: 10}}}}
	must(t, r.KeepTracked(ctx, Tracked{recorded("s", 0, 615, ""), minute}))

	again := open(t, path, manual()) // the other is still there, as after a kill
	trackedEnd(t, "after a kill", again, 615)
	if x, _ := again.Tracked(ctx); len(x.Inputs) != 1 || x.Inputs[0].Minutes[0].At != 10 {
		t.Errorf("the minutes: %+v", x)
	}
	must(t, again.Close())

	report := func(s workroom.Slice, open *Tracked) error {
		_, err := r.Enqueue(ctx, workroom.ReportSlice{Week: workroom.WeekOf(time.Unix(s.Start, 0)).String(), Slice: s}, EnqueueOpts{Tracked: open})
		return err
	}
	grown := recorded("s", 1, 1200, "")
	broken = errors.New("the power went")
	if err := report(grown, &Tracked{Slice: grown}); !errors.Is(err, broken) {
		t.Fatalf("%v", err)
	}
	broken = nil
	trackedEnd(t, "after a report that failed", r, 615)
	if rows, _ := r.Rows(ctx); len(rows) != 0 {
		t.Errorf("the report is there without its heartbeat: %+v", rows)
	}
	must(t, report(grown, &Tracked{Slice: grown}))
	trackedEnd(t, "after a report", r, 1200)

	kept := recorded("kept", 1, 900, workroom.CloseIdle)
	kept.Kind = workroom.KeptIdle
	must(t, report(kept, nil))
	trackedEnd(t, "after the close of another slice", r, 1200)
	broken = errors.New("the power went")
	if err := report(recorded("s", 2, 1300, workroom.CloseStop), nil); !errors.Is(err, broken) {
		t.Fatalf("%v", err)
	}
	broken = nil
	trackedEnd(t, "after a close that failed", r, 1200)
	must(t, report(recorded("s", 2, 1300, workroom.CloseStop), nil))
	trackedEnd(t, "after its close", r, 0)
}

// T-12, D-16: what is being recorded comes out of a file that is replaced by a backup, and an older one of the backup does not come back. A
// clone of the copy records nothing: the time goes on where it is recorded.
func TestT12_HeartbeatInBackupsAndClones(t *testing.T) {
	path := filepath.Join(folder(t), "c.db")
	r := open(t, path, manual())
	must(t, r.KeepTracked(ctx, Tracked{Slice: recorded("s", 0, 615, "")}))
	early, err := r.BackUp(ctx, BackupByHand)
	must(t, err)
	must(t, r.KeepTracked(ctx, Tracked{Slice: recorded("s", 0, 630, "")}))
	must(t, r.Close())
	r, err = Restore(path, early, manual())
	must(t, err)
	trackedEnd(t, "restored", r, 630)
	must(t, r.ForgetTracked(ctx))
	must(t, r.Close())
	r, err = Restore(path, early, manual())
	must(t, err)
	trackedEnd(t, "restored after its end", r, 0)

	must(t, r.KeepTracked(ctx, Tracked{Slice: recorded("s", 0, 645, "")}))
	must(t, r.Renew(ctx, "dev2", "word"))
	trackedEnd(t, "in a clone", r, 0)
	must(t, r.Close())
}
