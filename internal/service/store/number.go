package store

import (
	"fmt"
	"slices"
	"time"

	"trestle/internal/wire"
	"trestle/internal/workroom"
)

// Write numbers what one command changed: one seq more in each scope written, a fresh tag, rev + 1 for each thing and, for a new message,
// the next message number. newSpace names the space of scopes that begin with this command; empty = that of the root. It answers the rows
// and each scope's seq.
func (b *Batch) Write(by workroom.AccountID, at time.Time, newSpace string, changes []workroom.Change) ([]wire.Thing, map[workroom.Scope]int64, error) {
	bodies := make([]string, len(changes))
	changes = slices.Clone(changes)
	scopes := map[workroom.Scope]*head{}
	for _, c := range changes {
		if _, ok := scopes[c.Ref.Scope]; !ok {
			h, err := b.next(c.Ref.Scope, newSpace)
			if err != nil {
				return nil, nil, err
			}
			scopes[c.Ref.Scope] = h
		}
		if _, err := b.row(c.Ref); err != nil {
			return nil, nil, err
		}
		if c.Ref.Kind == workroom.KindGrant { // read what project changes
			if _, _, err := b.Access(workroom.AccountID(c.Ref.Scope.Owner()), workroom.Scope(c.Ref.ID)); err != nil {
				return nil, nil, err
			}
		}
	}
	for i, c := range changes {
		if c.Thing == nil {
			continue
		}
		if _, ok := c.Thing.(*workroom.WeekMark); ok {
			n, err := b.weekSeq(c.Ref, scopes)
			if err != nil {
				return nil, nil, err
			}
			c.Thing = &workroom.WeekMark{Seq: n}
		}
		if g, ok := c.Thing.(*workroom.Grant); ok {
			n, err := b.numbered(c.Ref, g, scopes)
			if err != nil {
				return nil, nil, err
			}
			c.Thing, changes[i].Thing = n, n
		}
		body, err := workroom.Encode(c.Thing)
		if err != nil {
			return nil, nil, err
		}
		bodies[i] = string(body)
	}
	// From here on nothing can fail, so a command is written whole or not at all.
	seqs := map[workroom.Scope]int64{}
	for s, h := range scopes {
		b.heads[s], b.dirtyHeads[s], seqs[s] = h, true, h.Seq
		b.tags = append(b.tags, &tagged{Scope: s, Seq: h.Seq, Tag: h.Tag, At: at.UnixMicro()})
	}
	out := make([]wire.Thing, len(changes))
	for i, c := range changes {
		t := b.put(scopes[c.Ref.Scope], by, at, c, bodies[i])
		out[i] = t.wire()
	}
	b.frame(scopes, out)
	return out, seqs, nil
}

// next is a copy of a scope's head with the number and tag of the command that is being written.
func (b *Batch) next(s workroom.Scope, newSpace string) (*head, error) {
	if !b.locked[s] {
		return nil, fmt.Errorf("%s: %w", s.Kind(), ErrUnlocked)
	}
	old, err := b.head(s)
	if err != nil {
		return nil, err
	}
	var h head
	if old != nil {
		h = *old
	} else {
		h = head{Scope: s, Root: s.Root(), Space: flat(s)}
		switch {
		case s.Kind() == "a":
		case newSpace != "":
			h.Space = "k-" + newSpace
		case s.Root() != s:
			root, err := b.head(s.Root())
			if err != nil {
				return nil, err
			}
			if root != nil {
				h.Space = root.Space
			}
		}
	}
	h.Seq++
	h.Tag = b.tx.s.Chance(6)
	return &h, nil
}

// weekSeq is the number the diary scope of a week has with this command.
func (b *Batch) weekSeq(ref workroom.Ref, scopes map[workroom.Scope]*head) (int64, error) {
	d := workroom.DiaryScope(workroom.ContractID(ref.Scope.Owner()), ref.ID)
	if h, ok := scopes[d]; ok {
		return h.Seq, nil
	}
	h, err := b.head(d)
	if h == nil || err != nil {
		return 0, err
	}
	return h.Seq, nil
}

// numbered is a grant with what its rule cannot know: a gen above every one the account ever had of this root, a right that was taken away
// among them, and for FromNow the number that this command has in the root.
func (b *Batch) numbered(ref workroom.Ref, g *workroom.Grant, scopes map[workroom.Scope]*head) (*workroom.Grant, error) {
	n, root := *g, workroom.Scope(ref.ID)
	if had := b.access[Right{workroom.AccountID(ref.Scope.Owner()), root}]; had != nil && n.Gen <= had.Gen {
		n.Gen = had.Gen + 1
	}
	if n.FromBorn != workroom.FromNow {
		return &n, nil
	}
	n.FromBorn = 1
	if h, ok := scopes[root]; ok {
		n.FromBorn = h.Seq
	} else if h, err := b.head(root); err != nil {
		return nil, err
	} else if h != nil {
		n.FromBorn = h.Seq + 1
	}
	return &n, nil
}

func (b *Batch) put(h *head, by workroom.AccountID, at time.Time, c workroom.Change, body string) *thing {
	t := &thing{Scope: c.Ref.Scope, Kind: c.Ref.Kind, ID: c.Ref.ID, Seq: h.Seq, Born: h.Seq, Gone: c.Thing == nil, Actor: by, At: at.UnixMicro(), Body: body}
	if old := b.rows[c.Ref]; old != nil {
		t.Born, t.Rev, t.Num = old.Born, old.Rev, old.Num
		if c.Ref.Kind.Dated() && !t.Gone { // whoever edits or reacts did not write it, nor then: unread and search go by these
			t.Actor, t.At = old.Actor, old.At
		}
		h.Digest -= old.digest()
	} else if c.Ref.Kind == workroom.KindMessage {
		h.Msgs++
		t.Num = h.Msgs
	}
	t.Rev++
	h.Digest += t.digest()
	b.rows[c.Ref], b.dirtyRows[c.Ref] = t, true
	delete(b.decoded, c.Ref)
	if ids, ok := b.lists[list{c.Ref.Scope, c.Ref.Kind}]; ok {
		i, found := slices.BinarySearch(ids, c.Ref.ID)
		switch {
		case found && t.Gone:
			b.lists[list{c.Ref.Scope, c.Ref.Kind}] = slices.Delete(slices.Clone(ids), i, i+1)
		case !found && !t.Gone:
			b.lists[list{c.Ref.Scope, c.Ref.Kind}] = slices.Insert(slices.Clone(ids), i, c.Ref.ID)
		}
	}
	switch {
	case c.Ref.Kind == workroom.KindGrant:
		b.project(c)
	case c.Ref.Kind == workroom.KindInvitation && t.Rev == 1:
		b.invitations = append(b.invitations, &invitation{ID: c.Ref.ID, Scope: c.Ref.Scope})
	}
	return t
}

// project keeps the access table equal to the grant things; it is a pure function of them.
func (b *Batch) project(c workroom.Change) {
	r := Right{workroom.AccountID(c.Ref.Scope.Owner()), workroom.Scope(c.Ref.ID)}
	a := *b.access[r]
	if g, ok := c.Thing.(*workroom.Grant); ok {
		a.Gen, a.Role, a.FromBorn, a.Gone = g.Gen, g.Role, g.FromBorn, false
	} else {
		a.Gone = true
	}
	b.access[r], b.dirtyAccess[r] = &a, true
}
