package replica

import (
	"context"
	"time"

	"trestle/internal/outbox"
	"trestle/internal/workroom"
)

// Strike counts an error of the service that met this one command alone. The row is put off until a moment, and set aside
// (outbox.Quarantined, by the policy of its op) when it was the last that outbox.MaxFails allows; then quarantined is true. Its bytes are
// kept and may be tried again or saved.
func (r *Replica) Strike(ctx context.Context, id string, until time.Time, code workroom.Code, text string) (quarantined bool, err error) {
	defer r.land([]string{id})
	err = r.write(ctx, true, func(t *tx) error {
		quarantined = false
		t.tell(OutboxScope)
		row, err := outbox.ByID(t, id)
		if err != nil || row == nil || row.Verdict != outbox.None {
			return err
		}
		if err := outbox.Strike(t, row.N); err != nil {
			return err
		}
		if row.Fails+1 < outbox.MaxFails {
			return outbox.Defer(t, row.N, until.UnixMicro(), code, text)
		}
		quarantined = true
		m := touched{}
		if err := t.refuse(row, outbox.Quarantined, code, text, "", m); err != nil {
			return err
		}
		return t.rebase(m)
	})
	return quarantined, err
}
