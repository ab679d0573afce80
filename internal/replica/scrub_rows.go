package replica

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"

	"trestle/internal/workroom"
)

// wiper takes things out of one other file. The file may be of an earlier schema: what it has not got is passed over.
type wiper struct {
	*sql.Tx
	ctx context.Context
	s   *scrubbing
	has map[string]bool // its columns, as "table.column"
}

// exec runs a statement where the file has a column that it needs.
func (w *wiper) exec(needs, q string, args ...any) error {
	if !w.has[needs] {
		return nil
	}
	if _, err := w.ExecContext(w.ctx, q, args...); err != nil {
		return fmt.Errorf("scrub %s: %w", needs, err)
	}
	return nil
}

func (w *wiper) run(whole bool) error {
	// What was being recorded is taken from nowhere but the copy in use.
	if err := w.exec("meta.k", `DELETE FROM meta WHERE k=?`, trackedKey); err != nil {
		return err
	}
	if err := w.words(); err != nil {
		return err
	}
	for i := range w.s.things {
		x := &w.s.things[i]
		var err error
		switch {
		case x.scope == OutboxScope:
			err = w.command(x.id)
		case x.scope == DraftScope:
			err = w.draft(workroom.RoomID(x.id))
		case x.all:
			err = w.scope(x, whole)
		default:
			err = w.thing(x, whole)
		}
		if err != nil {
			return err
		}
	}
	for _, table := range []string{"effect", "effect_read"} {
		if err := w.exec(table+".n", `DELETE FROM `+table+` WHERE n NOT IN (SELECT n FROM outbox)`); err != nil {
			return err
		}
	}
	return nil
}

// words takes the commands that made what was deleted in rooms, and those that edited it, all at once: a page may bring hundreds of them.
func (w *wiper) words() error {
	ids := []string{}
	for _, x := range w.s.things {
		if x.scope.Kind() == "r" && !x.all {
			ids = append(ids, x.id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return fmt.Errorf("scrub commands: %w", err)
	}
	for _, table := range []string{"sent", "outbox"} {
		if err := w.exec(table+".args", `DELETE FROM `+table+` WHERE op IN ('SendMessage','Upload') AND id IN (SELECT value FROM json_each(?1))
			OR op='EditMessage' AND json_extract(CAST(args AS TEXT),'$.message') IN (SELECT value FROM json_each(?1))`, string(list)); err != nil {
			return err
		}
	}
	return nil
}

const ofScope = `sc=(SELECT sc FROM scope WHERE name=?1)`

// scope takes a whole scope away, as if it had never been read. What waited for it is as it is in the copy in use.
func (w *wiper) scope(x *scrubbed, whole bool) error {
	name := string(x.scope)
	lanes := []string{name}
	if x.scope.Kind() == "k" {
		lanes = append(lanes, "diary:"+x.scope.Owner())
	}
	for _, lane := range lanes {
		if err := w.exec("sent.lane", `DELETE FROM sent WHERE lane=?`, lane); err != nil {
			return err
		}
		if err := w.commands(`SELECT id FROM outbox WHERE lane=?`, lane); err != nil {
			return err
		}
	}
	if x.scope.Kind() == "d" {
		if err := w.recorded(x.scope, ``); err != nil {
			return err
		}
	}
	if err := w.uploads(x.scope); err != nil {
		return err
	}
	if x.scope.Kind() == "r" {
		if err := w.draft(workroom.RoomID(x.scope.Owner())); err != nil {
			return err
		}
	}
	for _, q := range [][2]string{{"file.scope", `DELETE FROM file WHERE scope=?1`}, {"tally.scope", `DELETE FROM tally WHERE scope=?1`}} {
		if err := w.exec(q[0], q[1], name); err != nil {
			return err
		}
	}
	if !whole {
		return nil
	}
	for _, q := range [][2]string{
		{"base.found", `DELETE FROM find WHERE rowid IN (SELECT found FROM base WHERE found<>0 AND ` + ofScope + `)`},
		{"base.sc", `DELETE FROM base WHERE ` + ofScope}, {"effect.sc", `DELETE FROM effect WHERE ` + ofScope},
		{"span.sc", `DELETE FROM span WHERE ` + ofScope}, {"ahead.sc", `DELETE FROM ahead WHERE ` + ofScope},
		{"scope.name", `UPDATE scope SET gen=0,seq=0,tag='',msgs=0,state='' WHERE name=?1`},
	} {
		if err := w.exec(q[0], q[1], name); err != nil {
			return err
		}
	}
	return nil
}

// thing takes one thing away: its row says what the service left of it.
func (w *wiper) thing(x *scrubbed, whole bool) error {
	switch {
	case x.scope.Kind() == "d":
		if err := w.recorded(x.scope, x.id); err != nil {
			return err
		}
	case x.scope.Kind() == "r":
		if err := w.draft(workroom.RoomID(x.scope.Owner())); err != nil { // it was one when the backup was made, maybe
			return err
		}
	}
	if !whole {
		return nil
	}
	const one = ofScope + ` AND kind=?2 AND id=?3`
	if err := w.exec("base.found", `DELETE FROM find WHERE rowid IN (SELECT found FROM base WHERE found<>0 AND `+one+`)`, string(x.scope), x.kind, x.id); err != nil {
		return err
	}
	again := ""
	if w.has["base.found"] {
		again = ",found=0,look=1"
	}
	if err := w.exec("base.sc", `UPDATE base SET gone=?4,body=?5`+again+` WHERE `+one, string(x.scope), x.kind, x.id, x.gone, x.body); err != nil {
		return err
	}
	return w.exec("effect.sc", `DELETE FROM effect WHERE `+one, string(x.scope), x.kind, x.id)
}

// recorded takes pictures and counts of input of a diary week, or of one cell of a device, out of the commands: what was acked goes, what waited
// is as it is in the copy in use.
func (w *wiper) recorded(week workroom.Scope, cell string) error {
	const about = ` FROM %s WHERE op IN (%s) AND lane=?1 AND json_extract(CAST(args AS TEXT),'$.week')=?2`
	ops, args := `'AddShot','ReportSlice'`, []any{"diary:" + week.Owner(), week.Part()}
	and := ""
	if cell != "" {
		ops, and, args = `'AddShot'`, ` AND `+cellOf+`=?3`, append(args, cell)
	}
	if err := w.exec("sent.args", `DELETE`+fmt.Sprintf(about, "sent", ops)+and, args...); err != nil {
		return err
	}
	if err := w.commands(`SELECT id`+fmt.Sprintf(about, "outbox", ops)+and, args...); err != nil {
		return err
	}
	return w.uploads(week)
}

// cellOf is the device and cell that a command for a screenshot is about.
const cellOf = `json_extract(CAST(args AS TEXT),'$.shot.device')||'.'||json_extract(CAST(args AS TEXT),'$.shot.cell')`

// uploads lets what was on its way into a scope be as it is in the copy in use.
func (w *wiper) uploads(scope workroom.Scope) error {
	return w.commands(`SELECT id FROM outbox WHERE op='Upload' AND about=?`, string(scope))
}

// commands lets the waiting commands that a query names be as they are in the copy in use.
func (w *wiper) commands(q string, args ...any) error {
	rows, err := w.QueryContext(w.ctx, q, args...)
	if err != nil {
		return fmt.Errorf("scrub commands: %w", err)
	}
	var ids []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			rows.Close()
			return fmt.Errorf("scrub commands: %w", err)
		}
		ids = append(ids, id)
	}
	rows.Close()
	if err := rows.Err(); err != nil {
		return fmt.Errorf("scrub commands: %w", err)
	}
	for _, id := range ids {
		if err := w.command(id); err != nil {
			return err
		}
	}
	return nil
}

// command lets a waiting command be as it is in the copy in use: gone, or with the arguments it has there. What it shows is worked out anew when
// the file is opened.
func (w *wiper) command(id string) error {
	if err := w.exec("effect.n", `DELETE FROM effect WHERE n IN (SELECT n FROM outbox WHERE id=?)`, id); err != nil {
		return err
	}
	if args, here := w.s.waiting[id]; here {
		return w.exec("outbox.args", `UPDATE outbox SET args=? WHERE id=?`, args, id)
	}
	return w.exec("outbox.args", `DELETE FROM outbox WHERE id=?`, id)
}

// draft lets the draft of a room be as it is in the copy in use.
func (w *wiper) draft(room workroom.RoomID) error {
	d, here := w.s.drafts[room]
	if !here {
		return w.exec("draft.room", `DELETE FROM draft WHERE room=?`, string(room))
	}
	files, err := json.Marshal(d.Files)
	if err != nil {
		return fmt.Errorf("scrub a draft: %w", err)
	}
	beside, err := json.Marshal(d.Beside)
	if err != nil {
		return fmt.Errorf("scrub a draft: %w", err)
	}
	set, args := []string{"text=?", "files=?", "cursor=?", "at=?"}, []any{d.Text, string(files), d.Cursor, d.At}
	if w.has["draft.beside"] {
		set, args = append(set, "beside=?"), append(args, string(beside))
	}
	return w.exec("draft.room", `UPDATE draft SET `+strings.Join(set, ",")+` WHERE room=?`, append(args, string(room))...)
}
