package replica

import (
	"context"
	"fmt"
	"slices"

	"trestle/internal/outbox"
	"trestle/internal/workroom"
)

// begin checks whose file it is and clears what a dead process left half done.
func (r *Replica) begin(ctx context.Context) error {
	return r.write(ctx, true, func(t *tx) error {
		mine := map[string]string{"service": r.o.Service, "account": string(r.o.Account), "device": r.o.Device, "incarnation": ""}
		for _, k := range []string{"service", "account", "device", "incarnation"} {
			have, err := t.meta(k)
			if err != nil {
				return err
			}
			switch {
			case have == "" && k == "incarnation":
				have = r.o.NewID()
			case have == "":
				have = mine[k]
			case mine[k] != "" && mine[k] != have && k != "device":
				return ErrForeign
			}
			mine[k] = have
			if have == "" {
				continue
			}
			if err := t.setMeta(k, have); err != nil {
				return err
			}
		}
		r.o.Service, r.o.Account = mine["service"], workroom.AccountID(mine["account"])
		device, incarnation := mine["device"], mine["incarnation"]
		r.device.Store(&device)
		r.incarnation.Store(&incarnation)
		if _, err := t.Exec(`DELETE FROM span WHERE state='loading'`); err != nil {
			return fmt.Errorf("clear loading spans: %w", err)
		}
		if err := t.refresh(); err != nil {
			return err
		}
		if err := t.setMeta("running", "1"); err != nil { // taken away by Close: a start that finds it looks the file through
			return err
		}
		if err := t.sift(); err != nil {
			return err
		}
		return t.pruneSent()
	})
}

// refresh runs the rules of everything waiting once after the program changed: effects are what the rules of today say.
func (t *tx) refresh() error {
	was, err := t.meta("rules")
	if err != nil || was == rules {
		return err
	}
	rows, err := outbox.List(t)
	if err != nil {
		return err
	}
	slices.SortFunc(rows, func(a, b outbox.Row) int { return int(a.N - b.N) })
	for i := range rows {
		if rows[i].Verdict == outbox.None {
			if _, err := t.rerun(rows[i].N); err != nil {
				return err
			}
		}
	}
	return t.setMeta("rules", rules)
}

// rules is raised when a rule writes another effect than before for the same command.
const rules = "2"
