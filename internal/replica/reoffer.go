package replica

import (
	"fmt"
	"slices"
	"time"

	"trestle/internal/outbox"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// askAgain is what a class W command says that the service acked and lost.
const askAgain = "The service was set back to an earlier state and does not have this any more. Does it still hold?"

// reoffer puts what was acked in the last 14 days, and meets a condition over sent, back into the outbox under its id, number, place and
// moment. The service answers what it knows from its record and runs the rest again. What shows as done only once the service has it
// waits for the person to confirm instead (I6, I16).
func (t *tx) reoffer(m touched, where string, args ...any) error {
	rows, err := t.lost(where, args...)
	if err != nil || len(rows) == 0 {
		return err
	}
	fresh := map[int64]bool{}
	for i := range rows {
		row := &rows[i]
		if workroom.Ops[row.Op].Class == workroom.Waiting {
			row.Verdict, row.Text = outbox.Confirm, askAgain
		}
		if err := outbox.Restore(t, row); err != nil {
			return err
		}
		if _, err := t.Exec(`DELETE FROM sent WHERE id=?`, row.ID); err != nil {
			return fmt.Errorf("offer again: %w", err)
		}
		fresh[row.N] = true
	}
	if err := t.reorder(fresh); err != nil {
		return err
	}
	for i := range rows {
		if rows[i].Verdict != outbox.None || rows[i].Op == workroom.OpUpload {
			continue
		}
		effects, err := t.run(&rows[i])
		if err != nil {
			return err
		}
		m.add(effects)
	}
	t.tell(OutboxScope)
	t.after = append(t.after, t.r.acted)
	return nil
}

// lost reads commands out of sent in the order they were given. An upload whose bytes are not here any more cannot go again.
func (t *tx) lost(where string, args ...any) ([]outbox.Row, error) {
	rows, err := t.Query(`SELECT id,n,CASE pos WHEN 0 THEN n ELSE pos END,lane,op,v,args,at,device,about FROM sent
		WHERE acked>=`+fmt.Sprint(t.r.o.Now().Add(-keepSent).UnixMicro())+` AND (`+where+`) AND id NOT IN (SELECT id FROM outbox) ORDER BY n`, args...)
	if err != nil {
		return nil, fmt.Errorf("read what was acked: %w", err)
	}
	defer rows.Close()
	var out []outbox.Row
	for rows.Next() {
		row := outbox.Row{Account: t.r.o.Account}
		if err := rows.Scan(&row.ID, &row.N, &row.Pos, &row.Lane, &row.Op, &row.V, &row.Args, &row.At, &row.Device, &row.About); err != nil {
			return nil, fmt.Errorf("read what was acked: %w", err)
		}
		if row.Device == "" {
			row.Device = t.r.Device()
		}
		out = append(out, row)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read what was acked: %w", err)
	}
	var here []outbox.Row
	for i := range out {
		if u, err := DecodeUpload(&out[i]); err == nil {
			var one int
			if ok, err := t.scan(`SELECT 1 FROM file WHERE id=?`, []any{string(u.ID)}, &one); err != nil {
				return nil, fmt.Errorf("look for local bytes: %w", err)
			} else if !ok {
				continue
			}
		}
		here = append(here, out[i])
	}
	return here, nil
}

// reorder gives every waiting command its edges to those among the offered again that must arrive before it: the upload of a file it
// names, and what opens a scope it goes into. Edges to acked parents were dropped when they were acked.
func (t *tx) reorder(fresh map[int64]bool) error {
	rows, err := outbox.ListFull(t)
	if err != nil {
		return err
	}
	slices.SortFunc(rows, func(a, b outbox.Row) int { return int(a.N - b.N) })
	uploads, opens := map[workroom.FileID]string{}, map[workroom.Scope]outbox.Row{}
	for i := range rows {
		row := &rows[i]
		if u, err := DecodeUpload(row); err == nil {
			if fresh[row.N] {
				uploads[u.ID] = row.ID
			}
			if p, ok := opens[u.Scope]; ok && row.Verdict == outbox.None {
				if err := t.addEdge(row, p.ID); err != nil {
					return err
				}
			}
			continue
		}
		c, err := outbox.Decode(*row)
		if err != nil {
			continue
		}
		var need []string
		if f, ok := c.(workroom.Filer); ok {
			for _, id := range f.FileIDs() {
				if up, ok := uploads[id]; ok {
					need = append(need, up)
				}
			}
		}
		for _, s := range c.Scopes() {
			if p, ok := opens[s]; ok && p.Lane != row.Lane || ok && p.Verdict == outbox.Confirm {
				need = append(need, p.ID)
			}
		}
		if row.Verdict == outbox.None {
			if err := t.addEdge(row, need...); err != nil {
				return err
			}
		}
		if fresh[row.N] && opensScopes(c) {
			for _, s := range c.Scopes() {
				if s.Kind() != "a" {
					opens[s] = *row
				}
			}
		}
	}
	return nil
}

// opensScopes reports whether a command gives its author the right to what others of it go into.
func opensScopes(c workroom.Command) bool {
	if _, ok := c.(workroom.Spacer); ok {
		return true
	}
	j, ok := c.(workroom.Joiner)
	return ok && j.Joins()
}

func (t *tx) addEdge(row *outbox.Row, parents ...string) error {
	was := len(row.After)
	for _, id := range parents {
		if id != row.ID && !slices.Contains(row.After, id) {
			row.After = append(row.After, id)
		}
	}
	if len(row.After) == was {
		return nil
	}
	return outbox.SetAfter(t, row.N, row.After)
}

// settle takes back the question about commands the copy shows to be done: the service had them after all. It is asked once the scopes were
// opened anew.
func (t *tx) settle(m touched) error {
	rows, err := outbox.Asked(t)
	if err != nil || len(rows) == 0 {
		return err
	}
	epoch, err := t.meta("epoch")
	if err != nil {
		return err
	}
	for i := range rows {
		row := &rows[i]
		c, err := outbox.Decode(*row)
		if err != nil {
			continue
		}
		x, ok := c.(workroom.Settler)
		v := t.view(0)
		if !ok || !x.Settled(asked(row), v) || v.err != nil {
			continue
		}
		if now, err := t.ofNow(v); err != nil {
			return err
		} else if !now {
			continue
		}
		if err := t.ack(row, epoch, nil, m); err != nil {
			return err
		}
		t.tell(OutboxScope)
	}
	return nil
}

// ofNow reports whether all that was read stands in scopes held in the present history: rows of the lost one, still on screen, say that
// everything is as it was.
func (t *tx) ofNow(v *view) (bool, error) {
	for at := range v.reads {
		var state Hold
		if _, err := t.scan(`SELECT state FROM scope WHERE sc=?`, []any{at.sc}, &state); err != nil {
			return false, fmt.Errorf("look at what is held: %w", err)
		}
		if state != Whole {
			return false, nil
		}
	}
	return true, nil
}

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

// pruneEvery is how many acks pass before old ones are forgotten within one run of the program.
const pruneEvery = 500

// keepSent and keepCount say how long acked commands stay: as long as they are offered again.
const (
	keepSent  = 14 * 24 * time.Hour
	keepCount = 10_000
)

func (t *tx) pruneSent() error {
	_, err := t.Exec(`DELETE FROM sent WHERE acked<? OR acked<(SELECT acked FROM sent ORDER BY acked DESC LIMIT 1 OFFSET ?)`,
		t.r.o.Now().Add(-keepSent).UnixMicro(), keepCount-1)
	if err == nil { // what cannot be offered again need not be proven
		_, err = t.Exec(`DELETE FROM unproven WHERE id NOT IN (SELECT id FROM sent)`)
	}
	if err != nil {
		return fmt.Errorf("prune sent commands: %w", err)
	}
	return nil
}
