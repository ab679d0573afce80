package replica

import (
	"fmt"

	"trestle/internal/outbox"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// What was acked and is offered again after the service went back to an earlier state can come there before the message it is about, which
// another device has to bring back. The service says then that the message is gone. That is no refusal: the command lies among those that were
// sent, as absent, and goes once more when the message is here (I16). Where nobody brings it back within 14 days, nothing is left to do.

// absent marks, in sent, what waits for its message.
const absent = 3

// mostTries is how often a command goes whose message is here and, as the service says, gone.
const mostTries = 5

// aboutMessage is the message a command changes, "" for any other command.
func aboutMessage(c workroom.Command) (string, workroom.Scope) {
	switch c := c.(type) {
	case workroom.React:
		return c.Message, workroom.RoomScope(c.Room)
	case workroom.EditMessage:
		return c.Message, workroom.RoomScope(c.Room)
	case workroom.DeleteMessage:
		return c.Message, workroom.RoomScope(c.Room)
	}
	return "", ""
}

// park takes a command that was offered again off the way if its message is not back yet, and reports whether it did.
func (t *tx) park(row *outbox.Row, res wire.Result, m touched) (bool, error) {
	if !row.Recovered || res.Code != workroom.Gone || row.Attempts > mostTries {
		return false, nil
	}
	c, err := outbox.Decode(*row)
	if err != nil {
		return false, nil
	}
	id, room := aboutMessage(c)
	if id == "" {
		return false, nil
	}
	here, over, err := t.standing(room, id)
	switch {
	case err != nil:
		return false, err
	case here && !over: // it came while this was on its way
		return true, t.later(row, t.r.o.Now(), res)
	}
	old, err := t.clear(row.N)
	if err != nil {
		return false, err
	}
	m.add(old)
	if err := outbox.Delete(t, row.N); err != nil {
		return false, err
	}
	if err := t.forgetParent(row.ID); err != nil || over { // deleted by now: the wish is fulfilled, or of no use
		return true, err
	}
	if _, err := t.Exec(`INSERT INTO sent(id,n,pos,lane,op,v,args,at,epoch,seqs,acked,device,about,recovered) VALUES(?,?,?,?,?,?,?,?,'','{}',?,?,?,?)
		ON CONFLICT(id) DO NOTHING`, row.ID, row.N, row.Pos, row.Lane, string(row.Op), row.V, row.Args, row.At, t.r.o.Now().UnixMicro(), row.Device, row.About,
		absent); err != nil {
		return false, fmt.Errorf("put a command by: %w", err)
	}
	return true, nil
}

// standing reports whether a message is here in the service's present history, and whether it was deleted there.
func (t *tx) standing(room workroom.Scope, id string) (here, over bool, err error) {
	s, err := t.scope(room)
	if err != nil || s.state != Whole {
		return false, false, err
	}
	rows, err := queryRows(t.link, room, baseOneQuery, s.sc, string(workroom.KindMessage), id)
	if err != nil || len(rows) == 0 || rows[0].Seq == 0 {
		return false, false, err
	}
	x, ok := rows[0].Thing.(*workroom.Message)
	return true, rows[0].Gone || ok && x.Deleted != 0, nil
}

// cameBack offers again what waited for a message that the service has now.
func (t *tx) cameBack(x *wire.Thing, m touched) error {
	if x.Kind != workroom.KindMessage || x.Gone {
		return nil
	}
	var one int
	if waits, err := t.scan(`SELECT 1 FROM sent WHERE recovered=3 LIMIT 1`, nil, &one); err != nil || !waits {
		return err
	}
	return t.reoffer(m, `recovered=3 AND json_extract(args,'$.message')=?`, x.ID)
}

// letIn lets what was put off because the account was suspended go at once when it is not any more.
func (t *tx) letIn(x *wire.Thing) error {
	if x.Kind != workroom.KindAccount || x.Scope != workroom.AccountScope(t.r.o.Account) || x.Gone {
		return nil
	}
	thing, err := workroom.Decode(x.Kind, x.Body)
	if a, ok := thing.(*workroom.Account); err != nil || !ok || a.Suspended != nil {
		return nil
	}
	res, err := t.Exec(`UPDATE outbox SET not_before=0,code='',detail='' WHERE verdict='' AND code=?`, string(workroom.AccountClosed))
	if err != nil {
		return fmt.Errorf("send what waited: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	t.tell(OutboxScope)
	t.after = append(t.after, t.r.acted)
	return nil
}
