package replica

import (
	"trestle/internal/outbox"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// reject stores the service's no by the policy of the op, and what follows from it: children cannot go, and a code that concerns the
// whole lane refuses the whole lane.
func (t *tx) reject(row *outbox.Row, res wire.Result, m touched) error {
	if row.Recovered && row.Op == workroom.OpUpload {
		return t.rejectLost(row, res)
	}
	if by, err := t.park(row, res, m); err != nil || by {
		return err
	}
	for i := range res.Things { // the present state of what was expected to be another
		s, err := t.scope(res.Things[i].Scope)
		if err != nil {
			return err
		}
		if s.state == Whole {
			if err := t.merge(&res.Things[i], own, m); err != nil {
				return err
			}
		}
	}
	if res.Text == "" {
		res.Text = workroom.Refuse(res.Code).Text
	}
	if row.Verdict == outbox.Rejected && row.Code == res.Code && row.Text != "" { // refused here while it was under way, with more words
		res.Text = row.Text
	}
	verdict := outbox.Rejected
	if res.Code == workroom.IDReuse {
		verdict = outbox.Quarantined
	}
	if err := t.refuse(row, verdict, res.Code, res.Text, res.Field, m); err != nil {
		return err
	}
	if row.Recovered {
		if err := t.forgetLost(row, m); err != nil {
			return err
		}
	}
	if !res.Code.LaneFatal() {
		return nil
	}
	lane, err := outbox.Lane(t, row.Lane)
	if err != nil {
		return err
	}
	for i := range lane {
		if lane[i].Verdict == outbox.None {
			if err := t.refuse(&lane[i], outbox.Rejected, res.Code, res.Text, "", m); err != nil {
				return err
			}
		}
	}
	return nil
}

// forgetLost removes the message that a command had made in a history the service lost, and its files, once the service has refused to make
// it again: it stood on screen as sent until then, with a number that counts for nothing. Its text waits in Not sent.
func (t *tx) forgetLost(row *outbox.Row, m touched) error {
	c, err := outbox.Decode(*row)
	if err != nil || row.Op != workroom.OpSendMessage {
		return nil
	}
	made := []workroom.Ref{{Kind: workroom.KindMessage, ID: row.ID}}
	if f, ok := c.(workroom.Filer); ok {
		for _, id := range f.FileIDs() {
			made = append(made, workroom.Ref{Kind: workroom.KindFile, ID: string(id)})
		}
	}
	for _, name := range c.Scopes() {
		s, err := t.scope(name)
		if err != nil {
			return err
		}
		for _, ref := range made {
			if err := t.sweep(m, `sc=? AND kind=? AND id=? AND seq=0`, s.sc, string(ref.Kind), ref.ID); err != nil {
				return err
			}
		}
		t.tell(name)
	}
	return nil
}

// refuse puts a verdict on one row, undoes it on screen and refuses its children.
func (t *tx) refuse(row *outbox.Row, v outbox.Verdict, code workroom.Code, text, field string, m touched) error {
	old, err := t.clear(row.N)
	if err != nil {
		return err
	}
	m.add(old)
	if workroom.Ops[row.Op].Policy == workroom.Drop {
		t.r.o.Logf("dropped %s %s: %s", row.Op, row.ID, code)
		err = outbox.Delete(t, row.N)
	} else {
		err = outbox.Judge(t, row.N, v, code, text, field)
	}
	if err != nil {
		return err
	}
	return t.refuseChildren(row.ID, code, m)
}

// refuseChildren refuses what waits behind a refused command. A first message is not delivered because its room was not: it says so in the
// words of that (P-24); its code stays that of what depends on another.
func (t *tx) refuseChildren(id string, code workroom.Code, m touched) error {
	kids, err := outbox.Children(t, id)
	if err != nil {
		return err
	}
	for i := range kids {
		if kids[i].Verdict != outbox.None {
			continue
		}
		dep := workroom.Refuse(workroom.DepFailed)
		if code == workroom.Undeliverable {
			dep.Text = workroom.Refuse(code).Text
		}
		if err := t.refuse(&kids[i], outbox.Rejected, dep.Code, dep.Text, "", m); err != nil {
			return err
		}
	}
	return nil
}
