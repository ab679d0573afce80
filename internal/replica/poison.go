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

// tooOld is what a command says that this program cannot read.
const tooOld = "This version of Trestle cannot read this. It is kept; please update."

// sift brings the outbox another version of the program left to this one's words: what was never attempted is converted, what cannot be
// read is set aside with its bytes while what depends on it waits, and what could not be read before goes on if it can be now (sync.md §8,
// §14).
func (t *tx) sift() error {
	found, err := outbox.Sift(t, readable)
	if err != nil {
		return err
	}
	m := touched{}
	for i := range found.Unreadable {
		row := &found.Unreadable[i]
		old, err := t.clear(row.N)
		if err != nil {
			return err
		}
		m.add(old)
		if err := outbox.Judge(t, row.N, outbox.Quarantined, workroom.ClientTooOld, tooOld, ""); err != nil {
			return err
		}
	}
	for i := range found.Readable {
		if err := outbox.Unjudge(t, found.Readable[i].N); err != nil {
			return err
		}
	}
	for _, list := range [][]outbox.Row{found.Converted, found.Readable} {
		for i := range list {
			differs, err := t.rerun(list[i].N)
			if err != nil {
				return err
			}
			for s := range differs {
				m[s] = true
			}
		}
	}
	if err := t.rebase(m); err != nil {
		return err
	}
	clear(t.changed) // the file is being opened: nobody shows anything of it yet
	return nil
}

func readable(row *outbox.Row) error {
	if row.Op == workroom.OpUpload {
		_, err := DecodeUpload(row)
		return err
	}
	_, err := outbox.Decode(*row)
	return err
}
