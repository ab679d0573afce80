package replica

import (
	"context"
	"encoding/json"
	"fmt"

	"trestle/internal/workroom"
)

// Tracked is the stretch of time that is being recorded on this computer, as of its last heartbeat: the open slice, and the minutes of input
// since its last report. It lies in the copy beside the outbox, so that a heartbeat, a report and the end of a slice are one transaction
// each that has reached the disk: whatever ends the program, what the next start finds fits what was reported (tracker.md §5).
type Tracked struct {
	Slice  workroom.Slice       `json:"slice"`
	Inputs []workroom.CellInput `json:"inputs,omitempty"`
}

const trackedKey = "tracked"

// KeepTracked writes a heartbeat. When it returns it is on the disk.
func (r *Replica) KeepTracked(ctx context.Context, x Tracked) error {
	return r.write(ctx, true, func(t *tx) error { return t.keepTracked(x) })
}

// ForgetTracked says that nothing is being recorded any more.
func (r *Replica) ForgetTracked(ctx context.Context) error {
	return r.write(ctx, true, func(t *tx) error { return t.forgetTracked() })
}

// Tracked is what was being recorded at the last heartbeat; nil if nothing was.
func (r *Replica) Tracked(ctx context.Context) (*Tracked, error) {
	var v string
	err := r.read(ctx, func(l *link) error {
		_, err := l.scan(`SELECT v FROM meta WHERE k=?`, []any{trackedKey}, &v)
		return err
	})
	if err != nil || v == "" {
		return nil, err
	}
	return readTracked(v)
}

func readTracked(v string) (*Tracked, error) {
	var x Tracked
	if err := json.Unmarshal([]byte(v), &x); err != nil {
		return nil, fmt.Errorf("read what was being recorded: %w", err)
	}
	if !workroom.ValidID(x.Slice.ID) || x.Slice.End < x.Slice.Start {
		return nil, fmt.Errorf("read what was being recorded: it makes no sense")
	}
	return &x, nil
}

func (t *tx) keepTracked(x Tracked) error {
	b, err := json.Marshal(x)
	if err != nil {
		return fmt.Errorf("encode what is being recorded: %w", err)
	}
	return t.setMeta(trackedKey, string(b))
}

func (t *tx) forgetTracked() error {
	_, err := t.Exec(`DELETE FROM meta WHERE k=?`, trackedKey)
	return err
}

// track keeps the heartbeat that came with a report, or ends what was being recorded where the report closes it.
func (t *tx) track(c workroom.Command, now *Tracked) error {
	if now != nil {
		return t.keepTracked(*now)
	}
	r, ok := c.(workroom.ReportSlice)
	if !ok || r.Slice.Close == "" {
		return nil
	}
	v, err := t.meta(trackedKey)
	if err != nil || v == "" {
		return err
	}
	if x, err := readTracked(v); err == nil && x.Slice.ID != r.Slice.ID {
		return nil
	}
	return t.forgetTracked()
}
