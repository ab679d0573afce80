package replica

import (
	"fmt"
	"slices"

	"trestle/internal/outbox"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// This file is about files that the service seemed to have and does not: their uploads go again, and what names them waits for those.

// bringFiles offers the uploads of files again that the service does not have, though it once seemed to have taken them: something on the way
// may have answered in its name. lost says that the bytes of one are not here either, so that it can come from nowhere; a command that
// follows others may have been put off for one of those instead.
func (t *tx) bringFiles(row *outbox.Row, m touched) (lost bool, err error) {
	c, err := outbox.Decode(*row)
	if err != nil {
		return false, nil
	}
	f, ok := c.(workroom.Filer)
	if !ok {
		return false, nil
	}
	const ofFile = `op=? AND json_extract(args,'$.id')=?`
	for _, id := range f.FileIDs() {
		args := []any{string(workroom.OpUpload), string(id)}
		if err := t.reoffer(m, ofFile, args...); err != nil {
			return false, err
		}
		// No history was lost: what becomes of it now counts for what names it.
		if _, err := t.Exec(`UPDATE outbox SET recovered=0 WHERE `+ofFile, args...); err != nil {
			return false, fmt.Errorf("offer a file again: %w", err)
		}
		var one int
		there, err := t.scan(`SELECT 1 FROM sent WHERE `+ofFile, args, &one)
		if err != nil {
			return false, fmt.Errorf("look for an upload: %w", err)
		}
		lost = lost || there && len(row.After) == 0
	}
	return lost, nil
}

// needFile lets a command offered again go to the person once it is clear that a file it names can come from nowhere: the service does not
// have it and neither does this machine.
func (t *tx) needFile(row *outbox.Row) (bool, error) {
	if !row.Recovered {
		return false, nil
	}
	c, err := outbox.Decode(*row)
	if err != nil {
		return false, nil
	}
	f, ok := c.(workroom.Filer)
	if !ok {
		return false, nil
	}
	rows, err := outbox.ListFull(t)
	if err != nil {
		return false, err
	}
	lost := false
	for _, id := range f.FileIDs() {
		at := slices.IndexFunc(rows, func(r outbox.Row) bool {
			u, err := DecodeUpload(&r)
			return err == nil && u.ID == id
		})
		if at >= 0 && rows[at].Verdict == outbox.None {
			continue // on its way
		}
		lost = true
		if at >= 0 { // refused a while ago: both can be sent again, the file first
			if err := t.addEdge(row, rows[at].ID); err != nil {
				return false, err
			}
		}
	}
	return lost, nil
}

// overlooked forgets the refusals of uploads that a command which names their files was accepted in spite of: the service had them.
func (t *tx) overlooked(row *outbox.Row) error {
	c, err := outbox.Decode(*row)
	f, ok := c.(workroom.Filer)
	if err != nil || !ok || len(f.FileIDs()) == 0 {
		return nil
	}
	rows, err := outbox.ListFull(t)
	if err != nil {
		return err
	}
	for i := range rows {
		if u, err := DecodeUpload(&rows[i]); err != nil || rows[i].Verdict != outbox.Rejected || !slices.Contains(f.FileIDs(), u.ID) {
			continue
		}
		if err := outbox.Delete(t, rows[i].N); err != nil {
			return err
		}
	}
	return nil
}

// rejectLost takes in that an upload offered again is refused. What waits and names the file goes on alone: the service may have both, and the
// refusal is kept until it answers (needFile, overlooked). Where something in Not sent names it, the upload stands before it as it did at
// first: sent again alone, that would wait for the file for ever (I5). One whose bytes are gone here is of use to nothing that waits.
func (t *tx) rejectLost(row *outbox.Row, res wire.Result) error {
	if err := t.forgetParent(row.ID); err != nil {
		return err
	}
	rows, err := outbox.ListFull(t)
	if err != nil {
		return err
	}
	u, err := DecodeUpload(row)
	needed := false
	for i := range rows {
		c, no := outbox.Decode(rows[i])
		f, ok := c.(workroom.Filer)
		if err != nil || no != nil || !ok || rows[i].Verdict == outbox.Confirm || !slices.Contains(f.FileIDs(), u.ID) {
			continue
		}
		if rows[i].Verdict == outbox.None {
			needed = needed || res.Code != workroom.Gone
			continue
		}
		needed = true
		if err := t.addEdge(&rows[i], row.ID); err != nil {
			return err
		}
	}
	if !needed {
		return outbox.Delete(t, row.N)
	}
	if res.Text == "" {
		res.Text = workroom.Refuse(res.Code).Text
	}
	return outbox.Judge(t, row.N, outbox.Rejected, res.Code, res.Text, res.Field)
}
