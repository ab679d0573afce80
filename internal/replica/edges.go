package replica

import (
	"fmt"
	"slices"

	"trestle/internal/outbox"
	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// maxAfter is how many parents a command may name beside its uploads.
const maxAfter = 8

// parents keeps the parents that are still waiting; one that was accepted already is no edge any more.
func (t *tx) parents(after []string) ([]string, error) {
	var out []string
	for _, id := range after {
		p, err := outbox.ByID(t, id)
		if err != nil {
			return nil, err
		}
		if p != nil {
			if p.Verdict != outbox.None {
				return nil, workroom.Refuse(workroom.DepFailed)
			}
			if !slices.Contains(out, id) {
				out = append(out, id)
			}
			continue
		}
		var x int
		if ok, err := t.scan(`SELECT 1 FROM sent WHERE id=?`, []any{id}, &x); err != nil {
			return nil, err
		} else if !ok {
			return nil, workroom.Refuse(workroom.DepFailed)
		}
	}
	return out, nil
}

// creators adds the waiting commands that create the rooms and contracts a command goes into: it must not arrive before them.
func (t *tx) creators(after []string, scopes []workroom.Scope) ([]string, error) {
	for _, name := range scopes {
		root := name.Root()
		kind := workroom.KindRoom
		switch root.Kind() {
		case "r":
		case "k":
			kind = workroom.KindContract
			root = workroom.ContractScope(workroom.ContractID(root.Owner()))
		default:
			continue
		}
		s, err := t.scope(root)
		if err != nil {
			return nil, err
		}
		if s.state == Whole {
			continue
		}
		var id string
		ok, err := t.scan(`SELECT o.id FROM effect e JOIN outbox o ON o.n=e.n WHERE e.sc=? AND e.kind=? AND e.id=? AND o.verdict='' ORDER BY e.n LIMIT 1`,
			[]any{s.sc, string(kind), root.Owner()}, &id)
		if err != nil {
			return nil, fmt.Errorf("find what creates %s: %w", root, err)
		}
		if ok && !slices.Contains(after, id) {
			after = append(after, id)
		}
	}
	return after, nil
}

// maxExpect is how many things a command may expect.
const maxExpect = 4

// expects notes the rev of each thing a person decides about, as it stood before them: the service refuses the command as "moved" if the
// thing is another by then. Nothing is noted of a thing this copy cannot tell about, nor of one an earlier act that still waits will change.
func (t *tx) expects(refs []workroom.Ref, seen []wire.Expect) ([]wire.Expect, error) {
	var out []wire.Expect
	for _, ref := range refs[:min(len(refs), maxExpect)] {
		s, err := t.scope(ref.Scope)
		if err != nil {
			return nil, err
		}
		if s.state != Whole {
			for _, x := range seen {
				if x.Scope == ref.Scope && x.Kind == ref.Kind && x.ID == ref.ID {
					out = append(out, x)
				}
			}
			continue
		}
		var one int
		if waits, err := t.scan(`SELECT 1 FROM effect WHERE sc=? AND kind=? AND id=?`, []any{s.sc, string(ref.Kind), ref.ID}, &one); err != nil {
			return nil, fmt.Errorf("look at %s: %w", ref.Kind, err)
		} else if waits {
			continue
		}
		x := wire.Expect{Scope: ref.Scope, Kind: ref.Kind, ID: ref.ID}
		if _, err := t.scan(`SELECT rev FROM base WHERE sc=? AND kind=? AND id=? AND gone=0`, []any{s.sc, string(ref.Kind), ref.ID}, &x.Rev); err != nil {
			return nil, fmt.Errorf("look at %s: %w", ref.Kind, err)
		}
		out = append(out, x)
	}
	return out, nil
}
