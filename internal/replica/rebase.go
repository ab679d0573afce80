package replica

import (
	"encoding/json"
	"fmt"
	"time"

	"trestle/internal/outbox"
	"trestle/internal/workroom"
)

// touched is the set of places that changed in a transaction.
type touched map[spot]bool

func (m touched) add(effects []effect) {
	for _, e := range effects {
		m[e.spot] = true
	}
}

// rebase runs the rules of waiting commands again where what they read or wrote was touched, so that effects are always what the rules
// say over the present copy (sync.md §7). A command whose creation came by a pull before its ack keeps no effects; neither does one that
// would be refused here: the service has the last word, so it is still sent.
func (t *tx) rebase(m touched) error {
	if err := t.announce(m); err != nil {
		return err
	}
	todo := map[int64]bool{}
	done := int64(0)
	for {
		if err := t.candidates(m, done, todo); err != nil {
			return err
		}
		n := all
		for x := range todo {
			n = min(n, x)
		}
		if n == all {
			return nil
		}
		delete(todo, n)
		done = n
		differs, err := t.rerun(n)
		if err != nil {
			return err
		}
		m = differs
		if err := t.announce(m); err != nil {
			return err
		}
	}
}

// candidates adds the commands above n whose reads or effects meet the touched places.
func (t *tx) candidates(m touched, above int64, into map[int64]bool) error {
	if len(m) == 0 {
		return nil
	}
	list := make([][3]any, 0, len(m))
	for s := range m {
		list = append(list, [3]any{s.sc, s.kind, s.id})
	}
	arg, err := json.Marshal(list)
	if err != nil {
		return fmt.Errorf("find commands to run again: %w", err)
	}
	rows, err := t.Query(`SELECT r.n FROM json_each(?1) j CROSS JOIN effect_read r
		ON r.sc=json_extract(j.value,'$[0]') AND r.kind=json_extract(j.value,'$[1]') AND r.id IN (json_extract(j.value,'$[2]'),'') WHERE r.n>?2
		UNION SELECT e.n FROM json_each(?1) j CROSS JOIN effect e
		ON e.sc=json_extract(j.value,'$[0]') AND e.kind=json_extract(j.value,'$[1]') AND e.id=json_extract(j.value,'$[2]') WHERE e.n>?2`,
		string(arg), above)
	if err != nil {
		return fmt.Errorf("find commands to run again: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var n int64
		if err := rows.Scan(&n); err != nil {
			return fmt.Errorf("find commands to run again: %w", err)
		}
		into[n] = true
	}
	return rows.Err()
}

// rerun replaces the effects of command n by what its rule says now and answers the places where they differ.
func (t *tx) rerun(n int64) (touched, error) {
	row, err := outbox.ByN(t, n)
	if err != nil {
		return nil, err
	}
	old, err := t.clear(n)
	if err != nil {
		return nil, err
	}
	var now []effect
	if row != nil && row.Verdict == outbox.None {
		if now, err = t.run(row); err != nil {
			return nil, err
		}
		if row.Recovered && len(now) == 0 {
			if err := t.ranAgain(row, old); err != nil {
				return nil, err
			}
		}
	}
	return differ(old, now), nil
}

// run stores the effects of a waiting row over what lies below it. A class W command shows nothing before the service has it.
func (t *tx) run(row *outbox.Row) ([]effect, error) {
	c, err := outbox.Decode(*row)
	if err != nil || workroom.Ops[row.Op].Class != workroom.AtOnce {
		return nil, nil // a command this program cannot read shows nothing and stays
	}
	v := t.view(row.N)
	changes, refusal := workroom.Run(c, asked(row), v)
	if v.err != nil {
		return nil, v.err
	}
	var effects []effect
	if refusal == nil {
		if effects, err = t.plan(changes, v, row.Pos); err != nil {
			return nil, err
		}
		if here, err := t.createdHere(row.ID, effects); err != nil {
			return nil, err
		} else if here {
			for _, e := range effects { // if what it creates goes from here again, this has to be asked again
				if e.id == row.ID {
					v.reads[e.spot] = true
				}
			}
			effects = nil
		}
	}
	return effects, t.store(row.N, row.Account, row.At, effects, v.reads)
}

// ranAgain notes of a re-offered command that what it makes was not among the service's rows and is now: it ran again, and its answer is
// still on its way.
func (t *tx) ranAgain(row *outbox.Row, old []effect) error {
	here, err := t.createdHere(row.ID, old)
	if err != nil || !here {
		return err
	}
	return t.madeAgain(row.ID)
}

// madeAgain notes of a re-offered command, if there is one under this id, that it ran again. A dated thing keeps the moment of its making for
// as long as its history lives: under another moment it was made by another run.
func (t *tx) madeAgain(id string) error {
	if _, err := t.Exec(`UPDATE outbox SET recovered=2 WHERE id=? AND recovered=1`, id); err != nil {
		return fmt.Errorf("note what ran again: %w", err)
	}
	return nil
}

// createdHere reports whether the thing a command creates under its own id is among the service's rows already.
func (t *tx) createdHere(id string, effects []effect) (bool, error) {
	for _, e := range effects {
		if e.id != id {
			continue
		}
		var x int
		if ok, err := t.scan(`SELECT 1 FROM base WHERE sc=? AND kind=? AND id=?`, []any{e.sc, e.kind, e.id}, &x); ok || err != nil {
			return ok, err
		}
	}
	return false, nil
}

func asked(row *outbox.Row) workroom.Asked {
	return workroom.Asked{ID: row.ID, By: row.Account, Device: row.Device, At: time.UnixMicro(row.At).UTC()}
}

func differ(old, now []effect) touched {
	out := touched{}
	was := map[spot]effect{}
	for _, e := range old {
		was[e.spot] = e
	}
	for _, e := range now {
		if was[e.spot] != e {
			out[e.spot] = true
		}
		delete(was, e.spot)
	}
	for s := range was {
		out[s] = true
	}
	return out
}

// announce remembers the scopes of the touched places for Changed.
func (t *tx) announce(m touched) error {
	seen := map[int64]bool{}
	for s := range m {
		if seen[s.sc] {
			continue
		}
		seen[s.sc] = true
		var name workroom.Scope
		if _, err := t.scan(`SELECT name FROM scope WHERE sc=?`, []any{s.sc}, &name); err != nil {
			return fmt.Errorf("name scope: %w", err)
		}
		t.tell(name)
	}
	return nil
}
