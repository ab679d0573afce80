package replica

import (
	"context"
	"fmt"
	"slices"
	"time"

	"trestle/internal/outbox"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Expire takes pictures and input counts whose time is over at a moment off this machine (W-27): out of the copy, with the bytes of the
// pictures, out of what waits to be sent, and soon after out of the log of writes and the backups. The service does the same and tells of it;
// this is for a machine that is not told, because it is offline or the contract is kept as an archive. Rows become what they become at the
// service, and the weeks are read anew when it is reached next: should this machine's clock have been wrong, what was taken too early comes
// back. An archive and what waits to be sent could not come back, so they go only where the moment is told by the service. It answers how many rows became
// less.
func (r *Replica) Expire(ctx context.Context, now time.Time, told bool) (int, error) {
	var weeks []workroom.Scope
	err := r.read(ctx, func(l *link) (err error) {
		weeks, err = pictured(l)
		return err
	})
	if err != nil {
		return 0, err
	}
	gone := 0
	for _, d := range weeks {
		if !workroom.MayExpire(d.Part(), now) {
			continue
		}
		err := r.write(ctx, true, func(t *tx) error {
			n, err := t.expire(d, now, told)
			gone += n
			return err
		})
		if err != nil {
			return gone, fmt.Errorf("expire pictures: %w", err)
		}
	}
	if !told {
		return gone, nil
	}
	err = r.write(ctx, true, func(t *tx) error {
		n, err := t.expireWaiting(now)
		gone += n
		return err
	})
	if err != nil {
		return gone, fmt.Errorf("expire pictures that wait: %w", err)
	}
	return gone, nil
}

// pictured are the diary weeks that hold a picture or input counts.
func pictured(l *link) (out []workroom.Scope, err error) {
	rows, err := l.Query(`SELECT s.name FROM scope s WHERE s.name>='d:' AND s.name<'d;' AND EXISTS (SELECT 1 FROM base b WHERE b.sc=s.sc AND b.gone=0
		AND (b.kind='shot' AND (b.body LIKE '%"file":"%' OR b.body LIKE '%"seed":"%') OR b.kind='input' AND b.body LIKE '%"minutes":[{%')) ORDER BY s.name`)
	if err != nil {
		return nil, fmt.Errorf("look for pictures: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var s workroom.Scope
		if err := rows.Scan(&s); err != nil {
			return nil, fmt.Errorf("look for pictures: %w", err)
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

// historyOf is the history of a contract as the service's rows here tell it; of one that is not here, the one that keeps longest.
func (t *tx) historyOf(id workroom.ContractID) (*workroom.History, error) {
	v := t.view(0)
	h := workroom.ReadHistory(v, id)
	if h == nil {
		h = workroom.LongestKept()
	}
	return h, v.err
}

// expire does it in the service's rows of one diary week.
func (t *tx) expire(d workroom.Scope, now time.Time, told bool) (n int, err error) {
	s, err := t.scope(d)
	if err != nil {
		return 0, err
	}
	if s.state == Archived && !told {
		return 0, nil
	}
	h, err := t.historyOf(workroom.ContractID(d.Owner()))
	if err != nil {
		return 0, err
	}
	m := touched{}
	for _, kind := range []workroom.Kind{workroom.KindShot, workroom.KindInput} {
		rows, err := baseRows(t.link, s, kind)
		if err != nil {
			return 0, err
		}
		for _, x := range rows {
			if x.Thing == nil {
				continue
			}
			left, due := h.Due(x.Thing, now)
			if !due {
				continue
			}
			body, err := workroom.Encode(left)
			if err != nil {
				return 0, err
			}
			if _, err := t.Exec(`UPDATE base SET body=? WHERE sc=? AND kind=? AND id=?`, string(body), s.sc, string(kind), x.ID); err != nil {
				return 0, fmt.Errorf("expire %s: %w", kind, err)
			}
			if err := t.lapsed(d, x.Thing, left); err != nil {
				return 0, err
			}
			m[spot{s.sc, string(kind), x.ID}] = true
			n++
		}
	}
	if n == 0 {
		return 0, nil
	}
	if s.state == Whole { // its state is asked for anew when the service is reached
		s.gen, s.seq, s.tag = 0, 0, ""
		if err := t.saveScope(s); err != nil {
			return 0, err
		}
	}
	t.tell(d)
	return n, t.rebase(m)
}

// lapsed takes the bytes of pictures off this machine that a row of a diary held and holds no more, and sees to it that what it said leaves
// the log of writes, the commands kept for a restore and the backups: of a row that was deleted, now nil, just that one; of one whose time is
// over all of the week, which a backup forgets and reads anew after a restore.
func (t *tx) lapsed(d workroom.Scope, was, now workroom.Thing) error {
	less, id := false, ""
	switch was := was.(type) {
	case *workroom.Shot:
		left, _ := now.(*workroom.Shot)
		for _, f := range was.Files() {
			if left != nil && slices.Contains(left.Files(), f) {
				continue
			}
			if err := t.forgetFileIn(d, string(f)); err != nil {
				return err
			}
		}
		less, id = was.Pictured() && (left == nil || !left.Pictured()), workroom.CellID(was.Device, was.Cell)
	case *workroom.CellInput:
		left, _ := now.(*workroom.CellInput)
		less, id = len(was.Minutes) > 0 && (left == nil || len(left.Minutes) == 0), workroom.CellID(was.Device, was.Cell)
	}
	if !less {
		return nil
	}
	drop, kind, args := dropShots, every, []any{string(d)}
	if now == nil {
		drop, kind, args = dropShots+` AND `+cellOf+`=?2`, string(was.ThingKind()), append(args, id)
	} else {
		id = every
	}
	if _, err := t.Exec(drop, args...); err != nil {
		return fmt.Errorf("forget pictures: %w", err)
	}
	return t.scrubs(d, kind, id)
}

// dropShots takes the pictures of a diary week, ?1, out of the commands that were acked. The week's name is "d:", the contract, ":" and its
// Monday.
const dropShots = `DELETE FROM sent WHERE op='AddShot' AND lane='diary:'||substr(?1,3,length(?1)-13) AND json_extract(CAST(args AS TEXT),'$.week')=substr(?1,-10)`

// lapses is lapsed for a row that the service changed or took away.
func (t *tx) lapses(x *wire.Thing, was string) error {
	old, err := workroom.Decode(x.Kind, []byte(was))
	if err != nil {
		return nil // of a newer program: nothing is known of it
	}
	var now workroom.Thing
	if !x.Gone {
		if now, err = workroom.Decode(x.Kind, x.Body); err != nil {
			return nil
		}
	}
	return t.lapsed(x.Scope, old, now)
}

// expireWaiting does it in what waits to be sent. What was attempted stays as it is: the service leaves out what has no place any more.
func (t *tx) expireWaiting(now time.Time) (n int, err error) {
	rows, err := outbox.ListFull(t)
	if err != nil {
		return 0, err
	}
	histories := map[workroom.ContractID]*workroom.History{}
	m := touched{}
	for i := range rows {
		row := &rows[i]
		if row.Op != workroom.OpAddShot && row.Op != workroom.OpReportSlice {
			continue
		}
		c, err := outbox.Decode(*row)
		if err != nil {
			continue
		}
		id := workroom.ContractID(workroom.Scope(c.Lane()).Owner()) // "diary:" and the contract
		if histories[id] == nil {
			if histories[id], err = t.historyOf(id); err != nil {
				return n, err
			}
		}
		left, files, due := histories[id].DueIn(c, now)
		if !due || row.Verdict == outbox.None && row.Attempts > 0 {
			continue
		}
		if err := t.dropUploads(row, files, m); err != nil {
			return n, err
		}
		if err := t.shorten(row, left, now, m); err != nil {
			return n, err
		}
		if err := t.scrubs(OutboxScope, command, row.ID); err != nil {
			return n, err
		}
		n++
	}
	if n == 0 {
		return 0, nil
	}
	t.tell(OutboxScope)
	return n, t.rebase(m)
}

// dropUploads takes the uploads of a command's files away, and their bytes off this machine.
func (t *tx) dropUploads(row *outbox.Row, files []workroom.FileID, m touched) error {
	for _, f := range files {
		up, err := outbox.ByID(t, string(f))
		if err != nil {
			return err
		}
		if up != nil && up.Op == workroom.OpUpload {
			if err := outbox.Delete(t, up.N); err != nil {
				return err
			}
		}
		if err := t.forgetFile(string(f)); err != nil {
			return err
		}
		row.After = slices.DeleteFunc(row.After, func(id string) bool { return id == string(f) })
	}
	return nil
}

// shorten puts what is left of a command into its row. A refused picture goes for good: there is nothing left of it to decide about.
func (t *tx) shorten(row *outbox.Row, left workroom.Command, now time.Time, m touched) (err error) {
	if row.Verdict != outbox.None {
		if row.Op != workroom.OpAddShot {
			return nil
		}
		old, err := t.clear(row.N)
		if err != nil {
			return err
		}
		m.add(old)
		return outbox.Delete(t, row.N)
	}
	if row.Args, err = workroom.EncodeCommand(left); err != nil {
		return err
	}
	row.V = workroom.Ops[row.Op].V
	if row.Op == workroom.OpAddShot { // it says now that there is none any more
		row.At = now.UnixMicro()
	}
	if err := outbox.Replace(t, row); err != nil {
		return err
	}
	differs, err := t.rerun(row.N)
	for s := range differs {
		m[s] = true
	}
	return err
}
