package replica

import (
	"fmt"
	"slices"

	"trestle/internal/outbox"
	"trestle/internal/workroom"
)

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
