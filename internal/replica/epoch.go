package replica

import (
	"fmt"
	"slices"
	"strings"

	"trestle/internal/workroom"
)

// Epoch is the history the service's numbers belong to now. In another one than before every cursor is void; what is on screen stays until
// the scopes were opened anew, what waits stays waiting, and what the service had acked in the lost history is offered again (sync.md §12).
type Epoch struct{ Epoch string }

func (c Epoch) durable() bool { return true }

func (c Epoch) apply(t *tx) error {
	known, err := t.meta("epoch")
	if err != nil || known == c.Epoch {
		return err
	}
	m := touched{}
	if known != "" {
		held, err := scopesLike(t.link, "")
		if err != nil {
			return err
		}
		for _, s := range held {
			if err := t.void(s, m); err != nil {
				return err
			}
		}
		t.r.doubt()
		if err := t.reoffer(m, `epoch<>?`, c.Epoch); err != nil {
			return err
		}
		past, err := t.pastEpochs()
		if err != nil {
			return err
		}
		past = append(slices.DeleteFunc(past, func(e string) bool { return e == c.Epoch }), known)
		if err := t.setMeta("past_epochs", strings.Join(past[max(0, len(past)-20):], "\n")); err != nil {
			return err
		}
	}
	if err := t.r.o.Fail(PointReoffer); err != nil {
		return err
	}
	if err := t.setMeta("epoch", c.Epoch); err != nil {
		return err
	}
	return t.rebase(m)
}

// pastEpochs are the histories this copy once followed and the service has left.
func (t *tx) pastEpochs() ([]string, error) {
	v, err := t.meta("past_epochs")
	if err != nil || v == "" {
		return nil, err
	}
	return strings.Split(v, "\n"), nil
}

// Fork says that the service's history of a scope is not the one this copy followed, though the epoch is the same: somebody put an older
// database in place. What other scopes say may be of the lost history too: all are to be opened anew, and all that was acked is offered
// again. A scope that was not opened since tells of the same loss, and nothing more is done.
type Fork struct{ Scope workroom.Scope }

func (c Fork) durable() bool { return true }

func (c Fork) apply(t *tx) error {
	s, err := t.scope(c.Scope)
	if err != nil || s.state != Whole {
		return err
	}
	held, err := scopesLike(t.link, "")
	if err != nil {
		return err
	}
	m := touched{}
	for _, s := range held {
		if err := t.void(s, m); err != nil {
			return err
		}
	}
	t.r.doubt()
	if err := t.reoffer(m, `1`); err != nil {
		return err
	}
	if err := t.r.o.Fail(PointReoffer); err != nil {
		return err
	}
	return t.rebase(m)
}

// void ends the trust in a scope's cursor and in the numbers of its rows; they stay on screen.
func (t *tx) void(s *scopeRow, m touched) error {
	if s.state == Whole {
		s.state = Stale
		if err := t.stale(s); err != nil {
			return err
		}
		t.tell(s.name)
	}
	if err := t.unnumber(s, m); err != nil {
		return err
	}
	for _, q := range []string{`DELETE FROM ahead WHERE sc=?`, `DELETE FROM unproven WHERE sc=?`} {
		if _, err := t.Exec(q, s.sc); err != nil {
			return fmt.Errorf("void %s: %w", s.name, err)
		}
	}
	s.gen, s.seq, s.tag = 0, 0, ""
	t.scopes[s.name] = s
	if err := t.saveScope(s); err != nil {
		return err
	}
	m[spot{s.sc, "", ""}] = true
	return t.rerunAllIn(s.sc, m)
}

// unnumber takes the numbers off a scope's rows, because they are worth nothing in the history that counts now: whatever comes of it replaces
// them. A tombstone is nothing but a number: what ended in the lost history may live in this one.
func (t *tx) unnumber(s *scopeRow, m touched) error {
	if err := t.sweep(m, `sc=? AND gone=1`, s.sc); err != nil {
		return err
	}
	if _, err := t.Exec(`UPDATE base SET seq=0 WHERE sc=? AND seq<>0`, s.sc); err != nil {
		return fmt.Errorf("take the numbers off %s: %w", s.name, err)
	}
	return nil
}
