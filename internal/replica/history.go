package replica

import (
	"context"
	"fmt"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Want is a window of history to ask for: what was born before Before, as of at least Min.
type Want struct {
	Scope  workroom.Scope
	Before int64
	Min    int64
	Gen    int64
}

// BeginHistory prepares to ask for older messages than are here. From now on changes to them are kept, so that none is lost between the
// question and the answer. It answers false if all are here.
func (r *Replica) BeginHistory(ctx context.Context, name workroom.Scope) (Want, bool, error) {
	w := Want{Scope: name}
	more := false
	err := r.write(ctx, false, func(t *tx) error {
		s, err := t.scope(name)
		if err != nil {
			return err
		}
		lo, ok, err := oldest(t.link, s.sc)
		if err != nil || !ok || s.state != Whole || lo <= s.from || lo == 0 {
			return err
		}
		w.Before, w.Min, w.Gen, more = lo, s.seq, s.gen, true
		_, err = t.Exec(`INSERT INTO span(sc,lo,hi,state) VALUES(?,?,?,'loading') ON CONFLICT(sc,state,lo) DO UPDATE SET hi=excluded.hi`, s.sc, s.from, lo-1)
		return err
	})
	return w, more, err
}

// History is the answer to a Want. With Failed the question came to nothing and the window is closed again.
type History struct {
	Want
	wire.RangeOut
	Failed bool
}

func (c History) durable() bool { return false }

func (c History) apply(t *tx) error {
	s, err := t.scope(c.Scope)
	if err != nil {
		return err
	}
	var one int
	kept, err := t.scan(`SELECT 1 FROM span WHERE sc=? AND state='loading' AND hi=?`, []any{s.sc, c.Before - 1}, &one)
	if err != nil {
		return fmt.Errorf("close window of history: %w", err)
	}
	if _, err := t.Exec(`DELETE FROM span WHERE sc=? AND state='loading'`, s.sc); err != nil {
		return fmt.Errorf("close window of history: %w", err)
	}
	lo, ok, err := oldest(t.link, s.sc)
	if err != nil {
		return err
	}
	if c.Failed || !kept || !ok || s.state != Whole || lo != c.Before || s.gen != c.Gen || c.AsOf < c.Min {
		return nil // opened anew meanwhile, or nothing came
	}
	m := touched{}
	there := [][2]string{}
	for i := range c.Things {
		x := &c.Things[i]
		there = append(there, [2]string{string(x.Kind), x.ID})
		if x.Scope != c.Scope || !x.Kind.Dated() {
			return fmt.Errorf("history of %s holds what is not of it", c.Scope)
		}
		if err := t.merge(x, opened, m); err != nil {
			return err
		}
	}
	if err := t.r.o.Fail(PointHistory); err != nil {
		return err
	}
	from := min(c.Lo, lo)
	if !c.More {
		from = 0
	}
	if err := t.sweepMissing(s, c.AsOf, from, lo-1, false, there, m); err != nil {
		return err
	}
	for _, q := range []string{
		`UPDATE span SET lo=?2 WHERE sc=?1 AND lo=?3 AND state='have'`,
		`UPDATE span SET hi=MIN(hi,?2-1) WHERE sc=?1 AND state='stale' AND ?3>=0`,
		`DELETE FROM span WHERE sc=?1 AND state='stale' AND lo>hi AND ?2>=0 AND ?3>=0`,
	} {
		if _, err := t.Exec(q, s.sc, from, lo); err != nil {
			return fmt.Errorf("widen span: %w", err)
		}
	}
	t.tell(c.Scope)
	return t.rebase(m)
}
