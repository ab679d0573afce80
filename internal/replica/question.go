package replica

import (
	"fmt"
	"slices"

	"trestle/internal/outbox"
	"trestle/internal/workroom"
)

// This file is what the person is asked about: a class W command that the service acked and lost. "Does it still hold?"

// askAgain is what a class W command says that the service acked and lost.
const askAgain = "The service was set back to an earlier state and does not have this any more. Does it still hold?"

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

// questions adds the commands that opened what a command goes into, that the service acked and lost, and that the person is asked about: what
// goes in there waits for the answer (I6). Where the present history holds it all the same, there is nothing to wait for.
func (t *tx) questions(after []string, scopes []workroom.Scope) ([]string, error) {
	asked, err := outbox.Asked(t)
	if err != nil {
		return nil, err
	}
	for _, row := range asked {
		c, err := outbox.Decode(row)
		if err != nil || !opensScopes(c) || slices.Contains(after, row.ID) {
			continue
		}
		for _, name := range scopes {
			root := name.Root()
			if root.Kind() == "a" || !slices.Contains(c.Scopes(), root) {
				continue
			}
			s, err := t.scope(root)
			if err != nil {
				return nil, err
			}
			if s.state != Whole {
				after = append(after, row.ID)
				break
			}
		}
	}
	return after, nil
}

// openQuestion reports whether a scope was opened to the account by a command which the service acked and lost, and of which the person has
// not said yet whether it still holds. What waits behind that question is not refused before the answer, and what is read stays; unless the
// service's present history tells that the right was taken away.
func (t *tx) openQuestion(name workroom.Scope) (bool, error) {
	rows, err := outbox.Asked(t)
	if err != nil || len(rows) == 0 {
		return false, err
	}
	asked := slices.ContainsFunc(rows, func(row outbox.Row) bool {
		c, err := outbox.Decode(row)
		return err == nil && opensScopes(c) && slices.Contains(c.Scopes(), name)
	})
	if !asked {
		return false, nil
	}
	var one int
	taken, err := t.scan(`SELECT 1 FROM base WHERE sc=(SELECT sc FROM scope WHERE name=?) AND kind=? AND id=? AND gone=1`,
		[]any{string(workroom.AccountScope(t.r.o.Account)), string(workroom.KindGrant), string(name)}, &one)
	if err != nil {
		return false, fmt.Errorf("look at the grant of %s: %w", name, err)
	}
	return !taken, nil
}
