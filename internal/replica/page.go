package replica

import (
	"context"
	"errors"
	"fmt"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Change is what may come from the service: Page, Frame, Opened, Gone, History, Results, Epoch, Fork.
type Change interface {
	apply(*tx) error
	durable() bool
}

// Apply is the one door for what the service says. Rows, cursors and effects move in one transaction; afterwards Changed tells which
// scopes to read again.
func (r *Replica) Apply(ctx context.Context, c Change) error {
	return r.write(ctx, c.durable(), c.apply)
}

// ErrStale says that a page does not follow the cursor any more; it is to be asked again.
var ErrStale = errors.New("the page does not follow the cursor")

// ErrFork says that a whole page does not hold what the service acked to this device before, or otherwise: its history is another one. Nothing was
// changed; Fork is to be applied and the scope opened anew.
var ErrFork = errors.New("the page is of another history")

// Page is what changed in a scope after a cursor.
type Page struct {
	Scope workroom.Scope
	Epoch string
	Gen   int64
	After int64
	Acked []string // commands the pull asked about (Unproven): the service has the records of all of them
	wire.Page
}

func (c Page) durable() bool { return false }

func (c Page) apply(t *tx) error {
	s, err := t.scope(c.Scope)
	if err != nil {
		return err
	}
	if epoch, err := t.meta("epoch"); err != nil {
		return err
	} else if s.state != Whole || s.gen != c.Gen || s.seq != c.After || epoch != c.Epoch || c.Seq < c.After {
		return ErrStale
	}
	m := touched{}
	for i := range c.Things {
		if c.Things[i].Scope != c.Scope || c.Things[i].Seq > c.Seq {
			return fmt.Errorf("a page of %s holds what is not of it", c.Scope)
		}
		if err := t.merge(&c.Things[i], pulled, m); err != nil {
			return err
		}
	}
	if err := t.caughtUp(s, &c.Page); err != nil {
		return err
	}
	if err := t.prove(s, c.Acked, c.Seq, c.More); err != nil {
		return err
	}
	if err := t.r.o.Fail(PointPage); err != nil {
		return err
	}
	s.seq, s.tag, s.msgs = c.Seq, c.Tag, max(s.msgs, c.Msgs)
	if err := t.saveScope(s); err != nil {
		return err
	}
	t.tell(c.Scope)
	return t.rebase(m)
}

// caughtUp takes what a page brought off the list of own rows ahead of the cursor. At the end of a pull none of those up to its seq may be
// left: the service wrote them once, and does not know them any more.
func (t *tx) caughtUp(s *scopeRow, p *wire.Page) error {
	var one int
	if waits, err := t.scan(`SELECT 1 FROM ahead WHERE sc=? LIMIT 1`, []any{s.sc}, &one); err != nil || !waits {
		return err
	}
	for i := range p.Things {
		x := &p.Things[i]
		if _, err := t.Exec(`DELETE FROM ahead WHERE sc=? AND kind=? AND id=? AND seq<=?`, s.sc, string(x.Kind), x.ID, x.Seq); err != nil {
			return fmt.Errorf("catch up with own rows: %w", err)
		}
	}
	if p.More {
		return nil
	}
	if lost, err := t.scan(`SELECT 1 FROM ahead WHERE sc=? AND seq<=? LIMIT 1`, []any{s.sc, p.Seq}, &one); err != nil {
		return fmt.Errorf("catch up with own rows: %w", err)
	} else if lost {
		return ErrFork
	}
	return nil
}

// source says on which road a thing came.
type source int

const (
	pulled source = iota // by a page: dated things only where the copy is whole
	opened               // as part of asked history
	state                // as part of a scope's state as of its cursor, which tells what the newest of each thing is
	own                  // as what an acked command wrote
)

// merge takes one thing of the service into the copy: greater seq wins, a tombstone stays for ever, and nothing older than the account's
// grant is let in.
func (t *tx) merge(x *wire.Thing, from source, m touched) error {
	s, err := t.scope(x.Scope)
	if err != nil {
		return err
	}
	if s.state == Taken || s.state == Archived || x.Kind == "" || x.ID == "" {
		return nil
	}
	dated := x.Kind.Dated()
	if dated && x.Born < s.from {
		return nil
	}
	var seq, found, at int64
	var was string
	here, err := t.scan(`SELECT seq,found,at,CASE WHEN ?4 THEN COALESCE(body,'') ELSE '' END FROM base WHERE sc=?1 AND kind=?2 AND id=?3`,
		[]any{s.sc, string(x.Kind), x.ID, x.Gone || x.Kind == workroom.KindShot || x.Kind == workroom.KindInput}, &seq, &found, &at, &was)
	if err != nil {
		return fmt.Errorf("merge %s: %w", x.Kind, err)
	}
	if here && dated && !x.Gone && x.At != at {
		if err := t.madeAgain(x.ID); err != nil {
			return err
		}
	}
	lost := from == state && seq > x.Seq && seq <= s.seq // a number of a history whose tags the service does not know any more
	if here && seq >= x.Seq && !lost {
		if from == own || seq != x.Seq {
			return nil
		}
		// Asked anew because the copies differ, a row that was damaged here heals, any other is left alone. Pulled, an own row under the
		// same number and otherwise is of a history that the service lost.
		same, err := t.holds(s, x)
		switch {
		case err != nil:
			return err
		case same && (from == pulled || x.Seq <= s.seq):
			return t.proveRow(s, x.Seq)
		case same:
			return nil
		case from == pulled:
			return ErrFork
		}
	}
	if from == own && !here && s.state == Whole && x.Seq <= s.seq {
		return nil // the state held is later than this answer: what is not in it was removed meanwhile
	}
	if dated && !here && from == pulled {
		var one int
		if in, err := t.scan(`SELECT 1 FROM span WHERE sc=? AND lo<=? AND hi>=? LIMIT 1`, []any{s.sc, x.Born, x.Born}, &one); err != nil {
			return fmt.Errorf("merge %s: %w", x.Kind, err)
		} else if !in {
			return nil
		}
	}
	if _, err := t.Exec(`INSERT INTO base(sc,kind,id,seq,born,rev,mn,gone,actor,at,body) VALUES(?,?,?,?,?,?,?,?,?,?,?)
		ON CONFLICT(sc,kind,id) DO UPDATE SET seq=excluded.seq,born=excluded.born,rev=excluded.rev,mn=excluded.mn,gone=excluded.gone,
		actor=excluded.actor,at=excluded.at,body=excluded.body,look=1`,
		s.sc, string(x.Kind), x.ID, x.Seq, x.Born, x.Rev, x.Num, x.Gone, string(x.By), x.At, bodyOf(x)); err != nil {
		return fmt.Errorf("merge %s: %w", x.Kind, err)
	}
	if from == own && x.Seq > s.seq && s.state == Whole {
		if _, err := t.Exec(`INSERT INTO ahead(sc,kind,id,seq) VALUES(?,?,?,?) ON CONFLICT(sc,kind,id) DO UPDATE SET seq=MAX(seq,excluded.seq)`,
			s.sc, string(x.Kind), x.ID, x.Seq); err != nil {
			return fmt.Errorf("note own %s: %w", x.Kind, err)
		}
	}
	if from == own && dated && s.state == Stale { // all on screen is of before the reset; what was just accepted stands among it
		if _, err := t.Exec(`UPDATE span SET hi=MAX(hi,?2) WHERE sc=?1 AND state='stale' AND hi=(SELECT MAX(hi) FROM span WHERE sc=?1 AND state='stale')`,
			s.sc, x.Born); err != nil {
			return fmt.Errorf("keep own %s on screen: %w", x.Kind, err)
		}
	}
	if err := errors.Join(t.took(x, here), t.cameBack(x, m), t.letIn(x)); err != nil {
		return err
	}
	if x.Gone && found != 0 {
		if err := t.unfind(s.sc, string(x.Kind), x.ID); err != nil {
			return err
		}
	}
	if x.Gone && here || !x.Gone && (deletedFile(x) || was != "") {
		if err := t.forgetBytes(x, was); err != nil {
			return err
		}
	}
	if x.Kind == workroom.KindWeek {
		if err := t.revive(x); err != nil {
			return err
		}
	}
	if x.Kind == workroom.KindGrant && !x.Gone {
		if err := t.noteGrant(x); err != nil {
			return err
		}
	}
	if x.Num > s.msgs {
		s.msgs = x.Num
		if err := t.saveScope(s); err != nil {
			return err
		}
	}
	m[spot{s.sc, string(x.Kind), x.ID}] = true
	t.tell(x.Scope)
	return nil
}

// Root reports whether a scope stands in the heads list of its own; a diary week and a room's receipts do not.
func Root(s workroom.Scope) bool { return s.Root() == s }

// forgetBytes takes the bytes of a file that was deleted off this machine (safety.md §8), and of a screenshot that was deleted or whose time
// is over.
func (t *tx) forgetBytes(x *wire.Thing, was string) error {
	switch x.Kind {
	case workroom.KindFile:
		return t.forgetFileIn(x.Scope, x.ID)
	case workroom.KindShot, workroom.KindInput:
		return t.lapses(x, was)
	}
	return nil
}

// deletedFile reports whether a thing is a file whose bytes somebody deleted; its row stays.
func deletedFile(x *wire.Thing) bool {
	if x.Kind != workroom.KindFile {
		return false
	}
	thing, err := workroom.Decode(x.Kind, x.Body)
	if err != nil {
		return false
	}
	f, ok := thing.(*workroom.File)
	return ok && f.Deleted != 0
}

// bodyOf is a thing's body as it is stored: nothing for a tombstone.
func bodyOf(x *wire.Thing) any {
	if x.Gone {
		return nil
	}
	return string(x.Body)
}

// noteGrant remembers whether what a grant opens may stay here as an archive: when it is taken away its own body is gone.
func (t *tx) noteGrant(x *wire.Thing) error {
	thing, err := workroom.Decode(x.Kind, x.Body)
	if err != nil {
		return nil // of a newer program: nothing is known, nothing is kept
	}
	g, ok := thing.(*workroom.Grant)
	root := workroom.Scope(x.ID)
	if !ok || !root.Valid() {
		return nil
	}
	s, err := t.scope(root)
	if err != nil || s.retain == g.Retain {
		return err
	}
	s.retain = g.Retain
	return t.saveScope(s)
}
