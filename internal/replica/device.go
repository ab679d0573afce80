package replica

import (
	"context"
	"fmt"

	"trestle/internal/workroom"
)

// Device is this device's id at the service. It is the file's own: who opens it under an older name learns the present one here.
func (r *Replica) Device() string { return *r.device.Load() }

// Incarnation is a random word made with the file. The program keeps it in a second place as well (the keyring, else a state file); if the
// two differ, one of them is a copy of the other, and it takes a new name by Renew (sync.md §9).
func (r *Replica) Incarnation() string { return *r.incarnation.Load() }

// Renew gives this file a new device id and incarnation, because it is a clone of another. What waits keeps its ids, numbers and order:
// whichever of the two sends a command first, it has its effect once.
func (r *Replica) Renew(ctx context.Context, device, incarnation string) error {
	if !workroom.ValidID(device) || incarnation == "" {
		return workroom.Refuse(workroom.BadInput)
	}
	return r.write(ctx, true, func(t *tx) error {
		if err := t.setMeta("device", device); err != nil {
			return err
		}
		if err := t.setMeta("incarnation", incarnation); err != nil {
			return err
		}
		if err := t.forgetTracked(); err != nil { // it goes on, or is ended, where it was recorded
			return fmt.Errorf("take a new name: %w", err)
		}
		for _, q := range []string{`UPDATE outbox SET device=?`, `UPDATE sent SET device=?`} {
			if _, err := t.Exec(q, device); err != nil {
				return fmt.Errorf("take a new name: %w", err)
			}
		}
		t.after = append(t.after, func() {
			r.device.Store(&device)
			r.incarnation.Store(&incarnation)
			r.acted()
		})
		return nil
	})
}
