package replica

import (
	"context"
	"time"

	"trestle/internal/outbox"
	"trestle/internal/workroom"
)

// Rows lists all waiting commands without arguments, in order of pos, for choosing what to send.
func (r *Replica) Rows(ctx context.Context) ([]outbox.Row, error) {
	var out []outbox.Row
	err := r.read(ctx, func(l *link) (err error) {
		out, err = outbox.List(l)
		return err
	})
	r.markFlying(out)
	return out, err
}

// Attempt counts an attempt of each row, on the disk, and hands the rows back whole. From here on they are never folded or changed, and
// count as under way until Landed, Apply(Results) or the end of the process. Commands are of one lane, and those left out that may not go
// any more: the person, a refusal or a loss of the service was faster than the look they were chosen from (I7).
func (r *Replica) Attempt(ctx context.Context, ids ...string) ([]outbox.Row, error) {
	var out []outbox.Row
	err := r.write(ctx, true, func(t *tx) error {
		out = out[:0]
		still, err := t.still(ids)
		if err != nil {
			return err
		}
		for _, id := range still {
			row, err := outbox.ByID(t, id)
			if err != nil {
				return err
			}
			if err := outbox.Attempt(t, row.N); err != nil {
				return err
			}
			row.Attempts++
			out = append(out, *row)
		}
		t.tell(OutboxScope)
		r.flyMu.Lock()
		defer r.flyMu.Unlock()
		for i := range out {
			r.flying[out[i].ID] = true
		}
		return nil
	})
	if err != nil {
		r.land(ids)
		return nil, err
	}
	return out, nil
}

// Unattempt takes back what Attempt counted for rows that are still under way, because nothing of them left this computer: they may be changed
// and folded as before. Should it not reach the disk, they only count as tried.
func (r *Replica) Unattempt(ctx context.Context, ids ...string) error {
	return r.write(ctx, false, func(t *tx) error {
		for _, id := range ids {
			row, err := outbox.ByID(t, id)
			if err != nil {
				return err
			}
			if row == nil || row.Attempts == 0 || row.Recovered {
				continue // what was acked in a history that was lost counts as tried from the start
			}
			if err := outbox.Unattempt(t, row.N); err != nil {
				return err
			}
		}
		t.tell(OutboxScope)
		return nil
	})
}

// still answers which of the rows chosen to be sent may go now.
func (t *tx) still(ids []string) ([]string, error) {
	lane := ""
	for _, id := range ids {
		row, err := outbox.ByID(t, id)
		switch {
		case err != nil:
			return nil, err
		case row == nil || row.Verdict != outbox.None:
			continue
		case row.Op == workroom.OpUpload: // uploads pass each other
			if len(row.After) > 0 {
				return nil, nil
			}
			return []string{id}, nil
		}
		lane = row.Lane
		break
	}
	if lane == "" {
		return nil, nil
	}
	rows, err := outbox.Lane(t, lane)
	if err != nil {
		return nil, err
	}
	return outbox.Still(rows, ids), nil
}

// Landed says that rows are not under way any more, whatever became of them.
func (r *Replica) Landed(ids ...string) {
	r.land(ids)
	r.o.Changed([]workroom.Scope{OutboxScope})
}

func (r *Replica) land(ids []string) {
	r.flyMu.Lock()
	defer r.flyMu.Unlock()
	for _, id := range ids {
		delete(r.flying, id)
		delete(r.doubted, id)
		delete(r.carried, id)
	}
}

// doubt says that whatever is under way was asked of a history that may be lost: its answers count for nothing, and it is asked again. What
// comes of it in the new history is the answer.
func (r *Replica) doubt() {
	r.flyMu.Lock()
	defer r.flyMu.Unlock()
	for id := range r.flying {
		r.doubted[id] = true
	}
}

func (r *Replica) doubts(id string) bool {
	r.flyMu.Lock()
	defer r.flyMu.Unlock()
	return r.doubted[id]
}

func (r *Replica) markFlying(rows []outbox.Row) {
	r.flyMu.Lock()
	defer r.flyMu.Unlock()
	for i := range rows {
		rows[i].Flying = r.flying[rows[i].ID]
	}
}

// Carried tells how far an upload is; it is kept in memory only, because the service knows which parts it has.
func (r *Replica) Carried(id string, p Progress) {
	r.flyMu.Lock()
	r.carried[id] = p
	r.flyMu.Unlock()
	r.o.Changed([]workroom.Scope{OutboxScope})
}

// Defer puts rows off after a failure that says nothing about them, and keeps why.
func (r *Replica) Defer(ctx context.Context, until time.Time, code workroom.Code, text string, ids ...string) error {
	defer r.land(ids)
	return r.write(ctx, false, func(t *tx) error {
		for _, id := range ids {
			row, err := outbox.ByID(t, id)
			if err != nil {
				return err
			}
			if row == nil || row.Verdict != outbox.None {
				continue
			}
			if err := outbox.Defer(t, row.N, until.UnixMicro(), code, text); err != nil {
				return err
			}
		}
		t.tell(OutboxScope)
		return nil
	})
}
